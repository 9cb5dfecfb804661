"""Units of measure that every policy knows, and exact factors between them.

A pound is 0.45359237 kg exactly (agreement of 1 July 1959 between the national standards laboratories of six
countries; NIST Special Publication 811, appendix B.8), an ounce the sixteenth part of it.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen


@frozen
class Unit:
    """A unit: one of it is `factor` of `base`, and what has one base can be converted into one another."""

    name: str
    base: str
    factor: Fraction


def _units(base: str, factors: dict[str, str]) -> dict[str, Unit]:
    return {name: Unit(name, base, Fraction(factor)) for name, factor in factors.items()}


BUILT_IN: dict[str, Unit] = {
    **_units("kg", {"kg": "1", "g": "0.001", "mg": "0.000001", "tonne": "1000", "lb": "0.45359237",
                    "oz": "0.028349523125"}),
    **_units("kWh", {"Wh": "0.001", "kWh": "1", "MWh": "1000", "GWh": "1000000"}),
}  # fmt: skip


def factor_between(one: Unit, other: Unit) -> Fraction | None:
    """How many of the other unit one of the first is; None when they measure different things."""
    return one.factor / other.factor if one.base == other.base else None
