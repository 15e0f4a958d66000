"""What a batch refuses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embeddings.errors import Refusal
from matcher.errors import FilesRefused, Problem


class NeedsRefused(FilesRefused):
    """A file of needs with one problem or more; nothing of it was matched."""

    def __init__(self, first: Sequence[Problem], count: int, file: Path) -> None:
        """Refuse it.

        Args:
            first: the first problems, at least one.
            count: of all of them.
            file: where all of them stand.
        """
        self.all_named_by = f": {file}"
        self.count = count
        self.file = file
        super().__init__(first)


class BatchRefused(Refusal):
    """A batch that cannot be begun, or gone on with, as asked."""
