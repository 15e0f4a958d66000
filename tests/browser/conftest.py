"""The console in a real browser. Where there is none these tests say so by name and are left out."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from matcher.evaluation.judging_sheet import write_sheet
from matcher.evaluation.pooling import PooledPair
from matcher.pipeline import Matcher
from matcher.shipped import shipped_needs
from matcher.workshop.example import example_event
from service.access.keyring import Keyring
from service.desk import Desk
from service.record.sql_keys import SqlKeyStore
from service.record.sql_log import SqlMatchLog
from tests.browser.reception import Office
from tests.unit.service.api import app_of
from tests.unit.service.evaluations.tiny_evaluation import better, tiny_evaluation

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while it is open an event loop runs in this thread, and tests elsewhere run their own."""
    found = os.environ.get("CROSSMATCH_TEST_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(_NAMES)} is installed, so the pages were not tried in one")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def office(real_matcher: Matcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The service over the shipped directory, with a record of its own."""
    home = tmp_path_factory.mktemp("browser")
    log = SqlMatchLog(f"sqlite:///{home / 'log.sqlite3'}")
    keyring = Keyring(SqlKeyStore(log))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app_of(Desk(real_matcher, log), keyring, home=home), log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield Office(f"http://127.0.0.1:{listening.getsockname()[1]}", keyring, log)
    server.should_exit = True
    thread.join()
    listening.close()
    log.close()


@pytest.fixture(scope="session")
def pictures(pytestconfig: pytest.Config) -> Path:
    """Where screenshots are kept, to be looked at."""
    folder = pytestconfig.rootpath / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of the example event."""
    folder = tmp_path_factory.mktemp("event")
    for name, content in example_event().items():
        (folder / name).write_bytes(content)
    return sorted(one for one in folder.iterdir() if one.suffix != ".md")


@pytest.fixture(scope="session")
def sheet(real_matcher: Matcher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pairs to judge."""
    file = tmp_path_factory.mktemp("judging") / "sheet.csv"
    need = shipped_needs()[0]
    providers = real_matcher.index.directory.providers[:3]
    pairs = [PooledPair(need.need_id, provider.provider_id) for provider in providers]
    write_sheet(file, pairs, {need.need_id: need}, real_matcher.index.directory)
    return file


@pytest.fixture(scope="session")
def evaluation_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two evaluations of one benchmark, the second the better one."""
    folder = tmp_path_factory.mktemp("evaluations")
    first = tiny_evaluation(folder)
    files = []
    for name, content in (("before.json", first), ("after.json", better(first))):
        files.append(folder / name)
        files[-1].write_text(json.dumps(content), encoding="utf-8")
    return files


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A new window; every mistake that the browser tells of is a mistake of the page."""
    told: list[str] = []
    contexts = []

    def open_one(
        *, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True, language: str = "en"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale=language,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda message: told.append(message.text) if "Content Security Policy" in message.text else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert told == []
