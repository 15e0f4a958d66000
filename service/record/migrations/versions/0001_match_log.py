"""The first tables: engines, match lists, matches."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "engines",
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("components", sa.Text, nullable=False),
    )
    op.create_table(
        "match_lists",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("list_id", sa.String(40), nullable=False, unique=True),
        sa.Column("request_id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("need_id", sa.String(500), nullable=False),
        sa.Column("company", sa.String(500), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("region", sa.String(500), nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("considered", sa.Text, nullable=False),
        sa.Column("engine", sa.String(64), sa.ForeignKey("engines.fingerprint"), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("match_list", sa.Integer, sa.ForeignKey("match_lists.id"), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("provider_id", sa.String(100), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("cross_border", sa.Boolean, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("match", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_matches_match_list", "matches", ["match_list"])
    op.create_index("ix_matches_provider_id", "matches", ["provider_id"])
