"""What a work order costs us: purchase prices of its parts, and of a norm hour."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e2b7740c91da"
down_revision: str | None = "e3a95b07d1c8"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COSTS = (("work_order_labour", "hour_cost"), ("work_order_part", "unit_cost"), ("service_workshop", "hour_cost"))


def upgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cost", sa.Numeric(precision=14, scale=2), nullable=True))
    for table, column in COSTS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Numeric(precision=14, scale=2), nullable=True))
            batch_op.create_check_constraint(op.f(f"ck_{table}_cost_not_negative"), f"{column} >= 0")


def downgrade() -> None:
    for table, column in COSTS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_cost_not_negative"), type_="check")
            batch_op.drop_column(column)
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_column("cost")
