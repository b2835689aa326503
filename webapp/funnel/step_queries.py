"""What the page of steps shows: the figures of each step, the ways of cases, and how long they stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.analytics.drilldown import VisitBehind, visits_behind
from engine.analytics.figures import StepFigures, count_steps
from engine.analytics.following import Standing, standing
from engine.analytics.order import steps_in_order
from engine.analytics.survival import Left, median_days
from engine.analytics.ways import Variants, find_variants, time_from_milestone, time_to_close
from engine.definitions.model import Element
from engine.definitions.models import ProcessDefinition
from engine.definitions.store import Definition
from engine.errors import UnknownDefinition
from webapp.cases.labels import milestone_text
from webapp.core.clock import now
from webapp.core.feature import CaseLabel
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import RowScope, ScopeKind
from webapp.core.workflow import describe_cases, engine
from webapp.funnel.choosing import choose_definition
from webapp.funnel.step_address import CLOSE, StepsAsked
from webapp.funnel.step_order import StepLine, Weakest, in_order, weakest
from webapp.staff.models import User
from webapp.staff.queries import find_centres, names_of, within

PAGE = 50
MILESTONES_OF_DAYS = (1, 3, 7, 14, 30, 60, 90)
LONGEST_CURVE = 120  # days that the picture shows


@dataclass(frozen=True)
class StepsPage:
    """The whole page. `centres` and `people` are those that may be chosen, by id."""

    asked: StepsAsked
    title: str
    processes: Mapping[str, str]
    versions: Sequence[int]
    centres: Mapping[int, str]
    people: Mapping[int, str]
    lines: tuple[StepLine, ...]
    variants: Variants
    names: Mapping[str, str]  # of steps
    curves: Mapping[str, str]  # from what time may be counted, and how that is called
    curve: Sequence[Left]
    standing: Standing

    @property
    def total_now(self) -> int:
        return sum(line.figures.now.open for line in self.lines)

    @property
    def weakest(self) -> Weakest:
        return weakest(self.lines)

    @property
    def median(self) -> int | None:
        """Days after which half of the cases have gone on."""
        return median_days(self.curve)

    @property
    def points(self) -> list[tuple[int, Left]]:
        """The curve after so many days, as far as it was observed: for the table."""
        last = self.curve[-1].day if self.curve else 0
        days = [day for day in MILESTONES_OF_DAYS if day <= max(last, 1)]
        return [(day, left_after(self.curve, day)) for day in days]


@dataclass(frozen=True)
class VisitLine:
    """A line of the list behind a figure."""

    visit: VisitBehind
    label: CaseLabel
    person: str


@dataclass(frozen=True)
class VisitLines:
    """A page of that list."""

    asked: StepsAsked
    title: str
    step: str
    lines: tuple[VisitLine, ...]
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def choose_process(
    session: Session, wanted: str, roles: Collection[str], reach: RowScope
) -> tuple[Definition | None, Mapping[str, Definition]]:
    """The process that is asked for, else that of the reader's funnel, else the one with most steps.

    Raises UnknownDefinition.
    """
    live = {each.key: each for each in engine().store.live(session)}
    if wanted and wanted not in live:
        raise UnknownDefinition("process_unknown", process=wanted)
    if wanted:
        return live[wanted], live
    of_funnel, _measured = choose_definition(session, "", roles, reach)
    return of_funnel or max(live.values(), key=lambda each: len(steps_in_order(each)), default=None), live


def load_steps(session: Session, asked: StepsAsked, live: Mapping[str, Definition], reach: RowScope) -> StepsPage:
    """All that the page shows: at most 24 statements, whatever was asked."""
    definition, chosen, versions = _version(session, asked, live[asked.process])
    filters = asked.filters(current_zone(), reach, chosen)
    moment = now()
    figures = count_steps(session, filters, now=moment, clock=asked.clock)
    ordered = {element.id: element for element in steps_in_order(definition)}
    names = _names(ordered)
    lines = [StepLine(id_, names[id_], figures.get(id_, StepFigures(id_, clock=asked.clock)), False) for id_ in ordered]
    gone = _names(_of_other_versions(session, definition.key, figures.keys() - ordered.keys()))
    lines += [StepLine(id_, gone.get(id_, id_), each, True) for id_, each in figures.items() if id_ not in ordered]
    curves = _curves(definition)
    if asked.curve in curves and asked.curve != CLOSE:
        curve = time_from_milestone(session, definition.plan, asked.curve, filters, now=moment)
    else:
        curve = time_to_close(session, filters, now=moment)
    return StepsPage(
        asked,
        _title(definition),
        {key: _title(each) for key, each in sorted(live.items(), key=lambda pair: _title(pair[1]).casefold())},
        sorted(versions, reverse=True),
        _centres(session, reach),
        _people(session, reach),
        in_order(lines, asked.order),
        find_variants(session, filters),
        gone | names,
        curves,
        curve,
        standing(session),
    )


def load_visits(session: Session, asked: StepsAsked, live: Mapping[str, Definition], reach: RowScope) -> VisitLines:
    """The list behind one figure."""
    definition, chosen, _versions = _version(session, asked, live[asked.process])
    filters = asked.filters(current_zone(), reach, chosen)
    offset = (asked.page - 1) * PAGE
    behind = visits_behind(session, filters, asked.figure, asked.at, now=now(), offset=offset, limit=PAGE)
    labels = describe_cases(session, [each.business_key for each in behind.visits])
    people = names_of(session, [each.person_id for each in behind.visits if each.person_id])
    lines = tuple(
        VisitLine(each, labels[each.business_key], people.get(each.person_id or 0, str(_("Nobody"))))
        for each in behind.visits
    )
    step = _names({element.id: element for element in steps_in_order(definition)}).get(asked.at, asked.at)
    return VisitLines(asked, _title(definition), step, lines, behind.total)


def left_after(curve: Sequence[Left], day: int) -> Left:
    """The point of the curve that holds after so many days."""
    return next(point for point in reversed(curve) if point.day <= day)


def span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _version(session: Session, asked: StepsAsked, latest: Definition) -> tuple[Definition, int | None, Sequence[int]]:
    """The drawing that gives names and order, the version that is counted (None: all), and all that there are."""
    rows = session.execute(
        select(ProcessDefinition.version, ProcessDefinition.id).where(ProcessDefinition.key == asked.process)
    )
    known: dict[int, int] = {version: id_ for version, id_ in rows}  # noqa: C416  # rows, not pairs, for mypy
    chosen = known.get(asked.version)
    return (latest if chosen is None else engine().store.get(session, chosen)), chosen, list(known)


def _title(definition: Definition) -> str:
    return definition.model.name.in_language(current_language()) or definition.key


def _names(steps: Mapping[str, Element]) -> dict[str, str]:
    return {id_: element.name.in_language(current_language()) or id_ for id_, element in steps.items()}


def _of_other_versions(session: Session, key: str, ids: Iterable[str]) -> dict[str, Element]:
    """Elements that the version at hand does not have, as the newest of the others drew them."""
    found = {id_: engine().store.once(session, key, id_) for id_ in ids}
    return {id_: element for id_, element in found.items() if element is not None}


def _curves(definition: Definition) -> dict[str, str]:
    language = current_language()
    named = {each: milestone_text(definition.model, each, language) for each in definition.plan.mandatory[:-1]}
    return {CLOSE: str(_("opening → close"))} | {
        each: str(_("%(milestone)s → next or close", milestone=name)) for each, name in named.items()
    }


def _centres(session: Session, reach: RowScope) -> dict[int, str]:
    """Centres that may be chosen: those that are seen whole, if there are several."""
    found = {
        each.id: each.name
        for each in find_centres(session, only_active=False)
        if reach.kind is ScopeKind.GROUP or each.id in reach.centre_ids
    }
    return found if len(found) > 1 else {}


def _people(session: Session, reach: RowScope) -> dict[int, str]:
    if reach.kind is ScopeKind.OWN:
        return {}
    people = session.scalars(within(reach).where(User.active).order_by(User.name))
    return {person.id: person.name for person in people}
