"""Moments as columns hold them: in UTC, without a zone."""

from __future__ import annotations

from datetime import UTC, datetime


def plain(moment: datetime) -> datetime:
    """A moment as a column holds it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def in_utc(held: datetime) -> datetime:
    """A moment as a column held it, with its zone."""
    return held.replace(tzinfo=UTC)
