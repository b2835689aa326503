"""Tables of published definitions. A row is never changed once it is published."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class Deployment(Base):
    """One publication: what was put live together, by whom, and why."""

    __tablename__ = "deployment"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")


class ProcessDefinition(Base):
    """One version of a process drawing, as the XML that was published."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(200), default="")
    xml: Mapped[str] = mapped_column(Text)
    calls: Mapped[str] = mapped_column(Text, default="{}")  # called process key -> its pinned definition id
    published_at: Mapped[datetime]
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))


class DecisionDefinition(Base):
    """One version of a file of decisions, as the DMN that was published."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))  # id of the file
    version: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(200), default="")
    xml: Mapped[str] = mapped_column(Text)
    asked: Mapped[str] = mapped_column(Text)  # JSON: id of a decision -> names of what it needs to be given
    published_at: Mapped[datetime]
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))


class FormDefinition(Base):
    """One version of a form, as form-js JSON."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))


# a column for statements that are made anyway, for `DefinitionStore.notice`
NEWEST_DEPLOYMENT = select(func.max(Deployment.id)).scalar_subquery().label("newest_deployment")
