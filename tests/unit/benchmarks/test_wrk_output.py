"""What `wrk` prints, read."""

from __future__ import annotations

import pytest

from benchmarks.peers.wrk import posting, read_rate
from embeddings.errors import Refusal

TOLD = """Running 4s test @ http://127.0.0.1:8000/v1/match-lists
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    12.10ms    3.20ms  40.00ms   80.00%
  Latency Distribution
     50%   11.50ms
     75%   13.00ms
     90%   16.00ms
     99%   30.00ms
  5300 requests in 4.00s, 9.00MB read
Requests/sec:   1325.41
Transfer/sec:      2.25MB
"""


def test_rate_and_median_are_read() -> None:
    rate = read_rate(TOLD)
    assert (rate.requests_a_second, rate.median_ms, rate.refused) == (1325.41, 11.5, 0)


@pytest.mark.parametrize(("told", "milliseconds"), [("750.00us", 0.75), ("1.20s", 1200.0), ("2.00m", 120_000.0)])
def test_medians_of_every_unit_become_milliseconds(told: str, milliseconds: float) -> None:
    assert read_rate(TOLD.replace("11.50ms", told)).median_ms == pytest.approx(milliseconds)


def test_other_answers_and_broken_connections_are_counted() -> None:
    more = "  Socket errors: connect 0, read 2, write 0, timeout 1\n  Non-2xx or 3xx responses: 4\nRequests/sec"
    assert read_rate(TOLD.replace("Requests/sec", more)).refused == 7


def test_anything_else_is_refused() -> None:
    with pytest.raises(Refusal, match="tell rate and median"):
        read_rate("unable to connect")


def test_the_script_holds_every_body_and_the_key() -> None:
    script = posting(['{"need": "Bjørn"}'.encode("ascii", "backslashreplace").decode(), '{"need": 2}'], "secret")
    assert script.count("need") == 2
    assert "Bearer secret" in script


def test_without_a_key_no_authorisation_is_sent() -> None:
    assert "Authorization" not in posting(["{}"], "")
