"""How far the history of the demo has been played."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "89d0d228a3c5"
down_revision: str | None = "c41d7e0a92b5"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "demo_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scale", sa.Double(), nullable=False),
        sa.Column("recent_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recent_slices", sa.Integer(), nullable=False),
        sa.Column("slices", sa.Integer(), nullable=False),
        sa.Column("slice_ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("played", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("inquiries", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_progress")),
    )


def downgrade() -> None:
    op.drop_table("demo_progress")
