from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder, RecentQueries, VectorStore, content_key
from embeddings.errors import TextRefused
from tests.fakes import FakeEncoder

TEXTS = ["lung models", "vaccine plant", "seed investor"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "not" / "yet" / "there" / "passages.sqlite3"


@pytest.fixture
def store(file: Path) -> Iterator[VectorStore]:
    opened = VectorStore(file)
    yield opened
    opened.close()


@pytest.mark.parametrize("encode", ["encode_queries", "encode_passages"])
class TestBothRoles:
    @pytest.fixture
    def within(self) -> FakeEncoder:
        return FakeEncoder()

    @pytest.fixture
    def cached(self, within: FakeEncoder, store: VectorStore) -> CachedEncoder:
        return CachedEncoder(within, passages=store)

    def test_vectors_are_those_of_the_encoder_within(self, cached: CachedEncoder, encode: str) -> None:
        for _ in range(2):
            np.testing.assert_array_equal(getattr(cached, encode)(TEXTS), getattr(FakeEncoder(), encode)(TEXTS))

    def test_a_second_time_costs_no_encoding(self, cached: CachedEncoder, within: FakeEncoder, encode: str) -> None:
        getattr(cached, encode)(TEXTS)
        getattr(cached, encode)(TEXTS[::-1])
        assert (within.calls, cached.encoded) == ([TEXTS], 3)

    def test_only_what_is_new_is_encoded(self, cached: CachedEncoder, within: FakeEncoder, encode: str) -> None:
        getattr(cached, encode)(TEXTS[:1])
        getattr(cached, encode)(TEXTS)
        assert within.calls == [TEXTS[:1], TEXTS[1:]]

    def test_duplicates_are_encoded_once_and_rows_keep_their_order(
        self, cached: CachedEncoder, within: FakeEncoder, encode: str
    ) -> None:
        asked = [TEXTS[i] for i in (2, 0, 2, 1, 0)]
        np.testing.assert_array_equal(getattr(cached, encode)(asked), FakeEncoder().encode_queries(asked))
        assert within.calls == [[TEXTS[2], TEXTS[0], TEXTS[1]]]

    def test_new_and_known_texts_mixed_keep_their_order(self, cached: CachedEncoder, encode: str) -> None:
        getattr(cached, encode)([TEXTS[1]])
        np.testing.assert_array_equal(getattr(cached, encode)(TEXTS), FakeEncoder().encode_queries(TEXTS))

    def test_no_text_gives_no_row(self, cached: CachedEncoder, within: FakeEncoder, encode: str) -> None:
        assert getattr(cached, encode)([]).shape == (0, within.dim)
        assert within.calls == []

    def test_a_changed_answer_does_not_change_what_is_remembered(self, cached: CachedEncoder, encode: str) -> None:
        for _ in range(2):
            getattr(cached, encode)(TEXTS)[:] = 7
        np.testing.assert_array_equal(getattr(cached, encode)(TEXTS), FakeEncoder().encode_queries(TEXTS))

    def test_half_a_character_is_refused_as_the_encoder_within_would(self, store: VectorStore, encode: str) -> None:
        with pytest.raises(TextRefused, match=r"half a character \(U\+D800\) at character 3"):
            getattr(CachedEncoder(BundledE5(), passages=store), encode)(["ab\ud800"])

    def test_a_refused_call_leaves_nothing_behind(self, store: VectorStore, encode: str) -> None:
        cached = CachedEncoder(BundledE5(), passages=store)
        with pytest.raises(TextRefused, match="a NUL character at character 3"):
            getattr(cached, encode)(["lung", "ab\0"])
        assert cached.encoded == 0


def test_passages_without_a_store_are_encoded_each_time() -> None:
    cached = CachedEncoder(FakeEncoder())
    for _ in range(2):
        cached.encode_passages(TEXTS)
    assert cached.encoded == 6


def test_a_query_is_not_taken_for_a_passage_of_the_same_words(store: VectorStore) -> None:
    cached = CachedEncoder(BundledE5(), passages=store)
    assert not np.allclose(cached.encode_queries(["lung"]), cached.encode_passages(["lung"]), atol=0.01)
    assert cached.encoded == 2


class TestVectorStore:
    def test_passages_persist_across_openings(self, file: Path) -> None:
        for encoded in (3, 0):
            store = VectorStore(file)
            cached = CachedEncoder(FakeEncoder(), passages=store)
            np.testing.assert_array_equal(cached.encode_passages(TEXTS), FakeEncoder().encode_passages(TEXTS))
            assert cached.encoded == encoded
            store.close()

    def test_another_encoder_finds_nothing_of_the_first(self, store: VectorStore) -> None:
        for name in ("one", "two"):
            cached = CachedEncoder(FakeEncoder(name), passages=store)
            cached.encode_passages(TEXTS)
            assert cached.encoded == 3

    def test_queries_are_confidential_and_leave_no_trace_on_disk(self, file: Path) -> None:
        store = VectorStore(file)
        CachedEncoder(FakeEncoder(), passages=store).encode_queries(["a secret need"])
        assert store.get(content_key("fake-1", "query", "a secret need")) is None
        again = CachedEncoder(FakeEncoder(), passages=store)
        again.encode_queries(["a secret need"])
        assert again.encoded == 1
        store.close()
        assert all(b"secret" not in path.read_bytes() for path in file.parent.iterdir())

    def test_what_is_put_comes_back_bit_for_bit(self, store: VectorStore) -> None:
        vector = np.random.default_rng(0).standard_normal(384).astype(np.float32)
        store.put([(b"key", vector), (b"other", -vector)])
        found = store.get(b"key")
        assert found is not None
        assert (found.dtype, found.tobytes()) == (np.float32, vector.tobytes())
        assert store.get(b"unknown") is None

    def test_a_later_vector_takes_the_place_of_the_earlier(self, store: VectorStore) -> None:
        for value in (1, 2):
            store.put([(b"key", np.full(3, value, dtype=np.float32))])
        found = store.get(b"key")
        assert found is not None
        assert found.tolist() == [2, 2, 2]

    def test_two_openings_of_one_file_see_each_others_vectors(self, store: VectorStore, file: Path) -> None:
        other = VectorStore(file)
        store.put([(b"key", np.ones(3, dtype=np.float32))])
        assert other.get(b"key") is not None
        other.close()


class TestRecentQueries:
    def test_the_one_not_used_for_longest_is_forgotten(self) -> None:
        cached = CachedEncoder(FakeEncoder(), queries=2)
        for text in ("a1", "b2", "a1", "c3"):
            cached.encode_queries([text])
        assert cached.encoded == 3
        cached.encode_queries(["a1"])
        assert cached.encoded == 3
        cached.encode_queries(["b2"])
        assert cached.encoded == 4

    def test_it_never_holds_more_than_its_size(self) -> None:
        recent = RecentQueries(2)
        recent.put([(bytes([i]), np.ones(1, dtype=np.float32)) for i in range(5)])
        assert [recent.get(bytes([i])) is not None for i in range(5)] == [False, False, False, True, True]

    @pytest.mark.parametrize("size", [0, 1, 2])
    def test_more_texts_in_a_call_than_it_holds_are_still_all_answered(self, size: int) -> None:
        cached = CachedEncoder(FakeEncoder(), queries=size)
        for _ in range(2):
            np.testing.assert_array_equal(cached.encode_queries(TEXTS), FakeEncoder().encode_queries(TEXTS))


class TestContentKey:
    def test_it_differs_by_encoder_role_and_text(self) -> None:
        keys = {content_key(*parts) for parts in product(["one", "two"], ["query", "passage"], ["lung", "heart", ""])}
        assert len(keys) == 12

    def test_it_is_the_same_in_every_process(self) -> None:
        assert content_key("one", "query", "lüng").hex().startswith("08e7e4d6ef1b")
