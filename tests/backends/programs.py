"""Two small programs written by hand: vehicles with chains and steps, and an agreement like US-Japan."""

import datetime
from decimal import Decimal

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    Assumption,
    At,
    Bind,
    Bounds,
    Call,
    Case,
    CaseFact,
    Choose,
    Compare,
    Const,
    Defence,
    Definition,
    Fact,
    FieldSchema,
    Fold,
    Instrument,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    RecordSchema,
    Schedule,
)
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    Enumeration,
    ListOf,
    Money,
    Number,
    Percent,
    Text,
    YesNo,
)

USD = Money("USD")
MINERALS = ("cobalt", "graphite", "lithium", "manganese", "nickel", "gallium")
MINERAL = Enumeration("mineral", MINERALS)
ACTIVITY = Enumeration(None, ("extraction", "processing", "recycling"))
KIND = Enumeration("act", ("export_duty", "import_quota"))
NOT_NEGATIVE = Bounds(lower=Decimal(0))


def const(value, kind):
    return Const(value, kind)


def country(code):
    return Const(code, Country())


def day(year, month, date):
    return Const(datetime.date(year, month, date), Date())


def text(value):
    return Const(value, Text())


def yes_when(*conditions):
    cases = tuple(Case(condition, Const(True, YesNo())) for condition in conditions)
    return Choose("unordered", cases, Const(False, YesNo()), YesNo())


def state_when(condition, yes, no):
    return Choose("first", (Case(condition, text(yes)),), text(no), Text())


# ------------------------------------------------------------------------------------ vehicles

STEP_COUNTRY = Fact("step", "country", Country())
ACT = Fact("step", "activity", ACTIVITY)
ADDED = Fact("step", "value_added", USD)
STEPS = Fact("chain", "steps", ListOf("step"))
PLACED = Fact("vehicle", "placed_in_service", Date())
IS_EXTRACTION = Compare("eq", ACT, Const("extraction", ACTIVITY))

