"""The HTTP interface, put together. Thin: a route is one call into the matcher or the log, or both through the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata

from anyio import to_thread
from fastapi import FastAPI

from service.access.keyring import Keyring
from service.access.layers import add_access
from service.access.limits import RateLimits
from service.access.local_link import LocalLink
from service.access.rules import RULES
from service.access.sessions import Sessions
from service.api import (
    batches,
    directory,
    directory_upkeep,
    health,
    links,
    matching,
    notes,
    programme,
    programme_report,
    record,
    workshops,
)
from service.api.documents import describe
from service.api.problems import add_problem_handlers
from service.console.compressed import CompressedPages
from service.console.evaluations import PLACE as EVALUATIONS
from service.console.judging import PLACE as JUDGING
from service.console.routes import PAGES
from service.console.workshops import PLACE as WORKSHOPS
from service.desk import Desk
from service.evaluations.kept import KeptEvaluations
from service.judging.kept import KeptSheets
from service.operation.metrics import Metrics
from service.operation.request_log import RequestLog
from service.record.last_verification import LastVerification
from service.settings import Settings
from service.workshop.kept import KeptWorkshops
from service.workshop.turn import PlanningTurn

_ASKED_ALL_DAY = ("/healthz", "/readyz", "/metrics")


def create_app(
    desk: Desk,
    keyring: Keyring,
    settings: Settings | None = None,
    *,
    link: LocalLink | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The application over a desk.

    Args:
        desk: answers the needs.
        keyring: who may call.
        settings: limits; the usual ones if left out.
        link: lets the local user in where the service answers on this machine only.
        metrics: what desk and record tell too, where somebody counts; new ones if left out.
    """
    settings = settings or Settings()
    metrics = metrics or Metrics()
    metrics.index_in_use(desk.matcher)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # As many threads as requests in progress: a read does not wait behind needs that are being encoded.
        to_thread.current_default_thread_limiter().total_tokens = settings.requests_at_once + 1
        yield
        await to_thread.run_sync(kept.close)

    app = FastAPI(
        lifespan=lifespan,
        title="Crossmatch",
        version=metadata.version("crossmatch"),
        description="Finds, for a small company's need, the right provider in another country, says why, and keeps the record.",
        # Behind a proxy that ends TLS the redirect would lead to http://, and take the caller's key there.
        redirect_slashes=False,
    )
    app.state.desk, app.state.metrics = desk, metrics
    app.state.planning_turn = turn = PlanningTurn()
    app.state.workshops = kept = KeptWorkshops(settings.home / "workshops", turn)
    app.state.sheets = KeptSheets(settings.home / "judging")
    app.state.evaluations = KeptEvaluations(settings.home / "evaluations")
    app.state.verification = LastVerification()
    sessions, rates = Sessions(), RateLimits(per_key=settings.requests_per_minute)
    app.state.keyring, app.state.sessions, app.state.rates = keyring, sessions, rates
    add_problem_handlers(app)
    for routes in (
        matching,
        batches,
        workshops,
        record,
        programme,
        programme_report,
        directory,
        directory_upkeep,
        links,
        notes,
        health,
    ):
        app.include_router(routes.router)
    for pages in PAGES:
        app.include_router(pages)
    describe(app, frozenset(route for route, rule in RULES.items() if rule.public))
    app.add_middleware(CompressedPages)
    add_access(
        app,
        keyring,
        link=link,
        hosts=settings.hosts,
        rates=rates,
        at_once=settings.requests_at_once,
        largest_body=settings.largest_body,
        sessions=sessions,
        larger_bodies=dict.fromkeys((*workshops.PATHS, WORKSHOPS, JUDGING, EVALUATIONS), settings.largest_event),
    )
    # Last, and so around all others: it tells also of what they refuse.
    app.add_middleware(RequestLog, observer=metrics, quiet=_ASKED_ALL_DAY)
    return app
