"""In whose funnel advertising and campaigns count."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "4f8d1c6b93ae"
down_revision: str | None = "d47b1c90e3a5"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DEPARTMENT = sa.Enum("sales", "service", name="spenddepartment", native_enum=False, length=40)


def upgrade() -> None:
    for table in ("advertising_spend", "campaign"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("department", DEPARTMENT, nullable=True))


def downgrade() -> None:
    for table in ("campaign", "advertising_spend"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("department")
