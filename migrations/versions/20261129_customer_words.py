"""Words of customers' names, each found by an index."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e91c5b7d2f40"
down_revision: str | None = "d2b8f6a413c7"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

AT_A_TIME = 5000
CUSTOMER = sa.table("customer", sa.column("id", sa.Integer), sa.column("search_name", sa.String))


def upgrade() -> None:
    made = op.create_table(
        "customer_word",
        sa.Column("word", sa.String(length=500), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_word_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "customer_id", name=op.f("pk_customer_word")),
    )
    connection, last = op.get_bind(), 0
    after = sa.select(CUSTOMER).where(CUSTOMER.c.id > sa.bindparam("last")).order_by(CUSTOMER.c.id).limit(AT_A_TIME)
    while people := connection.execute(after, {"last": last}).all():
        words = [{"word": word, "customer_id": each.id} for each in people for word in set(each.search_name.split())]
        if words:
            connection.execute(sa.insert(made), words)
        last = people[-1].id
    op.create_index("ix_customer_word_customer", "customer_word", ["customer_id"])


def downgrade() -> None:
    op.drop_table("customer_word")
