"""Who is expected today, as far as the sales slice knows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.diary.day import Visit


def find_visits(session: Session, user_id: int, *, now: datetime, zone: ZoneInfo) -> list[Visit]:
    """Visits of the person's customers on this local day, in their order."""
    return []
