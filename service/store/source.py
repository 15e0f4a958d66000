"""Where the settings have the index: in a folder of this machine, or in a database that machines share."""

from __future__ import annotations

from typing import Any, Protocol

from embeddings.dense_kind import DenseConfig
from embeddings.encoder import Encoder
from embeddings.store import named_build
from matcher.index import ProviderIndex
from service.index_status import IndexStatus, index_status
from service.settings import Settings
from service.store.errors import StoreUnavailable

_NO_LISTS = DenseConfig(exact_up_to=2**63 - 1)


class IndexSource(Protocol):
    """One place of an index."""

    place: str
    """As it may be shown."""
    building: DenseConfig | None
    """Limits for who builds an index that is to be put there; the usual ones if `None`."""

    def open(self, encoder: Encoder) -> ProviderIndex:
        """The current build.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch, StoreUnavailable: with what to do about it.
        """

    def put(self, index: ProviderIndex) -> dict[str, Any]:
        """Make it the current build, all or nothing; what its manifest says.

        Raises:
            StoreUnavailable: the database cannot be written.
        """

    def status(self) -> IndexStatus:
        """What is there, without reading it all.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch, StoreUnavailable: with what to do about it.
        """

    def named_build(self) -> str:
        """What changes with the build in use; empty where there is none.

        Raises:
            OSError: it cannot be read.
        """


def index_source(settings: Settings) -> IndexSource:
    """The place that the settings name.

    Raises:
        StoreUnavailable: an address is none of a PostgreSQL database.
    """
    return _Shared(settings) if settings.store_url else _Folder(settings)


class _Folder:
    building: DenseConfig | None = None

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.index_folder
        self.place = str(self._folder)

    def open(self, encoder: Encoder) -> ProviderIndex:
        return ProviderIndex.open(self._folder, encoder)

    def put(self, index: ProviderIndex) -> dict[str, Any]:
        index.save(self._folder)
        return index.facts

    def status(self) -> IndexStatus:
        return index_status(self._folder)

    def named_build(self) -> str:
        return named_build(self._folder)


class _Shared:
    building: DenseConfig | None = _NO_LISTS
    """The database has an index of its own: another one in memory would be built for nothing."""

    def __init__(self, settings: Settings) -> None:
        # Only here: who has a folder needs no driver.
        from service.store.shared_store import SharedStore

        self._store = SharedStore(settings.store_url, settings.store_read_url)
        self.place = self._store.database.place

    def open(self, encoder: Encoder) -> ProviderIndex:
        return self._store.open(encoder)

    def put(self, index: ProviderIndex) -> dict[str, Any]:
        return self._store.write(index)

    def status(self) -> IndexStatus:
        from service.store.status import store_status

        return store_status(self._store.database)

    def named_build(self) -> str:
        try:
            return self._store.named_build()
        except StoreUnavailable as error:
            # The refusal says it all; the way there through the driver is three pages long.
            raise OSError(str(error)) from None
