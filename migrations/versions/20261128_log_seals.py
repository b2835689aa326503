"""Seals over the logs: a tamper-evident chain, written after the steps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c41d7e9a2b60"
down_revision: str | None = "b3f6a9d1c774"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "log_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("log", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=16), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("gone", sa.LargeBinary(), nullable=False),
        sa.Column("gone_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_seal")),
    )
    with op.batch_alter_table("log_seal", schema=None) as batch_op:
        batch_op.create_index("ix_log_seal_log", ["log", "last"], unique=False)
    op.create_table(
        "log_mark",
        sa.Column("log", sa.String(length=40), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("writers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_log_mark")),
    )
    op.create_table(
        "log_verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seals", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_verification")),
    )


def downgrade() -> None:
    op.drop_table("log_verification")
    op.drop_table("log_mark")
    with op.batch_alter_table("log_seal", schema=None) as batch_op:
        batch_op.drop_index("ix_log_seal_log")
    op.drop_table("log_seal")
