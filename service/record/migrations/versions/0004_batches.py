"""Batches: many needs matched at once, with their opening, their closing, and which lists were made in them.

Lists of before have no batch, and their entries say nothing of one: they verify as they did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PROTECTED = ("batches", "batch_closings")


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("batch_id", sa.String(40), primary_key=True),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("opened_by", sa.String(200), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("needs", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("engine", sa.String(64), sa.ForeignKey("engines.fingerprint"), nullable=False),
    )
    op.create_table(
        "batch_closings",
        sa.Column("batch_id", sa.String(40), sa.ForeignKey("batches.batch_id"), primary_key=True),
        sa.Column("closed_at", sa.DateTime, nullable=False),
        sa.Column("closed_by", sa.String(200), nullable=False),
        sa.Column("lists", sa.Integer, nullable=False),
        sa.Column("without_match", sa.Integer, nullable=False),
        sa.Column("matches", sa.Integer, nullable=False),
        sa.Column("cross_border", sa.Integer, nullable=False),
    )
    # Written out, because SQLite takes a foreign key only within the column's own definition.
    op.execute("ALTER TABLE match_lists ADD COLUMN batch VARCHAR(40) REFERENCES batches (batch_id)")
    op.create_index("ix_match_lists_batch", "match_lists", ["batch"])
    if op.get_bind().dialect.name == "postgresql":
        _make_postgresql_triggers()
    else:
        _make_sqlite_triggers()


def _make_sqlite_triggers() -> None:
    for table in PROTECTED:
        # INSERT OR REPLACE deletes without asking the triggers of DELETE.
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE batch_id = NEW.batch_id)"  # noqa: S608
        for what, action, when in (("update", "UPDATE", ""), ("delete", "DELETE", ""), ("replace", "INSERT", there)):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what} BEFORE {action} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, 'the record is append-only: {table}'); END"
            )


def _make_postgresql_triggers() -> None:
    """With the function that the migration before made."""
    for table in PROTECTED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION record_is_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only()"
        )
