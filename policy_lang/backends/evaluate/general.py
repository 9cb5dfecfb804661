"""Python source for any facts: straight-line statements on core values, one for each node of the core.

No statement nests with the depth of the policy, so that no policy meets a limit of Python's parser.
Names in the source are built from indices; what an author wrote stands there as constants only.
"""

from __future__ import annotations

from typing import assert_never

from policy_lang.backends.evaluate.literals import Constants
from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    RecordSchema,
    Schedule,
)
from policy_lang.program.schema import Schema, children, every, is_country, type_of, words
from policy_lang.program.types import Percent, Type, is_numeric, is_ordered
from policy_lang.program.values import absent


def general_source(program: Program) -> str:
    """The source of a module with a function for every definition, outcome, defence and check.

    `d3(c, at, r0)` is the definition with index 3, `o0` an outcome, `x0_1` its second defence,
    `k0_1` the second check of the first record. They take the case, the date asked about, and the
    records in scope from the root down. An obligation gives its body, and for each of its texts the
    anchor, `recurs`, `event` and `last`.
    """
    return Module(program).source()


def remembered(program: Program) -> frozenset[str]:
    """The definitions whose values are kept for one evaluation, so that no chain of calls is worked out twice."""
    count: dict[str, int] = {}
    tops = [(outcome.subject, part) for outcome in program.outcomes for part in _parts(outcome)]
    bodies = [(one.subject, one.body) for one in program.definitions]
    subjects = {one.name: one.subject for one in program.definitions}
    for subject, body in (*tops, *bodies):
        for expr in every(body):
            if isinstance(expr, Call):
                same = subjects.get(expr.definition) == subject and expr.bind is None
                count[expr.definition] = count.get(expr.definition, 0) + (1 if same else 2)
            elif isinstance(expr, Fold):
                for part in (expr.where, expr.body):
                    for inner in every(part) if part is not None else ():
                        if isinstance(inner, Call):
                            count[inner.definition] = count.get(inner.definition, 0) + 2
    return frozenset(name for name, calls in count.items() if calls > 1)


def _parts(outcome: Outcome) -> tuple[Expr, ...]:
    more = outcome.schedule.expressions if outcome.schedule is not None else ()
    return (outcome.body, *more, *(defence.state for defence in outcome.defences))


