"""What scenarios should try, and which outcomes tell whether they did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define, field, frozen

from policy_lang.backends.prove.probe import Key
from policy_lang.program.core import Call, Choose, Program
from policy_lang.program.schema import Schema, every
from policy_lang.tools.coverage.items import Items
from policy_lang.tools.suggest.cases import Tried
from policy_lang.tools.suggest.edges import Edges, sides_of

SHORT = 8
"""The words of a longer list are not solved for one by one: facts with one of them are found, and then varied."""

MOST_OUTCOMES = 2
"""Through so many outcomes one aim is looked for, those nearest to it."""


@frozen(eq=False)
class Aim:
    """Something that should be tried through one of these outcomes, the nearest first.

    What stands at several places of the program is aimed at through each group of outcomes that it bears on.
    """

    key: Key
    want: str
    outcomes: tuple[str, ...]

    @property
    def tried(self) -> Tried:
        """What a case tries that meets it."""
        return self.key, self.want


@define(eq=False)
class Bearing:
    """Which outcomes each place of a program bears on."""

    program: Program
    outcomes: dict[int, list[str]] = field(factory=dict)  # by the identity of a node
    _reach: dict[str, int] = field(factory=dict)  # by outcome: how many definitions it rests on
    _with_lists: frozenset[str] = field(init=False)  # subjects that have lists

    def __attrs_post_init__(self) -> None:
        definitions = {one.name: one for one in self.program.definitions}
        for outcome in self.program.outcomes:
            waiting = [outcome.body, *(one.state for one in outcome.defences)]
            called: set[str] = set()
            nodes: set[int] = set()
            while waiting:
                for expr in every(waiting.pop()):
                    nodes.add(id(expr))
                    if isinstance(expr, Choose):
                        nodes.update(id(case) for case in expr.cases)
                    if isinstance(expr, Call) and expr.definition not in called:
                        called.add(expr.definition)
                        waiting.append(definitions[expr.definition].body)
            self._reach[outcome.name] = len(called)
            for one in nodes:
                self.outcomes.setdefault(one, []).append(outcome.name)
        schema = Schema(self.program)
        self._with_lists = frozenset(
            schema.scope(record.name)[0] for record in self.program.records if record.parent is not None
        )

    def distance(self, outcome: str) -> int:
        """How much an outcome rests on: the less, the nearer it is to what is asked of it."""
        return self._reach[outcome]

    def groups(self, nodes: Sequence[int]) -> list[tuple[str, ...]]:
        """The outcomes that these nodes bear on, the nearest first: a group for nodes that bear on the same."""
        found = dict.fromkeys(tuple(self.outcomes.get(node, ())) for node in nodes)
        return [tuple(sorted(one, key=self.distance)) for one in found]

    def has_lists(self, outcome: str) -> bool:
        """Whether the record that an outcome is about has lists in it."""
        subject = next(one.subject for one in self.program.outcomes if one.name == outcome)
        return subject is not None and subject in self._with_lists


def aims(
    items: Items, edges: Edges, bearing: Bearing, already: frozenset[Tried], only: Key = None
) -> list[Aim]:
    """Everything that is not tried already, but for what can only be tried by leaving facts out; `only`: of this key."""
    found: dict[tuple[Tried, tuple[str, ...]], Aim] = {}
    for groups, key, wants in _all(items, edges, bearing):
        if only not in (None, key):
            continue
        for want in wants:
            for outcomes in groups:
                if (key, want) not in already:
                    found.setdefault(((key, want), outcomes), Aim(key, want, outcomes))
    return list(found.values())


def _all(
    items: Items, edges: Edges, bearing: Bearing
) -> Iterator[tuple[list[tuple[str, ...]], Key, Sequence[str]]]:
    # What is most special comes first: its cases try much of the rest as well.
    for key, nodes in _by_key(edges.by_node).items():
        edge, groups = edges.found[key], bearing.groups(nodes)
        if edge.is_header:  # the day before is asked of all, the first day of one of them
            yield groups, key, ("below",)
            groups = groups[:1]
        yield groups, key, sides_of(edge.comparison)
    for key, nodes in _by_key(edges.numbers).items():
        yield bearing.groups(nodes), key, ("more", "less")
    for key, nodes in _by_key(edges.calculations).items():
        yield bearing.groups(nodes), key, ("counts",)
    for key, nodes in _by_key(edges.lists).items():
        options = edges.written[key].options
        if len(options) <= SHORT:
            yield bearing.groups(nodes), key, [f"is {one}" for one in options]
    for name, outcome in items.outcomes.items():
        yield [(name,)], outcome, [one for one in items.found[outcome].values if one != "undetermined"]
    for (name, _), defence in items.defences.items():
        yield [(name,)], defence, [one for one in items.found[defence].values if one != "undetermined"]
    for table in (items.by_node, items.defaults, items.versions):
        for key, nodes in _by_key(table).items():
            values = [one for one in items.found[key].values if one != "unknown"]
            yield bearing.groups(nodes), key, values


def _by_key(table: dict[int, Key]) -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = {}
    for node, key in table.items():
        found.setdefault(key, []).append(node)
    return found
