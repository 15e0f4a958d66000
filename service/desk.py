"""The desk where a need is handed in: match it, put the list on record, hand it out. API and command line both use it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from embeddings.cache import CachedEncoder, VectorStore
from embeddings.encoder import open_encoder
from matcher.contacts import Contact, contacts_of
from matcher.directory import load_directory
from matcher.index import ProviderIndex
from matcher.log import LoggedList, MatchLog, Once
from matcher.pipeline import Matcher, build_matcher
from matcher.records import MatchRequest
from matcher.relevance import RelevanceModel
from matcher.replay import Replay, check_replayable, differences
from service.record.sql_log import SqlMatchLog
from service.record.writer import WritingObserver
from service.settings import Settings


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
            answer = matcher.match_encoded(encoded, request, self.contacts(request))
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
        """Match a need of the record again, as things stood with its company then, and say what differs today.

        Raises:
            NotFound: there is no such list.
            ReplayImpossible: its words were erased.
        """
        given = self.log.get(list_id)
        check_replayable(given)
        request = given.answer.request
        now = self.matcher.match(request, self.contacts(request, before_list=list_id))
        return differences(given.answer, now, self.log.components(given.answer.engine), self.matcher.components)

    def contacts(self, request: MatchRequest, before_list: str | None = None) -> tuple[Contact, ...]:
        """Whom the request's company knows already, by the record; as it stood when a list was given out, if one is named."""
        need = request.need
        if not need.company:
            return ()
        return contacts_of(self.log.histories_of(need.company, need.country, before_list=before_list), need.region)

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


def open_matcher(settings: Settings, encoder: CachedEncoder | None = None) -> Matcher:
    """The matcher over the index that the settings name.

    Args:
        settings: index and relevance model.
        encoder: where one is open already.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, EncoderUnavailable, ModelRefused: with what to do about it.
    """
    model = None if settings.model is None else RelevanceModel.load(settings.model)
    encoder = encoder or open_cached_encoder(settings)
    return build_matcher(ProviderIndex.open(settings.index_folder, encoder), encoder, model=model)


def open_log(settings: Settings, observer: WritingObserver | None = None) -> SqlMatchLog:
    """The match log that the settings name, at the newest version.

    Raises:
        LogUnavailable: with what to do about it.
    """
    return SqlMatchLog(settings.match_log_url, observer)


def open_desk(settings: Settings) -> Desk:
    """Matcher and log as the settings say."""
    return Desk(open_matcher(settings), open_log(settings))


def build_index(settings: Settings, on_progress: Callable[[int, int], None] = lambda done, total: None) -> ProviderIndex:
    """Read the directory, encode what is new in it, and put the index in place.

    Raises:
        DirectoryRefused: with every problem of its files.
    """
    directory = load_directory(settings.directory_files)
    store = VectorStore(settings.vector_cache)
    try:
        # The only queries here are the shipped bank of ordinary needs, which is no secret.
        encoder = CachedEncoder(open_encoder(settings.encoder), queries=store, passages=store)
        index = ProviderIndex.build(directory, encoder, on_progress=on_progress)
    finally:
        store.close()
    index.save(settings.index_folder)
    return index
