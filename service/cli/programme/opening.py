"""The programme in the record that the settings name, for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.cli.log.opening import open_record

if TYPE_CHECKING:
    from service.record.sql_programme import SqlProgramme


def open_book() -> SqlProgramme:
    """Rules, applications and money.

    Raises:
        LogUnavailable: with what to do about it.
    """
    # Only here, so that `--help` opens no database.
    from service.record.sql_programme import SqlProgramme

    return SqlProgramme(open_record())
