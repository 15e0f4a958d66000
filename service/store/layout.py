"""The tables of the shared store, in a schema of their own beside the match log's.

builds      one row a build: its manifest
current     the one row that names the build in use, and the SHA-256 of its manifest
files       directory, passages, words and ordinary needs of a build, in parts
passages_B  vectors of build B and what filters ask of them; one partition a country
providers, evidence    views of the build in use, for who asks in SQL
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from embeddings.errors import shown
from service.store.errors import StoreUnavailable

SCHEMA = "crossmatch_index"
_COUNTRY = re.compile(r"[A-Z]{2}")

_TABLES = f"""
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.builds (
  build text PRIMARY KEY,
  built_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  manifest text NOT NULL
);
CREATE TABLE {SCHEMA}.current (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  build text NOT NULL REFERENCES {SCHEMA}.builds,
  manifest_sha256 text NOT NULL
);
CREATE TABLE {SCHEMA}.files (
  build text NOT NULL REFERENCES {SCHEMA}.builds ON DELETE CASCADE,
  file text NOT NULL,
  part integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (build, file, part)
);
-- The files are packed already.
ALTER TABLE {SCHEMA}.files ALTER COLUMN content SET STORAGE EXTERNAL;
"""

_VIEW = f"""
CREATE VIEW {SCHEMA}.{{name}} AS
SELECT {{columns}} FROM (
  SELECT convert_from(string_agg(content, ''::bytea ORDER BY part), 'UTF8')::jsonb AS whole
  FROM {SCHEMA}.files JOIN {SCHEMA}.current USING (build) WHERE file = '{{name}}.json'
) AS file, jsonb_array_elements(whole) AS record
"""  # noqa: S608
_VIEWS = {
    "providers": ("provider_id", "name", "category", "country", "region", "city", "url", "summary"),
    "evidence": ("evidence_id", "provider_id", "kind", "title", "topics", "year", "role", "reference"),
}


def make_tables(connection: Connection) -> None:
    """Make what is there before the first build, where it is not there yet."""
    if is_made(connection):
        return
    connection.exec_driver_sql(_TABLES)
    for name, columns in _VIEWS.items():
        told = ", ".join([*(f"record->>'{column}' AS {column}" for column in columns), "record"])
        connection.exec_driver_sql(_VIEW.format(name=name, columns=told))


def is_made(connection: Connection) -> bool:
    """Whether this database is or was a shared store."""
    return connection.execute(text(f"SELECT to_regclass('{SCHEMA}.current')")).scalar() is not None


def table_of(build: str) -> str:
    """Where a build's vectors are."""
    return f"{SCHEMA}.passages_{build}"


def make_vectors(connection: Connection, build: str, dim: int, countries: list[str]) -> None:
    """Make a build's table of vectors, with a partition for each of its countries."""
    table = table_of(build)
    connection.exec_driver_sql(
        f"CREATE TABLE {table} (row integer NOT NULL, provider_id text NOT NULL, country text NOT NULL, "
        f"category text NOT NULL, region text NOT NULL, embedding vector({dim}) NOT NULL) PARTITION BY LIST (country)"
    )
    for country in countries:
        partition = partition_of(build, country)
        connection.exec_driver_sql(f"CREATE TABLE {partition} PARTITION OF {table} FOR VALUES IN ('{country}')")
        if dim <= _IN_A_PAGE:
            # Kept out of the row, as PostgreSQL does with more than 2 kB, a vector takes twice as long to read.
            connection.exec_driver_sql(f"ALTER TABLE {partition} ALTER COLUMN embedding SET STORAGE PLAIN")


_IN_A_PAGE = 1_800
"""Numbers that lie in one page of 8 kB, with all the rest of the row."""


def index_vectors(connection: Connection, build: str, country: str, hnsw: tuple[int, int] | None) -> None:
    """Index a country's partition once it is filled: by row, and by nearness where `(m, ef_construction)` are given."""
    partition = partition_of(build, country)
    # Of each partition and not of the table: partitions may lie on other servers.
    connection.exec_driver_sql(f"CREATE UNIQUE INDEX ON {partition} (row)")
    if hnsw:
        how = f"WITH (m = {hnsw[0]}, ef_construction = {hnsw[1]})"
        connection.exec_driver_sql(f"CREATE INDEX ON {partition} USING hnsw (embedding vector_ip_ops) {how}")
    connection.exec_driver_sql(f"ANALYZE {partition}")


def partition_of(build: str, country: str) -> str:
    """The table of one country's vectors.

    Raises:
        StoreUnavailable: the country is none by two letters, and no part of a table's name.
    """
    if not _COUNTRY.fullmatch(country):
        remedy = "Correct the directory."
        raise StoreUnavailable("country of a passage", "be two capital letters", shown(country), remedy)
    return f"{table_of(build)}_{country.lower()}"


def remove_builds(connection: Connection) -> None:
    """Remove every build but the one in use and the one before it, with their files."""
    newest = f"SELECT build FROM {SCHEMA}.builds ORDER BY built_at DESC LIMIT 2"  # noqa: S608
    older = f"SELECT build FROM {SCHEMA}.builds WHERE build NOT IN ({newest})"  # noqa: S608
    others = connection.execute(text(f"{older} AND build NOT IN (SELECT build FROM {SCHEMA}.current)"))  # noqa: S608
    for build in others.scalars().all():
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table_of(build)}")
        connection.execute(text(f"DELETE FROM {SCHEMA}.builds WHERE build = :build"), {"build": build})  # noqa: S608
