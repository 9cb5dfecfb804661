"""From Lark's exceptions to messages a lawyer can act on."""

from __future__ import annotations

import re

import attrs
from attrs import frozen
from lark import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.suggest import closest
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import forms, habits
from policy_lang.syntax.layout import BadIndentation, Layout

UNEXPECTED = Code("unexpected", "every sentence of a policy has one of a fixed number of forms")
INCOMPLETE = Code("incomplete", "every sentence of a policy has one of a fixed number of forms")
BAD_INDENTATION = Code("bad-indentation", "lines of one block start in the same column")
BAD_NUMBER = Code("bad-number", "numbers are written like 45000 or 0.5, dates like 2024-01-31")
UNCLOSED_TEXT = Code("unclosed-text", "quoted text and citations end on the line they start on")
INDENT_TO_CONTINUE = Code("indent-to-continue", "a sentence goes on only on lines deeper than its start")

_APART = "write `a - b`"
NOTHING_BELOW = "nothing stands below this line"

_DESCRIPTIONS = {
    "NAME": "a name",
    "DOT_NAME": "a field after a dot",
    "COUNTRY": "a country code",
    "CURRENCY": "a currency code",
    "STRING": "a quoted text",
    "DATE": "a date",
    "NUMBER": "a number",
    "HS_CODE": "an HS code",
    "ORDINAL": "an ordinal such as `1st`",
    "HS_TYPE": "`HS code`",
    "UNIT": "a unit",
    "MONTH": "a month",
    "PERIOD_UNIT": "`years`, `months` or `days`",
    "NEGATIVE": "`-`",
    "MINUS": "`-`",
    "_NL": "the end of the line",
    "_INDENT": "deeper lines below this one",
    "_DEDENT": "the end of the block",
    "$END": "the end of the block",
    "PLUS": "`+`",
    "STAR": "`*`",
    "SLASH": "`/`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "PERCENT": "`%`",
    "_BAR": "`|`",
    "_QUESTION_MARK": "`?`",
    "FACT_CODE": "a reason such as `out-of-bounds`",
}
_VALUE = frozenset({"NUMBER", "NAME", "STRING", "DATE", "COUNTRY", "_YES", "_NO"})
_CALCULATION = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "_APPLIED", "_AS", "_ROUNDED", "DOT_NAME"})
_STRANGE_NUMBER = re.compile(r"[0-9][0-9A-Za-z_.,-]*")


@frozen
class Place:
    """Where reading stopped; `past_the_text` when nothing of the author's stands there."""

    offset: int
    past_the_text: bool = False


def first_line_indented(span: Span) -> Diagnostic:
    """What is said of a file that begins with a deeper line."""
    return BAD_INDENTATION.at(
        span,
        "the first line of a file is indented",
        label="this line",
        help="start it in the first column",
    )


def describe(
    source: SourceFile,
    error: UnexpectedInput | BadIndentation,
    start: int,
    end: int,
    layout: Layout,
) -> tuple[Diagnostic, Place]:
    """One diagnostic for one exception, and the place it is about; `layout` is where it stood then."""
    problem, place = _described(source, error, start, end, layout)
    habit = habits.advice(source.text, place.offset)
    if (
        habit
        and not problem.help.startswith(("did you mean", _APART))
        and problem.code in (UNEXPECTED, INCOMPLETE, BAD_NUMBER)
    ):
        problem = attrs.evolve(problem, help=habit)
    if not problem.help:
        in_head = len(layout.sentences) + layout.awaiting < 2
        problem = attrs.evolve(problem, help=forms.of(source.text[start:end], in_head=in_head))
    return problem, place


