"""Work orders with their lines, and what a car needs later."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a1af303aa4c2"
down_revision: str | None = "b8f14c02d9e7"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "service_recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("car_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("by", sa.Date(), nullable=True),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["car_id"], ["customer_car.id"], name=op.f("fk_service_recommendation_car_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["service_visit.id"], name=op.f("fk_service_recommendation_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_recommendation")),
    )
    with op.batch_alter_table("service_recommendation", schema=None) as batch_op:
        batch_op.create_index("ix_service_recommendation_by", ["by"], unique=False)
        batch_op.create_index("ix_service_recommendation_car", ["car_id"], unique=False)
        batch_op.create_index("ix_service_recommendation_visit", ["visit_id"], unique=False)

    op.create_table(
        "work_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("car_id", sa.Integer(), nullable=True),
        sa.Column("advisor_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("customer_words", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=20), nullable=False),
        sa.Column("extra_limit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("hidden_defects", sa.String(length=40), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("clocked_hours", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("labour", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("parts", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("discount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tax", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("contract_no", sa.String(length=40), nullable=False),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.CheckConstraint("extra_limit >= 0", name=op.f("ck_work_order_limit_not_negative")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_work_order_paid_not_negative")),
        sa.ForeignKeyConstraint(["advisor_id"], ["user_account.id"], name=op.f("fk_work_order_advisor_id")),
        sa.ForeignKeyConstraint(["car_id"], ["customer_car.id"], name=op.f("fk_work_order_car_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_work_order_centre_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_work_order_customer_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["user_account.id"], name=op.f("fk_work_order_technician_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["service_visit.id"], name=op.f("fk_work_order_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
    )
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.create_index("ix_work_order_advisor", ["advisor_id"], unique=False)
        batch_op.create_index("ix_work_order_centre_state", ["centre_id", "state"], unique=False)
        batch_op.create_index("ix_work_order_closed", ["closed_at"], unique=False)
        batch_op.create_index("ix_work_order_opened", ["opened_at"], unique=False)
        batch_op.create_index("uq_work_order_visit", ["visit_id"], unique=True)

    op.create_table(
        "work_order_labour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("extra", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("rate", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("qty", sa.Numeric(precision=6, scale=0), nullable=False),
        sa.Column("discount", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.CheckConstraint("discount >= 0 AND discount <= 100", name=op.f("ck_work_order_labour_discount_is_a_share")),
        sa.CheckConstraint("hours >= 0 AND rate >= 0 AND qty > 0", name=op.f("ck_work_order_labour_amounts_plausible")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name=op.f("fk_work_order_labour_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_labour")),
    )
    with op.batch_alter_table("work_order_labour", schema=None) as batch_op:
        batch_op.create_index("ix_work_order_labour_order", ["order_id"], unique=False)

    op.create_table(
        "work_order_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("extra", sa.Boolean(), nullable=False),
        sa.Column("article", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("maker", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("qty", sa.Numeric(precision=10, scale=3), nullable=False),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("discount", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.CheckConstraint("discount >= 0 AND discount <= 100", name=op.f("ck_work_order_part_discount_is_a_share")),
        sa.CheckConstraint("qty > 0 AND price >= 0", name=op.f("ck_work_order_part_amounts_plausible")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name=op.f("fk_work_order_part_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_part")),
    )
    with op.batch_alter_table("work_order_part", schema=None) as batch_op:
        batch_op.create_index("ix_work_order_part_order", ["order_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("work_order_part", schema=None) as batch_op:
        batch_op.drop_index("ix_work_order_part_order")

    op.drop_table("work_order_part")
    with op.batch_alter_table("work_order_labour", schema=None) as batch_op:
        batch_op.drop_index("ix_work_order_labour_order")

    op.drop_table("work_order_labour")
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_index("uq_work_order_visit")
        batch_op.drop_index("ix_work_order_opened")
        batch_op.drop_index("ix_work_order_closed")
        batch_op.drop_index("ix_work_order_centre_state")
        batch_op.drop_index("ix_work_order_advisor")

    op.drop_table("work_order")
    with op.batch_alter_table("service_recommendation", schema=None) as batch_op:
        batch_op.drop_index("ix_service_recommendation_visit")
        batch_op.drop_index("ix_service_recommendation_car")
        batch_op.drop_index("ix_service_recommendation_by")

    op.drop_table("service_recommendation")
