"""What is another in one clause, rule, table or definition, in a few words each: a date moved, a good added."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias, get_args

import attrs

from policy_lang.source.text import Span
from policy_lang.syntax import tree
from policy_lang.tools.diff.conditions import Judgement

Judge: TypeAlias = Callable[[Span, Span], Judgement | None]

_LONGEST = 90
_LITERALS = (
    tree.NumberLit,
    tree.PercentLit,
    tree.MoneyLit,
    tree.QuantityLit,
    tree.PeriodLit,
    tree.HsLit,
    tree.YesNoLit,
    tree.CountryLit,
    tree.Name,
    tree.Ref,
)
_LISTS = frozenset(
    "countries purposes refs parties names codes options members words considering dates".split()
)
_LABELS = ("label", "cites")
_NAMED = {
    "record": "what it is about",
    "on_record": "what it is about",
    "parent": "what it lies in",
    "judged_on": "the day it is judged on",
    "type": "the kind of answer",
    "clause": "the clause it is about",
    "status": "the status",
    "partner": "whose partner it is",
    "beats": "the clause that it beats",
    "act": "the act",
    "base": "the unit it is measured in",
    "designation": "by whose designation",
}
_COMMENT = re.compile(r'("[^"\n]*")|#[^\n]*')


def changes_within(old: Any, new: Any, judge: Judge | None = None) -> list[str]:
    """What is another, in the order of the text; labels and citations are left out."""
    return list(dict.fromkeys(_Walk(judge).any(old, new, "")))


class _Walk:
    def __init__(self, judge: Judge | None) -> None:
        self.judge = judge

    def any(self, a: Any, b: Any, where: str) -> Iterator[str]:
        """Everything that is another between two pieces of text."""
        if a == b:
            return
        if type(a) is not type(b) or not attrs.has(type(a)):
            yield _reads(a, b, where)
            return
        match a:
            case tree.DateLit():
                yield f"{a.value} moves to {b.value}{where}"
            case tree.Text() if len(a.text) + len(b.text) > _LONGEST:
                yield f"the wording is changed{where}"
            case tree.Text():
                yield f"`{a.text}` becomes `{b.text}`{where}"
            case tree.Window():
                yield from self.window(a, b, where)
            case tree.Member():
                yield from self.window(a.window, b.window, f" for {_words(a.name)}")
            case tree.Table():
                yield from self.table(a, b)
            case tree.Rule():
                yield from self.fields(a, b, where, ("cases", "exceptions"))
                yield from self.cases(a.cases, b.cases, "case")
                yield from self.cases(a.exceptions, b.exceptions, "exception")
            case tree.Case():
                yield from self.case(a, b)
            case tree.Record():
                yield from self.fields(a, b, where, ("fields", "checks"))
                yield from self.named(a.fields, b.fields, "field")
                yield from self.texts(a.checks, b.checks, "check")
            case tree.Clause() | tree.Defence() | tree.Act():
                yield from self.fields(a, b, where, ("lines",))
                yield from self.lines(a.lines, b.lines)
            case tree.Instrument():
                if a.name != b.name:
                    yield f"it is called {_words(b.name)} now, no longer {_words(a.name)}"
                yield from self.fields(a, b, where, ("lines", "name"))
                yield from self.header(a.lines, b.lines)
            case tree.Assume():
                yield from self.fields(a, b, where, ("readings", "against"))
                if (a.readings, a.against) != (b.readings, b.against):
                    yield "what speaks for and against it is changed"
            case tree.Goods() if a.refs is None or b.refs is None:
                old, new = (f"`{_text(one.refs)}`" if one.refs is not None else "all goods" for one in (a, b))
                yield f"it is about {new}, no longer about {old}"
            case tree.Timing() | tree.Recurrence() | tree.Bound() | tree.KeyRange():
                text = _text(a)
                in_what = " in when it recurs" if isinstance(a, tree.Recurrence) else ""
                yield from self.fields(a, b, where or (f" in `{text}`" if len(text) <= 60 else in_what))
            case tree.Kind():
                yield from self.fields(a, b, where, ("members",))
                yield from self.named(a.members, b.members, "word")
            case _ if isinstance(a, _LITERALS):
                yield f"{_text(a)} becomes {_text(b)}{where}"
            case _:
                yield from self.fields(a, b, where)

    def fields(self, a: Any, b: Any, where: str, but: tuple[str, ...] = ()) -> Iterator[str]:
        """What is another in the parts of a piece of text."""
        for one in attrs.fields(type(a)):
            if one.name in but or one.name in _LABELS or not one.eq:
                continue
            x, y = getattr(a, one.name), getattr(b, one.name)
            if x == y:
                continue
            if one.name in _NAMED:
                yield _named(_NAMED[one.name], x, y)
            elif one.name == "open":
                yield f"the list is {'open' if y else 'closed'} now"
            elif one.name in ("when", "condition"):
                yield from self.condition(x, y, _condition_of(a))
            elif one.name in _LISTS and _is_list(x) and _is_list(y):
                yield from self.list(x or (), y or (), where)
            elif x is None or y is None or x == () or y == ():
                yield from _came_or_went(x, y, one.name, where)
            elif isinstance(x, tuple) and isinstance(y, tuple):
                yield from self.in_pairs(x, y, where)
            elif attrs.has(type(x)) and type(x) is type(y) and not _is_expression(x):
                yield from self.any(x, y, where)
            elif isinstance(x, (bool, int, str)) and not attrs.has(type(x)):
                yield _reads(a, b, where)
                return
            else:
                yield from self.value(x, y, where)

    def value(self, a: Any, b: Any, where: str) -> Iterator[str]:
        """Two expressions: the one number, date or word that is another, else both as they stand."""
        leaves = list(_leaves(a, b))
        if len(leaves) == 1 and leaves[0] is not None:
            for pair in leaves:
                assert pair is not None
                inside = where or (
                    f" in `{_cut(_text(a))}`" if pair[0] is not a and len(_text(a)) <= 60 else ""
                )
                yield from self.any(*pair, inside)
        else:
            yield _reads(a, b, where)

    # ----------------------------------------------------------------------------------- conditions

    def condition(self, a: Any, b: Any, what: str) -> Iterator[str]:
        """What became of a condition."""
        if a is None or b is None:
            one = a or b
            yield f"{what} is {'added' if a is None else 'removed'}: `{_cut(_text(one))}`"
            return
        said = None if self.judge is None else self.judge(a.span, b.span)
        words = {
            "wider": "is wider",
            "narrower": "is narrower",
            "other": "is neither wider nor narrower",
            "same": "is put otherwise and means the same",
            None: "is changed",
        }[said]
        yield f"{what} {words}: {_instead(a, b)}"

    def cases(self, old: Sequence[tree.Case], new: Sequence[tree.Case], what: str) -> Iterator[str]:
        """Cases of a rule, each with the one that it was."""
        pairs, gone, come = _paired(old, new, lambda one: _key(one.when), lambda one: _key(one.value))
        for a, b in pairs:
            yield from self.any(a, b, "")
        yield from (f"the {what} `{_cut(_case(one))}` is removed" for one in gone)
        yield from (f"the {what} `{_cut(_case(one))}` is added" for one in come)
        if not gone and not come and _is_moved(new, pairs):
            yield f"the {what}s stand in another order"

    def case(self, a: tree.Case, b: tree.Case) -> Iterator[str]:
        where = "" if a.when is None else f" when `{_text(a.when)}`" if len(_text(a.when)) <= 60 else ""
        if a.value != b.value:
            if a.when is None and _is_condition(a.value) and _is_condition(b.value):
                yield from self.condition(a.value, b.value, "its condition")
            else:
                yield from self.value(a.value, b.value, where)
        if a.when != b.when:
            what = f"the condition for `{_text(a.value)}`" if len(_text(a.value)) <= 40 else "a condition"
            yield from self.condition(a.when, b.when, what)
        if a.window != b.window:
            yield from self.window(a.window, b.window, f" for `{_cut(_text(a.value))}`")
        yield from self.cases(a.exceptions, b.exceptions, "exception")

    # --------------------------------------------------------------------------------- lists and rows

    def list(self, a: Sequence[Any], b: Sequence[Any], where: str) -> Iterator[str]:
        """What was added to a list, or removed from it."""
        old = {_member(one): one for one in a}
        new = {_member(one): one for one in b}
        gone = [word for word in old if word not in new]
        come = [word for word in new if word not in old]
        if gone:
            yield f"{_listed(gone)} {'is' if len(gone) == 1 else 'are'} removed{where}"
        if come:
            yield f"{_listed(come)} {'is' if len(come) == 1 else 'are'} added{where}"
        for word, one in old.items():
            if new.get(word, one) != one:
                yield from self.any(one, new[word], where)
        if not gone and not come and [*old] != [*new]:
            yield "the order is another"

    def named(self, a: Sequence[Any], b: Sequence[Any], what: str) -> Iterator[str]:
        """Fields of a record, words of a kind: by name."""
        old, new = {one.name.text: one for one in a}, {one.name.text: one for one in b}
        for name, one in old.items():
            if name not in new:
                yield f"the {what} {_plain(name)} is removed"
            elif one != new[name]:
                if _text(one) == _text(new[name]):
                    yield f"the {what} {_plain(name)} is described otherwise"
                elif _bare(one) == _bare(new[name]):
                    yield f"the {what} {_plain(name)}: only its label or citation is changed"
                else:
                    yield f"the {what} {_plain(name)}: {_instead(_bare(one), _bare(new[name]), one, new[name])}"
        yield from (f"the {what} {_plain(name)} is added" for name in new if name not in old)
        if [n for n in old if n in new] != [n for n in new if n in old]:
            yield f"the {what}s stand in another order"

    def table(self, a: tree.Table, b: tree.Table) -> Iterator[str]:
        yield from self.fields(a, b, "", ("rows",))
        pairs, gone, come = _paired(a.rows, b.rows, lambda row: _key(row.keys), lambda row: _key(row.value))
        for one, other in pairs:
            row = _keys(one)
            where = f" in the row `{row}`" if len(row) <= 60 else ""
            if len(one.keys) == len(other.keys):
                yield from self.in_pairs(one.keys, other.keys, where)
            else:
                yield f"the row `{_cut(row)}` now goes by `{_cut(_keys(other))}`"
            if one.value != other.value:
                yield from self.value(one.value, other.value, where)
        yield from (f"the row `{_cut(_text(one))}` is removed" for one in gone)
        yield from (f"the row `{_cut(_text(one))}` is added" for one in come)
        if not gone and not come and _is_moved(b.rows, pairs):
            yield "the rows stand in another order"

    def in_pairs(self, a: Sequence[Any], b: Sequence[Any], where: str) -> Iterator[str]:
        if len(a) != len(b):
            yield from self.texts(a, b, "part")
            return
        for x, y in zip(a, b, strict=True):
            if _is_expression(x) or _is_expression(y):
                if x != y:
                    yield from self.value(x, y, where)
            else:
                yield from self.any(x, y, where)

    def texts(self, a: Sequence[Any], b: Sequence[Any], what: str) -> Iterator[str]:
        """Sentences, each by what it says."""
        gone, come = [one for one in a if one not in b], [one for one in b if one not in a]
        if len(gone) == len(come) == 1 and type(gone[0]) is type(come[0]):
            yield from self.any(gone[0], come[0], "")
            return
        yield from (f"`{_cut(_text(one))}` is removed" for one in gone)
        yield from (f"`{_cut(_text(one))}` is added" for one in come)
        del what

    def lines(self, a: Sequence[Any], b: Sequence[Any]) -> Iterator[str]:
        """Lines under a clause."""
        gone, come = [one for one in a if one not in b], [one for one in b if one not in a]
        for one in list(gone):
            twin = next((other for other in come if type(other) is type(one)), None)
            if twin is not None and not isinstance(one, (tree.Yields, tree.Prevails, tree.Preserves)):
                yield from self.any(one, twin, "")
                gone.remove(one)
                come.remove(twin)
        yield from (f"`{_cut(_text(one))}` is removed" for one in gone)
        yield from (f"`{_cut(_text(one))}` is added" for one in come)

    # ---------------------------------------------------------------------------------------- dates

    def header(self, a: Sequence[Any], b: Sequence[Any]) -> Iterator[str]:
        """Lines of a header, each with the one that says the same kind of thing."""
        gone, come = [one for one in a if one not in b], [one for one in b if one not in a]
        for one in list(gone):
            twin = next((other for other in come if _kind_of_line(other) == _kind_of_line(one)), None)
            if twin is not None:
                yield from self.header_line(one, twin)
                gone.remove(one)
                come.remove(twin)
        yield from (f"`{_cut(_text(one))}` is removed" for one in gone)
        yield from (f"`{_cut(_text(one))}` is added" for one in come)

    def header_line(self, a: Any, b: Any) -> Iterator[str]:
        what = _kind_of_line(a)
        match a:
            case tree.HeaderText():
                yield f"the {what} is changed"
            case tree.HeaderDate():
                yield f"{what}: {a.date.value} moves to {b.date.value}"
            case tree.InForce():
                if a.window is None or b.window is None:
                    yield _instead(a, b)
                else:
                    yield from self.window(a.window, b.window, " in `in force`")
            case tree.Verified():
                yield "when or against what it was verified is changed"
            case tree.Parties():
                yield from self.parties(a, b)
            case tree.Serves():
                yield from self.list(a.purposes, b.purposes, " where it says what it serves")
            case _:
                yield _instead(a, b)

    def parties(self, a: tree.Parties, b: tree.Parties) -> Iterator[str]:
        old, new = ({code.text: name.text for code, name in one.parties} for one in (a, b))
        yield from (f"{code} is no longer a party" for code in old if code not in new)
        yield from (f"{code} is a party now" for code in new if code not in old)
        yield from (f"the name of {code} is changed" for code in old if new.get(code, old[code]) != old[code])
        if set(old) == set(new) and [*old] != [*new]:
            yield "the parties stand in another order"
        if a.word != b.word:
            yield f"{a.word} are called {b.word}"

    def window(self, a: tree.Window, b: tree.Window, where: str) -> Iterator[str]:
        for word, x, y in (("from", a.start, b.start), ("until", a.end, b.end)):
            if x == y:
                continue
            if x is None or y is None:
                one = x or y
                assert one is not None
                yield f"`{word} {one.value}` is {'added' if x is None else 'removed'}{where}"
            else:
                yield f"{x.value} moves to {y.value}{where}"


# -------------------------------------------------------------------------------------------- words


def _text(one: Any) -> str:
    """How a piece of text reads, on one line."""
    if isinstance(one, tuple):
        return ", ".join(map(_text, one))
    if isinstance(one, tree.Name):
        return _plain(one.text)
    span = getattr(one, "span", None)
    text = _COMMENT.sub(lambda found: found[1] or "", span.text) if span is not None else ""
    if not text.strip():
        return "yes or no" if isinstance(one, tree.TypeYesNo) else _plain(str(one))
    return " ".join(text.split())


def _words(name: tree.Name) -> str:
    return _plain(name.text)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _reads(a: Any, b: Any, where: str) -> str:
    return f"{_instead(a, b)}{where}"


def _instead(a: Any, b: Any, old: Any = None, new: Any = None) -> str:
    """How both read; of long ones only the words that are others."""
    one, other = _text(old if old is not None else a), _text(new if new is not None else b)
    if len(one) <= _LONGEST and len(other) <= _LONGEST:
        return f"`{one}` now reads `{other}`"
    gone, come = _other_words(one, other)
    if gone or come:
        parts = [f"no longer `{_cut(gone)}`"] if gone else []
        parts += [f"now `{_cut(come)}`"] if come else []
        return ", ".join(parts)
    return "it reads otherwise"


def _other_words(one: str, other: str) -> tuple[str, str]:
    """The words that only one of two texts has at their place."""
    a, b = one.split(), other.split()
    gone: list[str] = []
    come: list[str] = []
    for tag, i, j, k, n in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += a[i : j + 1]  # with the word after it, for a lone `not` says little
            come += b[k : n + 1]
    return " ".join(gone).strip(","), " ".join(come).strip(",")


def _named(what: str, x: Any, y: Any) -> str:
    if x is None:
        return f"{what} is now {_cut(_text(y))}"
    if y is None:
        return f"{what} was {_cut(_text(x))}, and is no longer said"
    return f"{what}: {_cut(_text(x))} becomes {_cut(_text(y))}"


def _came_or_went(x: Any, y: Any, name: str, where: str) -> Iterator[str]:
    one, verb = (y, "added") if x in (None, ()) else (x, "removed")
    if name == "goods":
        what = "all goods" if one.refs is None else _text(one.refs)
        yield f"`with respect to {_cut(what)}` is {verb}{where}"
    else:
        yield f"`{_cut(_text(one))}` is {verb}{where}"


def _condition_of(node: Any) -> str:
    match node:
        case tree.Excluded():
            return "what it does not apply to"
        case tree.Recurrence():
            return "the condition for going on"
        case tree.DefenceLine(what=what):
            return f"the condition after `{what}`"
        case tree.Aggregate() | tree.RunningTotal():
            return "what is counted"
        case _:
            return "its condition"


def _kind_of_line(line: Any) -> str:
    match line:
        case tree.HeaderText(what=what, language=language):
            return f"{what} {language.text}" if language is not None else what
        case tree.HeaderDate(what=what):
            return "signed" if what == "signed" else "the end of its force"
        case _:
            return type(line).__name__


# ------------------------------------------------------------------------------------------ structure


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, tuple)


def _is_expression(node: Any) -> bool:
    return isinstance(node, get_args(tree.Expr))


def _is_condition(node: Any) -> bool:
    return isinstance(
        node,
        (tree.Ordered, tree.Between, tree.Is, tree.IsIn, tree.IsA, tree.InHs, tree.InYear, tree.Within,
         tree.HasStatus, tree.Quantified, tree.Logic, tree.Negation, tree.Ref, tree.Brackets),
    )  # fmt: skip


def _member(one: Any) -> str:
    if isinstance(one, tree.Member):
        return _plain(one.name.text)
    if isinstance(one, tuple):
        return _member(one[0])
    return _plain(_text(one))


def _key(node: Any) -> str:
    """What a piece of text says, wherever it stands."""
    return repr(node) if not isinstance(node, tuple) else repr([_key(one) for one in node])


def _keys(row: tree.Row) -> str:
    return ", ".join(_text(key) for key in row.keys) or "otherwise"


def _case(one: tree.Case) -> str:
    when = f" when {_text(one.when)}" if one.when is not None else ""
    return f"{_text(one.value)}{when}"


def _bare(node: Any) -> Any:
    return attrs.evolve(node, **{one.name: () if one.name == "cites" else None
                                 for one in attrs.fields(type(node)) if one.name in _LABELS})  # fmt: skip


def _paired(
    old: Sequence[Any], new: Sequence[Any], *keys: Callable[[Any], str]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Each piece with the one that it was: that which is equal, or alike in one of these ways; then what is left."""
    gone, come = list(old), list(new)
    pairs: list[tuple[Any, Any]] = []
    for key in (_key, *keys):
        for one in list(gone):
            twin = next((other for other in come if key(other) == key(one)), None)
            if twin is not None:
                pairs.append((one, twin))
                gone.remove(one)
                come.remove(twin)
    if len(gone) == len(come) == 1 and not isinstance(gone[0], tree.Row):
        pairs.append((gone.pop(), come.pop()))
    place = {id(one): n for n, one in enumerate(old)}
    return sorted(pairs, key=lambda pair: place[id(pair[0])]), gone, come


def _is_moved(new: Sequence[Any], pairs: Iterable[tuple[Any, Any]]) -> bool:
    place = {id(one): n for n, one in enumerate(new)}
    order = [place[id(b)] for _, b in pairs]
    return order != sorted(order)


def _leaves(a: Any, b: Any) -> Iterator[tuple[Any, Any] | None]:
    """The pairs of numbers, dates and words in which two expressions differ; None where they differ otherwise."""
    if a == b:
        return
    if type(a) is not type(b):
        yield None
    elif isinstance(a, (*_LITERALS, tree.DateLit, tree.Text)):
        yield (a, b)
    elif isinstance(a, tuple):
        if len(a) != len(b):
            yield None
        else:
            for x, y in zip(a, b, strict=True):
                yield from _leaves(x, y)
    elif attrs.has(type(a)):
        for one in attrs.fields(type(a)):
            if one.eq:
                yield from _leaves(getattr(a, one.name), getattr(b, one.name))
    else:
        yield None
