"""Names in expressions: facts, values, definitions, words and lists, each found where it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.force import guarded
from policy_lang.meaning.names import NamedDefinition, NamedList, NamedValue, enumeration
from policy_lang.program import core
from policy_lang.program.types import Enumeration, Type, describe
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def reference(here: Expressions, node: tree.Ref, wanted: Type | None) -> core.Expr:
    """What a name stands for, or names joined by dots."""
    first = node.parts[0]
    if len(node.parts) == 1:
        return _bare(here, first, wanted)
    records = {schema.name: schema for schema in here.scope()}
    if len(node.parts) == 2 and first.text in records:
        return _member_of(here, records[first.text], node.parts[1])
    if len(node.parts) == 2:
        for used in (here.names.own, *here.names.own.uses):
            if used.instrument.name == first.text and node.parts[1].text in used.entries:
                return _use_entry(here, node.parts[1], used.entries[node.parts[1].text])
    if here.names.is_excused(first.text):
        return here.unresolved(node.span)
    if here.names.record_schema(first.text) is not None and len(node.parts) == 2:
        about = f"about `{here.subject}`" if here.subject else "about the instrument itself"
        here.names.say(
            problems.NOT_IN_SCOPE.at(
                first.span,
                f"`{first.text}` is not in view here: this is {about}",
                label="a record of another kind",
                help=f"say `for {first.text}` (or `on {first.text}`) in the first line, if that is what it is about",
            )
        )
        return here.unresolved(node.span)
    here.names.say(
        problems.unknown(
            problems.UNKNOWN_NAME, first.span, first.text, records, what="no record in view is called"
        )
    )
    return here.unresolved(node.span)


def _member_of(here: Expressions, schema: core.RecordSchema, name: tree.Name) -> core.Expr:
    for item in schema.fields:
        if item.name == name.text:
            return core.Fact(schema.name, item.name, item.type, span=name.span)
    for entry in here.names.entry(name.text):
        if isinstance(entry, NamedDefinition) and entry.subject == schema.name:
            return _use_entry(here, name, entry)
    if not (here.names.is_excused(name.text) or _is_damaged(here, schema.name)):
        known = [item.name for item in schema.fields]
        here.names.say(
            problems.unknown(
                problems.UNKNOWN_FIELD,
                name.span,
                name.text,
                known,
                what=f"`{schema.name}` has nothing called",
            )
        )
    return here.unresolved(name.span)


def _is_damaged(here: Expressions, record: str) -> bool:
    for meant in (here.names.own, *here.names.own.uses):
        item = meant.declared.records.get(record)
        if item is not None and meant.declared.is_damaged(item):
            return True
    return False


def _bare(here: Expressions, name: tree.Name, wanted: Type | None) -> core.Expr:
    if isinstance(wanted, Enumeration) and name.text in wanted.members:
        return core.Const(name.text, wanted, span=name.span)
    places: list[tuple[str, core.Expr]] = []
    scope = here.scope()
    for schema in scope:
        for item in schema.fields:
            if item.name == name.text:
                fact = core.Fact(schema.name, item.name, item.type, span=name.span)
                places.append((f"{schema.name}.{item.name}", fact))
    entries = here.names.entry(name.text)
    if len(places) + len(entries) > 1:
        if (
            all(isinstance(e, NamedValue) and isinstance(e.expr, core.Assumed) for e in entries)
            and not places
        ):
            return here.unresolved(name.span)  # two assumptions of one name are reported as such
        said = [place for place, _ in places]
        said += [f"{place}.{name.text}" for place, _ in here.names.places(name.text)]
        here.names.say(
            problems.AMBIGUOUS_NAME.at(
                name.span,
                f"`{name.text}` could mean {' or '.join(f'`{s}`' for s in said)}",
                label="which one?",
                help=f"say which, as in `{said[0]}`",
            )
        )
        return here.unresolved(name.span)
    if places:
        return places[0][1]
    if entries:
        return _use_entry(here, name, entries[0])
    if isinstance(wanted, Enumeration):
        here.names.say(
            problems.unknown(
                problems.UNKNOWN_WORD,
                name.span,
                name.text,
                wanted.members,
                what=f"`{describe(wanted)}` has no word" if wanted.name else "none of the words is",
            )
        )
        return here.unresolved(name.span)
    kinds = here.names.kinds_with(name.text)
    if len(kinds) == 1:
        return core.Const(name.text, enumeration(kinds[0]), span=name.span)
    if kinds:
        here.names.say_ambiguous(name, [kind.name.text for kind in kinds])
        return here.unresolved(name.span)
    if not (here.names.is_excused(name.text) or any(_is_damaged(here, s.name) for s in scope)):
        known = [item.name for schema in scope for item in schema.fields]
        known += [*here.names.entry_names(), *here.names.words()]
        known += here.answers.clauses() if here.answers is not None else []
        _say_unknown(here, name, known)
    return here.unresolved(name.span)


def _say_unknown(here: Expressions, name: tree.Name, known: list[str]) -> None:
    problem = problems.unknown(problems.UNKNOWN_NAME, name.span, name.text, known)
    near = problem.help.removeprefix("did you mean `").removesuffix("`?")
    places = [(entry.span, "a close name, defined here") for entry in here.names.entry(near)]
    here.names.say(
        problems.UNKNOWN_NAME.at(
            name.span, problem.message, label="used here", help=problem.help, related=places[:1]
        )
    )


def _use_entry(here: Expressions, name: tree.Name, entry: object) -> core.Expr:
    match entry:
        case NamedValue(expr=core.Assumed(name=assumption, type=kind)):
            return core.Assumed(assumption, kind, span=name.span)
        case NamedValue(expr=core.Fact(field=fact, type=kind)):
            return core.Fact(None, fact, kind, span=name.span)
        case NamedDefinition():
            return _call(here, name, entry)
        case NamedList():
            here.names.say(
                problems.LIST_ALONE.at(
                    name.span,
                    f"`{name.text}` is a list, not a value",
                    label="a list",
                    help=f"ask whether something `is in {name.text}`",
                )
            )
    return here.unresolved(name.span)


def _call(here: Expressions, name: tree.Name, entry: NamedDefinition) -> core.Expr:
    if entry.subject is not None and entry.subject not in {s.name for s in here.scope()}:
        about = f"about `{here.subject}`" if here.subject else "about the instrument itself"
        here.names.say(
            problems.NOT_IN_SCOPE.at(
                name.span,
                f"`{name.text}` is about `{entry.subject}`, but this is {about}",
                label=f"needs one `{entry.subject}`",
                related=[(entry.span, "defined here")],
                help=f"a list of them can be summed, counted or asked about: `any of ... is {name.text}`",
            )
        )
        return here.unresolved(name.span)
    call = core.Call(entry.qualified, entry.type, span=name.span)
    answer = here.answers.value(entry.qualified, name.span) if here.answers is not None else None
    if answer is not None:
        return answer
    if entry.instrument != here.names.own.instrument.name:
        used = next(m for m in here.names.own.reach() if m.instrument.name == entry.instrument)
        return guarded(used.instrument, tree.Window(), call, entry.type, name.span)
    return call


def named_list(here: Expressions, ref: tree.Ref) -> NamedList | None:
    """The list that a name stands for, or None, reported."""
    name = ref.parts[-1]
    entries = here.names.entry(name.text) if len(ref.parts) == 1 else []
    places = [place for place, _ in here.names.places(name.text)]
    if len(ref.parts) == 2:
        for used in (here.names.own, *here.names.own.uses):
            if used.instrument.name == ref.parts[0].text and name.text in used.entries:
                entries = [used.entries[name.text]]
    lists = [entry for entry in entries if isinstance(entry, NamedList)]
    if len(lists) > 1:
        here.names.say_ambiguous(name, places, f"say which, as in `{places[0]}.{name.text}`")
        return None
    if lists:
        return lists[0]
    first = ref.parts[0].text
    if entries or any(first in (s.name, *(f.name for f in s.fields)) for s in here.scope()):
        here.names.say(
            problems.WRONG_USE.at(
                ref.span,
                f"`{ref.text}` is not a named list",
                label="not a list",
                help="name a list with `means`, or compare single values with `is`",
            )
        )
    elif not here.names.is_excused(name.text):
        known = [n for n in here.names.entry_names() if isinstance(here.names.entry(n)[0], NamedList)]
        _say_unknown(here, tree.Name(ref.text, span=ref.span), known)
    return None
