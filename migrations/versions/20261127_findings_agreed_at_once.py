"""What a customer agrees to at the inspection is kept until the work order is written."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b3f1c46a9d27"
down_revision: str | None = "4f8d1c6b93ae"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("service_visit", sa.Column("agreed", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("service_visit", "agreed")
