"""Who did what: one row for each act that somebody may ask about later.

Actions are called `<slice>.<record>.<past participle>`, e.g. "staff.user.blocked".
"""

import json
import re
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.models import AuditEntry

ACTION = re.compile(r"[a-z_]+(\.[a-z_]+){2}")


def record(
    session: Session, *, action: str, subject: str, actor_id: int | None, now: datetime, **details: object
) -> AuditEntry:
    """Write the act into the transaction it belongs to. `actor_id` empty: the system itself."""
    if not ACTION.fullmatch(action):
        raise ValueError(f"not an audit action: {action!r}")
    entry = AuditEntry(
        at=now,
        actor_id=actor_id,
        action=action,
        subject=subject,
        details=json.dumps(details, ensure_ascii=False, default=str),
    )
    session.add(entry)
    return entry
