"""Problems of facts as diagnostics: each kind with its rule, each problem at its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_lang.program.facts import FactProblem
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.facts_file import FactsFile
from policy_lang.source.facts_typed import TypedFacts
from policy_lang.source.text import SourceFile, Span

_WHY = {
    "bad-hs-code": "an HS code has 6, 8 or 10 digits, the first six those of the Harmonized System",
    "check-failed": "the facts must fit together as the record says",
    "float-number": "numbers are exact, and binary floating point is not",
    "misplaced-record": "a record that lies in a list is given inside that list",
    "no-such-date": "a date is a day of the calendar",
    "none-given": "only an optional field can be `none`",
    "not-whole": "this fact is counted in whole numbers",
    "number-too-long": "a number has at most 34 digits",
    "out-of-bounds": "the policy says within which limits this fact must lie",
    "repeated-fact": "a fact is given once",
    "unknown-country": "countries are written as ISO 3166-1 codes of two capitals",
    "unknown-fact": "only facts that the policy asks about can be given",
    "unknown-territory": "territories are written as ISO 3166-1 codes of two capitals",
    "unknown-word": "a kind of thing has only the words listed for it",
    "wrong-kind": "each fact has one kind of value",
    "wrong-unit": "units and currencies are never converted silently",
}

_HELP = {
    "check-failed": "correct one of the facts that it speaks of",
    "no-such-date": "write a day that exists, as YYYY-MM-DD",
    "none-given": "leave it out if it is not known",
    "not-whole": "write it without decimals",
    "number-too-long": "write at most 34 digits",
    "out-of-bounds": "check the value, and the unit it is in",
    "unknown-fact": "leave it out, or ask a policy that speaks of it",
    "unknown-territory": "write the code of a territory that belongs to another country, such as PR",
    "wrong-kind": "look at the record in the policy: each fact has its kind there",
}
"""How to mend what no closer help is known for."""

FACT_CODES: dict[str, Code] = {name: Code(name, why) for name, why in _WHY.items()}
"""Every kind of problem that facts can have, by its name."""


def to_diagnostics(
    problems: Iterable[FactProblem], files: Sequence[FactsFile], typed: TypedFacts | None = None
) -> list[Diagnostic]:
    """Problems of facts, each at its place in what was typed on the command line, or in the file it came from."""
    found: list[Diagnostic] = []
    for problem in problems:
        span = _place(problem, files, typed)
        message = f"{problem.place}: {problem.message}" if problem.path else problem.message
        code = FACT_CODES[problem.code]
        found.append(
            code.at(span, message, label="this fact", help=problem.help or _HELP.get(problem.code, ""))
        )
    return found


def _place(problem: FactProblem, files: Sequence[FactsFile], typed: TypedFacts | None) -> Span:
    if typed is not None:
        about_name = problem.code in ("unknown-fact", "misplaced-record")
        span = (typed.name(problem.path) if about_name else None) or typed.place(problem.path)
        if span is not None:
            return span
    owner = next((f for f in files if problem.path and problem.path[0] in f.values), None)
    if owner is not None:
        return owner.place(problem.path)
    span = typed.name(problem.path) if typed is not None else None
    return span or Span(SourceFile("<facts>", problem.place), 0, len(problem.place))
