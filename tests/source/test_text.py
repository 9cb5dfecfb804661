"""Places in source text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_lang.source.diagnostic import Code, has_errors, in_reading_order
from policy_lang.source.text import NOWHERE, SourceFile, Span

TEXT = "law a\n    日本 x\n\nend"


def test_lines_and_columns_count_from_one_in_characters() -> None:
    file = SourceFile("a.pol", TEXT)
    assert file.position(0) == (1, 1)
    assert file.position(TEXT.index("x")) == (2, 8)
    assert file.position(TEXT.index("end")) == (4, 1)
    assert file.position(len(TEXT)) == (4, 4)


def test_a_line_end_belongs_to_the_line_it_ends() -> None:
    file = SourceFile("a.pol", "ab\ncd\n")
    assert file.position(2) == (1, 3)
    assert file.position(3) == (2, 1)
    assert file.position(6) == (3, 1)


def test_lines_come_without_their_ends() -> None:
    file = SourceFile("a.pol", TEXT)
    assert [file.line(n) for n in range(1, 5)] == ["law a", "    日本 x", "", "end"]
    assert file.line_count == 4


def test_a_line_that_does_not_exist_is_empty() -> None:
    file = SourceFile("a.pol", TEXT)
    assert file.line(0) == file.line(5) == file.line(-1) == ""


def test_an_empty_file_has_one_empty_line() -> None:
    file = SourceFile("a.pol", "")
    assert (file.line_count, file.line(1), file.position(0)) == (1, "", (1, 1))


def test_a_span_knows_its_place_and_its_text() -> None:
    span = Span(SourceFile("a.pol", TEXT), TEXT.index("日本"), TEXT.index("日本") + 2)
    assert span.place == "a.pol:2:5"
    assert span.text == "日本"


def test_spans_join_to_the_farther_end() -> None:
    file = SourceFile("a.pol", TEXT)
    assert Span(file, 1, 3).to(Span(file, 5, 8)) == Span(file, 1, 8)
    assert Span(file, 1, 9).to(Span(file, 5, 8)) == Span(file, 1, 9)
    assert NOWHERE.to(NOWHERE) == NOWHERE


@given(st.text(alphabet="ab\n日", max_size=40), st.data())
def test_an_offset_is_found_again_from_its_line_and_column(text: str, data: st.DataObject) -> None:
    file = SourceFile("a.pol", text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = file.position(offset)
    assert sum(len(file.line(n)) + 1 for n in range(1, line)) + column - 1 == offset
    assert 1 <= column <= len(file.line(line)) + 1


def test_diagnostics_are_read_in_order_of_place_each_once() -> None:
    one, other = SourceFile("a.pol", TEXT), SourceFile("b.pol", TEXT)
    code = Code("unknown-name", "why")
    early, late = code.at(Span(one, 0, 3), "x"), code.at(Span(one, 4, 5), "x")
    elsewhere = code.at(Span(other, 0, 3), "x")
    assert in_reading_order([elsewhere, late, early, late]) == (early, late, elsewhere)


def test_warnings_do_not_stop_a_policy() -> None:
    warning = Code("unused", "why", "warning").at(NOWHERE, "x")
    error = Code("unknown-name", "why").at(NOWHERE, "x")
    assert not has_errors([])
    assert not has_errors([warning])
    assert has_errors([warning, error])
