"""Events with their guests, materials and costs; tasks belong to a campaign or to an event."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "552d1d5cccbc"
down_revision: str | None = "f3d8052b6ec4"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("spend_id", sa.Integer(), nullable=True),
        sa.Column("expected_invited", sa.Integer(), nullable=False),
        sa.Column("expected_guests", sa.Integer(), nullable=False),
        sa.Column("expected_contacts", sa.Integer(), nullable=False),
        sa.Column("expected_sales", sa.Integer(), nullable=False),
        sa.Column("expected_margin", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("margin_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("planned_income", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("actual_income", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("counts_until", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inviting_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("repeat", sa.String(length=40), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_event_room_for_somebody")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_event_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_event_campaign_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_event_centre_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_event_decided_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_event_owner_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["user_account.id"], name=op.f("fk_event_responsible_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_event_segment_id")),
        sa.ForeignKeyConstraint(
            ["spend_id"], ["advertising_spend.id"], name=op.f("fk_event_spend_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_first_day", ["first_day"], unique=False)
        batch_op.create_index("ix_event_status", ["status"], unique=False)

    op.create_table(
        "event_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("contractor", sa.String(length=160), nullable=False),
        sa.Column("planned", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("actual", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.CheckConstraint("actual IS NULL OR actual >= 0", name=op.f("ck_event_cost_actual_not_negative")),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_event_cost_planned_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_cost_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_cost")),
    )
    with op.batch_alter_table("event_cost", schema=None) as batch_op:
        batch_op.create_index("ix_event_cost_event", ["event_id"], unique=False)

    op.create_table(
        "event_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("unit_cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.CheckConstraint("planned >= 0 AND unit_cost >= 0", name=op.f("ck_event_material_plan_not_negative")),
        sa.CheckConstraint("returned IS NULL OR returned >= 0", name=op.f("ck_event_material_returned_not_negative")),
        sa.CheckConstraint("used IS NULL OR used >= 0", name=op.f("ck_event_material_used_not_negative")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_material_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_material")),
    )
    with op.batch_alter_table("event_material", schema=None) as batch_op:
        batch_op.create_index("ix_event_material_event", ["event_id"], unique=False)

    op.create_table(
        "event_message",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_ru", sa.String(length=160), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.String(length=160), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_message_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "kind", name=op.f("pk_event_message")),
    )
    op.create_table(
        "event_participant",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("companions", sa.Integer(), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interest", sa.String(length=40), nullable=True),
        sa.Column("model_code", sa.String(length=40), nullable=True),
        sa.Column("next_step", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "companions >= 0 AND companions <= 20", name=op.f("ck_event_participant_companions_of_a_table")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_event_participant_added_by")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_event_participant_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_participant_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_event_participant_inquiry_id")),
        sa.ForeignKeyConstraint(["model_code"], ["car_model.code"], name=op.f("fk_event_participant_model_code")),
        sa.PrimaryKeyConstraint("event_id", "customer_id", name=op.f("pk_event_participant")),
    )
    with op.batch_alter_table("event_participant", schema=None) as batch_op:
        batch_op.create_index("ix_event_participant_customer", ["customer_id"], unique=False)
        batch_op.create_index("ix_event_participant_status", ["event_id", "status"], unique=False)

    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        batch_op.alter_column("campaign_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index("ix_campaign_task_event", ["event_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_campaign_task_event_id"), "event", ["event_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_campaign_task_of_one_plan"), "(campaign_id IS NULL) <> (event_id IS NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM campaign_task WHERE campaign_id IS NULL")
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_campaign_task_of_one_plan"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_campaign_task_event_id"), type_="foreignkey")
        batch_op.drop_index("ix_campaign_task_event")
        batch_op.alter_column("campaign_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("event_id")

    with op.batch_alter_table("event_participant", schema=None) as batch_op:
        batch_op.drop_index("ix_event_participant_status")
        batch_op.drop_index("ix_event_participant_customer")

    op.drop_table("event_participant")
    op.drop_table("event_message")
    with op.batch_alter_table("event_material", schema=None) as batch_op:
        batch_op.drop_index("ix_event_material_event")

    op.drop_table("event_material")
    with op.batch_alter_table("event_cost", schema=None) as batch_op:
        batch_op.drop_index("ix_event_cost_event")

    op.drop_table("event_cost")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_status")
        batch_op.drop_index("ix_event_first_day")

    op.drop_table("event")
