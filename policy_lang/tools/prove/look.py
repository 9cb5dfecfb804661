"""Looks for what a policy should never do: clash with itself, leave a gap, break a promise or a property.

Every example is decided by the evaluator before it is told.
"""

from __future__ import annotations

from policy_lang.backends.prove.space import MOST_ELEMENTS
from policy_lang.meaning.checks.allowed import allowed
from policy_lang.program.core import Program
from policy_lang.tools.prove import answers, dead, in_time, promises, properties
from policy_lang.tools.prove.remarks import MORE, Proved, Remark
from policy_lang.tools.prove.search import Searcher


def _is_allowed(one: Remark) -> bool:
    """Whether the author says at the place, with a reason, that this is known and meant."""
    source = one.span.file
    if not source.name:
        return False
    return (one.kind.replace(" ", "-"), source.position(one.span.start)[0]) in allowed(source)


def _tells_of_more(one: Remark) -> bool:
    """Whether it says that there may be more cases like those that were found."""
    return one.kind == "not settled" and any(line.endswith(MORE) for line in one.detail)


def look(program: Program, *, limit: float, elements: int | None) -> Proved:
    """Looks at everything that a policy decides, promises and states; `limit` is in seconds for each question.

    With `elements`, lists of just so many have to be gone through; without, of up to three, or as many as there is
    time for.
    """
    searcher = Searcher(program, limit, elements or MOST_ELEMENTS)
    remarks: list[Remark] = []
    shorter: list[tuple[str, int]] = []

    def note(name: str, size: int, found: list[Remark]) -> None:
        remarks.extend(found)
        if found or not 0 < size < searcher.most:
            return
        shorter.append((name, size))

    for one in answers.everything_asked(program):
        found, size = answers.look_at(one, searcher)
        note(one.name.replace("_", " "), size, found)
    for promise in program.promises:
        remarks.extend(promises.look_at(promise, searcher))
    remarks.extend(dead.look(searcher))
    remarks.extend(in_time.look(searcher))
    proved: list[tuple[str, int]] = []
    for stated in program.properties:
        found, size = properties.look_at(stated, searcher)
        note(f'"{stated.label}"', size, found)
        if size and not found:
            proved.append((stated.label, size))
    if elements is not None:
        remarks += [
            Remark("not settled", name, detail=(f"only for lists of up to {size}",)) for name, size in shorter
        ]
    meant = [one for one in remarks if _is_allowed(one)]
    places = {one.span for one in meant}
    kept = [one for one in remarks if one not in meant and not (_tells_of_more(one) and one.span in places)]
    return Proved(
        program.name,
        tuple(kept),
        len(program.outcomes),
        searcher.most,
        len(program.promises),
        tuple(proved),
        tuple(shorter),
        len(program.properties),
        tuple(dict.fromkeys((one.about, one.kind) for one in meant)),
    )
