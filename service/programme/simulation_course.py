"""The course of the simulated history: everything in order of time, each through the record's own calls."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from matcher.lifecycle import NewStep
from matcher.log import LoggedList, LoggedMatch, MatchQuery
from matcher.programme.application import NewApplication, NewApplicationStep
from matcher.programme.rules import Criterion, Programme
from matcher.surveys import SurveyAnswer, SurveyKind
from service.programme.simulation_lists import COMPONENTS
from service.programme.simulation_record import SetClock, SimulatedWriter
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme

OFFICE = "simulated programme office"
_BEGINNING = datetime(2012, 4, 2, 9, tzinfo=UTC)


class Course:
    """What is still to happen, and the record that it happens in."""

    def __init__(self, log: SqlMatchLog, programme: Programme) -> None:
        self._clock = SetClock(_BEGINNING)
        self._writer = SimulatedWriter(log.database, self._clock)
        # Nobody else writes this record; and only so its entries are of the years that they tell of.
        self._usual_writer, log.writer = log.writer, self._writer
        self._log, self._programme = log, programme
        self._book, self._links = SqlProgramme(log, self._clock), SqlLinks(log, self._clock)
        self._to_come: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._book.adopt(programme, OFFICE)

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self._clock.now

    @property
    def today(self) -> date:
        """The day it is."""
        return self._clock.now.date()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What assessors score."""
        return self._programme.scoring.criteria

    def on(self, day: date, action: Callable[[], None]) -> None:
        """Have it happen on that day, or on the Monday after where that is a weekend."""
        day += timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
        number = next(self._numbers)
        moment = datetime.combine(day, time(8 + number % 7, number * 7 % 60), UTC)
        heapq.heappush(self._to_come, (moment, number, action))

    def run(self) -> None:
        """Let it all happen; what happens may have more happen later. Then the record is as any other."""
        try:
            while self._to_come:
                self._clock.now, _, action = heapq.heappop(self._to_come)
                action()
            self._writer.flush()
        except BaseException:
            self._writer.give_up()
            raise
        finally:
            self._log.writer = self._usual_writer

    def give_out(self, entry: LoggedList) -> list[LoggedMatch]:
        """Put a list on record; its matches abroad."""
        self._log.record(entry, COMPONENTS)
        self._writer.flush()
        return self._log.matches(MatchQuery(list_id=entry.list_id, cross_border=True))

    def step(self, match_id: int, kind: str, by: str, **told: Any) -> None:
        """Record a step of a match that happens today."""
        values = {"match_id": match_id, "kind": kind, "happened_on": self.today, **told}
        self._log.record_step(NewStep.model_validate(values), by)

    def hand_in(self, new: NewApplication, by: str) -> int:
        """Hand an application in; its number."""
        return self._book.submit(new, by).application.application_id

    def decide(self, application_id: int, kind: str, by: str = OFFICE, **told: Any) -> None:
        """Record a step of an application that happens today."""
        values = {"kind": kind, "happened_on": self.today, **told}
        self._book.step(application_id, NewApplicationStep.model_validate(values), by)

    def ask(self, match_id: int, region_id: str, survey: SurveyKind, by: str) -> str:
        """Send a survey; the token that opens it."""
        return self._links.make(survey, str(match_id), region=region_id, by=by)[0]

    def answer(self, token: str, answer: SurveyAnswer) -> None:
        """Answer a survey."""
        self._links.answer(token, answer)
