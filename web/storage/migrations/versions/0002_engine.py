"""the whole engine: queue rank, transfer, letters, appointments, workers' capacity, presence by process

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = ("assistant", "waiting", "with_staff", "letter", "answering", "answered", "closed")
STATUSES = ("available", "busy", "break", "away")
CHECKS = {
    "ck_conversation_owner": "(state IN ('with_staff', 'answering')) = (staff_id IS NOT NULL)",
    "ck_conversation_closing": "(state = 'closed') = (closed_at IS NOT NULL)",
    "ck_conversation_queue": "(state = 'waiting') = (queue_at IS NOT NULL)",
    "ck_conversation_letter_state": "letter_state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")",
    "ck_conversation_state": "state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")",
}
INDEXES = {
    "ix_conversation_queue": (["queue_at", "conversation_id"], "queue_at IS NOT NULL"),
    "ix_conversation_turn": (["turn_since"], "turn_since IS NOT NULL"),
    "ix_conversation_closed_at": (["closed_at"], "closed_at IS NOT NULL"),
    "ix_conversation_letter": (["state", "active_at"], "state = 'letter'"),
    "ix_conversation_appointment": (["appointment_at"], "slot_id IS NOT NULL"),
    "ix_conversation_staff_id": (["staff_id"], "staff_id IS NOT NULL"),
}
OLD_INDEXES = (
    "ix_conversation_queue",
    "ix_conversation_turn",
    "ix_conversation_closed_at",
    "ix_conversation_staff_id",
    "ix_conversation_visitor_seen_at",
)


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("process_id", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_process")),
    )
    op.create_table(
        "slot",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name=op.f("ck_slot_places")),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_slot")),
        sa.UniqueConstraint("starts_at", name=op.f("uq_slot_starts_at")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("languages", sa.String(length=40), nullable=False, server_default="nl en"))
        batch.add_column(sa.Column("skills", sa.String(length=80), nullable=False, server_default=""))
        batch.add_column(sa.Column("capacity", sa.Integer(), nullable=False, server_default="3"))
        batch.add_column(sa.Column("status", sa.String(length=24), nullable=False, server_default="available"))
        batch.create_check_constraint(op.f("ck_staff_status"), sa.column("status").in_(STATUSES))
    for name in OLD_INDEXES:
        op.drop_index(name, table_name="conversation")
    with op.batch_alter_table("conversation") as batch:
        for name in ("ck_conversation_owner", "ck_conversation_closing", "ck_conversation_state"):
            batch.drop_constraint(op.f(name), type_="check")
    op.add_column("conversation", sa.Column("queue_at", sa.DateTime(timezone=True)))
    op.add_column("conversation", sa.Column("active_at", sa.DateTime(timezone=True)))
    # Whoever waits at this moment keeps the place that asking gave them.
    op.execute("UPDATE conversation SET queue_at = coalesce(asked_at, started_at) WHERE state = 'waiting'")
    op.execute("UPDATE conversation SET active_at = visitor_seen_at")
    with op.batch_alter_table("conversation", recreate="auto") as batch:
        batch.alter_column("active_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("returned", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("offered_to", sa.Integer()))
        batch.add_column(sa.Column("offered_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("slot_id", sa.Integer()))
        batch.add_column(sa.Column("appointment_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("letter_state", sa.String(length=24)))
        batch.add_column(sa.Column("warned_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("code_hash", sa.LargeBinary(length=32)))
        batch.add_column(sa.Column("visitor_process", sa.String(length=16)))
        batch.create_foreign_key(op.f("fk_conversation_offered_to"), "staff", ["offered_to"], ["staff_id"])
        batch.create_foreign_key(op.f("fk_conversation_slot_id"), "slot", ["slot_id"], ["slot_id"])
        batch.create_unique_constraint(op.f("uq_conversation_code_hash"), ["code_hash"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(name), sa.text(condition))
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "conversation", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError("letters and appointments have no place in the older tables: restore the backup instead")
