"""A simulated history of the shipped programme, in a record of its own: made up, but made through the real calls.

What was published of the programme comes out exactly; every rule and every budget is checked as it would be for real.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from embeddings.errors import Refusal
from matcher.log import ListQuery
from matcher.shipped import shipped_directory, shipped_programme
from service.programme.simulation_course import Course
from service.programme.simulation_lists import ListMaker
from service.programme.simulation_pair import PairCourse
from service.programme.simulation_plan import PlannedCompany, Random, plan
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme

SEED = 2012
ENDED = datetime(2015, 12, 31, 12, tzinfo=UTC)
"""When everything of the simulated history has happened."""
_ASKED_IN_VAIN = 21
"""Companies that have a list, and are introduced to nobody."""


def simulate(log: SqlMatchLog, seed: int = SEED) -> None:
    """Fill an empty record with the history. The same seed gives the same history, but for keys of links and of words.

    Args:
        log: nobody else may write it meanwhile.
        seed: of everything that is drawn.

    Raises:
        Refusal: the record is not empty.
    """
    for found, is_there in (("match lists", log.lists(ListQuery(limit=1))), ("rules", SqlProgramme(log).versions())):
        if is_there:
            remedy = "Nothing that is made up comes into a record that is in use."
            raise Refusal("record for a simulated history", "be empty", found, remedy)
    programme, random = shipped_programme(), np.random.default_rng(seed)
    course, lists = Course(log, programme), ListMaker(shipped_directory().providers, random)
    companies = plan(programme, random)
    for company in companies:
        course.on(_asks_on(company, random), _asks(course, company, lists, random))
    for number in range(_ASKED_IN_VAIN):
        like = companies[int(random.integers(len(companies)))]
        company = PlannedCompany(len(companies) + 1 + number, like.region_id, like.country, like.kind, like.call)
        course.on(_asks_on(company, random), _asks(course, company, lists, random))
    course.run()


@contextmanager
def simulated_record(seed: int = SEED) -> Iterator[SqlMatchLog]:
    """The history in a temporary file, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="crossmatch-simulated-") as folder:
        log = SqlMatchLog(f"sqlite:///{Path(folder) / 'simulated.sqlite3'}")
        try:
            simulate(log, seed)
            yield log
        finally:
            log.close()


def _asks_on(company: PlannedCompany, random: Random) -> date:
    """Early enough to be introduced, to accept and to apply before the call closes."""
    opens, closes = company.call.opens.date(), company.call.closes.date()
    return opens + timedelta(days=int(random.integers(-40, (closes - opens).days - 57)))


def _asks(course: Course, company: PlannedCompany, lists: ListMaker, random: Random) -> Callable[[], None]:
    def ask() -> None:
        fits = bool(company.pairs) or random.random() < 0.6
        entry = lists.list_of(company, course.now) if fits else lists.empty(company, course.now)
        abroad = course.give_out(entry)
        for pair in company.pairs:
            PairCourse(course, company, pair, abroad[pair.place].match_id, random).begin()

    return ask
