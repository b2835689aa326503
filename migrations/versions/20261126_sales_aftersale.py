"""The buyer's papers, the contract and its payments, the survey, and what is known of the car that was sold."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c942d7bcdd19"
down_revision: str | None = "2c6b0d46260b"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "company_details",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("inn", sa.String(length=12), nullable=False),
        sa.Column("kpp", sa.String(length=9), nullable=False),
        sa.Column("ogrn", sa.String(length=15), nullable=False),
        sa.Column("legal_address", sa.String(length=300), nullable=False),
        sa.Column("bank_name", sa.String(length=160), nullable=False),
        sa.Column("bic", sa.String(length=9), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("correspondent_account", sa.String(length=20), nullable=False),
        sa.Column("signatory_name", sa.String(length=160), nullable=False),
        sa.Column("signatory_position", sa.String(length=120), nullable=False),
        sa.Column("signatory_basis", sa.String(length=160), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_company_details_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_company_details_recorded_by")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_company_details")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_consent_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_consent_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_customer", ["customer_id"], unique=False)

    op.create_table(
        "identity_document",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=4), nullable=False),
        sa.Column("number", sa.String(length=6), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("department_code", sa.String(length=7), nullable=False),
        sa.Column("registration_address", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_identity_document_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_identity_document_recorded_by")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_identity_document")),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("model_code", sa.String(length=40), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tradein", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("vat_rate", sa.String(length=5), nullable=False),
        sa.Column("handover_term", sa.Date(), nullable=False),
        sa.Column("credit_bank", sa.String(length=120), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("policy_until", sa.Date(), nullable=True),
        sa.Column("waits_until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_contract_price_positive")),
        sa.CheckConstraint("tradein >= 0 AND tradein <= price", name=op.f("ck_contract_tradein_within_price")),
        sa.ForeignKeyConstraint(["model_code"], ["car_model.code"], name=op.f("fk_contract_model_code")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_contract_recorded_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_contract_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index("ix_contract_worksheet", ["worksheet_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_payment_recorded_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_payment_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_worksheet", ["worksheet_id"], unique=False)

    op.create_table(
        "sales_survey",
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("csi", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("nps", sa.Integer(), nullable=False),
        sa.Column("test_drive_offered", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("nps >= 0 AND nps <= 10", name=op.f("ck_sales_survey_nps_in_range")),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_sales_survey_asked_by")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_sales_survey_worksheet_id")),
        sa.PrimaryKeyConstraint("worksheet_id", name=op.f("pk_sales_survey")),
    )
    with op.batch_alter_table("sales_survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sales_survey_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "contract_line",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_contract_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_line_contract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contract_id", "position", name=op.f("pk_contract_line")),
    )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vin", sa.String(length=17), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("plate", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("odometer", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("first_service_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("first_service_km", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("warranty_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("policy_until", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.drop_column("policy_until")
        batch_op.drop_column("warranty_until")
        batch_op.drop_column("first_service_km")
        batch_op.drop_column("first_service_due")
        batch_op.drop_column("odometer")
        batch_op.drop_column("plate")
        batch_op.drop_column("vin")

    op.drop_table("contract_line")
    with op.batch_alter_table("sales_survey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_survey_answered_at"))

    op.drop_table("sales_survey")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_worksheet")

    op.drop_table("payment")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_worksheet")

    op.drop_table("contract")
    op.drop_table("identity_document")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_customer")

    op.drop_table("consent")
    op.drop_table("company_details")
