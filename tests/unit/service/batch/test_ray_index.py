"""An index as bytes, unpacked once on each machine, is the index."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from embeddings.errors import IndexDamaged, IndexMissing
from matcher.index import ProviderIndex
from service.batch.ray_index import carried, model_in, place_of, remove, unpacked
from tests.fakes import FakeEncoder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def folder(small_index: ProviderIndex, tmp_path: Path) -> Path:
    small_index.save(tmp_path / "index")
    return tmp_path / "index"


def test_what_is_unpacked_is_the_same_index(folder: Path, small_index: ProviderIndex) -> None:
    index = carried("one", folder, None)
    place = unpacked(index)
    assert place != folder
    assert ProviderIndex.open(place, FakeEncoder()).facts["directory"] == small_index.facts["directory"]
    assert index.size == sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    assert model_in(place) is None


def test_only_the_current_build_is_carried(folder: Path, small_index: ProviderIndex) -> None:
    small_index.save(folder)
    builds = {name.split("/")[1] for name in carried("one", folder, None).files if name.startswith("builds/")}
    assert len(builds) == 1
    assert (folder / "CURRENT").read_text().startswith(builds.pop())


def test_a_model_of_ones_own_comes_along(folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    model.write_text("{}")
    place = unpacked(carried("one", folder, model))
    own = model_in(place)
    assert own is not None
    assert own.read_text() == "{}"


def test_many_who_ask_at_once_get_one_folder(folder: Path) -> None:
    index = carried("one", folder, None)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(unpacked, [index] * 16)) == {place_of("one")}
    assert sorted(path.name for path in place_of("one").parent.iterdir()) == ["one", "one.lock"]


def test_it_is_removed_and_another_batchs_stays(folder: Path) -> None:
    for name in ("one", "another"):
        unpacked(carried(name, folder, None))
    remove("one")
    remove("never unpacked")
    assert sorted(path.name for path in place_of("one").parent.iterdir()) == ["another", "another.lock"]


def test_what_was_altered_on_its_way_is_not_opened(folder: Path) -> None:
    index = carried("one", folder, None)
    name = next(name for name in index.files if name.endswith("passages.json"))
    index.files[name] = index.files[name].replace(b"lung", b"long")
    with pytest.raises(IndexDamaged, match=r"passages\.json"):
        ProviderIndex.open(unpacked(index), FakeEncoder())


def test_where_there_is_no_index_none_is_carried(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="must hold an index"):
        carried("one", tmp_path, None)


def test_nobody_else_may_read_it(folder: Path) -> None:
    assert unpacked(carried("one", folder, None)).parent.stat().st_mode & 0o777 == 0o700
