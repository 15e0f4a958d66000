"""The tables of the record. A change here needs a migration beside it (`service/record/migrations/versions`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

engines = Table(
    "engines",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("components", Text, nullable=False, comment="JSON: encoder, directory, settings of every step"),
)

batches = Table(
    "batches",
    metadata,
    Column("batch_id", String(40), primary_key=True),
    Column("opened_at", DateTime, nullable=False, comment="UTC"),
    Column("opened_by", String(200), nullable=False),
    Column("source", String(500), nullable=False, comment="name of the file of needs, if there was one"),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the needs without their words"),
    Column("needs", Integer, nullable=False),
    Column("refused", Integer, nullable=False, comment="rows that were no needs"),
    Column("engine", String(64), ForeignKey("engines.fingerprint"), nullable=False),
)

batch_closings = Table(
    "batch_closings",
    metadata,
    Column("batch_id", String(40), ForeignKey("batches.batch_id"), primary_key=True),
    Column("closed_at", DateTime, nullable=False, comment="UTC"),
    Column("closed_by", String(200), nullable=False),
    Column("lists", Integer, nullable=False),
    Column("without_match", Integer, nullable=False),
    Column("matches", Integer, nullable=False),
    Column("cross_border", Integer, nullable=False),
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
    Column("request", Text, nullable=False, comment="JSON: need without its words, filters, policy, k"),
    Column("language", String(3), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("notes", Text, nullable=False, comment="JSON list"),
    Column("considered", Text, nullable=False, comment="JSON: how many providers each step left out"),
    Column("engine", String(64), ForeignKey("engines.fingerprint"), nullable=False),
    Column("company_key", String(600), nullable=False, server_default="", comment="the company in any spelling; derived"),
    Column("batch", String(40), ForeignKey("batches.batch_id"), nullable=True, comment="null: made by itself"),
    Index("ix_match_lists_company_key", "company_key"),
    Index("ix_match_lists_region", "region"),
    Index("ix_match_lists_created_at", "created_at"),
    Index("ix_match_lists_batch", "batch"),
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
    Column("match", Text, nullable=False, comment="JSON: the whole match, without the need's words"),
    Index("ix_matches_match_list", "match_list"),
    Index("ix_matches_provider_id", "provider_id"),
    sqlite_autoincrement=True,
)

confidential = Table(
    "confidential",
    metadata,
    Column("match_list", Integer, ForeignKey("match_lists.id"), primary_key=True, autoincrement=False),
    Column("salt", String(64), nullable=False, comment="256 random bits; the chain holds the hash of salt and words"),
    Column("words", Text, nullable=False, comment="JSON: all that is in the need's own words"),
)

entries = Table(
    "entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3, …"),
    Column("kind", String(20), nullable=False),
    Column("recorded_at", DateTime, nullable=False, comment="UTC"),
    Column("recorded_by", String(200), nullable=False),
    Column("match_list", Integer, ForeignKey("match_lists.id"), nullable=True),
    Column("match", Integer, ForeignKey("matches.id"), nullable=True),
    Column("body", Text, nullable=False, comment="canonical JSON: what was recorded"),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_entries_match_list", "match_list"),
    Index("ix_entries_match", "match"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("request", String(64), nullable=False, comment="SHA-256 of salt and request"),
    Column("entry", Integer, ForeignKey("entries.seq"), nullable=False),
    Column("created_at", DateTime, nullable=False, comment="UTC"),
    Index("ix_idempotency_entry", "entry"),
    Index("ix_idempotency_created_at", "created_at"),
)

keys = Table(
    "keys",
    metadata,
    Column("key_id", String(20), primary_key=True),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the key"),
    Column("holder", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("region", String(500), nullable=True, comment="null: all regions"),
    Column("created_at", DateTime, nullable=False, comment="UTC"),
    Column("created_by", String(200), nullable=False),
    Column("expires_at", DateTime, nullable=False, comment="UTC"),
)

revocations = Table(
    "revocations",
    metadata,
    Column("key_id", String(20), ForeignKey("keys.key_id"), primary_key=True),
    Column("revoked_at", DateTime, nullable=False, comment="UTC"),
    Column("revoked_by", String(200), nullable=False),
)

programmes = Table(
    "programmes",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("programme_id", String(100), nullable=False),
    Column("adopted_at", DateTime, nullable=False, comment="UTC"),
    Column("adopted_by", String(200), nullable=False),
    Column("document", Text, nullable=False, comment="JSON: the whole rules"),
)

applications = Table(
    "applications",
    metadata,
    Column("application_id", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("programme", String(64), ForeignKey("programmes.version"), nullable=False),
    Column("match", Integer, ForeignKey("matches.id"), nullable=False),
    Column("call", String(100), nullable=False),
    Column("incentive", String(100), nullable=False),
    Column("region", String(100), nullable=False),
    Column("applicant", String(600), nullable=False, comment="the company in any spelling"),
    Column("submitted_at", DateTime, nullable=False, comment="UTC"),
    Column("submitted_by", String(200), nullable=False),
    Column("document", Text, nullable=False, comment="JSON: the whole application"),
    Index("ix_applications_match", "match"),
    Index("ix_applications_applicant", "applicant"),
    Index("ix_applications_region", "region"),
)

application_steps = Table(
    "application_steps",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("application", Integer, ForeignKey("applications.application_id"), nullable=False),
    Column("programme", String(64), ForeignKey("programmes.version"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("recorded_at", DateTime, nullable=False, comment="UTC"),
    Column("recorded_by", String(200), nullable=False),
    Column("reserved", BigInteger, nullable=False, comment="cents; negative: released"),
    Column("paid", BigInteger, nullable=False, comment="cents"),
    Column("document", Text, nullable=False, comment="JSON: what it tells"),
    Index("ix_application_steps_application", "application"),
)

provider_steps = Table(
    "provider_steps",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("provider_id", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("region", String(500), nullable=False),
    Column("recorded_at", DateTime, nullable=False, comment="UTC"),
    Column("recorded_by", String(200), nullable=False),
    Column("document", Text, nullable=False, comment="JSON: what it tells"),
    Index("ix_provider_steps_provider_id", "provider_id"),
)

links = Table(
    "links",
    metadata,
    Column("link_id", String(20), primary_key=True),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the token"),
    Column("purpose", String(20), nullable=False),
    Column("subject", String(100), nullable=False, comment="the one match, provider or company that it is for"),
    Column("region", String(500), nullable=False),
    Column("made_at", DateTime, nullable=False, comment="UTC"),
    Column("made_by", String(200), nullable=False),
    Column("expires_at", DateTime, nullable=False, comment="UTC"),
    Column("document", Text, nullable=False, comment="JSON: what it shows"),
    Index("ix_links_subject", "subject"),
)

answers = Table(
    "answers",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("link", String(20), ForeignKey("links.link_id"), nullable=False, unique=True),
    Column("answered_at", DateTime, nullable=False, comment="UTC"),
    Column("document", Text, nullable=False, comment="JSON: what was answered"),
)

notes = Table(
    "notes",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("match_list", Integer, ForeignKey("match_lists.id"), nullable=False),
    Column("match", Integer, ForeignKey("matches.id"), nullable=True, comment="null: about the whole list"),
    Column("kind", String(20), nullable=False),
    Column("answers", Integer, ForeignKey("notes.seq"), nullable=True, comment="the correction asked for that it answers"),
    Column("written_at", DateTime, nullable=False, comment="UTC"),
    Column("written_by", String(200), nullable=False),
    Index("ix_notes_match_list", "match_list"),
    Index("ix_notes_kind", "kind"),
)

note_words = Table(
    "note_words",
    metadata,
    Column("note", Integer, ForeignKey("notes.seq"), primary_key=True, autoincrement=False),
    Column("salt", String(64), nullable=False, comment="256 random bits; the chain holds the hash of salt and words"),
    Column("words", Text, nullable=False, comment="what it says; erased with the need's words"),
)
