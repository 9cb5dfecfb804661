"""Units that an instrument declares, with exact factors to the units they rest on."""

from __future__ import annotations

from fractions import Fraction

from policy_lang.meaning import problems
from policy_lang.meaning.names import Meant, Names
from policy_lang.program.units import BUILT_IN, Unit
from policy_lang.syntax import tree


def declare_units(own: Meant, names: Names) -> None:
    """Every declared unit; each may rest on units declared before or after it."""
    waiting = dict(own.declared.units)
    while waiting:
        ready = [item for item in waiting.values() if item.base is None or item.base.text not in waiting]
        if not ready:
            _say_circle(next(iter(waiting.values())), names)
            own.declared.lost |= set(waiting)
            return
        for item in ready:
            del waiting[item.name.text]
            made = _made(item, names)
            if made is None:
                own.declared.lost |= {item.name.text}
            else:
                own.units[made.name] = made


def _made(item: tree.Unit, names: Names) -> Unit | None:
    if item.name.text in BUILT_IN:
        names.say(
            problems.BAD_UNIT.at(
                item.name.span,
                f"every policy knows the unit `{item.name.text}` already",
                label="declared again",
                help="leave the line out, or give it another name",
            )
        )
        return None
    if item.base is None or item.factor is None:
        return Unit(item.name.text, item.name.text, Fraction(1))
    base = names.unit(item.base)
    if base is None:
        return None
    if item.factor <= 0:
        names.say(
            problems.BAD_UNIT.at(
                item.span,
                f"`{item.name.text}` would be nothing",
                label="zero of another unit",
                help="write how many of the other unit one of it is",
            )
        )
        return None
    return Unit(item.name.text, base.base, base.factor * Fraction(item.factor))


def _say_circle(item: tree.Unit, names: Names) -> None:
    names.say(
        problems.BAD_UNIT.at(
            item.name.span,
            f"`{item.name.text}` is measured in itself",
            label="goes round in a circle",
            help="let one of the units rest on none of the others",
        )
    )
