"""holds, audit, and secrets that outlive a master key

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_hold_confirmed")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_hold_two_people")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.conversation_id"],
            name=op.f("fk_hold_conversation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.staff_id"], name=op.f("fk_hold_proposed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.staff_id"], name=op.f("fk_hold_confirmed_by")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_hold")),
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name=op.f("fk_audit_staff_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)

    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("key_id", sa.String(length=24), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )

    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE copies values of columns into pg_statistic, where they would outlive their rows.
        op.execute("ALTER TABLE conversation ALTER COLUMN wrapped_key SET STATISTICS 0")
        op.execute("ALTER TABLE entry ALTER COLUMN sealed SET STATISTICS 0")
        op.execute("ALTER TABLE hold ALTER COLUMN sealed_reason SET STATISTICS 0")


def downgrade() -> None:
    for table in ("secret", "audit", "hold"):
        op.drop_table(table)
