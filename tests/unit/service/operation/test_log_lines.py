"""Every line in one form, whoever says it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog

from service.access.keys import new_key
from service.operation.logs import Form, line_handler

KEY = new_key().text

SERVICE = """
import logging, sys, threading, warnings
import structlog, uvicorn
from service.operation.logs import set_up_logs

set_up_logs()
uvicorn.Config(lambda: None, log_level="info", access_log=False, log_config=None)
logging.getLogger("crossmatch").info("ours")
logging.getLogger("crossmatch.access").warning("refused %s", "cm_abcdefgh_" + "A" * 43)
logging.getLogger("uvicorn.error").info("Started server process [%d]", 7, extra={"color_message": "Started"})
logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/open?token=x", "1.1", 200)
logging.getLogger("sqlalchemy.engine").info("too much")
logging.getLogger("bm25s").setLevel(logging.DEBUG)
logging.getLogger("bm25s").debug("far too much")
logging.getLogger("alembic").warning("from elsewhere")
logging.getLogger("crossmatch").info("%d arguments", "no number", "too many")
warnings.warn("old ways", DeprecationWarning, stacklevel=1)
def fails():
    raise RuntimeError("in a thread")
thread = threading.Thread(target=fails, name="writer")
thread.start()
thread.join()
structlog.contextvars.bind_contextvars(request_id="call-1")
try:
    fails()
except RuntimeError:
    logging.getLogger("crossmatch").exception("unexpected error")
set_up_logs("json")
logging.getLogger("crossmatch").info("once")
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Lines:
    """A logger of its own whose lines are kept."""

    def __init__(self, form: Form, stream: io.StringIO) -> None:
        self.stream = stream
        self.logger = logging.Logger("crossmatch.test")
        self.logger.addHandler(line_handler(form, stream))

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def entry(self) -> dict[str, Any]:
        (only,) = self.entries
        return only


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    with structlog.contextvars.bound_contextvars():
        structlog.contextvars.clear_contextvars()
        yield
        structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines() -> Lines:
    return Lines("json", io.StringIO())


def test_a_line_tells_time_level_event_and_logger_first(lines: Lines) -> None:
    lines.logger.warning("%d of %d", 3, 5, extra={"build": "abc"})
    entry = lines.entry
    assert list(entry) == ["time", "level", "event", "logger", "build"]
    assert datetime.fromisoformat(entry["time"]).utcoffset() is not None
    assert {**entry, "time": ""} == {
        "time": "",
        "level": "warning",
        "event": "3 of 5",
        "logger": "crossmatch.test",
        "build": "abc",
    }


def test_marks_that_a_library_puts_on_records_are_not_told(lines: Lines) -> None:
    lines.logger.warning("late", extra={"_some_timestamp_ns": 7, "build": "abc"})
    assert list(lines.entry) == ["time", "level", "event", "logger", "build"]


def test_the_request_in_progress_is_in_its_lines_only(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(request_id="call-1"):
        lines.logger.info("within")
    lines.logger.info("after")
    within, after = lines.entries
    assert within["request_id"] == "call-1"
    assert "request_id" not in after


def test_an_exception_is_there_whole_with_what_caused_it(lines: Lines) -> None:
    try:
        try:
            raise KeyError("inner")
        except KeyError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError:
        lines.logger.exception("failed")
    trace = lines.entry["exception"]
    assert trace.startswith("Traceback (most recent call last):")
    for part in ("KeyError: 'inner'", "direct cause", "RuntimeError: outer", __name__.rpartition(".")[2]):
        assert part in trace


@pytest.mark.parametrize("text", ["two\nlines", '"quoted"', "Åarhus ☃", "half \ud800", "\x1b[31m", "\u2028"])
def test_a_line_stays_one_line_of_json_whatever_it_says(lines: Lines, text: str) -> None:
    lines.logger.info("said %s", text, extra={"field": text})
    assert len(lines.text.split("\n")) == 2
    assert lines.entry["event"] == f"said {text}"
    assert lines.entry["field"] == text


@pytest.mark.parametrize("form", ["json", "plain"])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_key_is_in_a_line_wherever_it_was_given(form: Form, terminal: bool) -> None:
    lines = Lines(form, Terminal() if terminal else io.StringIO())
    lines.logger.info(KEY)
    lines.logger.info("key %s", KEY)
    lines.logger.info("fields", extra={"one": KEY, "many": [{"two": KEY}]})
    with structlog.contextvars.bound_contextvars(request_id=KEY):
        lines.logger.info("in the context")
    try:
        local = KEY
        raise RuntimeError(local)
    except RuntimeError:
        lines.logger.exception("failed", stack_info=True)
    lines.logger.info("%d", KEY)
    assert KEY[12:] not in lines.text
    assert lines.text.count("[redacted]") >= 6


def test_a_line_that_cannot_be_made_is_told_without_its_arguments(lines: Lines) -> None:
    lines.logger.info("%d", "We look for a partner.")
    entry = lines.entry
    assert entry["level"] == "error"
    assert "crossmatch.test" in entry["event"]
    assert "TypeError" in entry["event"]
    assert "partner" not in lines.text


def test_a_terminal_gets_colours_and_a_file_none() -> None:
    shown, kept = Lines("plain", Terminal()), Lines("plain", io.StringIO())
    for one in (shown, kept):
        one.logger.warning("Index %s", "open", extra={"build": "abc"})
    assert "\x1b[" in shown.text
    assert "\x1b[" not in kept.text
    for part in ("Index open", "warning", "crossmatch.test", "abc"):
        assert part in kept.text


def test_a_service_says_everything_as_json_lines_on_standard_error() -> None:
    ran = subprocess.run([sys.executable, "-c", SERVICE], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    entries = [json.loads(line) for line in ran.stderr.splitlines()]
    said = [(entry["logger"], entry["level"], entry["event"]) for entry in entries]
    assert said[0] == ("crossmatch", "info", "ours")
    assert said[1] == ("crossmatch.access", "warning", "refused cm_abcdefgh_[redacted]")
    assert said[2] == ("uvicorn.error", "info", "Started server process [7]")
    assert said[3] == ("alembic", "warning", "from elsewhere")
    assert "is missing: TypeError" in said[4][2]
    assert said[5][0] == "py.warnings"
    assert "DeprecationWarning: old ways" in said[5][2]
    assert said[6] == ("crossmatch", "error", "a thread ended by an error")
    assert entries[6]["thread_name"] == "writer"
    assert "RuntimeError: in a thread" in entries[6]["exception"]
    assert said[7] == ("crossmatch", "error", "unexpected error")
    assert entries[7]["request_id"] == "call-1"
    assert "color_message" not in ran.stderr
    assert said[8:] == [("crossmatch", "info", "once")]
