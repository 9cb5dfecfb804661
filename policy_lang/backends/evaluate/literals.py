"""Python source for constants. Text of an author enters source only through `repr`."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from policy_lang.program.values import ANY, Absence, Interval


def literal(value: object) -> str:
    """An expression that gives this value again, under the names of `runtime.NAMES`."""
    if value is None or value is True or value is False:
        return repr(value)
    if isinstance(value, str):
        return repr(str(value))
    if isinstance(value, Decimal):
        return f"Decimal({str(value)!r})"
    if isinstance(value, Fraction):
        return f"Fraction({value.numerator:d}, {value.denominator:d})"
    if isinstance(value, datetime.date):
        return f"date({value.year:d}, {value.month:d}, {value.day:d})"
    if isinstance(value, int):
        return f"{value:d}"
    if isinstance(value, tuple):
        return f"({''.join(literal(part) + ', ' for part in value)})"
    if isinstance(value, frozenset):
        return f"frozenset(({''.join(literal(part) + ', ' for part in sorted(value, key=repr))}))"
    if isinstance(value, Interval):
        if value == ANY:
            return "ANY"
        ends = (value.lower, value.lower_open, value.upper, value.upper_open)
        return f"Interval({', '.join(literal(end) for end in ends)})"
    if isinstance(value, Absence):
        parts = (value.reason, value.needs, value.interval, value.detail)
        return f"Absence({', '.join(literal(part) for part in parts)})"
    raise TypeError(f"no source for {type(value).__name__}")


class Constants:
    """The constants of one generated module, each under an indexed name."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def name(self, source: str) -> str:
        """The name under which the value of this source stands."""
        if source in ("None", "True", "False", "ANY"):
            return source
        return self._names.setdefault(source, f"{self._prefix}{len(self._names)}")

    def of(self, value: object) -> str:
        """The name of this value."""
        return self.name(literal(value))

    def lines(self) -> list[str]:
        """The assignments that make them."""
        return [f"{name} = {source}" for source, name in self._names.items()]
