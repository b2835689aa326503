"""Cases that a department has been asked to serve, by its role."""

from collections.abc import Sequence

from alembic import op

revision: str = "7d2e90b4c6a1"
down_revision: str | None = "5b0f3ad9c817"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_human_task_role_instance", "human_task", ["candidate_role", "instance_id", "scope_id"])


def downgrade() -> None:
    op.drop_index("ix_human_task_role_instance", "human_task")
