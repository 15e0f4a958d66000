"""Vectors as pgvector sends and receives them, and the digest that both sides of the connection can make.

A vector is its dimension and a zero (two bytes each), and its numbers (four bytes each), the high byte first. Numbers are
carried bit by bit, so that what is read is what was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from embeddings.encoder import Vectors
from service.store.places import Places

PLACE = "convert_to(concat_ws('/', provider_id, country, category, region), 'UTF8')"
"""SQL: what is digested of a row beside its vector; `Places.told` says the same."""


def sent(vectors: Vectors) -> list[bytes]:
    """One message a row of `(n, dim)` float32."""
    form = _form(vectors.shape[1])
    rows = np.zeros(len(vectors), dtype=form)
    rows["dim"], rows["numbers"] = vectors.shape[1], vectors
    whole, size = rows.tobytes(), form.itemsize
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def received(messages: Iterable[bytes], dim: int) -> Vectors:
    """`(n, dim)` float32 of as many messages.

    Raises:
        ValueError: one of them is of another dimension.
    """
    whole, form = b"".join(messages), _form(dim)
    rows = np.frombuffer(whole, dtype=form, count=len(whole) // form.itemsize)
    if rows.nbytes != len(whole) or np.any(rows["dim"] != dim):
        raise ValueError(f"The vectors must have {dim} numbers. Got others.")
    return rows["numbers"].astype(np.float32)


def digest(messages: Iterable[bytes], places: Places) -> str:
    """SHA-256 over the SHA-256 of each row, in order of row: what `DIGEST` makes in the database."""
    whole = hashlib.sha256()
    for row, message in enumerate(messages):
        whole.update(hashlib.sha256(message + places.told(row).encode()).digest())
    return whole.hexdigest()


DIGEST = f"""
SELECT count(*), min(row), max(row), encode(sha256(string_agg(one, ''::bytea ORDER BY row)), 'hex')
FROM (SELECT row, sha256(vector_send(embedding) || {PLACE}) AS one FROM {{table}} OFFSET 0) AS each_row
"""  # noqa: S608
"""SQL for `{table}`; without its OFFSET whole vectors would be sorted, where 32 bytes of each do."""


def _form(dim: int) -> np.dtype[np.void]:
    return np.dtype([("dim", ">i2"), ("unused", ">i2"), ("numbers", ">f4", (dim,))])
