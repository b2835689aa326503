"""Migrations of running cases to another version, and what became of each case."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b3f6a9d1c774"
down_revision: str | None = "e07d5b3c92f4"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("checking", "checked", "applying", "applied", "stopped", "undoing", "undone")
STAGES = ("waiting", "safe", "unmapped", "blocked", "moved", "failed", "gone", "undone", "kept")


def upgrade() -> None:
    op.create_table(
        "migration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="migrationstate", native_enum=False, length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["process_definition.id"], name=op.f("fk_migration_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["process_definition.id"], name=op.f("fk_migration_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    with op.batch_alter_table("migration", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_migration_process_key"), ["process_key"], unique=False)

    op.create_table(
        "migrated_case",
        sa.Column("migration_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Enum(*STAGES, name="casestage", native_enum=False, length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("rows", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name=op.f("fk_migrated_case_instance_id")),
        sa.ForeignKeyConstraint(["migration_id"], ["migration.id"], name=op.f("fk_migrated_case_migration_id")),
        sa.PrimaryKeyConstraint("migration_id", "instance_id", name=op.f("pk_migrated_case")),
    )
    with op.batch_alter_table("migrated_case", schema=None) as batch_op:
        batch_op.create_index("ix_migrated_case_stage", ["migration_id", "stage", "instance_id"], unique=False)


def downgrade() -> None:
    op.drop_table("migrated_case")
    op.drop_table("migration")
