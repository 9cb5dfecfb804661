"""What clauses promise to leave as it is (rule F7), in words, and how far that is known to be kept."""

from __future__ import annotations

from policy_lang.program.core import Program, Promise
from policy_lang.program.sentences import listed


def promise_words(program: Program, clause: str) -> list[str]:
    """One sentence for each promise of a clause."""
    return [f"{_said(one)}{_doubt(one)}" for one in program.promises if one.clause == clause]


def _said(promise: Promise) -> str:
    if promise.kind == "greater certainty":
        return "said for greater certainty: it changes no answer"
    return f"without prejudice to {listed(promise.keeps, 'and')}: it leaves that answer as it is"


def _doubt(promise: Promise) -> str:
    if promise.kept:
        return ""
    if promise.claim is None:
        return " (not proved)"
    return " (checked for the facts of each case, not proved for all)"
