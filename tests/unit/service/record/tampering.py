"""Changes beside Crossmatch, and what verifying finds of them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection

from matcher.errors import RecordBroken
from service.record.verifying import verified


def run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def broken(connection: Connection, place: str) -> RecordBroken:
    """What verifying finds; it must be there."""
    with pytest.raises(RecordBroken) as caught:
        verified(connection)
    assert re.match(place, caught.value.place), str(caught.value)
    assert "Somebody changed the database beside Crossmatch" in str(caught.value)
    return caught.value
