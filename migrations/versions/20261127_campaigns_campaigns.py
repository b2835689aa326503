"""Segments, tags of customers, campaigns with their recipients and responses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c4d81f20a9e3"
down_revision: str | None = "a1af303aa4c2"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_segment_centre_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_segment_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index("ix_segment_owner", ["owner_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("goal_metric", sa.String(length=40), nullable=False),
        sa.Column("goal_value", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("product", sa.String(length=120), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.Column("control_percent", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("response_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("sale_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("expected_margin", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("margin_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("expected_audience", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("repeat", sa.String(length=40), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("control_percent >= 0 AND control_percent <= 20", name=op.f("ck_campaign_control_share")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_campaign_centre_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_campaign_decided_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_campaign_owner_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_campaign_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_owner", ["owner_id"], unique=False)
        batch_op.create_index("ix_campaign_status", ["status"], unique=False)

    op.create_table(
        "customer_tag",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_tag_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "tag", name=op.f("pk_customer_tag")),
    )
    with op.batch_alter_table("customer_tag", schema=None) as batch_op:
        batch_op.create_index("ix_customer_tag_tag", ["tag"], unique=False)

    op.create_table(
        "segment_member",
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_segment_member_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_segment_member_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "customer_id", name=op.f("pk_segment_member")),
    )
    with op.batch_alter_table("segment_member", schema=None) as batch_op:
        batch_op.create_index("ix_segment_member_customer", ["customer_id"], unique=False)

    op.create_table(
        "campaign_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("contractor", sa.String(length=160), nullable=False),
        sa.Column("invoice", sa.String(length=60), nullable=False),
        sa.Column("planned", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("actual", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.CheckConstraint("actual IS NULL OR actual >= 0", name=op.f("ck_campaign_cost_actual_not_negative")),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_campaign_cost_planned_not_negative")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_cost_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_cost")),
    )
    with op.batch_alter_table("campaign_cost", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_cost_campaign", ["campaign_id"], unique=False)

    op.create_table(
        "campaign_message",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject_ru", sa.String(length=160), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.String(length=160), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.String(length=20), nullable=False),
        sa.Column("utm", sa.String(length=120), nullable=False),
        sa.Column("unit_cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_message_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "channel", name=op.f("pk_campaign_message")),
    )
    op.create_table(
        "campaign_recipient",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_recipient_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_campaign_recipient_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "customer_id", name=op.f("pk_campaign_recipient")),
    )
    with op.batch_alter_table("campaign_recipient", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_recipient_customer", ["customer_id"], unique=False)
        batch_op.create_index("ix_campaign_recipient_step", ["campaign_id", "step"], unique=False)

    op.create_table(
        "campaign_response",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_response_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_campaign_response_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_campaign_response_inquiry_id")),
        sa.PrimaryKeyConstraint("campaign_id", "customer_id", name=op.f("pk_campaign_response")),
    )
    with op.batch_alter_table("campaign_response", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_response_customer", ["customer_id"], unique=False)

    op.create_table(
        "campaign_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_task_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name=op.f("fk_campaign_task_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_task")),
    )
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_task_campaign", ["campaign_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_task_campaign")

    op.drop_table("campaign_task")
    with op.batch_alter_table("campaign_response", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_response_customer")

    op.drop_table("campaign_response")
    with op.batch_alter_table("campaign_recipient", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_recipient_step")
        batch_op.drop_index("ix_campaign_recipient_customer")

    op.drop_table("campaign_recipient")
    op.drop_table("campaign_message")
    with op.batch_alter_table("campaign_cost", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_cost_campaign")

    op.drop_table("campaign_cost")
    with op.batch_alter_table("segment_member", schema=None) as batch_op:
        batch_op.drop_index("ix_segment_member_customer")

    op.drop_table("segment_member")
    with op.batch_alter_table("customer_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_customer_tag_tag")

    op.drop_table("customer_tag")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_status")
        batch_op.drop_index("ix_campaign_owner")

    op.drop_table("campaign")
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.drop_index("ix_segment_owner")

    op.drop_table("segment")
