"""What people write who are used to contracts, spreadsheets or programs, and how it is written here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

Advice: TypeAlias = "str | Callable[[re.Match[str]], str]"

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?P<month>{'|'.join(f'{one}|{one[:4]}|{one[:3]}' for one in _MONTHS)})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_COMPARED = {
    ">": "is more than", "<": "is less than", ">=": "is at least", "<=": "is at most", "=": "is", "==": "is", "!=": "is not",
    "<>": "is not", "≥": "is at least", "≤": "is at most", "≠": "is not",
    "greater": "is more than", "higher": "is more than", "larger": "is more than", "smaller": "is less than",
    "lower": "is less than", "fewer": "is less than", "later": "is after", "earlier": "is before",
    "not less": "is at least", "not fewer": "is at least", "not more": "is at most", "not greater": "is at most",
    "over": "exceeds", "above": "exceeds", "under": "is less than", "below": "is less than",
}  # fmt: skip
_SIZES = {"thousand": "000", "million": "000000", "billion": "000000000"}
_CURRENCIES = {"€": "EUR", "£": "GBP", "¥": "JPY"}


def _date(found: re.Match[str]) -> str:
    month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(found["month"][:3]))
    return (
        f"a date is written year-month-day, in figures: `{found['year']}-{month:02}-{int(found['day']):02}`"
    )


def _sum(found: re.Match[str]) -> str:
    currency = _CURRENCIES.get(found["sign"], found["sign"] if found["sign"].isalpha() else "USD")
    return f"the currency stands behind the amount, by its code of three capitals: `{found['amount']} {currency}`"


def _compared(found: re.Match[str]) -> str:
    return f"this comparison is written `{_COMPARED[' '.join(found['word'].split())]}`"


_HABITS: tuple[tuple[re.Pattern[str], Advice], ...] = tuple(
    (re.compile(pattern), advice)
    for pattern, advice in (
        (rf"\b{_DAY}(?: of)? {_MONTH},? (?P<year>[0-9]{{4}})\b", _date),
        (rf"\b{_MONTH} {_DAY},? (?P<year>[0-9]{{4}})\b", _date),
        (
            r"\b[0-9]{1,2}[/.][0-9]{1,2}[/.](?:[0-9]{4}|[0-9]{2})\b",
            "a date is written year-month-day, such as `2024-01-31`",
        ),
        (
            r"\b(?P<y>[0-9]{4})[\u2010-\u2015\u2212](?P<m>[0-9]{2})[\u2010-\u2015\u2212](?P<d>[0-9]{2})\b",
            lambda found: f"a date has plain hyphens: `{found['y']}-{found['m']}-{found['d']}`",
        ),
        (
            r"\b(?:from|until|on|signed|before|after) [0-9]{4}\s*$",
            "a date has a month and a day: `2024-01-31`",
        ),
        (r"(?P<sign>[$€£¥]|\b[A-Z]{3}) ?(?P<amount>[0-9]+(?:\.[0-9]+)?)\b", _sum),
        (
            r"\b(?P<figure>[0-9]+) (?P<size>thousand|million|billion)\b(?: [A-Z]{3})?",
            lambda found: f"write the number in figures: `{found['figure']}{_SIZES[found['size']]}`",
        ),
        (
            r"\b(?P<whole>[0-9]+),(?P<part>[0-9]{1,2})\b",
            lambda found: f"decimals follow a point: `{found['whole']}.{found['part']}`",
        ),
        (
            r"\band/or\b",
            "write `or` where one is enough (both may hold, too), or `and` where both have to hold",
        ),
        (
            r"\b(?:is )?(?P<word>not\s+(?:less|fewer|more|greater)|greater|higher|larger|smaller|lower|fewer|later|earlier)\s+than\b",
            _compared,
        ),
        (r"(?P<word>>=|<=|<>|!=|==|[<>=≥≤≠])", _compared),
        (r"\b(?:is )?(?P<word>over|above|under|below) (?=[0-9])", _compared),
        (r"\bif\b", "a condition follows the word `when`"),
        (r"\bunless\b", "an exception is a line of its own: `but VALUE when CONDITION`"),
        (r"\belse\b\s*", "what holds in every other case follows the word `otherwise`"),
        (r"^\s*end\s*$", "leave it out: what belongs together is shown by its indentation"),
        (
            r"\b(?:must|will)\b",
            "a duty is said with `shall`, a ban with `shall not` or `neither party shall`",
        ),
        (r"\bcan\b", "a permission is said with `may`"),
        (
            r"^\s*\w+ shall be \w+",
            "begin with who has to: `the parties shall ...`, `neither party shall ...` or `JP shall not ...`",
        ),
        (r"(?<=\") and (?=[A-Z]{2} \")", "a comma stands between two parties"),
        (
            r"^\s*(?:§+\s*[0-9a-z.]*|\(?[0-9]{1,3}[.)]|\([a-z]\))\s",
            "clauses have no numbers here: say at the end of the line where it comes from, as in `[Article 2]`",
        ),
        (
            r"(?<=\")\s*\((?P<source>[^()]*)\)\s*$",
            lambda found: f"where it comes from stands in square brackets: `[{found['source']}]`",
        ),
        (
            r"\b[a-z][a-z0-9_]*(?:-[a-z][a-z0-9_]*)+\b",
            lambda found: f"the words of a name are joined by `_`: `{found[0].replace('-', '_')}`",
        ),
        (r"[;.]\s*$", "leave it out: a sentence ends where its line ends"),
        (r"[\u00a0\u2000-\u200a\u202f\u3000]", "this blank is of another kind: write an ordinary one"),
    )
)


def advice(text: str, offset: int) -> str:
    """How what stands at this offset is written here, where it is something that many write otherwise; else nothing."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = re.sub(r"#.*", "", _QUOTED.sub(_blanked, text[start : end if end != -1 else len(text)]))
    at = offset - start
    for pattern, said in _HABITS:
        for found in pattern.finditer(line):
            if found.start() <= at <= found.end():
                return said if isinstance(said, str) else said(found)
    return ""


_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]')


def _blanked(found: re.Match[str]) -> str:
    """Quoted text and citations of the same length, with nothing in them to be taken for a habit."""
    return f"{found[0][0]}{'_' * (len(found[0]) - 2)}{found[0][-1]}"
