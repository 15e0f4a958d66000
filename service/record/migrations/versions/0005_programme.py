"""The programme around the matches: its rules, applications and what became of them, the directory's upkeep, links that
serve one purpose, and what was answered through them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PROTECTED = {
    "programmes": "version",
    "applications": "application_id",
    "application_steps": "seq",
    "provider_steps": "seq",
    "links": "link_id",
    "answers": "seq",
}
"""Table → its key."""


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("programme_id", sa.String(100), nullable=False),
        sa.Column("adopted_at", sa.DateTime, nullable=False),
        sa.Column("adopted_by", sa.String(200), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "applications",
        _of_entry("application_id"),
        sa.Column("programme", sa.String(64), sa.ForeignKey("programmes.version"), nullable=False),
        sa.Column("match", sa.Integer, sa.ForeignKey("matches.id"), nullable=False),
        sa.Column("call", sa.String(100), nullable=False),
        sa.Column("incentive", sa.String(100), nullable=False),
        sa.Column("region", sa.String(100), nullable=False),
        sa.Column("applicant", sa.String(600), nullable=False),
        sa.Column("submitted_at", sa.DateTime, nullable=False),
        sa.Column("submitted_by", sa.String(200), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    for column in ("match", "applicant", "region"):
        op.create_index(f"ix_applications_{column}", "applications", [column])
    op.create_table(
        "application_steps",
        _of_entry("seq"),
        sa.Column("application", sa.Integer, sa.ForeignKey("applications.application_id"), nullable=False),
        sa.Column("programme", sa.String(64), sa.ForeignKey("programmes.version"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("reserved", sa.BigInteger, nullable=False),
        sa.Column("paid", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_application_steps_application", "application_steps", ["application"])
    op.create_table(
        "provider_steps",
        _of_entry("seq"),
        sa.Column("provider_id", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("region", sa.String(500), nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_provider_steps_provider_id", "provider_steps", ["provider_id"])
    op.create_table(
        "links",
        sa.Column("link_id", sa.String(20), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("region", sa.String(500), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_links_subject", "links", ["subject"])
    op.create_table(
        "answers",
        _of_entry("seq"),
        sa.Column("link", sa.String(20), sa.ForeignKey("links.link_id"), nullable=False, unique=True),
        sa.Column("answered_at", sa.DateTime, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _make_postgresql_triggers()
    else:
        _make_sqlite_triggers()


def _of_entry(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("entries.seq"), primary_key=True, autoincrement=False)


def _make_sqlite_triggers() -> None:
    for table, key in PROTECTED.items():
        # INSERT OR REPLACE deletes without asking the triggers of DELETE.
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
        if table == "answers":
            there = "WHEN EXISTS (SELECT 1 FROM answers WHERE seq = NEW.seq OR link = NEW.link)"
        for what, action, when in (("update", "UPDATE", ""), ("delete", "DELETE", ""), ("replace", "INSERT", there)):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what} BEFORE {action} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, 'the record is append-only: {table}'); END"
            )


def _make_postgresql_triggers() -> None:
    """With the function that an earlier migration made."""
    for table in PROTECTED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION record_is_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only()"
        )
