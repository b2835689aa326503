"""A message on its way knows whose case it may begin."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7a3c51e09b64"
down_revision: str | None = "552d1d5cccbc"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scope_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.drop_column("owner_id")
        batch_op.drop_column("scope_id")
