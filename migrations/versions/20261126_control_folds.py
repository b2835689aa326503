"""What runs out in cases, deviations and escalations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a4c1d27e90b3"
down_revision: str | None = "e0431407066a"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "case_expiry",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_case_expiry_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "name", name=op.f("pk_case_expiry")),
    )
    with op.batch_alter_table("case_expiry", schema=None) as batch_op:
        batch_op.create_index("ix_case_expiry_name_at", ["name", "at"], unique=False)

    op.create_table(
        "control_deviation",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "skipped",
                "corrected",
                "contact",
                "stranger",
                "offer",
                "postponed",
                name="deviation",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_control_deviation_instance_id")
        ),
        sa.ForeignKeyConstraint(["seq"], ["history_event.seq"], name=op.f("fk_control_deviation_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_control_deviation")),
    )
    with op.batch_alter_table("control_deviation", schema=None) as batch_op:
        batch_op.create_index("ix_control_deviation_instance_id", ["instance_id"], unique=False)
        batch_op.create_index(
            "ix_control_deviation_open",
            ["at", "person_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )

    op.create_table(
        "control_escalation",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_control_escalation_instance_id")
        ),
        sa.ForeignKeyConstraint(["seq"], ["history_event.seq"], name=op.f("fk_control_escalation_seq")),
        sa.ForeignKeyConstraint(["task_id"], ["human_task.id"], name=op.f("fk_control_escalation_task_id")),
        sa.PrimaryKeyConstraint("seq", "recipient_id", name=op.f("pk_control_escalation")),
    )
    with op.batch_alter_table("control_escalation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_control_escalation_open",
            ["recipient_id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    with op.batch_alter_table("control_check", schema=None) as batch_op:
        batch_op.create_index("ix_control_check_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("control_check", schema=None) as batch_op:
        batch_op.drop_index("ix_control_check_at")
    op.drop_table("control_escalation")
    op.drop_table("control_deviation")
    op.drop_table("case_expiry")
