"""What the table of temperatures says of a worksheet is kept with it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7c2e90b5a1d8"
down_revision: str | None = "41d7e0b2c593"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BY_HORIZON = {"now": "hot", "7d": "hot", "30d": "warm", "90d": "cool", "later": "cold"}


def upgrade() -> None:
    op.add_column("worksheet", sa.Column("temperature_by_horizon", sa.String(length=40), nullable=True))
    worksheets = sa.table("worksheet", sa.column("horizon"), sa.column("temperature_by_horizon"))
    op.execute(
        worksheets.update()
        .where(worksheets.c.horizon.is_not(None))
        .values(temperature_by_horizon=sa.case(BY_HORIZON, value=worksheets.c.horizon))
    )


def downgrade() -> None:
    op.drop_column("worksheet", "temperature_by_horizon")
