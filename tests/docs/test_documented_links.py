from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, inline_code, relative_links

EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
FOLDERS = tuple(f"{folder.name}/" for folder in ROOT.iterdir() if folder.is_dir() and not folder.name.startswith("."))


def test_there_are_pages_to_check() -> None:
    assert {"README.md", "datasets/README.md", "docs/README.md", "benchmarks/README.md"} <= {
        page.relative_to(ROOT).as_posix() for page in PAGES
    }


@EVERY_PAGE
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    files = [link.partition("#")[0] for link in relative_links(page)]
    assert [file for file in files if file and not (page.parent / file).exists()] == []


@EVERY_PAGE
def test_every_link_stays_within_the_repository(page: Path) -> None:
    targets = [(page.parent / link.partition("#")[0]).resolve() for link in relative_links(page)]
    assert [target for target in targets if not target.is_relative_to(ROOT)] == []


@EVERY_PAGE
def test_every_link_to_a_heading_finds_it(page: Path) -> None:
    lost = []
    for link in relative_links(page):
        file, hash_sign, heading = link.partition("#")
        target = page.parent / file if file else page
        if hash_sign and target.suffix == ".md" and target.is_file() and heading not in anchors(target):
            lost.append(link)
    assert lost == []


@EVERY_PAGE
def test_every_file_of_the_project_that_is_named_exists(page: Path) -> None:
    """A path in code type that begins with a folder of the project, or with one of the page's own."""
    named = [code.partition(":")[0].rstrip("/") for code in inline_code(page) if code.startswith(FOLDERS) and " " not in code]
    plain = [name for name in named if not set(name) & set("*…<>{}NX")]
    assert [name for name in plain if not ((ROOT / name).exists() or (page.parent / name).exists())] == []
