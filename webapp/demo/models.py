"""The one table of the demo: how much of its history has been played."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class DemoProgress(Base):
    """One row. History is played in slices: each goes through the whole time with one inquiry of a hundred.

    So the demo is whole after the first slice and only becomes denser with those that follow. The last weeks are dense
    from the beginning, for the sake of open work: the first slice plays them for some of the others as well.
    """

    __tablename__ = "demo_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[int]
    begins: Mapped[datetime]
    scale: Mapped[float]  # that is wanted; 1.0 is the whole dealer
    recent_from: Mapped[datetime]  # the last weeks
    recent_slices: Mapped[int]  # that have the last weeks played by the first one
    slices: Mapped[int] = mapped_column(default=0)  # that are complete
    slice_ends: Mapped[datetime]  # of the slice in work: inquiries come until then
    played: Mapped[int] = mapped_column(default=0)  # inquiries of the slice in work
    expected: Mapped[int] = mapped_column(default=0)  # inquiries that the slice in work has
    inquiries: Mapped[int] = mapped_column(default=0)  # in all
    finished_at: Mapped[datetime | None]
