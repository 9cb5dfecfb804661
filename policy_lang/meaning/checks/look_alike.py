"""Letters of another script that look like Latin ones, and invisible characters that turn or split text.

They make a text read otherwise than it is, to a person or to a computer, so they are looked for everywhere:
in names, texts, citations and comments, and even in files that have other mistakes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import SourceFile, Span

CODE = Code("look-alike", "what a reader sees and what is compared have to be the same", "warning")

# Cyrillic and Greek letters that many typefaces draw like a Latin one (Unicode, confusables of UTS 39).
_TWINS = {
    **dict(zip("аеорсухіјѕһԁԛԝӏ", "aeopcyxijshdqwl", strict=True)),
    **dict(zip("АВЕКМНОРСТХУІЈЅԚԜӀ", "ABEKMHOPCTXYIJSQWI", strict=True)),
    **dict(zip("ονιρυ", "ovipu", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
}
_MOST = 50
"""A file with more such places of one sort is no text, and nobody reads so many messages."""

_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060-\u2064\ufeff"
_HIDDEN = re.compile(rf"[{_DIRECTION}]|(?<=[!-~])[{_INVISIBLE}]|[{_INVISIBLE}](?=[!-~])")
_WORD = re.compile(r"[^\W\d]\w*")
_PIECE = re.compile(r'"[^"\n]*"|\[[^\]\n]*\]|#[^\n]*|[^"\[#\n]+')


def find(source: SourceFile) -> Iterator[Diagnostic]:
    """What is said of the first places in the text where appearances deceive."""
    if not source.text.isascii():
        yield from islice(_hidden(source), _MOST)
        yield from islice(_deceptive(source), _MOST)


def _hidden(source: SourceFile) -> Iterator[Diagnostic]:
    for match in _HIDDEN.finditer(source.text):
        character = match.group()
        name = unicodedata.name(character, "a character without a name").lower()
        turns = re.fullmatch(f"[{_DIRECTION}]", character) is not None
        effect = "can turn the order of what is shown" if turns else "is not shown"
        yield CODE.at(
            Span(source, match.start(), match.end()),
            f"here is a character that {effect}: {name} (U+{ord(character):04X})",
            label="here",
            help="remove it",
        )


def _deceptive(source: SourceFile) -> Iterator[Diagnostic]:
    for piece in _PIECE.finditer(source.text):
        if not piece.group().isascii():
            yield from _deceptive_words(source, piece)


def _deceptive_words(source: SourceFile, piece: re.Match[str]) -> Iterator[Diagnostic]:
    """Words of one text, citation or remark that mix scripts, or pass for Latin among Latin words."""
    words = [(match, _scripts(match.group())) for match in _WORD.finditer(piece.group())]
    foreign = any(
        scripts - {"LATIN"} and "LATIN" not in scripts and not _is_all_twins(match.group())
        for match, scripts in words
    )
    latin = any("LATIN" in scripts for _, scripts in words)
    for match, scripts in words:
        word = match.group()
        twins = [c for c in word if c in _TWINS]
        mixed = "LATIN" in scripts and bool(twins)
        passing = _is_all_twins(word) and latin and not foreign
        if not (mixed or passing):
            continue
        start = piece.start() + match.start()
        script = "Greek" if unicodedata.name(twins[0]).startswith("GREEK") else "Cyrillic"
        plain = "".join(_TWINS.get(c, c) for c in word)
        yield CODE.at(
            Span(source, start, start + len(word)),
            f"`{word}` has a {script} letter that looks like the Latin `{_TWINS[twins[0]]}`",
            label="not what it seems",
            help=f"if `{plain}` is meant, type it again",
        )


def _is_all_twins(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return bool(letters) and all(c in _TWINS for c in letters)


def _scripts(word: str) -> set[str]:
    return {
        "LATIN" if c.isascii() else unicodedata.name(c, "?").partition(" ")[0] for c in word if c.isalpha()
    }