class Module:
    """The generated functions of one program while they are written."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.schema = Schema(program)
        self.constants = Constants("K")
        self.definitions = {one.name: (n, one) for n, one in enumerate(program.definitions)}
        self.record_numbers = {record.name: n for n, record in enumerate(program.records)}
        self.remembered = remembered(program)
        self.lines: list[str] = []
        self.folds = 0

    def source(self) -> str:
        for n, definition in enumerate(self.program.definitions):
            self.definition(n, definition)
        for n, outcome in enumerate(self.program.outcomes):
            self.outcome(n, outcome)
        for n, record in enumerate(self.program.records):
            self.checks(n, record)
        return "\n".join((*self.constants.lines(), *self.lines, ""))

    def checks(self, n: int, record: RecordSchema) -> None:
        for m, (check, _) in enumerate(record.checks):
            function = _Function(self, f"k{n}_{m}", self.schema.scope(record.name))
            function.give(function.value(check))

    def definition(self, n: int, definition: Definition) -> None:
        function = _Function(self, f"d{n}", self.schema.scope(definition.subject))
        if definition.name not in self.remembered:
            function.give(function.value(definition.body))
            return
        function.add(f"k = ({n}, at, {''.join(v + ', ' for v in function.scope.values())})")
        function.add("if k in c.memo: return c.memo[k]")
        value = function.value(definition.body)
        function.add(f"c.memo[k] = {value}")
        function.give(value)

    def outcome(self, n: int, outcome: Outcome) -> None:
        scope = self.schema.scope(outcome.subject)
        function = _Function(self, f"o{n}", scope)
        judged = self.judged_on(outcome)
        if judged is not None:
            function.add(f"at = {function.value(judged)}")
        schedule = outcome.schedule
        if schedule is None:
            function.give(function.value(outcome.body))
        else:
            texts = [function.text(one) for one in schedule.texts]
            function.give(f"({function.value(outcome.body)}, {_tuple(texts)})")
        for m, defence in enumerate(outcome.defences):
            function = _Function(self, f"x{n}_{m}", scope)
            if judged is not None:
                function.add(f"at = {function.value(judged)}")
            function.give(function.value(defence.state))

    def judged_on(self, outcome: Outcome) -> Fact | None:
        if outcome.judged_on is None:
            return None
        record, _, name = outcome.judged_on.rpartition(".")
        field = self.schema.field(record, name)
        if field is None:
            raise ValueError(f"no field {outcome.judged_on!r} to judge {outcome.name!r} on")
        return Fact(record, name, field.type)


class _Function:
    """One generated function while it is written."""

    def __init__(self, module: Module, name: str, scope: tuple[str, ...], element: str | None = None) -> None:
        self.module = module
        self.scope = {record: f"r{n}" for n, record in enumerate(scope)}
        parameters = ["c", "at", *self.scope.values()]
        if element is not None:
            self.scope = {**self.scope, element: "e"}
            parameters.append("e")
        self.body: list[str] = [f"def {name}({', '.join(parameters)}):"]
        self.known: dict[int, str] = {}
        self.count = 0

    def add(self, line: str) -> None:
        self.body.append("    " + line)

    def give(self, value: str) -> None:
        self.add(f"return {value}")
        self.module.lines.extend(self.body)

    def text(self, schedule: Schedule | None) -> str:
        """What the expressions of a schedule give; nothing where there is no such clause."""
        if schedule is None:
            return "None"
        anchor = self.value(schedule.anchor)
        recurs = "True" if schedule.recurs is None else self.value(schedule.recurs)
        done, last = (
            "None" if part is None else self.value(part) for part in (schedule.event, schedule.last)
        )
        return f"({anchor}, {recurs}, {done}, {last})"

    def value(self, top: Expr) -> str:
        """The name or constant that holds the value; adds the statements that work it out."""
        stack: list[tuple[Expr, bool]] = [(top, False)]
        while stack:
            expr, ready = stack.pop()
            if id(expr) in self.known:
                continue
            if ready:
                self.known[id(expr)] = self.statement(expr, [self.known[id(e)] for e in children(expr)])
                continue
            stack.append((expr, True))
            stack.extend((inner, False) for inner in reversed(children(expr)))
        return self.known[id(top)]

    def keep(self, source: str) -> str:
        name = f"t{self.count}"
        self.count += 1
        self.add(f"{name} = {source}")
        return name

    def statement(self, expr: Expr, operands: list[str]) -> str:
        constants = self.module.constants
        match expr:
            case Const(value=value):
                return constants.of(value)
            case At():
                return "at"
            case Fact():
                return self.fact(expr)
            case Assumed(name=name):
                return self.keep(f"assumption(c, {constants.of(name)})")
            case Absent(reason=reason, code=code, message=message):
                return constants.of(absent(reason, code, message))
            case And():
                return self.keep(f"both({_tuple(operands)})")
            case Or():
                return self.keep(f"either({_tuple(operands)})")
            case Not():
                return self.keep(f"negated({operands[0]})")
            case Compare():
                return self.keep(self.comparison(expr, *operands))
            case Member():
                return self.keep(self.membership(expr, operands))
            case Op():
                return self.keep(self.operator(expr, operands))
            case Choose():
                return self.keep(self.choice(expr, operands))
            case Fold():
                return self.fold(expr, operands[0])
            case Call():
                return self.call(expr, operands)
            case _:
                assert_never(expr)

    def fact(self, fact: Fact) -> str:
        constants = self.module.constants
        missing = constants.of(self.module.schema.gap(fact))
        where = "c.case" if fact.record is None else f"{self.scope[fact.record]}.values"
        return self.keep(f"{where}.get({constants.of(fact.field)}, {missing})")

    def comparison(self, expr: Compare, left: str, right: str) -> str:
        if expr.comparison == "eq":
            if is_country(expr.left) or is_country(expr.right):
                return f"equal_countries(c.territories, {left}, {right})"
            if not _ordered(expr.left, expr.right):
                return f"equal({left}, {right})"
        return f"compare({expr.comparison!r}, {left}, {right})"

    def membership(self, expr: Member, operands: list[str]) -> str:
        operand, options = operands[0], operands[1:]
        if not options:
            return "False"
        country = any(is_country(e) for e in children(expr))
        ordered = _ordered(*children(expr))
        if not ordered and all(isinstance(e, Const) for e in expr.options):
            values = frozenset(e.value for e in expr.options if isinstance(e, Const))
            name = self.module.constants.of(values)
            return f"among_countries(c, {operand}, {name})" if country else f"among({operand}, {name})"
        how = "country" if country else "ordered" if ordered else "plain"
        return f"among_any(c, {operand}, {_tuple(options)}, {how!r})"

    def operator(self, expr: Op, operands: list[str]) -> str:
        constants = self.module.constants
        kinds = [type_of(e) for e in expr.operands]
        numeric = is_numeric(expr.type)
        match expr.operator:
            case "add" | "lesser" | "greater":
                return f"{expr.operator}({_tuple(operands)}, {numeric})"
            case "subtract":
                dated = any(kind is not None and not is_numeric(kind) for kind in kinds)
                return f"subtract({operands[0]}, {operands[1]}, {not dated})"
            case "negate":
                return f"negate({operands[0]}, {numeric})"
            case "multiply":
                return f"multiply({_tuple(operands)}, {hundredths(kinds)})"
            case "share_of" | "as_percent":
                whole = constants.of(words(expr.operands[1]))
                return f"{expr.operator}({operands[0]}, {operands[1]}, {whole})"
            case "round":
                mode, multiple = expr.params
                return f"round_to({operands[0]}, {constants.of(mode)}, {constants.of(multiple)})"
            case "add_period" | "subtract_period":
                rounding = constants.of(expr.params[0] if expr.params else "abort")
                return f"{expr.operator}({operands[0]}, {operands[1]}, {rounding})"
            case "either_event" | "each_event":
                return f"{expr.operator}({_tuple(operands)})"
            case "term_end":
                params = ", ".join(constants.of(one) for one in expr.params)
                return f"term_end({operands[0]}, {operands[1]}, {params})"
            case "start_of_year" | "hs_part":
                given = [constants.of(param) for param in expr.params]
                return f"{expr.operator}({', '.join((*operands, *given))})"
            case "divide" | "percent_of" | "first_of_month" | "last_of_month" | "year_of":
                return f"{expr.operator}({', '.join(operands)})"
            case "span" | "start_of_span" | "end_of_span" | "days_in" | "days_common":
                return f"{expr.operator}({', '.join(operands)})"
            case _:
                assert_never(expr.operator)

    def choice(self, expr: Choose, operands: list[str]) -> str:
        count = len(expr.cases)
        conditions, values, default = operands[:count], operands[count:-1], operands[-1]
        parts = f"{_tuple(conditions)}, {_tuple(values)}, {default}, {is_ordered(expr.type)}"
        if expr.mode == "first":
            return f"choose_first({parts})"
        places = tuple((_line(case.span.place), case.cites) for case in expr.cases)
        return f"choose_unordered({parts}, {self.module.constants.of(places)})"

    def fold(self, expr: Fold, listed: str) -> str:
        module = self.module
        name = f"b{module.folds}"
        module.folds += 1
        records = tuple(record for record in self.scope if record != expr.record)
        inner = _Function(module, name, records, expr.record)
        where = "True" if expr.where is None else inner.value(expr.where)
        body = "True" if expr.body is None else inner.value(expr.body)
        inner.give(f"({where}, {body})")
        scope = "".join(f", {self.scope[record]}" for record in records)
        parent = "c" if expr.list.record is None else self.scope[expr.list.record]
        field = module.constants.of(expr.list.field)
        result = f"t{self.count}"
        self.count += 1
        numeric = is_numeric(expr.type)
        self.add(f"if type({listed}) is tuple:")
        self.add(
            f"    {result} = fold({expr.kind!r}, [{name}(c, at{scope}, e_) for e_ in {listed}], {numeric})"
        )
        self.add("else:")
        self.add(f"    w_, b_ = {name}(c, at{scope}, generic(c, {parent}, {field}))")
        self.add(f"    {result} = fold_unknown({expr.kind!r}, {listed}, w_, b_)")
        return result

    def call(self, expr: Call, operands: list[str]) -> str:
        module = self.module
        number, definition = module.definitions[expr.definition]
        at = operands[-1] if expr.at is not None else "at"
        scope = dict(self.scope)
        if expr.bind is not None:
            names = module.constants.of(tuple(name for name, _ in expr.bind.fields))
            record = module.record_numbers.get(expr.bind.record, -1)
            values = _tuple(operands[: len(expr.bind.fields)])
            scope[expr.bind.record] = self.keep(f"bound(c, {record}, {names}, {values})")
        records = "".join(f", {scope[record]}" for record in module.schema.scope(definition.subject))
        return self.keep(f"d{number}(c, {at}{records})")


def hundredths(kinds: list[Type | None]) -> int:
    """How many factors of a product are percentages of the others, and so count as P/100."""
    percents = sum(isinstance(kind, Percent) for kind in kinds)
    return percents if percents < len(kinds) else 0


def _ordered(*operands: Expr) -> bool:
    kinds = [type_of(e) for e in operands]
    return any(kind is not None and is_ordered(kind) for kind in kinds)


def _tuple(parts: list[str]) -> str:
    return f"({''.join(part + ', ' for part in parts)})"


def _line(place: str) -> str:
    return place.rpartition(":")[0] if place.strip(":1") else ""
