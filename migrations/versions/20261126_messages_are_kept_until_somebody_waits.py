"""Messages are kept until somebody waits."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0fd21c9fe8d2"
down_revision: str | None = "e9684490ab8d"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kept_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("correlation_key", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_message")),
    )
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.create_index("ix_kept_message_route", ["message", "correlation_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.drop_index("ix_kept_message_route")

    op.drop_table("kept_message")
