"""A programme file whose calls are shifted to today, for trying out: those of a programme that ended are closed for good."""

from __future__ import annotations

import re
from datetime import date, timedelta

_OPENS = re.compile(r'^opens = "(\d{4}-\d{2}-\d{2})', re.M)
_OF_A_CALL = re.compile(r'^((?:opens|closes|directory_until) = "?)(\d{4}-\d{2}-\d{2})', re.M)
_NOTE = """\
# For trying out: the days of all calls are shifted by {days:,} days, so that the first one opened on {first}.

"""


def open_now(text: str, today: date) -> str:
    """The text of a programme file with the days of all calls shifted alike, the first call opening yesterday.

    Args:
        text: of a programme file.
        today: on the programme's calendar. Yesterday, so that the call is open at whatever hour.
    """
    found = _OPENS.search(text)
    if found is None:
        return text
    shift = today - timedelta(days=1) - date.fromisoformat(found[1])
    note = _NOTE.format(days=shift.days, first=today - timedelta(days=1))
    return note + _OF_A_CALL.sub(lambda one: f"{one[1]}{date.fromisoformat(one[2]) + shift}", text)
