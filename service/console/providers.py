"""The directory: search with facets, and a provider with its evidence over the years."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from matcher.directory import Directory
from matcher.records import CATEGORIES, Evidence, Provider
from matcher.shipped import shipped_regions
from service.api.at_desk import AtDesk
from service.console.map import directory_map, provider_map
from service.console.page import START, page

router = APIRouter(include_in_schema=False)
_PAGE = 25


@dataclass(frozen=True)
class Search:
    """What is looked for; an empty condition asks nothing."""

    words: str
    category: str
    country: str
    region: str

    def fits(self, provider: Provider, directory: Directory) -> bool:
        """Whether it meets every condition; each word must be somewhere in what is known of it."""
        return (
            self.category in ("", provider.category)
            and self.country in ("", provider.country)
            and self.region in ("", provider.region)
            and self._is_said_of(provider, directory)
        )

    def _is_said_of(self, provider: Provider, directory: Directory) -> bool:
        words = self.words.casefold().split()
        if not words:
            return True
        of_evidence = (f"{one.title} {one.topics}" for one in directory.evidence_of(provider.provider_id))
        texts = " ".join([provider.name, provider.city, provider.summary, *of_evidence]).casefold()
        return all(word in texts for word in words)


@router.get(f"{START}/providers")
def providers(
    request: Request,
    desk: AtDesk,
    q: str = "",
    category: str = "",
    country: str = "",
    region: str = "",
    page_number: int = 1,
) -> Response:
    """Providers that meet all conditions, by name."""
    search, directory = Search(q[:200], category, country, region), desk.matcher.index.directory
    found = sorted((one for one in directory.providers if search.fits(one, directory)), key=lambda one: one.name.casefold())
    pages = max(1, -(-len(found) // _PAGE))
    number = min(max(1, page_number), pages)
    return page(
        request,
        "providers.html",
        search=search,
        found=len(found),
        providers=found[(number - 1) * _PAGE : number * _PAGE],
        number=number,
        pages=pages,
        categories=_counted(CATEGORIES, Counter(one.category for one in found)),
        countries=_counted(sorted({one.country for one in directory.providers}), Counter(one.country for one in found)),
        regions=[(one.region_id, one.name) for one in shipped_regions()],
        map=directory_map(directory, found),
    )


@router.get(f"{START}/providers/{{provider_id}}")
def one_provider(request: Request, provider_id: str, desk: AtDesk) -> Response:
    """A provider and its evidence, newest first."""
    directory = desk.matcher.index.directory
    provider = directory.provider(provider_id)
    evidence = sorted(directory.evidence_of(provider_id), key=lambda one: (-(one.year or 0), one.title))
    return page(
        request,
        "provider.html",
        provider=provider,
        evidence=evidence,
        years=_by_year(evidence),
        map=provider_map(directory, provider),
        region=next((one for one in shipped_regions() if one.region_id == provider.region), None),
    )


def _counted(values: tuple[str, ...] | list[str], counts: Counter[str]) -> list[tuple[str, int]]:
    return [(value, counts[value]) for value in values]


def _by_year(evidence: list[Evidence]) -> list[tuple[int, int]]:
    """Year and pieces of evidence, from the first year to the last without a gap."""
    counts = Counter(one.year for one in evidence if one.year is not None)
    return [(year, counts[year]) for year in range(min(counts), max(counts) + 1)] if counts else []
