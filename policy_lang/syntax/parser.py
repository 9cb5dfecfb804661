"""The parser, made from `grammar.lark`, which is the only description of what sentences look like.

Working out the parser's table takes Lark half a second, so the table lies ready beside the grammar, in
`grammar.table`. It is used only when it was made from this very grammar by this very Lark; otherwise it is
worked out anew, and kept in the user's cache. After a change of the grammar

    python -m policy_lang.syntax.parser

writes it again (a test fails until then). It is generated: when two changes of it meet, write it again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Collection
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import ContextualLexer, TerminalDef

from policy_lang.source.cache import cache_folder
from policy_lang.syntax.layout import Layout

_GRAMMAR = Path(__file__).with_name("grammar.lark")
_TABLE = Path(__file__).with_name("grammar.table")
_OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "lexer": "contextual",
    "propagate_positions": True,
    "maybe_placeholders": True,
}


@lru_cache(maxsize=1)
def parser() -> tuple[Lark, Layout]:
    """The parser, and the layout that it shares with whoever reads: see `Layout.text`."""
    layout = Layout()
    grammar = _GRAMMAR.read_text(encoding="utf-8")
    made = _from_table(grammar, layout)
    if made is None:
        folder = cache_folder()
        kept = folder / f"grammar-{sys.implementation.cache_tag}.table" if folder is not None else None
        made = _from_grammar(grammar, layout, str(kept) if kept is not None else False)
    return made, layout


class _CheckedBefore(ContextualLexer):
    """Lark's lexer for a grammar whose terminals were compared before it was released: a test does that.

    Comparing them, which Lark does wherever the package interegular happens to be installed, takes seconds.
    """

    def __init__(
        self, conf: Any, states: dict[int, Collection[str]], always_accept: Collection[str] = ()
    ) -> None:
        checked = copy(conf)
        checked.skip_validation = True
        super().__init__(checked, states, always_accept)


def _from_grammar(grammar: str, layout: Layout, cache: str | bool) -> Lark:
    plugins = {"ContextualLexer": _CheckedBefore}
    return Lark(grammar, cache=cache, postlex=layout, _plugins=plugins, **_OPTIONS)


def _from_table(grammar: str, layout: Layout) -> Lark | None:
    """The parser from the table as it lies ready; None when that was made from something else."""
    try:
        lines = _TABLE.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    if lines[:1] != [_made_from(grammar)]:
        return None
    head, *rest = [json.loads(line) for line in lines[1:]]
    memo = rest[: head["memo"]]
    states = rest[head["memo"] :]
    data: dict[str, Any] = head["data"]
    data["options"] = {"start": ["start"], "postlex": layout, **_OPTIONS}
    table = data["parser"]["parser"]
    table["tokens"] = dict(enumerate(table["tokens"]))
    table["states"] = {
        number: {
            token: (1, {"@": argument}) if action else (0, argument)
            for token, action, argument in zip(*[iter(flat)] * 3, strict=True)
        }
        for number, flat in states
    }
    return Lark.load(cast(Any, {"data": data, "memo": dict(enumerate(memo))}))


_LONGEST = 2**32 - 1


def table_of(grammar: str) -> str:
    """The text of the table for a grammar, to be read by `_from_table`.

    Its first line says what it was made from. The second has everything but terminals, rules and states, which
    follow on a line each; a state is its number and, flat, each word with what it leads to: 0 and the next
    state, or 1 and the rule that is complete.
    """
    made = _from_grammar(grammar, Layout(), False)
    data, memo = made.memo_serialize([TerminalDef, Rule])
    del data["options"]
    table = data["parser"]["parser"]
    number = _in_order(table)
    words = sorted(table["tokens"].values())
    states = [
        [
            number[state],
            [
                part
                for word, (action, argument) in _actions(table, state)
                for part in (words.index(word), action, argument["@"] if action else number[argument])
            ],
        ]
        for state in number
    ]
    table["tokens"], table["states"] = words, []
    for ends in ("start_states", "end_states"):
        table[ends] = {start: number[state] for start, state in table[ends].items()}
    parts = [memo[n] for n in range(len(memo))]
    for part in parts:
        if "_width" in part.get(
            "pattern", ()
        ):  # versions of Python differ in how long they call what has no end
            part["pattern"]["_width"] = [min(one, _LONGEST) for one in part["pattern"]["_width"]]
    lines = [{"memo": len(parts), "data": data}, *parts, *states]
    body = (json.dumps(line, separators=(",", ":"), sort_keys=True) for line in lines)
    return "\n".join([_made_from(grammar), *body, ""])


def _in_order(table: dict[str, Any]) -> dict[int, int]:
    """A number for every state in the order in which they are reached, since Lark's own differ from run to run."""
    number = {table["start_states"]["start"]: 0}
    for state in (waiting := list(number)):
        for _, (action, argument) in _actions(table, state):
            if not action and argument not in number:
                number[argument] = len(number)
                waiting.append(argument)
    return number


def _actions(table: dict[str, Any], state: int) -> list[tuple[str, tuple[int, Any]]]:
    """What the words that may follow lead to, in alphabetical order."""
    return sorted((table["tokens"][token], action) for token, action in table["states"][state].items())


def _made_from(grammar: str) -> str:
    digest = hashlib.sha256(grammar.encode()).hexdigest()
    return f"generated by policy_lang.syntax.parser from grammar.lark {digest} with Lark {lark.__version__}"


if __name__ == "__main__":
    _TABLE.write_text(table_of(_GRAMMAR.read_text(encoding="utf-8")), encoding="utf-8")
