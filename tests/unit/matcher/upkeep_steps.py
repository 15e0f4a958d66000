"""Steps of providers, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from matcher.upkeep import WITH_ENTRY, Entry, NewProviderStep, ProviderStep
from tests.fakes import evidence, provider

FIRST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def entry_of(provider_id: str = "nora", *facts: str, **more: Any) -> Entry:
    """An entry whose evidence has these ids, each its own title too."""
    values = {"country": "NL", "summary": "Lung models.", "region": "nl-oost", **more}
    made = provider(provider_id, values.pop("country"), values.pop("summary"), **values)
    return Entry(provider=made, evidence=tuple(evidence(one, provider_id, one) for one in facts))


def new_provider_step(kind: str, provider_id: str = "nora", **more: Any) -> NewProviderStep:
    """A step that tells what its kind must."""
    if kind in WITH_ENTRY:
        more.setdefault("entry", entry_of(provider_id, f"{provider_id}-1"))
    if kind in ("refused", "suspended"):
        more.setdefault("reason", "a complaint")
    return NewProviderStep.model_validate({"provider_id": provider_id, "kind": kind, **more})


def provider_steps_of(*kinds: str, provider_id: str = "nora") -> list[ProviderStep]:
    """Steps on record, one a day."""
    return [on_record(new_provider_step(kind, provider_id), number) for number, kind in enumerate(kinds, start=1)]


def on_record(new: NewProviderStep, number: int) -> ProviderStep:
    """A step as the record has it."""
    at = FIRST + timedelta(days=number)
    return ProviderStep(**new.model_dump(), step_id=number, region="nl-oost", recorded_at=at, recorded_by="a test")
