"""What the shared store refuses, in the common form of `embeddings.errors.Refusal`."""

from __future__ import annotations

from embeddings.errors import Refusal


class StoreUnavailable(Refusal):
    """The shared store's database cannot be reached, read or written, or is none that can hold an index."""

    @property
    def is_missing_table(self) -> bool:
        """Whether what it has not got is a table that was asked for."""
        return getattr(getattr(self.__cause__, "orig", self.__cause__), "sqlstate", None) == "42P01"
