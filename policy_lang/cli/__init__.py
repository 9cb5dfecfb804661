"""The command `pol`: one short module for each verb, imported when its verb is called."""

from __future__ import annotations

from policy_lang.cli.group import main

__all__ = ["main"]
