"""Routes of the directory."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from matcher.records import Category, Country, Evidence, Line, Provider, Record
from service.api.at_desk import AtDesk
from service.api.documents import problems

router = APIRouter()


class ProviderInFull(Record):
    """A provider with all its evidence."""

    provider: Provider
    evidence: tuple[Evidence, ...]


class ProviderPage(Record):
    """Providers in order of id. `next` asks, as `after`, for the page after; it is absent on the last."""

    providers: tuple[Provider, ...]
    next: str | None


class ProviderQuery(Record):
    """Which providers; every condition that is given must hold."""

    category: Category | None = None
    country: Country | None = None
    region: Line | None = None
    name: Line | None = None
    """Part of the name, in any case."""
    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 50

    def fits(self, provider: Provider) -> bool:
        """Whether the provider meets every condition."""
        return (
            provider.provider_id > self.after
            and self.category in (None, provider.category)
            and self.country in (None, provider.country)
            and self.region in (None, provider.region)
            and (self.name is None or self.name.casefold() in provider.name.casefold())
        )


@router.get("/v1/providers", tags=["directory"], responses=problems(422))
def read_providers(query: Annotated[ProviderQuery, Query()], desk: AtDesk) -> ProviderPage:
    """The directory, in order of id."""
    fitting = [provider for provider in desk.matcher.index.directory.providers if query.fits(provider)]
    page = fitting[: query.limit]
    return ProviderPage(providers=tuple(page), next=page[-1].provider_id if len(fitting) > len(page) else None)


@router.get("/v1/providers/{provider_id}", tags=["directory"], responses=problems(404, 422))
def read_provider(provider_id: str, desk: AtDesk) -> ProviderInFull:
    """One provider with all its evidence."""
    directory = desk.matcher.index.directory
    return ProviderInFull(provider=directory.provider(provider_id), evidence=directory.evidence_of(provider_id))
