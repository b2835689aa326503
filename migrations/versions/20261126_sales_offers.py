"""Test drives, appraisals, offers, discounts and reservations of a worksheet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e0431407066a"
down_revision: str | None = "c942d7bcdd19"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "discount_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("requested", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("counter_step", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("approved", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("requested > 0", name=op.f("ck_discount_request_requested_positive")),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_discount_request_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_discount_request_decided_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_discount_request_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_request")),
    )
    with op.batch_alter_table("discount_request", schema=None) as batch_op:
        batch_op.create_index("ix_discount_request_worksheet", ["worksheet_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("variants", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("discount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("total >= 0", name=op.f("ck_offer_total_not_negative")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_offer_made_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_offer_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("worksheet_id", "version", name=op.f("uq_offer_worksheet_id_version")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("vehicle", sa.String(length=160), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("place", sa.String(length=30), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deposit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("deposit_paid", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("deposit >= 0", name=op.f("ck_reservation_deposit_not_negative")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_reservation_made_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_reservation_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_worksheet", ["worksheet_id"], unique=False)
        batch_op.create_index(
            "uq_reservation_vin_in_force",
            ["vin"],
            unique=True,
            sqlite_where=sa.text("released_at IS NULL AND vin <> ''"),
            postgresql_where=sa.text("released_at IS NULL AND vin <> ''"),
        )

    op.create_table(
        "test_drive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("demo_car", sa.String(length=120), nullable=False),
        sa.Column("licence_number", sa.String(length=10), nullable=False),
        sa.Column("licence_expiry", sa.Date(), nullable=False),
        sa.Column("driver_age", sa.Integer(), nullable=False),
        sa.Column("experience_years", sa.Integer(), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("odometer_start", sa.Integer(), nullable=False),
        sa.Column("odometer_end", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("damage", sa.Text(), nullable=False),
        sa.Column("damage_decision", sa.String(length=20), nullable=False),
        sa.Column("damage_cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_test_drive_minutes_positive")),
        sa.CheckConstraint("odometer_end >= odometer_start", name=op.f("ck_test_drive_odometer_forward")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_test_drive_recorded_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_test_drive_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_drive")),
    )
    with op.batch_alter_table("test_drive", schema=None) as batch_op:
        batch_op.create_index("ix_test_drive_car_at", ["demo_car", "at"], unique=False)
        batch_op.create_index("ix_test_drive_worksheet", ["worksheet_id"], unique=False)

    op.create_table(
        "tradein_appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("brand", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("mileage", sa.Integer(), nullable=False),
        sa.Column("owners", sa.Integer(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("market_price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("repair_total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("margin", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("offer_price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("customer_expectation", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reject_reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("appraised_by", sa.Integer(), nullable=True),
        sa.Column("appraised_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("offer_price >= 0", name=op.f("ck_tradein_appraisal_price_not_negative")),
        sa.ForeignKeyConstraint(["appraised_by"], ["user_account.id"], name=op.f("fk_tradein_appraisal_appraised_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["user_account.id"], name=op.f("fk_tradein_appraisal_approved_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_tradein_appraisal_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tradein_appraisal")),
    )
    with op.batch_alter_table("tradein_appraisal", schema=None) as batch_op:
        batch_op.create_index("ix_tradein_appraisal_worksheet", ["worksheet_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tradein_appraisal", schema=None) as batch_op:
        batch_op.drop_index("ix_tradein_appraisal_worksheet")

    op.drop_table("tradein_appraisal")
    with op.batch_alter_table("test_drive", schema=None) as batch_op:
        batch_op.drop_index("ix_test_drive_worksheet")
        batch_op.drop_index("ix_test_drive_car_at")

    op.drop_table("test_drive")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reservation_vin_in_force",
            sqlite_where=sa.text("released_at IS NULL AND vin <> ''"),
            postgresql_where=sa.text("released_at IS NULL AND vin <> ''"),
        )
        batch_op.drop_index("ix_reservation_worksheet")

    op.drop_table("reservation")
    op.drop_table("offer")
    with op.batch_alter_table("discount_request", schema=None) as batch_op:
        batch_op.drop_index("ix_discount_request_worksheet")

    op.drop_table("discount_request")
