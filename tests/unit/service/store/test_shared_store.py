"""An index in a database is the index that was written, and none that was altered is ever opened."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import IndexDamaged, IndexMismatch, IndexMissing
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.records import Filters, MatchRequest
from matcher.retrieval import RetrievalConfig
from matcher.shipped import shipped_needs
from service.store.shared_store import SharedStore
from tests.fakes import FakeEncoder, provider, request, small_directory
from tests.unit.service.store.conftest import Run

SCHEMA = "crossmatch_index"


@pytest.fixture
def written(store: SharedStore, small_index: ProviderIndex) -> SharedStore:
    store.write(small_index)
    return store


def other_index() -> ProviderIndex:
    first, *others = small_directory().providers
    return ProviderIndex.build(Directory((first, *others), ()), FakeEncoder())


def tables(run: Run) -> set[str]:
    """Tables of vectors, without their partitions."""
    found = run("SELECT relname FROM pg_class WHERE relkind = 'p' AND relnamespace = to_regnamespace('crossmatch_index')")
    return {str(name) for (name,) in found}


def test_what_is_written_comes_back(written: SharedStore, small_index: ProviderIndex) -> None:
    opened = written.open(FakeEncoder())
    assert opened.directory == small_index.directory
    assert opened.directory.fingerprint == small_index.directory.fingerprint
    assert opened.passages == small_index.passages
    rows = np.arange(len(small_index.passages))
    np.testing.assert_array_equal(opened.dense.vectors(rows), small_index.dense.vectors(rows))
    assert opened.facts["dense"]["factory"] == "Flat"
    assert opened.facts["dense"]["why"].startswith("exact, in PostgreSQL: ")
    assert opened.facts["directory"] == small_index.facts["directory"]


def test_lists_are_those_of_the_index_in_a_folder(written: SharedStore, small_matcher: Matcher) -> None:
    matcher = build_matcher(written.open(FakeEncoder()), FakeEncoder())
    assert matcher.fingerprint == small_matcher.fingerprint
    for asked in (request(), request(filters=Filters(countries=("DE", "BE"))), request(policy={"mode": "require"})):
        assert matcher.match(asked) == small_matcher.match(asked)


def test_shipped_needs_are_matched_as_from_a_folder_to_the_last_digit(store: SharedStore, real_matcher: Matcher) -> None:
    store.write(real_matcher.index)
    encoder = real_matcher._encoder
    matcher = build_matcher(store.open(encoder), encoder)
    assert matcher.fingerprint == real_matcher.fingerprint
    for need in shipped_needs()[::4]:
        asked = MatchRequest(need=need, k=20)
        assert matcher.match(asked).model_dump_json() == real_matcher.match(asked).model_dump_json()


def test_lists_are_the_same_where_vectors_stay_in_the_database(
    store: SharedStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in a large directory, of which only the nearest passages are looked at."""
    monkeypatch.setattr("matcher.index._IN_MEMORY", 0)
    config = MatcherConfig(retrieval=RetrievalConfig(passages_per_need=5))
    index = ProviderIndex.build(small_directory(), FakeEncoder())
    index.save(tmp_path)
    store.write(index)
    here, there = (
        build_matcher(opened, FakeEncoder(), config)
        for opened in (ProviderIndex.open(tmp_path, FakeEncoder()), store.open(FakeEncoder()))
    )
    for asked in (
        request(),
        request(filters=Filters(countries=("DE", "FR"))),
        request(filters=Filters(categories=("finance",))),
    ):
        assert there.match(asked) == here.match(asked)


def test_the_directory_can_be_read_in_sql(written: SharedStore, run: Run) -> None:
    assert run(f"SELECT provider_id, country, region FROM {SCHEMA}.providers WHERE category = 'finance'") == [
        ("dion", "FR", "fr-lille")
    ]
    assert run(f"SELECT title, record->>'year' FROM {SCHEMA}.evidence WHERE evidence_id = 'c1'") == [
        ("Vaccine filling for pandemic preparedness", "2021")
    ]
    counted = f"SELECT country, count(*) FROM {SCHEMA}.passages_{written.named_build()[:12]} GROUP BY 1 ORDER BY 1"
    assert run(counted) == [("BE", 2), ("DE", 2), ("DK", 2), ("FR", 2), ("NL", 3)]


