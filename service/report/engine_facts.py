"""Everything that decides an evaluation's figures, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def engine_facts(engine: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """The engine's names and numbers, those within others behind the others' names."""
    found: dict[str, str] = {}
    for name, value in engine.items():
        label = f"{before}{name}".replace("_", " ")
        found |= engine_facts(value, f"{label}: ") if isinstance(value, dict) else {label: str(value)}
    return found
