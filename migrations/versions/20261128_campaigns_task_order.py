"""A task of a campaign may follow another one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d47b1c90e3a5"
down_revision: str | None = "b26d9e4180fa"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("after_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_campaign_task_after_id"), "campaign_task", ["after_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_campaign_task_after_id"), type_="foreignkey")
        batch_op.drop_column("after_id")
