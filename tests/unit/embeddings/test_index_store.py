"""A build is either whole and current, or it is refused by the name of what is wrong; the old one is never lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import store
from embeddings.errors import IndexDamaged, IndexMismatch, IndexMissing
from embeddings.store import open_build, write_build

FACTS = {"encoder": "enc-1", "passages": 3}


def writes(text: str) -> Callable[[Path], None]:
    def write_files(folder: Path) -> None:
        (folder / "lexical").mkdir()
        (folder / "lexical" / "words.json").write_text(f"[{text}]")
        (folder / "dense.bin").write_bytes(text.encode() * 100)

    return write_files


def content(root: Path) -> str:
    folder, _ = open_build(root, "enc-1")
    return (folder / "lexical" / "words.json").read_text().strip("[]")


def everything(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "home" / "index"
    write_build(root, FACTS, writes("first"))
    return root


class TestWriting:
    def test_a_build_opens_with_its_files_and_facts(self, root: Path) -> None:
        folder, manifest = open_build(root, "enc-1")
        assert (folder / "dense.bin").read_bytes() == b"first" * 100
        assert (manifest["encoder"], manifest["passages"], manifest["layout"]) == ("enc-1", 3, store.LAYOUT)
        assert sorted(manifest["files"]) == ["dense.bin", "lexical/words.json"]
        assert manifest["files"]["dense.bin"]["bytes"] == 500

    def test_the_folder_it_returns_is_the_current_one(self, root: Path) -> None:
        assert write_build(root, FACTS, writes("second")) == open_build(root, "enc-1")[0]

    def test_a_new_build_takes_the_place_of_the_old(self, root: Path) -> None:
        write_build(root, FACTS, writes("second"))
        assert content(root) == "second"

    def test_the_build_before_the_current_one_is_kept_and_older_ones_are_not(self, root: Path) -> None:
        first, _ = open_build(root, "enc-1")
        second = write_build(root, FACTS, writes("second"))
        assert (first / "dense.bin").read_bytes() == b"first" * 100
        third = write_build(root, FACTS, writes("third"))
        assert {*(root / "builds").iterdir()} == {second, third}
        assert (second / "dense.bin").read_bytes() == b"second" * 100

    def test_the_old_build_is_current_while_the_new_one_is_written(self, root: Path) -> None:
        seen: list[str] = []

        def write_files(folder: Path) -> None:
            writes("second")(folder)
            seen.append(content(root))

        write_build(root, FACTS, write_files)
        assert (seen, content(root)) == (["first"], "second")


class TestFailing:
    @pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), MemoryError()], ids=type)
    def test_a_build_that_raises_leaves_the_old_one_current_and_nothing_else(self, root: Path, error: BaseException) -> None:
        before = everything(root)

        def write_files(folder: Path) -> None:
            writes("second")(folder)
            raise error

        with pytest.raises(type(error)):
            write_build(root, FACTS, write_files)
        assert everything(root) == before
        assert content(root) == "first"

    def test_facts_that_cannot_be_written_leave_the_old_one_current(self, root: Path) -> None:
        before = everything(root)
        with pytest.raises(TypeError):
            write_build(root, {"encoder": object()}, writes("second"))
        assert everything(root) == before

    @pytest.mark.parametrize("step", range(1, 7))
    def test_a_disk_that_fails_at_any_step_before_the_swap_leaves_the_old_one(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, step: int
    ) -> None:
        before, real, steps = everything(root), os.fsync, iter(range(1, 100))

        def fsync(descriptor: int) -> None:
            if next(steps) == step:
                raise OSError("disk")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        with pytest.raises(OSError, match="disk"):
            write_build(root, FACTS, writes("second"))
        monkeypatch.undo()
        assert everything(root) == before
        assert content(root) == "first"

    def test_a_disk_that_fails_after_the_swap_leaves_a_build_that_opens(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = store._sync

        def sync(path: Path) -> None:
            if path == root:
                raise OSError("disk")
            real(path)

        monkeypatch.setattr(store, "_sync", sync)
        with pytest.raises(OSError, match="disk"):
            write_build(root, FACTS, writes("second"))
        assert content(root) in ("first", "second")

    def test_a_first_build_that_raises_leaves_no_index(self, tmp_path: Path) -> None:
        def write_files(_: Path) -> None:
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            write_build(tmp_path, FACTS, write_files)
        with pytest.raises(IndexMissing):
            open_build(tmp_path, "enc-1")

    def test_a_process_that_dies_leaves_the_old_build_and_the_next_one_clears_up(self, root: Path) -> None:
        code = """
import os, sys
from pathlib import Path
from embeddings.store import write_build
def die(folder):
    (folder / "half").write_text("half")
    os._exit(9)
