"""The register of consents: texts, ways and proofs, withdrawals; the stop list; messages to customers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b83c5e19d7f4"
down_revision: str | None = "d9c27e5140fb"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CHANNEL_RULE = "kind = 'advertising' OR channel = ''"


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_consent_text_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_consent_text_kind_version")),
    )
    op.create_table(
        "record_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_file")),
        sa.UniqueConstraint("subject", "sha256", name=op.f("uq_record_file_subject_sha256")),
    )
    op.create_index(op.f("ix_record_file_sha256"), "record_file", ["sha256"])
    op.create_table(
        "stop_list",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_stop_list_added_by")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_stop_list")),
    )
    op.create_table(
        "customer_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("campaign_key", sa.String(length=120), nullable=True),
        sa.Column("case_key", sa.String(length=120), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("dedupe", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_message_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_message")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_customer_message_dedupe")),
    )
    op.create_index("ix_customer_message_customer", "customer_message", ["customer_id", "channel", "sent_at"])
    op.create_index("ix_customer_message_campaign", "customer_message", ["campaign_key", "state"])

    # all consents so far were recorded by the steps of a sale, as signed on paper, with no text on file
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("way", sa.String(length=40), nullable=False, server_default="paper"))
        batch_op.add_column(sa.Column("proof", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("proof_file_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_way", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
    op.execute("UPDATE consent SET recorded_at = given_at")
    op.execute("UPDATE consent SET withdrawn_way = 'spoken' WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("way", existing_type=sa.String(length=40), server_default=None)
        batch_op.alter_column("proof", existing_type=sa.String(length=200), server_default=None)
        batch_op.alter_column("withdrawn_reason", existing_type=sa.String(length=300), server_default=None)
        batch_op.create_foreign_key(op.f("fk_consent_text_id"), "consent_text", ["text_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_consent_proof_file_id"), "record_file", ["proof_file_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_consent_withdrawn_by"), "user_account", ["withdrawn_by"], ["id"])
        batch_op.create_check_constraint(op.f("ck_consent_only_advertising_has_a_channel"), CHANNEL_RULE)
        batch_op.create_index("ix_consent_kind_channel", ["kind", "channel"])


def downgrade() -> None:
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_kind_channel")
        batch_op.drop_constraint(op.f("ck_consent_only_advertising_has_a_channel"), type_="check")
        batch_op.drop_constraint(op.f("fk_consent_withdrawn_by"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_consent_proof_file_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_consent_text_id"), type_="foreignkey")
        for column in (
            "withdrawn_by",
            "withdrawn_reason",
            "withdrawn_way",
            "recorded_at",
            "valid_to",
            "proof_file_id",
            "proof",
            "way",
            "text_id",
        ):
            batch_op.drop_column(column)
    op.drop_index("ix_customer_message_campaign", "customer_message")
    op.drop_index("ix_customer_message_customer", "customer_message")
    op.drop_table("customer_message")
    op.drop_table("stop_list")
    op.drop_index(op.f("ix_record_file_sha256"), "record_file")
    op.drop_table("record_file")
    op.drop_table("consent_text")
