"""The mistakes about sense: one `Code` each, with the rule it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policy_lang.program.countries import COUNTRIES
from policy_lang.program.types import (
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    Unresolved,
    YesNo,
    describe,
    is_ordered,
)
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.files import vocabulary_with
from policy_lang.source.suggest import closest
from policy_lang.source.text import Span

UNKNOWN_NAME = Code("unknown-name", "a clause can use only names defined in this file or in one it uses")
UNKNOWN_FIELD = Code("unknown-field", "a record has only the fields and rules declared for it")
UNKNOWN_WORD = Code("unknown-word", "a kind of thing has only the words listed for it")
UNKNOWN_COUNTRY = Code("unknown-country", "countries are written as ISO 3166-1 codes of two capitals")
UNKNOWN_INSTRUMENT = Code(
    "unknown-instrument", "`use NAME` reads NAME.pol beside the file, or the vocabulary of that name"
)
ALREADY_DEFINED = Code("already-defined", "a name means one thing in one file")
AMBIGUOUS_NAME = Code("ambiguous-name", "a name that could mean two things must say which")
NOT_IN_SCOPE = Code(
    "not-in-scope", "a rule about one record sees that record, those it lies in, and the instrument"
)
WRONG_TYPE = Code("wrong-type", "values are compared and calculated only with values of the same type")
WRONG_USE = Code("wrong-use", "each name is used for the kind of thing it was declared as")
MIXED_AND_OR = Code("mixed-and-or", "`and` beside `or` can be read in two ways")
AMBIGUOUS_SHARE = Code("ambiguous-share", "`P % of a + b` can be read in two ways")
AMBIGUOUS_CHOICE = Code("ambiguous-choice", "`lesser of a and b - c` can be read in two ways")
ROUNDING_NEEDED = Code(
    "rounding-needed", "a month later, the same day may not exist; then the text must say which day counts"
)
NO_DEFAULT = Code(
    "no-default", "a rule says what holds when none of its conditions does, unless they name every case"
)
SEVERAL_DEFAULTS = Code("several-defaults", "a rule has at most one line without a condition")
CIRCULAR_DEFINITION = Code("circular-definition", "no definition may rest on itself")
MISNAMED_FILE = Code("misnamed-file", "a file has the name of the instrument in it, so that `use` finds it")
CIRCULAR_USE = Code("circular-use", "files use one another in one direction only")
CHAIN_TOO_LONG = Code("chain-too-long", "definitions may rest on one another at most 250 steps deep")
NO_INSTRUMENT = Code(
    "no-instrument", "a file begins by saying which agreement, law, framework or vocabulary it is"
)
SEVERAL_INSTRUMENTS = Code("several-instruments", "one file is one instrument")
AMENDS_NOTHING = Code("amends-nothing", "an amendment changes what stands in the text on its day")
AMENDMENTS_CLASH = Code(
    "amendments-clash", "of two amendments of one day, neither can say which of them comes last"
)
AMENDMENT_UNDATED = Code("amendment-undated", "an amendment changes the text from a day on")
NOT_AN_AMENDMENT = Code("not-an-amendment", "only an amendment can change what another file says")
AMENDMENT_CHANGES_KIND = Code(
    "amendment-changes-kind", "what a name stands for stays of one kind, whatever the date"
)
BAD_WINDOW = Code("bad-window", "a period of time ends after it begins")
NO_PARTIES = Code("no-parties", "only an instrument that names its parties can bind them")
SHALL_IN_FRAMEWORK = Code(
    "shall-in-framework", "a framework is political: its participants intend, they are not bound"
)
DEFENCE_INCOMPLETE = Code(
    "defence-incomplete", "a defence says what justifies the breach, or leaves that to the party itself"
)
CHANGES_SOMETHING = Code(
    "changes-something",
    "what is said for greater certainty, or without prejudice, leaves all answers as they are",
)
RECURS_BY_NOTHING = Code("recurs-by-nothing", "a period that recurs must be longer than nothing")
ACT_INCOMPLETE = Code(
    "act-incomplete", "a clause can speak of an act only through the fields that play a part in it"
)
NO_SUCH_ANCHOR = Code("no-such-anchor", "a period counted from a date needs that date in the header")
BAD_BOUND = Code("bad-bound", "the limits of a field are constants of its type, the lower one first")
NO_NOMENCLATURE = Code(
    "no-nomenclature",
    "one HS code means different goods in different editions, so the file says which it uses",
)
BAD_HS_CODE = Code(
    "bad-hs-code", "an HS code has 2, 4, 6, 8 or 10 digits, and a file says from which edition its codes are"
)
UNKNOWN_UNIT = Code("unknown-unit", "a unit is one of those every policy knows, or is declared by `unit`")
BAD_UNIT = Code(
    "bad-unit", "a unit is declared once, as a positive number of another unit, and not in a circle"
)
BAD_RECORD = Code("bad-record", "a record lies in at most one list of one other record")
BAD_TABLE_KEY = Code("bad-table-key", "each row has one key for each thing the table goes by")
RESULT_TOO_LONG = Code(
    "result-too-long", "a result has at most 4,000 digits, so that every calculation stays exact"
)
LIST_ALONE = Code("list-alone", "a list is counted, summed or asked about; it is no value itself")
UNKNOWN_OUTCOME = Code("unknown-outcome", "a scenario can expect only outcomes of its instrument")
BAD_SCENARIO = Code("bad-scenario", "a scenario states facts, a date, and what is to be expected")
NO_FACTS_FILE = Code(
    "no-facts-file", "scenarios take facts only from files in the folder of the policy, or below it"
)

CODES = tuple(value for value in list(globals().values()) if isinstance(value, Code))


_OTHERWISE = {"true": "yes", "false": "no", "null": "none", "today": "the date asked about"}


def _country(name: str) -> str | None:
    """The code of the country that this name is the name of, or the code of in small letters."""
    if name.upper() in COUNTRIES:
        return name.upper()
    words = name.replace("_", " ")
    return next((code for code, called in COUNTRIES.items() if called.lower() == words), None)


def _is_used(vocabulary: str, span: Span) -> bool:
    """Whether the file of this place uses it, so that its names of the right sort are known there."""
    return re.search(rf"^use\b.*\b{vocabulary}\b", span.file.text, re.MULTILINE) is not None


def unknown(
    code: Code, span: Span, name: str, candidates: Iterable[str], *, what: str = "nothing is called"
) -> Diagnostic:
    """`what` is the sentence before the name; a close candidate becomes the suggestion."""
    names = sorted(set(candidates))
    near = closest(name, names)
    if near is not None:
        help_text = f"did you mean `{near}`?"
    elif name in _OTHERWISE:
        help_text = f"write `{_OTHERWISE[name]}`"
    elif (country := _country(name)) is not None:
        help_text = f"a country is written by its code, in capitals: `{country}`"
    elif 0 < len(names) <= 8:
        help_text = "known here: " + ", ".join(f"`{n}`" for n in names)
    elif (vocabulary := vocabulary_with(name)) is not None and not _is_used(vocabulary, span):
        help_text = f"it stands in the vocabulary `{vocabulary}`: add the line `use {vocabulary}`"
    else:
        help_text = "check the spelling, or define it"
    return code.at(span, f"{what} `{name}`", label="not known", help=help_text)


def wrong_type(span: Span, expected: Type | str, found: Type, help_text: str = "") -> Diagnostic:
    """A value of one type where another is needed."""
    wanted = expected if isinstance(expected, str) else a(expected)
    return WRONG_TYPE.at(
        span,
        f"expected {wanted}, found {a(found)}",
        label=f"this is {a(found)}",
        help=help_text or way_to(expected, found),
    )


def a(kind: Type) -> str:
    """A type inside a sentence: `a date`, `an amount in USD`, `yes or no`."""
    match kind:
        case Money(currency=currency):
            return f"an amount in {currency}"
        case Quantity(unit=unit):
            return f"a quantity in {unit}"
        case Percent():
            return "a percentage"
        case Enumeration(name=str(name)):
            return f"{'an' if name[0] in 'aeiou' else 'a'} `{name}`"
        case Dates():
            return "the dates of an event"
        case HsCode():
            return f"an {describe(kind)}"
        case YesNo() | Text() | Enumeration() | Unresolved():
            return describe(kind)
        case _:
            return f"a {describe(kind)}"


def way_to(wanted: Type | str, found: Type) -> str:
    """How an author may get from one type to another."""
    match wanted, found:
        case YesNo(), ListOf():
            return "ask something of its elements: `any of LIST is NAME`"
        case YesNo(), Dates():
            return "an event is what a duty is counted from or fulfilled by"
        case YesNo(), _ if is_ordered(found):
            return "compare it with something: `... is more than ...`, `... is before ...`"
        case YesNo(), _:
            return "compare it with something: `... is ...`"
        case _, ListOf():
            return "sum, count or ask about its elements: `sum of FIELD of LIST`"
        case Number(whole=True), Number():
            return "round it: `... rounded down to whole number`"
        case Percent(), Number():
            return "write a percentage like `5 %`; one amount in terms of another is `... as percent of ...`"
        case Money(), Money():
            return "amounts in two currencies do not mix: state both in the same one"
        case Quantity(unit=unit), Quantity():
            return f"quantities in two units do not mix: convert one of them with `... in {unit}`, if they measure the same"
        case HsCode(), HsCode():
            return (
                "a code of one edition says nothing about another: use a table that translates between them"
            )
        case HsCode(), _:
            return "write an HS code like `HS 8507.60`"
        case Date(), _:
            return "write a date like `2024-01-31`, or name something that is one"
        case DateSpan(), _:
            return "write a span like `(from 2024-01-01 until 2024-06-30)`"
        case Period(), _:
            return "write a period like `2 years 6 months`"
        case str(), _:
            return f"use {wanted} here"
        case _:
            return f"use {a(wanted)} here"
