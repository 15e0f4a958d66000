"""Brings the match log's database to the version that this code writes."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from matcher.errors import LogUnavailable

HEAD = "0006"
"""The newest migration. A test holds it equal to what `service/record/migrations` says."""

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def version_of(connection: Connection) -> str | None:
    """The migration that the database stands at; `None` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it is at in variables of the process: two databases brought up at once would mix."""


def upgrade(connection: Connection) -> bool:
    """Run the migrations that are missing.

    Returns:
        Whether the database had an earlier version.

    Raises:
        LogUnavailable: the database was written by a newer version of Crossmatch, or holds what no earlier one wrote.
    """
    version = version_of(connection)
    if version == HEAD:
        return False
    # Only here: importing alembic takes longer than matching a need.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        remedy = "Use the version of Crossmatch that wrote it, or a newer one."
        raise LogUnavailable("match log", f"be at version {HEAD} or earlier", f"version {version}", remedy)
    try:
        with _ONE_AT_A_TIME:
            command.upgrade(config, HEAD)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        wanted = f"hold what version {version} wrote, so that it can be brought to version {HEAD}"
        remedy = "It is left as it was. Somebody changed it beside Crossmatch: take an earlier copy."
        raise LogUnavailable("match log", wanted, f"{type(error).__name__}: {error}", remedy) from error
    return version is not None
