"""The programme in the record's database: rules, applications, decisions and money, each an entry of the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from matcher.errors import RuleBroken
from matcher.lifecycle import MAY_FOLLOW, NewStep
from matcher.log import Once
from matcher.programme.application import (
    Application,
    ApplicationHistory,
    ApplicationStep,
    NewApplication,
    NewApplicationStep,
    check_day,
    check_may_follow,
    money_of,
)
from matcher.programme.book import Adopted, ApplicationQuery
from matcher.programme.decisions import check_decision, check_submission
from matcher.programme.eligibility import Finding
from matcher.programme.ledger import Account, check_left, ledger
from matcher.programme.rules import Programme
from matcher.programme.scoring import check_scores
from service.record import queries
from service.record.application_facts import Looked
from service.record.chain import ChainEnd, row_document
from service.record.idempotency import entry_under, remember
from service.record.programme_queries import (
    histories_of,
    history_of_application,
    in_order,
    newest_rules,
    rules_in_force,
    rules_of,
    step_at,
    sums_by_place,
)
from service.record.programme_rows import (
    adopted_of,
    application_row,
    programme_row,
    step_row,
)
from service.record.sql_log import SqlMatchLog
from service.record.tables import application_steps, applications, programmes

_ROWS_AT_ONCE = 500
Clock = Callable[[], datetime]


def now_in_utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


class SqlProgramme:
    """What `matcher.programme.book.ProgrammeBook` promises."""

    def __init__(self, log: SqlMatchLog, clock: Clock = now_in_utc) -> None:
        self._log = log
        self._clock = clock

    def adopt(self, programme: Programme, by: str, *, once: Once | None = None) -> Adopted:
        """From now on these rules are in force; see `matcher.programme.book.ProgrammeBook`."""

        def write(chain: ChainEnd) -> Adopted:
            if once is not None and entry_under(chain.connection, once) is not None:
                there = rules_of(chain.connection, programme.version)
                assert there is not None, "what a key stands for is on record"
                return adopted_of(there)
            newest = newest_rules(chain.connection)
            if newest is not None and newest.version == programme.version:
                return adopted_of(newest)
            if (before := rules_of(chain.connection, programme.version)) is not None:
                # A row cannot come twice, and which rules are in force is told by the order of rows.
                found = f"those adopted on {before.adopted_at:%Y-%m-%d}, which others have replaced since"
                remedy = "Change something in the file, for instance the name."
                raise RuleBroken("one version once", "rules", "be new ones, or those in force", found, remedy)
            for account in ledger(programme, sums_by_place(chain.connection)):
                check_left(account, 0)
            at = self._clock()
            row = programme_row(programme, by, at)
            number = chain.head.seq + 1
            chain.append("programme adopted", row_document(programmes, row), by=by, at=at)
            chain.connection.execute(insert(programmes), row)
            if once is not None:
                remember(chain.connection, once, number)
            return Adopted(programme=programme, adopted_at=at, adopted_by=by)

        return self._log.writer.write(write)

    def in_force(self) -> Adopted:
        """The rules adopted last; see `matcher.programme.book.ProgrammeBook`."""
        with self._log.database.reading() as connection:
            return rules_in_force(connection)

    def versions(self) -> list[Adopted]:
        """All rules that were ever in force, oldest first."""
        with self._log.database.reading() as connection:
            return [adopted_of(row) for row in connection.execute(in_order())]

    def check(self, new: NewApplication, *, region: str | None = None) -> tuple[Finding, ...]:
        """What each rule says; see `matcher.programme.book.ProgrammeBook`."""
        with self._log.database.reading() as connection:
            return Looked(connection, new, region, self._clock()).findings(new.requested)

    def submit(
        self, new: NewApplication, by: str, *, region: str | None = None, once: Once | None = None
    ) -> ApplicationHistory:
        """Put an application on record; see `matcher.programme.book.ProgrammeBook`."""

        def write(chain: ChainEnd) -> ApplicationHistory:
            connection = chain.connection
            if once is not None and (there := entry_under(connection, once)) is not None:
                return history_of_application(connection, there, region)
            at, number = self._clock(), chain.head.seq + 1
            looked = Looked(connection, new, region, at)
            findings = looked.findings(new.requested)
            check_submission(f"application for match {new.match_id}", findings)
            match = looked.match.match
            application = Application(
                **new.model_dump(),
                application_id=number,
                programme=looked.programme.version,
                company=match.company,
                company_key=looked.company_key,
                company_country=match.need_country,
                provider_id=match.match.provider_id,
                provider=match.match.name,
                provider_country=match.match.country,
                submitted_at=at,
                submitted_by=by,
                findings=findings,
            )
            row = application_row(application)
            chain.append("application", row_document(applications, row), by=by, at=at, match=new.match_id)
            connection.execute(insert(applications), row)
            if once is not None:
                remember(connection, once, number)
            return ApplicationHistory(application=application)

        return self._log.writer.write(write)

    def step(
        self,
        application_id: int,
        new: NewApplicationStep,
        by: str,
        *,
        region: str | None = None,
        once: Once | None = None,
    ) -> ApplicationStep:
        """Put on record what happened to an application; see `matcher.programme.book.ProgrammeBook`."""

        def write(chain: ChainEnd) -> ApplicationStep:
            connection = chain.connection
            if once is not None and (there := entry_under(connection, once)) is not None:
                return step_at(connection, there)
            history = history_of_application(connection, application_id, region)
            check_may_follow(history, new.kind)
            at, programme = self._clock(), rules_in_force(connection).programme
            check_day(history, new, at, ZoneInfo(programme.time_zone))
            # Only for a grant: what ends an application must be possible whatever became of its match and its region.
            looked = Looked(connection, history.application, None, at) if new.kind == "granted" else None
            findings: tuple[Finding, ...] = ()
            if new.kind == "assessed":
                check_scores(programme, new.scores or {})
            if looked is not None:
                findings = looked.findings(new.amount or 0, handed_in=history.application.submitted_at)
            if new.kind in ("granted", "rejected"):
                check_decision(programme, history, new, at, findings)
            reserved, paid = money_of(history, new)
            step = ApplicationStep(
                **new.model_dump(),
                application_id=application_id,
                step_id=chain.head.seq + 1,
                programme=programme.version,
                recorded_at=at,
                recorded_by=by,
                reserved=reserved,
                paid=paid,
                findings=findings,
            )
            if looked is not None:
                check_left(looked.account, reserved)
            row = step_row(step)
            of_match = history.application.match_id
            chain.append("application step", row_document(application_steps, row), by=by, at=at, match=of_match)
            connection.execute(insert(application_steps), row)
            if once is not None:
                remember(connection, once, step.step_id)
            if looked is not None:
                _tell_the_match(chain, looked, history.application, new, by)
            return step

        return self._log.writer.write(write)

    def application(self, application_id: int, *, region: str | None = None) -> ApplicationHistory:
        """An application with its steps; see `matcher.programme.book.ProgrammeBook`."""
        with self._log.database.reading() as connection:
            return history_of_application(connection, application_id, region)

    def applications(self, query: ApplicationQuery, *, region: str | None = None) -> Iterator[ApplicationHistory]:
        """Applications in order of recording; see `matcher.programme.book.ProgrammeBook`."""
        after = query.after
        while page := self._page(query, region, after):
            # How it stands is what its steps say, and in no column.
            yield from (one for one in page if query.state in (None, one.state))
            after = page[-1].application.application_id

    def ledger(self, *, region: str | None = None) -> list[Account]:
        """The budgets; see `matcher.programme.book.ProgrammeBook`."""
        with self._log.database.reading() as connection:
            accounts = ledger(rules_in_force(connection).programme, sums_by_place(connection))
        return [one for one in accounts if region in (None, one.region_id)]

    def _page(self, query: ApplicationQuery, region: str | None, after: int) -> list[ApplicationHistory]:
        wanted = {
            applications.c.call: query.call_id,
            applications.c.region: query.region_id,
            applications.c.match: query.match_id,
        }
        chosen = select(applications).where(applications.c.application_id > after).order_by(applications.c.application_id)
        for column, value in wanted.items():
            if value is not None:
                chosen = chosen.where(column == value)
        if region is not None:
            chosen = chosen.where(applications.c.region == region)
        with self._log.database.reading() as connection:
            return histories_of(connection, chosen.limit(_ROWS_AT_ONCE))


def _tell_the_match(chain: ChainEnd, looked: Looked, application: Application, new: NewApplicationStep, by: str) -> None:
    """The grant as a step of the match, where that is legal now: without the rule of acceptance it may not be."""
    if "incentive granted" not in MAY_FOLLOW[looked.match.state]:
        return
    incentive = looked.programme.incentive(application.incentive_id)
    name = application.incentive_id if incentive is None else incentive.name
    step = NewStep(match_id=application.match_id, kind="incentive granted", incentive=name, happened_on=new.happened_on)
    key = queries.key_of_list(chain.connection, looked.match.match.list_id)
    chain.append("step", step.model_dump(mode="json"), by=by, match_list=key, match=application.match_id)
