"""When a case is due, in its own row: lists of cases are read in their order from an index."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d2b8f6a413c7"
down_revision: str | None = "a7c41d9e5b26"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NOT_DUE = "9999-01-01 00:00:00.000000"  # of a case of which nothing is due; PostgreSQL reads it in its own zone
ACTIVE = sa.text("status = 'active'")
OPEN, FREE = sa.text("state = 'open'"), sa.text("state = 'open' AND assignee_id IS NULL")
DONE = sa.text("completed_at IS NOT NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL TIME ZONE 'UTC'")
    op.add_column(
        "process_instance",
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text(f"'{NOT_DUE}'")),
    )
    op.execute(
        "UPDATE process_instance SET due_at = COALESCE((SELECT min(human_task.due_at) FROM human_task"
        " WHERE human_task.instance_id = process_instance.id AND human_task.state = 'open'), due_at)"
        " WHERE status = 'active'"
    )
    op.create_index(
        "ix_process_instance_due", "process_instance", ["due_at", "id"], sqlite_where=ACTIVE, postgresql_where=ACTIVE
    )
    op.create_index("ix_process_instance_started", "process_instance", ["started_at", "id"])
    op.create_index("ix_process_instance_owner", "process_instance", ["owner_id", "started_at", "id"])
    op.create_index("ix_process_instance_ended", "process_instance", ["process_key", "ended_at", "id"])
    _index_tasks(
        free=FREE,
        done=["completed_at", "completed_by", "state", "due_at", "instance_id"],
    )


def downgrade() -> None:
    _index_tasks(free=OPEN, done=["completed_at", "completed_by"])
    op.drop_index("ix_process_instance_ended", "process_instance")
    op.drop_index("ix_process_instance_owner", "process_instance")
    op.drop_index("ix_process_instance_started", "process_instance")
    op.drop_index("ix_process_instance_due", "process_instance")
    op.drop_column("process_instance", "due_at")


def _index_tasks(*, free: sa.TextClause, done: list[str]) -> None:
    op.drop_index("ix_human_task_role_due", "human_task")
    op.drop_index("ix_human_task_completed", "human_task")
    columns = ["candidate_role", "scope_id", "due_at"]
    op.create_index("ix_human_task_role_due", "human_task", columns, sqlite_where=free, postgresql_where=free)
    op.create_index("ix_human_task_completed", "human_task", done, sqlite_where=DONE, postgresql_where=DONE)
