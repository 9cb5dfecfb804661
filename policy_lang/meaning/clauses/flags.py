"""Clauses that flag a record."""

from __future__ import annotations

from policy_lang.meaning.clauses.setting import Setting, state
from policy_lang.program import core
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def flag(here: Setting, clause: tree.Clause, form: tree.Flag) -> core.Outcome | None:
    """Raised, or clear."""
    schema = here.record(form.record, form.record.span)
    if schema is None:
        return None
    condition = here.expressions.within(schema.name).condition(form.when)
    raised = core.Case(condition, state("raised", form.span), cited(clause.cites), span=form.span)
    body = here.choose(clause, schema.name, condition, [raised], state("clear", form.span))
    act = f"flag {form.name.text.replace('_', ' ')}"
    return here.outcome(clause, "flag", schema.name, body, here.softened("binding"), act=act)
