"""Who looks at pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.desk import Desk
from tests.unit.service.api import app_of, keyring_of
from tests.unit.service.console.browser_like import ORIGIN


@pytest.fixture
def organiser(small_desk: Desk, tmp_path: Path) -> Iterator[TestClient]:
    """A browser in which an organiser signed in, with a home of the service's own."""
    keyring = keyring_of(small_desk.log)
    key, _ = keyring.create("The organiser", "organiser", None, by="a test")
    app = app_of(small_desk, keyring, home=tmp_path / "home")
    with TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}) as client:
        client.post("/console/sign-in", data={"key": key})
        yield client
