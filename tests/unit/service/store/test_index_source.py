"""With an address in the settings, everything is built in and opened from the database, and no folder is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from embeddings.cache import CachedEncoder
from embeddings.errors import IndexMissing
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from matcher.shipped import shipped_needs
from service.batch.workers import EncodedElsewhere
from service.desk import Desk, build_index, open_log, open_matcher
from service.operation.reload import Reloading
from service.record.sql_log import SqlMatchLog
from service.settings import Settings
from service.store.source import index_source
from tests.fakes import FakeEncoder, request
from tests.postgres import Postgres
from tests.unit.service.api import NEED, client_of
from tests.unit.service.store.conftest import Run


def test_without_an_address_the_index_is_in_the_home_folder(tmp_path: Path, small_index: ProviderIndex) -> None:
    source = index_source(Settings(home=tmp_path))
    assert (source.place, source.named_build(), source.building) == (str(tmp_path / "index"), "", None)
    assert source.put(small_index) == small_index.facts
    assert source.named_build() != ""
    assert len(source.open(FakeEncoder())) == 5


def test_a_store_that_is_gone_has_no_name_for_who_looks_for_a_new_build(tmp_path: Path) -> None:
    source = index_source(Settings(home=tmp_path, store_url="postgresql://nobody@127.0.0.1:1/gone"))
    with pytest.raises(OSError, match=r"The shared store .* must be readable"):
        source.named_build()


def test_an_index_built_with_the_address_is_opened_where_there_is_no_folder(
    tmp_path: Path, store_url: str, real_home: Path, real_matcher: Matcher, pytestconfig: pytest.Config
) -> None:
    vectors = pytestconfig.cache.mkdir("vectors") / "passages.sqlite3"
    settings = Settings(home=tmp_path, store_url=store_url, log_url=store_url)
    settings.vector_cache.write_bytes(vectors.read_bytes())
    built = build_index(settings)
    assert built.place.startswith("shared store postgresql")
    assert built.facts["dense"]["why"].startswith("exact, in PostgreSQL")
    assert not settings.index_folder.exists()
    matcher = open_matcher(settings)
    assert matcher.fingerprint == real_matcher.fingerprint
    with closing(open_log(settings)) as log:
        entry = Desk(matcher, log).answer(request(need=shipped_needs()[0]), asked_by="an advisor")
        assert log.get(entry.list_id).answer == real_matcher.match(request(need=shipped_needs()[0]))


def test_a_process_of_a_batch_opens_it_without_the_encoder(store_url: str, small_index: ProviderIndex, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, store_url=store_url)
    index_source(settings).put(small_index)
    stand_in = EncodedElsewhere(FakeEncoder.dim, FakeEncoder().fingerprint)
    matcher = open_matcher(settings, CachedEncoder(stand_in))
    assert matcher.fingerprint == build_matcher(small_index, FakeEncoder()).fingerprint


def test_a_new_build_is_taken_into_use_while_the_service_answers(
    store_url: str, small_index: ProviderIndex, tmp_path: Path, run: Run
) -> None:
    source = index_source(Settings(home=tmp_path, store_url=store_url))
    source.put(small_index)
    taken: list[Matcher] = []
    reloading = Reloading(
        lambda: build_matcher(source.open(FakeEncoder()), FakeEncoder()),
        taken.append,
        source.named_build,
        in_use=source.named_build(),
    )
    assert not reloading.check()
    source.put(small_index)
    assert reloading.check()
    assert not reloading.check()
    run("DELETE FROM crossmatch_index.files WHERE file = 'passages.json'")
    source.put(small_index)
    run("DELETE FROM crossmatch_index.files WHERE file = 'passages.json'")
    assert not reloading.check()
    assert len(taken) == 1


def test_a_store_that_is_lost_while_the_service_answers_is_a_problem_without_its_address(
    postgres: Postgres, log: SqlMatchLog, small_index: ProviderIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database()
    source = index_source(Settings(home=tmp_path, store_url=url))
    source.put(small_index)
    # As in a large directory, whose vectors stay in the database.
    monkeypatch.setattr("matcher.index._IN_MEMORY", 0)
    desk = Desk(build_matcher(source.open(FakeEncoder()), FakeEncoder()), log)
    with client_of(desk) as client:
        answered = client.post("/v1/match-lists", json={"need": NEED})
        postgres.drop_database(url)
        refused = client.post("/v1/match-lists", json={"need": NEED})
    assert answered.status_code == 201
    assert refused.status_code == 503
    assert refused.json()["title"] == "The shared store does not answer"
    assert str(postgres.folder.name) not in refused.text


class TestCommand:
    def run(self, home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from service.cli.main import main; main()", *arguments]
        named = {f"CROSSMATCH_{name.upper()}": value for name, value in settings.items()}
        env = os.environ | {"CROSSMATCH_HOME": str(home)} | named
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)

    def test_build_with_store_puts_it_there_and_match_finds_it_by_the_setting(
        self, tmp_path: Path, store_url: str, pytestconfig: pytest.Config, real_matcher: Matcher
    ) -> None:
        vectors = pytestconfig.cache.mkdir("vectors") / "passages.sqlite3"
        (tmp_path / "passage-vectors.sqlite3").write_bytes(vectors.read_bytes())
        built = self.run(tmp_path, "index", "build", "--store", store_url)
        assert built.returncode == 0, built.stderr
        assert "in shared store postgresql" in " ".join(built.stdout.split())
        asked = ["match", "--need", "We look for a partner for a clinical study.", "--country", "NL", "--json"]
        matched = self.run(tmp_path, *asked, store_url=store_url)
        assert matched.returncode == 0, matched.stderr
        assert real_matcher.fingerprint in matched.stdout
        without = self.run(tmp_path, *asked)
        assert without.returncode == 1
        assert "must hold an index" in without.stderr
        told = self.run(tmp_path, "index", "info", "--json", store_url=store_url)
        assert told.returncode == 0, told.stderr
        status = json.loads(told.stdout)
        assert (status["is_shared"], status["is_exact"], status["providers"]) == (True, True, 311)
        assert status["folder"].startswith("shared store postgresql")
        assert "password" not in status["folder"]
        shown = self.run(tmp_path, "index", "info", store_url=store_url)
        assert "in the database, with their indexes" in " ".join(shown.stdout.split())


def test_status_tells_the_build_in_use_and_the_one_before(store_url: str, small_index: ProviderIndex, tmp_path: Path) -> None:
    source = index_source(Settings(home=tmp_path, store_url=store_url))
    with pytest.raises(IndexMissing):
        source.status()
    first, second = (source.put(small_index)["build"] for _ in range(2))
    status = source.status()
    assert (status.build, status.other_builds) == (second, (first,))
    assert (status.passages, status.encoder) == (len(small_index.passages), FakeEncoder().fingerprint)
    assert status.files["vectors, with their indexes"] == status.dense_bytes
    assert status.dense_bytes is not None
    assert status.dense_bytes > 4 * FakeEncoder().dim * len(small_index.passages)
