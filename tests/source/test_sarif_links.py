"""What an author writes is no link in a log of findings."""

from __future__ import annotations

from policy_lang.source.finding import Finding, Kind
from policy_lang.source.text import SourceFile, Span
from policy_lang.source.to_sarif import to_sarif


def test_no_text_of_an_author_becomes_a_link() -> None:
    file = SourceFile("a.pol", "law a")
    said = "[see here](https://example.org) is not [Article 5] (1)"
    found = to_sarif([Finding(Kind("one"), Span(file, 0, 3), said)])
    text = found["runs"][0]["results"][0]["message"]["text"]
    assert text == "\\[see here](https://example.org) is not [Article 5] (1)"
