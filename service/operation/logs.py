"""What the service says while it runs: one JSON object a line where nobody watches, readable lines in a terminal.

All code logs through the standard library, `logging.getLogger("crossmatch")` and below it, with fields in `extra`. Uvicorn's
lines, Python's warnings and errors that end a thread come out in the same form. Fields: `time`, `level`, `event`, `logger`,
`request_id` where a request is in progress, then those of the line itself, and `exception` with the whole traceback.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from service.operation.redaction import printable

Form = Literal["json", "plain"]

_FIRST = ("time", "level", "event", "logger", "request_id")
_logger = logging.getLogger("crossmatch")


class _LineHandler(logging.StreamHandler[TextIO]):
    """Keeps the form also where a line cannot be made: the standard library's report is no JSON and shows the arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Say that a line is missing, and where it was to be written."""
        cause = sys.exc_info()[0]
        told = (record.name, record.pathname, record.lineno, cause.__name__ if cause else "unknown")
        instead = logging.LogRecord(_logger.name, logging.ERROR, "", 0, "a line of %s (%s:%d) is missing: %s", told, None)
        with suppress(Exception):
            self.stream.write(self.format(instead) + self.terminator)
            self.flush()


def line_handler(form: Form, stream: TextIO) -> logging.Handler:
    """A handler that writes records of any logger in that form; colours only where the stream is a terminal."""
    handler = _LineHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                _in_order_and_redacted,
                _renderer(form, colours=stream.isatty()),
            ],
        )
    )
    return handler


def set_up_logs(form: Form | None = None, stream: TextIO | None = None) -> None:
    """Send what every logger says to standard error. To be called once by who runs the service, before uvicorn is made
    with `log_config=None`.

    Args:
        form: `json` or `plain`; by default `plain` in a terminal and `json` elsewhere.
        stream: elsewhere than standard error.
    """
    stream = stream or sys.stderr
    handler = line_handler(form or ("plain" if stream.isatty() else "json"), stream)
    # Of the handler too: a library that lets its own logger say everything passes by the root's level.
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, _LineHandler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in ("crossmatch", "uvicorn"):
        logging.getLogger(name).setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # It has the whole path and query string in it; `RequestLog` says what is needed.
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(True)
    threading.excepthook = _thread_failed


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_type is SystemExit or failed.exc_value is None:
        return
    name = failed.thread.name if failed.thread else "unknown"
    _logger.error("a thread ended by an error", extra={"thread_name": name}, exc_info=failed.exc_value)


def _in_order_and_redacted(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    # Uvicorn's second wording of the same line, with colour codes.
    event.pop("color_message", None)
    event["event"] = str(event["event"]).rstrip("\n")
    first = {name: event.pop(name) for name in _FIRST if name in event}
    # Libraries put marks of their own on every record of the process, Ray a clock's.
    rest = {name: value for name, value in event.items() if not name.startswith("_")}
    shown: EventDict = printable({**first, **rest})
    return shown


def _renderer(form: Form, *, colours: bool) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=colours,
        sort_keys=False,
        timestamp_key="time",
        # The default shows the local variables of every frame: needs and keys among them.
        exception_formatter=structlog.dev.plain_traceback,
    )
