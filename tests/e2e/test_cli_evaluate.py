"""`evaluate`: tables, JSON and a page of a benchmark; two runs compared; what cannot be evaluated refused beforehand."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from embeddings import encoder as encoders
from matcher.relevance import RelevanceModel
from matcher.shipped import shipped_model_file
from service.cli.main import app
from tests.e2e.command import Command, Result, check_refused
from tests.fakes import FakeEncoder
from tests.unit.matcher.evaluation.tiny_benchmark import write_benchmark

NO_ABLATION = "No ablation: no need before 2024-07-01 was put when 25 organisations had evidence and one abroad answered it."


@pytest.fixture(scope="module")
def home(real_home: Path, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that knows the vectors of the shipped bank of needs already: an index of whatever needs them."""
    assert real_home.is_dir(), "the index of the tests was built, so its vectors are kept"
    home = tmp_path_factory.mktemp("home")
    kept = pytestconfig.cache.mkdir("vectors") / "passages.sqlite3"
    target = home / "benchmark-vectors.sqlite3"
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return home


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_benchmark(tmp_path_factory.mktemp("benchmarks") / "tiny")


@pytest.fixture(scope="module")
def evaluated(home: Path, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The tiny benchmark evaluated by the installed command, and the folder it wrote."""
    target = tmp_path_factory.mktemp("runs") / "first"
    return Command(home)("evaluate", "--benchmark", tiny, "--no-samples", "--out", target), target


def content_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    return content


def in_process(home: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> tuple[int, str]:
    """The command with an encoder that takes no time."""
    monkeypatch.setenv("CROSSMATCH_HOME", str(home))
    monkeypatch.setitem(encoders.ENCODERS, "bundled-e5", lambda _: FakeEncoder())
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    return result.exit_code, result.output


def test_both_files_are_written_and_nothing_beside_them(evaluated: tuple[Result, Path]) -> None:
    result, folder = evaluated
    assert (result.code, result.err) == (0, "")
    assert sorted(file.name for file in folder.iterdir()) == ["evaluation.html", "evaluation.json"]
    assert list(folder.parent.iterdir()) == [folder]
    assert f"evaluation.json and evaluation.html are in {folder}\n" in result.out
    page = (folder / "evaluation.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")


def test_the_file_says_what_was_evaluated_and_how_well_it_went(evaluated: tuple[Result, Path]) -> None:
    content = content_of(evaluated[1])
    assert (content["format"], [cut["name"] for cut in content["cuts"]]) == (1, ["all countries", "five countries"])
    engine = content["engine"]
    assert engine["encoder"].startswith("multilingual-e5-small;")
    assert engine["model"] == RelevanceModel.load(shipped_model_file()).fingerprint
    assert engine["benchmark"]["name"] == "tiny"
    assert "samples" not in content
    whole = content["cuts"][0]
    assert (whole["needs"], whole["ablation"]) == (6, [])
    assert whole["groups"] == {need: need.removesuffix("-sme") for need in whole["by_need"]["learned relevance"]}


def test_the_tables_are_readable_and_without_colour(evaluated: tuple[Result, Path]) -> None:
    out = evaluated[0].out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 120
    for words in ("Consortium completion, all countries", "Consortium completion, five countries", "learned relevance minus"):
        assert words in out
    for row in ("popularity", "first 10 of each list", "favour, β = 1", "require", "neutral, floor 3/5", "experience × 0.5"):
        assert [line for line in out.splitlines() if line.strip().startswith(row)], row


def test_a_narrow_terminal_gets_two_tables_and_whole_names(home: Path, tiny: Path) -> None:
    arguments = ("evaluate", "--benchmark", str(tiny), "--no-samples", "--cut", "five")
    result = Command(home).in_terminal(*arguments, columns=80)
    assert result.code == 0
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", result.out)
    tables = shown.partition("Consortium completion")[2].partition("No ablation")[0]
    assert max(len(line) for line in tables.splitlines()) <= 80
    assert len(re.findall(r"^popularity +\d", tables, re.M)) == 2


def test_with_too_little_to_learn_from_it_goes_on_without_the_ablation(
    evaluated: tuple[Result, Path], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NO_ABLATION in evaluated[0].out.splitlines()
    assert NO_ABLATION in content_of(evaluated[1])["notes"]
    more = write_benchmark(tmp_path / "more", providers=30)
    code, out = in_process(tmp_path / "home", monkeypatch, "--benchmark", more, "--no-samples", "--cut", "all")
    assert code == 0
    assert "No ablation: The data to learn from must hold at least 100 matches, and others." in out
    assert "without the signal" not in out


def test_the_same_evaluation_gives_the_same_files(
    evaluated: tuple[Result, Path], home: Path, tiny: Path, tmp_path: Path
) -> None:
    again = Command(home)("evaluate", "--benchmark", tiny, "--no-samples", "--out", tmp_path / "again")
    assert again.code == 0
    for name in ("evaluation.json", "evaluation.html"):
        assert (tmp_path / "again" / name).read_bytes() == (evaluated[1] / name).read_bytes()


def test_two_engines_are_compared_need_by_need(evaluated: tuple[Result, Path], home: Path, tiny: Path, tmp_path: Path) -> None:
    shipped = RelevanceModel.load(shipped_model_file())
    nothing: dict[str, float] = dict.fromkeys(shipped.weights, 0.0)
    blind = dataclasses.replace(shipped, weights=nothing, fitted_on={"before": "2025-01-01"})
    blind.save(tmp_path / "blind.json")
    other = evaluated[1] / "evaluation.json"
    options = ("--model", tmp_path / "blind.json", "--cut", "five", "--against", other, "--out", tmp_path / "out")
    result = Command(home)("evaluate", "--benchmark", tiny, "--no-samples", *options)
    assert (result.code, result.err) == (0, "")
    assert f"learned relevance against {other}" in result.out
    assert "The model was fitted on needs up to 2025-01-01, and those from 2024-07-01 on are reported" in result.out
    content = content_of(tmp_path / "out")
    (cut,) = content["comparison"]["cuts"]
    ours, theirs = (one["cuts"][-1]["by_need"]["learned relevance"] for one in (content, content_of(evaluated[1])))
    assert (cut["name"], cut["needs"]) == ("five countries", len(ours))
    assert cut["difference"]["mean"] == pytest.approx(sum(ours.values()) / len(ours) - sum(theirs.values()) / len(theirs))
    assert content["comparison"]["engine"]["model"] == shipped.fingerprint != content["engine"]["model"] == blind.fingerprint
    assert 'id="comparison"' in (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8")


def test_the_sample_needs_are_evaluated_too(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("--benchmark", tiny, "--cut", "all", "--out", tmp_path / "out")
    code, out = in_process(tmp_path / "home", monkeypatch, *arguments)
    assert code == 0, out
    assert "28 sample needs, 387 judgements" in out
    assert "rank-biased overlap between languages: " in out
    samples = content_of(tmp_path / "out")["samples"]
    assert [row["policy"] for row in samples["policies"]] == ["neutral", samples["default_policy"], "require"]
    assert {row["language"]: row["needs"] for row in samples["languages"]} == dict.fromkeys(("da", "de", "en", "fr", "nl"), 28)
    page = (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8")
    assert 'id="samples-overlap"' in page


def test_other_files_of_the_folder_stay(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    (target / "evaluation.json").write_text("old")
    arguments = ("--benchmark", tiny, "--cut", "all", "--no-samples", "--out", target)
    assert in_process(tmp_path / "home", monkeypatch, *arguments)[0] == 0
    assert (target / "notes.txt").read_text() == "mine"
    assert content_of(target)["format"] == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["home", "out"]


def test_without_a_folder_nothing_is_written(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = in_process(tmp_path / "home", monkeypatch, "--benchmark", tiny, "--cut", "five", "--no-samples")
    assert code == 0
    assert "all countries" not in out
    assert {file.name.partition(".")[0] for file in (tmp_path / "home").iterdir()} == {"benchmark-vectors"}


def another_benchmark(content: dict[str, Any]) -> None:
    content["engine"]["benchmark"]["directory"] = "another"


def one_cut(content: dict[str, Any]) -> None:
    content["cuts"] = content["cuts"][:1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (another_benchmark, "must be directory "),
        (one_cut, "must hold 'five countries'. Got 'all countries'. Choose the same cut for both with --cut."),
        (dict.clear, "must be 1, that of an evaluation. Got none."),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_run(
    evaluated: tuple[Result, Path], bare: Command, tiny: Path, tmp_path: Path, change: Any, words: str
) -> None:
    content = content_of(evaluated[1])
    change(content)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(content), encoding="utf-8")
    result = bare("evaluate", "--benchmark", tiny, "--against", other, "--out", tmp_path / "out")
    check_refused(result, str(other), words)
    assert not (tmp_path / "out").exists()
    assert list(bare.home.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--against", "missing.json"), ("missing.json must be readable", "No such file")),
        (("--against", "text.json"), ("text.json must be JSON",)),
        (("--benchmark", "missing"), ("option --benchmark missing must be a folder. Got none.",)),
        (("--benchmark", "text.json"), ("option --benchmark text.json must be a folder. Got a file.",)),
        (("--model", "missing.json"), ("relevance model missing.json", "crossmatch train")),
        (("--out", "text.json"), ("option --out text.json must be a folder. Got a file.",)),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(bare: Command, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    bare.home.mkdir(parents=True)
    (bare.home / "text.json").write_text("no JSON")
    check_refused(bare("evaluate", *arguments), *words)
    assert [file.name for file in bare.home.iterdir()] == ["text.json"]


def test_a_benchmark_without_an_answer_abroad_is_refused(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every provider moves to the one country of all needs."""
    folder = write_benchmark(tmp_path / "home-only")
    providers, needs = folder / "providers.csv", folder / "needs.jsonl"
    lines = providers.read_text().splitlines()
    providers.write_text("\n".join([lines[0], *(f"{line.rpartition(',')[0]},DE" for line in lines[1:])]) + "\n")
    rows = [json.loads(line) | {"country": "DE"} for line in needs.read_text().splitlines()]
    needs.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    monkeypatch.setenv("CROSSMATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(encoders.ENCODERS, "bundled-e5", lambda _: FakeEncoder())
    result = CliRunner().invoke(app, ["evaluate", "--benchmark", str(folder), "--no-samples"])
    assert str(result.exception).startswith("The cut all countries of the benchmark home-only must hold a need from 2024-07-01")


def test_usage(bare: Command) -> None:
    assert bare("evaluate", "--cut", "some").code == 2
    shown = bare("evaluate", "--help")
    assert shown.code == 0
    for option in ("--benchmark", "--cut", "--model", "--out", "--against", "--no-samples"):
        assert option in shown.out
