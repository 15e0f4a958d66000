"""The directory: search with facets, and a provider with its evidence over the years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from matcher.directory import Directory
from matcher.directory_search import FACETS, Conditions, Facet, Found, search_of
from matcher.fields_of_work import FIELDS
from matcher.records import CATEGORIES, Evidence
from matcher.shipped import shipped_regions
from service.api.at_desk import AtDesk
from service.console.map import directory_map, provider_map
from service.console.page import START, page
from service.console.words import _

router = APIRouter(include_in_schema=False)
_PAGE = 25
_LONGEST = 200
"""Characters of a condition that are read."""
_LABELS: dict[Facet, str] = {"category": _("Category"), "field": _("Field"), "country": _("Country"), "region": _("Region")}


@dataclass(frozen=True)
class Value:
    """A value of a facet that can be chosen."""

    value: str
    text: str
    """What it is called; of a country its letters."""
    count: int
    """How many providers there are with it, all other conditions as they are."""
    is_chosen: bool


@dataclass(frozen=True)
class FacetShown:
    """A facet of the search."""

    name: Facet
    label: str
    count: int
    """How many there are whatever its value."""
    values: tuple[Value, ...]
    """Those that find somebody, and the one that is chosen."""
    without: str
    """Address of the same search without it."""

    @property
    def chosen(self) -> Value | None:
        """The value that is asked for."""
        return next((one for one in self.values if one.is_chosen), None)


@router.get(f"{START}/providers")
def providers(
    request: Request,
    desk: AtDesk,
    q: str = "",
    category: str = "",
    field: str = "",
    country: str = "",
    region: str = "",
    page_number: int = 1,
) -> Response:
    """Providers that meet all conditions, by name."""
    asked = Conditions(*(one.strip()[:_LONGEST] for one in (q, category, field, country, region)))
    index = desk.matcher.index
    search, directory = search_of(index), index.directory
    found = search.find(asked)
    pages = max(1, -(-len(found.providers) // _PAGE))
    number = min(max(1, page_number), pages)
    return page(
        request,
        "providers.html",
        asked=asked,
        found=len(found.providers),
        providers=found.providers[(number - 1) * _PAGE : number * _PAGE],
        fields=search.fields,
        number=number,
        pages=pages,
        before=_address(asked, number - 1),
        after=_address(asked, number + 1),
        without_words=_address(replace(asked, words="")),
        facets=_shown(asked, found, directory),
        map=directory_map(directory, found.providers),
    )


@router.get(f"{START}/providers/{{provider_id}}")
def one_provider(request: Request, provider_id: str, desk: AtDesk) -> Response:
    """A provider and its evidence, newest first."""
    index = desk.matcher.index
    directory = index.directory
    provider = directory.provider(provider_id)
    evidence = sorted(directory.evidence_of(provider_id), key=lambda one: (-(one.year or 0), one.title))
    return page(
        request,
        "provider.html",
        provider=provider,
        fields=[(one, _address(Conditions(field=one))) for one in search_of(index).fields(provider_id)],
        evidence=evidence,
        years=_by_year(evidence),
        map=provider_map(directory, provider),
        region=next((one for one in shipped_regions() if one.region_id == provider.region), None),
    )


def _shown(asked: Conditions, found: Found, directory: Directory) -> list[FacetShown]:
    regions = {one.region_id: one.name for one in shipped_regions()}
    in_order: dict[Facet, Iterable[str]] = {
        "category": CATEGORIES,
        "field": FIELDS,
        "country": sorted({one.country for one in directory.providers}),
        # A directory of one's own may have regions that are not the programme's.
        "region": [*regions, *sorted({one.region for one in directory.providers} - {"", *regions})],
    }
    shown = []
    for facet in FACETS:
        chosen, counts = asked.chosen(facet), found.counts[facet]
        # One that nobody has, as an address may ask for, has to be seen to be taken away.
        every = dict.fromkeys([*in_order[facet], *([chosen] if chosen else [])])
        values = tuple(
            Value(one, regions.get(one, one), counts[one], one == chosen) for one in every if counts[one] or one == chosen
        )
        without = _address(replace(asked, **{facet: ""}))
        shown.append(FacetShown(facet, _LABELS[facet], found.without[facet], values, without))
    return shown


def _address(asked: Conditions, number: int = 1) -> str:
    """Of a search, to be shared or kept: only what is asked for stands in it."""
    told = [
        ("q", asked.words),
        *((facet, asked.chosen(facet)) for facet in FACETS),
        ("page_number", number if number > 1 else ""),
    ]
    query = urlencode([(name, value) for name, value in told if value])
    return f"{START}/providers?{query}" if query else f"{START}/providers"


def _by_year(evidence: list[Evidence]) -> list[tuple[int, int]]:
    """Year and pieces of evidence, from the first year to the last without a gap."""
    counts = Counter(one.year for one in evidence if one.year is not None)
    return [(year, counts[year]) for year in range(min(counts), max(counts) + 1)] if counts else []
