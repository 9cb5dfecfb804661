"""Plain expressions: Python source for the core on values that are all known.

Nothing here is three-valued: what is no plain value leaves by `Fallback`, and the general variant decides.
"""

from __future__ import annotations

from typing import assert_never, cast

from policy_lang.backends.evaluate.general import hundredths
from policy_lang.backends.evaluate.literals import Constants
from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Program,
)
from policy_lang.program.numbers import Number, hundredth
from policy_lang.program.schema import (
    Schema,
    children,
    every,
    is_country,
    territory_pairs,
    type_of,
)
from policy_lang.program.types import Country, Date, Percent, Period, is_numeric
from policy_lang.program.values import absent

_DEEPEST = 12  # how far expressions nest before a function of their own takes over
_SIGNS = {"eq": "==", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class NotCovered(Exception):
    """This variant has no code for that."""


class Workshop:
    """What the functions of one module share: constants, helpers, definitions already written."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.schema = Schema(program)
        self.constants = Constants("K")
        self.definitions = {one.name: (n, one) for n, one in enumerate(program.definitions)}
        self.assumed = {one.name: one.value for one in program.assumptions}
        self.roots = [record.name for record in program.records if record.parent is None]
        self.fields = {
            (record.name, field.name): n
            for record in program.records
            for n, field in enumerate(record.fields)
        }
        self.pairs = territory_pairs(program)
        codes = {territory for territory, _ in self.pairs}
        bodies = [one.body for one in program.definitions] + [one.body for one in program.outcomes]
        self.has_territories = any(
            isinstance(e, Const) and isinstance(e.type, Country) and e.value in codes
            for body in (*bodies, *self.assumed.values())
            for e in every(body)
        )
        self.lines: list[str] = []
        self.helpers = 0
        self.written: dict[str, bool] = {}

    def definition(self, name: str) -> str:
        """The name of the function of a definition, which is written if it is not there yet."""
        number, definition = self.definitions[name]
        function = f"d{number}"
        if self.written.get(name) is False:
            raise NotCovered
        if name not in self.written:
            self.written[name] = False
            scope = {record: f"r{n}" for n, record in enumerate(self.schema.scope(definition.subject))}
            writer = Writer(self, scope, {})
            body = writer.function_body(definition.body)
            self.lines.append(f"def {function}({', '.join(('at', *scope.values()))}):")
            self.lines.extend("    " + line for line in body)
            self.written[name] = True
        return function

    def helper(self) -> str:
        self.helpers += 1
        return f"h{self.helpers}"


class Writer:
    """Writes expressions in one scope. `records`: a variable for each record; `locals`: one for each field."""

    def __init__(
        self, module: Workshop, records: dict[str, str], local: dict[str, list[str]], at: str = "at"
    ) -> None:
        self.module = module
        self.records = records
        self.local = local
        self.at = at

    def on(self, at: str) -> Writer:
        """The same scope, read on another date."""
        return Writer(self.module, self.records, self.local, at)

    def inside(self, record: str, variable: str) -> Writer:
        """This scope with an element of a list."""
        local = {name: fields for name, fields in self.local.items() if name != record}
        return Writer(self.module, {**self.records, record: variable}, local, self.at)

    def field(self, record: str, field: str) -> str:
        position = self.module.fields[record, field]
        if record in self.local:
            return self.local[record][position]
        return f"{self.records[record]}[{position}]"

    def fact(self, fact: Fact) -> str:
        if fact.record is None or fact.record not in self.records:
            raise NotCovered
        return self.field(fact.record, fact.field)

    # ------------------------------------------------------------------ statements

    def assign(self, target: str, expr: Expr, level: int = 0) -> list[str]:
        """Statements that put the value, which may be an absence, into `target`."""
        match expr:
            case Absent(reason=reason, code=code, message=message):
                return [f"{target} = {self.module.constants.of(absent(reason, code, message))}"]
            case Choose() if level < 8:
                return self.assign_choice(target, expr, level)
            case Call(bind=None, at=None, definition=name) if level < 8:
                _, definition = self.module.definitions[name]
                if set(self.module.schema.scope(definition.subject)) <= set(self.records):
                    return self.assign(target, definition.body, level + 1)
        return [f"{target} = {self.value(expr)}"]

    def assign_choice(self, target: str, expr: Choose, level: int) -> list[str]:
        groups = _grouped(expr)
        lines: list[str] = []
        conditions = [self.alternatives(whens) for whens, _ in groups]
        if expr.mode == "unordered" and len(groups) > 1 and not _exclusive(expr.cases):
            names = [f"c{level}_{n}" for n in range(len(groups))]
            lines = [f"{name} = {condition}" for name, condition in zip(names, conditions, strict=True)]
            lines.append(f"if {' + '.join(names)} > 1: fall()")
            conditions = names
        for n, (condition, (_, value)) in enumerate(zip(conditions, groups, strict=True)):
            lines.append(f"{'elif' if n else 'if'} {condition}:")
            lines.extend("    " + line for line in self.assign(target, value, level + 1))
        if not groups:
            return self.assign(target, expr.default, level + 1)
        lines.append("else:")
        lines.extend("    " + line for line in self.assign(target, expr.default, level + 1))
        return lines

    def function_body(self, expr: Expr) -> list[str]:
        """Statements that return a plain value; they leave for an absence."""
        if isinstance(expr, Choose):
            groups = _grouped(expr)
            conditions = [self.alternatives(whens) for whens, _ in groups]
            lines: list[str] = []
            if expr.mode == "unordered" and len(groups) > 1 and not _exclusive(expr.cases):
                names = [f"c{n}" for n in range(len(groups))]
                lines = [f"{name} = {condition}" for name, condition in zip(names, conditions, strict=True)]
                lines.append(f"if {' + '.join(names)} > 1: fall()")
                conditions = names
            for condition, (_, value) in zip(conditions, groups, strict=True):
                lines.append(f"if {condition}: return {self.value(value)}")
            return [*lines, f"return {self.value(expr.default)}"]
        return [f"return {self.value(expr)}"]

    def outlined(self, body: list[str]) -> str:
        """A call of a new function with this body, in this scope."""
        module = self.module
        name = module.helper()
        parameters = ", ".join(("at", *self.records.values()))
        module.lines.append(f"def {name}({parameters}):")
        module.lines.extend("    " + line for line in body)
        return f"{name}({', '.join((self.at, *self.records.values()))})"

    def apart(self) -> Writer:
        """The scope of a function of its own, which has the records but not the local variables."""
        return Writer(self.module, self.records, {})

    # ------------------------------------------------------------------ expressions

    def alternatives(self, whens: list[Expr]) -> str:
        if len(whens) == 1:
            return self.value(whens[0])
        return f"({' or '.join(self.value(when) for when in whens)})"

    def value(self, expr: Expr, depth: int = 0) -> str:
        """An expression that gives the plain value, or leaves."""
        if depth >= _DEEPEST and children(expr):
            return self.outlined([f"return {self.apart().value(expr)}"])
        module = self.module
        constants = module.constants
        match expr:
            case Const(value=constant):
                return constants.of(constant)
            case At():
                return self.at
            case Fact():
                return self.fact(expr)
            case Assumed(name=name):
                return constants.of(module.assumed[name].value)
            case Absent():
                return "fall()"
            case And(operands=operands):
                inner = [self.value(e, depth + 1) for e in operands]
                return f"({' and '.join(inner)})" if inner else "True"
            case Or(operands=operands):
                inner = [self.value(e, depth + 1) for e in operands]
                return f"({' or '.join(inner)})" if inner else "False"
            case Not(operand=operand):
                return f"(not {self.value(operand, depth + 1)})"
            case Compare():
                return self.comparison(expr, depth)
            case Member():
                return self.membership(expr, depth)
            case Op():
                return self.operator(expr, [self.value(e, depth + 1) for e in expr.operands])
            case Choose():
                groups = _grouped(expr)
                if not groups:
                    return self.value(expr.default, depth + 1)
                if len(groups) == 1:
                    whens, value = groups[0]
                    condition = self.alternatives(whens) if depth < 4 else None
                    if condition is not None:
                        default = self.value(expr.default, depth + 4)
                        if isinstance(value, Const) and value.value is True and default == "False":
                            return condition
                        return f"({self.value(value, depth + 4)} if {condition} else {default})"
                return self.outlined(self.apart().function_body(expr))
            case Fold():
                return self.fold(expr)
            case Call():
                return self.call(expr, depth)
        raise NotCovered

    def comparison(self, expr: Compare, depth: int) -> str:
        left, right = self.value(expr.left, depth + 1), self.value(expr.right, depth + 1)
        countries = is_country(expr.left) or is_country(expr.right)
        if expr.comparison == "eq" and countries and self.module.has_territories:
            return f"same_country({left}, {right}, {self._pairs()})"
        return f"({left} {_SIGNS[expr.comparison]} {right})"

    def _pairs(self) -> str:
        return self.module.constants.of(frozenset(self.module.pairs))

    def membership(self, expr: Member, depth: int) -> str:
        if not expr.options:
            return "False"
        constants = self.module.constants
        operand = self.value(expr.operand, depth + 1)
        countries = any(is_country(e) for e in children(expr)) and self.module.has_territories
        if all(isinstance(e, Const) for e in expr.options):
            values = {e.value for e in expr.options if isinstance(e, Const)}
            inside = f"{operand} in {constants.of(frozenset(values))}"
            if not countries:
                return f"({inside})"
            doubtful = {s for t, s in self.module.pairs if t in values}
            doubtful |= {t for t, s in self.module.pairs if s in values}
            if not doubtful - values:
                return f"({inside})"
            self._must_be_cheap(expr.operand)
            return f"({inside} or ({operand} in {constants.of(frozenset(doubtful - values))} and fall()))"
        self._must_be_cheap(expr.operand)
        pairs = self._pairs()
        options = [self.value(e, depth + 1) for e in expr.options]
        if countries:
            tests = [f"same_country({operand}, {option}, {pairs})" for option in options]
        else:
            tests = [f"{operand} == {option}" for option in options]
        return f"({' or '.join(tests)})"

    @staticmethod
    def _must_be_cheap(expr: Expr) -> None:
        """Only what is cheap may stand in the source more than once."""
        if not isinstance(expr, (Fact, At, Const)):
            raise NotCovered

    def operator(self, expr: Op, v: list[str]) -> str:
        kinds = [type_of(e) for e in expr.operands]
        constants = self.module.constants
        match expr.operator:
            case "add" if is_numeric(expr.type):
                return _chain("ADD", v)
            case "add" if isinstance(expr.type, Date):
                total = v[0]
                for period in v[1:]:
                    total = f"add_period({total}, {period}, 'abort')"
                return total
            case "subtract" if all(isinstance(kind, Date) for kind in kinds):
                return f"Decimal(({v[0]} - {v[1]}).days)"
            case "subtract" if isinstance(kinds[1], Period) and isinstance(kinds[0], Date):
                return f"subtract_period({v[0]}, {v[1]}, 'abort')"
            case "subtract" if is_numeric(expr.type):
                return f"SUB({v[0]}, {v[1]})"
            case "negate" if is_numeric(expr.type):
                return f"NEG({v[0]})"
            case "multiply":
                times = hundredths(kinds)
                for n, operand in enumerate(expr.operands):
                    if times and isinstance(operand, Const) and isinstance(operand.type, Percent):
                        v[n] = constants.of(hundredth(cast(Number, operand.value)))
                        times -= 1
                return _chain("MUL", v) if not times else f"SCALE({_chain('MUL', v)}, {-2 * times})"
            case "percent_of":
                return f"SCALE(MUL({v[0]}, {v[1]}), -2)"
            case "share_of":
                return f"share({v[0]}, {v[1]})"
            case "as_percent":
                return f"in_percent({v[0]}, {v[1]})"
            case "divide":
                return f"divide({v[0]}, {v[1]})"
            case "lesser" | "greater":
                name = "min" if expr.operator == "lesser" else "max"
                return f"{name}({', '.join(v)})" if len(v) > 1 else v[0]
            case "round":
                return f"round_to({constants.of(expr.params[0])}, {v[0]}, {constants.of(expr.params[1])})"
            case "add_period" | "subtract_period":
                rounding = constants.of(expr.params[0] if expr.params else "abort")
                return f"{expr.operator}({v[0]}, {v[1]}, {rounding})"
            case "first_of_month" | "last_of_month":
                return f"{expr.operator}({v[0]})"
            case "year_of":
                return f"Decimal({v[0]}.year)"
            case "start_of_year" | "hs_part":
                params = [constants.of(param) for param in expr.params]
                return f"{expr.operator}({', '.join((v[0], *params))})"
            case "span":
                return f"span({v[0]}, {v[1]})"
            case "start_of_span" | "end_of_span":
                return f"{v[0]}[{0 if expr.operator == 'start_of_span' else 1}]"
            case "days_in" | "days_common":
                return f"Decimal({expr.operator}({', '.join(v)}))"
        raise NotCovered

    def fold(self, expr: Fold) -> str:
        listed = self.apart().fact(expr.list)
        element = "x" + self.module.helper()
        inner = self.apart().inside(expr.record, element)
        where = "True" if expr.where is None else inner.value(expr.where)
        body = "True" if expr.body is None else inner.value(expr.body)
        loop = f"for {element} in {listed}:"
        match expr.kind:
            case "sum":
                zero = self.module.constants.name("Decimal('0')")
                lines = [f"t = {zero}", loop, f"    if {where}: t = ADD(t, {body})", "return t"]
            case "count":
                lines = ["t = 0", loop, f"    if {where}: t += 1", "return Decimal(t)"]
            case "any":
                lines = [loop, f"    if {where} and {body}: return True", "return False"]
            case "all":
                lines = [loop, f"    if {where} and not {body}: return False", "return True"]
            case "most" | "least":
                name = "max" if expr.kind == "most" else "min"
                kept = f"[{body} for {element} in {listed} if {where}]"
                lines = [f"t = {kept}", f"return {name}(t) if t else fall()"]
            case _:
                assert_never(expr.kind)
        return self.outlined(lines)

    def call(self, expr: Call, depth: int) -> str:
        module = self.module
        _, definition = module.definitions[expr.definition]
        records = dict(self.records)
        if expr.bind is not None:
            values = {name: self.value(value, depth + 1) for name, value in expr.bind.fields}
            fields = [field.name for field in module.schema.records[expr.bind.record].fields]
            if set(fields) != set(values):
                raise NotCovered
            records[expr.bind.record] = f"({''.join(values[name] + ', ' for name in fields)})"
        at = self.at if expr.at is None else self.value(expr.at, depth + 1)
        scope = module.schema.scope(definition.subject)
        if not set(scope) <= set(records):
            raise NotCovered
        return f"{module.definition(expr.definition)}({', '.join((at, *(records[name] for name in scope)))})"


def _chain(operator: str, values: list[str]) -> str:
    total = values[0]
    for value in values[1:]:
        total = f"{operator}({total}, {value})"
    return total


def _grouped(expr: Choose) -> list[tuple[list[Expr], Expr]]:
    """The cases; those in a row, or in any order where order is free, with one constant value together."""
    groups: list[tuple[list[Expr], Expr]] = []
    places: dict[object, int] = {}
    for case in expr.cases:
        key = case.value if isinstance(case.value, Const) else None
        if expr.mode == "first" and (not groups or groups[-1][1] != case.value):
            places.clear()
        if key is not None and key in places:
            groups[places[key]][0].append(case.when)
            continue
        if key is not None:
            places[key] = len(groups)
        groups.append(([case.when], case.value))
    return groups


def _exclusive(cases: tuple[Case, ...]) -> bool:
    """Whether at most one case can hold: each compares the same fact with another constant."""
    fact: Expr | None = None
    seen: set[object] = set()
    for case in cases:
        when = case.when
        if not (isinstance(when, Compare) and when.comparison == "eq" and isinstance(when.left, Fact)):
            return False
        if not isinstance(when.right, Const) or when.right.value in seen or fact not in (None, when.left):
            return False
        fact = when.left
        seen.add(when.right.value)
    return True
