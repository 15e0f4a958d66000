"""What the service counts and measures, for Prometheus to fetch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from matcher.log import LoggedList
from matcher.pipeline import Matcher
from matcher.records import MatchList

STAGES = ("encode", "match", "record")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BATCH_SIZES = (1, 2, 5, 10, 20, 50, 100, 200)
_NAN = float("nan")


class Metrics:
    """The metrics of one application, in a registry of its own. It hears as observer what the parts of the service tell.

    Labels have few values, whatever callers send: routes are templates, and what has no route is `unknown`.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._set_up_requests()
        self._set_up_matching()
        self._set_up_record()
        self._set_up_index()

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"crossmatch_{name}", told, labels, registry=self._registry)

    def _gauge(self, name: str, told: str) -> Gauge:
        return Gauge(f"crossmatch_{name}", told, registry=self._registry)

    def _histogram(self, name: str, told: str, *labels: str, buckets: tuple[float, ...] = _SECONDS) -> Histogram:
        return Histogram(f"crossmatch_{name}", told, labels, buckets=buckets, registry=self._registry)

    def exposition(self) -> tuple[bytes, str]:
        """All figures as they are now in Prometheus' text format, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4

    # Requests

    def _set_up_requests(self) -> None:
        self._requests = self._counter("requests", "Requests answered.", "method", "route", "status")
        told = "Time from a request to the end of its answer."
        self._request_seconds = self._histogram("request_duration_seconds", told, "method", "route")

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request to that route template was answered so, after so long."""
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    # Matching

    def _set_up_matching(self) -> None:
        self._stage_seconds = self._histogram("stage_duration_seconds", "Time that a stage of an answer took.", "stage")
        self._lists = self._counter("match_lists", "Match lists given out, by verdict.", "verdict")
        self._matches = self._counter("matches", "Matches given out, by whether they cross a border.", "cross_border")
        for stage in STAGES:
            self._stage_seconds.labels(stage)
        for verdict in get_args(MatchList.model_fields["verdict"].annotation):
            self._lists.labels(verdict)
        for crossing in ("yes", "no"):
            self._matches.labels(crossing)

    def took(self, stage: str, seconds: float) -> None:
        """A stage of an answer (one of `STAGES`) took so long."""
        self._stage_seconds.labels(stage).observe(seconds)

    def given_out(self, entry: LoggedList) -> None:
        """A list was put on record and is handed out."""
        self._lists.labels(entry.answer.verdict).inc()
        for match in entry.answer.matches:
            self._matches.labels("yes" if match.cross_border else "no").inc()

    # The record

    def _set_up_record(self) -> None:
        self._entries = self._counter("record_entries_written", "Entries made durable.")
        self._batches = self._histogram("record_batch_size", "Entries of one transaction.", buckets=_BATCH_SIZES)
        self._failures = self._counter("record_write_failures", "Entries that could not be written.")
        self._waiting = self._gauge("record_waiting_writes", "Writes that wait to be made durable.")
        self._lag = self._gauge("record_lag_seconds", "Age of the oldest write that waits.")

    def written(self, records: int) -> None:
        """So many were made durable in one transaction."""
        if records:
            self._entries.inc(records)
            self._batches.observe(records)

    def writing_failed(self, records: int) -> None:
        """So many could not be written."""
        self._failures.inc(records)

    def watch_writing(self, waiting: Callable[[], float], lag_s: Callable[[], float]) -> None:
        """Ask these, whenever figures are fetched, how many writes wait and how long the oldest has."""
        self._waiting.set_function(_or_nan(waiting))
        self._lag.set_function(_or_nan(lag_s))

    # The index

    def _set_up_index(self) -> None:
        self._index = Info("crossmatch_index", "The index in use.", registry=self._registry)
        self._providers = self._gauge("index_providers", "Providers in the index in use.")
        self._passages = self._gauge("index_passages", "Passages in the index in use.")
        self._since = self._gauge("index_taken_timestamp_seconds", "When the index in use was taken into use.")
        self._newest = self._gauge(
            "index_is_newest", "1 if the index in use is the one on the disk, 0 if that one was refused."
        )
        self._reloads = self._counter("index_reloads", "Indexes that were to be taken into use after the start.", "result")
        for result in ("taken", "refused"):
            self._reloads.labels(result)

    def index_in_use(self, matcher: Matcher) -> None:
        """The service answers with this from now on."""
        components = matcher.components
        told = {"engine": matcher.fingerprint, "directory": components["directory"], "encoder": components["encoder"]}
        self._index.info({name: str(value) for name, value in told.items()})
        self._providers.set(len(matcher.index))
        self._passages.set(len(matcher.index.passages))
        self._since.set(time.time())
        self._newest.set(1)

    def index_taken(self, matcher: Matcher) -> None:
        """A new index was taken into use while the service ran."""
        self._reloads.labels("taken").inc()
        self.index_in_use(matcher)

    def index_refused(self) -> None:
        """The index on the disk cannot be used; the one in use stays."""
        self._reloads.labels("refused").inc()
        self._newest.set(0)

    def index_is_newest(self) -> None:
        """The index on the disk is the one in use again: what was refused is gone."""
        self._newest.set(1)


def _or_nan(figure: Callable[[], float]) -> Callable[[], float]:
    """One figure that cannot be told must not take all others along."""

    def told() -> float:
        try:
            return float(figure())
        except Exception:
            return _NAN

    return told
