"""Facts that tell a policy from a mutant of it, found among facts near to those of its scenarios."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from time import monotonic
from typing import Literal

from attrs import define, field, frozen

from policy_lang.backends.evaluate.changed import Called, CallLog, ChangedEvaluator, Original
from policy_lang.policy import Decision, InvalidFacts, InvalidQuestion, Policy
from policy_lang.program.core import Assumed, Compare, Const, Expr, Fact, Program, Schedule
from policy_lang.program.dates import add_period
from policy_lang.program.fact_values import read_value
from policy_lang.program.schema import every
from policy_lang.program.trace import OutcomeTrace, Trace
from policy_lang.program.types import Date, is_numeric
from policy_lang.program.values import Absence, Value
from policy_lang.tools.mutate.notice import Survivor, Watched
from policy_lang.tools.mutate.places import Owner, roots
from policy_lang.tools.mutate.rests_on import Rests, differing, differing_facts
from policy_lang.tools.mutate.vary import Case, Change, Varied, at, changed, days_around, next_to

_SEEDS = 10  # scenarios from which facts are varied
FIRST_ROUNDS = (40, 200)  # so many cases are tried for one mutant before the next is looked into
LAST_ROUNDS = (1_200,)  # so many where nothing else settles it
_MOST_KEPT = 800  # answers of the policy itself that are kept
_PAIRS = 500  # of them with two changes


@frozen(eq=False)
class Witness:
    """Facts on which a policy and a mutant answer differently, and what each says of one outcome."""

    case: Case
    outcome: str
    says: Value
    mutant_says: Value
    due: tuple[datetime.date | None, datetime.date | None]  # of a duty; what the two say
    only_needs: bool  # both are undetermined, and ask for other facts
    refused: Literal["", "policy", "slip"] = ""  # which of the two refuses the facts, that the other takes


@frozen(eq=False)
class _Base:
    """What the policy says of one case, and what was worked out for it."""

    decision: Decision
    calls: tuple[Called, ...]


@define(eq=False)
class UnderWay:
    """The search for facts that tell one mutant apart. `finished`: nothing is left to try.

    `is_long`: the last round was gone through, or there was nothing left to try.
    """

    survivor: Survivor
    searcher: Searcher
    tried: int = 0
    finished: bool = False
    is_long: bool = False
    witness: Witness | None = None
    _mutant: Policy = field(init=False)
    _outcomes: list[str] = field(init=False)
    _cases: Iterator[Case] = field(init=False)
    _seen: set[str] = field(init=False, factory=set)

    def __attrs_post_init__(self) -> None:
        mutant = self.survivor.mutant
        self._mutant = Policy(mutant.program, self.survivor.changed.evaluator)
        self._outcomes = self.searcher.outcomes_of(self.survivor)
        self._cases = self.searcher.cases(self.survivor, self._outcomes) if self._outcomes else iter(())

    def step(self) -> None:
        """Puts one case more to both."""
        case = next(self._cases, None)
        if case is None:
            self.finished = True
            return
        key = repr((case.facts, case.as_of, sorted(case.assume.items())))
        if key in self._seen:
            return
        self._seen.add(key)
        self.tried += 1
        changed = self.survivor.changed
        found = self.searcher.difference(self._mutant, changed, case, key, self._outcomes)
        if found is not None and not found.only_needs and not _is_error(found.says):
            self.witness, self.finished = found, True
        elif self.witness is None:
            self.witness = found


@define(eq=False)
class Searcher:
    """Looks for facts that tell mutants of one program apart from it. The same seed gives the same search."""

    policy: Policy
    watched: Sequence[Watched]
    seed: int
    rests: Rests = field(init=False)
    varied: Varied = field(init=False)
    spare: dict[str, list[object]] = field(init=False)
    _logging: Policy = field(init=False)
    _log: CallLog = field(init=False)
    _kept: dict[str, _Base | None] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        evaluator, self._log = Original(self.policy.program, self.policy.evaluator).logged()
        self._logging = Policy(self.policy.program, evaluator)
        self.rests = Rests(self.policy.program)
        self.varied = Varied(self.policy.program)
        self.spare = self.varied.elements([one.scenario.facts for one in self.watched])

    def begun(self, survivors: Sequence[Survivor]) -> list[UnderWay]:
        """The search for facts that tell each of these mutants apart, before its first step."""
        return [UnderWay(one, self) for one in survivors]

    def go_on(
        self, searches: Sequence[UnderWay], rounds: Sequence[int], until: float, tick: Callable[[], None]
    ) -> None:
        """Looks on until so many cases were tried of each, as long as there is time.

        All are looked into a little before any is looked into more, as most are told apart at once.
        """
        for most in rounds:
            for one in searches:
                while not one.finished and one.tried < most and monotonic() <= until:
                    one.step()
                one.is_long = one.finished or one.tried >= most
                tick()

    def outcomes_of(self, survivor: Survivor) -> list[str]:
        """The outcomes that could come out otherwise."""
        return [one.name for one in self.rests.outcomes_on(survivor.mutant.touched)]

    def confirmed(self, survivor: Survivor, case: Case) -> Witness | None:
        """Facts that somebody else found as a witness, where they are one."""
        key = repr((case.facts, case.as_of, sorted(case.assume.items())))
        mutant = Policy(survivor.mutant.program, survivor.changed.evaluator)
        return self.difference(mutant, survivor.changed, case, key, self.outcomes_of(survivor))

    def difference(
        self, mutant: Policy, changed: ChangedEvaluator, case: Case, key: str, outcomes: list[str]
    ) -> Witness | None:
        """Facts as a witness, where the two answer them differently."""
        base = self._base(case, key)
        if changed.facts_differ and outcomes:
            theirs = _decide(mutant, case, outcomes)
            if (base is None) != (theirs is None):
                taken = base.decision if base is not None else theirs
                return self._refused(case, outcomes, taken, "slip" if theirs is None else "policy")
        if base is None or (not changed.elsewhere and changed.gives_the_same(base.calls)):
            return None
        ours, theirs = base.decision, _decide(mutant, case, outcomes)
        if theirs is None:
            return None
        weak: Witness | None = None
        for name in outcomes:
            number = self.policy.numbers[name]
            one, other = ours.value_of(number), theirs.value_of(number)
            due: tuple[datetime.date | None, datetime.date | None] = (None, None)
            if self.policy.tables.outcomes[number].schedule is not None:
                due = (ours.outcomes[name].due, theirs.outcomes[name].due)
            if _word(one) != _word(other) or due[0] != due[1]:
                found = Witness(case, name, one, other, due, False)
                if not (_is_error(one) or _is_error(other)):
                    return found
                weak = weak if weak is not None else found
            elif weak is None and _needs(one) != _needs(other):
                weak = Witness(case, name, one, other, due, True)
        return weak

    def _refused(
        self, case: Case, outcomes: list[str], taken: Decision | None, refused: Literal["policy", "slip"]
    ) -> Witness:
        """Facts that only one of the two takes, with an answer that it gives to them."""
        assert taken is not None
        answers = {name: taken.value_of(self.policy.numbers[name]) for name in outcomes}
        decided = [name for name, value in answers.items() if not isinstance(value, Absence)]
        name = (decided or outcomes)[0]
        return Witness(case, name, answers[name], answers[name], (None, None), False, refused)

    def _base(self, case: Case, key: str) -> _Base | None:
        """What the policy itself says of these facts, of all outcomes; kept, as many mutants are put to them."""
        if key not in self._kept:
            decision = _decide(self._logging, case, list(self.policy.names))
            calls = self._log.taken()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = None if decision is None else _Base(decision, calls)
        return self._kept[key]

    # ---------------------------------------------------------------- which facts are tried

    def cases(self, survivor: Survivor, outcomes: list[str]) -> Iterator[Case]:
        """First the scenarios as they are, then each with one fact changed, then with two."""
        seeds = self._seeds(survivor, outcomes)
        yield from seeds
        pairs = self._pairs_of(survivor)
        near = [part for pair in pairs for part in pair]
        touched = set(survivor.mutant.touched)
        close = self.rests.facts(near)
        edges = self._edges(near)
        compares = [one for one in near if isinstance(one, Compare)]
        owners = [one for one in _owners(self.policy.program) if one.name in touched]
        downstream = self.rests.comparisons_on(touched)
        bodies = [root for owner in owners for root in roots(owner)]
        wide = self.rests.facts([*bodies, *downstream])
        others = self.rests.written([*bodies, *downstream])
        close_keys = {(one.record, one.field) for one in close}
        far = [one for one in wide if (one.record, one.field) not in close_keys]
        seeds += self._otherwise_assumed(seeds[:3], [*near, *bodies, *downstream])
        days = self._days(edges, others, survivor)
        single: list[list[Change]] = []
        for seed in seeds:
            changes = [c for fact in close for c in self.varied.changes(seed, fact, edges, others)]
            yield from (changed(seed, one) for one in changes)
            moves = [Change((), day) for day in days]
            yield from (changed(seed, one) for one in moves)
            lists = [c for fact in (*close, *far) for c in self.varied.longer_lists(seed, fact, self.spare)]
            yield from (changed(seed, one) for one in lists)
            alike = [one for each in compares for one in self._alike(seed, each)]
            yield from (changed(seed, one) for one in alike)
            single.append([*changes, *moves, *lists])
        for seed in seeds[:4]:
            yield from self._on_the_edge(seed, [*compares, *downstream], outcomes, close, wide)
        rng = Random(f"{self.seed} {survivor.mutant.number}")  # noqa: S311 - repeatable, not secret
        for n, seed in enumerate(seeds):
            more = [c for fact in far for c in self.varied.changes(seed, fact, edges, others)]
            yield from (changed(seed, one) for one in more)
            single[n].extend(more)
        for _ in range(_PAIRS):
            n = rng.randrange(len(seeds))
            if len(single[n]) > 1:
                one, other = rng.sample(single[n], 2)
                if one.path != other.path:
                    try:
                        yield changed(changed(seeds[n], one), other)
                    except (IndexError, KeyError, TypeError, AttributeError):
                        continue  # the first change took away what the second would change

    def _alike(self, seed: Case, compare: Compare) -> Iterator[Change]:
        """Changes of one of two facts that are compared to what the other is, or nearly so."""
        left, right = compare.left, compare.right
        if not isinstance(left, Fact) or not isinstance(right, Fact):
            return
        for one, other in ((left, right), (right, left)):
            for path in self.varied.paths(seed, one):
                near = (*path[:-1], other.field) if one.record == other.record else None
                paths = [near] if near is not None else self.varied.paths(seed, other)
                for value in [at(seed.facts, each) for each in paths]:
                    close = read_value(value, other.type) if value is not None else None
                    if isinstance(close, (Decimal, datetime.date)):
                        const = Const(close, other.type)
                        yield from (Change(path, near) for near in self.varied.values(one, [const], []))

    def _otherwise_assumed(self, seeds: Sequence[Case], parts: Sequence[Expr]) -> list[Case]:
        """These cases with an assumption turned round that has a say in these parts."""
        names = dict.fromkeys(one.name for one in self.rests.deep(parts) if isinstance(one, Assumed))
        values = self.policy.assumptions
        turned = [(name, not values[name]) for name in names if isinstance(values.get(name), bool)]
        return [
            changed(seed, Change((name,), value, is_assumption=True))
            for name, value in turned[:3]
            for seed in seeds
            if seed.assume.get(name) != value
        ]

    def _seeds(self, survivor: Survivor, outcomes: list[str]) -> list[Case]:
        wanted = set(outcomes)
        chosen: dict[str, Watched] = {}
        for one in (*survivor.near, *(w for w in self.watched if w.outcomes & wanted), *self.watched):
            if not one.scenario.bad_facts:
                chosen.setdefault(repr((one.scenario.facts, one.scenario.as_of)), one)
        kept = list(chosen.values())
        first = kept[: _SEEDS // 2]
        if len(kept) > len(first):
            first += _spread(kept[len(first) :], _SEEDS - len(first))
        cases = [
            Case(one.scenario.facts, one.scenario.as_of, one.scenario.assume, one.scenario.label)
            for one in first
        ]
        if not cases:
            start = self.policy.program.instruments[0].in_force if self.policy.program.instruments else None
            cases = [Case({}, start or datetime.date(2024, 1, 1), {}, "")]
        return cases

    def _pairs_of(self, survivor: Survivor) -> list[tuple[Expr, Expr]]:
        found: list[tuple[Expr, Expr]] = []
        for was, now in zip(_owners(self.policy.program), _owners(survivor.mutant.program), strict=True):
            if was is not now:
                found.extend(differing(was, now))
        if survivor.changed.facts_differ:
            found.extend(differing_facts(self.policy.program, survivor.mutant.program))
        return found

    def _edges(self, near: Sequence[Expr]) -> list[Const]:
        """The values written where the slip is: first those that only one of the two has."""
        written = [node for part in near for node in every(part) if isinstance(node, Const)]
        counts = {one: written.count(one) for one in dict.fromkeys(written)}
        ordered = sorted(counts, key=lambda one: counts[one])
        return [*ordered, *(one for one in self.rests.written(near) if one not in counts)]

    def _days(
        self, edges: Sequence[Const], others: Sequence[Const], survivor: Survivor
    ) -> list[datetime.date]:
        """Days on which to ask: around every date written, around due dates before and after the slip."""
        days = [
            one.value
            for one in (*edges, *others)
            if isinstance(one.type, Date) and type(one.value) is datetime.date
        ]
        for was, now in zip(self.policy.program.outcomes, survivor.mutant.program.outcomes, strict=True):
            if was is not now:
                for schedule in (was.schedule, now.schedule):
                    days.extend(_due_days(schedule))
        for one in self.policy.program.instruments[:1]:
            days.extend(day for day in (one.in_force, one.until) if day is not None)
        return days_around(dict.fromkeys(days))[:60]

    def _on_the_edge(
        self,
        seed: Case,
        compares: Sequence[Compare],
        outcomes: list[str],
        close: Sequence[Fact],
        wide: Sequence[Fact],
    ) -> Iterator[Case]:
        """Cases in which the two sides of a comparison are equal, or nearly so.

        The value of one number among the facts that makes them equal is worked out as if both sides grew
        evenly with it; where they do not, the cases come out useless and nothing is lost.
        """
        keys = {(one.record, one.field) for one in close}
        facts = [*close, *(one for one in wide if (one.record, one.field) not in keys)]
        for compare in list({id(one): one for one in compares}.values())[:4]:
            for fact in facts:
                if not is_numeric(fact.type):
                    continue
                for path in self.varied.paths(seed, fact)[:2]:
                    yield from self._solved(seed, compare, outcomes, path)

    def _solved(
        self, seed: Case, compare: Compare, outcomes: list[str], path: tuple[str | int, ...]
    ) -> Iterator[Case]:
        points: list[tuple[Fraction, Fraction]] = []
        for value in (Decimal(1000), Decimal(3000)):
            gap = self._gap(changed(seed, Change(path, value)), compare, outcomes)
            if gap is None:
                return
            points.append((Fraction(value), gap))
        (x, gx), (y, gy) = points
        if gx == gy:
            return
        root = x - gx * (y - x) / (gy - gx)
        exact = Decimal(root.numerator) / Decimal(root.denominator)
        whole = exact if Fraction(exact) == root else root
        for close in next_to(whole):
            yield changed(seed, Change(path, close))

    def _gap(self, case: Case, compare: Compare, outcomes: list[str]) -> Fraction | None:
        """How far apart the sides of a comparison are, where it is first worked out for the case."""
        decision = _decide(self.policy, case, outcomes[:1])
        if decision is None:
            return None
        traced = _traced(decision.tracer.outcome(outcomes[0]), compare)
        if traced is None:
            return None
        left, right = (one.value for one in traced.children)
        if isinstance(left, (Decimal, Fraction)) and isinstance(right, (Decimal, Fraction)):
            return Fraction(left) - Fraction(right)
        return None


def _decide(policy: Policy, case: Case, outcomes: list[str]) -> Decision | None:
    try:
        return policy.evaluate(dict(case.facts), case.as_of, case.assume, outcomes)
    except (InvalidFacts, InvalidQuestion):
        return None


def _traced(top: OutcomeTrace, node: Expr) -> Trace | None:
    more = (top.anchor, top.recurs, *top.defences)
    stack: list[Trace] = [top.body, *(one for one in more if one is not None)]
    seen: set[int] = set()
    while stack:
        one = stack.pop()
        if one.node is node:
            return one
        if id(one) not in seen:
            seen.add(id(one))
            stack.extend(one.children)
    return None


def _word(value: Value) -> object:
    """What is compared first: the value, or only the reason why there is none."""
    return ("absent", value.reason) if isinstance(value, Absence) else value


def _needs(value: Value) -> frozenset[str]:
    """What an undetermined answer asks for."""
    return value.needs if isinstance(value, Absence) else frozenset()


def _is_error(value: Value) -> bool:
    return isinstance(value, Absence) and value.reason == "error"


def _owners(program: Program) -> tuple[Owner, ...]:
    return (*program.definitions, *program.outcomes)


def _spread(found: list[Watched], most: int) -> list[Watched]:
    """A few of many, from the first to the last."""
    if len(found) <= most:
        return found
    return [found[n * (len(found) - 1) // (most - 1)] for n in range(most)]


def _due_days(schedule: Schedule | None) -> list[datetime.date]:
    """The first few days on which a duty falls due, and a period later still."""
    if schedule is None or not isinstance(schedule.anchor, Const):
        return []
    start = schedule.anchor.value
    if type(start) is not datetime.date:
        return []
    days = [start]
    for length in (schedule.first, *(schedule.every for _ in range(4))):
        following = _later(days[-1], length, -1 if schedule.backwards and len(days) == 1 else 1)
        if following is None:
            break
        days.append(following)
    return days


def _later(day: datetime.date, length: tuple[int, int, int] | None, sign: int) -> datetime.date | None:
    if length is None:
        return None
    years, months, days = length
    found = add_period(day, (sign * years, sign * months, sign * days), "down")
    return found if type(found) is datetime.date else None
