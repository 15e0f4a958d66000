"""What a caller may not do."""

from __future__ import annotations

from embeddings.errors import Refusal


class Forbidden(Refusal):
    """The caller is known and may not do this."""
