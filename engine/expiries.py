"""What runs out in a case, such as an offer: declared by its process, kept up to date by every step."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Connection, ForeignKey, Index, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base, insert_for, table_of


class CaseExpiry(Base):
    """The process of an open case declares that something runs out, and when (property `expires`)."""

    __tablename__ = "case_expiry"
    __table_args__ = (Index("ix_case_expiry_name_at", "name", "at"),)

    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


EXPIRY = table_of(CaseExpiry)
_STORED = select(EXPIRY.c.name, EXPIRY.c.at).where(EXPIRY.c.instance_id == bindparam("of_instance"))
_DROP = delete(EXPIRY).where(
    EXPIRY.c.instance_id == bindparam("of_instance"), EXPIRY.c.name.in_(bindparam("names", expanding=True))
)


def moment_of(value: object, zone: tzinfo) -> datetime | None:
    """When a thing runs out that is good until `value`: a day is good until its end. None: not a time."""
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value + timedelta(days=1), time(), tzinfo=zone)
    return None


def write(connection: Connection, instance_id: int, wanted: Mapping[str, datetime]) -> None:
    """Bring the rows of a case to what its process says now: one read, and a write only of what has changed."""
    stored = {row.name: row.at for row in connection.execute(_STORED, {"of_instance": instance_id})}
    if gone := sorted(stored.keys() - wanted.keys()):
        connection.execute(_DROP, {"of_instance": instance_id, "names": gone})
    if rows := [
        {"instance_id": instance_id, "name": name, "at": at}
        for name, at in sorted(wanted.items())
        if stored.get(name) != at
    ]:
        adding = insert_for(connection.dialect.name, EXPIRY)
        connection.execute(
            adding.on_conflict_do_update(index_elements=["instance_id", "name"], set_={"at": adding.excluded.at}), rows
        )
