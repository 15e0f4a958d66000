"""The desk where a need is handed in: match it, put the list on record, hand it out. API and command line both use it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from embeddings.cache import CachedEncoder, VectorStore
from embeddings.encoder import open_encoder
from matcher.contacts import Contact, contacts_of
from matcher.directory import load_directory
from matcher.index import ProviderIndex
from matcher.kept_directory import KeptDirectory, with_record
from matcher.log import LoggedList, MatchLog, Once
from matcher.pipeline import Matcher, build_matcher
from matcher.records import MatchRequest
from matcher.relevance import RelevanceModel
from matcher.replay import Replay, check_replayable, differences
from service.record.sql_log import SqlMatchLog
from service.record.sql_upkeep import SqlUpkeep
from service.record.writer import WritingObserver
from service.settings import Settings
from service.store.source import IndexSource, index_source


class DeskObserver(Protocol):
    """Hears what goes over the desk; see `service.operation.metrics`."""

    def took(self, stage: str, seconds: float) -> None:
        """A stage of an answer (`encode`, `match`, `record`) took so long."""

    def given_out(self, entry: LoggedList) -> None:
        """A list was put on record and is handed out."""


class Desk:
    """A matcher and a match log. `matcher` may be replaced while requests are answered: each keeps the one it began with."""

    def __init__(self, matcher: Matcher, log: MatchLog, observer: DeskObserver | None = None) -> None:
        self.matcher = matcher
        self.log = log
        self.observer = observer
        self._upkeep = SqlUpkeep(log) if isinstance(log, SqlMatchLog) else None

    def answer(self, request: MatchRequest, *, asked_by: str, request_id: str = "", once: Once | None = None) -> LoggedList:
        """The match list, returned only after it is durable.

        Args:
            request: need and terms.
            asked_by: for the record.
            request_id: names the call in every log; made up if left out.
            once: the same request under the same key gets the list that it got before.

        Raises:
            RequestRefused: the request cannot be matched as given.
            KeyReused: the key of `once` came before with another request.
            LogUnavailable: the list could not be recorded and is therefore not given out.
        """
        if once is not None and (before := self.log.given_before(once)) is not None:
            return before
        matcher = self.matcher
        with self._timed("encode"):
            encoded = matcher.encode(request.need)
        with self._timed("match"):
            answer = matcher.match_encoded(encoded, request, self.contacts(request), self.off_lists())
        entry = LoggedList(
            list_id=str(uuid.uuid4()),
            request_id=request_id or str(uuid.uuid4()),
            created_at=datetime.now(UTC),
            asked_by=asked_by,
            answer=answer,
        )
        with self._timed("record"):
            recorded = self.log.record(entry, matcher.components, once)
        if self.observer is not None and recorded is entry:
            self.observer.given_out(entry)
        return recorded

    def replay(self, list_id: str) -> Replay:
        """Match a need of the record again, as things stood with its company and the providers, and say what differs today.

        Raises:
            NotFound: there is no such list.
            ReplayImpossible: its words were erased.
        """
        given = self.log.get(list_id)
        check_replayable(given)
        request = given.answer.request
        as_then = self.contacts(request, before_list=list_id), self.off_lists(before_list=list_id)
        now = self.matcher.match(request, *as_then)
        components = self.log.components(given.answer.engine), self.matcher.components
        return differences(given.answer, now, *components, off_lists=self.off_lists())

    def contacts(self, request: MatchRequest, before_list: str | None = None) -> tuple[Contact, ...]:
        """Whom the request's company knows already, by the record; as it stood when a list was given out, if one is named."""
        need = request.need
        if not need.company:
            return ()
        return contacts_of(self.log.histories_of(need.company, need.country, before_list=before_list), need.region)

    def off_lists(self, before_list: str | None = None) -> frozenset[str]:
        """Providers that may be on no new list, by the record; as it stood when a list was given out, if one is named."""
        return frozenset() if self._upkeep is None else self._upkeep.off_lists(before_list=before_list)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        if self.observer is not None:
            self.observer.took(stage, time.perf_counter() - began)


def open_cached_encoder(settings: Settings) -> CachedEncoder:
    """The encoder that the settings name; it remembers recent needs.

    Raises:
        EncoderUnavailable: with what to do about it.
    """
    return CachedEncoder(open_encoder(settings.encoder), queries=settings.recent_queries)


def open_matcher(settings: Settings, encoder: CachedEncoder | None = None, source: IndexSource | None = None) -> Matcher:
    """The matcher over the index that the settings name.

    Args:
        settings: index and relevance model.
        encoder: where one is open already.
        source: where the index is, if it is known already.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, EncoderUnavailable, ModelRefused, StoreUnavailable: with what to do about it.
    """
    model = None if settings.model is None else RelevanceModel.load(settings.model)
    encoder = encoder or open_cached_encoder(settings)
    return build_matcher((source or index_source(settings)).open(encoder), encoder, model=model)


def open_log(settings: Settings, observer: WritingObserver | None = None) -> SqlMatchLog:
    """The match log that the settings name, at the newest version.

    Raises:
        LogUnavailable: with what to do about it.
    """
    return SqlMatchLog(settings.match_log_url, observer)


def open_desk(settings: Settings) -> Desk:
    """Matcher and log as the settings say."""
    return Desk(open_matcher(settings), open_log(settings))


@dataclass(frozen=True)
class Built:
    """An index in its place, and the directory that it was made of."""

    index: ProviderIndex
    kept: KeptDirectory
    facts: dict[str, Any]
    """What its manifest says."""
    place: str
    """Where it is."""


def build_index(settings: Settings, on_progress: Callable[[int, int], None] = lambda done, total: None) -> Built:
    """Read the directory, with what the record says of it, encode what is new, and put the index in place.

    Raises:
        DirectoryRefused: with every problem of its files, and of the entries on record beside them.
        LogUnavailable: the record cannot be read.
        StoreUnavailable: the shared store cannot be written.
    """
    source = index_source(settings)
    kept = kept_directory(settings)
    store = VectorStore(settings.vector_cache)
    try:
        # The only queries here are the shipped bank of ordinary needs, which is no secret.
        encoder = CachedEncoder(open_encoder(settings.encoder), queries=store, passages=store)
        index = ProviderIndex.build(kept.directory, encoder, config=source.building, on_progress=on_progress)
    finally:
        store.close()
    return Built(index, kept, source.put(index), source.place)


def kept_directory(settings: Settings) -> KeptDirectory:
    """The directory that the settings name, as the record tells it.

    Raises:
        DirectoryRefused, LogUnavailable: see `build_index`.
    """
    files = load_directory(settings.directory_files)
    url = settings.match_log_url
    # Who builds an index before there is a record needs none.
    if not settings.log_url and not (settings.home / Path(url).name).exists():
        return KeptDirectory(files)
    log = open_log(settings)
    try:
        return with_record(files, SqlUpkeep(log).every_provider())
    finally:
        log.close()
