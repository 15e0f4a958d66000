"""Figures as Prometheus reads them."""

from __future__ import annotations

import itertools
import math

import pytest
from prometheus_client import REGISTRY, Metric
from prometheus_client.parser import text_string_to_metric_families

from matcher.log import LoggedList
from matcher.pipeline import Matcher
from service.operation.metrics import STAGES, Metrics
from tests.fakes import need, request


class Figures:
    """An exposition, read by Prometheus' own parser."""

    def __init__(self, metrics: Metrics) -> None:
        exposed, self.content_type = metrics.exposition()
        families = text_string_to_metric_families(exposed.decode())
        self.families: dict[str, Metric] = {family.name: family for family in families}

    def __call__(self, sample: str, **labels: str) -> float:
        """The value of a sample, named without `crossmatch_`."""
        (value,) = [
            one.value
            for family in self.families.values()
            for one in family.samples
            if one.name == f"crossmatch_{sample}" and one.labels == labels
        ]
        return float(value)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def entry(matcher: Matcher, text: str) -> LoggedList:
    answer = matcher.match(request(need=need(text)))
    return LoggedList(list_id="1", request_id="2", created_at="2026-01-31T12:00:00Z", asked_by="an advisor", answer=answer)  # type: ignore[arg-type]


def test_a_new_application_has_every_figure_at_nought(metrics: Metrics) -> None:
    figures = Figures(metrics)
    assert figures.content_type.startswith("text/plain; version=0.0.4")
    assert [figures("stage_duration_seconds_count", stage=stage) for stage in STAGES] == [0, 0, 0]
    assert [figures("match_lists_total", verdict=verdict) for verdict in ("matches", "no good match")] == [0, 0]
    assert [figures("matches_total", cross_border=crossing) for crossing in ("yes", "no")] == [0, 0]
    assert figures("record_waiting_writes") == figures("record_lag_seconds") == 0
    assert all(family.documentation for family in figures.families.values() if family.name.startswith("crossmatch_"))


def test_two_applications_share_no_figure_with_each_other_or_with_anybody_else() -> None:
    first, second = Metrics(), Metrics()
    first.written(3)
    assert Figures(first)("record_entries_written_total") == 3
    assert Figures(second)("record_entries_written_total") == 0
    assert [family.name for family in REGISTRY.collect() if family.name.startswith("crossmatch")] == []


def test_requests_are_counted_by_method_route_and_status(metrics: Metrics) -> None:
    metrics.answered("GET", "/v1/matches", 200, 0.004)
    metrics.answered("GET", "/v1/matches", 200, 3.0)
    metrics.answered("GET", "/v1/matches", 422, 0.001)
    figures = Figures(metrics)
    of_route = {"method": "GET", "route": "/v1/matches"}
    assert figures("requests_total", **of_route, status="200") == 2
    assert figures("requests_total", **of_route, status="422") == 1
    assert figures("request_duration_seconds_count", **of_route) == 3
    assert figures("request_duration_seconds_sum", **of_route) == pytest.approx(3.005)
    below = [figures("request_duration_seconds_bucket", **of_route, le=le) for le in ("0.001", "0.005", "2.5", "10.0", "+Inf")]
    assert below == [1, 2, 2, 3, 3]


def test_stages_are_measured_each_by_itself(metrics: Metrics) -> None:
    for stage, seconds in zip(STAGES, (0.02, 0.003, 0.001), strict=True):
        metrics.took(stage, seconds)
    figures = Figures(metrics)
    assert [figures("stage_duration_seconds_sum", stage=stage) for stage in STAGES] == [0.02, 0.003, 0.001]


def test_lists_are_counted_by_verdict_and_matches_by_border(metrics: Metrics, small_matcher: Matcher) -> None:
    lists = [entry(small_matcher, text) for text in ("We look for inhalation toxicology with lung models.", "Zzz qqq xxx.")]
    for one in lists:
        metrics.given_out(one)
    matches = list(itertools.chain.from_iterable(one.answer.matches for one in lists))
    crossing = sum(match.cross_border for match in matches)
    assert 0 < crossing < len(matches)
    figures = Figures(metrics)
    for verdict in ("matches", "no good match"):
        assert figures("match_lists_total", verdict=verdict) == sum(one.answer.verdict == verdict for one in lists)
    assert figures("matches_total", cross_border="yes") == crossing
    assert figures("matches_total", cross_border="no") == len(matches) - crossing


def test_writing_is_counted_by_entry_and_by_transaction(metrics: Metrics) -> None:
    for records in (1, 12, 0):
        metrics.written(records)
    metrics.writing_failed(4)
    figures = Figures(metrics)
    assert figures("record_entries_written_total") == 13
    assert figures("record_batch_size_count") == 2
    assert figures("record_batch_size_bucket", le="10.0") == 1
    assert figures("record_write_failures_total") == 4


def test_what_waits_is_asked_when_figures_are_fetched(metrics: Metrics) -> None:
    waiting: list[float] = []
    metrics.watch_writing(lambda: len(waiting), lambda: max(waiting, default=0.0))
    assert Figures(metrics)("record_waiting_writes") == 0
    waiting.extend([0.5, 2.5])
    figures = Figures(metrics)
    assert (figures("record_waiting_writes"), figures("record_lag_seconds")) == (2, 2.5)


def test_a_figure_that_cannot_be_told_does_not_take_the_others_along(metrics: Metrics) -> None:
    metrics.watch_writing(lambda: 1 / 0, lambda: 3.0)
    figures = Figures(metrics)
    assert math.isnan(figures("record_waiting_writes"))
    assert figures("record_lag_seconds") == 3


def test_the_index_in_use_is_named_once(metrics: Metrics, small_matcher: Matcher) -> None:
    metrics.index_in_use(small_matcher)
    figures = Figures(metrics)
    directory = small_matcher.index.directory.fingerprint
    assert figures("index_info", engine=small_matcher.fingerprint, directory=directory, encoder="fake-1") == 1
    assert figures("index_providers") == 5
    assert figures("index_is_newest") == 1
    metrics.index_refused()
    assert Figures(metrics)("index_is_newest") == 0
    metrics.index_taken(small_matcher)
    figures = Figures(metrics)
    assert figures("index_is_newest") == 1
    assert [figures("index_reloads_total", result=result) for result in ("taken", "refused")] == [1, 1]
    assert len(figures.families["crossmatch_index_info"].samples) == 1


def test_label_values_with_quotes_and_lines_are_read_back(metrics: Metrics) -> None:
    odd = 'a "quoted"\\path\nin two lines'
    metrics.answered("GET", odd, 200, 0.1)
    assert Figures(metrics)("requests_total", method="GET", route=odd, status="200") == 1


def test_the_process_and_the_platform_are_told(metrics: Metrics) -> None:
    families = Figures(metrics).families
    assert families["python_info"].samples[0].value == 1
    assert families["process_resident_memory_bytes"].samples[0].value > 0
