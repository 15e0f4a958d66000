"""`gaps`: the sample needs, the record and a file of needs; what is confidential stays so."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from embeddings.cache import CachedEncoder
from matcher.ordinary import OrdinaryNeeds
from matcher.pipeline import Matcher, encode_need
from matcher.records import Need
from matcher.shipped import ordinary_needs_file, shipped_needs, shipped_needs_in_all_languages
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command, Result, check_refused, run_all
from tests.unit.service.entries import COMPONENTS, entry

FILES = ["gaps.csv", "gaps.html", "gaps.json", "regions.csv"]
SECRET = "Zwanzig Filialen und ein Backofen namens Brunhilde."


@pytest.fixture(scope="module")
def home(
    real_home: Path,
    real_matcher: Matcher,
    real_encoder: CachedEncoder,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A home with the index, which knows the vectors of all public needs already."""
    bank = [Need(text=text, language=spoken, country="NL") for text, spoken in OrdinaryNeeds.read(ordinary_needs_file())]
    for need in (*bank, *shipped_needs_in_all_languages().values()):
        encode_need(need, real_encoder, real_matcher.index.ordinary)
    home = tmp_path_factory.mktemp("home")
    (home / "index").symlink_to(real_home / "index")
    kept = pytestconfig.cache.mkdir("vectors") / "passages.sqlite3"
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(home / "benchmark-vectors.sqlite3")) as copy:
        source.backup(copy)
    return home


@pytest.fixture(scope="module")
def samples(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    target = tmp_path_factory.mktemp("runs") / "samples"
    return Command(home)("gaps", "--samples", "--out", target), target


@pytest.fixture
def recorded(home: Path, tmp_path: Path) -> Command:
    """A record of four lists of two regions; the words of one are erased, and one need was put twice."""
    log = SqlMatchLog(f"sqlite:///{tmp_path / 'log.sqlite3'}")
    about: dict[str, Any] = {"country": "DE", "region": "de-nrw", "company": "Bäckerei Brunhilde", "language": "de"}
    log.record(entry("first", ("aqua", "NL"), text=SECRET, **about), COMPONENTS)
    log.record(entry("again", ("aqua", "NL"), text=SECRET, **about), COMPONENTS)
    log.record(entry("other", ("bruno", "DE"), region="nl-oost", company="Nasovax"), COMPONENTS)
    log.record(entry("gone", ("bruno", "DE"), region="nl-oost", company="Erased"), COMPONENTS)
    log.erase("gone", "a test")
    log.close()
    return Command(home).with_settings(log_url=f"sqlite:///{tmp_path / 'log.sqlite3'}")


def content_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "gaps.json").read_text(encoding="utf-8"))
    return content


def vectors_kept(command: Command) -> int:
    with closing(sqlite3.connect(command.home / "benchmark-vectors.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM vectors").fetchone()[0])


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_files_are_written_and_nothing_beside_them(samples: tuple[Result, Path]) -> None:
    result, folder = samples
    assert (result.code, result.err) == (0, "")
    assert sorted(file.name for file in folder.iterdir()) == FILES
    assert list(folder.parent.iterdir()) == [folder]
    assert f"gaps.html, gaps.json, gaps.csv and regions.csv are in {folder}\n" in result.out
    page = (folder / "gaps.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")


def test_the_samples_are_counted_once_and_few_needs_are_anecdotes(samples: tuple[Result, Path]) -> None:
    content = content_of(samples[1])
    assert (content["needs"], content["companies"], content["k"]) == (28, 28, 10)
    assert 0 < content["unmet"]["numerator"] < 14
    assert content["unmet"]["low"] < content["unmet"]["value"] < content["unmet"]["high"]
    assert {gap["theme"]["kind"] for gap in content["gaps"]} == {"wait"}
    assert sum(gap["unmet"]["numerator"] for gap in content["gaps"]) == content["unmet"]["numerator"]
    assert len(content["ordinary"]) == 120
    assert set(content["lines"]) == {"da", "de", "en", "fr", "nl"}


def test_a_need_is_one_subject_in_all_languages_and_mostly_judged_alike(samples: tuple[Result, Path]) -> None:
    reworded = content_of(samples[1])["reworded"]
    assert (reworded["needs"], reworded["on_one_subject"]) == (28, 28)
    assert reworded["languages"] == ["da", "de", "en", "fr", "nl"]
    assert reworded["alike"]["pairs"]["value"] > reworded["alike"]["by_chance"]


def test_samples_are_public_and_shown_by_their_titles(samples: tuple[Result, Path]) -> None:
    titles = {need.title for need in shipped_needs()}
    assert {gap["title"] for gap in content_of(samples[1])["gaps"]} <= titles
    assert {row["title"] for row in rows(samples[1] / "gaps.csv")} <= titles


