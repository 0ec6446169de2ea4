"""what the assistant remembers of a conversation

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHECKS = {
    "audience": ("self", "other", "child", "professional", "victim", "minor"),
    "offer": ("person", "more", "choice", "safe", "passed_on"),
}


def upgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        batch.add_column(sa.Column("audience", sa.String(length=24)))
        batch.add_column(sa.Column("country", sa.String(length=2)))
        batch.add_column(sa.Column("offer", sa.String(length=24)))
        batch.add_column(sa.Column("declined", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("refusals", sa.SmallInteger(), nullable=False, server_default="0"))
        for name, values in CHECKS.items():
            allowed = ", ".join(f"'{value}'" for value in values)
            batch.create_check_constraint(op.f(f"ck_conversation_{name}"), f"{name} IN ({allowed})")


def downgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_conversation_{name}"), type_="check")
        for name in ("refusals", "declined", "offer", "country", "audience"):
            batch.drop_column(name)
