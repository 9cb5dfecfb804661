"""All facts that programs can be asked about, as unknowns of the solver; and facts read back from its answers."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import z3
from attrs import define, field, frozen

from policy_lang.backends.prove.days import LAST, Days
from policy_lang.backends.prove.forms import (
    Content,
    Form,
    NotLowered,
    Truth,
    any_of,
    are_one,
    is_formula,
)
from policy_lang.program.core import Assumption, Bounds, CaseFact, Const, FieldSchema, Plain, Program
from policy_lang.program.countries import COUNTRIES, DEPENDENT
from policy_lang.program.hs import canonical
from policy_lang.program.numbers import settle
from policy_lang.program.schema import every
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Number,
    Period,
    Text,
    Type,
    YesNo,
    describe,
    is_numeric,
)

Step: TypeAlias = "str | int"
Place: TypeAlias = tuple[Step, ...]
"""The way to a fact: `("vehicle", "chains", 0, "value")`."""

FactKind: TypeAlias = Literal["yes or no", "number", "date", "word", "length", "asked"]

MOST_ELEMENTS = 3
MOST_EVENTS = 3
LONGEST_PERIOD = 100
OTHER_TEXTS = ("another text", "yet another text", "a third text")
"""Texts that no policy names; two facts may be the same text, or not."""
KNOWN = "known"
"""The part of a fact that says whether it is given."""
LIMITED, UNTIL = "limited", "until"
"""The parts of an event that say whether its dates are known up to some day only, and which."""


@frozen(eq=False)
class Unknown:
    """One fact, or a part of one, that the solver may choose.

    `part` tells which part of a span, a period or an event's dates it is; or that it says whether the fact is the
    known `none`, or whether it is given (`KNOWN`).
    """

    place: Place
    kind: FactKind
    type: Type
    variable: Any
    part: str = ""
    whole: bool = False
    decimals: int | None = None
    options: tuple[str, ...] = ()
    inside: tuple[tuple[Any, int], ...] = ()  # lengths of lists, and which element of each it stands in
    where: tuple[str, ...] = ()  # the same in words: `chain 1`, `step 2`
    said: str = ""  # of what stands for an expression: its words
    denied: str = ""  # of the same: where these are a whole sentence, that which denies it
    there: Any = None  # of the same: when it has a value
    reason: str = ""  # of the same: it says whether there is none for this reason
    name: str = field(init=False)  # what the solver calls it

    @name.default
    def _name_of_variable(self) -> str:
        if self.variable is None:
            return ""  # it only tells of what kind others are
        return str(self.variable.decl().name())  # writing the variable out takes far longer

    @property
    def sort(self) -> str:
        """What tells two numbers of one place apart."""
        return describe(self.type) if self.kind == "number" else ""


@define(eq=False)
class Record:
    """A record in a case: one of the facts, one made for a call, or one of which nothing is known."""

    name: str
    place: Place
    inside: tuple[tuple[Any, int], ...] = ()
    made: Mapping[str, Form] | None = None
    is_bare: bool = False  # nothing is known of it


@define(eq=False)
class Space:
    """The facts of one program, or those that two programs share.

    In a `partial` space every fact may be missing; otherwise all are given, but for what facts may say of territories of
    which the texts say something, too.
    """

    programs: tuple[Program, ...]
    most: int = MOST_ELEMENTS
    partial: bool = False
    first_day: int = 1
    last_day: int = LAST
    days: Days = field(factory=Days)
    unknowns: dict[str, Unknown] = field(factory=dict)
    valid: list[Any] = field(factory=list)
    words: dict[str, int] = field(init=False)
    names: list[str] = field(init=False)
    _forms: dict[tuple[Place, str], Form] = field(factory=dict)
    _records: dict[Place, Record] = field(factory=dict)
    _known: dict[Place, Any] = field(factory=dict)
    _left_to_texts: list[Any] = field(
        factory=list
    )  # that the facts do not overrule what all texts say of territories
    _asked: dict[Place, list[Form]] = field(factory=dict)  # what any or all of a list is asked, and gives
    _measured: set[Place] = field(factory=set)  # lists of which a sum, a number or an extreme is taken
    codes: tuple[str, ...] = field(init=False)
    texts: tuple[str, ...] = field(init=False)
    numbers: tuple[Fraction, ...] = field(init=False)
    dates: tuple[int, ...] = field(init=False)
    mentioned: frozenset[str] = field(init=False)
    at: Form = field(init=False)
    _fields: dict[tuple[str, str], list[FieldSchema]] = field(init=False)
    _case: dict[str, list[CaseFact]] = field(init=False)
    _order: dict[tuple[str, str], int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.names = sorted(COUNTRIES)
        self.words = {name: n for n, name in enumerate(self.names)}
        plain: dict[Any, None] = {}
        codes: dict[str, None] = {}
        texts: dict[str, None] = {}
        for value, kind in _constants(self.programs):
            parts = value if isinstance(value, tuple) else (value,)
            plain.update(dict.fromkeys(part for part in parts if not isinstance(part, bool)))
            if isinstance(kind, HsCode):
                codes.update(dict.fromkeys(str(part) for part in parts))
            elif isinstance(kind, Text):
                texts.update(dict.fromkeys(str(part) for part in parts))
        self.codes, self.texts = tuple(codes), tuple(texts)
        numbers = {Fraction(one) for one in plain if isinstance(one, (Decimal, Fraction))}
        days = {one.toordinal() for one in plain if isinstance(one, datetime.date)}
        self._fields, self._case, self._order = {}, {}, {}
        for program in self.programs:
            for record in program.records:
                for one in record.fields:
                    self._order.setdefault((record.name, one.name), len(self._order))
                    self._fields.setdefault((record.name, one.name), []).append(one)
                    for end in (one.bounds.lower, one.bounds.upper):
                        if isinstance(end, datetime.date):
                            days.add(end.toordinal())
                        elif end is not None:
                            numbers.add(Fraction(end))
            for fact in program.case_facts:
                self._case.setdefault(fact.name, []).append(fact)
        self.numbers, self.dates = tuple(sorted(numbers)), tuple(sorted(days))
        stated = {territory for program in self.programs for territory, _, _ in program.territories}
        self.mentioned = frozenset(one for one in plain if isinstance(one, str)) | stated
        asked = self._add(("the date asked about",), "asked", Date())
        self.valid.append(z3.And(asked.variable >= self.first_day, asked.variable <= self.last_day))
        self.at = Form(asked.variable)

    @property
    def has_lists(self) -> bool:
        """Whether a list has been asked about that may hold more than are looked at."""
        return any(one.kind == "length" and not isinstance(one.type, Dates) for one in self.unknowns.values())

    @property
    def stands_for_any_length(self) -> bool:
        """Whether what is shown of lists of up to `most` elements is shown of lists of any length.

        Where a list is only asked whether something is so of any or all of its elements, each such question keeps its
        answer when all elements are taken out but one that decides it; or that has the reason why there is no answer,
        and another one why it may never have one. So facts that show a difference are left with no more elements than
        there are questions, or twice as many where facts may be missing. It holds of inner lists first, then of outer
        ones.
        """
        each = 2 if self.partial else 1
        return not self._measured and all(each * len(forms) <= self.most for forms in self._asked.values())

    def ask(self, record: Record, list_field: str, form: Form | None) -> None:
        """Notes that any or all of a list are asked something that gives `form`; without one, that it is measured."""
        place = (*record.place, list_field)
        if form is None:
            self._measured.add(place)
            return
        before = self._asked.setdefault(place, [])
        depends = any(is_formula(one) for one in (form.content, *form.gone.values()))
        if depends and not any(are_one(form, other) for other in before):
            before.append(form)

    # ------------------------------------------------------------------------------------- words

    def word(self, text: str) -> int:
        """The number of a word."""
        number = self.words.get(text)
        if number is None:
            number = self.words[text] = len(self.names)
            self.names.append(text)
        return number

    # ------------------------------------------------------------------------------------ records

    def root(self, name: str) -> Record:
        """The record of that kind that the facts give."""
        return self._record(name, (name,), ())

    def slots(self, record: Record, list_field: str) -> int:
        """How many elements of a list are looked at, at most."""
        del record, list_field
        return self.most

    def element(self, record: Record, list_field: str, kind: str, index: int) -> Record:
        """One element of a list, counted from 0."""
        if record.made is not None:
            raise NotLowered("a list of a record that is made on the spot")
        count = self.length(record, list_field)
        return self._record(kind, (*record.place, list_field, index), (*record.inside, (count, index)))

    def _record(self, name: str, place: Place, inside: tuple[tuple[Any, int], ...]) -> Record:
        found = self._records.get(place)
        if found is None:
            found = self._records[place] = Record(name, place, inside)
        return found

    def bare(self, kind: str) -> Record:
        """The record of which nothing is known: the element of a list that is not given."""
        found = self._record(kind, (f"any {kind}",), ())
        found.is_bare = True
        return found

    def is_known(self, place: Place, inside: tuple[tuple[Any, int], ...]) -> Truth:
        """Whether a fact is given."""
        return self._mark(place, inside) if self.partial else True

    def is_said(self, territory: str, *, agreed: bool) -> Any:
        """Whether the facts say of a territory whether it counts, and so overrule the texts; `agreed`: these say the same."""
        place: Place = ("territories", territory)
        is_new = place not in self._known
        said = self._mark(place, ())
        if is_new and agreed and not self.partial:
            self._left_to_texts.append(z3.Not(said))
        return said

    def _mark(self, place: Place, inside: tuple[tuple[Any, int], ...]) -> Any:
        if place not in self._known:
            self._known[place] = self._add(place, "yes or no", YesNo(), KNOWN, inside=inside).variable
        return self._known[place]

    def length(self, record: Record, list_field: str) -> Any:
        """How many elements a list has; none where it is not given."""
        place = (*record.place, list_field)
        key = (place, "length")
        if key not in self._forms:
            one = self._add(place, "length", Number(whole=True), inside=record.inside)
            self.valid.append(z3.And(one.variable >= 0, one.variable <= self.most))
            if self.partial:
                self.valid.append(z3.Or(self.is_known(place, record.inside), one.variable == 0))
            self._forms[key] = Form(one.variable)
        return self._forms[key].content

    # -------------------------------------------------------------------------------------- facts

    def fact(self, record: Record, name: str, kind: Type) -> Form:
        """The form of a field of a record in the facts."""
        if record.made is not None:
            return record.made[name]
        declared = [one for one in self._fields.get((record.name, name), []) if _alike(one.type, kind)]
        bounds = [one.bounds for one in declared]
        optional = bool(declared) and all(one.optional for one in declared)
        kinds = [one.type for one in declared] or [kind]
        return self._form((*record.place, name), kinds, bounds, optional, record.inside)

    def case_fact(self, name: str, kind: Type) -> Form:
        """The form of a fact about the whole case."""
        return self._form((name,), [kind], [], False, ())

    def counted(self, territory: str) -> Any:
        """Whether the facts count a territory with its sovereign."""
        return self._form(("territories", territory), [YesNo()], [], False, ()).content

    def _form(
        self,
        place: Place,
        kinds: list[Type],
        bounds: list[Bounds],
        optional: bool,
        inside: tuple[tuple[Any, int], ...],
    ) -> Form:
        key = (place, _sort(kinds[0]))
        if key not in self._forms:
            content = self._content(place, kinds, bounds, inside)
            none: Truth = False
            if optional:
                none = self._add(place, "yes or no", YesNo(), "none", inside=inside).variable
            self._forms[key] = Form(content, none=none)
        return self._forms[key]

    def _content(
        self,
        place: Place,
        kinds: list[Type],
        bounds: list[Bounds],
        inside: tuple[tuple[Any, int], ...],
    ) -> Content:
        kind = kinds[0]

        def day(part: str) -> Any:
            one = self._add(place, "date", Date(), part, inside=inside)
            self.valid.append(z3.And(one.variable >= self.first_day, one.variable <= self.last_day))
            return one.variable

        match kind:
            case YesNo():
                return self._add(place, "yes or no", kind, inside=inside).variable
            case Date():
                variable = day("")
                self._bound(variable, bounds)
                return variable
            case DateSpan():
                first, last = day("first"), day("last")
                self.valid.append(first <= last)
                return first, last
            case Period():
                parts = []
                for part in ("years", "months", "days"):
                    one = self._add(place, "number", Number(whole=True), part, whole=True, inside=inside)
                    self.valid.append(z3.And(one.variable >= 0, one.variable <= LONGEST_PERIOD))
                    parts.append(z3.ToInt(one.variable))
                return tuple(parts)
            case Dates():
                count = self._add(place, "length", kind, "count", inside=inside).variable
                self.valid.append(z3.And(count >= 0, count <= MOST_EVENTS))
                days = [day(str(n)) for n in range(MOST_EVENTS)]
                self.valid.extend(a < b for a, b in itertools.pairwise(days))
                return (self._known_until(place, count, inside), count, *days)
            case _ if is_numeric(kind):
                limits = [one.decimals for one in bounds if one.decimals is not None]
                whole = any(isinstance(one, Number) and one.whole for one in kinds)
                decimals = min(limits) if limits else None
                one = self._add(place, "number", kind, whole=whole, decimals=decimals, inside=inside)
                self._bound(one.variable, bounds)
                if whole:
                    self.valid.append(z3.IsInt(one.variable))
                return one.variable
            case _:
                options = self._options(kinds)
                one = self._add(place, "word", kind, options=options, inside=inside)
                self.valid.append(self.among(one.variable, options))
                return one.variable

    def _known_until(self, place: Place, count: Any, inside: tuple[tuple[Any, int], ...]) -> Content:
        """The last day up to which all dates of an event are known; the day before the first if none is."""
        if not self.partial:
            return LAST
        given = self.is_known(place, inside)
        limited = self._add(place, "yes or no", YesNo(), LIMITED, inside=inside).variable
        until = self._add(place, "date", Date(), UNTIL, inside=inside).variable
        self.valid += [z3.And(until >= 1, until <= LAST), z3.Or(given, count == 0)]
        return z3.If(given, z3.If(limited, until, LAST), 0)

    def _options(self, kinds: list[Type]) -> tuple[str, ...]:
        kind = kinds[0]
        match kind:
            case Country():
                return tuple(sorted(COUNTRIES))
            case Enumeration():
                both = [one.members for one in kinds if isinstance(one, Enumeration)]
                return tuple(word for word in both[0] if all(word in members for members in both))
            case HsCode():
                return _codes_like(self.codes, kind.digits)
            case Text():
                return (*self.texts, *OTHER_TEXTS)
            case _:
                raise NotLowered(f"a fact that is a {describe(kind)}")

    def among(self, variable: Any, options: Iterable[str]) -> Any:
        """The word is one of these; stretches of numbers are compared at their ends only."""
        numbers = sorted(self.word(one) for one in options)
        stretches: list[list[int]] = []
        for number in numbers:
            if stretches and number == stretches[-1][1] + 1:
                stretches[-1][1] = number
            else:
                stretches.append([number, number])
        return any_of(z3.And(variable >= a, variable <= b) if a < b else variable == a for a, b in stretches)

    def _bound(self, variable: Any, bounds: list[Bounds]) -> None:
        for one in bounds:
            lower, upper = _limit(one.lower), _limit(one.upper)
            if lower is not None:
                self.valid.append(variable > lower if one.lower_open else variable >= lower)
            if upper is not None:
                self.valid.append(variable < upper if one.upper_open else variable <= upper)

    def _add(
        self,
        place: Place,
        kind: FactKind,
        type_: Type,
        part: str = "",
        *,
        whole: bool = False,
        decimals: int | None = None,
        options: tuple[str, ...] = (),
        inside: tuple[tuple[Any, int], ...] = (),
    ) -> Unknown:
        name = ".".join(str(step) for step in place) + f":{kind}" + (f":{part}" if part else "")
        name += f":{describe(type_)}" if kind == "number" else ""
        if kind == "yes or no":
            variable: Any = z3.Bool(name)
        else:
            variable = z3.Real(name) if kind == "number" else z3.Int(name)
        where = self.where(place)
        found = Unknown(place, kind, type_, variable, part, whole, decimals, options, inside, where)
        self.unknowns[name] = found
        return found

    def where(self, place: Place) -> tuple[str, ...]:
        """The elements of lists that a place lies in, in words: `chain 1`, `step 2`."""
        holders = [self._records.get(place[: n + 1]) for n, step in enumerate(place) if isinstance(step, int)]
        return tuple(
            f"{one.name.replace('_', ' ')} {int(one.place[-1]) + 1}" for one in holders if one is not None
        )

    def rank(self, one: Unknown) -> tuple[bool, int, int]:
        """Where a fact stands among others when they are listed: as declared, outer ones first, the date last."""
        holder = self._records.get(one.place[:-1])
        declared = len(self._order) if holder is None else self._order.get((holder.name, str(one.place[-1])))
        return one.kind == "asked", len(one.inside), len(self._order) if declared is None else declared

    def without_territories(self, unknowns: Iterable[Unknown]) -> list[Any]:
        """That no country among these is a territory of another, except those that the programs name.

        Where they all say the same of one, so do the facts.
        """
        left_out = [self.word(one) for one in DEPENDENT if one not in self.mentioned]
        countries = [one.variable for one in unknowns if isinstance(one.type, Country)]
        return [*self._left_to_texts, *(one != number for one in countries for number in left_out)]

    # ----------------------------------------------------------------------------------- read back

    def background(self) -> list[Any]:
        """What holds for all facts that are accepted, and by the calendar."""
        return [*self.valid, *self.days.known]


def value_in(model: Any, one: Unknown) -> Any:
    """What the solver chose: `bool`, `Fraction` or `int`. A number that is no fraction gives None."""
    found = model.eval(one.variable, model_completion=True)
    if one.kind == "yes or no":
        return z3.is_true(found)
    if one.kind == "number":
        return Fraction(found.as_fraction()) if z3.is_rational_value(found) else None
    return found.as_long()


def written(space: Space, one: Unknown, value: Any) -> Any:
    """A chosen value as facts are written."""
    if one.kind == "yes or no":
        return value
    if one.kind == "number":
        number = settle(value)
        return int(number) if isinstance(number, Decimal) and number == int(number) else str(number)
    if one.kind in ("date", "asked"):
        return datetime.date.fromordinal(value).isoformat()
    if one.kind == "word":
        return space.names[value]
    return value


def territory_of(place: Place) -> str | None:
    """The territory that a fact is about."""
    return str(place[1]) if place[0] == "territories" and len(place) == 2 else None


def _constants(programs: tuple[Program, ...]) -> Iterable[tuple[Plain, Type]]:
    for program in programs:
        bodies = [one.body for one in program.definitions]
        for outcome in program.outcomes:
            bodies.append(outcome.body)
            bodies.extend(one.state for one in outcome.defences)
            if outcome.schedule is not None:
                bodies.extend(outcome.schedule.expressions)
        bodies.extend(check for record in program.records for check, _ in record.checks)
        bodies.extend(one for stated in program.properties for one in stated.expressions)
        assumed: tuple[Assumption, ...] = program.assumptions
        for expr in [*(one.value for one in assumed), *(e for body in bodies for e in every(body))]:
            if isinstance(expr, Const) and expr.value is not None:
                yield expr.value, expr.type


def _alike(a: Type, b: Type) -> bool:
    return _sort(a) == _sort(b)


def _sort(kind: Type) -> str:
    """Facts of one place share an unknown where this is the same."""
    if isinstance(kind, Enumeration):
        return "enumeration"
    if isinstance(kind, (Number, ListOf)):
        return type(kind).__name__
    return describe(kind)


def _limit(end: Decimal | datetime.date | None) -> Any:
    if end is None:
        return None
    return end.toordinal() if isinstance(end, datetime.date) else z3.RealVal(str(Fraction(end)))


def _codes_like(codes: tuple[str, ...], digits: int) -> tuple[str, ...]:
    """Codes that meet every prefix that is asked about, and some that meet none."""
    found: dict[str, None] = {}
    for code in codes:
        bare = code.replace(".", "")
        if len(bare) >= digits:
            found[code] = None
        for cut in range(2, len(bare) + 1, 2):
            for filler in ("00", "98"):
                text = bare[:cut]
                while len(text) < max(digits, 6):
                    text += filler
                spelled = canonical(text)
                if spelled is not None:
                    found[spelled] = None
    other = canonical("9797979797"[: max(digits, 6)])
    assert other is not None
    found[other] = None
    return tuple(found)
