"""The table of the control board: which cases a head has looked at."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class ControlCheck(Base):
    """A head has looked at a case, and perhaps said what to do (specification §1.6)."""

    __tablename__ = "control_check"
    __table_args__ = (Index("ix_control_check_instance_at", "instance_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    checked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    instruction: Mapped[str] = mapped_column(Text, default="")
