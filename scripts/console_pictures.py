"""Take the pictures of the console that the README shows: python scripts/console_pictures.py

A service over the shipped directory with a record of its own, one sample need, the example event; all of it is thrown away
after. Needs a browser: Chromium on the path, or the one that CROSSMATCH_TEST_BROWSER names.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from embeddings.encoder import open_encoder
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.shipped import shipped_directory
from matcher.workshop.example import example_event
from service.access.caller import Role
from service.access.keyring import Keyring
from service.api.application import create_app
from service.desk import Desk
from service.record.sql_keys import SqlKeyStore
from service.record.sql_log import SqlMatchLog
from service.settings import Settings

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
NEED = "need-01.nl"
"""A sample need, in Dutch."""
LARGEST = 150_000
"""Bytes of a picture."""


def main() -> int:
    """Take them; 1 where there is no browser."""
    found = os.environ.get("CROSSMATCH_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        print("There is no browser: install Chromium, or name one in CROSSMATCH_TEST_BROWSER.", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as home, _service(Path(home)) as (address, keyring), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = _signed_in(browser, address, keyring, "advisor")
        listed = _matched(page, address)
        _keep(page, "match-list")
        phone = _signed_in(browser, address, keyring, "advisor", width=390, height=844, dark=True)
        phone.goto(listed)
        _keep(phone, "match-list-phone")
        page = _signed_in(browser, address, keyring, "organiser")
        _planned(page, address, Path(home))
        _keep(page, "workshop")
        browser.close()
    return 0


@contextmanager
def _service(home: Path) -> Iterator[tuple[str, Keyring]]:
    encoder = open_encoder("bundled-e5")
    log = SqlMatchLog(f"sqlite:///{home / 'log.sqlite3'}")
    keyring = Keyring(SqlKeyStore(log))
    desk = Desk(build_matcher(ProviderIndex.build(shipped_directory(), encoder), encoder), log)
    app = create_app(desk, keyring, Settings(home=home))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", keyring
        server.should_exit = True
        thread.join()
    log.close()


def _signed_in(
    browser: Browser, address: str, keyring: Keyring, role: Role, *, width: int = 1280, height: int = 860, dark: bool = False
) -> Page:
    key, _ = keyring.create(f"Desk of the {role}", role, None, by="pictures")
    scheme = "dark" if dark else "light"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en")
    page.goto(f"{address}/console/sign-in")
    page.fill("#key", key)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def _matched(page: Page, address: str) -> str:
    page.goto(f"{address}/console/match?sample={NEED}")
    page.click("button.main")
    page.wait_for_url("**/console/lists/*")
    return page.url


def _planned(page: Page, address: str, home: Path) -> None:
    folder = home / "event"
    folder.mkdir()
    for name, content in example_event().items():
        (folder / name).write_bytes(content)
    page.goto(f"{address}/console/workshops")
    page.set_input_files("#files", sorted(one for one in folder.iterdir() if one.suffix != ".md"))
    page.get_by_role("button", name="Send and plan").click()
    page.locator("#tables").wait_for(timeout=300_000)


def _keep(page: Page, name: str) -> None:
    """A picture of what the window shows, in as many colours as the pages use."""
    with Image.open(BytesIO(page.screenshot())) as taken:
        file = PICTURES / f"{name}.png"
        taken.convert("RGB").quantize(128).save(file, optimize=True)
    size = file.stat().st_size
    assert size <= LARGEST, f"{file} has {size:,} bytes"
    print(f"{file.name}: {size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