VEHICLES = Program(
    name="vehicles",
    instruments=(Instrument("vehicles", "law", verified=datetime.date(2026, 1, 1)),),
    records=(
        RecordSchema(
            "vehicle",
            (
                FieldSchema("placed_in_service", Date()),
                FieldSchema("price", USD, bounds=Bounds(lower=Decimal(0), decimals=2)),
                FieldSchema("rebate", USD, bounds=NOT_NEGATIVE, optional=True),
                FieldSchema("chains", ListOf("chain")),
            ),
            judged_on="placed_in_service",
            checks=(
                (
                    Or(
                        (
                            Compare("eq", Fact("vehicle", "rebate", USD), Const(None, USD)),
                            Compare("le", Fact("vehicle", "rebate", USD), Fact("vehicle", "price", USD)),
                        )
                    ),
                    "rebate is at most price",
                ),
            ),
        ),
        RecordSchema(
            "chain",
            (
                FieldSchema("mineral", MINERAL),
                FieldSchema("value", USD, bounds=Bounds(lower=Decimal(0), lower_open=True)),
                FieldSchema("steps", ListOf("step")),
            ),
            parent="vehicle",
            parent_field="chains",
        ),
        RecordSchema(
            "step",
            (
                FieldSchema("activity", ACTIVITY),
                FieldSchema("country", Country()),
                FieldSchema("value_added", USD, bounds=NOT_NEGATIVE),
            ),
            parent="chain",
            parent_field="steps",
            checks=(
                (Compare("le", ADDED, Const(Decimal(1_000_000), USD)), "value_added is at most 1000000 USD"),
            ),
        ),
        RecordSchema("partner_query", (FieldSchema("who", Country()), FieldSchema("good", MINERAL))),
    ),
    case_facts=(),
    assumptions=(Assumption("recycling_counts", Const(True, YesNo())),),
    territories=(("PR", "US", True),),
    definitions=(
        Definition(
            "partner",
            "partner_query",
            YesNo(),
            Or(
                (
                    Member(
                        Fact("partner_query", "who", Country()), tuple(map(country, ("AU", "KR", "CL", "CA")))
                    ),
                    And(
                        (
                            Compare("eq", Fact("partner_query", "who", Country()), country("JP")),
                            Compare("ge", At(), day(2023, 3, 28)),
                            Member(
                                Fact("partner_query", "good", MINERAL),
                                tuple(Const(m, MINERAL) for m in MINERALS[:5]),
                            ),
                        )
                    ),
                )
            ),
            parameters=True,
        ),
        Definition(
            "from_partner",
            "step",
            YesNo(),
            yes_when(
                Compare("eq", STEP_COUNTRY, country("US")),
                Call(
                    "partner",
                    YesNo(),
                    bind=Bind(
                        "partner_query", (("who", STEP_COUNTRY), ("good", Fact("chain", "mineral", MINERAL)))
                    ),
                    at=PLACED,
                ),
            ),
        ),
        Definition("extracted", "chain", USD, Fold("sum", STEPS, "step", IS_EXTRACTION, ADDED, USD)),
        Definition(
            "extracted_by_partners",
            "chain",
            USD,
            Fold("sum", STEPS, "step", And((IS_EXTRACTION, Call("from_partner", YesNo()))), ADDED, USD),
        ),
        Definition(
            "qualifies",
            "chain",
            YesNo(),
            yes_when(
                And(
                    (
                        Compare("gt", Call("extracted", USD), Const(Decimal(0), USD)),
                        Compare(
                            "ge",
                            Call("extracted_by_partners", USD),
                            Op("share_of", (Const(Decimal(50), Percent()), Call("extracted", USD)), USD),
                        ),
                    )
                ),
                And(
                    (
                        Assumed("recycling_counts", YesNo()),
                        Fold(
                            "any",
                            STEPS,
                            "step",
                            Compare("eq", ACT, Const("recycling", ACTIVITY)),
                            Call("from_partner", YesNo()),
                            YesNo(),
                        ),
                    )
                ),
            ),
        ),
        Definition(
            "required",
            "vehicle",
            Percent(),
            Choose(
                "unordered",
                (
                    Case(
                        And(
                            (
                                Compare("ge", PLACED, day(2023, 4, 18)),
                                Compare("le", PLACED, day(2023, 12, 31)),
                            )
                        ),
                        Const(Decimal(40), Percent()),
                    ),
                    Case(
                        Compare(
                            "eq", Op("year_of", (PLACED,), Number(True)), Const(Decimal(2024), Number(True))
                        ),
                        Const(Decimal(50), Percent()),
                    ),
                    Case(Compare("ge", PLACED, day(2027, 1, 1)), Const(Decimal(80), Percent())),
                ),
                Absent("not in force", "no-row", "no row of the table speaks of that date"),
                Percent(),
            ),
        ),
    ),
    outcomes=(
        Outcome(
            "required",
            "rule",
            "vehicle",
            Call("required", Percent()),
            Percent(),
            None,
            judged_on="vehicle.placed_in_service",
        ),
        Outcome(
            "qualifying_value",
            "rule",
            "vehicle",
            Fold(
                "sum",
                Fact("vehicle", "chains", ListOf("chain")),
                "chain",
                Call("qualifies", YesNo()),
                Fact("chain", "value", USD),
                USD,
            ),
            USD,
            None,
            cites=("26 USC 30D",),
            judged_on="vehicle.placed_in_service",
        ),
        Outcome(
            "credit",
            "rule",
            "vehicle",
            Op(
                "lesser",
                (
                    Const(Decimal(7500), USD),
                    Op(
                        "multiply",
                        (Fact("vehicle", "price", USD), Call("required", Percent())),
                        USD,
                    ),
                ),
                USD,
            ),
            USD,
            None,
        ),
        Outcome(
            "per_chain",
            "rule",
            "vehicle",
            Op(
                "divide",
                (
                    Fact("vehicle", "price", USD),
                    Fold(
                        "count", Fact("vehicle", "chains", ListOf("chain")), "chain", None, None, Number(True)
                    ),
                ),
                USD,
            ),
            USD,
            None,
        ),
        Outcome(
            "after_rebate",
            "rule",
            "vehicle",
            Op("subtract", (Fact("vehicle", "price", USD), Fact("vehicle", "rebate", USD)), USD),
            USD,
            None,
        ),
    ),
)

# ------------------------------------------------------------------------------------ an agreement

SIGNED = datetime.date(2023, 3, 28)
IN_FORCE = Compare("ge", At(), Const(SIGNED, Date()))
NOT_YET = Absent("not in force", "not-yet-in-force", "the agreement enters into force on 2023-03-28")
CRITICAL = tuple(Const(m, MINERAL) for m in MINERALS[:5])


def guarded(body):
    return Choose("first", (Case(Not(IN_FORCE), NOT_YET),), body, Text())


def is_party(fact):
    return Member(fact, (country("US"), country("JP")))


MEASURE = {name: Fact("measure", name, kind) for name, kind in (
    ("kind", KIND), ("by", Country()), ("to", Country()), ("good", MINERAL), ("rate", Percent()))}  # fmt: skip
