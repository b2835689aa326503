"""Open cases by who is responsible for them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5b0f3ad9c817"
down_revision: str | None = "89d0d228a3c5"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

IS_ACTIVE = sa.text("status = 'active'")


def upgrade() -> None:
    op.create_index(
        "ix_process_instance_active",
        "process_instance",
        ["owner_id", "scope_id"],
        sqlite_where=IS_ACTIVE,
        postgresql_where=IS_ACTIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_process_instance_active", "process_instance")
