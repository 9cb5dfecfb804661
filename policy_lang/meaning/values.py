"""Named lists, assumptions, events and determinations: the values that a name may stand for."""

from __future__ import annotations

from policy_lang.meaning import problems
from policy_lang.meaning.events import declare_event
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.force import check_window
from policy_lang.meaning.names import (
    Meant,
    NamedList,
    NamedMember,
    NamedValue,
    Names,
    enumeration,
)
from policy_lang.meaning.written_types import say_repeated, to_type
from policy_lang.program import core
from policy_lang.program.hs import digits_of
from policy_lang.program.types import (
    Country,
    HsCode,
    Type,
    Unresolved,
    YesNo,
)
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def declare_values(own: Meant, names: Names) -> None:
    """Lists, assumptions, events, determinations and territories; rules and tables come later."""
    for name, item in own.declared.values.items():
        match item:
            case tree.Means():
                named = _named_list(item, names)
                if named is not None:
                    own.entries[name] = named
                    if named.open:
                        label = f"Does it count as {name.replace('_', ' ')}?"
                        own.case_facts.append(core.CaseFact(name, YesNo(), label, True, span=item.name.span))
                else:
                    own.declared.lost |= {name}
            case tree.Assume():
                _assume(item, own, names)
            case tree.Event():
                declare_event(item, own, names)
            case tree.Determination(type=kind_node, label=label):
                kind = to_type(kind_node, names)
                text = label.text if label else ""
                own.case_facts.append(core.CaseFact(name, kind, text, True, span=item.name.span))
                own.entries[name] = NamedValue(core.Fact(None, name, kind), item.name.span)
            case tree.Rule() | tree.Table():
                pass
    for territory in own.declared.territories:
        sovereign = names.country(territory.sovereign)
        for code in territory.codes:
            own.territories.append((names.country(code), sovereign, territory.included))


def _named_list(item: tree.Means, names: Names) -> NamedList | None:
    expressions = Expressions(names)
    _say_repeated_members(item, names)
    if all(member.name.text.startswith("HS ") for member in item.members):
        return _codes(item, names)
    if all(member.name.text.isupper() for member in item.members):
        kind: Type = Country()
        values = [
            core.Const(names.country(member.name), kind, span=member.name.span) for member in item.members
        ]
    else:
        shared = [
            candidate
            for candidate in names.kinds_with(item.members[0].name.text)
            if all(any(m.name.text == n.name.text for m in candidate.members) for n in item.members)
        ]
        if len(shared) > 1:
            names.say_ambiguous(item.members[0].name, [k.name.text for k in shared])
            return None
        if shared:
            kind = enumeration(shared[0])
        else:
            guess = next(
                (k for m in item.members for k in names.kinds_with(m.name.text)), None
            )  # the kind of the first known word
            if guess is None:
                for member in item.members[:1]:
                    expressions.lower(tree.Ref((member.name,), span=member.name.span))
                return None
            kind = enumeration(guess)
        values = []
        for member in item.members:
            value = expressions.value(tree.Ref((member.name,), span=member.name.span), kind)
            if isinstance(value, core.Const) and value.value is not None:
                values.append(value)
        if len(values) != len(item.members):
            known = {v.span.start for v in values}
            members = [m for m in item.members if m.name.span.start in known]
            return _listed(item, kind, _members(members, values, names))
    return _listed(item, kind, _members(list(item.members), values, names))


def _listed(item: tree.Means, kind: Type, members: tuple[NamedMember, ...]) -> NamedList:
    return NamedList(item.name.text, kind, members, item.open, item.name.span, cites=cited(item.cites))


def _codes(item: tree.Means, names: Names) -> NamedList | None:
    """A list of chapters, headings and subheadings."""
    edition = names.edition(item.members[0].name.span)
    found = [(member, names.hs_code(member.name.text, member.name.span)) for member in item.members]
    if edition is None or any(code is None for _, code in found):
        return None
    values = [
        core.Const(code, HsCode(edition, digits_of(str(code))), span=member.name.span)
        for member, code in found
    ]
    members = _members(list(item.members), values, names)
    return NamedList(
        item.name.text, HsCode(edition, 2), members, item.open, item.name.span, cites=cited(item.cites)
    )


def _members(members: list[tree.Member], values: list[core.Const], names: Names) -> tuple[NamedMember, ...]:
    for member in members:
        check_window(member.window, names)
    return tuple(NamedMember(v, m.window) for m, v in zip(members, values, strict=True))


def _say_repeated_members(item: tree.Means, names: Names) -> None:
    always = tuple(m.name for m in item.members if m.window == tree.Window())
    say_repeated(always, names)


def _assume(item: tree.Assume, own: Meant, names: Names) -> None:
    is_defined = isinstance(item.value, tree.Ref) and item.value.text in own.declared.values
    value = core.At() if is_defined else Expressions(names).lower(item.value)
    if not isinstance(value, core.Const) or isinstance(value.type, Unresolved):
        if isinstance(value, core.Const):
            own.declared.lost |= {item.name.text}
            return
        names.say(
            problems.WRONG_USE.at(
                item.value.span, "an assumption is a constant", help="write the value itself, such as `yes`"
            )
        )
        own.declared.lost |= {item.name.text}
        return
    own.assumptions.append(
        core.Assumption(
            item.name.text,
            value,
            tuple(core.Reading(r.because.text, cited(r.cites)) for r in item.readings),
            tuple(core.Reading(r.because.text, cited(r.cites)) for r in item.against),
            own.instrument.name,
            span=item.name.span,
        )
    )
    own.entries[item.name.text] = NamedValue(core.Assumed(item.name.text, value.type), item.name.span)
