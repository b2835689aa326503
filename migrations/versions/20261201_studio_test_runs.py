"""Test runs of the studio, and those that are kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c83f5a1e9d27"
down_revision: str | None = "a4d7c92e61b8"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "studio_test_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name=op.f("fk_studio_test_run_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_test_run")),
        sa.UniqueConstraint(
            "person_id", "process_key", "draft_id", name=op.f("uq_studio_test_run_person_id_process_key_draft_id")
        ),
    )
    op.create_table(
        "studio_test_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_studio_test_case_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_test_case")),
        sa.UniqueConstraint("process_key", "name", name=op.f("uq_studio_test_case_process_key_name")),
    )


def downgrade() -> None:
    op.drop_table("studio_test_case")
    op.drop_table("studio_test_run")