class TestBuilds:
    def test_a_store_without_a_build_has_no_name_and_is_refused(self, store: SharedStore) -> None:
        assert store.named_build() == ""
        with pytest.raises(IndexMissing, match=r"shared store .* must hold an index\. Got a database without one\. Build it: "):
            store.open(FakeEncoder())

    def test_a_new_build_takes_the_place_of_the_old_one_under_a_new_name(self, written: SharedStore) -> None:
        before = written.named_build()
        written.write(other_index())
        assert written.named_build() != before
        assert len(written.open(FakeEncoder()).passages) == 5

    def test_the_build_before_the_current_one_still_answers_and_older_ones_are_removed(
        self, written: SharedStore, run: Run
    ) -> None:
        first = written.open(FakeEncoder())
        query = first.dense.vectors(np.array([0]))
        written.write(other_index())
        assert first.dense.search(query, 1)[0].ids.tolist() == [0]
        assert len(tables(run)) == 2
        written.write(other_index())
        assert len(tables(run)) == 2
        assert run(f"SELECT count(*) FROM {SCHEMA}.builds") == [(2,)]
        assert run(f"SELECT count(DISTINCT build) FROM {SCHEMA}.files") == [(2,)]
        for call in (lambda: first.dense.search(query, 1), lambda: first.dense.vectors(np.array([1]))):
            with pytest.raises(IndexMissing, match=r"must be there\. Got one that was removed after two newer ones\."):
                call()

    def test_a_build_that_is_still_read_is_removed_by_a_later_one(self, written: SharedStore, run: Run) -> None:
        assert len(tables(run)) == 1
        with written.database.reading() as reading:
            reading.exec_driver_sql(f"SELECT count(*) FROM {SCHEMA}.passages_{written.named_build()[:12]}")
            written.write(other_index())
            written.write(other_index())
            assert len(tables(run)) == 3
        written.write(other_index())
        assert len(tables(run)) == 2

    def test_an_index_of_another_encoder_is_refused(self, written: SharedStore) -> None:
        wanted = r"must hold an index built with the encoder fake-2\. Got one built with fake-1\. Rebuild it"
        with pytest.raises(IndexMismatch, match=wanted):
            written.open(FakeEncoder("fake-2"))

    def test_a_country_that_is_no_part_of_a_name_is_refused_and_nothing_changes(self, written: SharedStore, run: Run) -> None:
        before = written.named_build()
        wrong = provider("x", "NL", "Something.").model_copy(update={"country": "N';"})
        index = ProviderIndex.build(Directory((wrong,), ()), FakeEncoder())
        with pytest.raises(ValueError, match=r"The country of a passage must be two capital letters\. Got \"N';\"\."):
            written.write(index)
        assert (written.named_build(), len(tables(run))) == (before, 1)


class TestDamage:
    @pytest.mark.parametrize(
        ("damage", "told"),
        [
            (
                "DELETE FROM {s}.files WHERE file = 'passages.json'",
                r"file passages\.json of build .* must have \d+ bytes\. Got 0",
            ),
            (
                "UPDATE {s}.files SET content = overlay(content placing 'x' from 20) WHERE file = 'providers.json'",
                r"file providers\.json of build .* must be unaltered \(SHA-256\)\. Got other content of the same length",
            ),
            ("DELETE FROM {s}.passages_{b} WHERE row = 3", r"must be 11 rows, numbered from 0\. Got 10 rows from 0 to 10"),
            ("UPDATE {s}.passages_{b} SET row = 77 WHERE row = 3", r"Got 11 rows from 0 to 77"),
            (
                "UPDATE {s}.passages_{b} SET embedding = (SELECT embedding FROM {s}.passages_{b} WHERE row = 0) WHERE row = 1",
                r"vectors of build .* must be unaltered \(SHA-256\)\. Got other vectors, countries, categories or regions",
            ),
            ("UPDATE {s}.passages_{b} SET region = 'elsewhere' WHERE row = 1", r"Got other vectors, countries"),
            ("UPDATE {s}.passages_{b} SET country = 'FR' WHERE row = 1", r"Got other vectors, countries"),
            ("DROP TABLE {s}.passages_{b}", r"vectors of build .* must be there\. Got no such table"),
            ("UPDATE {s}.builds SET manifest = '{{}}'", r"manifest of build .* must be readable\. Got \"'layout'\""),
            ("UPDATE {s}.builds SET manifest = 'x'", r"manifest of build .* must be readable\. Got "),
            (
                "UPDATE {s}.builds SET manifest = replace(manifest, '\"providers\": 5', '\"providers\": 6')",
                r"manifest of build .* must be unaltered \(SHA-256\)\. Got other content",
            ),
        ],
    )
    def test_what_was_altered_is_named_and_not_opened(self, written: SharedStore, run: Run, damage: str, told: str) -> None:
        run(damage.format(s=SCHEMA, b=written.named_build()[:12]))
        with pytest.raises(IndexDamaged, match=told):
            written.open(FakeEncoder())

    def test_a_build_of_another_layout_is_refused(self, written: SharedStore, run: Run) -> None:
        manifest = json.loads(str(run(f"SELECT manifest FROM {SCHEMA}.builds")[0][0]))
        run(f"UPDATE {SCHEMA}.builds SET manifest = %s", json.dumps(manifest | {"layout": 9}))
        with pytest.raises(IndexMismatch, match=r"must have layout 1\. Got layout 9\. Rebuild it"):
            written.open(FakeEncoder())

    def test_vectors_of_another_dimension_are_refused(self, written: SharedStore, run: Run) -> None:
        table = f"{SCHEMA}.passages_{written.named_build()[:12]}"
        run(f"ALTER TABLE {table} ALTER COLUMN embedding TYPE vector(2) USING '[1,0]'::vector(2)")
        with pytest.raises(IndexDamaged, match=r"vectors of build .* must have 64 numbers each\. Got 2\."):
            written.open(FakeEncoder())

    def test_rows_that_are_removed_under_an_open_index_are_missed(self, written: SharedStore, run: Run) -> None:
        dense = written.open(FakeEncoder()).dense
        query = dense.vectors(np.array([3]))
        run(f"DELETE FROM {SCHEMA}.passages_{written.named_build()[:12]} WHERE row = 3")
        with pytest.raises(IndexDamaged, match=r"must hold 2 rows that were asked for\. Got 1\. Rebuild it"):
            dense.vectors(np.array([3, 4]))
        with pytest.raises(IndexDamaged, match=r"must hold 11 rows that were asked for\. Got fewer\. Rebuild it"):
            dense.search(query, 11)

    def test_what_was_damaged_is_mended_by_building_again(
        self, written: SharedStore, small_index: ProviderIndex, run: Run
    ) -> None:
        run(f"DROP TABLE {SCHEMA}.passages_{written.named_build()[:12]}")
        written.write(small_index)
        assert len(written.open(FakeEncoder())) == 5
