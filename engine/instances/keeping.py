"""Messages on their way: kept until somebody waits for them, looked at by the clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from engine import case_data
from engine.messages import KeptMessage
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind


def keep(
    session: Session,
    name: str,
    key: str,
    payload: Mapping[str, object],
    *,
    actor_id: int | None,
    now: datetime,
    until: datetime,
    look_in: timedelta,
    scope_id: int | None = None,
    owner_id: int | None = None,
) -> None:
    """Keep a message; it is handed over at the first look after `look_in`, when a case begins to wait, or at `until`.

    `scope_id` and `owner_id`: whose the case is that it may begin.
    """
    kept = KeptMessage(
        message=name,
        correlation_key=key,
        payload=case_data.dump(payload),
        actor_id=actor_id,
        scope_id=scope_id,
        owner_id=owner_id,
        sent_at=now,
        expires_at=until,
    )
    session.add(kept)
    session.flush()
    looks = {"soon": min(now + look_in, until), "last": until}
    add_rows(
        session,
        [PlannedRow(DueKind.MESSAGE, kept.id, at, name, f"message:{kept.id}:{look}") for look, at in looks.items()],
    )
