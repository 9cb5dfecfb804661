"""A calendar as an iCalendar file (RFC 5545): one event for each entry, lasting all day.

Nothing in it comes from the clock or from the machine, so the same policies give the same file: an event is
stamped with the day on which the text was verified.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from policy_lang.program.calendar_entry import Entry

_NEVER_VERIFIED = datetime.date(2000, 1, 1)
_CATEGORIES = {
    "due": "Due date",
    "passed": "After a due date",
    "in force": "Entry into force",
    "ended": "End",
    "change": "Change of an answer",
    "event": "Change of an answer",
}


def to_icalendar(entries: Iterable[Entry], details: dict[str, str]) -> bytes:
    """The entries as the bytes of an `.ics` file. `details` has the description of each, by its `uid`.

    Raises `ImportError` when the library `icalendar` is not installed.
    """
    from icalendar import Calendar, Event  # large, and needed for this format only

    calendar = Calendar()
    calendar.add("prodid", "-//policy-lang//pol calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    used: dict[str, int] = {}
    for entry in entries:
        event = Event()
        used[entry.uid] = used.get(entry.uid, 0) + 1  # two files may hold one instrument
        again = f"{used[entry.uid]}-" if used[entry.uid] > 1 else ""
        verified = entry.verified or _NEVER_VERIFIED
        event.add("uid", f"{again}{entry.uid}")
        event.add("dtstamp", datetime.datetime.combine(verified, datetime.time(), datetime.UTC))
        event.add("dtstart", entry.day)
        if entry.day < datetime.date.max:
            event.add("dtend", entry.day + datetime.timedelta(days=1))  # the first day that is no part of it
        event.add("summary", entry.text)
        event.add("description", details.get(entry.uid, ""))
        event.add("categories", [_CATEGORIES[entry.kind]])
        event.add("transp", "TRANSPARENT")  # nobody is busy because of it
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data
