"""Tables of the customers slice: people and companies, their phones and mails, the chronicle, and their consents."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.customers.models.consents import (
    Consent,
    ConsentChannel,
    ConsentKind,
    ConsentState,
    ConsentText,
    ConsentWay,
    CustomerMessage,
    MessagePurpose,
    MessageState,
    StopKind,
    StopListEntry,
    WithdrawalWay,
)
from webapp.kit.phones import reversed_digits
from webapp.kit.spelling import sound_of
from webapp.staff.models import Centre, User

__all__ = [
    "Answer",
    "CompanyDetails",
    "Consent",
    "ConsentChannel",
    "ConsentKind",
    "ConsentState",
    "ConsentText",
    "ConsentWay",
    "Customer",
    "CustomerEmail",
    "CustomerKind",
    "CustomerMessage",
    "CustomerPhone",
    "DataBasis",
    "Direction",
    "IdentityDocument",
    "Interaction",
    "InteractionChannel",
    "LostReason",
    "MessagePurpose",
    "MessageState",
    "PreferredChannel",
    "Sex",
    "StopKind",
    "StopListEntry",
    "WithdrawalWay",
]


class CustomerKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    SOLE_TRADER = "sole_trader"


class Sex(StrEnum):
    MALE = "m"
    FEMALE = "f"
    UNKNOWN = "unknown"


class PreferredChannel(StrEnum):
    CALL = "call"
    SMS = "sms"
    MESSENGER = "messenger"
    EMAIL = "email"


class DataBasis(StrEnum):
    """Why we may keep personal data: the person asked us something, or consented in writing."""

    REQUEST = "request_of_subject"
    CONSENT = "consent"


class LostReason(StrEnum):
    """Why a customer does not come again, as a colleague knows (specification §3.2)."""

    SOLD_CAR = "sold_car"
    MOVED = "moved"
    REFUSES_CONTACT = "refuses_contact"
    DECEASED = "deceased"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


class Customer(Base):
    """A person, a sole trader or a company.

    `search_name` holds the sound of all names (kit.spelling), each word after a blank, so that a search
    for the beginning of a word is a search for a blank and that beginning. `words` has each of them by an index.
    """

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint("last_name <> '' OR first_name <> '' OR company_name <> ''", name="has_a_name"),
        Index("ix_customer_owner", "owner_id"),
        Index("ix_customer_centre", "centre_id"),
        Index("ix_customer_sort_name", "sort_name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CustomerKind] = mapped_column(default=CustomerKind.PERSON)
    last_name: Mapped[str] = mapped_column(String(60), default="")
    first_name: Mapped[str] = mapped_column(String(60), default="")
    middle_name: Mapped[str] = mapped_column(String(60), default="")
    company_name: Mapped[str] = mapped_column(String(200), default="")
    search_name: Mapped[str] = mapped_column(String(500))
    sort_name: Mapped[str] = mapped_column(String(200))
    sex: Mapped[Sex] = mapped_column(default=Sex.UNKNOWN)
    birth_date: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    preferred_channel: Mapped[PreferredChannel] = mapped_column(default=PreferredChannel.CALL)
    data_basis: Mapped[DataBasis | None]
    advertising: Mapped[Answer] = mapped_column(default=Answer.NOT_ASKED)
    lost_reason: Mapped[LostReason | None]
    note: Mapped[str] = mapped_column(Text, default="")
    post_code: Mapped[str] = mapped_column(String(12), default="")
    post_address: Mapped[str] = mapped_column(String(300), default="")  # where letters go, as it stands on them
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    phones: Mapped[list["CustomerPhone"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CustomerPhone.position"
    )
    emails: Mapped[list["CustomerEmail"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CustomerEmail.position"
    )
    words: Mapped[list["CustomerWord"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)  # of rename
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    centre: Mapped[Centre | None] = relationship(lazy="raise_on_sql")

    @property
    def name(self) -> str:
        """As people say it: the company's name, or first and last name."""
        person = " ".join(filter(None, (self.first_name, self.last_name)))
        return self.company_name or person

    @property
    def full_name(self) -> str:
        """As documents have it: last, first and middle name; a company with its contact person's."""
        person = " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))
        return ", ".join(filter(None, (self.company_name, person)))

    @property
    def list_name(self) -> str:
        """As lists sort it: the company's name, or last and first name."""
        return self.company_name or " ".join(filter(None, (self.last_name, self.first_name)))

    def rename(self, *, last_name: str, first_name: str, middle_name: str, company_name: str) -> None:
        """Set all names, and with them what searches and sorts."""
        self.last_name, self.first_name, self.middle_name = last_name, first_name, middle_name
        self.company_name = company_name
        words = sound_of(" ".join((company_name, last_name, first_name, middle_name)))
        self.search_name = f" {words}"[:500]
        sounds = set(self.search_name.split())
        kept = [each for each in self.words if each.word in sounds]
        self.words = kept + [CustomerWord(word=each) for each in sorted(sounds - {each.word for each in kept})]
        self.sort_name = (company_name or f"{last_name} {first_name}").strip().casefold().replace("ё", "е")[:200]


