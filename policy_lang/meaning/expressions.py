"""Expressions: names resolved, types found and checked, sugar taken away, in one walk to the core."""

from __future__ import annotations

import calendar
import datetime
import itertools
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from attrs import define, field

from policy_lang.meaning import codes, problems, running, spans
from policy_lang.meaning.names import Grant, NamedDefinition, NamedList, NamedValue, Names, enumeration
from policy_lang.program import core
from policy_lang.program.hs import PARTS
from policy_lang.program.numbers import settle
from policy_lang.program.types import (
    Country,
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
    is_numeric,
    is_ordered,
)
from policy_lang.program.units import factor_between
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.outcome_states import Answers

YES = core.Const(True, YesNo())
NO = core.Const(False, YesNo())


def type_of(expr: core.Expr) -> Type:
    """The type of a core expression; `Absent` fits everywhere and counts as unresolved."""
    match expr:
        case (
            core.Const(type=kind)
            | core.Fact(type=kind)
            | core.Assumed(type=kind)
            | core.Op(type=kind)
            | core.Choose(type=kind)
            | core.Fold(type=kind)
            | core.Call(type=kind)
        ):
            return kind
        case core.At():
            return Date()
        case core.Compare() | core.Member() | core.And() | core.Or() | core.Not():
            return YesNo()
        case core.Absent():
            return Unresolved()
    assert_never(expr)


def same_type(left: Type, right: Type) -> bool:
    """Whether values of both types may meet; whole numbers are numbers."""
    if isinstance(left, Unresolved) or isinstance(right, Unresolved):
        return True
    if isinstance(left, Number) and isinstance(right, Number):
        return True
    if isinstance(left, HsCode) and isinstance(right, HsCode):
        return left.edition == right.edition
    return left == right


