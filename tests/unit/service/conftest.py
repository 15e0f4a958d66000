"""The real application over the small world, called through its HTTP interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.desk import Desk
from tests.unit.service.api import client_of


@pytest.fixture
def client(small_desk: Desk) -> Iterator[TestClient]:
    with client_of(small_desk) as opened:
        yield opened
