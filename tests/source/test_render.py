"""One diagnostic, drawn for people and written for programs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.finding import from_diagnostics
from policy_lang.source.render import render_people, render_plain, to_json
from policy_lang.source.text import NOWHERE, SourceFile, Span
from policy_lang.source.to_github import to_github
from policy_lang.source.to_sarif import to_sarif

UNKNOWN = Code("unknown-name", "a clause can use only names defined in this file or in one it uses")
UNUSED = Code("unused-definition", "what nothing uses may be a slip", "warning")

FILE = SourceFile(
    "policies/us_japan_2023.pol",
    "\n" * 8
    + "critical_minerals means cobalt, graphite\n"
    + "\n" * 4
    + "        with respect to critical_mineral\n"
    + "        for the purposes of credit\n",
)


def place(file: SourceFile, words: str, *, last: bool = False) -> Span:
    start = file.text.rindex(words) if last else file.text.index(words)
    return Span(file, start, start + len(words))


def unknown_name() -> Diagnostic:
    return UNKNOWN.at(
        place(FILE, "critical_mineral", last=True),
        "nothing is called `critical_mineral`",
        label="used here",
        help="did you mean `critical_minerals`?",
        related=[(place(FILE, "critical_minerals"), "a close name, defined here")],
    )


def in_line(text: str, words: str) -> Diagnostic:
    return UNKNOWN.at(place(SourceFile("a.pol", text), words), "a message")


def drawing(d: Diagnostic, *, width: int | None = None) -> list[str]:
    """The drawn line and the line of its marker, without the gutter."""
    lines = render_people([d], width=width).splitlines()
    return [line.partition("|")[2][1:] for line in lines if "|" in line][1:-1]


# ---------------------------------------------------------------------------- for people


def test_a_problem_is_drawn_with_both_places() -> None:
    assert (
        render_people([unknown_name()])
        == """\
error[unknown-name]: nothing is called `critical_mineral`
 --> policies/us_japan_2023.pol:14:25
   |
 9 | critical_minerals means cobalt, graphite
   | ----------------- a close name, defined here
...
14 |         with respect to critical_mineral
   |                         ^^^^^^^^^^^^^^^^ used here
   |
   why: a clause can use only names defined in this file or in one it uses
   help: did you mean `critical_minerals`?
"""
    )


def test_a_place_in_another_file_gets_its_own_drawing() -> None:
    other = SourceFile("trade.pol", "mineral is cobalt\n")
    d = UNUSED.at(place(FILE, "cobalt"), "said twice", related=[(place(other, "cobalt"), "first said here")])
    assert (
        render_people([d])
        == """\
warning[unused-definition]: said twice
--> policies/us_japan_2023.pol:9:25
  |
9 | critical_minerals means cobalt, graphite
  |                         ^^^^^^ here
  |
::: trade.pol:1:12
  |
1 | mineral is cobalt
  |            ------ first said here
  |
  why: what nothing uses may be a slip
