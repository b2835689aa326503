"""The cars that are in a workshop are found at once."""

from collections.abc import Sequence

from alembic import op

revision: str = "d9c27e5140fb"
down_revision: str | None = "9c27155a3b17"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("service_visit", schema=None) as batch_op:
        batch_op.create_index("ix_service_visit_centre_status", ["centre_id", "status"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("service_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_service_visit_centre_status")
