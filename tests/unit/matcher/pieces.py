"""Evidence with known subjects."""

from __future__ import annotations

from typing import Any

from matcher.records import Evidence


def piece(number: int, topics: str = "", provider_id: str = "p", **values: Any) -> Evidence:
    """A piece of evidence about a provider."""
    told = {"kind": "project", "title": "A project", **values}
    return Evidence(evidence_id=f"e{number}", provider_id=provider_id, topics=topics, **told)
