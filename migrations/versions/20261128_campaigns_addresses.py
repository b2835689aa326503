"""An address gets one mail of a campaign, however many cards have it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8f15a3c7d264"
down_revision: str | None = "7c2e90b5a1d8"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("campaign_recipient", sa.Column("address_hash", sa.String(length=64), nullable=True))
    op.create_index("ix_campaign_recipient_address", "campaign_recipient", ["campaign_id", "address_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_campaign_recipient_address", table_name="campaign_recipient")
    op.drop_column("campaign_recipient", "address_hash")
