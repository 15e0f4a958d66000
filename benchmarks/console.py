"""How soon the first match is to be seen on the console, from the click on the button on.

    python -m benchmarks.console [--rounds 12] [--home HOME] [--write]

Starts `crossmatch serve` over an index of its own in a temporary folder; nothing of the user's is touched. Needs a browser:
Chromium on the path, or the one that CROSSMATCH_TEST_BROWSER names. With `--write` the table in `benchmarks/README.md` is
replaced by this run's.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.asking import new_text
from benchmarks.report import machine, table, write
from benchmarks.running_service import new_key, running_service
from matcher.records import Need
from matcher.shipped import shipped_needs
from service.desk import build_index
from service.settings import Settings

WORDS = (20, 100, 300)
_SECONDS, _BYTES = 1.0, 150_000
"""Allowed: until the first match is to be seen, and of a page without its map."""
_WARM = 3
"""Needs that are asked before anything is measured: the service has been up for a while."""
_BUSY = 3.0
"""Load of the machine above which the table says so."""
_MAPS = "[...document.querySelectorAll('.map')].reduce((sum, one) => sum + new Blob([one.outerHTML]).size, 0)"


@dataclass
class Measured:
    """Of needs of one length."""

    browser: list[float] = field(default_factory=list)
    """Seconds from the click until the first match is to be seen."""
    http: list[float] = field(default_factory=list)
    """Seconds from the form that is sent until the last byte of the list's page."""
    bytes: list[int] = field(default_factory=list)
    """Of the list's page."""
    maps: list[int] = field(default_factory=list)
    """Of these, the drawing of the map."""
    encoding: float = 0.0
    """Mean seconds that the encoder took for a need."""

    def add(self, by_http: float, seen: float, size: int, drawing: int) -> None:
        """One need."""
        self.http.append(by_http)
        self.browser.append(seen)
        self.bytes.append(size)
        self.maps.append(drawing)