def _described(
    source: SourceFile,
    error: UnexpectedInput | BadIndentation,
    start: int,
    end: int,
    layout: Layout,
) -> tuple[Diagnostic, Place]:
    if isinstance(error, BadIndentation):
        offset = error.offset
        span = Span(source, offset, _word_end(source.text, offset))
        problem = BAD_INDENTATION.at(
            span,
            "this line is as deep as no line above it",
            label="here",
            help="start it in the same column as the other lines of its block",
        )
        return problem, Place(offset)
    if isinstance(error, UnexpectedCharacters):
        at: int = error.pos_in_stream  # type: ignore[assignment]  # Lark declares None, and sets a number
        return _strange_text(source, at, set(error.allowed or ())), Place(at)
    if isinstance(error, UnexpectedToken):
        token = error.token
        offset = token.start_pos if token.start_pos is not None else end
        expected = set(error.accepts or error.expected)
        past = token.type in ("_NL", "_INDENT", "_DEDENT", "$END")
        if past:
            offset = _text_end(source.text, offset if token.type != "$END" else end, start)
            return _incomplete(source, offset, token.type, expected, start), Place(offset, True)
        span = Span(source, offset, token.end_pos or offset + 1)
        starts = layout.awaiting or any(sentence.start == offset for sentence in layout.sentences[-1:])
        return _unexpected(source, span, token.type, expected, start, starts), Place(offset)
    offset = end if isinstance(error, UnexpectedEOF) else start
    return _incomplete(source, offset, "$END", set(), start), Place(offset, True)


def _strange_text(source: SourceFile, offset: int, expected: set[str]) -> Diagnostic:
    text = source.text
    character = text[offset]
    line_end = text.find("\n", offset)
    line_end = len(text) if line_end == -1 else line_end
    if character in '"[':
        what, closing = ("quoted text", '"') if character == '"' else ("citation", "]")
        return UNCLOSED_TEXT.at(
            Span(source, offset, line_end),
            f"this {what} does not end on this line",
            label=f"started here, no `{closing}` follows",
            help=f"end it with `{closing}` on the same line",
        )
    number = _STRANGE_NUMBER.match(text, offset)
    if number is not None:
        return _strange_number(Span(source, number.start(), number.end()))
    if character == "-":
        return _tight_minus(Span(source, offset, offset + 1))
    span = Span(source, offset, _word_end(text, offset))
    word = span.text
    lowered = word.lower()
    help_text = f"expected {_expectation(expected)}"
    if word != lowered and word.isidentifier():
        help_text = f"names and words are written in lower case: `{lowered}`"
        if "COUNTRY" in expected and f"_{word.upper()}" not in expected:
            help_text += "; a country by its code, such as `JP` for Japan"
    elif character in "“”„«»‘’'":
        help_text = 'quoted text stands between straight quotation marks: "..."'
    elif character == "\t":
        help_text = "use blanks instead of a tab"
    blank = "this tab" if word == "\t" else "this blank"
    shown = blank if word.isspace() else f"`{word}`"
    return UNEXPECTED.at(span, f"{shown} cannot stand here", label="here", help=help_text)


def _tight_minus(span: Span) -> Diagnostic:
    return UNEXPECTED.at(
        span,
        "a minus between two values needs blanks on both sides",
        label="this minus",
        help=_APART,
    )


def _strange_number(span: Span) -> Diagnostic:
    written = span.text
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", written):
        year, month, day = written.split("-")
        help_text = f"a date has two digits for month and day: `{year}-{int(month):02}-{int(day):02}`"
    elif re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?,?", written):
        help_text = f"write it without commas: `{written.replace(',', '')}`"
    elif re.fullmatch(r"0[0-9]+", written):
        help_text = f"numbers do not start with 0: `{written.lstrip('0') or '0'}`"
    elif "_" in written:
        help_text = f"write it without `_`: `{written.replace('_', '')}`"
    elif re.fullmatch(r"[0-9.]+[A-Za-z]+", written):
        help_text = "leave a blank between a number and its unit"
    elif "-" in written:
        help_text = "a minus between two values needs blanks on both sides"
    else:
        help_text = "write it like `45000` or `0.5`"
    return BAD_NUMBER.at(span, f"`{written}` is not a number or a date", label="here", help=help_text)


def _unexpected(
    source: SourceFile, span: Span, kind: str, expected: set[str], start: int, starts_sentence: bool
) -> Diagnostic:
    if starts_sentence and span.text in ("and", "or", "when", "where", "with", "for", "within"):
        return INDENT_TO_CONTINUE.at(
            span,
            f"this line starts with `{span.text}` but is no deeper than the sentence above",
            label="here",
            help="indent it further to continue the sentence above",
        )
    if kind == "NEGATIVE" and "MINUS" in expected:
        return _tight_minus(span)
    after = _word_before(source.text, span.start, start)
    misspelt = _misspelt_item(source, expected, start)
    if misspelt is not None:
        return misspelt
    help_text = ""
    if kind == "NAME":
        near = closest(span.text, [name[1:].lower() for name in expected if name.startswith("_")])
        help_text = f"did you mean `{near}`?" if near else ""
    where = f" after `{after}`" if after else ""
    if _is_name_expected(kind, expected):
        return UNEXPECTED.at(
            span,
            f"`{span.text}` is a word of the language and cannot be a name",
            label="here",
            help="choose another name",
        )
    return UNEXPECTED.at(
        span,
        f"expected {_expectation(expected)}{where}, not `{_shown(span.text)}`",
        label="not expected here",
        help=help_text,
    )


