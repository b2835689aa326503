"""The workshop: resources, jobs, standards, visits, held slots and the occupied quarters."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "9c27155a3b17"
down_revision: str | None = "b1f5c08d3a27"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "service_job",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("bay_type", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("express", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("name_ru", sa.String(length=80), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_service_job_hours_positive")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_job")),
    )
    op.create_table(
        "service_standard",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("walk_in_reserve", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("name_ru", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "walk_in_reserve >= 0 AND walk_in_reserve < 1", name=op.f("ck_service_standard_reserve_is_a_share")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_standard")),
    )
    op.create_table(
        "service_brand_standard",
        sa.Column("brand_code", sa.String(length=40), nullable=False),
        sa.Column("standard_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["brand_code"], ["brand.code"], name=op.f("fk_service_brand_standard_brand_code")),
        sa.ForeignKeyConstraint(
            ["standard_code"], ["service_standard.code"], name=op.f("fk_service_brand_standard_standard_code")
        ),
        sa.PrimaryKeyConstraint("brand_code", name=op.f("pk_service_brand_standard")),
    )
    op.create_table(
        "service_resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("bay_type", sa.String(length=40), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("name_ru", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(kind = 'advisor') = (user_id IS NOT NULL)", name=op.f("ck_service_resource_advisors_are_people")
        ),
        sa.CheckConstraint(
            "(kind = 'bay') = (bay_type IS NOT NULL)", name=op.f("ck_service_resource_bays_have_a_type")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_service_resource_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_service_resource_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_resource")),
    )
    with op.batch_alter_table("service_resource", schema=None) as batch_op:
        batch_op.create_index("ix_service_resource_centre", ["centre_id"], unique=False)
        batch_op.create_index("uq_service_resource_user", ["user_id"], unique=True)

    op.create_table(
        "service_workshop",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("standard_code", sa.String(length=80), nullable=False),
        sa.Column("technicians", sa.Integer(), nullable=True),
        sa.Column("shift_hours", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("efficiency", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.CheckConstraint("efficiency > 0 AND efficiency <= 2", name=op.f("ck_service_workshop_efficiency_plausible")),
        sa.CheckConstraint(
            "shift_hours > 0 AND shift_hours <= 24", name=op.f("ck_service_workshop_shift_within_a_day")
        ),
        sa.CheckConstraint(
            "technicians IS NULL OR technicians >= 0", name=op.f("ck_service_workshop_technicians_not_negative")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_service_workshop_centre_id")),
        sa.ForeignKeyConstraint(
            ["standard_code"], ["service_standard.code"], name=op.f("fk_service_workshop_standard_code")
        ),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_service_workshop")),
    )
    op.create_table(
        "service_slot_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bay_id", sa.Integer(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("courtesy_car_id", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_service_slot_hold_times_ordered")),
        sa.ForeignKeyConstraint(["advisor_id"], ["user_account.id"], name=op.f("fk_service_slot_hold_advisor_id")),
        sa.ForeignKeyConstraint(["bay_id"], ["service_resource.id"], name=op.f("fk_service_slot_hold_bay_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_service_slot_hold_centre_id")),
        sa.ForeignKeyConstraint(
            ["courtesy_car_id"], ["service_resource.id"], name=op.f("fk_service_slot_hold_courtesy_car_id")
        ),
        sa.ForeignKeyConstraint(["held_by"], ["user_account.id"], name=op.f("fk_service_slot_hold_held_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_slot_hold")),
    )
    with op.batch_alter_table("service_slot_hold", schema=None) as batch_op:
        batch_op.create_index("ix_service_slot_hold_expires", ["expires_at"], unique=False)

    op.create_table(
        "service_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("car_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("not_booked_reason", sa.String(length=40), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("jobs", sa.JSON(), nullable=False),
        sa.Column("customer_words", sa.Text(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("wait_or_leave", sa.String(length=40), nullable=True),
        sa.Column("repeat_repair", sa.Boolean(), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("pick_up_address", sa.String(length=300), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bay_id", sa.Integer(), nullable=True),
        sa.Column("courtesy_car_id", sa.Integer(), nullable=True),
        sa.Column("advisor_id", sa.Integer(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_by", sa.Integer(), nullable=True),
        sa.Column("moved_count", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_service_visit_hours_not_negative")),
        sa.CheckConstraint("km IS NULL OR km >= 0", name=op.f("ck_service_visit_km_not_negative")),
        sa.CheckConstraint("moved_count >= 0", name=op.f("ck_service_visit_moved_not_negative")),
        sa.CheckConstraint(
            "starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_service_visit_times_ordered")
        ),
        sa.ForeignKeyConstraint(["advisor_id"], ["user_account.id"], name=op.f("fk_service_visit_advisor_id")),
        sa.ForeignKeyConstraint(["bay_id"], ["service_resource.id"], name=op.f("fk_service_visit_bay_id")),
        sa.ForeignKeyConstraint(["booked_by"], ["user_account.id"], name=op.f("fk_service_visit_booked_by")),
        sa.ForeignKeyConstraint(["car_id"], ["customer_car.id"], name=op.f("fk_service_visit_car_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_service_visit_centre_id")),
        sa.ForeignKeyConstraint(
            ["courtesy_car_id"], ["service_resource.id"], name=op.f("fk_service_visit_courtesy_car_id")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_service_visit_customer_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_service_visit_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_visit")),
    )
    with op.batch_alter_table("service_visit", schema=None) as batch_op:
        batch_op.create_index("ix_service_visit_car", ["car_id"], unique=False)
        batch_op.create_index("ix_service_visit_centre_starts", ["centre_id", "starts_at"], unique=False)
        batch_op.create_index("ix_service_visit_customer", ["customer_id"], unique=False)
        batch_op.create_index("ix_service_visit_inquiry", ["inquiry_id"], unique=False)
        batch_op.create_index("ix_service_visit_opened", ["opened_at"], unique=False)

    op.create_table(
        "service_occupancy",
        sa.Column("resource_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quarter", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(visit_id IS NULL) <> (hold_id IS NULL)", name=op.f("ck_service_occupancy_of_a_visit_or_a_hold")
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["service_slot_hold.id"], name=op.f("fk_service_occupancy_hold_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["service_resource.id"], name=op.f("fk_service_occupancy_resource_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["service_visit.id"], name=op.f("fk_service_occupancy_visit_id")),
        sa.PrimaryKeyConstraint("resource_id", "quarter", name=op.f("pk_service_occupancy")),
    )
    with op.batch_alter_table("service_occupancy", schema=None) as batch_op:
        batch_op.create_index("ix_service_occupancy_hold", ["hold_id"], unique=False)
        batch_op.create_index("ix_service_occupancy_quarter", ["quarter"], unique=False)
        batch_op.create_index("ix_service_occupancy_visit", ["visit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("service_occupancy", schema=None) as batch_op:
        batch_op.drop_index("ix_service_occupancy_visit")
        batch_op.drop_index("ix_service_occupancy_quarter")
        batch_op.drop_index("ix_service_occupancy_hold")

    op.drop_table("service_occupancy")
    with op.batch_alter_table("service_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_service_visit_opened")
        batch_op.drop_index("ix_service_visit_inquiry")
        batch_op.drop_index("ix_service_visit_customer")
        batch_op.drop_index("ix_service_visit_centre_starts")
        batch_op.drop_index("ix_service_visit_car")

    op.drop_table("service_visit")
    with op.batch_alter_table("service_slot_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_service_slot_hold_expires")

    op.drop_table("service_slot_hold")
    op.drop_table("service_workshop")
    with op.batch_alter_table("service_resource", schema=None) as batch_op:
        batch_op.drop_index("uq_service_resource_user")
        batch_op.drop_index("ix_service_resource_centre")

    op.drop_table("service_resource")
    op.drop_table("service_brand_standard")
    op.drop_table("service_standard")
    op.drop_table("service_job")
