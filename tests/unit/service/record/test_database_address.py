"""Addresses of databases: what they open, what stays secret of them, and what is refused."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from matcher.errors import LogUnavailable
from service.record.database import Database, without_password
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry

SHOWN = {
    "postgresql://crossmatch:secret@db.example.org:5433/record": "postgresql://crossmatch:***@db.example.org:5433/record",
    "postgresql+psycopg://crossmatch:secret@/record?host=a,b": "postgresql+psycopg://crossmatch:***@/record?host=a%2Cb",
    "postgresql://crossmatch@db/record?password=secret&sslmode=require": "postgresql://crossmatch@db/record?sslmode=require",
    "postgresql://db/record?sslpassword=secret": "postgresql://db/record",
    "postgresql://crossmatch:secret@db:port/record": "postgresql://crossmatch:***@db:port/record",
    "postgre sql://crossmatch:se:c/r@et@db/record": "postgre sql://crossmatch:***@db/record",
    "sqlite:////srv/record.sqlite3": "sqlite:////srv/record.sqlite3",
    "match log": "match log",
}


@pytest.mark.parametrize("url", SHOWN)
def test_a_password_is_never_shown(url: str) -> None:
    assert without_password(url) == SHOWN[url]


@pytest.mark.parametrize(
    "url",
    [
        "match log",
        "",
        "nosuchdatabase://crossmatch:secret@host/name",
        "mysql://crossmatch:secret@host/name",
        "postgresql://crossmatch:secret@host:port/name",
        "postgresql+nosuchdriver://crossmatch:secret@host/name",
    ],
)
def test_an_address_that_is_none_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(LogUnavailable, match=r"must be the address of a database\. Got .* For instance sqlite:////") as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'deep' / 'down' / 'log.sqlite3'}")) as database:
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE kept (number int)"))
        assert (tmp_path / "deep" / "down" / "log.sqlite3").exists()


def test_an_address_of_postgresql_needs_no_driver_in_it(postgresql_url: str) -> None:
    plain = postgresql_url.replace("postgresql+psycopg://", "postgresql://")
    with closing(Database(plain)) as database, database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM entries")).scalar() == 0


def test_what_the_address_of_postgresql_asks_for_is_kept_beside_what_is_needed(postgresql_url: str) -> None:
    asked = make_url(postgresql_url).update_query_dict({"options": "-c work_mem=7MB", "connect_timeout": "3"})
    with closing(Database(asked.render_as_string(hide_password=False))) as database, database.reading() as connection:
        assert connection.execute(text("SHOW work_mem")).scalar() == "7MB"
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "10s"
        told = connection.connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
        assert (told["connect_timeout"], told["keepalives_idle"], told["tcp_user_timeout"]) == ("3", "10", "20000")


def test_a_record_of_sqlite_keeps_pages_of_the_size_that_words_are_kept_apart_for(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        assert connection.execute(text("PRAGMA page_size")).scalar() == 4096
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1


def test_a_new_record_is_readable_for_its_owner_only(tmp_path: Path) -> None:
    log = SqlMatchLog(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    log.record(entry("one", ("aqua", "NL")), COMPONENTS)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("new.sqlite3*")}
    log.close()
    assert len(modes) > 1
    assert set(modes.values()) == {0o600}
