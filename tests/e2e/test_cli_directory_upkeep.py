"""`directory propose|vet|…|link`: a provider comes in, is corrected, and goes; lists follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.command import NEED, Command, check_refused
from tests.e2e.own_directory import write_directory

PROVIDERS = """provider_id,name,category,country,city,summary,summary_language
nora,Nora Lab,technology,NL,Ede,"GLP laboratory for toxicology studies of inhaled vaccines, with lung models.",en
otto,Otto Lab,technology,NL,Ede,"Toxicology of aerosols.",en
"""
EVIDENCE = """provider_id,kind,title,year,reference
nora,project,"Toxicology of an inhaled vaccine under GLP",2023,https://example.org/9
"""


@pytest.fixture
def own(bare: Command, tmp_path: Path) -> Command:
    """With a small directory of its own, indexed."""
    files = write_directory(tmp_path)
    command = bare.with_settings(directory=json.dumps([str(file) for file in files]))
    assert command("index", "build").code == 0
    return command


def proposed(command: Command, folder: Path, providers: str = PROVIDERS, evidence: str = EVIDENCE) -> tuple[Path, Path]:
    (folder / "new").mkdir(exist_ok=True)
    files = write_directory(folder / "new", providers, evidence)
    result = command("directory", "propose", *files, "--region", "nl-oost")
    assert result.code == 0, result.err
    return files


def listed(command: Command) -> set[str]:
    result = command("match", "--country", "DK", "--json", stdin=NEED.encode())
    assert result.code == 0, result.err
    return {match["provider_id"] for match in json.loads(result.out)["answer"]["matches"]}


def done(command: Command, *arguments: str) -> str:
    result = command("directory", *arguments)
    assert (result.code, result.err) == (0, ""), result.err
    return result.out


def test_who_is_accepted_is_searched_after_the_next_build_and_who_leaves_is_gone_at_once(own: Command, tmp_path: Path) -> None:
    proposed(own, tmp_path)
    done(own, "vet", "nora", "--on", "2026-03-01", "--by", "the office")
    assert "after the next crossmatch index build" in done(own, "accept", "nora")
    assert "nora" not in listed(own)
    build = own("index", "build")
    assert "from the record: 1 added, 0 corrected, 0 left out" in build.out
    assert "nora" in listed(own)
    assert "on no new list from now on" in done(own, "suspend", "nora", "--reason", "a complaint")
    assert "nora" not in listed(own)
    done(own, "resume", "nora")
    assert "nora" in listed(own)
    done(own, "leave", "nora")
    assert "nora" not in listed(own)
    build = own("index", "build")
    assert "from the record" not in build.out
    assert build.out.startswith("3 providers")
    status = done(own, "status", "nora")
    assert "Nora Lab (nora), region nl-oost: left" in status
    assert "the office" in status
    assert own("log", "verify").code == 0


def test_a_correction_reads_so_after_the_next_build(own: Command, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    files = write_directory(
        tmp_path / "new",
        "provider_id,name,category,country\nlung,Lungenlabor Ruhr,technology,DE\n",
        EVIDENCE.splitlines()[0] + "\n",
    )
    assert "provider lung corrected" in done(own, "correct", *map(str, files[:1]))
    assert "0 added, 1 corrected, 0 left out" in own("index", "build").out
    [found] = own("directory", "status", "--json").records
    assert (found["provider_id"], found["state"]) == ("lung", "listed")
    assert found["entry"]["provider"]["name"] == "Lungenlabor Ruhr"
    assert len(found["entry"]["evidence"]) == 1


def test_every_mistake_is_named_and_nothing_recorded(own: Command, tmp_path: Path) -> None:
    bad = PROVIDERS.replace("technology,NL", "magic,NL", 1)
    result = own("directory", "propose", *write_directory(tmp_path, bad, EVIDENCE), "--region", "nl-oost")
    assert result.code == 1
    assert "own-providers.csv, line 2, column category: must" in result.err
    assert result.err.endswith("Nothing was recorded.\n")
    good_and_known = PROVIDERS + "lung,Lung,technology,DE,Essen,,\n"
    result = own("directory", "propose", *write_directory(tmp_path, good_and_known, EVIDENCE), "--region", "nl-oost")
    check_refused(result, "provider lung", "may follow 'listed'")
    check_refused(own("directory", "propose", tmp_path / "own-providers.csv", "--region", "mars"), "mars", "nl-oost")
    assert own("directory", "status", "--json").out == ""


def test_what_cannot_be_is_refused_in_one_line(own: Command, tmp_path: Path) -> None:
    check_refused(own("directory", "accept", "lung"), "may follow 'listed'", "suspended")
    check_refused(own("directory", "vet", "zelda"), "in the directory or on record", "zelda")
    check_refused(own("directory", "leave", "lung", "--on", "soon"), "2026-01-31")
    check_refused(own("directory", "correct"), "neither")
    check_refused(own("directory", "correct", "--as-asked", "lung"), "asked for")
    check_refused(own("directory", "status", "zelda"), "zelda")
    assert own("directory", "suspend", "lung").code == 2


def test_those_of_which_nothing_is_new_are_told(own: Command) -> None:
    found = own("directory", "overdue", "--years", "1", "--json").records
    assert [(one["provider_id"], one["newest"]) for one in found] == [
        ("fill", "2021-12-31"),
        ("lung", "2023-12-31"),
        ("seed", None),
    ]
    assert "3 to be looked at again" in done(own, "overdue", "--years", "1")
    done(own, "expire", "fill")
    assert [one["provider_id"] for one in own("directory", "overdue", "--years", "1", "--json").records] == ["lung", "seed"]


def test_a_link_is_shown_once_and_alone_on_standard_output(own: Command) -> None:
    result = own("directory", "link", "lung", "--address", "https://match.example.eu/", "--days", "7")
    assert result.code == 0
    assert result.out.startswith("https://match.example.eu/answer#ct_")
    assert len(result.out.splitlines()) == 1
    assert "shown only now" in result.err
    assert result.out.strip().partition("#")[2] not in result.err
