"""What many tests share. The real index is built once a run; its vectors are kept between runs by content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder, VectorStore
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from matcher.shipped import shipped_directory
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.fakes import FakeEncoder, small_directory
from tests.postgres import Postgres


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def small_index(fake_encoder: FakeEncoder) -> ProviderIndex:
    return ProviderIndex.build(small_directory(), fake_encoder)


@pytest.fixture
def small_matcher(small_index: ProviderIndex, fake_encoder: FakeEncoder) -> Matcher:
    return build_matcher(small_index, fake_encoder)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlMatchLog]:
    opened = SqlMatchLog(f"sqlite:///{tmp_path / 'log.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def small_desk(small_matcher: Matcher, log: SqlMatchLog) -> Desk:
    return Desk(small_matcher, log)


@pytest.fixture(scope="session")
def real_encoder(pytestconfig: pytest.Config) -> Iterator[CachedEncoder]:
    store = VectorStore(pytestconfig.cache.mkdir("vectors") / "passages.sqlite3")
    # The tests' queries are the shipped needs and invented ones: no secret, so they may be kept too.
    yield CachedEncoder(BundledE5(), queries=store, passages=store)
    store.close()


@pytest.fixture(scope="session")
def real_home(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `CROSSMATCH_HOME` with the shipped directory indexed by the bundled encoder."""
    home = tmp_path_factory.mktemp("home")
    ProviderIndex.build(shipped_directory(), real_encoder).save(home / "index")
    return home


@pytest.fixture(scope="session")
def real_matcher(real_encoder: CachedEncoder, real_home: Path) -> Matcher:
    return build_matcher(ProviderIndex.open(real_home / "index", real_encoder), real_encoder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests; each takes a database of its own with `new_database`."""
    with Postgres(durable=False) as server:
        yield server
