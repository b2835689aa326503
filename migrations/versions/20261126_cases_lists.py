"""Saved views, seen cases, acts on many cases, and the indexes of lists and boards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c41d7e0a92b5"
down_revision: str | None = "78ec3e7dceda"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OPEN_TASK, OPEN_EPISODE = sa.text("state = 'open'"), sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("board", sa.Boolean(), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["owner_id"])
    op.create_index("ix_saved_view_role", "saved_view", ["role"])
    op.create_table(
        "default_view",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_default_view_user_id")),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name=op.f("fk_default_view_view_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_default_view")),
    )
    op.create_index(op.f("ix_default_view_view_id"), "default_view", ["view_id"])
    op.create_table(
        "seen_case",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_seen_case_user_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_seen_case_instance_id")),
        sa.PrimaryKeyConstraint("user_id", "instance_id", name=op.f("pk_seen_case")),
    )
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoing", sa.Boolean(), nullable=False),
        sa.Column("back", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_bulk_act_actor_id")),
        sa.ForeignKeyConstraint(["to_id"], ["user_account.id"], name=op.f("fk_bulk_act_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
    )
    op.create_index("ix_bulk_act_actor", "bulk_act", ["actor_id"])
    states = sa.Enum("waiting", "done", "refused", "undone", "kept", name="itemstate", native_enum=False, length=40)
    op.create_table(
        "bulk_item",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_act.id"], name=op.f("fk_bulk_item_act_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_bulk_item_instance_id")),
        sa.PrimaryKeyConstraint("act_id", "instance_id", name=op.f("pk_bulk_item")),
    )
    op.create_index(
        "ix_human_task_open_due",
        "human_task",
        ["instance_id", "due_at"],
        sqlite_where=OPEN_TASK,
        postgresql_where=OPEN_TASK,
    )
    op.create_index(
        "ix_episode_open",
        "episode",
        ["process_key", "last_milestone", "instance_id"],
        sqlite_where=OPEN_EPISODE,
        postgresql_where=OPEN_EPISODE,
    )


def downgrade() -> None:
    op.drop_index("ix_episode_open", table_name="episode")
    op.drop_index("ix_human_task_open_due", table_name="human_task")
    for table in ("bulk_item", "bulk_act", "seen_case", "default_view", "saved_view"):
        op.drop_table(table)
