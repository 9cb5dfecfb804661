"""Acts: when each is done, and which fields of its record tell who acted, on what and towards whom."""

from __future__ import annotations

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.names import (
    ActInfo,
    Meant,
    Names,
)
from policy_lang.program import core
from policy_lang.program.types import (
    Country,
)
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree


def declare_acts(own: Meant, names: Names) -> None:
    """Acts, with the fields of their record that play their parts."""
    for name, item in own.declared.acts.items():
        schema = names.look_up("records", item.record, "no record is called")
        if not isinstance(schema, core.RecordSchema):
            own.declared.lost |= {name}
            continue
        expressions = Expressions(names, schema.name)
        scope: list[core.Expr] = []
        done: core.Expr | None = None
        roles: dict[str, str] = {}
        for line in item.lines:
            if line.condition is not None:
                condition = expressions.condition(line.condition)
                if line.what == "scope":
                    scope.append(condition)
                else:
                    done = condition
            elif line.field is not None:
                fact = expressions.lower(tree.Ref((line.field,), span=line.field.span))
                wanted = Country() if line.what != "on" else None
                if isinstance(fact, core.Fact) and (wanted is None or fact.type == wanted):
                    roles[line.what] = fact.field
                elif not isinstance(fact, core.Const):
                    names.say(_bad_role(line.field.span, line.what))
        if done is None:
            if not own.declared.is_damaged(item):
                names.say(
                    problems.ACT_INCOMPLETE.at(
                        item.name.span,
                        f"`{name}` does not say when it is done",
                        label="this act",
                        help="add a line `done when ...`",
                    )
                )
            own.declared.lost |= {name}
            continue
        condition_all = None if not scope else (scope[0] if len(scope) == 1 else core.And(tuple(scope)))
        label = item.label.text if item.label else name.replace("_", " ")
        own.acts[name] = ActInfo(name, label, schema.name, condition_all, done, roles)


def _bad_role(span: Span, what: str) -> Diagnostic:
    kind = "a field" if what == "on" else "a field that holds a country"
    return problems.WRONG_USE.at(
        span, f"`{what}` needs {kind}", label="not one", help="name such a field of the act's record"
    )