def test_the_tables_are_readable_and_without_colour(samples: tuple[Result, Path]) -> None:
    out = samples[0].out
    assert "\x1b" not in out
    tables = [line for line in out.splitlines() if re.search(r" {3}|───", line)]
    assert tables
    assert max(map(len, tables)) <= 120
    for words in (
        "28 needs of at least 28 companies",
        "No gap: no subject has 5 unmet needs of 3 companies.",
        "region that asks",
    ):
        assert words in out


def test_the_same_needs_give_the_same_files(samples: tuple[Result, Path], home: Path, tmp_path: Path) -> None:
    assert Command(home)("gaps", "--samples", "--out", tmp_path / "again").code == 0
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (samples[1] / name).read_bytes()


def test_the_record_is_read_and_its_words_are_told_to_nobody(recorded: Command, tmp_path: Path) -> None:
    kept = vectors_kept(recorded)
    result = recorded("gaps", "--out", tmp_path / "out")
    assert (result.code, result.err) == (0, "")
    assert "2 needs of at least 2 companies, from the record" in result.out
    assert "1 list left out: the need's words were erased." in result.out
    assert "1 list left out: the company put the same need again later." in result.out
    content = content_of(tmp_path / "out")
    assert (content["needs"], content["skipped"]) == (2, {"erased": 1, "repeated": 1})
    assert content["why"]["unlike the directory"] == 1
    assert {cell["region"] for cell in content["cells"]} == {"de-nrw", "nl-oost"}
    told = result.out + "".join((tmp_path / "out" / name).read_text(encoding="utf-8") for name in FILES)
    for secret in ("Filialen", "Backofen", "Brunhilde", "Nasovax", "lung models"):
        assert secret not in told
    assert vectors_kept(recorded) == kept


def test_titles_are_told_to_those_who_ask_for_them(recorded: Command) -> None:
    assert "Zwanzig Filialen" in recorded("gaps", "--titles").out


def test_needs_are_chosen_by_region_and_day(recorded: Command) -> None:
    found = run_all(
        {
            "region": partial(recorded, "gaps", "--region", "nl-oost"),
            "since": partial(recorded, "gaps", "--since", "2026-03-02"),
            "until": partial(recorded, "gaps", "--until", "2026-03-01", "--region", "de-nrw"),
        }
    )
    assert [result.code for result in found.values()] == [0, 0, 0]
    assert "1 need of at least 1 company, from the record of nl-oost" in found["region"].out
    assert found["since"].out == "There is no need to look at.\n"
    assert "from the record of de-nrw up to 2026-03-01" in found["until"].out


def test_a_file_of_needs_is_taken_for_the_record(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    lines = [{"text": "Wir suchen ein Labor für Toxikologie.", "country": "DE", "company": f"Firma {n}"} for n in range(2)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    result = Command(home)("gaps", "--need-file", file, "-k", "3")
    assert (result.code, result.err) == (0, "")
    assert "2 needs of at least 2 companies, from own.jsonl" in result.out


def test_an_empty_record_has_nothing_missing(home: Path, tmp_path: Path) -> None:
    command = Command(home).with_settings(log_url=f"sqlite:///{tmp_path / 'log.sqlite3'}")
    result = command("gaps", "--out", tmp_path / "out")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("There is no need to look at.\n")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == FILES


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--region", "nl-ost"), ("option --region must be one of be-liege", "Got 'nl-ost'")),
        (("--samples", "--region", "nl-ost"), ("option --region must be one of be-liege",)),
        (("--since", "yesterday"), ("option --since must be a day as in 2026-01-31. Got 'yesterday'.",)),
        (("--need-file", "missing.jsonl"), ("need file missing.jsonl must be readable",)),
        (("--out", "text.txt"), ("option --out text.txt must be a folder. Got a file.",)),
        (("--samples",), ("index", "crossmatch index build")),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(bare: Command, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    bare.home.mkdir(parents=True)
    (bare.home / "text.txt").write_text("")
    check_refused(bare("gaps", *arguments), *words)


def test_gaps_usage(bare: Command) -> None:
    assert bare("gaps", "--samples", "--need-file", "x.jsonl").code == 2
    assert bare("gaps", "--samples", "--since", "2026-01-01").code == 2
    assert bare("gaps", "-k", "0").code == 2
    shown = bare("gaps", "--help")
    assert shown.code == 0
    for option in ("--samples", "--need-file", "--region", "--since", "--until", "--titles", "--out"):
        assert option in shown.out
