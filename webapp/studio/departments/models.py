"""Tables of what departments have decided about their drawings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class ApprovalPolicy(StrEnum):
    """When a second person must look before a draft goes live."""

    TOUCHED = "touched"  # when it touches what sends, pays or discounts
    ALWAYS = "always"
    NEVER = "never"


class Part(StrEnum):
    """What a named person does with the drawings of a department."""

    DRAWS = "draws"
    APPROVES = "approves"


class DepartmentRules(Base):
    """What was decided about the drawings of a department; one without a row keeps to what ships."""

    __tablename__ = "studio_department"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    policy: Mapped[ApprovalPolicy]
    operations: Mapped[str] = mapped_column(Text)  # names and `slice.*`, by spaces
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class DepartmentPerson(Base):
    """A person who is named for a part. Where nobody is named, everybody with the permission may take it."""

    __tablename__ = "studio_department_person"
    __table_args__ = (UniqueConstraint("department", "person_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    part: Mapped[Part]
