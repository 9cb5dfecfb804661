"""How long an instrument lasts: a term counted in years, and what extends it (rule T7)."""

from __future__ import annotations

import datetime

import attrs

from policy_lang.meaning import problems
from policy_lang.meaning.events import happening
from policy_lang.meaning.names import Meant, Names
from policy_lang.program import core, dates
from policy_lang.program.types import Date
from policy_lang.syntax import tree
from policy_lang.syntax.phrases import period as period_words

_DAY = datetime.timedelta(days=1)


def with_term(own: Meant, names: Names) -> core.Instrument:
    """The instrument with the end that its header counts, or with what extends its end."""
    header, instrument = own.declared.header, own.instrument
    lines = header.lines if header is not None else ()
    lasting = [line for line in lines if isinstance(line, tree.Lasting)]
    extended = [line for line in lines if isinstance(line, tree.Extended)]
    _only_one(lasting[1:], "a term", names)
    _only_one(extended[1:], "what extends the term", names)
    end = instrument.until
    is_last_day = not any(isinstance(line, tree.HeaderDate) and line.what == "ceases" for line in lines)
    if end is not None and not is_last_day:
        end = min(end, datetime.date.max - _DAY) + _DAY  # the first day without it, as it was written
    if lasting:
        if end is not None:
            _only_one(lasting, "an end", names)
        end, is_last_day = _counted(lasting[0], instrument, own, names), lasting[0].what == "until"
        if end is None:
            return instrument
        last_day = end if is_last_day or end == datetime.date.min else end - _DAY
        instrument = attrs.evolve(instrument, until=last_day)
    if not extended:
        return instrument
    if end is None or instrument.until is None:
        names.say(
            problems.WRONG_USE.at(
                extended[0].span,
                "there is no end that could be extended",
                label="no term",
                help="say how long it lasts: `in force from 2024-01-31 until 16 years after entry into force`",
            )
        )
        return instrument
    found = happening(extended[0].event, own, names)
    if found is None:
        return instrument
    term = _term(extended[0], end, instrument.until, is_last_day, found, names)
    return attrs.evolve(instrument, until=None, term=term)


def _term(
    line: tree.Extended,
    end: datetime.date,
    last_day: datetime.date,
    is_last_day: bool,
    found: tuple[core.Expr, str],
    names: Names,
) -> core.Term:
    event, event_words = found
    length = (line.period.years, line.period.months, line.period.days)
    if line.rounding is None and length[:2] != (0, 0) and (line.way == "until" or end.day > 28):
        _ask_rounding(line.period, names)
    last = core.Op(
        "term_end",
        (core.Const(end, Date(), span=line.span), event),
        Date(),
        (line.way, length, line.rounding or "abort", is_last_day),
        span=line.span,
    )
    joined = "by" if line.way == "by" else "after"
    words = f"{line.way} {period_words(line.period)} {joined} {event_words}"
    return core.Term(last, last_day, words, span=line.span)


def _counted(
    line: tree.Lasting, instrument: core.Instrument, own: Meant, names: Names
) -> datetime.date | None:
    """The day that a term reaches; None when a mistake was reported."""
    kind = line.counted_from.kind
    start = instrument.in_force if kind == "entry into force" else instrument.signed
    if start is None:
        if not instrument.never_in_force and not own.declared.is_damaged(own.declared.header):
            missing = "in force from" if kind == "entry into force" else "signed"
            names.say(
                problems.NO_SUCH_ANCHOR.at(
                    line.counted_from.span,
                    f"the header does not say the date of {kind}",
                    label="which date?",
                    help=f"add a line `{missing} 2024-01-31` to the header",
                )
            )
        return None
    if line.rounding is None and (line.period.years, line.period.months) != (0, 0) and start.day > 28:
        _ask_rounding(line.period, names)
    length = (line.period.years, line.period.months, line.period.days)
    try:
        return dates.add_period(start, length, line.rounding or "down")
    except dates.DateOutOfRangeError:
        names.say(
            problems.BAD_WINDOW.at(
                line.period.span,
                "this term ends after the year 9999",
                label="too long",
                help="make it shorter",
            )
        )
        return None


def _ask_rounding(node: tree.PeriodLit, names: Names) -> None:
    names.say(
        problems.ROUNDING_NEEDED.at(
            node.span,
            "the month reached may not have that day",
            label="months or years",
            help="add `rounded down` (last day of the month) or `rounded up` (first of the next)",
        )
    )


def _only_one(lines: list[tree.Lasting] | list[tree.Extended], what: str, names: Names) -> None:
    for line in lines:
        names.say(
            problems.WRONG_USE.at(
                line.span, f"the header says {what} twice", label="again", help="leave one of them out"
            )
        )
