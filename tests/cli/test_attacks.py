"""Files from strangers: whatever they hold, the answer is an answer, nothing runs, nothing else is read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Pol

POLICIES = Path(__file__).parent.parent.parent / "policies"
CREDIT = POLICIES / "clean_vehicle_credit.pol"
VERBS = (["check"], ["eval"], ["eval", "--format", "json", "--explain"], ["test"], ["show", "--core"])
STATUSES = {0, 1, 2, 3, 4}

NAMES = [
    *"class def lambda import global pass del try exec eval print self cls true false async await match".split(),
    *"values records facts at program interval unknown error conflict absence decide run evaluate len".split(),
    *"a__class__ x__ e__import__ dict object property datetime decimal core frozen builtins".split(),
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_mean_something_elsewhere_are_only_names(name: str, pol: Pol, tmp_path: Path) -> None:
    path = tmp_path / "names.pol"
    path.write_text(
        f"law names\n\nrecord {name}_r\n    {name} number\n    list_of list of {name}_e\n\n"
        f"record {name}_e in {name}_r\n    {name}_v number\n\n"
        f"rule {name}_total for {name}_r : number\n    {name} + sum of {name}_v of list_of\n\n"
        f"assume {name}_a is yes\n\n"
        f"rule {name}_x for {name}_r : number\n    {name}_total when {name}_a\n    otherwise 0\n",
        encoding="utf-8",
    )
    facts = {f"{name}_r": {name: 2, "list_of": [{f"{name}_v": 3}, {f"{name}_v": 4}]}}
    ran = pol(
        "eval",
        path,
        "--facts",
        "-",
        "--format",
        "json",
        "--as-of",
        "2024-01-31",
        stdin=json.dumps(facts).encode(),
    )
    assert ran.status == 0, ran.err
    assert [outcome["value"] for outcome in ran.json["outcomes"].values()] == ["9", "9"]


TEXTS = [
    "it's", "back\\slash", "\\", "\\n", "{name}", "{0.__class__}", "%s %(x)s", "'''", "\\\\'", "#{x}", "`x`", "$(id)",
    "'; import os; os.system('touch pwned') #", "\\x41", "\\N{DIGIT ONE}", "\u202eright to left", "é\u0301", "日本", "\U0001f600",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.encode("unicode_escape").decode()))
def test_texts_are_only_texts(text: str, pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "texts.pol"
    path.write_text(
        f'law texts\n    title "{text}"\n    short title "{text}"\n    source "{text}"\n    verified 2024-01-01 against "{text}"\n\n'
        f'not encoded "{text}" because "{text}"\n\n'
        f'record letter "{text}"\n    words text "{text}"\n    kind {"a, b or c"}\n\n'
        f'assume meant is yes\n    because "{text}"\n    but see "{text}"   [{text.replace("]", "")}]\n\n'
        f'rule same for letter : yes or no "{text}"   [{text.replace("]", "")}]\n'
        f'    words is "{text}" and meant\n\n'
        f'scenario "{text}"\n    as of 2024-01-31\n    given letter\n        words "{text}"\n    expect same yes\n',
        encoding="utf-8",
    )
    assert pol("test", path).status == 0
    facts = json.dumps({"letter": {"words": text}}).encode()
    arguments = ["eval", path, "--facts", "-", "--explain", "--as-of", "2024-01-31"]
    shown = pol(*arguments, stdin=facts)
    assert shown.status == 0
    assert "\u202e" not in shown.out, "what turns the direction of writing is made visible"
    assert pol(*arguments, "--format", "json", stdin=facts).json["outcomes"]["same"]["value"] is True
    assert pol("show", path).status == 0
    assert pol("show", path, "--core").status == 0
    assert not (tmp_path / "pwned").exists()


def test_escapes_in_facts_steer_no_terminal(pol: Pol, tmp_path: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_text(
        "law a\n\nrecord letter\n    words text\n\nrule same for letter : text\n    words\n", encoding="utf-8"
    )
    for evil in (
        "\x1b[31mred",
        "\x1b]0;title\x07",
        "a\rb",
        "a\nb: granted",
        "\x9b31m",
        "\x00",
        "\u202e",
        "\u2028",
    ):
        for facts in ({"letter": {"words": evil}}, {"letter": {evil: 1}}, {evil: 1}):
            for more in ([], ["--explain"]):
                ran = pol("eval", path, "--facts", "-", *more, stdin=json.dumps(facts).encode())
                assert ran.status in (0, 3)
                shown = ran.out + ran.err
                assert not set(shown) & set("\x00\x07\x1b\r\x9b\u202e\u2028"), (evil, more)
                assert "\nb: granted" not in shown
    setting = pol("eval", path, "--set", "letter.\x1b[31m=5")
    assert "\x1b" not in setting.out + setting.err


def test_who_decided_forges_no_line(pol: Pol) -> None:
    made = {"value": True, "by": "USTR\nfta_treatment: granted\x1b[0m"}
    facts = {"practice": {"by": "CL", "good": "nickel", "non_market": made}}
    for more in ([], ["--explain"]):
        ran = pol(
            "eval", POLICIES / "us_japan_2023.pol", "--facts", "-", *more, stdin=json.dumps(facts).encode()
        )
        assert "USTR" in ran.out
        assert "\nfta_treatment" not in ran.out
        assert "\x1b" not in ran.out


def test_escapes_in_policies_and_their_paths_steer_no_terminal(pol: Pol, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202e.pol"
    for text in (
        "law a\x1b[31m\n",
        "law a\n\nrule \u202eb : number\n    1\n",
        "law a\n\nrule b : number\n    1 \x9b\n",
    ):
        path.write_text(text, encoding="utf-8")
        for verb in VERBS:
            ran = pol(verb[0], path, *verb[1:])
            assert ran.status in STATUSES
            assert not set(ran.out + ran.err) & set("\x1b\x9b\u202e"), (text, verb)


BAD_POLICIES = {
    "empty": b"",
    "no text": b"\x7fELF\x02\x01\x00\xff\xfe",
    "half a character": b"law a\n\xe6\x97",
    "nothing but a tab": b"\t",
    "deep": b"law a\n\nrule r : number\n    " + b"(" * 4000,
    "deep lines": b"law a\n\nrule r : number\n"
    + b"".join(b" " * n + b"but 1 when yes\n" for n in range(1, 500)),
    "long line": b"law a\n# " + b"x" * 100_000,
    "many lines": b"law a\n" + b"\n" * 100_000,
    "large": b"law a\n" + b"# x\n" * 1_500_000,
    "long number": b"law a\n\nrule r : number\n    " + b"9" * 3000 + b"\n",
    "huge period": b"law a\n\nrule r : date\n    2024-01-01 + 999999999 years rounded down\n",
    "huge exponent": b"law a\n\nrule r : number\n    1e999999999\n",
    "many decimals": b"law a\n\nrule r : number\n    1 rounded up to 999999999 decimals\n",
    "endless review": b'agreement a\n    parties US "A", JP "B"\n    in force from 0001-01-01\n\nevent reviews\n\n'
    b"clause c\n    the parties shall review this agreement within 1 day of entry into force and every 1 day thereafter\n",
    "uses itself": b"law a\n\nuse a\n",
    "uses what is not there": b"law a\n\nuse b, c, d\n",
    "a thousand mistakes": b"law a\n" + b"\nrule r : number\n    x\n" * 1000,
    "a wide enumeration": b"law a\n\nkind k\n" + b"".join(b"    w%d\n" % n for n in range(5000)),
    "many rules": b"law a\n" + b"".join(b"\nrule r%d : number\n    %d\n" % (n, n) for n in range(2000)),
    "a long chain": b"law a\n\nrule r0 : number\n    1\n"
    + b"".join(b"\nrule r%d : number\n    r%d + r%d\n" % (n, n - 1, n - 1) for n in range(1, 240)),
    "squares": b"law a\n\nrule r0 : number\n    99999999\n"
    + b"".join(b"\nrule r%d : number\n    r%d * r%d\n" % (n, n - 1, n - 1) for n in range(1, 100)),
}


@pytest.mark.parametrize("what", BAD_POLICIES)
def test_strange_policies(what: str, pol: Pol, tmp_path: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_bytes(BAD_POLICIES[what])
    for verb in VERBS:
        ran = pol(verb[0], path, *verb[1:])
        assert ran.status in STATUSES
        if "json" in verb:
            assert isinstance(ran.json, dict)


BAD_FACTS = {
    "empty": b"",
    "no text": b"\xff\xfe\x00",
    "half": b'{"vehicle": {"msrp": ',
    "deep lists": b'{"vehicle": {"chains": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep groups": b'{"vehicle": ' * 5_000 + b"1" + b"}" * 5_000,
    "unclosed": b"[" * 200_000,
    "a number": b"5",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"vehicle"',
    "huge number": b'{"vehicle": {"msrp": ' + b"9" * 1_000_000 + b"}}",
    "huge exponent": b'{"vehicle": {"msrp": 1e999999999}}',
    "tiny exponent": b'{"vehicle": {"msrp": 1e-999999999}}',
    "NaN": b'{"vehicle": {"msrp": NaN}}',
    "Infinity": b'{"vehicle": {"msrp": -Infinity}}',
    "NaN as text": b'{"vehicle": {"msrp": "NaN", "battery_kwh": "Infinity"}}',
    "given twice": b'{"vehicle": {"msrp": 1, "msrp": 2}}',
    "half a pair": b'{"vehicle": {"class": "\\ud800", "\\udfff": 1}}',
    "names of Python": b'{"vehicle": {"__class__": 1, "__init__": {}}, "__proto__": {}, "": 1}',
    "wrong kinds": b'{"vehicle": {"msrp": [], "chains": {}, "class": 5, "acquired": true, "components": [1, null, "x"]}}',
    "list as record": b'{"vehicle": [{"msrp": 5}]}',
    "dates out of range": b'{"vehicle": {"acquired": "9999-99-99", "placed_in_service": "0000-01-01"}}',
    "first and last day": b'{"vehicle": {"acquired": "9999-12-31", "placed_in_service": "0001-01-01"}}',
    "other digits": '{"vehicle": {"msrp": "\u0665\u0666", "acquired": "\uff12\uff10\uff12\uff14-01-01"}}'.encode(),
    "blanks": b'{"vehicle": {"msrp": " 5 ", "class": " suv"}}',
    "many elements": b'{"vehicle": {"chains": [' + b",".join([b"{}"] * 30) + b"]}}",
    "many wrong elements": b'{"vehicle": {"chains": [' + b",".join([b'{"x": 1}'] * 200) + b"]}}",
}


@pytest.mark.parametrize("what", BAD_FACTS)
def test_strange_facts(what: str, pol: Pol) -> None:
    for more in (["--format", "json"], ["--explain", "--outcome", "credit"]):
        ran = pol("eval", CREDIT, "--facts", "-", "--as-of", "2024-06-01", *more, stdin=BAD_FACTS[what])
        assert ran.status in (0, 3, 4)
        if "json" in more:
            document = ran.json
            assert ("problems" in document) == (ran.status == 3)
            for problem in document.get("problems", []):
                assert problem["message"]
                assert problem["code"]


BAD_LISTS = {
    "a cell that never ends": "| Fact | Answer |\n| --- | --- |\n|" + "a\\a" * 200_000 + "\\\n",
    "lists of lists": "| Fact | Answer |\n| --- | --- |\n"
    + "".join(f"| a{n} | 9999 |\n" for n in range(1000))
    + "".join(f"\n| `a{n}[]` | `a{n}[].b` |\n| --- | --- |\n| 1 | 1 |\n" for n in range(1000)),
}


@pytest.mark.parametrize("what", BAD_LISTS)
def test_strange_filled_lists(what: str, pol: Pol, tmp_path: Path) -> None:
    path = tmp_path / "answers.md"
    path.write_text(BAD_LISTS[what], encoding="utf-8")
    ran = pol("eval", CREDIT, "--facts", path, "--as-of", "2024-06-01", "--format", "json")
    assert ran.status in (3, 4)


def test_a_case_with_more_records_than_can_be_gone_through(pol: Pol) -> None:
    facts = b'{"vehicle": {"chains": [' + b",".join([b"{}"] * 10_001) + b"]}}"
    ran = pol("eval", CREDIT, "--facts", "-", stdin=facts)
    assert ran.status == 3
    assert "more than 10,000 records in lists" in ran.err


BAD_YAML = {
    "bomb": b"a: &a [x, x, x, x, x, x, x, x, x]\n"
    + b"".join(
        b"%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c]\n" % (n + 1, n + 1, n, n, n, n, n, n) for n in range(97, 110)
    ),
    "itself": b"vehicle: &v\n  chains: [*v]\n",
    "an object": b"vehicle: !!python/object/apply:os.system ['touch pwned']\n",
    "a tag": b"vehicle: !!binary aGVsbG8=\n",
    "a merge": b"a: &a {msrp: 1}\nvehicle:\n  <<: *a\n",
    "two documents": b"vehicle:\n  msrp: 1\n---\nvehicle:\n  msrp: 2\n",
    "given twice": b"vehicle:\n  msrp: 1\n  msrp: 2\n",
    "a list as key": b"? [a, b]\n: 1\n",
    "a group as key": b"? {a: b}\n: 1\n",
    "a number as key": b"1: 2\ntrue: 3\nnull: 4\n",
    "a date": b"vehicle:\n  acquired: 2024-01-31\n  placed_in_service: 2024-02-30\n",
    "a time": b"vehicle:\n  acquired: 2024-01-31T10:00:00Z\n",
    "octal": b"vehicle:\n  msrp: 0o17\n  battery_kwh: 010\n",
    "sixty": b"vehicle:\n  msrp: 1:30\n",
    "Norway": b"vehicle:\n  final_assembly: NO\n",
    "tabs": b"vehicle:\n\tmsrp: 1\n",
    "deep": b"[" * 50_000,
    "deeper and deeper": b"".join(b" " * n + b"a:\n" for n in range(2_000)),
    "control": b"vehicle: \x1b[31m\n",
}


@pytest.mark.parametrize("what", BAD_YAML)
def test_strange_yaml(what: str, pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "facts.yaml"
    path.write_bytes(BAD_YAML[what])
    ran = pol("eval", CREDIT, "--facts", path, "--as-of", "2024-06-01", "--format", "json")
    assert ran.status in (3, 4)
    assert isinstance(ran.json, dict)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "text",
    ["a = ", "[vehicle\n", "[vehicle]\nmsrp = 1\nmsrp = 2\n", "[vehicle]\nmsrp = inf\nbattery_kwh = nan\n",
     "[vehicle]\nacquired = 2024-01-31\n", "[vehicle]\nacquired = 2024-01-31T10:00:00Z\n", "[vehicle]\nmsrp = 0x10\n",
     "[vehicle]\nmsrp = 1e400\n", "vehicle = " + "[" * 3000, "[[vehicle]]\n", "[[vehicle.chains]]\nvalue = -1\n", "\x00"],
)  # fmt: skip
def test_strange_toml(text: str, pol: Pol, tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(text, encoding="utf-8")
    ran = pol("eval", CREDIT, "--facts", path, "--as-of", "2024-06-01", "--format", "json")
    assert ran.status in (3, 4)
    assert isinstance(ran.json, dict)


def test_use_reads_nothing_outside_its_folder(pol: Pol, tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere" / "secret.pol"
    secret.parent.mkdir()
    secret.write_text("law secret\n\nrule hidden : number\n    1\n", encoding="utf-8")
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "link.pol").symlink_to(secret)
    (folder / "password.pol").symlink_to("/etc/passwd")
    (folder / "inner").mkdir()
    (folder / "inner" / "deep.pol").write_text("law deep\n", encoding="utf-8")
    path = folder / "a.pol"
    for name in ("link", "password", "secret", "deep", "inner"):
        path.write_text(f"law a\n\nuse {name}\n", encoding="utf-8")
        ran = pol("check", path, "--format", "json")
        assert [problem["code"] for problem in ran.json["problems"]] == ["unknown-instrument"], name
        assert "root:" not in ran.out
    for name in ("../elsewhere/secret", "/etc/passwd", "elsewhere.secret", '"secret"', ".."):
        path.write_text(f"law a\n\nuse {name}\n", encoding="utf-8")
        ran = pol("check", path, "--format", "json")
        assert ran.status == 1
        assert [problem["file"] for problem in ran.json["problems"]] == [str(path)]


def test_a_pipe_among_the_policies_is_not_waited_for(spawn: Pol, small: Path) -> None:
    os.mkfifo(small.parent / "pipe.pol")
    assert spawn("check", "--allow", "no-scenario", small).status == 0


def test_a_folder_is_what_is_in_it(pol: Pol, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.pol").write_text("law elsewhere   # kept by somebody else\n", encoding="utf-8")
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "a.pol").write_text("law a\n", encoding="utf-8")
    (folder / "elsewhere.pol").symlink_to(tmp_path / "elsewhere.pol")
    before = (tmp_path / "elsewhere.pol").read_bytes()
    assert pol("fmt", folder).status == 0
    assert (tmp_path / "elsewhere.pol").read_bytes() == before
    assert pol("check", folder, "--format", "json").json["files"] == [str(folder / "a.pol")]


def test_paths_with_strange_names(pol: Pol, tmp_path: Path) -> None:
    for name in ("a b.pol", "日本.pol", "-a.pol", "a\nb.pol", "a'b.pol", "%41.pol", "a.b.c.pol"):
        path = tmp_path / name
        path.write_text("law a\n\nrule r : number\n    x\n", encoding="utf-8")
        for kind in ("text", "plain", "json", "github", "sarif"):
            ran = pol("check", "--format", kind, "--", path)
            assert ran.status == 1
            if kind in ("json", "sarif"):
                assert ran.json
            elif kind in ("plain", "github"):
                assert len([line for line in ran.out.split("\n") if "unknown-name" in line]) == 1


def test_nothing_is_saved_through_a_link_that_leads_out_of_the_folder(pol: Pol, tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "p.pol").write_text(
        "law p\n    in force from 2024-01-01\n\nrecord s\n    a number\n\n"
        "rule r for s : number\n    1 when a is more than 1\n    2 when a is more than 2\n    otherwise 0\n",
        encoding="utf-8",
    )
    elsewhere = tmp_path / "elsewhere.pol"
    elsewhere.write_text("scenarios for p\n", encoding="utf-8")
    (folder / "p.scenarios.pol").symlink_to(elsewhere)
    ran = pol("prove", folder / "p.pol", "--save", folder)
    assert ran.status == 2
    assert "leads elsewhere" in ran.err
    assert elsewhere.read_text("utf-8") == "scenarios for p\n"
