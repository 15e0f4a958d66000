"""What can be asked of the programme's part of the record, as SQL. Each function reads within a transaction that is open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from embeddings.errors import shown
from matcher.errors import NotFound
from matcher.programme.application import ApplicationHistory, ApplicationStep
from matcher.programme.book import Adopted
from matcher.programme.ledger import Place
from service.record.programme_rows import adopted_of, application_of, step_of_application
from service.record.queries import LARGEST_ID
from service.record.tables import application_steps, applications, programmes


def in_order() -> Select[Any]:
    """Rules in the order in which they were adopted."""
    return select(programmes).order_by(programmes.c.adopted_at, programmes.c.version)


def newest_rules(connection: Connection) -> Row[Any] | None:
    """The row of the rules that are in force; `None` where there never were any."""
    newest = select(programmes).order_by(programmes.c.adopted_at.desc(), programmes.c.version.desc()).limit(1)
    return connection.execute(newest).one_or_none()


def rules_of(connection: Connection, version: str) -> Row[Any] | None:
    """The row of that version."""
    return connection.execute(select(programmes).where(programmes.c.version == version)).one_or_none()


def rules_in_force(connection: Connection) -> Adopted:
    """The rules adopted last.

    Raises:
        NotFound: none were ever.
    """
    newest = newest_rules(connection)
    if newest is None:
        raise NotFound("programme", "be adopted", "none", "crossmatch programme adopt FILE puts rules in force.")
    return adopted_of(newest)


def sums_by_place(connection: Connection, place: Place | None = None) -> dict[Place, tuple[int, int]]:
    """Cents reserved and paid by region and call."""
    reserved, paid = func.sum(application_steps.c.reserved), func.sum(application_steps.c.paid)
    columns = (applications.c.region, applications.c.call)
    chosen = select(*columns, reserved, paid).join_from(application_steps, applications).group_by(*columns)
    if place is not None:
        chosen = chosen.where(applications.c.region == place[0], applications.c.call == place[1])
    return {(region, call): (int(one), int(other)) for region, call, one, other in connection.execute(chosen)}


def history_of_application(connection: Connection, application_id: int, region: str | None) -> ApplicationHistory:
    """An application with its steps.

    Raises:
        NotFound: there is none of that number, or none in the region.
    """
    found: list[ApplicationHistory] = []
    if 0 < application_id <= LARGEST_ID:
        found = histories_of(connection, select(applications).where(applications.c.application_id == application_id))
    if not found or region not in (None, found[0].application.region_id):
        remedy = "crossmatch programme applications lists them."
        raise NotFound("application", "be on record", shown(application_id), remedy)
    return found[0]


def histories_of(connection: Connection, chosen: Select[Any]) -> list[ApplicationHistory]:
    """Those rows of `applications` with their steps."""
    rows = connection.execute(chosen).all()
    numbers = [row.application_id for row in rows]
    asked = select(application_steps).where(application_steps.c.application.in_(numbers)).order_by(application_steps.c.seq)
    steps: dict[int, list[ApplicationStep]] = {}
    for row in connection.execute(asked):
        steps.setdefault(row.application, []).append(step_of_application(row))
    return [ApplicationHistory(application=application_of(row), steps=tuple(steps.get(row.application_id, ()))) for row in rows]


def step_at(connection: Connection, seq: int) -> ApplicationStep:
    """The step of that number, which there is."""
    return step_of_application(connection.execute(select(application_steps).where(application_steps.c.seq == seq)).one())


def no_match(match_id: int) -> NotFound:
    """There is no such match, or none that the caller may see."""
    return NotFound("match", "be in the match log", shown(match_id), "crossmatch log export shows each match_id.")
