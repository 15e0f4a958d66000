"""The tables of the match log. A change here needs a migration beside it (`service/migrations/versions`)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

engines = Table(
    "engines",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("components", Text, nullable=False, comment="JSON: encoder, directory, settings of every step"),
)

match_lists = Table(
    "match_lists",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("list_id", String(40), nullable=False, unique=True),
    Column("request_id", String(100), nullable=False),
    Column("created_at", DateTime, nullable=False, comment="UTC"),
    Column("asked_by", String(200), nullable=False),
    Column("need_id", String(500), nullable=False),
    Column("company", String(500), nullable=False),
    Column("country", String(2), nullable=False),
    Column("region", String(500), nullable=False),
    Column("request", Text, nullable=False, comment="JSON: need, filters, policy, k"),
    Column("language", String(3), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("notes", Text, nullable=False, comment="JSON list"),
    Column("considered", Text, nullable=False, comment="JSON: how many providers each step left out"),
    Column("engine", String(64), ForeignKey("engines.fingerprint"), nullable=False),
    sqlite_autoincrement=True,
)

matches = Table(
    "matches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("match_list", Integer, ForeignKey("match_lists.id"), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("provider_id", String(100), nullable=False),
    Column("category", String(20), nullable=False),
    Column("country", String(2), nullable=False),
    Column("cross_border", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("parts", Text, nullable=False, comment="JSON: the named numbers that add up to the score"),
    Column("match", Text, nullable=False, comment="JSON: the whole match with its explanation"),
    Index("ix_matches_match_list", "match_list"),
    Index("ix_matches_provider_id", "provider_id"),
    sqlite_autoincrement=True,
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("match", Integer, ForeignKey("matches.id"), nullable=False),
    Column("recorded_at", DateTime, nullable=False, comment="UTC"),
    Column("recorded_by", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reason", String(40), nullable=True, comment="only where it was declined"),
    Index("ix_outcomes_match", "match"),
    sqlite_autoincrement=True,
)
