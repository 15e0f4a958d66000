"""The desk where a need is handed in: match it, put the list on record, hand it out. API and command line both use it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from embeddings.cache import CachedEncoder, VectorStore
from embeddings.encoder import open_encoder
from matcher.directory import load_directory
from matcher.index import ProviderIndex
from matcher.log import LoggedList, MatchLog
from matcher.pipeline import Matcher, build_matcher
from matcher.records import MatchRequest
from matcher.relevance import RelevanceModel
from service.settings import Settings
from service.sql_log import SqlMatchLog


class Desk:
    """A matcher and a match log."""

    def __init__(self, matcher: Matcher, log: MatchLog) -> None:
        self.matcher = matcher
        self.log = log

    def answer(self, request: MatchRequest, *, asked_by: str, request_id: str = "") -> LoggedList:
        """The match list, returned only after it is durable.

        Raises:
            RequestRefused: the request cannot be matched as given.
            LogUnavailable: the list could not be recorded and is therefore not given out.
        """
        entry = LoggedList(
            list_id=str(uuid.uuid4()),
            request_id=request_id or str(uuid.uuid4()),
            created_at=datetime.now(UTC),
            asked_by=asked_by,
            answer=self.matcher.match(request),
        )
        self.log.record(entry, self.matcher.components)
        return entry


def open_matcher(settings: Settings) -> Matcher:
    """The matcher over the index that the settings name.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, EncoderUnavailable, ModelRefused: with what to do about it.
    """
    model = None if settings.model is None else RelevanceModel.load(settings.model)
    encoder = CachedEncoder(open_encoder(settings.encoder), queries=settings.recent_queries)
    return build_matcher(ProviderIndex.open(settings.index_folder, encoder), encoder, model=model)


def open_desk(settings: Settings) -> Desk:
    """Matcher and log as the settings say."""
    return Desk(open_matcher(settings), SqlMatchLog(settings.match_log_url))


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
