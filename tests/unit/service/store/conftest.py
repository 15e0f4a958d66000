"""Shared stores in a real PostgreSQL with pgvector."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from psycopg import sql
from sqlalchemy import make_url

from service.store.shared_store import SharedStore
from tests.postgres import Postgres

Run = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def store_url(postgres: Postgres) -> Iterator[str]:
    """Address of an empty database."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def store(store_url: str) -> Iterator[SharedStore]:
    opened = SharedStore(store_url)
    yield opened
    opened.close()


@pytest.fixture
def run(postgres: Postgres, store_url: str) -> Run:
    """Somebody at the store's database; statements are plain text, with `{}` for names of its own."""
    name = str(make_url(store_url).database)

    def run_one(statement: str, *values: object) -> list[tuple[object, ...]]:
        return postgres.execute(sql.SQL(statement), values, database=name)  # type: ignore[arg-type]

    return run_one
