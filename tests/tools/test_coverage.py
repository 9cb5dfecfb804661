"""What scenarios tried of a policy is counted right, case by case; and whoever reads the reports gets the same."""

from __future__ import annotations

import html.parser
import json
import textwrap
from pathlib import Path

import pytest

from policy_lang.tools.coverage.measure import Coverage, measure
from policy_lang.tools.coverage.to_html import to_html
from policy_lang.tools.coverage.to_json import to_json
from policy_lang.tools.coverage.to_lcov import to_lcov
from policy_lang.tools.coverage.to_text import to_text

ROOT = Path(__file__).parent.parent.parent

SHOP = """
    law shop
        title     "Shop law"
        in force  from 2024-01-01
        verified  2026-11-22 against "nothing: this text is invented"

    record sale
        price    money USD
        good     apple, pear or fig
        late     yes or no
        parts    list of part

    record part in sale
        weight   number
        heavy    yes or no

    rule dear for sale : yes or no      [Section 1]
        price is more than 5 USD

    rule fee for sale : money USD       [Section 2]
        2 USD when dear
        otherwise 1 USD
            but 0 USD when late         [Section 2(b)]

    table rate for sale : percent by good
        apple      1 %
        pear       2 %
        otherwise  3 %

    rule charge for sale : percent      [Section 2(c)]
        rate

    rule heavy_weight for sale : number [Section 3]
        sum of part.weight of parts where part.heavy

    rule banded for sale : number       [Section 4]
        1 when price is less than 3 USD and late
        otherwise 0
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.pol").write_text(textwrap.dedent(SHOP).lstrip("\n"))
    return tmp_path


def covered(folder: Path, *scenarios: str) -> Coverage:
    """The coverage of the policy in a folder by these scenarios."""
    name = next(path.stem for path in sorted(folder.glob("*.pol")) if "scenarios" not in path.name)
    parts = [
        f'scenario "{n}"\n{textwrap.indent(textwrap.dedent(one).strip(), "    ")}\n'
        for n, one in enumerate(scenarios)
    ]
    path = folder / f"{name}.scenarios.pol"
    path.write_text(f"scenarios for {name}\n\n" + "\n".join(parts))
    (found,) = measure([path])
    assert found.scenarios == len(scenarios), "every scenario of a test passes"
    return found


def missing(coverage: Coverage) -> set[str]:
    return {one.sentence for one in coverage.gaps}


def counts(coverage: Coverage, words: str) -> dict[str, int]:
    (one,) = (one for one in coverage.measured if one.item.words == words)
    return dict(one.counts)


DEAR = "as of 2024-06-01\ngiven sale\n    price 6 USD\nexpect dear yes"


def test_a_condition_is_tried_with_yes_no_and_unknown(shop: Path) -> None:
    condition = "`price is more than 5 USD`"
    assert counts(covered(shop, DEAR), condition) == {"yes": 1, "no": 0, "unknown": 0}
    assert f"{condition} was never no and never unknown" in missing(covered(shop, DEAR))
    cheap = "as of 2024-06-01\ngiven sale\n    price 5 USD\nexpect dear no"
    open_ = "as of 2024-06-01\nexpect dear undetermined, needs sale.price"
    assert counts(covered(shop, DEAR, cheap, open_), condition) == {"yes": 1, "no": 1, "unknown": 1}


def test_what_an_outcome_can_come_to(shop: Path) -> None:
    found = covered(shop, DEAR)
    assert "rule `fee` was never asked for" in missing(found)
    assert "rule `dear` never came to `not in force` or `no` or `undetermined`" in missing(found)
    before = covered(shop, "as of 2023-12-31\ngiven sale\n    price 6 USD\nexpect dear not in force")
    assert counts(before, "rule `dear`")["not in force"] == 1
    assert "`price is more than 5 USD` was never looked at" in missing(before), "the law was not in force"


def fee(price: str, late: str, value: str) -> str:
    return f"as of 2024-06-01\ngiven sale\n    price {price} USD\n    late {late}\nexpect fee {value} USD"


def test_an_exception_takes_the_place_of_what_it_excepts(shop: Path) -> None:
    exception = "the exception `but 0 USD when late`"
    plain = covered(shop, fee("6", "no", "2"))
    assert f"{exception} never applied" in missing(plain)
    assert counts(plain, "the case `2 USD when dear`") == {"applied": 1}
    late = covered(shop, fee("1", "yes", "0"))
    assert not any(exception in one for one in missing(late))


def test_rows_and_the_default_of_a_table(shop: Path) -> None:
    def rate(good: str, value: str) -> str:
        return f"as of 2024-06-01\ngiven sale\n    good {good}\nexpect charge {value} %"

    found = covered(shop, rate("pear", "2"))
    assert counts(found, "the row `pear 2 %`") == {"applied": 1}
    assert "the row `apple 1 %` never applied" in missing(found)
    assert "the value `3 %` never applied" in missing(found)
    assert counts(covered(shop, rate("fig", "3")), "the value `3 %`") == {"applied": 1}


def test_an_element_that_is_left_out_is_not_looked_into(shop: Path) -> None:
    both = covered(
        shop,
        "as of 2024-06-01\ngiven sale\n    part\n        heavy yes\n        weight 2\n"
        "    part\n        heavy no\n        weight 3\nexpect heavy_weight 2",
    )
    assert counts(both, "`heavy`") == {"yes": 1, "no": 1, "unknown": 0}
    unknown = covered(shop, "as of 2024-06-01\nexpect heavy_weight undetermined")
    assert counts(unknown, "`heavy`")["unknown"] == 1, (
        "an unknown list has elements of which nothing is known"
    )


def test_several_outcomes_of_one_case_are_all_followed(shop: Path) -> None:
    facts = "as of 2024-06-01\ngiven sale\n    price 6 USD\n    late no\n    good fig\n"
    every = {"dear": "yes", "fee": "2 USD", "charge": "3 %", "banded": "0"}
    together = covered(shop, facts + "\n".join(f"expect {name} {value}" for name, value in every.items()))
    apart = covered(shop, *(f"{facts}expect {name} {value}" for name, value in every.items()))
    assert missing(together) == missing(apart)


def test_a_case_that_fails_shows_nothing(shop: Path) -> None:
    path = shop / "shop.scenarios.pol"
    path.write_text(
        f'scenarios for shop\n\nscenario "wrong"\n{textwrap.indent(DEAR, "    ")}\n'.replace("yes", "no")
    )
    (found,) = measure([path])
    assert (found.scenarios, found.of()[0]) == (0, 0)


def test_a_remark_excuses_what_cannot_be_tried(shop: Path) -> None:
    path = shop / "shop.pol"
    remark = "    # not tried: unknown, no because prices are always printed\n"
    path.write_text(path.read_text().replace("    price is more", f"{remark}    price is more"))
    found = covered(shop, DEAR)
    (one,) = (one for one in found.measured if one.item.words == "`price is more than 5 USD`")
    assert one.missing == ()
    assert dict(one.excused) == dict.fromkeys(("unknown", "no"), "prices are always printed")
    assert found.excused == 2
    assert "2 more are not tried for a reason" in to_text([found])
    assert not found.idle


def test_a_remark_without_a_reason_or_a_gap_excuses_nothing(shop: Path) -> None:
    path = shop / "shop.pol"
    path.write_text(
        path.read_text().replace("more than 5 USD", "more than 5 USD  # not tried: no, unknown", 1)
    )
    found = covered(shop, DEAR)
    assert (found.excused, len(found.idle)) == (0, 1)
    assert "it does not say why" in to_text([found])
    path.write_text(path.read_text().replace("no, unknown", "yes because it is"))
    assert "nothing here is left to try" in to_text([covered(shop, DEAR)])


def test_a_check_is_tried_by_facts_that_it_refuses(shop: Path) -> None:
    path = shop / "shop.pol"
    path.write_text(
        path.read_text().replace(
            "    parts    list of part\n",
            "    parts    list of part\n    check good is not fig or price is at least 1 USD\n",
        )
    )
    check = "the check `good is not fig or price is at least 1 USD`"
    kept = "as of 2024-06-01\ngiven sale\n    good fig\n    price 1 USD\nexpect dear no"
    assert f"{check} never refused any facts" in missing(covered(shop, kept))
    broken = "as of 2024-06-01\ngiven sale\n    good fig\n    price 0.5 USD\nexpect bad facts"
    assert counts(covered(shop, broken), check) == {"refused": 1}
    path.write_text(
        path.read_text().replace("at least 1 USD\n", "at least 1 USD  # not tried: check because so\n")
    )
    found = covered(shop, kept)
    assert (found.excused, found.idle) == (1, ())


def test_percentages_are_rounded_down(shop: Path) -> None:
    found = covered(shop, DEAR)
    tried, total = found.of()
    assert found.percent == 100 * tried // total < 100


def test_each_version_of_an_amended_text_is_one_to_try() -> None:
    folder = ROOT / "policies" / "examples"
    (found,) = measure([folder / "lithium_2024.scenarios.pol"], only="first text")
    versions = [one.item.words for one in found.measured if one.item.kind == "version"]
    assert "the first text" in versions
    tried, total = found.of("version")
    assert total > tried > 0
    assert not any(one.item.words == "the line `joint_review`" for one in found.measured), "nobody wrote that"


def test_every_policy_of_this_repository_is_tried_in_full() -> None:
    """Every clause, case, exception and row, and every condition with yes, no and unknown."""
    found = [
        one
        for folder in (ROOT / "policies", ROOT / "policies" / "examples")
        for one in measure(sorted(folder.glob("*.pol")))
    ]
    assert len(found) > 13
    assert {one.policy: to_text([one]) for one in found if one.gaps or one.idle} == {}
    assert all(one.percent == 100 for one in found)


# ------------------------------------------------------------------------------ reports


def test_lcov_is_read_by_another_reader(shop: Path) -> None:
    lcovparser = pytest.importorskip("lcovparser")
    found = covered(shop, DEAR, fee("6", "no", "2"))
    report = lcovparser.parse_text("\n".join(_understood(to_lcov([found]))))
    (name,) = report
    assert name == str(shop / "shop.pol")
    record = report[name]
    assert record.functions["dear"].executions == 1
    assert record.functions["banded"].executions == 0
    lines = (shop / "shop.pol").read_text().splitlines()
    at = {text.strip(): number for number, text in enumerate(lines, 1)}
    assert at["2 USD when dear"] in record.lines_executed
    assert at["pear       2 %"] not in record.lines_executed


def _understood(text: str) -> list[str]:
    """Without the records of branches, which that reader passes over only here."""
    return [line for line in text.splitlines() if not line.startswith(("BRDA:", "BRF:", "BRH:"))]


def test_branches_add_up(shop: Path) -> None:
    text = to_lcov([covered(shop, DEAR)]).splitlines()
    taken = [line.rpartition(",")[2] for line in text if line.startswith("BRDA:")]
    assert f"BRF:{len(taken)}" in text
    assert f"BRH:{sum(one not in ('-', '0') for one in taken)}" in text


class _Page(html.parser.HTMLParser):
    """The words of a page, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "img", "link", "iframe") or "src" in given:
            self.fetched.append(tag)
        if not (given.get("href") or "#").startswith("#"):
            self.fetched.append(str(given["href"]))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_holds_the_whole_text_and_nothing_that_runs(shop: Path) -> None:
    path = shop / "shop.pol"
    path.write_text(path.read_text().replace('"Shop law"', '"<script>alert(1)</script> & law"'))
    page = _Page()
    page.feed(to_html([covered(shop, DEAR)]))
    assert page.fetched == []
    assert "<script>alert(1)</script> & law" in page.words
    assert "`price is more than 5 USD` was never no and never unknown" in page.words


def test_the_document_lists_everything(shop: Path) -> None:
    found = covered(shop, DEAR)
    (one,) = json.loads(json.dumps(to_json([found])))
    assert one["tried"] == sum(bool(n) for item in one["items"] for n in item["counts"].values())
    assert one["to_try"] == found.of()[1]
