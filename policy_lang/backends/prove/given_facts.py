"""The facts of one case as a space: what is given, may be changed; what is not known, may be filled in.

Each fact is a `Leaf`. A leaf that must stay as it is, is a plain value in the formulas. An unknown fact that nobody
fills in gives no value, as for the evaluator; but it is taken as wholly unknown, where the evaluator knows its limits.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias, cast

import z3
from attrs import define, field

from policy_lang.backends.prove.days import LAST
from policy_lang.backends.prove.forms import (
    Form,
    NotLowered,
    Truth,
    all_of,
    any_of,
    formula,
    opposite,
    plain_content,
    worst,
)
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.backends.prove.space import MOST_EVENTS, Place, Record, Space, Unknown
from policy_lang.program.core import CaseFact, Compare, FieldSchema, Fold, Plain, Program
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.schema import type_of
from policy_lang.program.types import Country, Date, ListOf, Type, describe

Role: TypeAlias = Literal["fact", "list", "element"]

NOT_GIVEN = object()
"""Stands where nothing is known of a fact."""

AS_OF: Place = ("as_of",)
_NEW_ELEMENTS = 1
_NEW_ELEMENTS_OF_UNKNOWN = 2


@define(eq=False)
class Leaf:
    """One fact of the case, a list that is not known, or an element of a list that may come or go.

    `given` is what the facts say, `NOT_GIVEN` where they do not say. `moved` holds when the fact is another than
    given, or, where nothing is given, when it is filled in; for an element, when it was added or removed.
    """

    place: Place
    role: Role
    type: Type
    given: object
    moved: Any
    unknowns: list[Unknown] = field(factory=list)
    schema: FieldSchema | CaseFact | None = None
    is_fixed: bool = False
    of_given_list: bool = False  # an element that is added to a list that is given, or removed from it

    @property
    def is_filled_in(self) -> bool:
        """Whether moving it means to say what was not known."""
        return self.given is NOT_GIVEN


@define(eq=False)
class GivenSpace(Space):
    """The facts of one case. `is_fixed` tells of a place whether it must stay as it is.

    `with_elements`: elements may be added to lists that are given, and removed from them.
    """

    facts: Facts = field(factory=Facts)
    as_of: datetime.date = datetime.date.min
    is_fixed: Callable[[Place], bool] = field(default=bool)
    with_elements: bool = False
    leaves: dict[Place, Leaf] = field(factory=dict)

    @classmethod
    def of(
        cls,
        program: Program,
        facts: Facts,
        as_of: datetime.date,
        is_fixed: Callable[[Place], bool],
        with_elements: bool,
    ) -> GivenSpace:
        """The space of these facts. Raises `NotLowered` for facts that it cannot hold."""
        space = cls((program,), facts=facts, as_of=as_of, is_fixed=is_fixed, with_elements=with_elements)
        words = {value for value in _texts(facts) if value}
        space.codes = tuple(
            dict.fromkeys([*space.codes, *(one for one in sorted(words) if one[0].isdigit())])
        )
        space.texts = tuple(dict.fromkeys([*space.texts, *sorted(words)]))
        if is_fixed(AS_OF):
            space.at = Form(as_of.toordinal())
        else:
            leaf = space._leaf(AS_OF, "fact", Date(), as_of)
            leaf.unknowns.append(next(one for one in space.unknowns.values() if one.kind == "asked"))
            space.valid.append(z3.Or(leaf.moved, space.at.content == as_of.toordinal()))
        return space

    def _leaf(self, place: Place, role: Role, kind: Type, given: object) -> Leaf:
        moved = z3.Bool("moved:" + ".".join(map(str, place)) + f":{role}")
        leaf = Leaf(place, role, kind, given, moved, is_fixed=self.is_fixed(place))
        if leaf.is_fixed:
            leaf.moved = False
        self.leaves[place] = leaf
        return leaf

    # -------------------------------------------------------------------------------------- lists

    def slots(self, record: Record, list_field: str) -> int:
        """How many elements of a list are looked at: those given, and some more that may be added."""
        given = self.value_at((*record.place, list_field))
        if not isinstance(given, tuple):
            return _NEW_ELEMENTS_OF_UNKNOWN
        return len(given) + (_NEW_ELEMENTS if self.with_elements else 0)

    def element(self, record: Record, list_field: str, kind: str, index: int) -> Record:
        """One element of a list; whether it is there is for the solver to say."""
        if record.made is not None:
            raise NotLowered("a list of a record that is made on the spot")
        place = (*record.place, list_field, index)
        found = self._records.get(place)
        if found is None:
            count: Any = 1
            if not isinstance(self.value_at(place[:-1]), tuple) or self.with_elements:
                there = formula(self._is_there(kind, place))
                count = z3.If(there, z3.IntVal(1), z3.IntVal(0))
            found = self._record(kind, place, (*record.inside, (count, 0)))
        return found

    def _is_there(self, kind: str, place: Place) -> Truth:
        given = self.value_at(place[:-1])
        leaf = self._leaf(place, "element", ListOf(kind), self.value_at(place))
        leaf.of_given_list = isinstance(given, tuple)
        if leaf.given is not NOT_GIVEN:
            return opposite(leaf.moved)
        before = self.leaves.get((*place[:-1], int(place[-1]) - 1))
        if before is not None and before.given is NOT_GIVEN:
            self.valid.append(formula(any_of((opposite(leaf.moved), before.moved))))  # they come in order
        return all_of((leaf.moved, opposite(self.unknown_list(place[:-1]))))

    def length(self, record: Record, list_field: str) -> Any:
        """Lengths are not used here: each element is there or not."""
        raise NotLowered(f"the length of {record.name}.{list_field}")

    def unknown_list(self, place: Place) -> Truth:
        """When nothing is known of a list."""
        if isinstance(self.value_at(place), tuple):
            return False
        leaf = self.leaves.get(place)
        if leaf is None:
            leaf = self._leaf(place, "list", ListOf(""), NOT_GIVEN)
        return opposite(leaf.moved)

    # -------------------------------------------------------------------------------------- facts

    def value_at(self, place: Place) -> object:
        """What the facts say at a place; `NOT_GIVEN` where they do not say."""
        at: object = self.facts.subjects.get(str(place[0]), NOT_GIVEN)
        for step in place[1:]:
            if isinstance(at, Given):
                at = at.values.get(str(step), NOT_GIVEN)
            elif isinstance(at, tuple) and isinstance(step, int) and step < len(at):
                at = at[step]
            else:
                return NOT_GIVEN
        return at

    def case_fact(self, name: str, kind: Type) -> Form:
        """The form of a fact about the whole case."""
        declared = self._case.get(name, [])
        given = self.facts.case.get(name, NOT_GIVEN)
        if given is NOT_GIVEN and declared and declared[0].presumed is not None:
            given = declared[0].presumed
        return self._known_form((name,), kind, given, lambda: super(GivenSpace, self).case_fact(name, kind))

    def fact(self, record: Record, name: str, kind: Type) -> Form:
        """The form of a field of a record in the facts."""
        if record.made is not None:
            return record.made[name]
        place = (*record.place, name)
        return self._known_form(
            place, kind, self.value_at(place), lambda: super(GivenSpace, self).fact(record, name, kind)
        )

    def _known_form(self, place: Place, kind: Type, given: object, make: Callable[[], Form]) -> Form:
        key = (place, "known " + describe(kind))
        if key in self._forms:
            return self._forms[key]
        leaf = self.leaves.get(place) or self._leaf(place, "fact", kind, given)
        leaf.schema = self._declared(place)
        if leaf.is_fixed and given is not NOT_GIVEN and not isinstance(given, Events):
            form = self._plain(given, make)
        else:
            before = set(self.unknowns)
            bare = make()
            leaf.unknowns.extend(one for name, one in self.unknowns.items() if name not in before)
            form = bare
            if given is NOT_GIVEN:
                form = Form(bare.content, {"unknown": opposite(leaf.moved)}, bare.none)
            else:
                same = all_of(formula(one) for one in self.as_given(leaf))
                self.valid.append(formula(any_of((leaf.moved, same))))
        self._forms[key] = form
        return form

    def _plain(self, given: object, make: Callable[[], Form]) -> Form:
        if given is None:
            return Form(make().content, none=True)
        value = cast("Plain", given)  # lists and records never come here, but are taken apart first
        return Form(plain_content(value, self.word))

    def _declared(self, place: Place) -> FieldSchema | CaseFact | None:
        if len(place) == 1:
            found = self._case.get(str(place[0]))
            return found[0] if found else None
        record = self._records.get(place[:-1])
        fields = self._fields.get((record.name, str(place[-1]))) if record is not None else None
        return fields[0] if fields else None

    # ------------------------------------------------------------------------------------ as given

    def as_given(self, leaf: Leaf) -> Iterable[Any]:
        """That a fact is as the facts say. Raises `NotLowered` for one that the solver cannot hold."""
        return [formula_ for one in leaf.unknowns for formula_ in self._part_as_given(leaf, one)]

    def _part_as_given(self, leaf: Leaf, one: Unknown) -> Iterable[Any]:
        given = leaf.given
        if one.part == "none":
            yield one.variable if given is None else z3.Not(one.variable)
            return
        if given is None:
            return
        value = number_of(self, one, given)
        if value is None:
            return
        if one.kind == "yes or no":
            yield one.variable if value else z3.Not(one.variable)
        elif one.kind == "number":
            yield one.variable == z3.RealVal(str(value))
        else:
            yield one.variable == int(value)

    def restrict_days(self) -> list[Any]:
        """That what happened, happened by the date asked about, as far as it is not given otherwise."""
        found = []
        for leaf in self.leaves.values():
            days = [one.variable for one in leaf.unknowns if one.part.isdigit()]
            count = next((one.variable for one in leaf.unknowns if one.part == "count"), None)
            if count is not None and not leaf.is_fixed:
                asked = self.at.content
                found += [z3.Or(count <= n, day <= asked) for n, day in enumerate(days)]
        return found


def number_of(space: Space, one: Unknown, given: object) -> bool | int | Fraction | None:
    """A given value, or the part of it that an unknown stands for, as the solver has it; None: any value does."""
    if isinstance(given, Events):
        days = sorted(set(given.dates))
        if given.known_until is not None or len(days) > MOST_EVENTS:
            raise NotLowered("an event that happened more than three times, or is known up to a day only")
        if one.part == "count":
            return len(days)
        return days[int(one.part)].toordinal() if int(one.part) < len(days) else None
    if isinstance(given, tuple):
        if one.part in ("first", "last"):
            return int(given[one.part == "last"].toordinal())
        return int(given[("years", "months", "days").index(one.part)])
    if isinstance(given, bool):
        return given
    if isinstance(given, datetime.date):
        return min(max(given.toordinal(), 1), LAST)
    if isinstance(given, (Decimal, Fraction)):
        return Fraction(given)
    if isinstance(given, str):
        return space.word(given)
    raise NotLowered("a fact of this kind")


@define(eq=False)
class GivenLowering(Lowering):
    """A program as formulas over the facts of one case."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for territory, counted in self.given.facts.territories.items():  # the facts overrule the policy (N5)
            self._territories[territory, DEPENDENT[territory]] = counted
        self._stated = self._stated | frozenset(self.given.facts.territories)

    def counted(self, territory: str, sovereign: str) -> tuple[Truth, Truth]:
        """As the facts or the policy say; where neither do, no, and then `compare` gives nothing."""
        return bool(self._territories[territory, sovereign]), True

    @property
    def given(self) -> GivenSpace:
        """The facts of the case."""
        assert isinstance(self.space, GivenSpace)
        return self.space

    def fold(self, expr: Fold, scope: Scope) -> Form:
        """As for complete facts; nothing where nothing is known of the list."""
        form = super().fold(expr, scope)
        assert expr.list.record is not None
        owner = scope.records[expr.list.record]
        unknown = self.given.unknown_list((*owner.place, expr.list.field))
        if unknown is False:
            return form
        return Form(form.content, worst([("unknown", unknown), *form.gone.items()]), form.none)

    def compare(self, expr: Compare, left: Form, right: Form) -> Form:
        """As for complete facts; where only the facts could tell whether a territory counts, they must."""
        form = super().compare(expr, left, right)
        kind = type_of(expr.left) or type_of(expr.right)
        if expr.comparison != "eq" or not isinstance(kind, Country):
            return form
        if form.content is False and any_of(form.gone.values()) is True:
            return form
        doubt = [
            all_of((opposite(left.none), opposite(right.none), pair))
            for territory, pair in self.territory_against_sovereign(left.content, right.content)
            if territory not in self._stated
        ]
        unsure = any_of(doubt)
        if unsure is False:
            return form
        return Form(form.content, worst([("unknown", unsure), *form.gone.items()]), form.none)


def _texts(facts: Facts) -> Iterable[str]:
    waiting: list[object] = [*facts.subjects.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Given):
            waiting.extend(one.values.values())
        elif isinstance(one, tuple):
            waiting.extend(part for part in one if isinstance(part, Given))
        elif isinstance(one, str):
            yield one
