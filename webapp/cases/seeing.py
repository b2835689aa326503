"""What a person has had before him."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.persistence import insert_for, table_of
from webapp.cases.models import SeenCase

SEEN = table_of(SeenCase)


def mark_seen(session: Session, instance_id: int, *, reader: int, at: datetime) -> None:
    """The person has looked at the case. One statement."""
    connection = session.connection()
    row = {"user_id": reader, "instance_id": instance_id, "at": at}
    statement = insert_for(connection.dialect.name, SEEN).values(row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[SEEN.c.user_id, SEEN.c.instance_id], set_={"at": at})
    )
