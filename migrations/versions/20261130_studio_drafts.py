"""Drafts of the studio."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a4d7c92e61b8"
down_revision: str | None = "e91c5b7d2f40"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


KINDS = ("process", "decision", "form")


def upgrade() -> None:
    op.create_table(
        "studio_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="draftkind", native_enum=False, length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("held_token", sa.String(length=64), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_studio_draft_{name}"))
            for name in ("created_by", "changed_by", "held_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_draft")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_studio_draft_kind_key")),
    )


def downgrade() -> None:
    op.drop_table("studio_draft")