def _misspelt_item(source: SourceFile, expected: set[str], start: int) -> Diagnostic | None:
    """What is said where a name stands at the start of an item and no `means` or `includes` follows."""
    if not {"_MEANS", "_INCLUDES"} <= expected:
        return None
    first = Span(source, start, _word_end(source.text, start))
    near = closest(first.text, forms.ITEMS)
    if near is None:
        return None
    return UNEXPECTED.at(
        first, f"`{first.text}` begins no sentence of a policy", label="here", help=f"did you mean `{near}`?"
    )


def _is_name_expected(kind: str, expected: set[str]) -> bool:
    return kind.startswith("_") and expected == {"NAME"}


def _incomplete(source: SourceFile, offset: int, kind: str, expected: set[str], start: int) -> Diagnostic:
    after = _word_before(source.text, offset, start)
    where = f" after `{after}`" if after else ""
    wanted = expected - {"_NL", "_INDENT", "_DEDENT", "$END"}
    if kind == "_INDENT":
        message = f"the lines below{where} belong to nothing"
        help_text = "a deeper line belongs to the line above it; this one takes no such lines"
    elif expected and not wanted and "_INDENT" in expected:
        message = NOTHING_BELOW
        help_text = "write its content on deeper lines below it"
    else:
        message = f"expected {_expectation(wanted or expected)}{where}, but the sentence ends here"
        help_text = ""
    begin = max(start, offset - len(after)) if after else max(start, offset - 1)
    return INCOMPLETE.at(
        Span(source, begin, max(offset, begin + 1)), message, label="ends here", help=help_text
    )


def _expectation(expected: set[str]) -> str:
    """`a date`, ```when`` or the end of the line`, ...: what may come next, in few words."""
    names = set(expected)
    parts: list[str] = []
    if names >= _VALUE:
        parts.append("a value")
        names -= {n for n in names if n in _VALUE or n in ("LPAR", "NEGATIVE", "HS_CODE")}
        names -= {
            f"_{w}"
            for w in "SUM COUNT MOST LEAST LESSER GREATER FIRST LAST ANY ALL NONE NOT THE RUNNING".split()
        }
    if len(names & _CALCULATION) >= 4:
        names -= _CALCULATION
        names -= {"_IS", "_EXCEEDS", "_DOES", "_HAS", "_ON"} if len(names) > 5 else set()
    names -= {"_DEDENT", "$END"} if len(names) > 1 else set()
    words = sorted(_describe(name) for name in names)
    if "the end of the line" in words:
        words.remove("the end of the line")
        words.append("the end of the line")
    parts.extend(words)
    if not parts:
        return "something else"
    if len(parts) > 6:
        parts = [*parts[:5], "another word of the language"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _describe(name: str) -> str:
    if name in _DESCRIPTIONS:
        return _DESCRIPTIONS[name]
    if name.startswith("_"):
        return f"`{name[1:].lower()}`"
    return f"`{name.lower()}`"


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def _word_before(text: str, offset: int, start: int) -> str:
    words = re.sub(r"\[[^\]\n]*\]|#[^\n]*", " ", text[start:offset]).split()
    return _shown(words[-1]) if words else ""


def _word_end(text: str, offset: int) -> int:
    match = re.compile(r"[^\s()\[\]\",:|]+").match(text, offset)
    return match.end() if match else min(offset + 1, len(text))


def _text_end(text: str, offset: int, start: int) -> int:
    """The end of the last words before an offset, comments and citations left aside."""
    head = text[start:offset]
    head = re.sub(r"#[^\n]*", lambda m: " " * len(m.group()), head)
    head = re.sub(r"\[[^\]\n]*\]", lambda m: " " * len(m.group()), head)
    return start + len(head.rstrip())
