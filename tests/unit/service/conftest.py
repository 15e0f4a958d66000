"""The real application over the small world, called through its HTTP interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.api import create_app
from service.desk import Desk


@pytest.fixture
def client(small_desk: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(lambda: small_desk)) as opened:
        yield opened
