"""Searches read from a replica, which may be the only server left; what is built goes to the primary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from service.store.errors import StoreUnavailable
from service.store.shared_store import SharedStore
from tests.fakes import FakeEncoder, request
from tests.postgres import Postgres, until


@pytest.fixture
def primary() -> Iterator[Postgres]:
    with Postgres(durable=False) as server:
        yield server


@pytest.fixture
def replica(primary: Postgres) -> Iterator[Postgres]:
    with Postgres.standby_of(primary) as server:
        yield server


def test_an_index_is_opened_and_searched_at_the_replica_also_when_the_primary_is_gone(
    primary: Postgres, replica: Postgres, small_index: ProviderIndex, small_matcher: Matcher
) -> None:
    with closing(SharedStore(primary.url(), replica.url())) as store:
        store.write(small_index)
        until(lambda: store.named_build() != "", "the replica to follow")
        first = store.named_build()
        index = store.open(FakeEncoder())
        assert build_matcher(index, FakeEncoder()).match(request()) == small_matcher.match(request())
        store.write(small_index)
        until(lambda: store.named_build() != first, "the replica to follow")
        primary.kill()
        query = small_index.dense.vectors(np.array([4]))
        assert index.dense.search(query, 1)[0].ids.tolist() == [4]
        assert store.open(FakeEncoder()).passages == small_index.passages
        with pytest.raises(StoreUnavailable, match=r"must be writable\. Got "):
            store.write(small_index)


def test_nothing_is_built_where_only_the_replica_is_named(
    primary: Postgres, replica: Postgres, small_index: ProviderIndex
) -> None:
    with closing(SharedStore(replica.url())) as store:
        with pytest.raises(StoreUnavailable, match=r"must be writable\. Got a replica\. Build at the server"):
            store.write(small_index)
        assert store.named_build() == ""
