"""The HTTP interface. Thin: each route is one call into the matcher or one into the log, or both through the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Query, Request, Response
from pydantic import Field

from matcher.log import LoggedList, LoggedMatch, MatchQuery
from matcher.records import Category, Country, Evidence, Line, MatchRequest, Provider, Record
from matcher.shipped import shipped_needs
from service.body_limit import BodyLimit
from service.desk import Desk
from service.problems import add_problem_handlers


class MatchListRequest(MatchRequest):
    """A need, the terms of matching, and who asks."""

    asked_by: Annotated[Line, Field(max_length=200)] = "api"


class ProviderInFull(Record):
    """A provider with all its evidence."""

    provider: Provider
    evidence: tuple[Evidence, ...]


class ProviderPage(Record):
    """Providers in order of id. `next` asks for the page after; it is absent on the last."""

    providers: tuple[Provider, ...]
    next: str | None


class MatchPage(Record):
    """Matches in order of recording. `next` asks for the page after; it is absent on the last."""

    matches: tuple[LoggedMatch, ...]
    next: int | None


class Problem(Record):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    place: str = ""
    required: str = ""
    found: str = ""
    remedy: str = ""
    problems: tuple[dict[str, str], ...] = ()
    """All that is wrong, where more than one thing was looked at: each with place, required, found and remedy."""


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "See `detail`", "content": content} for status in statuses}


def _examples() -> dict[str, Any]:
    """Real sample needs, one a language."""
    first = {need.language: need for need in reversed(shipped_needs())}
    return {
        f"{language}: {need.title}": {"value": {"need": need.model_dump(mode="json", exclude_defaults=True), "k": 5}}
        for language, need in sorted(first.items())
        if language
    }


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


def create_app(open_desk: Callable[[], Desk], *, largest_body: int = 200_000) -> FastAPI:
    """The application. `open_desk` is called once, when the server starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.desk = open_desk()
        yield

    app = FastAPI(
        title="Crossmatch",
        version=metadata.version("crossmatch"),
        description="Finds, for a small company's need, the right provider in another country, says why, and keeps the record.",
        lifespan=lifespan,
    )
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, largest=largest_body)
    _add_match_routes(app)
    _add_provider_routes(app)
    _add_health_routes(app)
    _describe(app)
    return app


def _add_match_routes(app: FastAPI) -> None:
    @app.post("/v1/match-lists", status_code=201, tags=["matching"], responses=_problems(400, 413, 422, 507))
    def create_match_list(
        asked: Annotated[MatchListRequest, Body(openapi_examples=_examples())], desk: AtDesk, request: Request
    ) -> Response:
        """Match a need. The list is on record before the answer leaves."""
        terms = MatchRequest.model_validate({name: getattr(asked, name) for name in MatchRequest.model_fields})
        entry = desk.answer(terms, asked_by=asked.asked_by, request_id=request.state.request_id)
        headers = {"Location": f"/v1/match-lists/{entry.list_id}"}
        return Response(entry.model_dump_json(), 201, headers, "application/json")

    @app.get("/v1/match-lists/{list_id}", tags=["record"], responses=_problems(404, 422, 507))
    def read_match_list(list_id: str, desk: AtDesk) -> LoggedList:
        """A match list exactly as it was given out."""
        return desk.log.get(list_id)

    @app.get("/v1/matches", tags=["record"], responses=_problems(422, 507))
    def read_matches(query: Annotated[MatchQuery, Query()], desk: AtDesk) -> MatchPage:
        """Matches on record, in order of recording."""
        # One more than asked for tells whether there is a page after this one.
        found = desk.log.matches(query.model_copy(update={"limit": query.limit + 1}))
        page = found[: query.limit]
        return MatchPage(matches=tuple(page), next=page[-1].match_id if len(found) > len(page) else None)


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


def _add_provider_routes(app: FastAPI) -> None:
    @app.get("/v1/providers", tags=["directory"], responses=_problems(422))
    def read_providers(query: Annotated[ProviderQuery, Query()], desk: AtDesk) -> ProviderPage:
        """The directory, in order of id."""
        fitting = [provider for provider in desk.matcher.index.directory.providers if query.fits(provider)]
        page = fitting[: query.limit]
        return ProviderPage(providers=tuple(page), next=page[-1].provider_id if len(fitting) > len(page) else None)

    @app.get("/v1/providers/{provider_id}", tags=["directory"], responses=_problems(404, 422))
    def read_provider(provider_id: str, desk: AtDesk) -> ProviderInFull:
        """One provider with all its evidence."""
        directory = desk.matcher.index.directory
        return ProviderInFull(provider=directory.provider(provider_id), evidence=directory.evidence_of(provider_id))


def _add_health_routes(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operation"])
    def health() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["operation"], responses=_problems(507))
    def readiness(desk: AtDesk) -> dict[str, Any]:
        """The index is open and the match log can be written."""
        desk.log.ready()
        return {"status": "ready", "engine": desk.matcher.fingerprint, "providers": len(desk.matcher.index)}


def _describe(app: FastAPI) -> None:
    """The routes' own problem schema and the 201 answer's shape, which FastAPI cannot see by itself."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schemas = schema["components"]["schemas"]
            schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            answer = {"application/json": {"schema": {"$ref": "#/components/schemas/LoggedList"}}}
            schema["paths"]["/v1/match-lists"]["post"]["responses"]["201"]["content"] = answer
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]
