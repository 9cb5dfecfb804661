"""How each kind of item is written: the last help where nothing closer can be said."""

from __future__ import annotations

import re

_INSTRUMENT = (
    "`{word} NAME`",
    'write a line such as `title "..."`, `parties US "...", JP "..."`, `in force from DATE` or `verified DATE against "..."`',
)
_FORMS = {
    "agreement": _INSTRUMENT,
    "law": _INSTRUMENT,
    "framework": _INSTRUMENT,
    "vocabulary": _INSTRUMENT,
    "amendment": ("`amendment NAME to NAME`", _INSTRUMENT[1]),
    "rectification": ("`rectification NAME to NAME`", _INSTRUMENT[1]),
    "scenarios": ("`scenarios for NAME`", ""),
    "use": ("`use NAME, NAME`", ""),
    "not": ('`not encoded "TOPIC" because "REASON"`', ""),
    "territory": ("`territory of US includes PR, GU`", ""),
    "purpose": ('`purpose NAME "LABEL"`', ""),
    "status": ('`status NAME "LABEL" on RECORD`', ""),
    "unit": ('`unit NAME "LABEL"` or `unit NAME "LABEL" is 12 kg`', ""),
    "kind": ('`kind NAME "LABEL"`', 'write a line such as `WORD "LABEL" HS 2605`'),
    "event": ('`event NAME "LABEL"` or `event NAME by each party "LABEL"`', ""),
    "determination": ('`determination NAME of TYPE "QUESTION"`', ""),
    "act": (
        '`act NAME on RECORD "LABEL"`',
        "write a line such as `done when CONDITION`, `by FIELD` or `on FIELD`",
    ),
    "assume": ('`assume NAME is VALUE because "READING" but see "OTHER READING"`', ""),
    "record": ("`record NAME` or `record NAME in RECORD`", 'write a line such as `FIELD TYPE "QUESTION"`'),
    "rule": (
        "`rule NAME for RECORD : TYPE`",
        "write a line such as `VALUE when CONDITION`, `otherwise VALUE` or `but VALUE when CONDITION`",
    ),
    "table": (
        "`table NAME for RECORD : TYPE by FIELD`",
        "write a row such as `KEY   VALUE` or `otherwise   VALUE`",
    ),
    "clause": (
        '`clause NAME "LABEL"`',
        "write one sentence, such as `treat COUNTRY as STATUS of COUNTRY ...` or `the parties shall ...`",
    ),
    "property": (
        '`property "NAME"` or `property "NAME" for RECORD`',
        "write one sentence: `always CONDITION`, `never CONDITION when CONDITION` or `more FACT never gives less RULE`",
    ),
    "facts": (
        "`facts NAME`",
        "write `given RECORD` with its facts on deeper lines, or `given EVENT on DATE`",
    ),
    "scenario": (
        '`scenario "NAME"`',
        "write a line such as `as of DATE`, `given RECORD` and `expect OUTCOME ANSWER`",
    ),
}
ITEMS = tuple(_FORMS)
"""The words that begin an item."""


def of(item: str, *, in_head: bool) -> str:
    """How the item with this text is written: its first sentence, or the lines below it."""
    match = re.match(r"[a-z]+", item)
    word = match.group() if match else ""
    if word in _FORMS:
        head, lines = _FORMS[word]
        return lines if lines and not in_head else f"write it like {head.replace('{word}', word)}"
    if re.match(r"[a-z][a-z0-9_]*[ ]+(means|includes)\b", item):
        return "write it like `NAME means WORD, WORD` or `NAME includes WORD, WORD`"
    return (
        f"an item begins with one of the words {', '.join(f'`{w}`' for w in ITEMS)}, or is `NAME means ...`"
    )