write_build(Path(sys.argv[1]), {"encoder": "enc-1"}, die)
"""
        assert subprocess.run([sys.executable, "-c", code, str(root)], check=False).returncode == 9
        assert content(root) == "first"
        assert len([*root.rglob("half")]) == 1
        write_build(root, FACTS, writes("second"))
        assert content(root) == "second"
        assert [*root.rglob("half")] == []

    def test_a_build_finished_meanwhile_does_not_break_this_one(self, root: Path) -> None:
        other = threading.Thread(target=write_build, args=(root, FACTS, writes("meanwhile")))

        def write_files(folder: Path) -> None:
            other.start()
            writes("second")(folder)

        assert (write_build(root, FACTS, write_files) / "manifest.json").is_file()
        other.join(timeout=30)
        assert content(root) == "meanwhile"


class TestOpening:
    @pytest.mark.parametrize("there", [False, True])
    def test_no_index_is_said_with_the_command_that_builds_one(self, tmp_path: Path, there: bool) -> None:
        folder = tmp_path / "index"
        if there:
            folder.mkdir()
        message = f"The index folder {folder} must hold an index. Got no file CURRENT. Build it: crossmatch index build"
        with pytest.raises(IndexMissing, match=f"^{re.escape(message)}$"):
            open_build(folder, "enc-1")

    def test_another_encoder_is_refused_with_both_names_and_the_remedy(self, root: Path) -> None:
        with pytest.raises(IndexMismatch) as refused:
            open_build(root, "enc-2")
        assert str(refused.value) == (
            f"The index {root} must be built with the encoder enc-2. Got one built with enc-1. "
            "Rebuild it: crossmatch index build"
        )

    def test_another_layout_is_refused_with_both_numbers(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "LAYOUT", 99)
        with pytest.raises(IndexMismatch, match=r"must have layout 99\. Got layout 1\. Rebuild it"):
            open_build(root, "enc-1")

    @pytest.mark.parametrize("name", ["dense.bin", "lexical/words.json"])
    class TestFiles:
        def test_a_missing_file_is_named(self, root: Path, name: str) -> None:
            file = open_build(root, "enc-1")[0] / name
            file.unlink()
            assert (
                self.refusal(root) == f"The index file {file} must exist. Got no such file. Rebuild it: crossmatch index build"
            )

        def test_a_file_cut_short_is_named_with_both_sizes(self, root: Path, name: str) -> None:
            file = open_build(root, "enc-1")[0] / name
            whole = file.read_bytes()
            file.write_bytes(whole[:-1])
            assert f"{file} must have {len(whole)} bytes. Got {len(whole) - 1} bytes." in self.refusal(root)

        def test_a_file_with_more_in_it_is_named(self, root: Path, name: str) -> None:
            file = open_build(root, "enc-1")[0] / name
            file.write_bytes(file.read_bytes() + b"\n")
            assert str(file) in self.refusal(root)

        @pytest.mark.parametrize("place", [0, 3, -1])
        def test_one_altered_bit_is_named(self, root: Path, name: str, place: int) -> None:
            file = open_build(root, "enc-1")[0] / name
            altered = bytearray(file.read_bytes())
            altered[place] ^= 1
            file.write_bytes(altered)
            assert f"{file} must be unaltered (SHA-256)." in self.refusal(root)

        def refusal(self, root: Path) -> str:
            with pytest.raises(IndexDamaged) as refused:
                open_build(root, "enc-1")
            return str(refused.value)

    @pytest.mark.parametrize(
        "garbage",
        [b"", b"no-such-build", b"..", b"\0", b"\xff\xfe", b"x" * 5_000, b"two\nlines"],
        ids=lambda raw: repr(raw[:9]),
    )
    def test_garbage_in_current_is_damage(self, root: Path, garbage: bytes) -> None:
        (root / "CURRENT").write_bytes(garbage)
        with pytest.raises(IndexDamaged, match=r"manifest\.json must be readable"):
            open_build(root, "enc-1")

    @pytest.mark.parametrize(
        "garbage",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b"7",
            b"{}",
            b"\xff\xfe\0",
            b'{"files": 3, "layout": 1, "encoder": "enc-1"}',
            b'{"files": {}}',
        ],
    )
    def test_a_garbage_manifest_is_damage_and_is_named(self, root: Path, garbage: bytes) -> None:
        manifest = open_build(root, "enc-1")[0] / "manifest.json"
        manifest.write_bytes(garbage)
        with pytest.raises(IndexDamaged, match=f"The index manifest {re.escape(str(manifest))} must be readable"):
            open_build(root, "enc-1")

    def test_a_missing_manifest_is_damage_and_is_named(self, root: Path) -> None:
        manifest = open_build(root, "enc-1")[0] / "manifest.json"
        manifest.unlink()
        with pytest.raises(IndexDamaged, match=re.escape(str(manifest))):
            open_build(root, "enc-1")

    @pytest.mark.parametrize("entry", [{}, {"bytes": 500}, None])
    def test_a_manifest_entry_without_size_or_sum_is_damage(self, root: Path, entry: object) -> None:
        manifest = open_build(root, "enc-1")[0] / "manifest.json"
        told = json.loads(manifest.read_text())
        told["files"]["dense.bin"] = entry
        manifest.write_text(json.dumps(told))
        with pytest.raises(IndexDamaged):
            open_build(root, "enc-1")

    def test_an_altered_fact_in_the_manifest_is_damage(self, root: Path) -> None:
        manifest = open_build(root, "enc-1")[0] / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"passages": 3', '"passages": 4'))
        with pytest.raises(IndexDamaged):
            open_build(root, "enc-1")
