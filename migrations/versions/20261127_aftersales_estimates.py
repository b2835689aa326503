"""Estimates on the phone, who comes by weekday, and visits that put an earlier one right."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e3a95b07d1c8"
down_revision: str | None = "c4d81f20a9e3"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "service_attendance",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.CheckConstraint("kept >= 0 AND kept <= booked", name=op.f("ck_service_attendance_kept_of_booked")),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_service_attendance_weekday_of_a_week")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_service_attendance_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "weekday", name=op.f("pk_service_attendance")),
    )
    with op.batch_alter_table("service_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts_price", sa.Numeric(precision=12, scale=2), nullable=True))
        batch_op.create_check_constraint(op.f("ck_service_job_parts_price_not_negative"), "parts_price >= 0")
    with op.batch_alter_table("service_workshop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rate", sa.Numeric(precision=12, scale=2), nullable=True))
        batch_op.create_check_constraint(op.f("ck_service_workshop_rate_positive"), "rate > 0")
    with op.batch_alter_table("service_visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("estimate", sa.Numeric(precision=14, scale=2), nullable=True))
        batch_op.add_column(sa.Column("repeats_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_service_visit_estimate_not_negative"), "estimate >= 0")
        batch_op.create_foreign_key(op.f("fk_service_visit_repeats_id"), "service_visit", ["repeats_id"], ["id"])
        batch_op.create_index("ix_service_visit_repeats", ["repeats_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("service_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_service_visit_repeats")
        batch_op.drop_constraint(op.f("fk_service_visit_repeats_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_service_visit_estimate_not_negative"), type_="check")
        batch_op.drop_column("repeats_id")
        batch_op.drop_column("estimate")
    with op.batch_alter_table("service_workshop", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_service_workshop_rate_positive"), type_="check")
        batch_op.drop_column("rate")
    with op.batch_alter_table("service_job", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_service_job_parts_price_not_negative"), type_="check")
        batch_op.drop_column("parts_price")
    op.drop_table("service_attendance")
