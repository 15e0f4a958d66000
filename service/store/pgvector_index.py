"""Nearest passages by vector, searched in PostgreSQL: `embeddings.nearest.Nearest` over a table divided by country.

The trap of a filtered HNSW search is that it silently finds fewer rows than are wanted, or worse ones. Here it cannot: few
kept rows are compared one by one, a longer search goes on until it has enough, and where it gives up all the same the kept
rows are compared one by one after all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import Connection

from embeddings.dense_kind import DenseKind
from embeddings.encoder import Vectors
from embeddings.errors import IndexDamaged, IndexMissing
from embeddings.full_vectors import NOTHING, Rows
from embeddings.hits import Hits, Mask, best, check_search
from embeddings.store import REBUILD
from service.store.database import StoreDatabase
from service.store.errors import StoreUnavailable
from service.store.kinds import PgvectorConfig
from service.store.places import Places
from service.store.sent_vectors import received
from service.store.statements import Part, fetched, nearest, prepare, written
from service.store.where import Countries, Kept, Where


class PgvectorIndex:
    """The vectors of one build. Products are the database's, in float32; they may differ from FAISS's in the last digit."""

    def __init__(
        self,
        database: StoreDatabase,
        table: str,
        dim: int,
        kind: DenseKind,
        places: Places,
        indexed: Collection[str] = (),
        config: PgvectorConfig | None = None,
    ) -> None:
        """Over vectors that `service.store.vector_rows` wrote.

        Args:
            database: where they are.
            table: their name there.
            dim: numbers in one.
            kind: their type.
            places: whose each is.
            indexed: countries whose partition has an HNSW index.
            config: when it is searched.
        """
        self._database = database
        self.table = table
        self._dim = dim
        self.kind = kind
        self._countries = Countries(places)
        self._has_index = np.isin(self._countries.names, list(indexed))
        self._config = config or PgvectorConfig()

    @property
    def count(self) -> int:
        """Vectors."""
        return int(self._countries.sizes.sum())

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return self._dim

    def search(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """See `embeddings.nearest.Nearest`. Of the mask the database gets what it needs: countries, and rows where it must.

        Raises:
            StoreUnavailable: the database does not answer.
            IndexMissing: the build was removed after two newer ones.
            IndexDamaged: rows were removed since it was opened.
        """
        check_search(k, allowed, self.count)
        return self._search(query_vectors, k, self._countries.kept_by_mask(allowed))

    def search_where(self, query_vectors: Vectors, k: int, where: Where) -> list[Hits]:
        """As `search`, of the rows that pass a filter by columns.

        Raises:
            StoreUnavailable, IndexMissing: see `search`.
        """
        check_search(k, None, self.count)
        return self._search(query_vectors, k, self._countries.kept_by(where))

    def exactly(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """As `search`, by comparing every allowed row, whatever the type."""
        check_search(k, allowed, self.count)
        return self._search(query_vectors, k, self._countries.kept_by_mask(allowed), exact=True)

    def vectors(self, ids: Rows) -> Vectors:
        """The stored vectors of those rows, `(len(ids), dim)` float32.

        Raises:
            ValueError: a row is none of this index.
            StoreUnavailable, IndexMissing, IndexDamaged: see `search`.
        """
        ids = np.asarray(ids, dtype=np.int64)
        if not len(ids):
            return np.empty((0, self._dim), dtype=np.float32)
        asked, place = np.unique(ids, return_inverse=True)
        if asked[0] < 0 or asked[-1] >= self.count:
            wrong = asked[0] if asked[0] < 0 else asked[-1]
            raise ValueError(f"The rows must be from 0 to {self.count - 1}. Got {wrong}.")
        statement = f"SELECT row, vector_send(embedding) FROM {self.table}"  # noqa: S608
        parameters: dict[str, Any] = {}
        if len(asked) < self.count:
            # Within a SELECT for the reason that `service.store.where` gives.
            listed = "CAST((SELECT CAST(%(rows)s AS integer[])) AS integer[])"
            statement += f" WHERE country = ANY(%(countries)s) AND row = ANY({listed})"
            parameters = {"countries": self._countries.of(asked), "rows": asked.tolist()}
        with self._reading() as connection:
            rows = sorted(fetched(connection, statement, parameters))
        if len(rows) != len(asked):
            raise self._damaged(len(asked), len(rows))
        found = received((message for _, message in rows), self._dim)
        return found[place]

    def _search(self, queries: Vectors, k: int, kept: Kept, *, exact: bool = False) -> list[Hits]:
        possible = int(kept.by_country.sum())
        if possible == 0 or len(queries) == 0:
            return [NOTHING for _ in queries]
        wanted = min(k, possible)
        indexed = np.zeros(len(self._countries.names), dtype=np.bool_) if exact else self._by_index(kept, wanted)
        parts, parameters = self._parts(kept, wanted, indexed)
        with self._reading() as connection:
            if not all(part.exact for part in parts):
                prepare(connection, self._config, int(self._countries.sizes.max()), wanted)
            found = [self._of_query(connection, query, wanted, parts, parameters) for query in queries]
        for number, query in enumerate(queries):
            if found[number] is not None:
                continue
            if not indexed.any():
                raise self._damaged(wanted, None)
            [found[number]] = self._search(query[None], k, kept, exact=True)
        return [hits for hits in found if hits is not None]

    def _by_index(self, kept: Kept, wanted: int) -> Mask:
        """Of each country, whether its index is searched, and not the rows that are kept of it."""
        few = (kept.by_country <= self._config.exact_below_kept) | (wanted > self._config.exact_from_share * kept.by_country)
        return self._has_index & (kept.by_country > 0) & ~few

    def _parts(self, kept: Kept, wanted: int, indexed: Mask) -> tuple[list[Part], dict[str, Any]]:
        names, parts = self._countries.names, []
        parameters: dict[str, Any] = {"k": wanted}
        compared = ~indexed & (kept.by_country > 0)
        if compared.any():
            conditions = kept.comparing
            if not compared.all():
                conditions = ("country = ANY(:countries)", *conditions)
                parameters["countries"] = [names[number] for number in np.flatnonzero(compared)]
            parts.append(Part(self.table, conditions, min(wanted, int(kept.by_country[compared].sum())), True))
        for number in np.flatnonzero(indexed):
            partition = f"{self.table}_{names[number].lower()}"
            parts.append(Part(partition, kept.searching, min(wanted, int(kept.by_country[number])), False))
        said = " ".join(condition for part in parts for condition in part.conditions)
        return parts, parameters | {name: value for name, value in kept.parameters.items() if f":{name}" in said}

    def _of_query(
        self, connection: Connection, query: Vectors, wanted: int, parts: list[Part], parameters: dict[str, Any]
    ) -> Hits | None:
        """`None` where there were fewer rows than there are: an index gave up, or some are gone."""
        rows = connection.execute(nearest(parts), parameters | {"query": written(query)}).all()
        number, row, product = (np.array([one[column] for one in rows]) for column in range(3))
        counts = np.bincount(number.astype(np.int64), minlength=len(parts))
        if any(count < part.expected for count, part in zip(counts, parts, strict=True)):
            return None
        return best(row.astype(np.int64), product.astype(np.float32), wanted)

    def _damaged(self, wanted: int, found: int | None) -> IndexDamaged:
        place = f"vectors of build {self.table.rpartition('_')[2]} in the {self._database.place}"
        return IndexDamaged(place, f"hold {wanted} rows that were asked for", "fewer" if found is None else str(found), REBUILD)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._database.reading() as connection:
                yield connection
        except StoreUnavailable as error:
            if error.is_missing_table:
                place = f"build {self.table.rpartition('_')[2]} of the {self._database.place}"
                found = "one that was removed after two newer ones"
                raise IndexMissing(place, "be there", found, REBUILD) from error
            raise
