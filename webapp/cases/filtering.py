"""The address of a list of cases is its filter: read from the query, written into links, said in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased
from werkzeug.datastructures import MultiDict

from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.milestones.models import Episode, EpisodeDimension
from webapp.core.case_sight import case_within
from webapp.core.forms import number
from webapp.core.permissions import RowScope
from webapp.core.requests import page_number
from webapp.core.workflow import keys_meant
from webapp.customers.models import CONTACT_CHANNELS, Interaction

STATES = ("open", "late", "closed", "all")
SORTS = ("due", "newest", "oldest", "furthest", "closed")
COLUMNS = ("process", "step", "milestone", "centre", "person", "contact", "due", "opened")
DEFAULT_COLUMNS = ("step", "person", "due", "opened")
NOBODY = 0  # the person or centre of cases that have none
DIMENSION = "d."  # before the name of a dimension
NONE_YET = "-"  # the milestone of a case before the first one
LONGEST_TEXT = 80
LONGEST_SILENCE = 366


@dataclass(frozen=True)
class CaseFilter:
    """What a list is asked for; an empty tuple or text is no restriction. `silent`: days without a contact."""

    state: str = "open"
    processes: tuple[str, ...] = ()
    centres: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    milestones: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    silent: int | None = None
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    view: int | None = None
    page: int = 1

    @property
    def order(self) -> str:
        """The chosen order, else the one that suits the state."""
        return self.sort or ("due" if self.state in ("open", "late") else "newest")

    @property
    def shown(self) -> tuple[str, ...]:
        return self.columns or DEFAULT_COLUMNS

    def parameters(self, **changes: object) -> dict[str, Any]:
        """The query of an address with the same filter, but for the changes; None takes one away, so does a default.

        Changes are named as in the query. The page is kept only when it is among them.
        """
        query: dict[str, object] = {
            "state": self.state,
            "process": list(self.processes),
            "centre": list(self.centres),
            "person": list(self.owners),
            "milestone": list(self.milestones),
            "outcome": list(self.outcomes),
            "silent": self.silent,
            **{f"{DIMENSION}{name}": list(values) for name, values in sorted(self.dimensions.items())},
            "q": self.text,
            "sort": self.sort,
            "columns": list(self.columns) if self.columns != DEFAULT_COLUMNS else [],
            "view": self.view,
        }
        changed = {name: value for name, value in (query | changes).items() if value not in (None, "", [])}
        if changed.get("page") == 1:
            del changed["page"]
        return changed

    def query(self, **changes: object) -> str:
        """The same as text: what is saved, and what the case page carries to lead on in the list."""
        return urlencode(self.parameters(**changes), doseq=True)

    @property
    def saved(self) -> str:
        """What a saved view keeps."""
        return self.query(view=None)

    def toggled(self, name: str, value: int | str) -> dict[str, Any]:
        """The query with one value of a list added, or taken away if it is there."""
        lists: dict[str, tuple[int | str, ...]] = {
            "process": self.processes,
            "centre": self.centres,
            "person": self.owners,
            "milestone": self.milestones,
            "outcome": self.outcomes,
            "columns": self.shown,
        }
        chosen: list[int | str] = [*lists.get(name, self.dimensions.get(name.removeprefix(DIMENSION), ()))]
        changed = [each for each in chosen if each != value] if value in chosen else [*chosen, value]
        return self.parameters(**{name: changed})


def read_filter(query: MultiDict[str, str]) -> CaseFilter:
    """What the query asks for; what cannot be understood is taken for not said."""
    state, sort = query.get("state", ""), query.get("sort", "")
    silent = query.get("silent", type=number)
    return CaseFilter(
        state=state if state in STATES else "open",
        processes=tuple(filter(None, query.getlist("process"))),
        centres=tuple(query.getlist("centre", type=number)),
        owners=tuple(query.getlist("person", type=number)),
        milestones=tuple(filter(None, query.getlist("milestone"))),
        outcomes=tuple(filter(None, query.getlist("outcome"))),
        silent=silent if silent is not None and 0 < silent <= LONGEST_SILENCE else None,
        dimensions={
            key.removeprefix(DIMENSION): values
            for key in query
            if key.startswith(DIMENSION) and (values := tuple(filter(None, query.getlist(key))))
        },
        text=" ".join(query.get("q", "").split())[:LONGEST_TEXT],
        sort=sort if sort in SORTS else "",
        columns=tuple(each for each in query.getlist("columns") if each in COLUMNS or each.startswith(DIMENSION)),
        view=query.get("view", type=number),
        page=page_number(query),
    )


def conditions(wanted: CaseFilter, reach: RowScope, now: datetime) -> list[ColumnElement[bool]]:
    """The filter on `ProcessInstance`, with the rows in reach."""
    found = [case_within(reach)]
    found += _of_state(wanted, now)
    if wanted.processes:
        found.append(ProcessInstance.process_key.in_(wanted.processes))
    if wanted.centres:
        found.append(_one_of(ProcessInstance.scope_id, wanted.centres))
    if wanted.owners:
        found.append(_one_of(ProcessInstance.owner_id, wanted.owners))
    if wanted.milestones:
        found.append(_standing_at(wanted))
    if wanted.outcomes:
        found.append(in_latest_episode(Episode.outcome.in_(wanted.outcomes)))
    for name, values in wanted.dimensions.items():
        stated = exists().where(
            EpisodeDimension.episode_id == Episode.id,
            EpisodeDimension.name == name,
            EpisodeDimension.value.in_(values),
        )
        found.append(in_latest_episode(stated))
    if wanted.silent is not None:
        found += _silent_since(now - timedelta(days=wanted.silent))
    if wanted.text:
        found.append(_named(wanted.text))
    return found


def in_latest_episode(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition holds for the episode in which the case stands, or last stood."""
    later = aliased(Episode)
    newer = exists().where(later.instance_id == Episode.instance_id, later.number > Episode.number)
    return exists().where(Episode.instance_id == ProcessInstance.id, condition, ~newer).correlate(ProcessInstance)