def fits(found: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where the other is declared."""
    if isinstance(wanted, Number) and wanted.whole and isinstance(found, Number):
        return found.whole
    if isinstance(wanted, HsCode) and isinstance(found, HsCode):
        return found.edition == wanted.edition and found.digits >= wanted.digits
    return same_type(found, wanted)


def conjunction(parts: list[core.Expr], span: Span) -> core.Expr:
    """All of them; yes when there are none."""
    if not parts:
        return YES
    return parts[0] if len(parts) == 1 else core.And(tuple(parts), span=span)


def window_conditions(window: tree.Window) -> list[core.Expr]:
    """A window as conditions on the date asked about; both ends count."""
    found: list[core.Expr] = []
    if window.start is not None:
        start = core.Const(window.start.value, Date(), span=window.start.span)
        found.append(core.Compare("ge", core.At(span=window.start.span), start, span=window.start.span))
    if window.end is not None:
        end = core.Const(window.end.value, Date(), span=window.end.span)
        found.append(core.Compare("le", core.At(span=window.end.span), end, span=window.end.span))
    return found


@define
class Expressions:
    """Lowers the expressions of one instrument. `subject` is the record in scope, with its parents."""

    names: Names
    subject: str | None = None
    owner: str = ""  # the definition being lowered: gives names to the parts it needs
    purposes: tuple[str, ...] = ()  # those that the instrument serves
    parties: tuple[str, ...] = ()
    extra: dict[str, core.Definition] = field(factory=dict)  # definitions made on the way
    answers: Answers | None = None  # in a property: what the policy answers can be asked about, too

    # ---------------------------------------------------------------- entrance

    def value(self, node: tree.Expr, wanted: Type) -> core.Expr:
        """An expression of a wanted type; a mistake is reported and gives something unresolved."""
        expr = self.lower(node, wanted)
        found = type_of(expr)
        if not fits(found, wanted):
            help_text = ""
            if is_numeric(wanted) and isinstance(node, tree.NumberLit):
                help_text = f"write `{_with_unit(node.value, wanted)}`"
            self.names.say(problems.wrong_type(node.span, wanted, found, help_text))
            return self._unresolved(node.span)
        return expr

    def condition(self, node: tree.Expr) -> core.Expr:
        return self.value(node, YesNo())

    def within(self, record: str | None) -> Expressions:
        """The same with another record in scope."""
        return Expressions(
            self.names, record, self.owner, self.purposes, self.parties, self.extra, self.answers
        )

    def constant(self, node: tree.Expr, wanted: Type) -> core.Const | None:
        """A constant of a wanted type, or None, reported."""
        expr = self.value(node, wanted)
        if isinstance(expr, core.Const):
            return expr if not isinstance(expr.type, Unresolved) else None
        self.names.say(
            problems.WRONG_USE.at(node.span, "only a constant can stand here", help="write the value itself")
        )
        return None

    def _unresolved(self, span: Span) -> core.Const:
        return core.Const(None, Unresolved(), span=span)

    # ---------------------------------------------------------------- the walk

    def lower(self, node: tree.Expr, wanted: Type | None = None) -> core.Expr:
        """The core of one expression. `wanted` only helps to read bare words; it is not enforced."""
        span = node.span
        match node:
            case tree.NumberLit(value=number):
                return core.Const(number, Number(number == number.to_integral_value()), span=span)
            case tree.PercentLit(value=number):
                return core.Const(number, Percent(), span=span)
            case tree.MoneyLit(value=number, currency=currency):
                return core.Const(number, Money(currency), span=span)
            case tree.QuantityLit(value=number, unit=unit):
                if self.names.unit(tree.Name(unit, span=span)) is None:
                    return self._unresolved(span)
                return core.Const(number, Quantity(unit), span=span)
            case tree.PeriodLit(years=years, months=months, days=days):
                return core.Const((years, months, days), Period(), span=span)
            case tree.DateLit(value=date):
                return core.Const(date, Date(), span=span)
            case tree.Text(text=text):
                return core.Const(text, Text(), span=span)
            case tree.CountryLit(code=code):
                return core.Const(self.names.country(tree.Name(code, span=span)), Country(), span=span)
            case tree.HsLit(code=code):
                return codes.constant(self.names, code, span) or self._unresolved(span)
            case tree.YesNoLit(value=yes):
                return core.Const(yes, YesNo(), span=span)
            case tree.NoneLit():
                return core.Const(None, wanted if wanted is not None else Unresolved(), span=span)
            case tree.Ref():
                return self._reference(node, wanted)
            case tree.Brackets(inner=inner):
                return self.lower(inner, wanted)
            case tree.Sum():
                return self._sum(node)
            case tree.Product():
                return self._product(node)
            case tree.Negative(operand=operand):
                return self._negative(node, operand, wanted)
            case tree.PercentOf(percent=percent, operand=operand):
                return self._percent_of("percent_of", self.lower(percent), operand, span)
            case tree.Pick(which=which, left=left, right=right):
                return self._pick(which, left, right, span)
            case tree.DayOfMonth(which=which, operand=operand):
                return spans.first_or_last_day(which, self._dated(operand, DateSpan()), span)
            case tree.DayOfYear(which=which, year=year, operand=operand):
                day = self.value(operand, Date())
                return spans.end_of_year(year, day) if which == "last" else spans.start_of_year(year, day)
            case tree.AskedDate():
                return core.At(span=span)
            case tree.HsPart(part=part, operand=operand):
                return self._hs_part(part, operand, span)
            case tree.SpanOf(first=start, last=last):
                return self._span(start, last, span)
            case tree.DaysIn(operand=operand, other=None):
                return core.Op("days_in", (self.value(operand, DateSpan()),), Number(True), span=span)
            case tree.DaysIn(operand=operand, other=tree_other):
                assert tree_other is not None
                pair = (self.value(operand, DateSpan()), self.value(tree_other, DateSpan()))
                return core.Op("days_common", pair, Number(True), span=span)
            case tree.Converted(operand=operand, unit=unit_name):
                return self._converted(operand, unit_name, span)
            case tree.RunningTotal():
                return self._running_total(node)
            case tree.Rounded():
                return self._rounded(node)
            case tree.OnDate(operand=operand, date=date_node):
                return self._on_date(operand, date_node, span)
            case tree.Aggregate():
                return self._aggregate(node)
            case tree.Ordered(ordering=ordering, left=left, right=right):
                return self._ordered(ordering, left, right, span)
            case tree.Between(operand=operand, lower=lower, upper=upper):
                return core.And(
                    (
                        self._ordered("ge", operand, lower, span),
                        self._ordered("le", operand, upper, span),
                    ),
                    span=span,
                )
            case tree.Is() | tree.IsIn() | tree.Applies() if (asked := self._state(node)) is not None:
                return asked
            case tree.Is():
                return self._is(node)
            case tree.IsIn():
                return self._is_in(node)
            case tree.Applies():
                return self._say_applies(node)
            case tree.InHs(operand=operand, code=code_node, negated=negated):
                return self._in_hs(operand, code_node, negated, span)
            case tree.InYear(operand=operand, year=year, anchor=anchor, negated=negated):
                return spans.in_year(
                    self.value(operand, Date()), year, self.value(anchor, Date()), negated, span
                )
            case tree.Within():
                return self._within(node)
            case tree.IsA():
                return self._is_a(node)
            case tree.HasStatus():
                return self._has_status(node)
            case tree.Quantified():
                return self._quantified(node)
            case tree.Logic(connective=connective, operands=operands):
                parts = tuple(self.condition(operand) for operand in operands)
                return core.And(parts, span=span) if connective == "and" else core.Or(parts, span=span)
            case tree.MixedLogic(operands=operands):
                for operand in operands:
                    self.condition(operand)
                self.names.say(
                    problems.MIXED_AND_OR.at(
                        span,
                        "`and` and `or` stand side by side without brackets",
                        label="two readings",
                        help="put brackets around the part that belongs together",
                    )
                )
                return self._unresolved(span)
            case tree.Negation(operand=operand):
                return core.Not(self.condition(operand), span=span)
        assert_never(node)

    # ---------------------------------------------------------------- states of clauses

    def _state(self, node: tree.Expr) -> core.Expr | None:
        """A condition on the state of a clause, which only a property can have."""
        if self.answers is None:
            return None
        fields = {one.name: one.type for schema in self.scope() for one in schema.fields}

        def in_view(name: str, word: str) -> bool:
            """Whether a value is called so; one that the word is not among is no match for a clause."""
            kind = fields.get(name)
            if kind is None:
                return bool(self.names.entry(name))
            return not word or (isinstance(kind, Enumeration) and word in kind.members)

        return self.answers.state(node, in_view)

    def _say_applies(self, node: tree.Applies) -> core.Expr:
        self.names.say(
            problems.WRONG_USE.at(
                node.span,
                "only a property can ask whether a clause applies",
                label="here",
                help="name a rule, a fact or a status; or write `subject to clause NAME` below a clause",
            )
            if self.answers is None
            else problems.WRONG_USE.at(
                node.operand.span,
                "this is no clause that applies",
                label="not a clause",
                help="name an undertaking of this policy",
            )
        )
        return self._unresolved(node.span)

    # ---------------------------------------------------------------- names

    def scope(self) -> list[core.RecordSchema]:
        """The records in scope: the subject, then its parents."""
        found: list[core.RecordSchema] = []
        name = self.subject
        while name is not None and len(found) < 64:
            schema = self.names.record_schema(name)
            if schema is None:
                break
            found.append(schema)
            name = schema.parent
        return found

    def _reference(self, node: tree.Ref, wanted: Type | None) -> core.Expr:
        first = node.parts[0]
        if len(node.parts) == 1:
            return self._bare(first, wanted)
        records = {schema.name: schema for schema in self.scope()}
        if len(node.parts) == 2 and first.text in records:
            return self._member_of(records[first.text], node.parts[1])
        if len(node.parts) == 2:
            for used in (self.names.own, *self.names.own.uses):
                if used.instrument.name == first.text and node.parts[1].text in used.entries:
                    return self._use_entry(node.parts[1], used.entries[node.parts[1].text])
        if self.names.is_excused(first.text):
            return self._unresolved(node.span)
        if self.names.record_schema(first.text) is not None and len(node.parts) == 2:
            about = f"about `{self.subject}`" if self.subject else "about the instrument itself"
            self.names.say(
                problems.NOT_IN_SCOPE.at(
                    first.span,
                    f"`{first.text}` is not in view here: this is {about}",
                    label="a record of another kind",
                    help=f"say `for {first.text}` (or `on {first.text}`) in the first line, if that is what it is about",
                )
            )
            return self._unresolved(node.span)
        self.names.say(
            problems.unknown(
                problems.UNKNOWN_NAME, first.span, first.text, records, what="no record in view is called"
            )
        )
        return self._unresolved(node.span)

    def _member_of(self, schema: core.RecordSchema, name: tree.Name) -> core.Expr:
        for item in schema.fields:
            if item.name == name.text:
                return core.Fact(schema.name, item.name, item.type, span=name.span)
        for entry in self.names.entry(name.text):
            if isinstance(entry, NamedDefinition) and entry.subject == schema.name:
                return self._use_entry(name, entry)
        if not (self.names.is_excused(name.text) or self._is_damaged(schema.name)):
            known = [item.name for item in schema.fields]
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_FIELD,
                    name.span,
                    name.text,
                    known,
                    what=f"`{schema.name}` has nothing called",
                )
            )
        return self._unresolved(name.span)

    def _is_damaged(self, record: str) -> bool:
        for meant in (self.names.own, *self.names.own.uses):
            item = meant.declared.records.get(record)
            if item is not None and meant.declared.is_damaged(item):
                return True
        return False

    def _bare(self, name: tree.Name, wanted: Type | None) -> core.Expr:
        if isinstance(wanted, Enumeration) and name.text in wanted.members:
            return core.Const(name.text, wanted, span=name.span)
        places: list[tuple[str, core.Expr]] = []
        scope = self.scope()
        for schema in scope:
            for item in schema.fields:
                if item.name == name.text:
                    fact = core.Fact(schema.name, item.name, item.type, span=name.span)
                    places.append((f"{schema.name}.{item.name}", fact))
        entries = self.names.entry(name.text)
        if len(places) + len(entries) > 1:
            if (
                all(isinstance(e, NamedValue) and isinstance(e.expr, core.Assumed) for e in entries)
                and not places
            ):
                return self._unresolved(name.span)  # two assumptions of one name are reported as such
            said = [place for place, _ in places]
            said += [f"{place}.{name.text}" for place, _ in self.names.places(name.text)]
            self.names.say(
                problems.AMBIGUOUS_NAME.at(
                    name.span,
                    f"`{name.text}` could mean {' or '.join(f'`{s}`' for s in said)}",
                    label="which one?",
                    help=f"say which, as in `{said[0]}`",
                )
            )
            return self._unresolved(name.span)
        if places:
            return places[0][1]
        if entries:
            return self._use_entry(name, entries[0])
        if isinstance(wanted, Enumeration):
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_WORD,
                    name.span,
                    name.text,
                    wanted.members,
                    what=f"`{describe(wanted)}` has no word" if wanted.name else "none of the words is",
                )
            )
            return self._unresolved(name.span)
        kinds = self.names.kinds_with(name.text)
        if len(kinds) == 1:
            return core.Const(name.text, enumeration(kinds[0]), span=name.span)
        if kinds:
            self.names.say_ambiguous(name, [kind.name.text for kind in kinds])
            return self._unresolved(name.span)
        if not (self.names.is_excused(name.text) or any(self._is_damaged(s.name) for s in scope)):
            known = [item.name for schema in scope for item in schema.fields]
            known += [*self.names.entry_names(), *self.names.words()]
            known += self.answers.clauses() if self.answers is not None else []
            self._say_unknown(name, known)
        return self._unresolved(name.span)

    def _say_unknown(self, name: tree.Name, known: list[str]) -> None:
        problem = problems.unknown(problems.UNKNOWN_NAME, name.span, name.text, known)
        near = problem.help.removeprefix("did you mean `").removesuffix("`?")
        places = [(entry.span, "a close name, defined here") for entry in self.names.entry(near)]
        self.names.say(
            problems.UNKNOWN_NAME.at(
                name.span, problem.message, label="used here", help=problem.help, related=places[:1]
            )
        )

    def _use_entry(self, name: tree.Name, entry: object) -> core.Expr:
        match entry:
            case NamedValue(expr=core.Assumed(name=assumption, type=kind)):
                return core.Assumed(assumption, kind, span=name.span)
            case NamedValue(expr=core.Fact(field=fact, type=kind)):
                return core.Fact(None, fact, kind, span=name.span)
            case NamedDefinition():
                return self._call(name, entry)
            case NamedList():
                self.names.say(
                    problems.LIST_ALONE.at(
                        name.span,
                        f"`{name.text}` is a list, not a value",
                        label="a list",
                        help=f"ask whether something `is in {name.text}`",
                    )
                )
        return self._unresolved(name.span)

    def _call(self, name: tree.Name, entry: NamedDefinition) -> core.Expr:
        if entry.subject is not None and entry.subject not in {s.name for s in self.scope()}:
            about = f"about `{self.subject}`" if self.subject else "about the instrument itself"
            self.names.say(
                problems.NOT_IN_SCOPE.at(
                    name.span,
                    f"`{name.text}` is about `{entry.subject}`, but this is {about}",
                    label=f"needs one `{entry.subject}`",
                    related=[(entry.span, "defined here")],
                    help=f"a list of them can be summed, counted or asked about: `any of ... is {name.text}`",
                )
            )
            return self._unresolved(name.span)
        call = core.Call(entry.qualified, entry.type, span=name.span)
        answer = self.answers.value(entry.qualified, name.span) if self.answers is not None else None
        if answer is not None:
            return answer
        if entry.instrument != self.names.own.instrument.name:
            used = next(m for m in self.names.own.reach() if m.instrument.name == entry.instrument)
            return guarded(used.instrument, tree.Window(), call, entry.type, name.span)
        return call

    # ---------------------------------------------------------------- arithmetic

    def _numeric(self, node: tree.Expr) -> core.Expr | None:
        """An operand that is a number of some type, or None, reported."""
        expr = self.lower(node)
        found = type_of(expr)
        if isinstance(found, Unresolved):
            return None
        if not is_numeric(found):
            self.names.say(problems.wrong_type(node.span, "a number or an amount", found))
            return None
        return expr

    def _sum(self, node: tree.Sum) -> core.Expr:
        terms = [node.first, *(term for _, term in node.rest)]
        if self._say_unclear_choice(terms):
            return self._unresolved(node.span)
        for term, follower in itertools.pairwise(terms):
            if isinstance(term, tree.PercentOf):
                self.names.say(
                    problems.AMBIGUOUS_SHARE.at(
                        term.span.to(follower.span),
                        "it is not clear what the percentage is taken of",
                        label="two readings",
                        help="put brackets around the percentage or around the sum",
                    )
                )
                return self._unresolved(node.span)
        total = self.lower(node.first)
        added: list[core.Expr] = [total]
        for sign, term in node.rest:
            kind = type_of(total)
            if isinstance(kind, Unresolved):
                self.lower(term)
                return self._unresolved(node.span)
            if isinstance(kind, Date):
                total = self._date_sum(total, sign, term, node.span)
                added = [total]
                continue
            if not is_numeric(kind):
                self.names.say(problems.wrong_type(node.first.span, "a number or an amount", kind))
                return self._unresolved(node.span)
            operand = self.lower(term, kind)
            if not same_type(type_of(operand), kind):
                self._say_unequal(node.first.span, kind, term, type_of(operand), "added or subtracted")
                return self._unresolved(node.span)
            if isinstance(type_of(operand), Unresolved):
                return self._unresolved(node.span)
            both = _joined(kind, type_of(operand))
            if sign == "+":
                added.append(operand)
                total = core.Op("add", tuple(added), both, span=node.span) if len(added) > 1 else operand
            else:
                total = core.Op("subtract", (total, operand), both, span=node.span)
                added = [total]
        return total

    def _say_unclear_choice(self, terms: list[tree.Expr]) -> bool:
        """Whether a `lesser of` or `greater of` runs into what follows it; reported."""
        for term, follower in itertools.pairwise(terms):
            if isinstance(term, tree.Pick):
                self.names.say(
                    problems.AMBIGUOUS_CHOICE.at(
                        term.span.to(follower.span),
                        f"it is not clear where the `{term.which} of` ends",
                        label="two readings",
                        help=f"put brackets around its second part, or around `{term.which} of ...` as a whole",
                    )
                )
                return True
        return False

    def _say_unequal(self, first: Span, kind: Type, node: tree.Expr, other: Type, verb: str) -> None:
        help_text = ""
        if isinstance(node, tree.NumberLit) and is_numeric(kind):
            help_text = f"write `{_with_unit(node.value, kind)}`"
        self.names.say(
            problems.WRONG_TYPE.at(
                node.span,
                f"{problems.a(kind)} and {problems.a(other)} cannot be {verb}",
                label=f"this is {problems.a(other)}",
                related=[(first, f"this is {problems.a(kind)}")],
                help=help_text or _way_to_meet(kind, other),
            )
        )

    def _date_sum(self, total: core.Expr, sign: str, term: tree.Expr, span: Span) -> core.Expr:
        rounding: str | None = None
        period_node = term
        if isinstance(term, tree.Rounded) and term.to is None and term.way in ("up", "down", "never"):
            period_node = term.operand
            rounding = "abort" if term.way == "never" else term.way
        operand = self.lower(period_node)
        kind = type_of(operand)
        if isinstance(kind, Unresolved):
            return self._unresolved(span)
        if isinstance(kind, Date) and sign == "-":
            return core.Op("subtract", (total, operand), Number(True), span=span)
        if not isinstance(kind, Period):
            self.names.say(
                problems.wrong_type(term.span, "a period such as `30 days`", kind, "write `+ 30 days`")
            )
            return self._unresolved(span)
        operator: core.Operator = "add_period" if sign == "+" else "subtract_period"
        return self._moved(total, operator, operand, rounding, term.span, span)

    def _moved(
        self,
        date: core.Expr,
        operator: core.Operator,
        period: core.Expr,
        rounding: str | None,
        place: Span,
        span: Span,
    ) -> core.Expr:
        """A date and a period; where the day may not exist, the text must say which one counts instead."""
        if rounding is None and _may_miss_day(date, period, "+" if operator == "add_period" else "-"):
            self.names.say(
                problems.ROUNDING_NEEDED.at(
                    place,
                    "the month reached may not have that day",
                    label="months or years",
                    help="add `rounded down` (last day of the month) or `rounded up` (first of the next)",
                )
            )
        return core.Op(operator, (date, period), Date(), (rounding or "abort",), span=span)

    def _product(self, node: tree.Product) -> core.Expr:
        if self._say_unclear_choice([node.first, *(term for _, term in node.rest)]):
            return self._unresolved(node.span)
        total = self._numeric(node.first)
        for sign, term in node.rest:
            operand = self._numeric(term)
            if total is None or operand is None:
                total = None
                continue
            total = self._times(total, sign, operand, term, node.span)
        return total if total is not None else self._unresolved(node.span)

    def _times(
        self, total: core.Expr, sign: tree.ProductSign, operand: core.Expr, term: tree.Expr, span: Span
    ) -> core.Expr | None:
        left, right = type_of(total), type_of(operand)
        plain_left, plain_right = isinstance(left, Number), isinstance(right, Number)
        if sign == "*" and (plain_left or plain_right) and Percent() not in (left, right):
            kind = _joined(left, right) if plain_left and plain_right else (right if plain_left else left)
            return core.Op("multiply", (total, operand), kind, span=span)
        if sign == "applied to" and isinstance(left, Percent):
            return core.Op("percent_of", (total, operand), right, span=span)
        if sign == "/" and same_type(left, right):
            return core.Op("divide", (total, operand), Number(), span=span)
        if sign == "/" and plain_right:
            return core.Op("divide", (total, operand), left, span=span)
        if sign == "as percent of" and same_type(left, right):
            return core.Op("as_percent", (total, operand), Percent(), span=span)
        help_text = {
            "*": "a percentage of an amount is written `RATE applied to AMOUNT`"
            if Percent() in (left, right)
            else "multiply by a plain number",
            "/": "divide by an amount of the same type, or by a plain number",
            "applied to": "the left side must be a percentage",
            "as percent of": "both sides must be of the same type",
        }[sign]
        self.names.say(
            problems.WRONG_TYPE.at(
                term.span,
                f"{problems.a(left)} `{sign}` {problems.a(right)} has no meaning",
                label=f"this is {problems.a(right)}",
                help=help_text,
            )
        )
        return None

    def _negative(self, node: tree.Negative, operand: tree.Expr, wanted: Type | None) -> core.Expr:
        expr = self.lower(operand, wanted)
        if isinstance(expr, core.Const) and isinstance(expr.value, Decimal):
            return core.Const(-expr.value, expr.type, span=node.span)
        found = type_of(expr)
        if isinstance(found, Unresolved):
            return expr
        if not is_numeric(found):
            self.names.say(problems.wrong_type(operand.span, "a number or an amount", found))
            return self._unresolved(node.span)
        return core.Op("negate", (expr,), found, span=node.span)

    def _percent_of(
        self, operator: core.Operator, percent: core.Expr, operand: tree.Expr, span: Span
    ) -> core.Expr:
        expr = self._numeric(operand)
        if expr is None:
            return self._unresolved(span)
        return core.Op(operator, (percent, expr), _fractional(type_of(expr)), span=span)

    def _pick(self, which: str, left: tree.Expr, right: tree.Expr, span: Span) -> core.Expr:
        first = self.lower(left)
        kind = type_of(first)
        second = self.lower(right, kind)
        other = type_of(second)
        if isinstance(kind, Unresolved) or isinstance(other, Unresolved):
            return self._unresolved(span)
        if not is_ordered(kind):
            self.names.say(problems.wrong_type(left.span, "a number, an amount or a date", kind))
            return self._unresolved(span)
        if not same_type(kind, other):
            self._say_unequal(left.span, kind, right, other, "compared")
            return self._unresolved(span)
        operator: core.Operator = "lesser" if which == "lesser" else "greater"
        return core.Op(operator, (first, second), _joined(kind, other), span=span)

    def _rounded(self, node: tree.Rounded) -> core.Expr:
        expr = self._numeric(node.operand)
        if expr is None:
            return self._unresolved(node.span)
        kind = type_of(expr)
        multiple: Decimal
        if node.way == "never":
            self.names.say(
                problems.WRONG_USE.at(
                    node.span,
                    "`rounded never` is for dates",
                    label="not a date",
                    help="write it after a period that is added to a date, as in `D + 1 month rounded never`",
                )
            )
            return self._unresolved(node.span)
        match node.to:
            case None:
                self.names.say(
                    problems.WRONG_USE.at(
                        node.span,
                        "this does not say what to round to",
                        label="rounded to what?",
                        help="write `rounded up to 2 decimals`, `to whole number` or `to a multiple of ...`",
                    )
                )
                return self._unresolved(node.span)
            case int(places):
                multiple = Decimal(1).scaleb(-places)
            case "whole":
                multiple = Decimal(1)
            case _:
                constant = self.constant(node.to, kind)
                if constant is None:
                    return self._unresolved(node.span)
                if not isinstance(constant.value, Decimal) or constant.value <= 0:
                    self.names.say(
                        problems.WRONG_USE.at(
                            node.to.span,
                            "a multiple is more than 0",
                            label="this multiple",
                            help="write a positive amount, such as `1000`, in the unit of what is rounded",
                        )
                    )
                    return self._unresolved(node.span)
                multiple = constant.value
        if isinstance(kind, Number):
            kind = Number(multiple == multiple.to_integral_value())
        return core.Op("round", (expr,), kind, (node.way, multiple), span=node.span)

    # ---------------------------------------------------------------- comparisons

    def _ordered(self, ordering: tree.Ordering, left: tree.Expr, right: tree.Expr, span: Span) -> core.Expr:
        first = self._side(left, None)
        kind = type_of(first)
        second = self._side(right, kind)
        other = type_of(second)
        if isinstance(kind, Unresolved) or isinstance(other, Unresolved):
            return self._unresolved(span)
        if isinstance(kind, Period) and isinstance(other, Period):
            return self._unresolved_periods(span)
        if not is_ordered(kind):
            self.names.say(problems.wrong_type(left.span, "a number, an amount or a date", kind))
            return self._unresolved(span)
        if not same_type(kind, other):
            self._say_unequal(left.span, kind, right, other, "compared")
            return self._unresolved(span)
        return core.Compare(ordering, first, second, span=span)

    def _side(self, node: tree.Expr, wanted: Type | None) -> core.Expr:
        """One side of a comparison: a share of something there must be a share of more than nothing (V4)."""
        inner = node
        while isinstance(inner, tree.Brackets):
            inner = inner.inner
        if isinstance(inner, tree.PercentOf):
            return self._percent_of("share_of", self.lower(inner.percent), inner.operand, inner.span)
        expr = self.lower(node, wanted)
        if isinstance(inner, tree.Product) and isinstance(expr, core.Op) and expr.operator == "percent_of":
            return core.Op("share_of", expr.operands, expr.type, span=expr.span)
        return expr

    def _is(self, node: tree.Is) -> core.Expr:
        left = self._side(node.left, None)
        kind = type_of(left)
        right = self._side(node.right, kind)
        other = type_of(right)
        if isinstance(kind, Unresolved) or isinstance(other, Unresolved):
            return self._unresolved(node.span)
        if isinstance(node.right, tree.NoneLit) and not self._is_optional(left):
            self.names.say(
                problems.WRONG_USE.at(
                    node.right.span,
                    "only an optional field can be `none`",
                    label="never none",
                    help="declare the field `optional`, or leave this condition out",
                )
            )
            return self._unresolved(node.span)
        if not same_type(kind, other):
            self._say_unequal(node.left.span, kind, node.right, other, "compared")
            return self._unresolved(node.span)
        if isinstance(kind, (ListOf, Dates)):
            self.names.say(problems.wrong_type(node.left.span, "a single value", kind))
            return self._unresolved(node.span)
        equal: core.Expr
        if isinstance(kind, HsCode) and isinstance(other, HsCode):
            equal = codes.equal(self.names, left, right, node)
        elif isinstance(kind, Period):
            return self._unresolved_periods(node.span)
        elif isinstance(kind, YesNo) and isinstance(right, core.Const):
            equal = left if right.value is True else core.Not(left, span=node.span)
        else:
            equal = core.Compare("eq", left, right, span=node.span)
        return core.Not(equal, span=node.span) if node.negated else equal

    def _is_optional(self, expr: core.Expr) -> bool:
        if not isinstance(expr, core.Fact) or expr.record is None:
            return False
        schema = self.names.record_schema(expr.record)
        return schema is not None and any(f.name == expr.field and f.optional for f in schema.fields)

    def _is_in(self, node: tree.IsIn) -> core.Expr:
        if node.date is not None:
            here = tree.IsIn(node.operand, node.options, node.negated, span=node.span)
            return self._on_date(here, node.date, node.span)
        operand = self.lower(node.operand)
        kind = type_of(operand)
        if isinstance(kind, Unresolved):
            return operand
        if isinstance(kind, Date) and isinstance(node.options, tree.Ref):
            days = self.value(node.options, DateSpan())
            first = core.Op("start_of_span", (days,), Date(), span=node.options.span)
            last = core.Op("end_of_span", (days,), Date(), span=node.options.span)
            return spans.inside(operand, first, last, node.negated, node.span)
        member: core.Expr
        if isinstance(node.options, tuple):
            if isinstance(kind, HsCode):
                parts = [self._in_code(operand, option, node.span) for option in node.options]
                member = core.Or(tuple(parts), span=node.span)
            else:
                options = tuple(self.value(option, kind) for option in node.options)
                member = core.Member(operand, options, span=node.span)
        else:
            named = self.named_list(node.options)
            if named is None:
                return self._unresolved(node.span)
            if not same_type(named.type, kind):
                self._say_unequal(node.operand.span, kind, node.options, named.type, "compared")
                return self._unresolved(node.span)
            if isinstance(kind, HsCode) and not codes.reaches(self.names, kind, named, node):
                return self._unresolved(node.span)
            member = membership(operand, named, node.span)
        return core.Not(member, span=node.span) if node.negated else member

    def named_list(self, ref: tree.Ref) -> NamedList | None:
        """The list that a name stands for, or None, reported."""
        name = ref.parts[-1]
        entries = self.names.entry(name.text) if len(ref.parts) == 1 else []
        places = [place for place, _ in self.names.places(name.text)]
        if len(ref.parts) == 2:
            for used in (self.names.own, *self.names.own.uses):
                if used.instrument.name == ref.parts[0].text and name.text in used.entries:
                    entries = [used.entries[name.text]]
        lists = [entry for entry in entries if isinstance(entry, NamedList)]
        if len(lists) > 1:
            self.names.say_ambiguous(name, places, f"say which, as in `{places[0]}.{name.text}`")
            return None
        if lists:
            return lists[0]
        first = ref.parts[0].text
        if entries or any(first in (s.name, *(f.name for f in s.fields)) for s in self.scope()):
            self.names.say(
                problems.WRONG_USE.at(
                    ref.span,
                    f"`{ref.text}` is not a named list",
                    label="not a list",
                    help="name a list with `means`, or compare single values with `is`",
                )
            )
        elif not self.names.is_excused(name.text):
            known = [n for n in self.names.entry_names() if isinstance(self.names.entry(n)[0], NamedList)]
            self._say_unknown(tree.Name(ref.text, span=ref.span), known)
        return None

    def _is_a(self, node: tree.IsA) -> core.Expr:
        word = node.adjective.text
        if word in ("party", "non_party"):
            operand = self.value(node.operand, Country())
            if not self.parties:
                self.names.say(
                    problems.NO_PARTIES.at(
                        node.adjective.span,
                        "this instrument names no parties",
                        help="add `parties` to its header",
                    )
                )
                return self._unresolved(node.span)
            options = tuple(core.Const(code, Country(), span=node.adjective.span) for code in self.parties)
            member: core.Expr = core.Member(operand, options, "parties", span=node.span)
            negative = (word == "non_party") != node.negated
            return core.Not(member, span=node.span) if negative else member
        return self._is_in(
            tree.IsIn(
                node.operand,
                tree.Ref((node.adjective,), span=node.adjective.span),
                node.negated,
                span=node.span,
            )
        )

    # ---------------------------------------------------------------- codes, units

    def _hs_part(self, part: str, operand: tree.Expr, span: Span) -> core.Expr:
        code = self.lower(operand)
        kind = type_of(code)
        if isinstance(kind, Unresolved):
            return code
        if not isinstance(kind, HsCode):
            self.names.say(problems.wrong_type(operand.span, "an HS code", kind))
            return self._unresolved(span)
        return codes.part(self.names, code, kind, PARTS[part], span) or self._unresolved(span)

    def _in_hs(self, operand: tree.Expr, code: tree.HsLit, negated: bool, span: Span) -> core.Expr:
        inside = self._in_code(self.lower(operand), code, span)
        return core.Not(inside, span=span) if negated else inside

    def _in_code(self, operand: core.Expr, node: tree.Expr, span: Span) -> core.Expr:
        """Whether a code lies in a chapter, heading or subheading."""
        kind = type_of(operand)
        code = self.lower(node)
        if isinstance(kind, Unresolved) or isinstance(type_of(code), Unresolved):
            return self._unresolved(span)
        if not same_type(kind, type_of(code)):
            self._say_unequal(operand.span, kind, node, type_of(code), "compared")
            return self._unresolved(span)
        return codes.inside(self.names, operand, code, span) or self._unresolved(span)

    def _converted(self, operand: tree.Expr, unit_name: tree.Name, span: Span) -> core.Expr:
        expr = self.lower(operand)
        kind = type_of(expr)
        to = self.names.unit(unit_name)
        if isinstance(kind, Unresolved) or to is None:
            return self._unresolved(span)
        if not isinstance(kind, Quantity):
            self.names.say(problems.wrong_type(operand.span, "a quantity with a unit", kind))
            return self._unresolved(span)
        unit = self.names.unit(tree.Name(kind.unit, span=operand.span))
        if unit is None:
            return self._unresolved(span)
        factor = factor_between(unit, to)
        if factor is None:
            self.names.say(
                problems.WRONG_TYPE.at(
                    unit_name.span,
                    f"a quantity in {unit.name} cannot be expressed in {to.name}",
                    label="this measures something else",
                    related=[(operand.span, f"this is a quantity in {unit.name}")],
                    help="if the text fixes a factor, declare it: `unit NAME is 12 kg`",
                )
            )
            return self._unresolved(span)
        return converted(expr, factor, Quantity(to.name), span)

    # ---------------------------------------------------------------- spans, periods, running totals

    def _dated(self, operand: tree.Expr, other: Type) -> core.Expr:
        """A date, or a value of the other type."""
        expr = self.lower(operand)
        kind = type_of(expr)
        if not isinstance(kind, (Date, Unresolved)) and kind != other:
            self.names.say(problems.wrong_type(operand.span, Date(), kind))
            return self._unresolved(operand.span)
        return expr

    def _span(self, start: tree.Expr, last: tree.Expr, span: Span) -> core.Expr:
        ends = (self.value(start, Date()), self.value(last, Date()))
        first_day, last_day = (e.value if isinstance(e, core.Const) else None for e in ends)
        if isinstance(first_day, datetime.date) and isinstance(last_day, datetime.date):
            if first_day <= last_day:
                return core.Const((first_day, last_day), DateSpan(), span=span)
            self.names.say(
                problems.BAD_WINDOW.at(
                    span,
                    f"this ends on {last_day}, before it begins on {first_day}",
                    label="no day lies in it",
                    help="exchange the two dates",
                )
            )
            return self._unresolved(span)
        return core.Op("span", ends, DateSpan(), span=span)

    def _within(self, node: tree.Within) -> core.Expr:
        day, anchor = self.value(node.operand, Date()), self.value(node.anchor, Date())
        if isinstance(type_of(anchor), Unresolved):
            return self._unresolved(node.span)
        period = self.lower(node.period)
        operator: core.Operator = "add_period" if node.which == "after" else "subtract_period"
        end = self._moved(anchor, operator, period, node.rounding, node.period.span, node.span)
        first, last = (anchor, end) if node.which == "after" else (end, anchor)
        return spans.inside(day, first, last, node.negated, node.span)

    def _unresolved_periods(self, span: Span) -> core.Expr:
        self.names.say(
            problems.WRONG_TYPE.at(
                span,
                "two periods are not compared: how long a month is depends on where it begins",
                label="two periods",
                help="add each to a date, and compare the dates",
            )
        )
        return self._unresolved(span)

    def _running_total(self, node: tree.RunningTotal) -> core.Expr:
        return running.total(self, node)

    # ---------------------------------------------------------------- statuses

    def _has_status(self, node: tree.HasStatus) -> core.Expr:
        country = self.value(node.country, Country())
        partner = self.names.country(node.partner)
        known = self.names.look_up("statuses", node.status, "no status is called")
        date = self.value(node.date, Date()) if node.date is not None else None
        good = self.lower(node.good) if node.good is not None else None
        if known is None:
            return self._unresolved(node.span)
        asked: list[core.Expr] = []
        for meant in self.names.own.reach():
            for grant in meant.grants:
                if (grant.status, grant.partner) != (node.status.text, partner):
                    continue
                if grant.purposes and not set(grant.purposes) & set(self.purposes):
                    continue
                asked.append(self._ask(grant, country, good, date, node))
        if not asked:
            return core.Const(False, YesNo(), span=node.span)
        return asked[0] if len(asked) == 1 else core.Or(tuple(asked), span=node.span)

    def _ask(
        self,
        grant: Grant,
        country: core.Expr,
        good: core.Expr | None,
        date: core.Expr | None,
        node: tree.HasStatus,
    ) -> core.Expr:
        fields: list[tuple[str, core.Expr]] = [(grant.country_field, country)]
        definition = grant.definition_any_good
        if good is not None and grant.good_field is not None:
            schema = self.names.record_schema(grant.record)
            wanted = next(
                (f.type for f in schema.fields if f.name == grant.good_field) if schema else iter(()), None
            )
            if wanted is not None and not same_type(type_of(good), wanted):
                assert node.good is not None
                self.names.say(problems.wrong_type(node.good.span, wanted, type_of(good)))
                return self._unresolved(node.span)
            fields.append((grant.good_field, good))
            definition = grant.definition
        bind = core.Bind(grant.record, tuple(fields))
        return core.Call(definition, YesNo(), bind, date, span=node.span)

    # ---------------------------------------------------------------- lists

    def list_of(self, ref: tree.Ref) -> core.Fact | None:
        """The list of records that a name stands for, or None, reported."""
        expr = self.lower(ref)
        if isinstance(type_of(expr), Unresolved):
            return None
        if isinstance(expr, core.Fact) and isinstance(expr.type, ListOf):
            return expr
        self.names.say(problems.wrong_type(ref.span, "a list of records", type_of(expr)))
        return None

    def _aggregate(self, node: tree.Aggregate) -> core.Expr:
        records = self.list_of(node.list)
        if records is None:
            return self._unresolved(node.span)
        assert isinstance(records.type, ListOf)
        element = self.within(records.type.record)
        where = element.condition(node.where) if node.where is not None else None
        if node.kind == "count":
            return core.Fold("count", records, records.type.record, where, None, Number(True), span=node.span)
        assert node.body is not None
        body = element.lower(node.body)
        kind = type_of(body)
        if isinstance(kind, Unresolved):
            return self._unresolved(node.span)
        if not (is_numeric(kind) if node.kind == "sum" else is_ordered(kind)):
            self.names.say(problems.wrong_type(node.body.span, "a number or an amount", kind))
            return self._unresolved(node.span)
        return core.Fold(node.kind, records, records.type.record, where, body, kind, span=node.span)

    def _quantified(self, node: tree.Quantified) -> core.Expr:
        records = self.list_of(node.list)
        if records is None:
            return self._unresolved(node.span)
        assert isinstance(records.type, ListOf)
        body = self.within(records.type.record).condition(node.predicate)
        fold = core.Fold(
            "all" if node.kind == "all" else "any",
            records,
            records.type.record,
            None,
            body,
            YesNo(),
            span=node.span,
        )
        return core.Not(fold, span=node.span) if node.kind == "none" else fold

    # ---------------------------------------------------------------- dates

    def _on_date(self, operand: tree.Expr, date_node: tree.Expr, span: Span) -> core.Expr:
        date = self.value(date_node, Date())
        expr = self.lower(operand)
        if isinstance(type_of(expr), Unresolved) or isinstance(type_of(date), Unresolved):
            return self._unresolved(span)
        if isinstance(expr, core.Call) and expr.at is None and expr.bind is None:
            return core.Call(expr.definition, expr.type, None, date, span=span)
        name = f"{self.owner}#{len(self.extra) + 1}"
        self.extra[name] = core.Definition(
            name,
            self.subject,
            type_of(expr),
            expr,
            instrument=self.names.own.instrument.name,
            span=operand.span,
        )
        return core.Call(name, type_of(expr), None, date, span=span)


def membership(operand: core.Expr, named: NamedList, span: Span) -> core.Expr:
    """Whether a value belongs to a named list, on the date asked about."""
    if named.versions:
        (_, first), *later = named.versions
        cases = tuple(
            core.Case(
                core.Compare("ge", core.At(span=span), core.Const(start, Date(), span=span), span=span),
                membership(operand, version, span),
                span=span,
            )
            for start, version in reversed(later)
        )
        return core.Choose("first", cases, membership(operand, first, span), YesNo(), by_text=True, span=span)
    always = tuple(m.value for m in named.members if m.window == tree.Window())
    parts: list[core.Expr] = []
    if isinstance(named.type, HsCode):
        parts += codes.among(operand, always, named.name, span)
    elif always or not named.members:
        parts.append(core.Member(operand, always, named.name, span=span))
    for member in named.members:
        if member.window != tree.Window():
            conditions = window_conditions(member.window)
            belongs = codes.among(operand, (member.value,), None, span)
            conditions += belongs or [core.Compare("eq", operand, member.value, span=span)]
            parts.append(core.And(tuple(conditions), span=span))
    if named.open:
        parts.append(core.Fact(None, named.name, YesNo(), span=span))
    return parts[0] if len(parts) == 1 else core.Or(tuple(parts), span=span)


def converted(expr: core.Expr, factor: Fraction, kind: Quantity, span: Span) -> core.Expr:
    """A quantity in another unit: multiplied, or divided by the inverse, so that one number is exact."""
    if type_of(expr) == kind:
        return expr
    times, by = settle(factor), settle(1 / factor)
    if isinstance(times, Decimal) or not isinstance(by, Decimal):
        return core.Op("multiply", (expr, core.Const(times, Number(), span=span)), kind, span=span)
    return core.Op("divide", (expr, core.Const(by, Number(), span=span)), kind, span=span)


def guarded(
    instrument: core.Instrument, window: tree.Window, body: core.Expr, kind: Type | None, span: Span
) -> core.Expr:
    """The body while the instrument and the window are in force; else why it is not (rule T5)."""
    cases = force_cases(instrument, window, span)
    if not cases:
        return body
    return core.Choose("first", tuple(cases), body, kind or Text(), span=span)


def force_cases(
    instrument: core.Instrument,
    window: tree.Window,
    span: Span,
    suspended: Iterable[tree.Suspended] = (),
) -> list[core.Case]:
    """The cases in which something is not in force or suspended, each with its reason."""
    name = instrument.short_title or instrument.title or instrument.name
    cases: list[core.Case] = []

    def add(comparison: core.Comparison, date: object, code: str, message: str) -> None:
        when = core.Compare(comparison, core.At(span=span), core.Const(date, Date(), span=span), span=span)  # type: ignore[arg-type]
        cases.append(core.Case(when, core.Absent("not in force", code, message, span=span), span=span))

    if instrument.never_in_force:
        message = f"{name} is not in force"
        cases.append(
            core.Case(YES, core.Absent("not in force", "never-in-force", message, span=span), span=span)
        )
    if instrument.in_force is not None:
        message = f"{name} is in force only from {instrument.in_force}"
        add("lt", instrument.in_force, "not-yet-in-force", message)
    if instrument.until is not None:
        add("gt", instrument.until, "ended", f"{name} was in force only until {instrument.until}")
    if window.start is not None:
        add("lt", window.start.value, "not-yet-in-force", f"this clause applies from {window.start.value}")
    if window.end is not None:
        add("gt", window.end.value, "ended", f"this clause applied until {window.end.value}")
    if instrument.term is not None:  # last: what a date decides needs no event
        over = core.Compare("gt", core.At(span=span), instrument.term.last_day, span=span)
        message = f"the term of {name} is over, and is not extended to this date"
        cases.append(core.Case(over, core.Absent("not in force", "ended", message, span=span), span=span))
    pauses = [(name, pause) for pause in instrument.suspended]
    for line in suspended:
        days = (line.window.start, line.window.end)
        pauses.append(("this clause", tuple(day.value if day is not None else None for day in days)))  # type: ignore[arg-type]
    for what, (start, end) in pauses:
        said = f"{what} is suspended from {start}" + (f" until {end}" if end is not None else "")
        bounds = [("ge", start)] if start is not None else []
        bounds += [("le", end)] if end is not None else []
        when = conjunction(
            [
                core.Compare(way, core.At(span=span), core.Const(day, Date(), span=span), span=span)  # type: ignore[arg-type]
                for way, day in bounds
            ],
            span,
        )
        absent = core.Absent("suspended", "suspended", said, span=span)
        cases.append(core.Case(when, absent, span=span))
    return cases


def force_conditions(
    instrument: core.Instrument,
    window: tree.Window,
    span: Span,
    suspended: Iterable[tree.Suspended] = (),
) -> list[core.Expr]:
    """The same as plain conditions: a status granted by what is not in force is simply not granted."""
    return [core.Not(case.when, span=span) for case in force_cases(instrument, window, span, suspended)]


def suspensions(clause: tree.Clause) -> list[tree.Suspended]:
    """The lines of a clause that suspend it."""
    return [line for line in clause.lines if isinstance(line, tree.Suspended)]


def _way_to_meet(left: Type, right: Type) -> str:
    """How values of two types may be brought together."""
    match left, right:
        case (Money(), Money()) | (Quantity(), Quantity()) | (HsCode(), _) | (_, ListOf()):
            return problems.way_to(left, right)
        case (Enumeration(), Enumeration()):
            return "two kinds of words have nothing in common; compare each with its own words"
        case _:
            return "both sides must be of the same type"


def _joined(left: Type, right: Type) -> Type:
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(left.whole and right.whole)
    return left


def _fractional(kind: Type) -> Type:
    return Number() if isinstance(kind, Number) else kind


def _may_miss_day(date: core.Expr, period: core.Expr, sign: str) -> bool:
    if isinstance(date, core.Op) and date.operator == "first_of_month":
        return False
    known = date.value if isinstance(date, core.Const) and isinstance(date.value, datetime.date) else None
    if not isinstance(period, core.Const) or not isinstance(period.value, tuple):
        return known is None or known.day > 28
    years, months = period.value[:2]
    assert isinstance(years, int)
    assert isinstance(months, int)
    return misses_day(known, (12 * years + months) * (1 if sign == "+" else -1))


def misses_day(date: datetime.date | None, *months: int) -> bool:
    """Whether a month that lies so many months after a date, or after any date, may not have its day (rule V6)."""
    if not any(months) or (date is not None and date.day <= 28):
        return False
    if date is None:
        return True
    for count in months:
        year, month = divmod(date.year * 12 + date.month - 1 + count, 12)
        year = min(max(year, datetime.MINYEAR), datetime.MAXYEAR)  # beyond them the date is an error anyway
        if date.day > calendar.monthrange(year, month + 1)[1]:
            return True
    return False


def _with_unit(value: Decimal, wanted: Type) -> str:
    match wanted:
        case Money(currency=currency):
            return f"{value} {currency}"
        case Quantity(unit=unit):
            return f"{value} {unit}"
        case Percent():
            return f"{value} %"
        case _:
            return str(value)
