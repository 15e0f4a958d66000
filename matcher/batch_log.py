"""Batches as the domain sees them on record: many needs matched at once, under one set of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from matcher.log import ListSummary, LoggedList, Once
from matcher.records import Line, Record, Signature


class BatchOpening(Record):
    """What is put on record before the first need of a batch is matched."""

    batch_id: str
    opened_at: datetime
    """UTC."""
    opened_by: Signature
    source: Line
    """Name of the file of needs; empty for needs that came in a request."""
    digest: str
    """SHA-256 of the needs in order, without their words: a line of JSON each. The words of each are covered by its list."""
    needs: int
    refused: int
    """Rows of the file that were no needs and were left out."""
    engine: str
    """Fingerprint of everything that decides the lists."""


class BatchClosing(Record):
    """What is put on record after the last need of a batch."""

    batch_id: str
    closed_at: datetime
    closed_by: Signature
    lists: int
    """Fewer than there are needs in a batch that was given up."""
    without_match: int
    matches: int
    cross_border: int


class Batch(Record):
    """A batch as it stands."""

    opening: BatchOpening
    closing: BatchClosing | None = None
    """`None` while it goes on."""
    lists: int
    """On record by now."""


class BatchLog(Protocol):
    """Append-only, as `matcher.log.MatchLog`. What a call that writes returned from is durable."""

    def open(self, opening: BatchOpening, components: Mapping[str, Any]) -> None:
        """Put the beginning of a batch on record; a second time changes nothing."""

    def record(self, entries: Sequence[LoggedList]) -> None:
        """Write lists of open batches, all in one transaction or none."""

    def close(self, batch_id: str, by: str) -> Batch:
        """Put the end of a batch on record; a second time changes nothing.

        Raises:
            NotFound: there is no such batch.
        """

    def whole(
        self, opening: BatchOpening, entries: Sequence[LoggedList], components: Mapping[str, Any], once: Once | None = None
    ) -> Batch:
        """Open a batch, record all its lists and close it in one transaction.

        Returns:
            The batch; or the one that is on record under the key of `once`.

        Raises:
            KeyReused: the key came before with another request.
        """

    def get(self, batch_id: str) -> Batch:
        """The batch of that id.

        Raises:
            NotFound: there is none.
        """

    def lists(self, batch_id: str, *, region: str | None = None, after: int = 0, limit: int = 50) -> list[ListSummary]:
        """Lists of a batch in order of recording, which is that of its needs.

        Args:
            batch_id: of the batch.
            region: only needs of this region, where one is given.
            after: only lists with a larger `number`.
            limit: how many at most.
        """

    def known_companies(self, companies: Sequence[tuple[str, str]]) -> list[bool]:
        """Whether the record tells anything of these companies' matches beside that they were proposed.

        Args:
            companies: name and country of each.
        """
