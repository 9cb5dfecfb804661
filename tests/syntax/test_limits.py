"""The limits of a file: each has its own message, just above it, and nothing far above it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.source.files import read_file
from policy_lang.source.text import SourceFile
from policy_lang.syntax.from_source import read


def codes(text: str) -> list[str]:
    return [p.code.name for p in read(SourceFile("test.pol", text))[1]]


def of_file(path: Path) -> list[str]:
    return [d.code.name for d in compile_file(path)[1]]


def rule(expression: str) -> str:
    return f"law a\n\nrule r : number\n    {expression}\n"


def test_a_file_of_1_mib() -> None:
    line = "# " + "x" * 97 + "\n"
    just_below = line * (1024 * 1024 // len(line))
    assert codes(just_below) == []
    assert codes(just_below + line) == ["file-too-large"]
    assert codes("# " + "é" * 40 + "\n" + just_below) == ["file-too-large"]  # bytes count, not characters


def test_a_file_of_20_000_lines() -> None:
    assert codes("\n" * 20_000) == []
    assert codes("\n" * 19_999 + "# the last line has no end") == []
    assert codes("\n" * 20_001) == ["file-too-large"]
    assert codes("\n" * 20_000 + "#") == ["file-too-large"]


def test_a_line_of_4096_characters() -> None:
    assert codes("#" + "x" * 4_095 + "\n") == []
    assert codes("#" + "x" * 4_096 + "\n") == ["line-too-long"]
    assert codes("law a\n" + "#" + "ü" * 4_095) == []


def test_brackets_64_deep() -> None:
    assert codes(rule("(" * 64 + "1" + ")" * 64)) == []
    assert codes(rule("(" * 65 + "1" + ")" * 65)) == ["nested-too-deeply"]


def test_brackets_in_text_comments_and_citations_count_for_nothing() -> None:
    many = "(" * 200
    assert codes(f'rule r : text   [{many}]\n    "{many}"   # {many}\n') == []


def test_blocks_64_deep() -> None:
    def blocks(count: int) -> str:
        return "rule r : number\n 1\n" + "".join(" " * n + f"but {n} when yes\n" for n in range(2, count))

    assert codes(blocks(64)) == []
    assert codes(blocks(65)) == ["nested-too-deeply"]


def test_numbers_of_34_digits() -> None:
    assert codes(rule("9" * 34)) == []
    assert codes(rule("0." + "9" * 33)) == []
    assert codes(rule("9" * 35)) == ["number-too-long"]
    assert codes(rule("1." + "9" * 34)) == ["number-too-long"]


def test_long_numbers_in_text_comments_and_citations_are_no_numbers() -> None:
    digits = "9" * 100
    assert codes(f'rule r : text   [{digits}]\n    "{digits}"   # {digits}\n') == []


@pytest.mark.parametrize(
    "text",
    [
        rule("(\n" * 100_000),
        rule("(" * 1_000 + ")" * 1_000),
        rule("\n        ".join("(" * 3 for _ in range(6_000))),
        rule("not " * 1_000 + "yes"),
        rule("\n        ".join("not not not" for _ in range(6_000))),
        rule("\n        ".join("- - -" for _ in range(6_000))),
        rule("\n        + ".join("1" for _ in range(15_000))),
        rule("\n        and ".join("yes" for _ in range(15_000))),
        rule("9" * 4_000),
        "rule r : number\n" + "".join(" " * n + "but 1 when yes\n" for n in range(1, 1_300)),
        "".join(f"event e{n} and\n" for n in range(3_000)),
        "clause c\n" * 5_000,
        'scenario "s"\n    given a\n' + "".join(" " * (8 + n) + "b\n" for n in range(200)),
        "]" * 4_000,
        '"' * 4_001,
        "[" * 4_000,
        "law " + "a" * 4_000,
        "use " + "a, " * 1_300 + "a",
    ],
    ids=lambda text: text[:40].encode("unicode_escape").decode(),
)
def test_far_above_every_limit_there_is_a_message_and_no_failure(text: str) -> None:
    # What is long but shallow may well be right; what matters is that every answer comes as an answer.
    found = codes(text)
    assert set(found) <= {
        "file-too-large",
        "line-too-long",
        "nested-too-deeply",
        "number-too-long",
        "unexpected",
        "incomplete",
        "bad-number",
        "bad-indentation",
        "unclosed-text",
    }


def test_a_sum_of_many_terms_compiles_or_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_text(rule("\n        + ".join("1" for _ in range(6_000))), encoding="utf-8")
    assert of_file(path) in ([], ["nested-too-deeply"])


def test_a_file_of_5_mb(tmp_path: Path) -> None:
    path = tmp_path / "large.pol"
    path.write_bytes("é".encode() * (5 * 1024 * 1024 // 2))
    assert of_file(path) == ["file-too-large"]
    path.write_bytes(b"law a\n" + b"x" * (4 * 1024 * 1024 - 8) + "é".encode() * 100)
    assert of_file(path) == ["file-too-large"]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.pol"
    for data, expected in (
        (b"\xff\xfe\x00", "unreadable-file"),
        (b"law a\n\xc3", "unreadable-file"),
        (b"\x7fELF\x02\x01\x01\x00", "strange-character"),
        (b"law a\x00\n", "strange-character"),
        (b"law a\x1b[31m\n", "strange-character"),
        ("law a\n# \ud800\n".encode("utf-8", "surrogatepass"), "unreadable-file"),
    ):
        path.write_bytes(data)
        assert of_file(path) == [expected], data


def test_a_lone_carriage_return_is_no_line_end(tmp_path: Path) -> None:
    path = tmp_path / "old.pol"
    path.write_bytes(b"law a\rrule b : number\r    1\r")
    assert of_file(path) == ["strange-character"]


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mark.pol"
    path.write_bytes(b"\xef\xbb\xbflaw mark\r\n")
    assert of_file(path) == []
    assert read_file(path)[0].text == "law mark\n"


@pytest.mark.parametrize("text", ["", "\n", "   ", "\n  \n", "# only a comment", "    # deep\n# shallow\n"])
def test_files_without_a_word(text: str, tmp_path: Path) -> None:
    assert codes(text) == []
    path = tmp_path / "empty.pol"
    path.write_text(text, encoding="utf-8")
    assert of_file(path) == ["no-instrument"]


def test_a_citation_alone_is_nothing_to_read() -> None:
    assert len(codes("[just a citation]\n")) <= 1
    assert len(codes('"just a text"\n')) == 1


def test_each_line_indented_with_a_tab_is_reported() -> None:
    assert codes("rule r : number\n\t1\n\tbut 2 when yes\n") == ["tab", "tab"]
    assert codes('rule r : text\n    "a\ttab in text"   # and\tin a comment\n') == []


def test_a_folder_a_missing_file_and_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "gone.pol").symlink_to(tmp_path / "nothing")
    for path in (tmp_path, tmp_path / "missing.pol", tmp_path / "gone.pol"):
        assert of_file(path) == ["unreadable-file"]
