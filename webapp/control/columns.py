"""The columns of the board: those of every process, and those that slices declare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.core import board
from webapp.core.board import BoardProblem, Expiring, Text
from webapp.core.permissions import may
from webapp.core.workflow import engine

STUCK = "stuck"  # no column of its own: there must be none
STUCK_TITLE = _l("Without a next step")


@dataclass(frozen=True)
class Column:
    """One figure of a person; marked from `warn` and from `bad` on, 0: never."""

    name: str
    title: Text
    warn: int = 0
    bad: int = 0

    def tone(self, number: int) -> str:
        """How a cell with this number looks."""
        if self.bad and number >= self.bad:
            return "is-bad"
        return "is-warn" if self.warn and number >= self.warn else ""


OVERDUE = Column("overdue", _l("Overdue"), 1, 5)
_LOAD = (Column("open", _l("Open cases")), Column("today", _l("Due today")))
_LAST = (
    Column("postponed", _l("Postponed"), 10, 30),
    Column("refusals", _l("Refusals to confirm"), 1, 5),
    Column("deviations", _l("Deviations"), 3, 8),
)


@dataclass(frozen=True)
class Columns:
    """What the reader may see: problems and expiries besides the figures of every process."""

    problems: Sequence[BoardProblem] = ()
    expiring: Sequence[Expiring] = ()

    def __iter__(self) -> Iterator[Column]:
        named: list[BoardProblem | Expiring] = [*self.problems, *self.expiring]
        declared = [Column(each.name, each.title, each.warn, each.bad) for each in named]
        return iter((*_LOAD, OVERDUE, *declared, *_LAST))

    def problem(self, name: str) -> BoardProblem | None:
        return next((each for each in self.problems if each.name == name), None)

    def expiry(self, name: str) -> Expiring | None:
        return next((each for each in self.expiring if each.name == name), None)

    def names(self) -> list[str]:
        return [column.name for column in self]


def columns_for_reader(session: Session) -> Columns:
    """Those that the person may see; an expiry only when a published process declares it."""
    declared = {name for definition in engine().store.last_seen(session) for name in definition.model.expires}
    return Columns(
        [each for each in board.problems() if may(each.permission)],
        [each for each in board.expiring() if may(each.permission) and each.name in declared],
    )
