"""Python source for complete, plain facts: nested expressions on plain values, straight from the mapping.

Anything unusual leaves by `Fallback`: a missing or unknown fact, a code of a territory, an absence, an
error, a conflict. An outcome that this variant does not cover stays `...` and is left to the general one.
"""

from __future__ import annotations

from policy_lang.backends.evaluate.complete_expressions import NotCovered, Workshop, Writer
from policy_lang.backends.evaluate.complete_facts import parsing
from policy_lang.program.core import (
    Call,
    Expr,
    Fact,
    Fold,
    Outcome,
    Program,
)
from policy_lang.program.schema import (
    below,
)
from policy_lang.program.types import Date

_MOST_WORK = 4_000  # nodes that one outcome may visit: nothing is remembered here, so calls multiply
_MOST_LEVELS = 120  # how deep expressions and calls may nest


def complete_source(program: Program) -> str | None:
    """The source of a module with `complete(raw, at, i)`; None when it would cover no outcome.

    `i` has the values of the outcomes about the instrument itself, in order. The result is
    `(mask, values, records)`: which root records were given, as a bit for each; the values of all
    outcomes in order; and the root records as tuples of their fields.
    """
    module = _Module(program)
    covered = any(module.covered[o.name] for o in program.outcomes if o.subject is not None)
    return module.source() if covered else None


def covered_outcomes(program: Program) -> frozenset[int]:
    """The outcomes, by index, that no fact about the whole case can change and that this variant may decide."""
    module = _Module(program)
    return frozenset(n for n, outcome in enumerate(program.outcomes) if module.covered[outcome.name])


class _Module(Workshop):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.work: dict[str, tuple[int, int]] = {}
        self.covered = {outcome.name: self.is_covered(outcome) for outcome in program.outcomes}

    def is_covered(self, outcome: Outcome) -> bool:
        """Whether one plain function can decide this outcome in bounded time."""
        if outcome.subject not in (None, *self.roots) or outcome.schedule is not None:
            return False
        work, levels = self.effort(outcome.body)
        return work <= _MOST_WORK and levels <= _MOST_LEVELS

    def effort(self, body: Expr) -> tuple[int, int]:
        """How many nodes an evaluation may visit, and how deep they nest, calls included."""
        for definition in self.program.definitions if not self.work else ():
            self.work[definition.name] = self._effort(definition.body)
        return self._effort(body)

    def _effort(self, body: Expr) -> tuple[int, int]:
        sizes: dict[int, tuple[int, int]] = {}
        too_much = (_MOST_WORK + 1, 0)
        for expr in reversed(_in_order(body)):
            inner = [sizes[id(e)] for e in below(expr)]
            work, levels = 1 + sum(w for w, _ in inner), 1 + max((depth for _, depth in inner), default=0)
            if isinstance(expr, Call):
                callee = self.work.get(expr.definition, too_much)
                work, levels = work + callee[0], max(levels, callee[1] + 1)
            elif isinstance(expr, Fold):
                work *= 4
            elif isinstance(expr, Fact) and (
                expr.record is None or (expr.record, expr.field) not in self.fields
            ):
                work = _MOST_WORK + 1
            sizes[id(expr)] = (min(work, _MOST_WORK + 1), levels)
        return sizes[id(body)]

    def source(self) -> str:
        main = ["def complete(raw, at, i):", "    g = raw.get", "    m = 0"]
        for n, name in enumerate(self.roots):
            main.extend(self.root(n, name))
        instrument = 0
        values: list[str] = []
        for n, outcome in enumerate(self.program.outcomes):
            if outcome.subject is None:
                values.append(f"i[{instrument}]")
                instrument += 1
            else:
                values.append(f"o{n}" if self.covered[outcome.name] else "...")
        records = "".join(f"r{n}, " for n in range(len(self.roots)))
        main.append(f"    return m, ({''.join(v + ', ' for v in values)}), ({records})")
        main.extend(self.about_instrument())
        return "\n".join((*self.constants.lines(), *self.lines, *main, ""))

    def about_instrument(self) -> list[str]:
        """The function that decides the outcomes about the instrument itself from the date alone."""
        lines = ["def about_instrument(at):"]
        values = []
        for number, outcome in enumerate(self.program.outcomes):
            if outcome.subject is None and self.covered[outcome.name]:
                lines.extend("    " + line for line in self.outcome(number, outcome, Writer(self, {}, {})))
                values.append(f"o{number}")
            elif outcome.subject is None:
                values.append("...")
        return [*lines, f"    return ({''.join(value + ', ' for value in values)})"]

    def root(self, n: int, name: str) -> list[str]:
        """The statements that read one root record and decide the outcomes about it."""
        mine = [
            (number, outcome)
            for number, outcome in enumerate(self.program.outcomes)
            if outcome.subject == name and self.covered[outcome.name]
        ]
        none = "".join(f"o{number} = " for number, _ in mine)
        lines = [
            f"    d = g({self.constants.of(name)})",
            f"    if d is None: {none}r{n} = None",
            "    else:",
            f"        m |= {1 << n}",
        ]
        try:
            read, variables = parsing(self.program, self.schema, name, f"v{n}_", self.constants, self.lines)
            lines.extend("        " + line for line in read)
            lines.append(f"        r{n} = ({''.join(v + ', ' for v in variables)})")
            writer = Writer(self, {name: f"r{n}"}, {name: variables})
            lines.extend("        " + line for line in self.checks(name, writer))
        except NotCovered:
            return [*lines[:3], "        fall()"]
        for number, outcome in mine:
            lines.extend("        " + line for line in self.outcome(number, outcome, writer))
        return lines

    def outcome(self, number: int, outcome: Outcome, writer: Writer) -> list[str]:
        own = writer
        try:
            if outcome.judged_on is not None:
                record, _, field = outcome.judged_on.rpartition(".")
                own = writer.on(writer.fact(Fact(record, field, Date())))
            return own.assign(f"o{number}", outcome.body)
        except NotCovered:
            return [f"o{number} = ..."]

    def checks(self, name: str, writer: Writer, level: int = 0) -> list[str]:
        """Statements that leave when a check of this record, or of one inside it, does not hold."""
        record = self.schema.records[name]
        lines = [f"if not {writer.value(check)}: fall()" for check, _ in record.checks]
        for child in self.program.records:
            if child.parent == name and (name, str(child.parent_field)) in self.fields:
                if level > 8:
                    raise NotCovered
                variable = f"e{level}"
                inner = self.checks(child.name, writer.inside(child.name, variable), level + 1)
                if inner:
                    listed = writer.field(name, str(child.parent_field))
                    lines.append(f"for {variable} in {listed}:")
                    lines.extend("    " + line for line in inner)
        return lines


def _in_order(body: Expr) -> list[Expr]:
    """All expressions in a body, each once, those outside before those inside."""
    order: list[Expr] = []
    done: set[int] = set()
    stack: list[tuple[Expr, bool]] = [(body, False)]
    while stack:
        expr, ready = stack.pop()
        if ready:
            order.append(expr)
        elif id(expr) not in done:
            done.add(id(expr))
            stack.append((expr, True))
            stack.extend((inner, False) for inner in below(expr))
    return order[::-1]
