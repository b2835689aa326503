"""Visits of steps, ways of cases, digests by month, and how far the log is folded into them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a7c41d9e5b26"
down_revision: str | None = "c4d81f0a6b35"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ENDS = ("completed", "skipped", "left", "cancelled", "moved", "migrated")


def upgrade() -> None:
    op.create_table(
        "element_visit",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Enum(*ENDS, name="end", native_enum=False, length=40), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("working", sa.Integer(), nullable=True),
        sa.Column("asleep", sa.Integer(), nullable=True),
        sa.Column("waiting_open", sa.Integer(), nullable=True),
        sa.Column("working_open", sa.Integer(), nullable=True),
        sa.Column("waiting_bin", sa.Integer(), nullable=True),
        sa.Column("working_bin", sa.Integer(), nullable=True),
        sa.Column("waiting_open_bin", sa.Integer(), nullable=True),
        sa.Column("working_open_bin", sa.Integer(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("migrated", sa.Boolean(), nullable=False),
        sa.Column("deviations", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_element_visit_instance_id")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=op.f("fk_element_visit_definition_id")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_element_visit")),
    )
    with op.batch_alter_table("element_visit", schema=None) as batch_op:
        batch_op.create_index("ix_element_visit_ended", ["process_key", "ended_at"], unique=False)
        batch_op.create_index("ix_element_visit_entered", ["process_key", "entered_at"], unique=False)
        batch_op.create_index(op.f("ix_element_visit_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(
            "ix_element_visit_open",
            ["process_key", "element"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index("ix_element_visit_owner", ["owner_id", "process_key"], unique=False)
        batch_op.create_index("ix_element_visit_person", ["person_id", "process_key"], unique=False)

    op.create_table(
        "case_path",
        sa.Column("instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("lasted", sa.Integer(), nullable=True),
        sa.Column("variant", sa.String(length=16), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_case_path_instance_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["process_definition.id"], name=op.f("fk_case_path_definition_id")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_case_path")),
    )
    with op.batch_alter_table("case_path", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_path_closed", ["process_key", "closed_at", "variant", "outcome", "lasted"], unique=False
        )
        batch_op.create_index("ix_case_path_opened", ["process_key", "opened_at", "closed_at"], unique=False)

    op.create_table(
        "element_digest",
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("migrated", sa.Integer(), nullable=False),
        sa.Column("deviations", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=False),
        sa.Column("working", sa.LargeBinary(), nullable=False),
        sa.Column("waiting_open", sa.LargeBinary(), nullable=False),
        sa.Column("working_open", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=op.f("fk_element_digest_definition_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_element_digest")),
    )
    with op.batch_alter_table("element_digest", schema=None) as batch_op:
        batch_op.create_index("ix_element_digest_process", ["process_key", "month"], unique=False)

    op.create_table(
        "analytics_progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("mark_seq", sa.Integer(), nullable=True),
        sa.Column("mark_counted", sa.Integer(), nullable=True),
        sa.Column("mark_horizon", sa.Integer(), nullable=True),
        sa.Column("built_to", sa.Integer(), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analytics_progress")),
    )


def downgrade() -> None:
    op.drop_table("analytics_progress")
    op.drop_table("element_digest")
    op.drop_table("case_path")
    op.drop_table("element_visit")
