"""The upkeep of the directory that the settings name, for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.cli.log.opening import open_record
from service.settings import Settings

if TYPE_CHECKING:
    from matcher.directory import Directory
    from service.upkeep import Upkeep


def open_upkeep() -> Upkeep:
    """Record and directory in use.

    Raises:
        LogUnavailable, IndexDamaged, IndexMismatch, DirectoryRefused: with what to do about it.
    """
    # Only here, so that `--help` opens neither.
    from service.record.sql_upkeep import SqlUpkeep
    from service.upkeep import Upkeep

    return Upkeep(SqlUpkeep(open_record()), directory_in_use())


def directory_in_use() -> Directory:
    """That of the index, which is what lists are made from; that of the files where there is no index yet."""
    from embeddings.encoder import open_encoder
    from embeddings.errors import IndexMissing
    from matcher.directory import load_directory
    from service.store.source import index_source

    settings = Settings()
    try:
        return index_source(settings).open(open_encoder(settings.encoder)).directory
    except IndexMissing:
        return load_directory(settings.directory_files)
