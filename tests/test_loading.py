import datetime
import shutil
from pathlib import Path

import pytest

from policy_lang import load
from policy_lang.loading import InvalidPolicy, load_policy

POLICIES = Path(__file__).parent.parent / "policies"
DAY = datetime.date(2024, 6, 1)
FACTS = {"sourcing": {"country": "JP", "good": "graphite"}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for path in POLICIES.glob("*.pol"):
        shutil.copy(path, tmp_path)
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "cache" / "policy-lang").iterdir() if "grammar" not in path.name]


def test_the_second_load_comes_from_the_cache_and_says_the_same(folder: Path) -> None:
    path = folder / "us_japan_2023.pol"
    first = load(path).evaluate(FACTS, DAY)
    assert len(kept(folder)) == 1
    second = load(path).evaluate(FACTS, DAY)
    assert first.to_json() == second.to_json()


def test_a_changed_file_in_use_is_seen(folder: Path) -> None:
    law = folder / "clean_vehicle_credit.pol"
    assert load(law).evaluate(FACTS, DAY).outcomes["counts_as_partner"].value is True
    agreement = folder / "us_japan_2023.pol"
    agreement.write_text(agreement.read_text().replace("cobalt, graphite,", "cobalt,"))
    assert load(law).evaluate(FACTS, DAY).outcomes["counts_as_partner"].value is False


def test_a_new_file_that_hides_the_vocabulary_is_seen(folder: Path) -> None:
    path = folder / "us_japan_2023.pol"
    load(path)
    (folder / "trade.pol").write_text('vocabulary trade\n    title "Nothing"\n')
    assert load_policy(path)[0] is None


def test_a_cache_that_others_could_write_to_is_left_alone(folder: Path) -> None:
    cache = folder / "cache" / "policy-lang"
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    load(folder / "us_japan_2023.pol")
    assert list(cache.iterdir()) == []


def test_damaged_cache_files_are_made_again(folder: Path) -> None:
    path = folder / "us_japan_2023.pol"
    load(path)
    (file,) = kept(folder)
    for junk in (b"", b"junk", file.read_bytes()[:100]):
        file.write_bytes(junk)
        assert load(path).evaluate(FACTS, DAY).outcomes["fta_treatment"].state == "granted"


def test_an_invalid_policy_is_raised_with_every_mistake(tmp_path: Path) -> None:
    path = tmp_path / "bad.pol"
    path.write_text('law bad\n    title "Bad"\n\nrule a : yes or no\n    b\n\nrule c : yes or no\n    d\n')
    with pytest.raises(InvalidPolicy) as raised:
        load(path)
    assert [d.code.name for d in raised.value.diagnostics] == ["unknown-name", "unknown-name"]
