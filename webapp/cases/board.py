"""The board: the cases of one process by the milestone they reached last. It reads the episodes and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.cases.filtering import NONE_YET, CaseFilter, conditions
from webapp.cases.labels import milestone_text, outcome_text
from webapp.cases.listing import CaseRow, case_columns, dress
from webapp.cases.ordering import order_by, terms_of
from webapp.core.case_sight import case_within
from webapp.core.clock import now
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope
from webapp.core.workflow import engine

CARDS = 12  # of a column, until more are asked for
COUNT_LIMIT = 200
WON = "won"  # the last milestone shows it
OUTCOME = "outcome:"  # before the outcome whose closed cases a column holds
CARD_COLUMNS = ("step", "person", "due")


@dataclass(frozen=True)
class Column:
    """One column. `asked` is the filter of exactly its cases: what stands in the list under the same name."""

    name: str
    title: str
    optional: bool
    closed: bool
    asked: CaseFilter
    total: int = 0
    cards: Sequence[CaseRow] = ()
    more: bool = False

    @property
    def counted_out(self) -> bool:
        return self.total > COUNT_LIMIT


@dataclass(frozen=True)
class Board:
    """All columns of a process, each with its first cards."""

    definition: Definition
    title: str
    asked: CaseFilter
    columns: Sequence[Column]
    processes: Mapping[str, str]


def choose_process(session: Session, asked: CaseFilter, reach: RowScope) -> Definition | None:
    """The process whose board is wanted, else of those with an open case in sight the one with the longest way.

    None when no process has milestones.
    """
    with_milestones = [each for each in engine().store.live(session) if each.plan.milestones]
    longest_first = sorted(with_milestones, key=lambda each: -len(each.plan.milestones))
    wanted = [each for each in longest_first if each.key in asked.processes]
    if wanted:
        return wanted[0]
    open_case = exists().where(ProcessInstance.status == InstanceStatus.ACTIVE, case_within(reach))
    for each in longest_first:
        if session.scalar(select(open_case.where(ProcessInstance.process_key == each.key))):
            return each
    return next(iter(longest_first), None)


def columns_of(definition: Definition, asked: CaseFilter) -> list[Column]:
    """Before the first milestone, the milestones in their order, and the outcomes that cases are lost with."""
    model, language = definition.model, current_language()
    narrowed = replace(asked, processes=(definition.key,), outcomes=(), page=1)
    if asked.state not in ("open", "late"):
        narrowed = replace(narrowed, state="open")
    first = Column(NONE_YET, _("At the beginning"), False, False, replace(narrowed, milestones=(NONE_YET,)))
    found = [first]
    for name, mandatory in definition.plan.ordered:
        title = milestone_text(model, name, language)
        found.append(Column(name, title, not mandatory, False, replace(narrowed, milestones=(name,))))
    outcomes = dict.fromkeys(each.outcome for each in model.elements.values() if each.outcome)
    for outcome in outcomes:
        if outcome and outcome != WON:
            closed = replace(narrowed, state="closed", milestones=(), outcomes=(outcome,), sort="closed")
            found.append(Column(f"{OUTCOME}{outcome}", outcome_text(outcome), False, True, closed))
    return found


def load_board(session: Session, definition: Definition, asked: CaseFilter, reach: RowScope, *, reader: int) -> Board:
    """Every column with its first cards and its number of cases, counted up to a limit. About ten statements."""
    columns = columns_of(definition, asked)
    cards = _cards(session, columns, reach, reader=reader)
    totals = _totals(session, columns, reach)
    filled = [
        replace(
            column,
            total=totals.get(column.name, 0),
            cards=cards.get(column.name, [])[:CARDS],
            more=len(cards.get(column.name, [])) > CARDS,
        )
        for column in columns
    ]
    language = current_language()
    processes = {
        each.key: each.model.name.in_language(language) or each.key
        for each in engine().store.last_seen(session)
        if each.plan.milestones
    }
    return Board(definition, processes[definition.key], asked, filled, processes)


def load_column(
    session: Session, definition: Definition, asked: CaseFilter, name: str, reach: RowScope, *, reader: int
) -> Column | None:
    """Further cards of one column, by the page that `asked` names."""
    column = next((each for each in columns_of(definition, asked) if each.name == name), None)
    if column is None:
        return None
    offset = (asked.page - 1) * CARDS
    cards = _cards(session, [column], reach, reader=reader, offset=offset).get(name, [])
    return replace(column, cards=cards[:CARDS], more=len(cards) > CARDS)


def _cards(
    session: Session, columns: Sequence[Column], reach: RowScope, *, reader: int, offset: int = 0
) -> dict[str, list[CaseRow]]:
    """The first cards of every column by one statement."""
    parts: list[Select[Any]] = []
    for column in columns:
        order = order_by(terms_of(column.asked.order, closed=column.closed))
        part = (
            case_columns(
                literal(column.name).label("board_column"),
                func.row_number().over(order_by=order).label("board_rank"),
            )
            .where(*conditions(column.asked, reach, now()))
            .order_by(*order)
            .limit(CARDS + 1)
            .offset(offset)
        )
        parts.append(select(part.subquery()))
    rows = session.execute(parts[0] if len(parts) == 1 else union_all(*parts)).all()
    rows = sorted(rows, key=lambda row: row.board_rank)
    dressed = dress(session, rows, CARD_COLUMNS, reader=reader)
    found: dict[str, list[CaseRow]] = {}
    for row, card in zip(rows, dressed, strict=True):
        found.setdefault(row.board_column, []).append(card)
    return found


def _totals(session: Session, columns: Sequence[Column], reach: RowScope) -> dict[str, int]:
    parts = []
    for column in columns:
        fitting = select(ProcessInstance.id).where(*conditions(column.asked, reach, now())).limit(COUNT_LIMIT + 1)
        parts.append(select(literal(column.name), func.count()).select_from(fitting.subquery()))
    return {row[0]: row[1] for row in session.execute(union_all(*parts))}
