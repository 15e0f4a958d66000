"""The record that the settings name, for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.settings import Settings

if TYPE_CHECKING:
    from service.record.sql_log import SqlMatchLog


def open_record() -> SqlMatchLog:
    """The match log, at the newest version.

    Raises:
        LogUnavailable: with what to do about it.
    """
    # Only here, so that `--help` opens no database.
    from service.record.sql_log import SqlMatchLog

    return SqlMatchLog(Settings().match_log_url)
