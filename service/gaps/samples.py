"""The shipped sample needs as the gap analysis takes them: each once, with its translations beside it."""

from __future__ import annotations

from matcher.records import Need
from matcher.shipped import shipped_needs, shipped_needs_in_all_languages
from service.gaps.reading import NeedsRead, PutNeed


def sample_needs(region: str | None = None) -> tuple[NeedsRead, dict[str, list[Need]]]:
    """The needs as their companies wrote them, and key → the need in all languages.

    Args:
        region: only needs of that one.
    """
    chosen = [need for need in shipped_needs() if region in (None, need.region)]
    in_all: dict[str, list[Need]] = {need.need_id: [] for need in chosen}
    for (need_id, _), need in shipped_needs_in_all_languages().items():
        if need_id in in_all:
            in_all[need_id].append(need)
    return NeedsRead(tuple(PutNeed(need.need_id, need) for need in chosen)), in_all
