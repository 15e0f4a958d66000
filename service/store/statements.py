"""SQL of a search. It says to the planner what must not be left to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, text

from embeddings.encoder import Vectors
from service.store.kinds import PgvectorConfig

OF_CONNECTION = (
    # A plan for any parameters knows neither how many rows are allowed nor which partitions are left.
    "SET plan_cache_mode = force_custom_plan",
    # Compiling costs more than a search.
    "SET jit = off",
)
"""Said once to every connection that searches."""
_SETTINGS = {
    # Without it a filtered search of an HNSW index ends when it has looked at `ef_search` rows, however few were allowed.
    "hnsw.iterative_scan": "strict_order",
    "hnsw.scan_mem_multiplier": "8",
    "work_mem": "32MB",
}
_OTHER_WAYS = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
"""What the planner may do instead of searching the index; it thinks little of an index that has to be searched on and on."""


def prepare(connection: Connection, config: PgvectorConfig, largest: int, k: int) -> None:
    """Have the rest of this transaction search indexes, and search them until they have found enough.

    Args:
        connection: in a transaction.
        config: how many neighbours are looked at.
        largest: vectors in the largest part, all of which a search may go through before it gives up.
        k: how many are wanted.
    """
    looked_at = min(1_000, max(config.looked_at, 2 * k))
    settings = _SETTINGS | {"hnsw.ef_search": str(looked_at), "hnsw.max_scan_tuples": str(max(1, min(largest, 2**31 - 1)))}
    settings |= dict.fromkeys(_OTHER_WAYS, "off")
    calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    connection.execute(text(f"SELECT {calls}"))


class Part(NamedTuple):
    """Where a part of the answer is found."""

    table: str
    conditions: tuple[str, ...]
    expected: int
    """Rows that it has to find; an index may give up before."""
    exact: bool
    """Compare every row that the conditions leave."""


def nearest(parts: Sequence[Part]) -> TextClause:
    """Of each part the `:k` rows nearest to `:query`: its number, row and product, level ones in order of row."""
    return text(" UNION ALL ".join(f"({_of_part(number, part)})" for number, part in enumerate(parts)))


def _of_part(number: int, part: Part) -> str:
    where = f"WHERE {' AND '.join(part.conditions)}" if part.conditions else ""
    distance = "embedding <#> CAST(:query AS vector)"
    # An index is built for the distance and not for a sum: of a sum every row's is computed.
    order = f"({distance}) + 0" if part.exact else distance
    return f"SELECT {number}, row, -({distance}) FROM {part.table} {where} ORDER BY {order}, row LIMIT :k"  # noqa: S608


def written(query: Vectors) -> str:
    """`(dim,)` as pgvector reads it from text: with all digits, so that nothing is lost."""
    return f"[{','.join(map(repr, query.tolist()))}]"


def fetched(connection: Connection, statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows in binary form, past SQLAlchemy: vectors are half as long as in text."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor(binary=True) as cursor:
        rows: list[tuple[Any, ...]] = cursor.execute(statement, parameters).fetchall()
    return rows
