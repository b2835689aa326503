"""Tables of the register of consents (specification §7.9): texts, what was agreed to, the stop list, what was sent."""

import hashlib
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.kit.models import RecordFile
from webapp.staff.models import User


class ConsentKind(StrEnum):
    """Each is a document of its own."""

    PERSONAL_DATA = "pd_processing"
    TRANSFER = "pd_transfer"
    ADVERTISING = "advertising"
    PROFILE = "profile_extended"
    RECORDING = "recording"


class ConsentChannel(StrEnum):
    """By what we may advertise; other consents have no channel."""

    SMS = "sms"
    EMAIL = "email"
    CALL = "call"
    MESSENGER = "messenger"
    POST = "post"


class ConsentWay(StrEnum):
    PAPER = "paper"
    WEB = "web"
    SMS_CODE = "sms_code"
    CALL_RECORD = "call_record"


class WithdrawalWay(StrEnum):
    PAPER = "paper"
    WEB = "web"  # by the link in a mail
    SPOKEN = "spoken"  # on the phone or face to face
    MESSAGE = "message"  # he wrote to us


class ConsentState(StrEnum):
    """What a consent is worth at a moment."""

    ACTIVE = "active"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ConsentText(Base):
    """One version of what people agree to. Versions are added, never changed: consents refer to them.

    `checksum`: SHA-256 of both texts, which proves that the version still reads as it did.
    """

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ConsentKind]
    version: Mapped[int]
    text_en: Mapped[str] = mapped_column(Text)
    text_ru: Mapped[str] = mapped_column(Text)
    checksum: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool] = mapped_column(default=False)  # came with the product: no lawyer here has approved it yet
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    author: Mapped[User | None] = relationship(lazy="raise_on_sql")

    def text_in(self, language: str) -> str:
        return self.text_ru if language == "ru" else self.text_en

    @property
    def is_untouched(self) -> bool:
        """Whether it reads as it did when people agreed to it."""
        return self.checksum == checksum_of(self.text_en, self.text_ru)


def checksum_of(text_en: str, text_ru: str) -> str:
    """The hash by which a version of a text is recognised."""
    return hashlib.sha256(f"{text_en}\x00{text_ru}".encode()).hexdigest()


@event.listens_for(ConsentText, "before_update")
def _refuse_change(*_: object) -> None:
    raise TypeError("a text that people may have agreed to is never changed: add a version")


class Consent(Base):
    """A consent that was given, until when it holds, and when and how it was withdrawn.

    `text_id` is empty where a consent was recorded before texts were kept. `proof`: where the proof is found, such as
    the folder of the paper or the number of the call; `file`: the signed sheet itself; `withdrawal_file`: the letter by
    which it was withdrawn.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("kind = 'advertising' OR channel = ''", name="only_advertising_has_a_channel"),
        Index("ix_consent_customer", "customer_id"),
        Index("ix_consent_kind_channel", "kind", "channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind]
    channel: Mapped[str] = mapped_column(String(20), default="")  # a ConsentChannel, of advertising alone
    text_id: Mapped[int | None] = mapped_column(ForeignKey("consent_text.id"))
    given_at: Mapped[datetime]
    way: Mapped[ConsentWay]
    proof: Mapped[str] = mapped_column(String(200), default="")
    proof_file_id: Mapped[int | None] = mapped_column(ForeignKey("record_file.id"))
    valid_to: Mapped[datetime | None]  # the first moment at which it holds no more
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_way: Mapped[WithdrawalWay | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_file_id: Mapped[int | None] = mapped_column(ForeignKey("record_file.id"))

    text: Mapped[ConsentText | None] = relationship(lazy="raise_on_sql")
    file: Mapped[RecordFile | None] = relationship(foreign_keys=[proof_file_id], lazy="raise_on_sql")
    withdrawal_file: Mapped[RecordFile | None] = relationship(foreign_keys=[withdrawn_file_id], lazy="raise_on_sql")
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by], lazy="raise_on_sql")
    withdrawer: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by], lazy="raise_on_sql")

    def state(self, now: datetime) -> ConsentState:
        """A withdrawal counts more than the end of the term, and at once: whatever a clock says that lags behind."""
        if self.withdrawn_at is not None:
            return ConsentState.WITHDRAWN
        if self.valid_to is not None and self.valid_to <= now:
            return ConsentState.EXPIRED
        return ConsentState.ACTIVE


class StopKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


class StopListEntry(Base):
    """An address that nothing is sent to, whoever's it is. Only its hash is kept: the person may be forgotten."""

    __tablename__ = "stop_list"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[StopKind]
    reason: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


def stop_hash(kind: StopKind, address: str) -> str:
    """SHA-256 of an address as cards have it: E.164, or lower case.

    Without a secret, on purpose: with another key the whole list would silently be lost.
    """
    return hashlib.sha256(f"{kind}:{address.lower()}".encode()).hexdigest()


class MessagePurpose(StrEnum):
    """A service message belongs to what the customer asked for, and holds no advertising."""

    ADVERTISING = "advertising"
    SERVICE = "service_message"


class MessageState(StrEnum):
    """What became of a message. Skipped: the consent check said no, at the latest at the moment of sending."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNSUBSCRIBED = "unsubscribed"  # sent, and answered by a withdrawal
    SKIPPED_NO_CONSENT = "skipped_no_consent"
    SKIPPED_STOP_LIST = "skipped_stop_list"
    SKIPPED_NO_ADDRESS = "skipped_no_address"
    SKIPPED_FREQUENCY = "skipped_frequency"
    SKIPPED_INVITED_ELSEWHERE = "skipped_invited_elsewhere"


class CustomerMessage(Base):
    """A message to a customer: queued, and what became of it.

    `campaign_key`: the business key of the campaign it belongs to. `dedupe`: that of the message in the outbox.
    `recipient`: the address it went to. `taken_at`: when it last was on its way; `at`: of its present state.
    """

    __tablename__ = "customer_message"
    __table_args__ = (
        Index("ix_customer_message_customer", "customer_id", "channel", "sent_at"),
        Index("ix_customer_message_campaign", "campaign_key", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    channel: Mapped[ConsentChannel]
    purpose: Mapped[MessagePurpose]
    subject: Mapped[str] = mapped_column(String(200))  # as the chronicle has it
    campaign_key: Mapped[str | None] = mapped_column(String(120))
    case_key: Mapped[str | None] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(254), default="")
    dedupe: Mapped[str] = mapped_column(String(160), unique=True)
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    queued_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    at: Mapped[datetime]