"""
    )


def test_problems_are_separated_by_a_blank_line() -> None:
    one = render_people([unknown_name()])
    assert render_people([unknown_name(), unknown_name()]) == f"{one}\n{one}"
    assert render_people([]) == ""


def test_two_marks_on_one_line_are_drawn_from_left_to_right() -> None:
    file = SourceFile("a.pol", "x is y and y is x")
    d = UNKNOWN.at(Span(file, 11, 12), "clash", label="this", related=[(Span(file, 0, 1), "that")])
    assert drawing(d) == ["x is y and y is x", "- that", "           ^ this"]


def test_neighbouring_lines_need_no_dots() -> None:
    file = SourceFile("a.pol", "one\ntwo\n")
    d = UNKNOWN.at(place(file, "two"), "clash", related=[(place(file, "one"), "")])
    assert drawing(d) == ["one", "---", "two", "^^^ here"]


def test_a_span_over_several_lines_marks_the_first_to_its_end() -> None:
    assert drawing(in_line("when x\n    and y\n", "x\n    and")) == ["when x", "     ^ here"]


@pytest.mark.parametrize("offset", [6, 7])
def test_what_is_missing_at_the_end_of_a_line_is_marked_after_it(offset: int) -> None:
    d = UNKNOWN.at(Span(SourceFile("a.pol", "when x\n"), 6, offset), "something is missing")
    assert drawing(d) == ["when x", "      ^ here"]


def test_wide_characters_keep_the_marker_in_place() -> None:
    assert drawing(in_line('title "日本国" x', "x")) == ['title "日本国" x', " " * 15 + "^ here"]
    assert drawing(in_line('title "日本国" x', "日本国")) == ['title "日本国" x', " " * 7 + "^^^^^^ here"]


def test_tabs_keep_the_marker_in_place() -> None:
    assert drawing(in_line("\tx\tyes no", "yes")) == ["    x   yes no", "        ^^^ here"]


def test_a_file_without_text_is_named_but_not_drawn() -> None:
    d = UNKNOWN.at(Span(SourceFile("gone.pol", ""), 0, 0), "there is no such file")
    assert render_people([d]).splitlines()[1:] == ["--> gone.pol:1:1", f"  why: {UNKNOWN.why}"]


def test_a_problem_of_no_file_has_no_place() -> None:
    d = UNKNOWN.at(NOWHERE, "nothing was given", related=[(NOWHERE, "nor here")])
    assert render_people([d]).splitlines() == [
        "error[unknown-name]: nothing was given",
        f"  why: {UNKNOWN.why}",
    ]
    assert render_plain([d]).startswith("error[unknown-name]: nothing was given\n")
    assert "nor here" not in render_plain([d])


def test_a_long_line_is_cut_around_its_marker() -> None:
    line, marker = drawing(in_line("many words " * 300 + "bad" + " more words" * 300, "bad"), width=60)
    assert len(line) <= 56
    assert line.startswith("…")
    assert line.endswith("…")
    start = marker.index("^")
    assert line[start : start + 3] == "bad"


def test_sentences_are_wrapped_to_the_width_and_aligned() -> None:
    lines = render_people([unknown_name()], width=50).splitlines()
    why = next(n for n, line in enumerate(lines) if line.startswith("   why:"))
    assert lines[why : why + 2] == [
        "   why: a clause can use only names defined in",
        "        this file or in one it uses",
    ]


def test_a_very_narrow_terminal_is_not_taken_at_its_word() -> None:
    assert render_people([unknown_name()], width=1) == render_people([unknown_name()], width=40)


def test_colour_only_adds_escape_codes() -> None:
    coloured = render_people([unknown_name()], colour=True)
    assert "\x1b[1;31merror[unknown-name]\x1b[0m" in coloured
    parts = coloured.split("\x1b[")
    bare = parts[0] + "".join(part.partition("m")[2] for part in parts[1:])
    assert bare == render_people([unknown_name()])


# ---------------------------------------------------------------------------- hostile text

HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\x08\x9b31m\u202ereversed\u2066\u200b\u2028\ud800"


def test_an_author_cannot_steer_the_terminal() -> None:
    file = SourceFile(f"{HOSTILE}.pol", f"x {HOSTILE} y")
    d = UNKNOWN.at(
        place(file, "y"), HOSTILE, label=HOSTILE, help=HOSTILE, related=[(place(file, "x"), HOSTILE)]
    )
    for text in (render_people([d]), render_plain([d])):
        assert not [
            c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        ]


def test_hidden_characters_are_written_out_and_the_marker_follows() -> None:
    assert drawing(in_line("a\u202eb", "b")) == ["a\\u{202E}b", "         ^ here"]


def test_a_line_end_in_a_message_cannot_start_another_message() -> None:
    d = UNKNOWN.at(NOWHERE, "`x\nerror[fake]: y`")
    assert render_plain([d]).splitlines()[0] == "error[unknown-name]: `x\\u{000A}error[fake]: y`"


def test_github_commands_cannot_be_injected() -> None:
    file = SourceFile("a,b:c%\n::error ::x.pol", "x")
    d = UNKNOWN.at(Span(file, 0, 1), "50 %\n::error ::injected\r")
    lines = to_github(from_diagnostics([d])).splitlines()
    assert len(lines) == 1
    head = "::error file=a%2Cb%3Ac%25%0A%3A%3Aerror %3A%3Ax.pol,line=1,col=1,title=unknown-name::50 %25"
    assert lines[0].startswith(head)


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60), st.integers(1, 90) | st.none())
def test_any_text_and_span_can_be_drawn(text: str, start: int, length: int, width: int | None) -> None:
    file = SourceFile("a.pol", text.replace("\r", ""))
    start = min(start, len(file.text))
    d = UNKNOWN.at(Span(file, start, min(start + length, len(file.text))), "a message")
    assert render_people([d], width=width).startswith("error[unknown-name]: a message\n--> a.pol:")
    assert render_plain([d])
    json.dumps([to_json([d]), to_sarif(from_diagnostics([d]))])


# ---------------------------------------------------------------------------- for programs


def test_plain_has_one_line_a_problem_then_its_reasons() -> None:
    assert (
        render_plain([unknown_name()])
        == """\
