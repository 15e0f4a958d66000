"""The simulated history, made once and only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.programme.report_records import ProgrammeReport
from matcher.shipped import shipped_directory
from service.programme.report_page import report_page
from service.programme.report_places import Places, places_of
from service.programme.report_reading import read_report
from service.programme.simulation import ENDED, simulated_record
from service.record.sql_log import SqlMatchLog


@pytest.fixture(scope="session")
def simulated_log() -> Iterator[SqlMatchLog]:
    with simulated_record() as log:
        yield log


@pytest.fixture(scope="session")
def simulated_report(simulated_log: SqlMatchLog) -> ProgrammeReport:
    return read_report(simulated_log, ENDED)


@pytest.fixture(scope="session")
def places() -> Places:
    return places_of(shipped_directory().providers)


@pytest.fixture(scope="session")
def simulated_page(simulated_report: ProgrammeReport, places: Places) -> str:
    return report_page(simulated_report, places)
