"""The dates on which something happened, and how facts give them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import TypeAlias

from attrs import field, frozen

from policy_lang.program.fact_problems import Step, unknown_key
from policy_lang.program.fact_values import Mistake, read_date, shown

_Given: TypeAlias = tuple[datetime.date | None, datetime.date | None]
"""The days on which something was given and received, as far as they are known."""
_Say: TypeAlias = Callable[[tuple[Step, ...], Mistake], None]


@frozen
class Events:
    """The dates on which something happened, each once and in order; complete up to `known_until`, or for good.

    `gaps` has the facts to ask for more, each with the day up to which it is known.
    """

    dates: tuple[datetime.date, ...]
    known_until: datetime.date | None = None
    gaps: tuple[tuple[datetime.date, str], ...] = field(default=(), eq=False)

    def is_known_on(self, day: datetime.date) -> bool:
        """Whether every event up to that day, itself included, is listed."""
        return self.known_until is None or self.known_until >= day

    def is_known_before(self, day: datetime.date) -> bool:
        """Whether every event before that day is listed."""
        return self.known_until is None or self.known_until.toordinal() >= day.toordinal() - 1

    def asks(self, day: datetime.date) -> frozenset[str]:
        """The facts that would tell more about the time up to that day."""
        return frozenset(name for known, name in self.gaps if known < day)


class EventReader:
    """Reads the dates of one event: one date for each time, or the days on which it was given and received."""

    def __init__(
        self,
        say: _Say,
        path: tuple[Step, ...],
        name: str,
        received: str | None,
        until: datetime.date | None = None,
    ) -> None:
        self.say = say
        self.path = path
        self.name = name
        self.received = received
        self.until = until

    def read(self, raw: object) -> dict[str, Events]:
        """The events by the names of their facts; nothing for what is unknown."""
        path, told = self.path, {}
        if isinstance(raw, Mapping):
            parts = ["dates", "known_until", *(["received"] if self.received else [])]
            for key in raw:
                if not isinstance(key, str) or key not in parts:
                    inner = (*path, key if isinstance(key, str) else shown(key))
                    self.say(inner, unknown_key(key, "part of an event", parts))
            if raw.get("known_until") is not None:
                self.until = self._date((*path, "known_until"), raw["known_until"])
            if self.received is not None and raw.get("received") is not None:
                alone = EventReader(self.say, (*path, "received"), self.received, None, self.until)
                told.update(alone.read(raw["received"]))
            path, raw = (*path, "dates"), raw.get("dates")
            if raw is None:
                if self.until is not None and not told:
                    told = self._told([])
                return told
        pairs = self._list(path, raw)
        return told if pairs is None else {**self._told(pairs), **told}

    def _list(self, path: tuple[Step, ...], raw: object) -> list[_Given] | None:
        if isinstance(raw, str) and raw == "none":
            return []
        if not isinstance(raw, (list, tuple)):
            hint = "give a list of dates, even for one"
            mistake = Mistake("wrong-kind", f"{shown(raw)} is not a list of dates", hint)
            self.say(path, mistake)
            return None
        return [self._once((*path, n), one) for n, one in enumerate(raw)]

    def _once(self, path: tuple[Step, ...], raw: object) -> _Given:
        """The day on which it was given, and that on which it was received, as far as they are known."""
        if not isinstance(raw, Mapping) or self.received is None:
            return self._date(path, raw), None
        for key in raw:
            if key not in ("given", "received"):
                inner = (*path, key if isinstance(key, str) else shown(key))
                self.say(inner, unknown_key(key, "day of a notice", ["given", "received"]))
        given, received = (
            self._date((*path, key), raw[key]) if raw.get(key) is not None else None
            for key in ("given", "received")
        )
        if given is not None and received is not None and received < given:
            message = f"it was received on {received}, before it was given on {given}"
            self.say((*path, "received"), Mistake("check-failed", message))
        return given, received

    def _date(self, path: tuple[Step, ...], raw: object) -> datetime.date | None:
        read = read_date(raw)
        if isinstance(read, Mistake):
            self.say(path, read)
            return None
        return read

    def _told(self, pairs: list[_Given]) -> dict[str, Events]:
        given = [day for day, _ in pairs if day is not None]
        # What was received can have been given on any day before; what was given is received no earlier.
        is_whole = all(day is not None for day, _ in pairs)
        found = {self.name: self._events(given, self.until if is_whole else datetime.date.min, self.name)}
        if self.received is not None:
            days = [day for _, day in pairs if day is not None]
            open_from = [day for day, received in pairs if received is None and day is not None]
            until = self.until
            if open_from and min(open_from) > datetime.date.min:
                before = min(open_from) - datetime.timedelta(days=1)
                until = before if until is None else min(until, before)
            found[self.received] = self._events(days, until, self.received)
        return found

    def _events(self, days: list[datetime.date], until: datetime.date | None, name: str) -> Events:
        """The dates that are given, each once: two acts of one day cannot be told apart."""
        return Events(tuple(sorted(set(days))), until, () if until is None else ((until, name),))
