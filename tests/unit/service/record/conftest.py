"""Records in both databases: what one does the other must do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.record.sql_log import SqlMatchLog
from tests.postgres import Postgres
from tests.unit.service.record.lent_database import LentDatabase
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import fill

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty record, to be copied: faster than to make one."""
    file = tmp_path_factory.mktemp("record") / "empty.sqlite3"
    SqlMatchLog(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def lent_database(postgres: Postgres) -> LentDatabase:
    return LentDatabase(postgres)


@pytest.fixture
def sqlite_url(empty_file: Path, tmp_path: Path) -> str:
    """Address of an empty record."""
    shutil.copyfile(empty_file, tmp_path / "record.sqlite3")
    return f"sqlite:///{tmp_path / 'record.sqlite3'}"


@pytest.fixture
def postgresql_url(lent_database: LentDatabase) -> Iterator[str]:
    """Address of an empty record."""
    yield lent_database.take()
    lent_database.give_back()


@pytest.fixture(params=DATABASES)
def any_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty record in the one database and in the other."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def blank_postgresql_url(postgres: Postgres) -> Iterator[str]:
    """Address of a database without tables."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=DATABASES)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without tables, in the one database and in the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'blank.sqlite3'}"
    return str(request.getfixturevalue("blank_postgresql_url"))


@pytest.fixture
def any_log(any_url: str) -> Iterator[SqlMatchLog]:
    opened = SqlMatchLog(any_url)
    yield opened
    opened.close()


@pytest.fixture
def postgresql_log(postgresql_url: str) -> Iterator[SqlMatchLog]:
    opened = SqlMatchLog(postgresql_url)
    yield opened
    opened.close()


@pytest.fixture
def outside(any_log: SqlMatchLog) -> Outside:
    """Somebody at the database of `any_log`."""
    return Outside(any_log.database.url)


@pytest.fixture(scope="module", params=DATABASES)
def filled_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    """A record with something of every kind in it, for tests that commit no change."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('whole') / 'log.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").new_database()
    log = SqlMatchLog(url)
    fill(log)
    yield log
    log.close()


@pytest.fixture
def changing(filled_once: SqlMatchLog) -> Iterator[Connection]:
    """A transaction of somebody beside Crossmatch whom nothing hinders; rolled back in the end."""
    with Outside(filled_once.database.url).unhindered() as connection:
        yield connection
        connection.rollback()
