"""A campaign keeps the rule of its segment that was approved."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b26d9e4180fa"
down_revision: str | None = "8f15a3c7d264"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("approved_rule", sa.Text(), nullable=True))
    campaign = sa.table("campaign", sa.column("segment_id"), sa.column("approved_rule"), sa.column("status"))
    segment = sa.table("segment", sa.column("id"), sa.column("rule"), sa.column("frozen_at"))
    rule = sa.select(segment.c.rule).where(segment.c.id == campaign.c.segment_id, segment.c.frozen_at.is_(None))
    op.execute(campaign.update().where(campaign.c.status == "approved").values(approved_rule=rule.scalar_subquery()))


def downgrade() -> None:
    op.drop_column("campaign", "approved_rule")
