"""How the lists of a batch are called, and what the record says of all its needs together."""

from __future__ import annotations

import hashlib
import uuid

from matcher.records import Need

_WORDS = {"text", "title"}


def list_id(batch_id: str, number: int) -> str:
    """Id of the list for a row: the same whenever, and however often, the row is matched."""
    return str(uuid.uuid5(uuid.UUID(batch_id), str(number)))


class NeedsDigest:
    """SHA-256 of needs in order, a line of JSON each, without their words.

    The words of each are covered by its list. A hash of them here would confirm a guess at a need whose words were erased.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, need: Need) -> None:
        """The next need."""
        self._digest.update(f"{need.model_dump_json(exclude=_WORDS)}\n".encode())

    @property
    def told(self) -> str:
        """In hexadecimal."""
        return self._digest.hexdigest()
