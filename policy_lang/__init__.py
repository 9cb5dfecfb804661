"""Pol: a declarative language for trade agreements and the laws that rest on them.

The folders are floors; each imports only from those above it in this list:

    source/      text, places in it, and what is said about them
    syntax/      what the author wrote, comments included, as a tree
    program/     the compiled form, as data: a dozen kinds of expression, and how their values behave
    meaning/     from tree to program: names resolved, types found, every form lowered to the core
    backends/    independent readings of one program
    pipeline.py  the whole way from text to program (read this first)
    policy/      `Policy`: a compiled policy; it decides cases
    loading.py   from a path to a policy, through a cache
    tools/       what people do with a policy
    cli/         the command `pol`: one short file per verb
    library/     the standard vocabulary, written in the language itself
    pytest_plugin.py  the scenarios of policies as tests of pytest

Two names are all that most programs need: `load` and `Policy`; what they raise stands beside them. `docs/reference/python.md`
shows them at work. Other names may change with any version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_lang.loading import InvalidPolicy, load
    from policy_lang.policy import InvalidFacts, InvalidQuestion, Policy

__all__ = ["InvalidFacts", "InvalidPolicy", "InvalidQuestion", "Policy", "__version__", "load"]

_POLICY = ("InvalidFacts", "InvalidQuestion", "Policy")
_LOADING = ("InvalidPolicy", "load")

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """The public names, imported on first use so that `import policy_lang` stays quick."""
    if name in _POLICY:
        from policy_lang import policy

        return getattr(policy, name)
    if name in _LOADING:
        from policy_lang import loading

        return getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
