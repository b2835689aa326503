"""Tests of decision tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b7e3d18c40f2"
down_revision: str | None = "c83f5a1e9d27"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "studio_decision_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=120), nullable=False),
        sa.Column("decision", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_studio_decision_test_{name}"))
            for name in ("created_by", "changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_decision_test")),
    )
    op.create_index(op.f("ix_studio_decision_test_file_key"), "studio_decision_test", ["file_key"])


def downgrade() -> None:
    op.drop_table("studio_decision_test")
