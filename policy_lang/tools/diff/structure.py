"""What changed in the words of a file: each clause, rule, table or definition in one line."""

from __future__ import annotations

import difflib
from typing import Any, TypeAlias

import attrs

from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source
from policy_lang.tools.diff.item_changes import Judge, changes_within

_Key: TypeAlias = tuple[str, str]

_KINDS: dict[type, str] = {
    tree.Clause: "clause",
    tree.Rule: "rule",
    tree.Table: "table",
    tree.Means: "definition",
    tree.Record: "record",
    tree.Assume: "assumption",
    tree.Defence: "exception",
    tree.Event: "event",
    tree.Determination: "determination",
    tree.Kind: "kind",
    tree.Act: "act",
    tree.Status: "status",
    tree.Purpose: "purpose",
    tree.Unit: "unit",
}
_LONGEST = 90
_MOST_PARTS = 4
_SOURCE = SourceFile("", "")


def changes_of_text(old: tree.File, new: tree.File, judge: Judge | None = None) -> list[str]:
    """One line for each thing that is added, removed, renamed, moved or changed; none when only layout is.

    `judge` tells of two conditions, by where they stand, which holds in more cases.
    """
    before, after = _by_key(old), _by_key(new)
    lines: list[str] = []
    gone = [key for key in before if key not in after]
    come = [key for key in after if key not in before]
    for key in list(gone):
        twin = next((one for one in come if _is_renamed(before[key], after[one])), None)
        if twin is not None:
            lines.append(f"{_called(key)} is renamed to {_plain(twin[1])}")
            gone.remove(key)
            come.remove(twin)
    lines += [f"{_called(key)} is removed" for key in gone]
    lines += [f"{_called(key)} is added" for key in come]
    common = [key for key in before if key in after]
    order = [key for key in after if key in before]
    moved = _moved(common, order)
    for key in common:
        line = _changed(before[key], after[key], judge)
        if line:
            lines.append(f"{_called(key)}: {line}")
        elif key in moved:
            lines.append(f"{_called(key)} is moved")
    return lines


def changed_items(old: tree.File, new: tree.File) -> dict[str, tuple[Any, Any]]:
    """Both versions of everything that both have and that reads otherwise, as it is called in the lines above."""
    before, after = _by_key(old), _by_key(new)
    both = {key: (before[key], after[key]) for key in before if key in after}
    return {_called(key): pair for key, pair in both.items() if pair[0] != pair[1]}


def changes_between(old: SourceFile, new: SourceFile) -> list[str]:
    """What is another in the words of two texts that have no mistakes; comments do not count."""
    return changes_of_text(read(old)[0], read(new)[0])


def only_layout(old: tree.File, new: tree.File) -> str:
    """What changed where no sentence did: nothing, comments or layout."""
    if old.source.text == new.source.text:
        return "the same text"
    said = [[comment.text for comment in file.comments] for file in (old, new)]
    return "only layout changed" if said[0] == said[1] else "only comments or layout changed"


def _by_key(file: tree.File) -> dict[_Key, Any]:
    found: dict[_Key, Any] = {}
    for item in file.items:
        key = _key(item)
        while key in found:
            key = (key[0], key[1] + " again")
        found[key] = item
    return found


def _key(item: Any) -> _Key:
    kind = _KINDS.get(type(item))
    if kind is not None:
        return kind, item.name.text
    if isinstance(item, tree.Instrument):
        return "header", ""
    if isinstance(item, tree.NotEncoded):
        return "left out", _text(item)
    if isinstance(item, tree.Property):
        return "property", f'"{item.label.text}"'
    if isinstance(item, tree.Scenario):
        return "scenario", f'"{item.label.text}"'
    if isinstance(item, tree.Territory):
        return "territory of", item.sovereign.text
    words = "".join(" " + one.lower() if one.isupper() else one for one in type(item).__name__).strip()
    name = getattr(item, "name", None)
    return words, name.text if isinstance(name, tree.Name) else ""


def _called(key: _Key) -> str:
    kind, name = key
    if kind == "left out":
        return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..."
    return f"{kind} {_plain(name)}".strip()


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _text(item: Any) -> str:
    return " ".join(to_source(tree.File(_SOURCE, (item,))).split())


def _is_renamed(a: Any, b: Any) -> bool:
    if type(a) is not type(b) or not isinstance(getattr(a, "name", None), tree.Name):
        return False
    return bool(attrs.evolve(a, name=b.name) == b)


def _changed(a: Any, b: Any, judge: Judge | None) -> str:
    if a == b:
        return ""
    if isinstance(a, tree.NotEncoded):
        return ""
    bare, other = _without(a, "cites"), _without(b, "cites")
    if bare == other:
        return "only citations are changed"
    if _without(bare, "label") == _without(other, "label"):
        what = "the label" if getattr(a, "label", None) != getattr(b, "label", None) else "a label inside it"
        is_all = _same_cites(a, b)
        return f"only {what} is changed" if is_all else f"only {what} and citations are changed"
    parts = changes_within(bare, other, judge)
    if not parts:
        return "its text is changed"
    shown = parts[:_MOST_PARTS]
    if len(parts) > len(shown):
        shown.append(f"and {len(parts) - len(shown)} more")
    return "; ".join(shown)


def _same_cites(a: Any, b: Any) -> bool:
    return bool(_without(a, "label") == _without(b, "label"))


def _without(node: Any, name: str) -> Any:
    """The same piece of text without its citations, or without its labels."""
    if isinstance(node, tuple):
        return tuple(_without(one, name) for one in node)
    if not tree.is_node(node):
        return node
    changed: dict[str, Any] = {}
    for one in attrs.fields(type(node)):
        value = getattr(node, one.name)
        if one.name == name:
            changed[one.name] = () if isinstance(value, tuple) else None
        elif isinstance(value, tuple) or attrs.has(type(value)):
            inner = _without(value, name)
            if inner is not value:
                changed[one.name] = inner
    return attrs.evolve(node, **changed)


def _moved(before: list[_Key], after: list[_Key]) -> set[_Key]:
    """What stands elsewhere: all that is not in the longest run that kept its order."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    kept = {key for block in matcher.get_matching_blocks() for key in before[block.a : block.a + block.size]}
    return set(before) - kept