class CustomerWord(Base):
    """A word of a customer's names as it sounds."""

    __tablename__ = "customer_word"
    __table_args__ = (Index("ix_customer_word_customer", "customer_id"),)

    word: Mapped[str] = mapped_column(String(500), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)


class CustomerPhone(Base):
    """A number that belongs to exactly one customer. `tail`: its digits backwards, for a search by the last ones."""

    __tablename__ = "customer_phone"
    __table_args__ = (Index("ix_customer_phone_tail", "tail"), Index("ix_customer_phone_customer", "customer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(20), unique=True)  # E.164
    tail: Mapped[str] = mapped_column(String(20))
    extension: Mapped[str] = mapped_column(String(6), default="")
    position: Mapped[int] = mapped_column(default=0)  # the first is the one to call

    @classmethod
    def of(cls, number: str, *, extension: str = "", position: int = 0) -> "CustomerPhone":
        return cls(number=number, tail=reversed_digits(number), extension=extension, position=position)


class CustomerEmail(Base):
    """An address to write to, lower case."""

    __tablename__ = "customer_email"
    __table_args__ = (
        Index("ix_customer_email_customer", "customer_id"),
        Index("ix_customer_email_address", "address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))
    position: Mapped[int] = mapped_column(default=0)


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class InteractionChannel(StrEnum):
    CALL = "call"
    VISIT = "visit"
    EMAIL = "email"
    SMS = "sms"
    MESSENGER = "messenger"
    WEB = "web"
    CHAT = "chat"
    EVENT = "event"
    NOTE = "note"


# somebody spoke with the customer; a note or an event of the house is none
CONTACT_CHANNELS = tuple(
    each for each in InteractionChannel if each not in (InteractionChannel.NOTE, InteractionChannel.EVENT)
)


class Interaction(Base):
    """One row of the chronicle of contacts. `subject` is a code that the slice knows, or what a person wrote.

    `case_key` links it to a case by its business key, e.g. "sales.worksheet:42".
    """

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_customer_at", "customer_id", "at"),
        Index("ix_interaction_case_key", "case_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    direction: Mapped[Direction]
    channel: Mapped[InteractionChannel]
    subject: Mapped[str] = mapped_column(String(200))
    result: Mapped[str] = mapped_column(String(60), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    next_at: Mapped[datetime | None]
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    case_key: Mapped[str | None] = mapped_column(String(120))

    employee: Mapped[User | None] = relationship(lazy="raise_on_sql")


class IdentityDocument(Base):
    """The passport of a customer as last shown: personal, read only where a document is made of it."""

    __tablename__ = "identity_document"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    series: Mapped[str] = mapped_column(String(4))
    number: Mapped[str] = mapped_column(String(6))
    issuer: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date]
    department_code: Mapped[str] = mapped_column(String(7))
    registration_address: Mapped[str] = mapped_column(String(300))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class CompanyDetails(Base):
    """What documents say of a company or a sole trader: tax numbers, bank, and who signs."""

    __tablename__ = "company_details"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    inn: Mapped[str] = mapped_column(String(12))
    kpp: Mapped[str] = mapped_column(String(9), default="")  # of companies only
    ogrn: Mapped[str] = mapped_column(String(15))
    legal_address: Mapped[str] = mapped_column(String(300), default="")
    bank_name: Mapped[str] = mapped_column(String(160))
    bic: Mapped[str] = mapped_column(String(9))
    account: Mapped[str] = mapped_column(String(20))
    correspondent_account: Mapped[str] = mapped_column(String(20))
    signatory_name: Mapped[str] = mapped_column(String(160), default="")
    signatory_position: Mapped[str] = mapped_column(String(120), default="")
    signatory_basis: Mapped[str] = mapped_column(String(160), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
