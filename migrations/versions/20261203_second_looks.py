"""What departments decide about their drawings, and second looks at drafts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d19f6b3a7c52"
down_revision: str | None = "b7e3d18c40f2"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _person(table: str, name: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_{table}_{name}"), **how)


def upgrade() -> None:
    op.create_table(
        "studio_department",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("operations", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        _person("studio_department", "owner_id"),
        _person("studio_department", "changed_by"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_studio_department")),
    )
    op.create_table(
        "studio_department_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        _person("studio_department_person", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_department_person")),
        sa.UniqueConstraint(
            "department", "person_id", "part", name=op.f("uq_studio_department_person_department_person_id_part")
        ),
    )
    op.create_table(
        "studio_draft_author",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_draft_author_draft_id"), ondelete="CASCADE"
        ),
        _person("studio_draft_author", "person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_studio_draft_author")),
    )
    op.execute(
        "INSERT INTO studio_draft_author (draft_id, person_id) "
        "SELECT id, created_by FROM studio_draft WHERE created_by IS NOT NULL "
        "UNION SELECT id, changed_by FROM studio_draft WHERE changed_by IS NOT NULL"
    )
    op.create_table(
        "studio_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=True),
        _person("studio_approval", "asked_by"),
        _person("studio_approval", "decided_by"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_studio_approval_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_approval")),
    )
    op.create_index("ix_studio_approval_draft", "studio_approval", ["kind", "key"])
    op.create_index(op.f("ix_studio_approval_deployment_id"), "studio_approval", ["deployment_id"])


def downgrade() -> None:
    op.drop_table("studio_approval")
    op.drop_table("studio_draft_author")
    op.drop_table("studio_department_person")
    op.drop_table("studio_department")
