"""The types, values and shapes that generated programs draw from: few, and close to where answers change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policy_lang.program.core import (
    Bounds,
)
from policy_lang.program.types import (
    Country,
    Date,
    DateSpan,
    Enumeration,
    HsCode,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    YesNo,
)

YES_NO = YesNo()
NUMBER = Number()
WHOLE = Number(whole=True)
PERCENT = Percent()
USD = Money("USD")
KWH = Quantity("kWh")
DATE = Date()
PERIOD = Period()
SPAN = DateSpan()
CODE = HsCode("2017")
HEADING = HsCode("2017", 4)
TEXT = Text()
COUNTRY = Country()
MINERAL = Enumeration("mineral", ("cobalt", "lithium", "nickel"))
ACTIVITY = Enumeration(None, ("extraction", "processing", "recycling"))

SCALARS: tuple[Type, ...] = (
    YES_NO,
    NUMBER,
    WHOLE,
    PERCENT,
    USD,
    KWH,
    DATE,
    TEXT,
    COUNTRY,
    MINERAL,
    ACTIVITY,
    PERIOD,
    SPAN,
    CODE,
)
NUMBERS: tuple[Type, ...] = (NUMBER, WHOLE, PERCENT, USD, KWH)

NUMBER_POOL = tuple(
    Decimal(n) for n in ("-3", "-1", "0", "0.5", "1", "2", "3", "7", "10", "40", "50", "99.99")
)
DATE_POOL = tuple(
    date.fromisoformat(d)
    for d in (
        "2020-02-29",
        "2023-03-28",
        "2024-01-31",
        "2024-02-29",
        "2024-06-30",
        "2024-12-31",
        "2025-01-01",
    )
)
CODE_POOL = ("8507.60", "8507.10.00", "8508.11", "0406.90", "8517.12")
COUNTRY_POOL = ("US", "PR", "GU", "JP", "CN", "HK", "FR")
BOUNDS = (
    Bounds(),
    Bounds(),
    Bounds(lower=Decimal(0)),
    Bounds(lower=Decimal(0)),
    Bounds(lower=Decimal(0), lower_open=True),
    Bounds(lower=Decimal(0), upper=Decimal(100)),
    Bounds(lower=Decimal(1), upper=Decimal(10), upper_open=True),
    Bounds(upper=Decimal(0)),
    Bounds(lower=Decimal(2), upper=Decimal(2)),
)
TIGHT_NUMBERS = tuple(Decimal(n) for n in (-2, -1, 0, 0, 0, 1, 2))
TIGHT_PERCENTS = tuple(Decimal(n) for n in (-100, 0, 0, 0, 50, 100, 200))
PERIODS = ((0, 0, 1), (0, 0, 30), (0, 1, 0), (0, 3, 0), (1, 0, 0), (2, 0, 0), (1, 1, 1), (0, 0, 0))

ROUNDINGS = (
    "up",
    "down",
    "half up",
    "half even",
    "half down",
    "towards zero",
    "away from zero",
    "half away from zero",
)

PARENTS = {"vehicle": None, "chain": "vehicle", "step": "chain", "sourcing": None, "measure": None}
LISTS = {"chain": "chains", "step": "steps"}
DEAREST = 250  # how many expressions one definition may cost to evaluate, calls spelled out
