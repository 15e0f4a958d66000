"""Crossmatch as its service works: match, explain, put on record on disk, and only then hand out."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.batch import Watch
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder
from matcher.index import ProviderIndex
from matcher.log import LoggedList
from matcher.pipeline import build_matcher
from matcher.records import MatchRequest, Need
from service.batch.run import Order, run_batch
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.settings import Settings


class Stages:
    """Seconds of each stage, list by list."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def took(self, stage: str, seconds: float) -> None:
        """See `service.desk.DeskObserver`."""
        self.seconds[stage].append(seconds)

    def given_out(self, entry: LoggedList) -> None:
        """See `service.desk.DeskObserver`."""


class CrossmatchDesk:
    """A desk with an empty record of its own."""

    def __init__(self, index: Path) -> None:
        encoder = CachedEncoder(BundledE5())
        self._folder = tempfile.TemporaryDirectory(prefix="crossmatch-peers-")
        self._home = Path(self._folder.name)
        self.stages = Stages()
        self._batches = 0
        log = SqlMatchLog(f"sqlite:///{self._home / 'record.sqlite3'}")
        self.desk = Desk(build_matcher(ProviderIndex.open(index, encoder), encoder), log, self.stages)

    def find(self, need: Need) -> list[str]:
        """See `Contender`."""
        entry = self.desk.answer(MatchRequest(need=need), asked_by="benchmark")
        return [match.provider_id for match in entry.answer.matches]

    def find_each(self, needs: Sequence[Need]) -> list[list[str]]:
        """See `Contender`; as a batch in this process, with its record."""
        self._batches += 1
        source, out = self._home / f"needs-{self._batches}.jsonl", self._home / f"lists-{self._batches}.jsonl"
        source.write_text("\n".join(need.model_dump_json(exclude_defaults=True) for need in needs), encoding="utf-8")
        run_batch(Order(source, out, processes=0), self.desk, Settings(home=self._home), Watch())
        return [_named(json.loads(line)["answer"]["matches"]) for line in out.read_text(encoding="utf-8").splitlines()]


def _named(matches: list[dict[str, str]]) -> list[str]:
    return [match["provider_id"] for match in matches]
