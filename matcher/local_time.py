"""Times as an organiser writes them: on the clock of the event's zone, which now and then jumps."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from embeddings.errors import Refusal, shown

_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2}))?")
_ON_A_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\s*(.+?))?(Z|[+-]\d{2}:?\d{2})?", re.I)
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
WRITE_TIME = "Write it as in 09:30."
WRITE_MOMENT = "Write it as in 2026-01-31 09:30."


def clock_time(written: str) -> dt.time:
    """A time of day, as `09:30`, `9.30`, `9h30` or `09:30:00`.

    Raises:
        Refusal: it is none.
    """
    found = _CLOCK.fullmatch(written.strip())
    try:
        if found is None:
            raise ValueError
        return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        raise Refusal("time", "be a time of day", shown(written), WRITE_TIME) from None


def moment_at(written: str, zone: ZoneInfo, day: dt.date | None = None) -> dt.datetime:
    """The moment that is written, with the zone's offset then.

    Args:
        written: a time of day; or day and time, where an offset may follow.
        zone: on whose clock it is told.
        day: of a time that stands alone.

    Raises:
        Refusal: it is no time, has no day, or the clock of the zone never shows it or shows it twice.
    """
    found = _ON_A_DAY.fullmatch(written.strip())
    if found is None:
        clock = clock_time(written)
        if day is None:
            raise Refusal("time", "have its day, because the event has several or none", shown(written), WRITE_MOMENT)
        return on_the_clock(dt.datetime.combine(day, clock), zone)
    try:
        named = dt.date.fromisoformat(found[1])
    except ValueError:
        raise Refusal("time", "be on a day that there is", shown(written), WRITE_MOMENT) from None
    if found[2] is None:
        raise Refusal("time", "have a time of day", shown(written), WRITE_MOMENT)
    if not _FIRST_YEAR <= named.year <= _LAST_YEAR:
        raise Refusal("time", f"lie in the years {_FIRST_YEAR} to {_LAST_YEAR}", shown(written), WRITE_MOMENT)
    local = dt.datetime.combine(named, clock_time(found[2]))
    return on_the_clock(local, zone) if found[3] is None else _with_offset(local, found[3], zone, written)


def on_the_clock(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment when the clock of the zone shows that.

    Raises:
        Refusal: it never does, because clocks are put forward, or it does twice, because they are put back.
    """
    first, second = (fixed(local.replace(tzinfo=zone, fold=fold), zone) for fold in (0, 1))
    place, clock = f"local time {local:%Y-%m-%d %H:%M}", f"clock of {zone.key}"
    if first.replace(tzinfo=None) != local:
        found = f"{local:%H:%M}, which is skipped because clocks are put forward then"
        raise Refusal(place, f"exist on the {clock}", found, "Take a time before or after the hour that is missing.")
    if first != second:
        either = f"{first.isoformat(timespec='minutes')} or {second.isoformat(timespec='minutes')}"
        found = f"{local:%H:%M}, which comes twice because clocks are put back then"
        raise Refusal(place, f"come once on the {clock}", found, f"Say which with its offset: {either}.")
    return first


def fixed(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment on the zone's clock with its offset as a number.

    Python compares two times of one zone by their clock faces, which is wrong in the hour that comes twice.
    """
    local = moment.astimezone(dt.UTC).astimezone(zone)
    offset = local.utcoffset()
    assert offset is not None
    return local.replace(tzinfo=dt.timezone(offset), fold=0)


def later(moment: dt.datetime, minutes: int, zone: ZoneInfo) -> dt.datetime:
    """So many minutes later by the watch, whatever happens to the clocks."""
    return fixed(moment.astimezone(dt.UTC) + dt.timedelta(minutes=minutes), zone)


def _with_offset(local: dt.datetime, offset: str, zone: ZoneInfo, written: str) -> dt.datetime:
    try:
        told = dt.datetime.fromisoformat(f"{local.isoformat()}{offset.upper()}")
    except ValueError:
        raise Refusal(
            "time", "have an offset that there is", shown(written), "Write it as in +01:00, or leave it out."
        ) from None
    moment = fixed(told, zone)
    if offset.upper() != "Z" and moment.utcoffset() != told.utcoffset():
        remedy = f"Leave the offset out, or write {moment.isoformat(timespec='minutes')} if that is what is meant."
        raise Refusal("time", f"have the offset of {zone.key} at that time", shown(written), remedy)
    return moment
