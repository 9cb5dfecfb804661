"""Codes of the Harmonized System: how they are written, and which part of a code is its chapter or heading.

A code is held as text in one spelling: `85`, `8507`, `8507.60`, `8507.60.00`, `8507.60.00.10`. The first six
digits are those of the Harmonized System; a national tariff may add two or four more.
"""

from __future__ import annotations

import re

EDITIONS = ("1988", "1992", "1996", "2002", "2007", "2012", "2017", "2022", "2028")
"""The years of the editions that the World Customs Organization has published."""

LENGTHS = (2, 4, 6, 8, 10)
PARTS = {"chapter": 2, "heading": 4, "subheading": 6}
USUAL = 6
"""How many digits the code of some goods has at least, unless its field asks for more."""

_CODE = re.compile(r"[0-9]+(?:\.[0-9]+)*")


class CodeTooShortError(ValueError):
    """The code has fewer digits than are asked for."""


def canonical(text: str) -> str | None:
    """The code in its one spelling, with or without `HS` before it; None when it is no code."""
    bare = text.strip().removeprefix("HS").strip()
    digits = bare.replace(".", "")
    if not _CODE.fullmatch(bare) or len(digits) not in LENGTHS or digits.startswith("00"):
        return None
    pairs = [digits[:4], *(digits[n : n + 2] for n in range(4, len(digits), 2))]
    return ".".join(pairs)


def digits_of(code: str) -> int:
    """How many digits a code has."""
    return len(code.replace(".", ""))


def part_of(code: str, digits: int) -> str:
    """The first so many digits of a code. Raises `CodeTooShortError` when it has fewer."""
    if digits_of(code) < digits:
        raise CodeTooShortError
    found = canonical(code.replace(".", "")[:digits])
    if found is None:
        raise CodeTooShortError
    return found
