"""The pages of documentation, and what stands in them: code, links."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    {
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "datasets").glob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / "notebooks").glob("*.md"),
    }
)
README = ROOT / "README.md"

_BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.M | re.S)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)")


@dataclass(frozen=True)
class Block:
    """A piece of fenced code."""

    page: Path
    line: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(language: str, pages: list[Path]) -> Iterator[Block]:
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for found in _BLOCK.finditer(text):
            if found[1] == language:
                yield Block(page, text.count("\n", 0, found.start()) + 2, language, found[2])


def shell_lines(block: Block) -> list[str]:
    """Commands of the block, a continued line with its end, without comments."""
    lines = re.sub(r"\\\n\s*", "", block.code).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def calls_crossmatch(line: str) -> bool:
    return re.match(r"crossmatch\b", line) is not None or "| crossmatch " in line


def inline_code(page: Path) -> list[str]:
    return _INLINE.findall(_BLOCK.sub("", page.read_text(encoding="utf-8")))


def relative_links(page: Path) -> list[str]:
    links = _LINK.findall(_BLOCK.sub("", page.read_text(encoding="utf-8")))
    return [link for link in links if not re.match(r"[a-z]+:|//", link)]


def anchors(page: Path) -> set[str]:
    """The page's headings as GitHub makes them addressable."""
    headings = re.findall(r"^#+ +(.+?) *$", _BLOCK.sub("", page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def copy_vectors(source: Path, target: Path) -> None:
    """A copy of a passage store that another process may have open."""
    with sqlite3.connect(source) as here, sqlite3.connect(target) as there:
        here.backup(there)
    here.close()
    there.close()
