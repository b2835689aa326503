"""Whom a segment would reach."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session


def reach_by_channel(session: Session, ids: Select[int], *, now: datetime) -> list[Any]:
    return []
