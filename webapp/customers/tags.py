"""Tags of customers: words by which a house sorts its base in its own way."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.persistence import Base
from webapp.core.errors import RuleViolation

LONGEST = 40
MOST = 20  # on one card


class CustomerTag(Base):
    """One tag of a customer, in small letters."""

    __tablename__ = "customer_tag"
    __table_args__ = (Index("ix_customer_tag_tag", "tag"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)


def read_tags(typed: str) -> list[str]:
    """Tags as somebody types them in one line, separated by commas. RuleViolation: tag_too_long, tags_too_many."""
    found = list(dict.fromkeys(" ".join(part.split()).casefold() for part in typed.split(",")))
    tags = [tag for tag in found if tag]
    if any(len(tag) > LONGEST for tag in tags):
        raise RuleViolation("tag_too_long", "A tag is too long.", most=LONGEST)
    if len(tags) > MOST:
        raise RuleViolation("tags_too_many", "Too many tags.", most=MOST)
    return tags


def set_tags(session: Session, customer_id: int, tags: Iterable[str]) -> None:
    """Replace the tags of a customer."""
    session.execute(delete(CustomerTag).where(CustomerTag.customer_id == customer_id))
    session.add_all(CustomerTag(customer_id=customer_id, tag=tag) for tag in tags)
    session.flush()


def tags_of(session: Session, customer_id: int) -> Sequence[str]:
    """The tags of a customer by the alphabet."""
    statement = select(CustomerTag.tag).where(CustomerTag.customer_id == customer_id).order_by(CustomerTag.tag)
    return session.scalars(statement).all()


def known_tags(session: Session) -> Sequence[str]:
    """Every tag in use, by the alphabet."""
    return session.scalars(select(CustomerTag.tag).distinct().order_by(CustomerTag.tag)).all()