def _of_state(wanted: CaseFilter, now: datetime) -> list[ColumnElement[bool]]:
    if wanted.state == "closed":
        return [ProcessInstance.status != InstanceStatus.ACTIVE]
    if wanted.state == "all":
        return []
    is_open: ColumnElement[bool] = ProcessInstance.status == InstanceStatus.ACTIVE
    return [is_open, ProcessInstance.due_at < now] if wanted.state == "late" else [is_open]


def _one_of(column: Any, values: tuple[int, ...]) -> ColumnElement[bool]:
    named: ColumnElement[bool] = column.in_([value for value in values if value != NOBODY])
    return or_(named, column.is_(None)) if NOBODY in values else named


def _standing_at(wanted: CaseFilter) -> ColumnElement[bool]:
    """The milestone that a case reached last. That of an open case is in its open episode, which has an index."""
    ways: list[ColumnElement[bool]] = [Episode.last_milestone.is_(None)] if NONE_YET in wanted.milestones else []
    if named := [each for each in wanted.milestones if each != NONE_YET]:
        ways.append(Episode.last_milestone.in_(named))
    if wanted.state not in ("open", "late"):
        return in_latest_episode(or_(*ways))
    standing = select(Episode.instance_id).where(Episode.closed_at.is_(None), or_(*ways))
    if wanted.processes:
        standing = standing.where(Episode.process_key.in_(wanted.processes))
    return ProcessInstance.id.in_(standing)


def _silent_since(moment: datetime) -> list[ColumnElement[bool]]:
    """Nobody has spoken to the customer since: neither in his chronicle nor noted on the case."""
    spoken = exists().where(
        Interaction.case_key == ProcessInstance.business_key,
        Interaction.at >= moment,
        Interaction.channel.in_(CONTACT_CHANNELS),
    )
    noted = exists().where(
        HistoryEvent.instance_id == ProcessInstance.id,
        HistoryEvent.kind == EventKind.CONTACT_NOTED.value,
        HistoryEvent.at >= moment,
    )
    return [ProcessInstance.started_at < moment, and_(~spoken, ~noted)]


def _named(text: str) -> ColumnElement[bool]:
    """By whom or what the case is about, as the slices know it, or by its own number."""
    ways: list[ColumnElement[bool]] = [ProcessInstance.business_key == text]
    digits = text.removeprefix("#")
    if digits.isdecimal() and len(digits) < 10:
        ways.append(ProcessInstance.id == int(digits))
    ways += [ProcessInstance.business_key.in_(keys) for keys in keys_meant(text)]
    return or_(*ways)