def needs_of(words: int) -> Iterator[Need]:
    """Sample needs of about that many words: their last ones, which say what is sought, and whole ones before them."""
    samples = shipped_needs()
    for number, one in enumerate(samples):
        before = " ".join(samples[number - step].text for step in range(words // 100, 0, -1))
        yield one.model_copy(update={"text": " ".join(f"{before} {one.text}".split()[-words:])})


class InBrowser:
    """Somebody who signed in."""

    def __init__(self, browser: Browser, port: int, key: str) -> None:
        self._start = f"http://127.0.0.1:{port}/console"
        self._page: Page = browser.new_page(locale="en")
        self._page.goto(f"{self._start}/sign-in")
        self._page.fill("#key", key)
        self._page.keyboard.press("Enter")
        self._page.wait_for_url(lambda url: "sign-in" not in url)

    def ask(self, need: Need) -> tuple[float, int, int] | None:
        """Seconds until the first match is to be seen, bytes of the page, and those of its map; `None` without a match."""
        page = self._page
        page.goto(f"{self._start}/match")
        page.fill("#text", need.text)
        page.fill("#company", need.company)
        page.select_option("#country", need.country)
        began = time.perf_counter()
        page.click("button.main")
        page.locator("ol.cards > li, main > div.note").first.wait_for(state="visible")
        seconds = time.perf_counter() - began
        if page.locator("ol.cards > li").count() == 0:
            return None
        return seconds, len(page.request.get(page.url).body()), int(page.evaluate(_MAPS))


class OverHttp:
    """The same forms without a browser, each need over one connection that is there already."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
        with closing(self._connected()) as connection:
            answer = self._sent(connection, "/console/sign-in", {"key": key})
        self._headers["Cookie"] = str(answer.headers["Set-Cookie"]).partition(";")[0]

    def ask(self, need: Need) -> float | None:
        """Seconds until the whole page of the list is there; `None` without a match."""
        told = {"text": need.text, "company": need.company, "country": need.country}
        with closing(self._connected()) as connection:
            began = time.perf_counter()
            answer = self._sent(connection, "/console/match", told)
            connection.request("GET", answer.headers["Location"], headers=self._headers)
            page = connection.getresponse()
            content = page.read()
            seconds = time.perf_counter() - began
        if page.status != 200:
            raise SystemExit(f"The page of the list answered {page.status}: {content[:500]!r}")
        return seconds if b'id="rank-1"' in content else None

    def _connected(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.connect()
        return connection

    def _sent(self, connection: http.client.HTTPConnection, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        connection.request("POST", path, urlencode(fields), self._headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 303:
            raise SystemExit(f"{path} answered {answer.status}: {content[:500]!r}")
        return answer


def measured(home: Path, executable: str, rounds: int) -> dict[int, Measured]:
    """Number of words → what was measured; every need is new to the service, down to the last sentence."""
    found = {words: Measured() for words in WORDS}
    with running_service(home) as (_, port), sync_playwright() as playwright:
        plain = OverHttp(port, new_key(home, "advisor"))
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = InBrowser(browser, port, new_key(home, "advisor"))
        renewed = _renewing()
        for need in islice(needs_of(100), _WARM):
            plain.ask(renewed(need))
            page.ask(renewed(need))
        evaluator = new_key(home, "evaluator")
        for words, told in found.items():
            took, times = _encoded(port, evaluator)
            for need in needs_of(words):
                by_http, seen = plain.ask(renewed(need)), page.ask(renewed(need))
                # A list without a match is shorter, and there is nothing to wait for.
                if by_http is not None and seen is not None:
                    told.add(by_http, *seen)
                if len(told.http) == rounds:
                    break
            took, times = (after - before for after, before in zip(_encoded(port, evaluator), (took, times), strict=True))
            told.encoding = took / times
        browser.close()
    return found


def _encoded(port: int, key: str) -> tuple[float, float]:
    """Seconds that encoding took up to now, and how many needs."""
    with urlopen(Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {key}"})) as answer:
        lines = answer.read().decode().splitlines()
    named = (f'crossmatch_stage_duration_seconds_{kind}{{stage="encode"}} ' for kind in ("sum", "count"))
    took, times = (float(next(line for line in lines if line.startswith(name)).rpartition(" ")[2]) for name in named)
    return took, times


def _renewing() -> Callable[[Need], Need]:
    """Gives a need whose sentences nobody asked for before."""
    number = 0

    def renewed(need: Need) -> Need:
        nonlocal number
        number += 1
        return need.model_copy(update={"text": new_text(need.text, str(number))})

    return renewed


def rows(found: dict[int, Measured]) -> list[list[str]]:
    """Of the table."""
    told = []
    for words, one in found.items():
        need = f"{words}-word need"
        for what, seconds in (("click to first match seen", one.browser), ("the same over plain HTTP", one.http)):
            told.append([f"{need}, {what}", f"{median(seconds):.2f} s", f"{max(seconds):.2f} s", f"{_SECONDS:.0f} s"])
        told.append([f"{need}, encoding in both (mean)", f"{one.encoding:.2f} s", "", ""])
    sizes = [size - drawing for one in found.values() for size, drawing in zip(one.bytes, one.maps, strict=True)]
    drawings = [drawing for one in found.values() for drawing in one.maps]
    told.append(["page of a list, without its map", _kilobytes(median(sizes)), _kilobytes(max(sizes)), _kilobytes(_BYTES)])
    told.append(["its map", _kilobytes(median(drawings)), _kilobytes(max(drawings)), ""])
    return told


def _kilobytes(count: float) -> str:
    return f"{count / 1000:.0f} kB"


def main() -> int:
    """Measure, print, and with `--write` keep; 1 where there is no browser."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=12, help="needs of each length")
    options.add_argument("--home", type=Path, help="folder whose index is copied; built anew if left out")
    options.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    chosen = options.parse_args()
    executable = os.environ.get("CROSSMATCH_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        print("There is no browser: install Chromium, or name one in CROSSMATCH_TEST_BROWSER.", file=sys.stderr)
        return 1
    home = Path(tempfile.mkdtemp(prefix="crossmatch-console-"))
    try:
        if chosen.home is None:
            build_index(Settings(home=home))
        else:
            shutil.copytree(chosen.home / "index", home / "index")
        before = os.getloadavg()[0]
        found = measured(home, executable, chosen.rounds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    needs = min(len(one.http) for one in found.values())
    line = f"{machine()}, service and browser on the same cores; {needs} needs of each length, each new to the service"
    if before > _BUSY:
        line += f"; other work ran on the same cores (load {before:.1f} before the run)"
    content = f"{line}\n\n" + table(["what", "median", "largest", "allowed"], rows(found))
    print(content)
    if chosen.write:
        write("console", content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
