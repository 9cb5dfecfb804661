"""The parser's table lies ready, is the one of this grammar, and reads as the grammar does."""

from __future__ import annotations

from pathlib import Path

import pytest
from lark import Lark, Tree
from lark.tree import Meta

from policy_lang.syntax import parser as made

GRAMMAR = made._GRAMMAR.read_text(encoding="utf-8")
POLICIES = sorted(Path(__file__).parents[2].glob("policies/us_japan*.pol"))


def test_the_table_was_written_after_the_last_change_of_the_grammar():
    assert made._TABLE.read_text(encoding="utf-8") == made.table_of(GRAMMAR), (
        "run `python -m policy_lang.syntax.parser`"
    )


def test_with_the_table_everything_is_read_as_with_the_grammar():
    layouts = made.Layout(), made.Layout()
    slow = made._from_grammar(GRAMMAR, layouts[0], False)
    fast = made._from_table(GRAMMAR, layouts[1])
    assert fast is not None
    for path in POLICIES:
        layouts[0].text = layouts[1].text = text = path.read_text(encoding="utf-8")
        for item in _items(text):
            assert _drawn(slow, item) == _drawn(fast, item)


def _items(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line[0] not in " \n#"]
    return ["".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _drawn(lark: Lark, item: str) -> list[tuple[str, object, list[str]]]:
    lark.options.postlex.text = item  # type: ignore[union-attr]  # where it is nothing, this fails
    return [
        (str(node.data), _extent(node.meta), [_name(child) for child in node.children])
        for node in lark.parse(item).iter_subtrees()
    ]


def _extent(meta: Meta) -> object:
    return None if meta.empty else (meta.start_pos, meta.end_pos)


def _name(child: object) -> str:
    return str(child.data) if isinstance(child, Tree) else repr(child)


@pytest.mark.parametrize("wrong", ["", "something else\n", "\xff"])
def test_a_table_that_does_not_belong_to_the_grammar_is_not_used(monkeypatch, tmp_path, wrong):
    table = tmp_path / "grammar.table"
    table.write_text(wrong, encoding="latin-1")
    monkeypatch.setattr(made, "_TABLE", table)
    assert made._from_table(GRAMMAR, made.Layout()) is None
    monkeypatch.setattr(made, "_TABLE", tmp_path / "missing")
    assert made._from_table(GRAMMAR, made.Layout()) is None


def test_the_table_of_another_grammar_is_not_used():
    assert made._from_table(GRAMMAR + "\n", made.Layout()) is None