PRACTICE = {name: Fact("practice", name, kind) for name, kind in (
    ("by", Country()), ("good", MINERAL), ("kind", Text()), ("non_market", YesNo()))}  # fmt: skip

AGREEMENT = Program(
    name="agreement",
    instruments=(
        Instrument("agreement", "agreement", verified=datetime.date(2026, 11, 22)),
        Instrument("trade", "vocabulary"),
    ),
    records=(
        RecordSchema("sourcing", (FieldSchema("country", Country()), FieldSchema("good", MINERAL))),
        RecordSchema(
            "measure",
            (
                FieldSchema("kind", KIND),
                FieldSchema("by", Country()),
                FieldSchema("to", Country()),
                FieldSchema("good", MINERAL),
                FieldSchema("rate", Percent(), bounds=NOT_NEGATIVE),
            ),
        ),
        RecordSchema(
            "practice",
            (
                FieldSchema("by", Country()),
                FieldSchema("good", MINERAL),
                FieldSchema("kind", Text()),
                FieldSchema("non_market", YesNo(), determination=True),
            ),
        ),
    ),
    case_facts=(
        CaseFact("reviews", Dates()),
        CaseFact("necessary", YesNo(), determination=True),
    ),
    assumptions=(
        Assumption("review_recurs", Const(True, YesNo())),
        Assumption("graphite_counts", Const(True, YesNo())),
    ),
    territories=(),
    definitions=(Definition("in_force", None, YesNo(), IN_FORCE),),
    outcomes=(
        Outcome(
            "fta_treatment",
            "status",
            "sourcing",
            guarded(
                state_when(
                    And(
                        (
                            Compare("eq", Fact("sourcing", "country", Country()), country("JP")),
                            Member(Fact("sourcing", "good", MINERAL), CRITICAL),
                            Or(
                                (
                                    Not(
                                        Compare(
                                            "eq",
                                            Fact("sourcing", "good", MINERAL),
                                            Const("graphite", MINERAL),
                                        )
                                    ),
                                    Assumed("graphite_counts", YesNo()),
                                )
                            ),
                        )
                    ),
                    "granted",
                    "not granted",
                )
            ),
            None,
            "binding",
            cites=("CRS IF12517; secondary",),
        ),
        Outcome(
            "export_duties",
            "prohibition",
            "measure",
            guarded(
                Choose(
                    "first",
                    (
                        Case(
                            Not(
                                And(
                                    (
                                        is_party(MEASURE["by"]),
                                        is_party(MEASURE["to"]),
                                        Not(Compare("eq", MEASURE["by"], MEASURE["to"])),
                                        Compare("eq", MEASURE["kind"], Const("export_duty", KIND)),
                                        Member(MEASURE["good"], CRITICAL),
                                    )
                                )
                            ),
                            Absent("not applicable", "out-of-scope", "the measure is outside the clause"),
                        ),
                        Case(Compare("gt", MEASURE["rate"], Const(Decimal(0), Percent())), text("breached")),
                    ),
                    text("complied"),
                    Text(),
                )
            ),
            None,
            "binding",
            defences=(
                Defence(
                    "security",
                    "Essential security",
                    state_when(Fact(None, "necessary", YesNo()), "made out", "rejected"),
                ),
            ),
        ),
        Outcome(
            "joint_review",
            "obligation",
            None,
            Choose("first", (Case(Not(IN_FORCE), NOT_YET),), Const(True, YesNo()), YesNo()),
            None,
            "binding",
            schedule=Schedule(
                Const(SIGNED, Date()),
                "entry into force",
                (2, 0, 0),
                every=(2, 0, 0),
                recurs=Assumed("review_recurs", YesNo()),
                event=Fact(None, "reviews", Dates()),
                event_words="reviews",
            ),
        ),
        Outcome(
            "non_market_practice",
            "flag",
            "practice",
            guarded(
                state_when(
                    And(
                        (
                            Not(is_party(PRACTICE["by"])),
                            Member(PRACTICE["good"], CRITICAL),
                            PRACTICE["non_market"],
                        )
                    ),
                    "raised",
                    "clear",
                )
            ),
            None,
            "binding",
        ),
        *(
            Outcome(
                f"undertaking_{n}",
                "undertaking",
                None,
                Choose(
                    "first",
                    (Case(Not(Call("in_force", YesNo())), NOT_YET),),
                    text("applies"),
                    Text(),
                ),
                None,
                "best endeavours",
            )
            for n in range(13)
        ),
    ),
)
