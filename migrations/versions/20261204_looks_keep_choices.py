"""A request for a second look keeps what was chosen for running cases."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e4b17d90c253"
down_revision: str | None = "d19f6b3a7c52"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("studio_approval", sa.Column("running", sa.String(length=40), nullable=True))
    op.add_column("studio_approval", sa.Column("mapping", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("studio_approval") as table:
        table.alter_column("mapping", server_default=None)


def downgrade() -> None:
    op.drop_column("studio_approval", "mapping")
    op.drop_column("studio_approval", "running")
