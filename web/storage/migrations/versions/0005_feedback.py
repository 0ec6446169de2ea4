"""what people say afterwards

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("ticket_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("helpful", sa.String(length=24), nullable=True),
        sa.Column("sealed_missing", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("helpful IN ('yes', 'partly', 'no')", name=op.f("ck_feedback_helpful")),
        sa.CheckConstraint("helpful IS NOT NULL OR sealed_missing IS NOT NULL", name=op.f("ck_feedback_something")),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE copies values of columns into pg_statistic, where they would outlive their rows.
        op.execute("ALTER TABLE feedback ALTER COLUMN sealed_missing SET STATISTICS 0")
        op.execute("ALTER TABLE feedback ALTER COLUMN ticket_hash SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("feedback")
