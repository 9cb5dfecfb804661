"""Clauses: each form lowered to an outcome, and what it grants or raises made known to others."""

from __future__ import annotations

from typing import assert_never

from attrs import define, field

from policy_lang.meaning.clauses import deeds, duties, flags, prohibitions, statuses
from policy_lang.meaning.clauses.setting import Setting
from policy_lang.meaning.defences import check_defences
from policy_lang.meaning.force import check_window
from policy_lang.meaning.promises import Promises
from policy_lang.program import core
from policy_lang.syntax import tree


@define
class Clauses:
    """Lowers the clauses of one instrument."""

    here: Setting
    permissions: dict[str, list[core.Case]] = field(factory=dict)  # by the prohibition they beat

    def grant_all(self) -> None:
        """Makes known the statuses that this instrument grants, before any rule asks for one."""
        for clause in self._clauses():
            if isinstance(clause.form, tree.Treat):
                statuses.grant(self.here, clause, clause.form)
            elif isinstance(clause.form, tree.Flag):
                self.here.own.flags[clause.form.name.text] = clause.name.text

    def expect_all(self) -> None:
        """Makes known when each duty was done that names no event for it, before anything counts from that."""
        for clause in self._clauses():
            if isinstance(clause.form, tree.Duty):
                deeds.expect(self.here, clause, clause.form)

    def permit_all(self) -> None:
        """Finds what each permission beats, before the prohibitions are lowered."""
        for clause in self._clauses():
            if not isinstance(clause.form, tree.Permission):
                continue
            found = prohibitions.permit(self.here, clause, clause.form)
            if found is not None:
                beaten, permitted = found
                self.permissions.setdefault(beaten, []).append(permitted)

    def define_all(self) -> None:
        """Lowers every clause, and checks how they stand to one another."""
        own, names = self.here.own, self.here.names
        for clause in self._clauses():
            outcome = self._outcome(clause)
            if outcome is not None:
                own.outcomes.append(outcome)
        self.here.priorities.check()
        Promises(own, names).keep()
        check_defences(own, names)

    def _clauses(self) -> list[tree.Clause]:
        return list(self.here.own.declared.clauses.values())

    def _outcome(self, clause: tree.Clause) -> core.Outcome | None:
        here, form = self.here, clause.form
        check_window(form.window, here.names)
        match form:
            case tree.Treat():
                return statuses.status(here, clause, form)
            case tree.Prohibition():
                permitted = self.permissions.get(clause.name.text, [])
                return prohibitions.prohibition(here, clause, form, permitted)
            case tree.Permission():
                return prohibitions.permission(here, clause, form)
            case tree.Duty():
                return duties.duty(here, clause, form)
            case tree.Affirmation():
                return duties.affirmation(here, clause, form)
            case tree.Flag():
                return flags.flag(here, clause, form)
        assert_never(form)
