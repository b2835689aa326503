"""The list of cases: a page of rows by the filter of the address. Counting never blocks it: it stops at a limit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from engine.definitions.store import Definition
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.models import HumanTask, TaskState, path_of
from engine.instances.models import NOT_DUE, InstanceStatus, ProcessInstance
from engine.milestones.models import Episode, EpisodeDimension
from webapp.cases.filtering import DIMENSION, CaseFilter, conditions
from webapp.cases.labels import milestone_text
from webapp.cases.models import SeenCase
from webapp.cases.ordering import order_by, place_columns, terms_of, write_place
from webapp.cases.reasons import values_of
from webapp.core.clock import now
from webapp.core.feature import CaseLabel
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope
from webapp.core.workflow import describe_cases, engine
from webapp.customers.models import CONTACT_CHANNELS, Interaction
from webapp.staff.queries import find_centres, names_of

PAGE = 50
PORTION = 500  # of what is taken away as a table
COUNT_LIMIT = 1000  # a list says «more than» beyond it


@dataclass(frozen=True)
class CaseRow:
    """One case of a list or a board: who, where it stands, when it is due. `place`: where in the order."""

    instance_id: int
    label: CaseLabel
    process: str
    step: str
    milestone: str
    owner: str
    centre: str
    due_at: datetime | None
    late: bool
    contact_at: datetime | None
    status: InstanceStatus
    outcome: str | None
    started_at: datetime
    seen: bool
    place: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseList:
    """A page of cases with the filter that made it. `total` is at most COUNT_LIMIT + 1."""

    rows: Sequence[CaseRow]
    asked: CaseFilter
    more: bool
    total: int

    @property
    def first(self) -> int:
        """The number of the first row within the whole list."""
        return (self.asked.page - 1) * PAGE + 1

    @property
    def counted_out(self) -> bool:
        return self.total > COUNT_LIMIT


def load_list(session: Session, asked: CaseFilter, reach: RowScope, *, reader: int) -> CaseList:
    """Cases in reach by the filter, in its order. About ten statements, however many cases there are."""
    terms = terms_of(asked.order, closed=asked.state == "closed")
    statement = case_columns(*place_columns(terms)).where(*conditions(asked, reach, now())).order_by(*order_by(terms))
    found = session.execute(statement.limit(PAGE + 1).offset((asked.page - 1) * PAGE)).all()
    shown = found[:PAGE]
    rows = dress(session, shown, asked.shown, reader=reader)
    if len(found) <= PAGE:
        total = (asked.page - 1) * PAGE + len(found) if found or asked.page == 1 else count(session, asked, reach)
    else:
        total = count(session, asked, reach)
    return CaseList(rows, asked, len(found) > PAGE, total)


def each_row(session: Session, asked: CaseFilter, reach: RowScope, *, reader: int) -> Iterator[CaseRow]:
    """All rows of the filter in its order, sorted once; a handful of statements for each PORTION of them.

    Only the numbers of the cases are held for the whole list. The session should see one snapshot.
    """
    fitting = (
        select(ProcessInstance.id)
        .where(*conditions(asked, reach, now()))
        .order_by(*order_by(terms_of(asked.order, closed=asked.state == "closed")))
    )
    numbers = session.scalars(fitting).all()
    for start in range(0, len(numbers), PORTION):
        portion = numbers[start : start + PORTION]
        found = {row.id: row for row in session.execute(case_columns().where(ProcessInstance.id.in_(portion)))}
        yield from dress(session, [found[each] for each in portion if each in found], asked.shown, reader=reader)


def count(session: Session, asked: CaseFilter, reach: RowScope) -> int:
    """How many cases fit; stops one above COUNT_LIMIT."""
    fitting = select(ProcessInstance.id).where(*conditions(asked, reach, now())).limit(COUNT_LIMIT + 1)
    return session.scalar(select(func.count()).select_from(fitting.subquery())) or 0


def case_columns(*more: Any) -> Select[*tuple[Any, ...]]:
    """What a row is made of; the engine's state stays where it is."""
    return select(
        ProcessInstance.id,
        ProcessInstance.definition_id,
        ProcessInstance.process_key,
        ProcessInstance.business_key,
        ProcessInstance.owner_id,
        ProcessInstance.scope_id,
        ProcessInstance.status,
        ProcessInstance.started_at,
        ProcessInstance.due_at,
        *more,
    )


