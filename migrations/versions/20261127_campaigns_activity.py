"""Whom we have lost: the day an order closed, the service interval of a car, the mark on a card."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "f3d8052b6ec4"
down_revision: str | None = "e2b7740c91da"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.create_index("ix_work_order_customer", ["customer_id"], unique=False)
    order = sa.table("work_order", sa.column("closed_on", sa.Date()), sa.column("closed_at"))
    day = sa.func.date(order.c.closed_at)  # by UTC: workshops close no orders at night
    op.execute(order.update().where(order.c.closed_at.is_not(None)).values(closed_on=day))
    with op.batch_alter_table("customer_car", schema=None) as batch_op:
        batch_op.add_column(sa.Column("service_months", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_customer_car_service_interval_positive"), "service_months > 0")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_reason", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("lost_reason")
    with op.batch_alter_table("customer_car", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_customer_car_service_interval_positive"), type_="check")
        batch_op.drop_column("service_months")
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_index("ix_work_order_customer")
        batch_op.drop_column("closed_on")
