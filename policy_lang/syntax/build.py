"""From Lark's parse tree to our own: one small method for each rule of the grammar.

Works bottom-up without recursion. Mistakes that only show here (a day that does not exist) are
collected as diagnostics; nothing is raised for authors.
"""

from __future__ import annotations

import calendar
import datetime
import unicodedata
from decimal import Decimal
from typing import Any, TypeVar, cast

import attrs
from attrs import frozen
from lark import Token, Tree, v_args
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import tree
from policy_lang.syntax.syntax_errors import UNEXPECTED

NO_SUCH_DATE = Code("no-such-date", "a date is a day of the calendar")

_Cited = TypeVar("_Cited", bound=attrs.AttrsInstance)


@frozen
class Margin:
    """What is read beside the grammar: comments and citations, in the order of the file."""

    comments: tuple[tree.Comment, ...]
    citations: tuple[tree.Citation, ...]

    def within(self, start: int, end: int) -> list[tree.Citation]:
        return [c for c in self.citations if start <= c.span.start < end]


def _words(children: list[Any]) -> str:
    return " ".join(str(c) for c in children if isinstance(c, Token))


@v_args(meta=True)
class Builder(Transformer_NonRecursive[Token, Any]):
    """Builds one item. Citations go to the innermost case, row, reading or item around them (rule N3)."""

    def __init__(self, source: SourceFile, citations: list[tree.Citation]) -> None:
        super().__init__()
        self._source = source
        self._citations = citations
        self._problems: list[Diagnostic] = []

    def build(self, parsed: Tree[Token]) -> tuple[tree.Item | None, list[Diagnostic]]:
        item = self.transform(parsed)
        return item, self._problems

    # ---------------------------------------------------------------- shared

    def _span(self, meta: Meta) -> Span:
        """The author's words of a rule, without the blanks and margin after them."""
        text = self._source.text
        end = meta.end_pos
        while end > meta.start_pos and text[end - 1] in " \n":
            end -= 1
        return Span(self._source, meta.start_pos, end)

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(str(token), span=self._place(token))

    def _place(self, token: Token) -> Span:
        return Span(self._source, token.start_pos or 0, token.end_pos or 0)

    def _text(self, token: Token | None) -> tree.Text | None:
        if token is None:
            return None
        return tree.Text(unicodedata.normalize("NFC", token[1:-1].strip()), span=self._place(token))

    def _date(self, token: Token) -> tree.DateLit:
        span = self._place(token)
        try:
            return tree.DateLit(datetime.date.fromisoformat(token), span=span)
        except ValueError:
            self._problems.append(
                NO_SUCH_DATE.at(
                    span,
                    f"there is no day `{token}`",
                    label="this date",
                    help="dates are written year-month-day, such as 2024-02-29",
                )
            )
            return tree.DateLit(datetime.date(1, 1, 1), span=span)

    def _claim(self, start: int, end: int) -> tuple[tree.Citation, ...]:
        claimed = tuple(c for c in self._citations if start <= c.span.start < end)
        self._citations = [c for c in self._citations if not start <= c.span.start < end]
        return claimed

    def _cites(self, meta: Meta) -> tuple[tree.Citation, ...]:
        return self._claim(meta.start_pos, meta.end_pos)

    def start(self, meta: Meta, children: list[Any]) -> tree.Item:
        item = children[0]
        left = tuple(self._citations)  # whatever no inner part has taken
        if left and hasattr(item, "cites"):
            cites = sorted((*item.cites, *left), key=lambda c: c.span.start)
            item = attrs.evolve(item, cites=tuple(cites))
        return cast(tree.Item, item)

    # ---------------------------------------------------------------- instruments

    def instrument_kind(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def instrument(self, meta: Meta, children: list[Any]) -> tree.Instrument:
        kind, name, *lines = children
        return tree.Instrument(
            kind, self._name(name), tuple(c for c in lines if c is not None), span=self._span(meta)
        )

    amendment_kind = instrument_kind

    def amendment(self, meta: Meta, children: list[Any]) -> tree.Instrument:
        kind, name, target, *lines = children
        return tree.Instrument(
            kind,
            self._name(name),
            tuple(c for c in lines if c is not None),
            target=self._name(target),
            span=self._span(meta),
        )

    def suspended(self, meta: Meta, children: list[Any]) -> tree.Suspended:
        span = self._span(meta)
        return tree.Suspended(self._window(children, span), span=span)

    def applies_from(self, meta: Meta, children: list[Any]) -> tree.AppliesFrom:
        return tree.AppliesFrom(self._date(children[0]), span=self._span(meta))

    def draft(self, meta: Meta, children: list[Any]) -> tree.Draft:
        return tree.Draft(span=self._span(meta))

    def title(self, meta: Meta, children: list[Any]) -> tree.HeaderText:
        language, text = children
        name = self._name(language) if language is not None else None
        return tree.HeaderText("title", self._text(text), name, span=self._span(meta))  # type: ignore[arg-type]

    def short_title(self, meta: Meta, children: list[Any]) -> tree.HeaderText:
        return tree.HeaderText("short title", self._text(children[0]), span=self._span(meta))  # type: ignore[arg-type]

    def source(self, meta: Meta, children: list[Any]) -> tree.HeaderText:
        return tree.HeaderText("source", self._text(children[0]), span=self._span(meta))  # type: ignore[arg-type]

    def party(self, meta: Meta, children: list[Any]) -> tuple[tree.Name, tree.Text | None]:
        return self._name(children[0]), self._text(children[1])

    def parties(self, meta: Meta, children: list[Any]) -> tree.Parties:
        span = self._span(meta)
        word = "participants" if span.text.startswith("participants") else "parties"
        return tree.Parties(tuple(children), cast(Any, word), span=span)

    def signed(self, meta: Meta, children: list[Any]) -> tree.HeaderDate:
        return tree.HeaderDate("signed", self._date(children[0]), span=self._span(meta))

    def ceases(self, meta: Meta, children: list[Any]) -> tree.HeaderDate:
        return tree.HeaderDate("ceases", self._date(children[0]), span=self._span(meta))

    def term_start(self, meta: Meta, children: list[Any]) -> tree.TermStart:
        return tree.TermStart(cast(Any, _words(children)), span=self._span(meta))

    def in_force_for(self, meta: Meta, children: list[Any]) -> tree.Lasting:
        start, period, rounding, counted = children
        first = self._date(start)
        return tree.Lasting("until", first, period, rounding, counted, span=self._span(meta))

    def ceases_after(self, meta: Meta, children: list[Any]) -> tree.Lasting:
        period, rounding, counted = children
        return tree.Lasting("ceases", None, period, rounding, counted, span=self._span(meta))

    def extended_by(self, meta: Meta, children: list[Any]) -> tree.Extended:
        period, rounding, event = children
        return tree.Extended("by", period, rounding, event, span=self._span(meta))

    def extended_until(self, meta: Meta, children: list[Any]) -> tree.Extended:
        period, rounding, event = children
        return tree.Extended("until", period, rounding, event, span=self._span(meta))

    def receipt_of(self, meta: Meta, children: list[Any]) -> bool:
        return True

    def by_whom(self, meta: Meta, children: list[Any]) -> tree.Name:
        span = Span(self._source, children[1].start_pos, self._span(meta).end)
        return tree.Name(_words(children[1:]), span=span)

    def happening(self, meta: Meta, children: list[Any]) -> tree.Happening:
        receipt, name, by = children
        return tree.Happening(self._name(name), by, bool(receipt), span=self._span(meta))

    def in_force(self, meta: Meta, children: list[Any]) -> tree.InForce:
        span = self._span(meta)
        return tree.InForce(self._window(children, span), span=span)

    def never_in_force(self, meta: Meta, children: list[Any]) -> tree.InForce:
        return tree.InForce(None, span=self._span(meta))

    def verified(self, meta: Meta, children: list[Any]) -> tree.Verified:
        date, against = children
        return tree.Verified(self._date(date), self._text(against), span=self._span(meta))  # type: ignore[arg-type]

    def serves(self, meta: Meta, children: list[Any]) -> tree.Serves:
        return tree.Serves(children[0], span=self._span(meta))

    def nomenclature(self, meta: Meta, children: list[Any]) -> tree.Nomenclature:
        return tree.Nomenclature(_hs(children[0]), span=self._span(meta))

    def name_list(self, meta: Meta, children: list[Any]) -> tuple[tree.Name, ...]:
        return tuple(self._name(c) for c in children)

    def scenarios_for(self, meta: Meta, children: list[Any]) -> tree.ScenariosFor:
        return tree.ScenariosFor(self._name(children[0]), span=self._span(meta))

    def use(self, meta: Meta, children: list[Any]) -> tree.Use:
        return tree.Use(children[0], span=self._span(meta))

    def not_encoded(self, meta: Meta, children: list[Any]) -> tree.NotEncoded:
        topic, because = children
        return tree.NotEncoded(
            self._text(topic),  # type: ignore[arg-type]
            self._text(because),  # type: ignore[arg-type]
            self._cites(meta),
            span=self._span(meta),
        )

    # ---------------------------------------------------------------- vocabulary

    def means_word(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    territory_word = means_word

    def _window(self, children: list[Any], span: Span) -> tree.Window:
        start, end = (self._date(c) if c is not None else None for c in children)
        return tree.Window(start, end, span=span)

    def window(self, meta: Meta, children: list[Any]) -> tree.Window:
        if children == [None, None]:
            return tree.Window()
        return self._window(children, self._span(meta))

    def _member_name(self, token: Token) -> tree.Name:
        """A word, a country or an HS code."""
        text = f"HS {_hs(token)}" if token.startswith("HS ") else str(token)
        return tree.Name(text, span=self._place(token))

    def member(self, meta: Meta, children: list[Any]) -> tree.Member:
        name, window = children
        return tree.Member(self._member_name(name), window, span=self._place(name))

    def means(self, meta: Meta, children: list[Any]) -> tree.Means:
        name, word, *members = children
        return tree.Means(
            self._name(name),
            tuple(members),
            word.endswith("includes"),
            self._cites(meta),
            word.startswith("now"),
            span=self._span(meta),
        )

    def territory(self, meta: Meta, children: list[Any]) -> tree.Territory:
        sovereign, word, *codes = children
        return tree.Territory(
            self._name(sovereign),
            tuple(self._name(c) for c in codes),
            word == "includes",
            self._cites(meta),
            span=self._span(meta),
        )

    def purpose(self, meta: Meta, children: list[Any]) -> tree.Purpose:
        return tree.Purpose(self._name(children[0]), self._text(children[1]), span=self._span(meta))

    def status(self, meta: Meta, children: list[Any]) -> tree.Status:
        name, label, record = children
        return tree.Status(self._name(name), self._text(label), self._name(record), span=self._span(meta))

    def unit(self, meta: Meta, children: list[Any]) -> tree.Unit:
        name, label, factor, base = children
        return tree.Unit(
            self._name(name),
            self._text(label),
            Decimal(factor) if factor is not None else None,
            tree.Name(_unit(base), span=self._place(base)) if base is not None else None,
            words=str(base or ""),
            span=self._span(meta),
        )

    def kind(self, meta: Meta, children: list[Any]) -> tree.Kind:
        name, label, *members = children
        return tree.Kind(
            self._name(name), self._text(label), tuple(members), self._cites(meta), span=self._span(meta)
        )

    def kind_member(self, meta: Meta, children: list[Any]) -> tree.KindMember:
        name, label, *codes = children
        hs = tuple(_hs(c) for c in codes if c is not None)
        return tree.KindMember(self._name(name), self._text(label), hs, span=self._place(name))

    def event(self, meta: Meta, children: list[Any]) -> tree.Event:
        name, by, two_dates, label = children
        return tree.Event(self._name(name), self._text(label), by, bool(two_dates), span=self._span(meta))

    def event_by(self, meta: Meta, children: list[Any]) -> str:
        return _words(children[1:])

    def two_dates(self, meta: Meta, children: list[Any]) -> bool:
        return True

    def determination(self, meta: Meta, children: list[Any]) -> tree.Determination:
        name, kind, label = children
        return tree.Determination(
            self._name(name),
            kind or tree.TypeYesNo(),
            self._text(label),
            type_written=kind is not None,
            span=self._span(meta),
        )

    def act(self, meta: Meta, children: list[Any]) -> tree.Act:
        name, record, label, *lines = children
        return tree.Act(
            self._name(name),
            self._name(record),
            self._text(label),
            tuple(lines),
            self._cites(meta),
            span=self._span(meta),
        )

    def act_scope(self, meta: Meta, children: list[Any]) -> tree.ActLine:
        return tree.ActLine("scope", children[0], None, span=self._span(meta))

    def act_done(self, meta: Meta, children: list[Any]) -> tree.ActLine:
        return tree.ActLine("done", children[0], None, span=self._span(meta))

    def act_by(self, meta: Meta, children: list[Any]) -> tree.ActLine:
        return tree.ActLine("by", None, self._name(children[0]), span=self._span(meta))

    def act_on(self, meta: Meta, children: list[Any]) -> tree.ActLine:
        return tree.ActLine("on", None, self._name(children[0]), span=self._span(meta))

    def act_exported_to(self, meta: Meta, children: list[Any]) -> tree.ActLine:
        return tree.ActLine("exported to", None, self._name(children[0]), span=self._span(meta))

    def act_imported_from(self, meta: Meta, children: list[Any]) -> tree.ActLine:
        return tree.ActLine("imported from", None, self._name(children[0]), span=self._span(meta))

    # ---------------------------------------------------------------- assumptions

    def reading_for(self, meta: Meta, children: list[Any]) -> tuple[str, tree.Reading]:
        return "for", tree.Reading(self._text(children[0]), span=self._span(meta))  # type: ignore[arg-type]

    def reading_against(self, meta: Meta, children: list[Any]) -> tuple[str, tree.Reading]:
        return "against", tree.Reading(self._text(children[0]), span=self._span(meta))  # type: ignore[arg-type]

    def assume(self, meta: Meta, children: list[Any]) -> tree.Assume:
        name, value, *readings = children
        cited: list[tuple[str, tree.Reading]] = []
        for side, reading in reversed(readings):  # each takes what is cited between it and the next
            cites = self._claim(reading.span.start, meta.end_pos)
            cited.insert(0, (side, attrs.evolve(reading, cites=cites)))
        return tree.Assume(
            self._name(name),
            value,
            tuple(r for side, r in cited if side == "for"),
            tuple(r for side, r in cited if side == "against"),
            self._cites(meta),
            span=self._span(meta),
        )

    # ---------------------------------------------------------------- records

    def judged_on(self, meta: Meta, children: list[Any]) -> tree.Name:
        return self._name(children[0])

    def record(self, meta: Meta, children: list[Any]) -> tree.Record:
        name, parent, judged_on, label, *lines = children
        return tree.Record(
            self._name(name),
            self._name(parent) if parent is not None else None,
            judged_on,
            self._text(label),
            tuple(c for c in lines if isinstance(c, tree.Field)),
            tuple(c for c in lines if isinstance(c, tree.Check)),
            self._cites(meta),
            span=self._span(meta),
        )

    def optional(self, meta: Meta, children: list[Any]) -> bool:
        return True

    def determination_type(self, meta: Meta, children: list[Any]) -> tuple[tree.TypeExpr, bool]:
        written = children[0] is not None
        return (children[0] if written else tree.TypeYesNo(span=self._span(meta))), written

    def bound_word(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def bound(self, meta: Meta, children: list[Any]) -> tree.Bound:
        return tree.Bound(children[0], children[1], span=self._span(meta))

    def bound_decimals(self, meta: Meta, children: list[Any]) -> int:
        return self._whole(children[0])

    def bound_digits(self, meta: Meta, children: list[Any]) -> tree.Digits:
        return tree.Digits(self._whole(children[0]), span=self._span(meta))

    def _whole(self, token: Token) -> int:
        """A small whole number; a fraction or a huge one is reported."""
        if not token.isdigit() or len(token) > 9:
            span = self._place(token)
            self._problems.append(
                WHOLE_NUMBER.at(
                    span,
                    f"`{token}` is not a whole number of at most nine digits",
                    label="this number",
                    help="write a whole number; a smaller unit says the rest, as in `1 year 6 months`",
                )
            )
            return 0
        return int(token)

    def field(self, meta: Meta, children: list[Any]) -> tree.Field:
        name, optional, kind, *rest, label = children
        determination = isinstance(kind, tuple)
        return tree.Field(
            self._name(name),
            kind[0] if determination else kind,
            self._text(label),
            tuple(c for c in rest if isinstance(c, tree.Bound)),
            next((c for c in rest if isinstance(c, int)), None),
            next((c.count for c in rest if isinstance(c, tree.Digits)), None),
            bool(optional),
            determination,
            self._cites(meta),
            limits=tuple(rest),
            type_written=kind[1] if determination else True,
            span=self._span(meta),
        )

    def check(self, meta: Meta, children: list[Any]) -> tree.Check:
        return tree.Check(children[0], span=self._span(meta))

    def type_yes_no(self, meta: Meta, children: list[Any]) -> tree.TypeYesNo:
        return tree.TypeYesNo(span=self._span(meta))

    def type_whole(self, meta: Meta, children: list[Any]) -> tree.TypeNumber:
        return tree.TypeNumber(True, span=self._span(meta))

    def type_number(self, meta: Meta, children: list[Any]) -> tree.TypeNumber:
        return tree.TypeNumber(False, span=self._span(meta))

    def type_percent(self, meta: Meta, children: list[Any]) -> tree.TypePercent:
        return tree.TypePercent(span=self._span(meta))

    def type_money(self, meta: Meta, children: list[Any]) -> tree.TypeMoney:
        return tree.TypeMoney(str(children[0]), span=self._span(meta))

    def type_quantity(self, meta: Meta, children: list[Any]) -> tree.TypeQuantity:
        return tree.TypeQuantity(_unit(children[0]), words=str(children[0]), span=self._span(meta))

    def type_date(self, meta: Meta, children: list[Any]) -> tree.TypePlain:
        return tree.TypePlain("date", span=self._span(meta))

    def type_period(self, meta: Meta, children: list[Any]) -> tree.TypePlain:
        return tree.TypePlain("period", span=self._span(meta))

    def type_span(self, meta: Meta, children: list[Any]) -> tree.TypePlain:
        return tree.TypePlain("span", span=self._span(meta))

    def type_hs(self, meta: Meta, children: list[Any]) -> tree.TypeHs:
        return tree.TypeHs(None, span=self._span(meta))

    def type_hs_edition(self, meta: Meta, children: list[Any]) -> tree.TypeHs:
        return tree.TypeHs(_hs(children[0]), span=self._span(meta))

    def type_text(self, meta: Meta, children: list[Any]) -> tree.TypePlain:
        return tree.TypePlain("text", span=self._span(meta))

    def type_country(self, meta: Meta, children: list[Any]) -> tree.TypePlain:
        return tree.TypePlain("country", span=self._span(meta))

    def type_list(self, meta: Meta, children: list[Any]) -> tree.TypeList:
        return tree.TypeList(self._name(children[0]), span=self._span(meta))

    def type_named(self, meta: Meta, children: list[Any]) -> tree.TypeNamed:
        return tree.TypeNamed(self._name(children[0]), span=self._span(meta))

    def type_words(self, meta: Meta, children: list[Any]) -> tree.TypeWords:
        return tree.TypeWords(tuple(self._name(c) for c in children), span=self._span(meta))

    # ---------------------------------------------------------------- rules, tables

    def case(self, meta: Meta, children: list[Any]) -> tree.Case:
        value, when, window, exceptions = children
        return tree.Case(
            value, when, window, exceptions or (), cites=self._cites(meta), span=self._span(meta)
        )

    def otherwise(self, meta: Meta, children: list[Any]) -> tree.Case:
        value, exceptions = children
        return tree.Case(
            value,
            None,
            exceptions=exceptions or (),
            otherwise=True,
            cites=self._cites(meta),
            span=self._span(meta),
        )

    def exceptions(self, meta: Meta, children: list[Any]) -> tuple[tree.Case, ...]:
        return tuple(case for _, case in children)

    def exception(self, meta: Meta, children: list[Any]) -> tuple[str, tree.Case]:
        return "but", self.case(meta, children)

    def inserted(self, meta: Meta, children: list[Any]) -> bool:
        return True

    def rule(self, meta: Meta, children: list[Any]) -> tree.Rule:
        name, inserted, record, kind, label, *lines = children
        return tree.Rule(
            self._name(name),
            self._name(record) if record is not None else None,
            kind,
            self._text(label),
            tuple(c for c in lines if isinstance(c, tree.Case)),
            tuple(c[1] for c in lines if isinstance(c, tuple)),
            self._cites(meta),
            inserted=inserted is True,
            span=self._span(meta),
        )

    def first_row(self, meta: Meta, children: list[Any]) -> bool:
        return True

    def table(self, meta: Meta, children: list[Any]) -> tree.Table:
        name, inserted, record, kind, *rest = children
        keys = tuple(c for c in rest if isinstance(c, tree.Ref | tree.AskedDate))
        rows = tuple(c for c in rest if isinstance(c, tree.Row))
        label = next((c for c in rest if isinstance(c, Token)), None)
        return tree.Table(
            self._name(name),
            self._name(record) if record is not None else None,
            kind,
            keys,
            True in rest,
            self._text(label),
            rows,
            self._cites(meta),
            inserted=inserted is True,
            span=self._span(meta),
        )

    def row(self, meta: Meta, children: list[Any]) -> tree.Row:
        return tree.Row(children[0], children[1], self._cites(meta), span=self._span(meta))

    def row_otherwise(self, meta: Meta, children: list[Any]) -> tree.Row:
        return tree.Row((), children[0], self._cites(meta), span=self._span(meta))

    def keys(self, meta: Meta, children: list[Any]) -> tuple[tree.Key, ...]:
        return tuple(children)

    def key_from(self, meta: Meta, children: list[Any]) -> tree.KeyWindow:
        span = self._span(meta)
        return tree.KeyWindow(self._window(children, span), span=span)

    def key_until(self, meta: Meta, children: list[Any]) -> tree.KeyWindow:
        span = self._span(meta)
        return tree.KeyWindow(self._window([None, children[0]], span), span=span)

    def key_year(self, meta: Meta, children: list[Any]) -> tree.KeyWindow:
        span = self._span(meta)
        year = self._whole(children[0])
        if not 1 <= year <= 9999:
            self._problems.append(
                NO_SUCH_DATE.at(
                    span,
                    f"there is no year `{children[0]}`",
                    label="this year",
                    help="years go from 1 to 9999",
                )
            )
            year = 1
        place = self._place(children[0])
        first = tree.DateLit(datetime.date(year, 1, 1), span=place)
        last = tree.DateLit(datetime.date(year, 12, 31), span=place)
        return tree.KeyWindow(tree.Window(first, last, span=span), whole_year=True, span=span)

    def key_group(self, meta: Meta, children: list[Any]) -> tree.KeyGroup:
        return tree.KeyGroup(self._name(children[0]), span=self._span(meta))

    def key_any(self, meta: Meta, children: list[Any]) -> tree.KeyAny:
        return tree.KeyAny(span=self._span(meta))

    def key_range(self, meta: Meta, children: list[Any]) -> tree.KeyRange:
        return tree.KeyRange(tuple(c for c in children if c is not None), span=self._span(meta))

    def key_words(self, meta: Meta, children: list[Any]) -> tree.KeyWords:
        return tree.KeyWords(tuple(children), span=self._span(meta))

    key_bound = bound

    # ---------------------------------------------------------------- clauses

    def clause(self, meta: Meta, children: list[Any]) -> tree.Clause:
        name, inserted, label, certainty, form, *lines = children
        return tree.Clause(
            self._name(name),
            self._text(label),
            form,
            tuple(lines),
            certainty,
            self._cites(meta),
            inserted=inserted is True,
            span=self._span(meta),
        )

    def certainty(self, meta: Meta, children: list[Any]) -> tree.Certainty:
        return tree.Certainty(span=self._span(meta))

    def suspended_line(self, meta: Meta, children: list[Any]) -> tree.Suspended:
        return cast(tree.Suspended, children[0])

    def application(self, meta: Meta, children: list[Any]) -> tree.Application:
        event, start = children
        return tree.Application(self._name(event), self._date(start), span=self._span(meta))

    def excluded(self, meta: Meta, children: list[Any]) -> tree.Excluded:
        return tree.Excluded(children[0], span=self._span(meta))

    def subject_to(self, meta: Meta, children: list[Any]) -> tree.Yields:
        return tree.Yields(self._name(children[0]), span=self._span(meta))

    def prevails_over(self, meta: Meta, children: list[Any]) -> tree.Prevails:
        return tree.Prevails(self._name(children[0]), span=self._span(meta))

    def without_prejudice(self, meta: Meta, children: list[Any]) -> tree.Preserves:
        return tree.Preserves(self._name(children[0]), span=self._span(meta))

    def defence(self, meta: Meta, children: list[Any]) -> tree.Defence:
        name, clause, label, *lines = children
        return tree.Defence(
            self._name(name),
            self._name(clause),
            self._text(label),
            tuple(lines),
            self._cites(meta),
            span=self._span(meta),
        )

    def invoker(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def must_be_invoked(self, meta: Meta, children: list[Any]) -> tree.DefenceLine:
        return tree.DefenceLine("invoked", None, bool(children[0]), span=self._span(meta))

    def justified_when(self, meta: Meta, children: list[Any]) -> tree.DefenceLine:
        return tree.DefenceLine("justified", children[0], span=self._span(meta))

    def provided_that(self, meta: Meta, children: list[Any]) -> tree.DefenceLine:
        return tree.DefenceLine("provided", children[0], span=self._span(meta))

    def self_judging(self, meta: Meta, children: list[Any]) -> tree.DefenceLine:
        return tree.DefenceLine("self-judging", span=self._span(meta))

    # ---------------------------------------------------------------- properties

    def property(self, meta: Meta, children: list[Any]) -> tree.Property:
        label, record, claim = children
        return tree.Property(
            cast(tree.Text, self._text(label)),
            self._name(record) if record is not None else None,
            claim,
            self._cites(meta),
            span=self._span(meta),
        )

    def always(self, meta: Meta, children: list[Any]) -> tree.Claim:
        condition, when, window = children
        return tree.Claim("always", condition, when, window, span=self._span(meta))

    def never(self, meta: Meta, children: list[Any]) -> tree.Claim:
        condition, when, window = children
        return tree.Claim("never", condition, when, window, span=self._span(meta))

    def turn(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def monotone(self, meta: Meta, children: list[Any]) -> tree.Monotone:
        turn, fact, never, answer, when, window = children
        return tree.Monotone(turn, fact, never, answer, when, window, span=self._span(meta))

    def treat(self, meta: Meta, children: list[Any]) -> tree.Treat:
        *countries, status, partner, goods, purposes, designation, when, window = children
        return tree.Treat(
            tuple(self._name(c) for c in countries),
            self._name(status),
            self._name(partner),
            goods,
            purposes or (),
            designation,
            when,
            window,
            span=self._span(meta),
        )

    def actor(self, meta: Meta, children: list[Any]) -> tree.Actor:
        span = self._span(meta)
        token = children[0]
        country = self._name(token) if token.type == "COUNTRY" else None
        return tree.Actor(_words(children), country, span=span)

    def forbidden(self, meta: Meta, children: list[Any]) -> tree.Actor:
        actor = next((c for c in children if isinstance(c, tree.Actor)), None)
        if actor is not None:
            return actor
        words = " ".join(str(c) for c in children[:2])
        return tree.Actor(words, None, span=self._span(meta))

    permitted = forbidden

    def act_verb(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def notwithstanding(self, meta: Meta, children: list[Any]) -> tree.Name:
        return self._name(children[0])

    def prohibition(self, meta: Meta, children: list[Any]) -> tree.Prohibition:
        actor, verb, act, goods, direction, when, window = children
        return tree.Prohibition(
            actor,
            self._name(act),
            goods,
            direction,
            when,
            window,
            verb=verb or "",
            span=self._span(meta),
        )

    def permission(self, meta: Meta, children: list[Any]) -> tree.Permission:
        actor, verb, act, goods, direction, beats, when, window = children
        return tree.Permission(
            actor,
            self._name(act),
            goods,
            direction,
            beats,
            when,
            window,
            verb=verb or "",
            span=self._span(meta),
        )

    def modal(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    affirm_verb = bound_word

    def deed_text(self, meta: Meta, children: list[Any]) -> tree.Deed:
        return tree.Deed("text", self._text(children[0]), span=self._span(meta))

    def deed_review(self, meta: Meta, children: list[Any]) -> tree.Deed:
        span = self._span(meta)
        reviewed = next(word for word in ("agreement", "framework", "law") if span.text.endswith(word))
        return tree.Deed("review", None, reviewed=reviewed, span=span)

    def against(self, meta: Meta, children: list[Any]) -> bool:
        return True

    def _topic(self, token: Token) -> tree.Text | tree.Name:
        if token.type == "STRING":
            return cast(tree.Text, self._text(token))
        return self._name(token)

    def deed_confer(self, meta: Meta, children: list[Any]) -> tree.Deed:
        against, topic = children
        return tree.Deed("confer", self._topic(topic), bool(against), span=self._span(meta))

    def anchor_in_force(self, meta: Meta, children: list[Any]) -> tree.Anchor:
        return tree.Anchor("entry into force", span=self._span(meta))

    def anchor_signature(self, meta: Meta, children: list[Any]) -> tree.Anchor:
        return tree.Anchor("signature", span=self._span(meta))

    def anchor_date(self, meta: Meta, children: list[Any]) -> tree.Anchor:
        return tree.Anchor("date", date=self._date(children[0]), span=self._span(meta))

    def anchor_event(self, meta: Meta, children: list[Any]) -> tree.Anchor:
        return tree.Anchor("event", event=children[0], span=self._span(meta))

    def timing_by(self, meta: Meta, children: list[Any]) -> tree.Timing:
        date = self._date(children[0])
        return tree.Timing("by", None, tree.Anchor("date", date=date, span=date.span), span=self._span(meta))

    def timing_within(self, meta: Meta, children: list[Any]) -> tree.Timing:
        period, rounding, anchor = children
        return tree.Timing("within", period, anchor, rounding, span=self._span(meta))

    def timing_before(self, meta: Meta, children: list[Any]) -> tree.Timing:
        period, rounding, anchor = children
        return tree.Timing("before", period, anchor, rounding, span=self._span(meta))

    def timing_anniversary(self, meta: Meta, children: list[Any]) -> tree.Timing:
        ordinal, rounding, anchor = children
        years = int(ordinal.rstrip("stndrh")) if len(ordinal) < 9 else 9999
        period = tree.PeriodLit(years, 0, 0, words=str(ordinal), span=self._place(ordinal))
        return tree.Timing("anniversary", period, anchor, rounding, span=self._span(meta))

    def month_day(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def _on_month_day(self, word: str, meta: Meta, children: list[Any]) -> tree.Timing:
        day, ordinal, anchor = children
        months = int(ordinal.rstrip("stndrh")) if len(ordinal) < 9 else 119_988
        period = tree.PeriodLit(0, months, 0, words=str(ordinal), span=self._place(ordinal))
        return tree.Timing("month", period, anchor, day=cast(Any, day), word=word, span=self._span(meta))

    def timing_on_month_day(self, meta: Meta, children: list[Any]) -> tree.Timing:
        return self._on_month_day("on", meta, children)

    def timing_by_month_day(self, meta: Meta, children: list[Any]) -> tree.Timing:
        return self._on_month_day("by", meta, children)

    def day_rounding(self, meta: Meta, children: list[Any]) -> str:
        return str(children[-1])

    def counted_from(self, meta: Meta, children: list[Any]) -> str:
        return "held" if str(children[-1]) == "held" else "due"

    def recurrence(self, meta: Meta, children: list[Any]) -> tree.Recurrence:
        period, rounding, counted_from, when = children
        return tree.Recurrence(
            period,
            counted_from or "due",
            when,
            rounding,
            counting_written=counted_from is not None,
            span=self._span(meta),
        )

    def fulfilled(self, meta: Meta, children: list[Any]) -> tree.Happening:
        return cast(tree.Happening, children[0])

    def considering(self, meta: Meta, children: list[Any]) -> tuple[tree.Text | tree.Name, ...]:
        return tuple(self._topic(c) for c in children)

    def on_record(self, meta: Meta, children: list[Any]) -> tree.Name:
        return self._name(children[0])

    def duty(self, meta: Meta, children: list[Any]) -> tree.Duty:
        (
            actor,
            modal,
            deed,
            on_record,
            goods,
            timing,
            recurrence,
            fulfilled,
            considering,
            when,
            window,
        ) = children
        return tree.Duty(
            actor,
            modal.replace("intends", "intend"),
            deed,
            timing,
            recurrence,
            fulfilled,
            considering or (),
            on_record,
            goods,
            when,
            window,
            modal_words=modal,
            span=self._span(meta),
        )

    def affirmation(self, meta: Meta, children: list[Any]) -> tree.Affirmation:
        actor, verb, topic, on_record, goods, when, window = children
        text = cast(tree.Text, self._text(topic))
        return tree.Affirmation(actor, verb, text, on_record, goods, when, window, span=self._span(meta))

    def flag(self, meta: Meta, children: list[Any]) -> tree.Flag:
        name, record, when, window = children
        return tree.Flag(self._name(name), self._name(record), when, window, span=self._span(meta))

    def respect(self, meta: Meta, children: list[Any]) -> tree.Goods:
        return cast(tree.Goods, children[0])

    def goods(self, meta: Meta, children: list[Any]) -> tree.Goods:
        return tree.Goods(tuple(children) or None, span=self._span(meta))

    def purposes(self, meta: Meta, children: list[Any]) -> tuple[tree.Name, ...]:
        return cast(tuple[tree.Name, ...], children[0])

    def designation(self, meta: Meta, children: list[Any]) -> tree.Text | None:
        return self._text(children[0])

    def condition(self, meta: Meta, children: list[Any]) -> tree.Expr:
        return cast(tree.Expr, children[0])

    def flow(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def counterpart(self, meta: Meta, children: list[Any]) -> tree.Name | None:
        return self._name(children[0]) if children[0].type == "COUNTRY" else None

    def direction(self, meta: Meta, children: list[Any]) -> tree.Direction:
        return tree.Direction(children[0], children[1], span=self._span(meta))

    # ---------------------------------------------------------------- amendments

    def this(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    party_word = this

    def replaced_clause(self, meta: Meta, children: list[Any]) -> tree.ReplacedClause:
        name, label, certainty, form, *lines = children
        return tree.ReplacedClause(
            self._name(name),
            self._text(label),
            form,
            tuple(lines),
            certainty,
            self._cites(meta),
            span=self._span(meta),
        )

    def replaced_rule(self, meta: Meta, children: list[Any]) -> tree.ReplacedRule:
        name, label, *lines = children
        return tree.ReplacedRule(
            self._name(name),
            self._text(label),
            tuple(c for c in lines if isinstance(c, tree.Case)),
            tuple(c[1] for c in lines if isinstance(c, tuple)),
            self._cites(meta),
            span=self._span(meta),
        )

    def replaced_table(self, meta: Meta, children: list[Any]) -> tree.ReplacedTable:
        name, label, *rows = children
        return tree.ReplacedTable(
            self._name(name), self._text(label), tuple(rows), self._cites(meta), span=self._span(meta)
        )

    def replaced_defence(self, meta: Meta, children: list[Any]) -> tree.ReplacedDefence:
        name, label, *lines = children
        return tree.ReplacedDefence(
            self._name(name), self._text(label), tuple(lines), self._cites(meta), span=self._span(meta)
        )

    def _deleted(self, what: tree.ItemWord, meta: Meta, name: Token) -> tree.Deleted:
        return tree.Deleted(what, self._name(name), span=self._span(meta))

    def deleted_clause(self, meta: Meta, children: list[Any]) -> tree.Deleted:
        return self._deleted("clause", meta, children[0])

    def deleted_rule(self, meta: Meta, children: list[Any]) -> tree.Deleted:
        return self._deleted("rule", meta, children[0])

    def deleted_table(self, meta: Meta, children: list[Any]) -> tree.Deleted:
        return self._deleted("table", meta, children[0])

    def deleted_defence(self, meta: Meta, children: list[Any]) -> tree.Deleted:
        return self._deleted("exception", meta, children[0])

    def deleted_value(self, meta: Meta, children: list[Any]) -> tree.Deleted:
        return self._deleted("definition", meta, children[0])

    def member_added(self, meta: Meta, children: list[Any]) -> tree.MemberChange:
        return tree.MemberChange(self._member_name(children[0]), True, span=self._span(meta))

    def member_removed(self, meta: Meta, children: list[Any]) -> tree.MemberChange:
        return tree.MemberChange(self._member_name(children[0]), False, span=self._span(meta))

    def changed_members(self, meta: Meta, children: list[Any]) -> tree.ChangedMembers:
        name, *changes = children
        return tree.ChangedMembers(self._name(name), tuple(changes), span=self._span(meta))

    def row_added(self, meta: Meta, children: list[Any]) -> tree.AddedRow:
        return tree.AddedRow(children[0], span=self._span(meta))

    def row_removed(self, meta: Meta, children: list[Any]) -> tree.RemovedRow:
        return tree.RemovedRow(children[0], self._cites(meta), span=self._span(meta))

    def otherwise_removed(self, meta: Meta, children: list[Any]) -> tree.RemovedRow:
        return tree.RemovedRow((), self._cites(meta), span=self._span(meta))

    def changed_rows(self, meta: Meta, children: list[Any]) -> tree.ChangedRows:
        name, *changes = children
        return tree.ChangedRows(self._name(name), tuple(changes), self._cites(meta), span=self._span(meta))

    def new_date(self, meta: Meta, children: list[Any]) -> tuple[tree.DateLit, tree.DateLit]:
        old, new = children
        return self._date(old), self._date(new)

    def _new_date(self, what: tree.ItemWord, meta: Meta, children: list[Any]) -> tree.ChangedDate:
        name, (old, new) = children
        return tree.ChangedDate(what, self._name(name), old, new, span=self._span(meta))

    def date_in_clause(self, meta: Meta, children: list[Any]) -> tree.ChangedDate:
        return self._new_date("clause", meta, children)

    def date_in_rule(self, meta: Meta, children: list[Any]) -> tree.ChangedDate:
        return self._new_date("rule", meta, children)

    def date_in_table(self, meta: Meta, children: list[Any]) -> tree.ChangedDate:
        return self._new_date("table", meta, children)

    def date_in_value(self, meta: Meta, children: list[Any]) -> tree.ChangedDate:
        return self._new_date("definition", meta, children)

    def date_in_header(self, meta: Meta, children: list[Any]) -> tree.ChangedDate:
        this, (old, new) = children
        return tree.ChangedDate("definition", None, old, new, this=this, span=self._span(meta))

    def suspended_clause(self, meta: Meta, children: list[Any]) -> tree.ChangedForce:
        name, suspended = children
        return tree.ChangedForce(self._name(name), suspended, span=self._span(meta))

    def suspended_whole(self, meta: Meta, children: list[Any]) -> tree.ChangedForce:
        this, suspended = children
        return tree.ChangedForce(None, suspended, this=this, span=self._span(meta))

    def terminated(self, meta: Meta, children: list[Any]) -> tree.Terminated:
        this, day = children
        on = self._date(day) if day is not None else None
        return tree.Terminated(on, this=this, span=self._span(meta))

    def party_added(self, meta: Meta, children: list[Any]) -> tree.ChangedParty:
        word, code, name = children
        return tree.ChangedParty(self._name(code), self._text(name), word=word, span=self._span(meta))

    def party_removed(self, meta: Meta, children: list[Any]) -> tree.ChangedParty:
        word, code = children
        return tree.ChangedParty(self._name(code), None, word=word, span=self._span(meta))

    # ---------------------------------------------------------------- scenarios

    def facts(self, meta: Meta, children: list[Any]) -> tree.Facts:
        return tree.Facts(self._name(children[0]), tuple(children[1:]), span=self._span(meta))

    def scenario(self, meta: Meta, children: list[Any]) -> tree.Scenario:
        label = cast(tree.Text, self._text(children[0]))
        return tree.Scenario(label, tuple(children[1:]), span=self._span(meta))

    def as_of(self, meta: Meta, children: list[Any]) -> tree.AsOf:
        return tree.AsOf(tuple(self._date(day) for day in children), span=self._span(meta))

    def each_unit(self, meta: Meta, children: list[Any]) -> tree.EachUnit:
        word = str(children[0])
        if word.endswith("s"):
            self._problems.append(
                UNEXPECTED.at(
                    self._place(children[0]),
                    f"`each` stands before one {word[:-1]}, not before `{word}`",
                    label="here",
                    help=f"write `each {word[:-1]}`",
                )
            )
        return cast(tree.EachUnit, word.removesuffix("s"))

    def each_period(self, meta: Meta, children: list[Any]) -> tree.PeriodLit:
        return cast(tree.PeriodLit, children[0])

    def as_of_each(self, meta: Meta, children: list[Any]) -> tree.AsOfEach:
        step, first, last = children
        return tree.AsOfEach(step, self._date(first), self._date(last), span=self._span(meta))

    def given_file(self, meta: Meta, children: list[Any]) -> tree.GivenFile:
        return tree.GivenFile(cast(tree.Text, self._text(children[0])), span=self._span(meta))

    def with_facts(self, meta: Meta, children: list[Any]) -> tree.WithFacts:
        return tree.WithFacts(self._name(children[0]), span=self._span(meta))

    def scenario_assume(self, meta: Meta, children: list[Any]) -> tree.ScenarioAssume:
        return tree.ScenarioAssume(self._name(children[0]), children[1], span=self._span(meta))

    def given_record(self, meta: Meta, children: list[Any]) -> tree.GivenRecord:
        lines = tuple(c for c in children[1:] if c is not None)
        return tree.GivenRecord(self._name(children[0]), lines, span=self._span(meta))

    def given_event(self, meta: Meta, children: list[Any]) -> tree.GivenEvent:
        event, *dates, known = children
        return self._given_event(event, None, dates, known, meta)

    def given_event_by(self, meta: Meta, children: list[Any]) -> tree.GivenEvent:
        event, by, *dates, known = children
        return self._given_event(event, by, dates, known, meta)

    def _given_event(
        self, event: Token, by: Token | None, dates: list[Any], known: tree.DateLit | None, meta: Meta
    ) -> tree.GivenEvent:
        received = tuple(day for _, day in dates)
        return tree.GivenEvent(
            self._name(event),
            tuple(day for day, _ in dates),
            known,
            self._name(by) if by is not None else None,
            received if any(received) else (),
            span=self._span(meta),
        )

    def dated(self, meta: Meta, children: list[Any]) -> tuple[tree.DateLit, tree.DateLit | None]:
        given, received = children
        return self._date(given), self._date(received) if received is not None else None

    def given_value(self, meta: Meta, children: list[Any]) -> tree.GivenValue:
        name, value, decided = children
        return tree.GivenValue(self._name(name), value, decided, span=self._span(meta))

    def known_until(self, meta: Meta, children: list[Any]) -> tree.DateLit:
        return self._date(children[0])

    def given_until(self, meta: Meta, children: list[Any]) -> tree.GivenEvent:
        name, value, until = children
        self._only_none(value)
        return tree.GivenEvent(self._name(name), (), until, span=self._span(meta))

    def given_none_by(self, meta: Meta, children: list[Any]) -> tree.GivenEvent:
        name, by, value, until = children
        self._only_none(value)
        return tree.GivenEvent(self._name(name), (), until, self._name(by), span=self._span(meta))

    def _only_none(self, value: tree.Expr) -> None:
        if not isinstance(value, tree.NoneLit):
            self._problems.append(
                UNEXPECTED.at(
                    value.span,
                    "the dates of an event, or `none`, stand here",
                    label="neither",
                    help="write `given EVENT on 2024-01-31, known until 2024-06-30`, or `given EVENT none`",
                )
            )

    def fact_value(self, meta: Meta, children: list[Any]) -> tree.FactValue:
        name, value, decided = children
        return tree.FactValue(self._name(name), value, decided, span=self._span(meta))

    def fact_element(self, meta: Meta, children: list[Any]) -> tree.FactElement:
        lines = tuple(c for c in children[1:] if c is not None)
        return tree.FactElement(self._name(children[0]), lines, span=self._span(meta))

    def decided(self, meta: Meta, children: list[Any]) -> tree.Decided:
        by, on = children
        text = cast(tree.Text, self._text(by))
        return tree.Decided(text, self._date(on) if on is not None else None, span=self._span(meta))

    def expected_value(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected(None, children[0], span=self._span(meta))

    def expected_not(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected(f"not {children[0]}", None, span=self._span(meta))

    def expected_not_in_force(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected("not in force", None, span=self._span(meta))

    def expected_not_triggered(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected("not yet triggered", None, span=self._span(meta))

    def expected_does_not_apply(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected("does not apply", None, span=self._span(meta))

    def expected_target_passed(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected("target date passed; no breach", None, span=self._span(meta))

    def expected_later(self, meta: Meta, children: list[Any]) -> tree.Expected:
        return tree.Expected("?", None, span=self._span(meta))

    def detail_needs(self, meta: Meta, children: list[Any]) -> tree.DetailNeeds:
        return tree.DetailNeeds(children[0], span=self._span(meta))

    def detail_assumes(self, meta: Meta, children: list[Any]) -> tree.DetailAssumes:
        return tree.DetailAssumes(self._name(children[0]), span=self._span(meta))

    def detail_due(self, meta: Meta, children: list[Any]) -> tree.DetailDue:
        return tree.DetailDue(self._date(children[0]), span=self._span(meta))

    def detail_cites(self, meta: Meta, children: list[Any]) -> tree.DetailCites:
        return tree.DetailCites(cast(tree.Text, self._text(children[0])), span=self._span(meta))

    def detail_on_time(self, meta: Meta, children: list[Any]) -> tree.DetailTime:
        return tree.DetailTime(True, span=self._span(meta))

    def detail_late(self, meta: Meta, children: list[Any]) -> tree.DetailTime:
        return tree.DetailTime(False, span=self._span(meta))

    def expect(self, meta: Meta, children: list[Any]) -> tree.Expect:
        name, expected, *details = children
        return tree.Expect(self._name(name), expected, tuple(details), span=self._span(meta))

    def expect_property(self, meta: Meta, children: list[Any]) -> tree.ExpectProperty:
        label, other = children
        return tree.ExpectProperty(
            cast(tree.Text, self._text(label)),
            self._name(other) if other is not None else None,
            span=self._span(meta),
        )

    def expect_bad_facts(self, meta: Meta, children: list[Any]) -> tree.ExpectBadFacts:
        code = self._name(children[0]) if children[0] is not None else None
        return tree.ExpectBadFacts(code, span=self._span(meta))

    def item_word(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def detail_because(self, meta: Meta, children: list[Any]) -> tree.DetailBecause:
        return tree.DetailBecause(children[0], children[1], span=self._span(meta))

    def detail_assuming(self, meta: Meta, children: list[Any]) -> tree.DetailAssuming:
        return tree.DetailAssuming(self._name(children[0]), children[1], span=self._span(meta))

    def detail_between(self, meta: Meta, children: list[Any]) -> tree.DetailBetween:
        return tree.DetailBetween(tuple(children), span=self._span(meta))

    def column_fact(self, meta: Meta, children: list[Any]) -> tree.ColumnFact:
        path, by = children
        return tree.ColumnFact(path, self._name(by) if by is not None else None, span=self._span(meta))

    def column_as_of(self, meta: Meta, children: list[Any]) -> tree.ColumnAsOf:
        return tree.ColumnAsOf(span=self._span(meta))

    def column_with(self, meta: Meta, children: list[Any]) -> tree.ColumnWith:
        return tree.ColumnWith(span=self._span(meta))

    def column_assume(self, meta: Meta, children: list[Any]) -> tree.ColumnAssume:
        return tree.ColumnAssume(self._name(children[0]), span=self._span(meta))

    def column_expect(self, meta: Meta, children: list[Any]) -> tree.ColumnExpect:
        return tree.ColumnExpect(self._name(children[0]), span=self._span(meta))

    def column_bad_facts(self, meta: Meta, children: list[Any]) -> tree.ColumnBadFacts:
        return tree.ColumnBadFacts(span=self._span(meta))

    def cell_value(self, meta: Meta, children: list[Any]) -> tree.CellValue:
        return tree.CellValue(children[0], tuple(children[1:]), span=self._span(meta))

    def cell_dates(self, meta: Meta, children: list[Any]) -> tree.CellDates:
        *dates, known = children
        received = tuple(day for _, day in dates)
        return tree.CellDates(
            tuple(day for day, _ in dates),
            known,
            received if any(received) else (),
            span=self._span(meta),
        )

    def cell_code(self, meta: Meta, children: list[Any]) -> tree.CellCode:
        return tree.CellCode(self._name(children[0]), span=self._span(meta))

    def row_cell(self, meta: Meta, children: list[Any]) -> tree.Cell | None:
        return cast("tree.Cell | None", children[0])

    def case_row(self, meta: Meta, children: list[Any]) -> tree.CaseRow:
        label, *cells = children
        return tree.CaseRow(cast(tree.Text, self._text(label)), tuple(cells), span=self._span(meta))

    def case_table(self, meta: Meta, children: list[Any]) -> tree.CaseTable:
        columns = tuple(c for c in children if not isinstance(c, tree.CaseRow))
        rows = tuple(c for c in children if isinstance(c, tree.CaseRow))
        return tree.CaseTable(columns, rows, span=self._span(meta))

    # ---------------------------------------------------------------- expressions

    def all_of(self, meta: Meta, children: list[Any]) -> tree.Logic:
        return tree.Logic("and", tuple(children), span=self._span(meta))

    def one_of(self, meta: Meta, children: list[Any]) -> tree.Logic:
        return tree.Logic("or", tuple(children), span=self._span(meta))

    def mixed(self, meta: Meta, children: list[Any]) -> list[Any]:
        return children  # operands, and the words between them

    def turn_to(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def mixed_logic(self, meta: Meta, children: list[Any]) -> tree.MixedLogic:
        *operands, turn, rest = children
        before = "and" if turn == "or" else "or"
        return tree.MixedLogic(
            (*operands, *rest[::2]),
            connectives=(*(before for _ in operands[1:]), turn, *(str(word) for word in rest[1::2])),
            span=self._span(meta),
        )

    def negation(self, meta: Meta, children: list[Any]) -> tree.Negation:
        return tree.Negation(children[0], span=self._span(meta))

    def ordering(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def compare(self, meta: Meta, children: list[Any]) -> tree.Ordered:
        left, words, right = children
        return tree.Ordered(_ORDERINGS[words], left, right, words=words, span=self._span(meta))

    def between(self, meta: Meta, children: list[Any]) -> tree.Between:
        return tree.Between(children[0], children[1], children[2], span=self._span(meta))

    def equals(self, meta: Meta, children: list[Any]) -> tree.Is:
        return tree.Is(children[0], children[1], span=self._span(meta))

    def differs(self, meta: Meta, children: list[Any]) -> tree.Is:
        return tree.Is(children[0], children[1], negated=True, span=self._span(meta))

    def is_in(self, meta: Meta, children: list[Any]) -> tree.IsIn:
        return tree.IsIn(children[0], children[1], date=children[2], span=self._span(meta))

    def is_not_in(self, meta: Meta, children: list[Any]) -> tree.IsIn:
        operand, options, date = children
        return tree.IsIn(operand, options, negated=True, date=date, span=self._span(meta))

    def is_in_hs(self, meta: Meta, children: list[Any]) -> tree.InHs:
        return tree.InHs(children[0], children[1], span=self._span(meta))

    def is_not_in_hs(self, meta: Meta, children: list[Any]) -> tree.InHs:
        return tree.InHs(children[0], children[1], negated=True, span=self._span(meta))

    def is_in_year(self, meta: Meta, children: list[Any]) -> tree.InYear:
        operand, year, anchor = children
        return tree.InYear(operand, year, anchor, span=self._span(meta))

    def is_not_in_year(self, meta: Meta, children: list[Any]) -> tree.InYear:
        operand, year, anchor = children
        return tree.InYear(operand, year, anchor, negated=True, span=self._span(meta))

    def within_word(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def is_within(self, meta: Meta, children: list[Any]) -> tree.Within:
        operand, period, rounding, which, anchor = children
        return tree.Within(operand, period, rounding, which, anchor, span=self._span(meta))

    def is_not_within(self, meta: Meta, children: list[Any]) -> tree.Within:
        operand, period, rounding, which, anchor = children
        return tree.Within(operand, period, rounding, which, anchor, negated=True, span=self._span(meta))

    def year(self, meta: Meta, children: list[Any]) -> tree.Year:
        """A day that no month has is reported; so is 29 February, on which few years could begin."""
        number, name = children
        day, month, span = self._whole(number), tree.MONTHS.index(str(name)) + 1, self._span(meta)
        if not 1 <= day <= calendar.monthrange(2023, month)[1]:
            self._problems.append(
                NO_SUCH_DATE.at(
                    span,
                    f"no year begins on {number} {name}",
                    label="not a day of every year",
                    help="write a day that every year has, such as `1 July`",
                )
            )
            day = 1
        return tree.Year(day, month, span=span)

    def is_one_of(self, meta: Meta, children: list[Any]) -> tree.IsIn:
        return tree.IsIn(children[0], tuple(children[1:]), span=self._span(meta))

    def is_not_one_of(self, meta: Meta, children: list[Any]) -> tree.IsIn:
        return tree.IsIn(children[0], tuple(children[1:]), negated=True, span=self._span(meta))

    def article(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def is_a(self, meta: Meta, children: list[Any]) -> tree.IsA:
        operand, article, name = children
        return tree.IsA(operand, self._name(name), article=article, span=self._span(meta))

    def is_not_a(self, meta: Meta, children: list[Any]) -> tree.IsA:
        operand, article, name = children
        return tree.IsA(operand, self._name(name), negated=True, article=article, span=self._span(meta))

    def has_status(self, meta: Meta, children: list[Any]) -> tree.HasStatus:
        country, status, partner, good, date = children
        return tree.HasStatus(
            country, self._name(status), self._name(partner), good, date, span=self._span(meta)
        )

    def any_is(self, meta: Meta, children: list[Any]) -> tree.Quantified:
        return tree.Quantified("any", children[0], children[1], span=self._span(meta))

    def all_are(self, meta: Meta, children: list[Any]) -> tree.Quantified:
        return tree.Quantified("all", children[0], children[1], span=self._span(meta))

    def applies(self, meta: Meta, children: list[Any]) -> tree.Applies:
        return tree.Applies(children[0], negated=False, span=self._span(meta))

    def does_not_apply(self, meta: Meta, children: list[Any]) -> tree.Applies:
        return tree.Applies(children[0], negated=True, span=self._span(meta))

    def none_is(self, meta: Meta, children: list[Any]) -> tree.Quantified:
        return tree.Quantified("none", children[0], children[1], span=self._span(meta))

    def sum_sign(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def product_sign(self, meta: Meta, children: list[Any]) -> str:
        return _words(children)

    def sum(self, meta: Meta, children: list[Any]) -> tree.Sum:
        rest = tuple(zip(children[1::2], children[2::2], strict=True))
        return tree.Sum(children[0], rest, span=self._span(meta))

    def product(self, meta: Meta, children: list[Any]) -> tree.Product:
        rest = tuple(zip(children[1::2], children[2::2], strict=True))
        return tree.Product(children[0], rest, span=self._span(meta))

    def negative(self, meta: Meta, children: list[Any]) -> tree.Negative:
        return tree.Negative(children[-1], span=self._span(meta))

    def on_date(self, meta: Meta, children: list[Any]) -> tree.OnDate:
        return tree.OnDate(children[0], children[1], span=self._span(meta))

    def converted(self, meta: Meta, children: list[Any]) -> tree.Converted:
        operand, unit = children
        name = tree.Name(_unit(unit), span=self._place(unit))
        return tree.Converted(operand, name, words=str(unit), span=self._span(meta))

    def rounding_way(self, meta: Meta, children: list[Any]) -> str:
        return _words(children[1:])

    def round_plain(self, meta: Meta, children: list[Any]) -> tuple[str, Any, str]:
        return children[0], None, ""

    def round_decimals(self, meta: Meta, children: list[Any]) -> tuple[str, Any, str]:
        return children[0], min(self._whole(children[1]), 34), str(children[1])

    def round_whole(self, meta: Meta, children: list[Any]) -> tuple[str, Any, str]:
        return children[0], "whole", ""

    def round_multiple(self, meta: Meta, children: list[Any]) -> tuple[str, Any, str]:
        return children[0], children[1], ""

    def rounded(self, meta: Meta, children: list[Any]) -> tree.Rounded:
        operand, (way, to, decimals) = children
        return tree.Rounded(operand, way, to, decimals=decimals, span=self._span(meta))

    def brackets(self, meta: Meta, children: list[Any]) -> tree.Brackets:
        return tree.Brackets(children[0], span=self._span(meta))

    def percent_of(self, meta: Meta, children: list[Any]) -> tree.PercentOf:
        return tree.PercentOf(children[0], children[1], span=self._span(meta))

    def fold_word(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def aggregate(self, meta: Meta, children: list[Any]) -> tree.Aggregate:
        kind, body, records, *where = children
        return tree.Aggregate(kind, body, records, where[0] if where else None, span=self._span(meta))

    def count(self, meta: Meta, children: list[Any]) -> tree.Aggregate:
        records, *where = children
        return tree.Aggregate("count", None, records, where[0] if where else None, span=self._span(meta))

    def lesser(self, meta: Meta, children: list[Any]) -> tree.Pick:
        return tree.Pick("lesser", children[0], children[1], span=self._span(meta))

    def greater(self, meta: Meta, children: list[Any]) -> tree.Pick:
        return tree.Pick("greater", children[0], children[1], span=self._span(meta))

    def first_day(self, meta: Meta, children: list[Any]) -> tree.DayOfMonth:
        return tree.DayOfMonth("first", children[0], span=self._span(meta))

    def last_day(self, meta: Meta, children: list[Any]) -> tree.DayOfMonth:
        return tree.DayOfMonth("last", children[0], span=self._span(meta))

    def first_day_of_year(self, meta: Meta, children: list[Any]) -> tree.DayOfYear:
        return tree.DayOfYear("first", children[0], children[1], span=self._span(meta))

    def last_day_of_year(self, meta: Meta, children: list[Any]) -> tree.DayOfYear:
        return tree.DayOfYear("last", children[0], children[1], span=self._span(meta))

    def asked_date(self, meta: Meta, children: list[Any]) -> tree.AskedDate:
        return tree.AskedDate(span=self._span(meta))

    def hs_part(self, meta: Meta, children: list[Any]) -> str:
        return str(children[0])

    def hs_part_of(self, meta: Meta, children: list[Any]) -> tree.HsPart:
        return tree.HsPart(cast(Any, children[0]), children[1], span=self._span(meta))

    def span(self, meta: Meta, children: list[Any]) -> tree.SpanOf:
        return tree.SpanOf(children[0], children[1], span=self._span(meta))

    def span_constant(self, meta: Meta, children: list[Any]) -> tree.SpanOf:
        first, last = children
        return tree.SpanOf(self._date(first), self._date(last), span=self._span(meta))

    def days_in(self, meta: Meta, children: list[Any]) -> tree.DaysIn:
        return tree.DaysIn(children[0], span=self._span(meta))

    def days_common(self, meta: Meta, children: list[Any]) -> tree.DaysIn:
        return tree.DaysIn(children[0], children[1], span=self._span(meta))

    def up_to(self, meta: Meta, children: list[Any]) -> tree.Expr:
        return cast(tree.Expr, children[0])

    def running_total(self, meta: Meta, children: list[Any]) -> tree.RunningTotal:
        body, records, by, until, year, where = children
        return tree.RunningTotal(body, records, by, until, year, where, span=self._span(meta))

    def quantity_in_brackets(self, meta: Meta, children: list[Any]) -> tree.Brackets:
        return tree.Brackets(self.quantity(meta, children), span=self._span(meta))

    def path(self, meta: Meta, children: list[Any]) -> tree.Ref:
        first, *rest = children
        names = [self._name(first)]
        for token in rest:
            span = Span(self._source, (token.start_pos or 0) + 1, token.end_pos or 0)
            names.append(tree.Name(str(token)[1:], span=span))
        return tree.Ref(tuple(names), span=self._span(meta))

    def percent(self, meta: Meta, children: list[Any]) -> tree.PercentLit:
        return tree.PercentLit(Decimal(children[0]), span=self._span(meta))

    def number(self, meta: Meta, children: list[Any]) -> tree.NumberLit:
        return tree.NumberLit(Decimal(children[0]), span=self._span(meta))

    def money(self, meta: Meta, children: list[Any]) -> tree.MoneyLit:
        return tree.MoneyLit(Decimal(children[0]), str(children[1]), span=self._span(meta))

    def quantity(self, meta: Meta, children: list[Any]) -> tree.QuantityLit:
        number, unit = children
        return tree.QuantityLit(Decimal(number), _unit(unit), words=str(unit), span=self._span(meta))

    def hs_code(self, meta: Meta, children: list[Any]) -> tree.HsLit:
        return tree.HsLit(_hs(children[0]), span=self._span(meta))

    def period(self, meta: Meta, children: list[Any]) -> tree.PeriodLit:
        counts = {"year": 0, "month": 0, "day": 0}
        for number, unit in zip(children[::2], children[1::2], strict=True):
            counts[unit.rstrip("s")] += min(self._whole(number), 1_000_000)
        return tree.PeriodLit(
            counts["year"], counts["month"], counts["day"], words=_words(children), span=self._span(meta)
        )

    def date(self, meta: Meta, children: list[Any]) -> tree.DateLit:
        return self._date(children[0])

    def text(self, meta: Meta, children: list[Any]) -> tree.Text:
        return cast(tree.Text, self._text(children[0]))

    def country(self, meta: Meta, children: list[Any]) -> tree.CountryLit:
        return tree.CountryLit(str(children[0]), span=self._span(meta))

    def yes(self, meta: Meta, children: list[Any]) -> tree.YesNoLit:
        return tree.YesNoLit(True, span=self._span(meta))

    def no(self, meta: Meta, children: list[Any]) -> tree.YesNoLit:
        return tree.YesNoLit(False, span=self._span(meta))

    def none(self, meta: Meta, children: list[Any]) -> tree.NoneLit:
        return tree.NoneLit(span=self._span(meta))

    def constant(self, meta: Meta, children: list[Any]) -> tree.Expr:
        sign, value = children
        if sign is None:
            return cast(tree.Expr, value)
        return tree.Negative(value, span=self._span(meta))


WHOLE_NUMBER = Code("not-a-whole-number", "decimals, years, months and days are counted in whole numbers")

_ORDERINGS: dict[str, tree.Ordering] = {
    "exceeds": "gt",
    "does not exceed": "le",
    "is more than": "gt",
    "is at least": "ge",
    "is less than": "lt",
    "is at most": "le",
    "is before": "lt",
    "is after": "gt",
    "is on or before": "le",
    "is on or after": "ge",
}


def _hs(token: Token) -> str:
    """The digits and dots after `HS`."""
    return str(token)[3:].strip()


def _unit(token: Token) -> str:
    return "tonne" if str(token) == "tonnes" else str(token)
