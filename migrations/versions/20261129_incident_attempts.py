"""An incident says what failed and how it ended; every attempt has a row."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c4d81f0a6b35"
down_revision: str | None = "a9c4e2d17b50"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RESOLUTIONS = ("retried", "skipped", "given_up", "overtaken")


def upgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("process_key", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("failed_element", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("failed_path", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cause", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "resolution",
                sa.Enum(*RESOLUTIONS, name="resolution", native_enum=False, length=40),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("resolved_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resolved_because", sa.String(length=500), nullable=True))
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.alter_column("failed_path", server_default=None)
        batch_op.alter_column("cause", server_default=None)
        batch_op.create_index(
            "ix_incident_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
    op.create_table(
        "incident_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_attempt_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_attempt")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_incident_attempt_incident_id_number")),
    )
    _fill()


def _fill() -> None:
    """What older incidents can still tell: the last line of their error, and the process of their case."""
    bind = op.get_bind()
    for number, error in bind.execute(sa.text("SELECT id, error FROM incident")).all():
        lines = (error or "").strip().splitlines() or [""]
        bind.execute(
            sa.text("UPDATE incident SET cause = :cause WHERE id = :id"), {"cause": lines[-1][:200], "id": number}
        )
    op.execute(
        "UPDATE incident SET process_key = (SELECT process_instance.process_key FROM process_instance"
        " WHERE process_instance.id = incident.instance_id)"
    )
    op.execute("UPDATE permission_override SET permission = 'repair.see' WHERE permission = 'control.incidents'")
    op.execute("UPDATE incident SET resolution = 'retried' WHERE resolved_at IS NOT NULL")
    op.execute(
        'INSERT INTO incident_attempt (incident_id, number, "at", actor_id, cause, error)'
        " SELECT id, attempts, opened_at, NULL, cause, error FROM incident"
    )


def downgrade() -> None:
    op.execute("UPDATE permission_override SET permission = 'control.incidents' WHERE permission = 'repair.see'")
    op.execute("DELETE FROM permission_override WHERE permission LIKE 'repair.%'")
    op.drop_table("incident_attempt")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_open")
        for column in (
            "resolved_because",
            "resolved_by",
            "resolution",
            "cause",
            "failed_path",
            "failed_element",
            "process_key",
        ):
            batch_op.drop_column(column)
