"""How much of the demo's history there is."""

import math

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.demo.models import DemoProgress

SLICE = 0.01  # of the whole dealer


def get_progress(session: Session, *, lock: bool = False) -> DemoProgress | None:
    """The progress of the demo of this database; `lock` makes a second player wait for the inquiry in work."""
    wanted = select(DemoProgress)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def share(progress: DemoProgress) -> float:
    """How much of the wanted history has been played, 0 to 1."""
    in_work = progress.played / progress.expected if progress.expected else 0.0
    return min(1.0, (progress.slices + in_work) / slices_of(progress.scale))


def slices_of(scale: float) -> int:
    """The slices that make this scale; the last one may be thinner."""
    return max(1, math.ceil(scale / SLICE - 1e-9))
