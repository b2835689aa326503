"""completed tasks are found by time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '40de07caf9b3'
down_revision: str | None = '00c11125efb7'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('human_task', schema=None) as batch_op:
        batch_op.create_index('ix_human_task_completed', ['completed_at', 'completed_by'], unique=False, sqlite_where=sa.text('completed_at IS NOT NULL'), postgresql_where=sa.text('completed_at IS NOT NULL'))



def downgrade() -> None:
    with op.batch_alter_table('human_task', schema=None) as batch_op:
        batch_op.drop_index('ix_human_task_completed', sqlite_where=sa.text('completed_at IS NOT NULL'), postgresql_where=sa.text('completed_at IS NOT NULL'))

