"""Sentences in lines: broken where a line is full, and only between words."""

from __future__ import annotations

import textwrap


def in_lines(text: str, width: int, first: str = "", later: str = "") -> list[str]:
    """A text in lines of at most `width` columns, with what stands before the first and before the others.

    A word that is longer than a line sticks out; an empty text has no line.
    """
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