def dress(session: Session, found: Sequence[Any], columns: Sequence[str], *, reader: int) -> list[CaseRow]:
    """Rows with their names; what no column shows is not asked for."""
    ids = [row.id for row in found]
    if not ids:
        return []
    steps, standing = _open_steps(session, ids), _standing(session, ids)
    labels = describe_cases(session, [row.business_key for row in found])
    people = names_of(session, {row.owner_id for row in found if row.owner_id is not None})
    centres = {each.id: each.name for each in find_centres(session, only_active=False)} if "centre" in columns else {}
    contacts = _contacts(session, [row.business_key for row in found]) if "contact" in columns else {}
    episodes = {instance: each.id for instance, each in standing.items()}
    dimensions = _dimensions(session, episodes, columns)
    seen = _seen(session, ids, reader)
    store, language, moment = engine().store, current_language(), now()
    rows = []
    for row in found:
        definition = store.get(session, row.definition_id)
        episode = standing.get(row.id)
        rows.append(
            CaseRow(
                instance_id=row.id,
                label=labels[row.business_key],
                process=definition.model.name.in_language(language) or definition.key,
                step=_steps_text(definition, steps.get(row.id, ()), language),
                milestone=milestone_text(definition.model, episode.last_milestone, language) if episode else "",
                owner=people.get(row.owner_id, ""),
                centre=centres.get(row.scope_id, ""),
                due_at=None if row.due_at == NOT_DUE else row.due_at,
                late=row.due_at < moment,
                contact_at=contacts.get(row.business_key),
                status=row.status,
                outcome=episode.outcome if episode else None,
                started_at=row.started_at,
                seen=row.id in seen,
                place=write_place([getattr(row, name) for name in row._fields if name.startswith("place_")]),
                dimensions=dimensions.get(row.id, {}),
            )
        )
    return rows


def _steps_text(definition: Definition, steps: Sequence[tuple[str, str]], language: str) -> str:
    names = [definition.element(element, path_of(path)).name.in_language(language) for element, path in steps]
    return ", ".join(dict.fromkeys(names))


def _open_steps(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    steps: dict[int, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(HumanTask.instance_id, HumanTask.element, HumanTask.path)
        .where(HumanTask.instance_id.in_(ids), HumanTask.state == TaskState.OPEN)
        .order_by(HumanTask.id)
    )
    for row in rows:
        steps.setdefault(row.instance_id, []).append((row.element, row.path))
    return steps


def _standing(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """The latest episode of each case."""
    rows = session.execute(
        select(Episode.id, Episode.instance_id, Episode.last_milestone, Episode.outcome)
        .where(Episode.instance_id.in_(ids))
        .order_by(Episode.number)
    )
    return {row.instance_id: row for row in rows}


def _contacts(session: Session, keys: Sequence[str]) -> dict[str | None, datetime]:
    """When the customer was last spoken to about the case."""
    rows = session.execute(
        select(Interaction.case_key, func.max(Interaction.at))
        .where(Interaction.case_key.in_(keys), Interaction.channel.in_(CONTACT_CHANNELS))
        .group_by(Interaction.case_key)
    )
    return {row[0]: row[1] for row in rows}


def _dimensions(session: Session, episodes: Mapping[int, int], columns: Sequence[str]) -> dict[int, dict[str, str]]:
    names = [each.removeprefix(DIMENSION) for each in columns if each.startswith(DIMENSION)]
    if not names or not episodes:
        return {}
    rows = session.execute(
        select(EpisodeDimension.episode_id, EpisodeDimension.name, EpisodeDimension.value).where(
            EpisodeDimension.episode_id.in_(sorted(episodes.values())), EpisodeDimension.name.in_(names)
        )
    )
    texts = {name: values_of(session, name, engine().store.last_seen(session)) for name in names}
    cases = {episode: instance for instance, episode in episodes.items()}
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(cases[row.episode_id], {})[row.name] = texts[row.name].get(row.value, row.value)
    return found


def _seen(session: Session, ids: Sequence[int], reader: int) -> set[int]:
    """Cases that this person has had before him since anything happened in them."""
    event = aliased(HistoryEvent)
    last = (
        select(func.max(event.at))
        .where(event.instance_id == SeenCase.instance_id, event.kind != EventKind.CASE_DIGESTED.value)
        .scalar_subquery()
    )
    statement = select(SeenCase.instance_id).where(
        and_(SeenCase.user_id == reader, SeenCase.instance_id.in_(ids)), SeenCase.at >= last
    )
    return set(session.scalars(statement))
