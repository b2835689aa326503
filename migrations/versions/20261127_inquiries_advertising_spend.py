"""What advertising costs, by days, source and centre."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b8f14c02d9e7"
down_revision: str | None = "b83c5e19d7f4"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "advertising_spend",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_code", sa.String(length=40), nullable=True),
        sa.Column("campaign", sa.String(length=120), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_advertising_spend_amount_positive")),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_advertising_spend_days_ordered")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_advertising_spend_centre_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_advertising_spend_recorded_by")),
        sa.ForeignKeyConstraint(
            ["source_code"], ["inquiry_source.code"], name=op.f("fk_advertising_spend_source_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advertising_spend")),
    )
    with op.batch_alter_table("advertising_spend", schema=None) as batch_op:
        batch_op.create_index("ix_advertising_spend_to_day", ["to_day"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("advertising_spend", schema=None) as batch_op:
        batch_op.drop_index("ix_advertising_spend_to_day")

    op.drop_table("advertising_spend")