policies/us_japan_2023.pol:14:25: error[unknown-name]: nothing is called `critical_mineral`
    why: a clause can use only names defined in this file or in one it uses
    help: did you mean `critical_minerals`?
    see: policies/us_japan_2023.pol:9:1: a close name, defined here
"""
    )


def test_json_says_everything() -> None:
    assert to_json([unknown_name()]) == [
        {
            "code": "unknown-name",
            "severity": "error",
            "message": "nothing is called `critical_mineral`",
            "why": UNKNOWN.why,
            "help": "did you mean `critical_minerals`?",
            "file": "policies/us_japan_2023.pol",
            "line": 14,
            "column": 25,
            "end_line": 14,
            "end_column": 41,
            "label": "used here",
            "related": [
                {
                    "file": "policies/us_japan_2023.pol",
                    "line": 9,
                    "column": 1,
                    "end_line": 9,
                    "end_column": 18,
                    "label": "a close name, defined here",
                }
            ],
        }
    ]


def test_json_has_no_place_for_a_problem_of_no_file() -> None:
    (said,) = to_json([UNKNOWN.at(NOWHERE, "nothing was given")])
    assert {said[key] for key in ("file", "line", "column", "end_line", "end_column")} == {None}


def test_github_annotations_carry_the_reasons() -> None:
    first, second = to_github(from_diagnostics([unknown_name(), UNUSED.at(NOWHERE, "unused")])).splitlines()
    assert first == (
        "::error file=policies/us_japan_2023.pol,line=14,col=25,title=unknown-name::"
        "nothing is called `critical_mineral`"
        "%0Awhy: a clause can use only names defined in this file or in one it uses"
        "%0Ahelp: did you mean `critical_minerals`?"
    )
    assert second == "::warning title=unused-definition::unused%0Awhy: what nothing uses may be a slip"


def test_sarif_names_rules_once_and_counts_code_points() -> None:
    unused = UNUSED.at(place(FILE, "cobalt"), "unused")
    log = to_sarif(from_diagnostics([unused, unknown_name(), unused]), version="1.2.3")
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["version"] == "1.2.3"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["unknown-name", "unused-definition"]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 0, 1]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "warning"]
    result = run["results"][1]
    assert result["message"]["text"].startswith("nothing is called")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/us_japan_2023.pol"},
        "region": {"startLine": 14, "startColumn": 25, "endLine": 14, "endColumn": 41},
    }
    assert result["relatedLocations"][0]["message"] == {"text": "a close name, defined here"}


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("policies/a b.pol", "policies/a%20b.pol"),
        ("./a#1%.pol", "a%231%25.pol"),
        ("../日本.pol", "../%E6%97%A5%E6%9C%AC.pol"),
        ("a:b.pol", "a%3Ab.pol"),
        pytest.param(
            "/law/a.pol",
            "file:///law/a.pol",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="not an absolute path there"),
        ),
    ],
)
def test_sarif_paths_are_uri_references(name: str, uri: str) -> None:
    log = to_sarif(from_diagnostics([UNKNOWN.at(Span(SourceFile(name, "x"), 0, 1), "a message")]))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": uri}


def test_sarif_without_a_place_has_no_location() -> None:
    (result,) = to_sarif(from_diagnostics([UNKNOWN.at(NOWHERE, "nothing was given")]))["runs"][0]["results"]
    assert "locations" not in result
    assert "relatedLocations" not in result


def test_rich_is_not_imported_before_it_is_needed() -> None:
    script = (
        "import sys\n"
        "from policy_lang.source.diagnostic import Code\n"
        "from policy_lang.source.render import render_people\n"
        "from policy_lang.source.text import SourceFile, Span\n"
        "print(render_people([Code('a', 'b').at(Span(SourceFile('a.pol', 'x'), 0, 1), 'm')]))\n"
        "sys.exit('rich' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


def test_a_line_without_end_is_drawn_around_its_mark_and_at_once() -> None:
    text = "x" * 500_000 + "HERE" + "y" * 500_000
    source = SourceFile("a.json", text)
    begun = time.perf_counter()
    lines = drawing(
        Code("c", "").at(Span(source, 500_000, 500_004), "m", related=[(Span(source, 5, 9), "far")])
    )
    assert time.perf_counter() - begun < 0.5
    assert max(map(len, lines)) < 170
    drawn, mark = (next(line for line in lines if sign in line) for sign in ("HERE", "^^^^"))
    assert drawn.index("HERE") == mark.index("^^^^")
    assert "…x" in drawn
    assert drawn.endswith("y…")
