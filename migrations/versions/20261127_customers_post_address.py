"""Where letters to a customer go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c6e1f4a87b20"
down_revision: str | None = "7a3c51e09b64"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("post_code", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("post_address", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("post_address")
        batch_op.drop_column("post_code")
