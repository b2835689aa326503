"""The cars of customers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b1f5c08d3a27"
down_revision: str | None = "7d2e90b4c6a1"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "customer_car",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=True),
        sa.Column("vin_tail", sa.String(length=17), nullable=True),
        sa.Column("body_number", sa.String(length=17), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("plate_country", sa.String(length=3), nullable=False),
        sa.Column("plate_digits", sa.String(length=12), nullable=False),
        sa.Column("brand_code", sa.String(length=40), nullable=True),
        sa.Column("model_code", sa.String(length=40), nullable=True),
        sa.Column("description", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("km_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bought_here", sa.Boolean(), nullable=False),
        sa.Column("sale_key", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("km >= 0", name=op.f("ck_customer_car_km_not_negative")),
        sa.CheckConstraint("model_code IS NOT NULL OR description <> ''", name=op.f("ck_customer_car_has_a_name")),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR since <= until", name=op.f("ck_customer_car_ownership_ordered")
        ),
        sa.ForeignKeyConstraint(["brand_code"], ["brand.code"], name=op.f("fk_customer_car_brand_code")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_car_customer_id")),
        sa.ForeignKeyConstraint(["model_code"], ["car_model.code"], name=op.f("fk_customer_car_model_code")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_customer_car_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_car")),
    )
    with op.batch_alter_table("customer_car", schema=None) as batch_op:
        batch_op.create_index("ix_customer_car_customer", ["customer_id"], unique=False)
        batch_op.create_index("ix_customer_car_vin", ["vin"], unique=False)
        batch_op.create_index("ix_customer_car_vin_tail", ["vin_tail"], unique=False)
        batch_op.create_index("ix_customer_car_plate", ["plate"], unique=False)
        batch_op.create_index("ix_customer_car_plate_digits", ["plate_digits"], unique=False)
        batch_op.create_index(
            "uq_customer_car_vin_alive",
            ["vin"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("customer_car")
