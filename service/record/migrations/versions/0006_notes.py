"""Notes beside the match lists; their words stand apart, and go with the need's."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PROTECTED = {"notes": "seq", "note_words": "note"}
"""Table → its key."""
_ERASED = """
    SELECT 1 FROM notes JOIN entries ON entries.match_list = notes.match_list
    WHERE notes.seq = OLD.note AND entries.kind = 'erasure'
"""


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("seq", sa.Integer, sa.ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
        sa.Column("match_list", sa.Integer, sa.ForeignKey("match_lists.id"), nullable=False),
        sa.Column("match", sa.Integer, sa.ForeignKey("matches.id"), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("answers", sa.Integer, sa.ForeignKey("notes.seq"), nullable=True),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.Column("written_by", sa.String(200), nullable=False),
    )
    op.create_index("ix_notes_match_list", "notes", ["match_list"])
    op.create_index("ix_notes_kind", "notes", ["kind"])
    op.create_table(
        "note_words",
        sa.Column("note", sa.Integer, sa.ForeignKey("notes.seq"), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _make_postgresql_triggers()
    else:
        _make_sqlite_triggers()


def _make_sqlite_triggers() -> None:
    for table, key in PROTECTED.items():
        # INSERT OR REPLACE deletes without asking the triggers of DELETE.
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
        kept = f"WHEN NOT EXISTS ({_ERASED})" if table == "note_words" else ""
        for what, action, when in (("update", "UPDATE", ""), ("delete", "DELETE", kept), ("replace", "INSERT", there)):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what} BEFORE {action} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, 'the record is append-only: {table}'); END"
            )


def _make_postgresql_triggers() -> None:
    """Words may be deleted once an erasure of their list is on record; all else stays."""
    op.execute(
        """
        CREATE FUNCTION words_of_notes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            erased boolean;
        BEGIN
            IF TG_OP = 'DELETE' THEN
                -- Of the record, not of whatever a session has put before it under that name.
                EXECUTE pg_catalog.format(
                    'SELECT EXISTS (SELECT 1 FROM %1$I.notes AS n JOIN %1$I.entries AS e ON e.match_list = n.match_list '
                    'WHERE n.seq = $1 AND e.kind = ''erasure'')', TG_TABLE_SCHEMA
                ) INTO erased USING OLD.note;
                IF erased THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION 'the record is append-only: %', TG_TABLE_NAME;
        END $$
        """
    )
    for table in PROTECTED:
        function = "words_of_notes_stay" if table == "note_words" else "record_is_append_only"
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only()"
        )
