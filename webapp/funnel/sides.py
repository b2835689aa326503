"""Two to four funnels side by side, of one process or of several: the address of each is a part of the page's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.definitions.store import Definition
from engine.milestones.comparison import Share
from engine.milestones.filters import Counting
from engine.milestones.fold import OUTCOME_REASON
from engine.milestones.funnel import MilestoneFigures, count_by_event_date, count_cohort
from engine.milestones.ratios import count_ratios, total_ratios
from webapp.core.formats import format_day
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import RowScope, scope_if_any
from webapp.funnel.address import BY_OWNER, BY_SCOPE, DIMENSION, NOBODY, Asked
from webapp.funnel.labels import STATES, Labels, dimensions_of, find_labels
from webapp.funnel.money import Money, sum_money
from webapp.funnel.queries import SEE_MONEY, filters_of, read_asked
from webapp.kit.periods import PERIODS, PeriodName

MOST = 4
PART = "f"  # of the page's address: the query of one funnel
LONGEST_QUERY = 2000  # characters of one funnel's address


@dataclass(frozen=True)
class SideBar:
    """One milestone; the width is in per cent of the longest bar of its own funnel."""

    figures: MilestoneFigures
    label: str
    number: int
    width: float


@dataclass(frozen=True)
class Side:
    """One funnel of the page. `traits` are its filters in words; `others` the address of the page without it."""

    asked: Asked
    labels: Labels
    traits: tuple[str, ...]
    bars: tuple[SideBar, ...]
    opened: int | None  # None by event date
    ratios: tuple[tuple[str, str, Share], ...]  # name, what it is called, of all
    money: Money | None
    others: Mapping[str, list[str]]
    people: Mapping[int, str]

    @property
    def is_cohort(self) -> bool:
        return self.asked.counting is Counting.COHORT


def read_parts(query: MultiDict[str, str]) -> list[str]:
    """The funnels that the address names, at most four, each once."""
    named = [part for part in query.getlist(PART) if len(part) <= LONGEST_QUERY]
    return list(dict.fromkeys(named))[:MOST]


def part_of(asked: Asked, **changes: object) -> str:
    """One funnel as a part of the page's address."""
    return urlencode(asked.parameters(**{"at": None, "by": None, **changes}), doseq=True)


def added_part(query: MultiDict[str, str]) -> str:
    """The funnel that the form describes: its fields without those that were left empty, and without the others."""
    fields = [(name, value) for name, value in query.items(multi=True) if name not in (PART, "add") and value]
    return urlencode(fields)


def load_sides(
    session: Session, parts: Sequence[str], measured: Mapping[str, Definition], reach: RowScope
) -> list[Side]:
    """Each funnel as it is counted on its own page; one of an unknown process is left out."""
    found = []
    for part in parts:
        query = MultiDict(parse_qsl(part, keep_blank_values=True))
        definition = measured.get(query.get("process", ""))
        if definition is not None:
            others = {PART: [each for each in parts if each != part]}
            found.append(_load(session, read_asked(query, definition), definition, reach, others))
    return found


def _load(
    session: Session, asked: Asked, definition: Definition, reach: RowScope, others: Mapping[str, list[str]]
) -> Side:
    plan, filters = definition.plan, filters_of(asked, reach)
    opened: int | None = None
    if asked.counting is Counting.COHORT:
        cohort = count_cohort(session, plan, filters)
        rows, owners, opened = cohort.rows, cohort.places.owners, cohort.opened
    else:
        dated = count_by_event_date(session, plan, filters)
        rows, owners = dated.rows, dated.places.owners
    shares = total_ratios(plan, count_ratios(session, plan, filters))
    may_know = scope_if_any(SEE_MONEY)
    money = sum_money(session, plan.process_key, filters, may_know, by="source")[0] if may_know else None
    labels = find_labels(session, definition, {*owners, *asked.owners})
    numbers = [row.touched if row.reached is None else row.reached for row in rows]
    longest = max(numbers, default=0) or 1
    return Side(
        asked,
        labels,
        _traits(asked, labels),
        tuple(
            SideBar(row, labels.milestone(row.milestone), number, round(100 * number / longest, 2))
            for row, number in zip(rows, numbers, strict=True)
        ),
        opened,
        tuple((name, labels.ratio(name), share) for name, share in shares.items()),
        money,
        others,
        {owner or NOBODY: labels.person(owner) for owner in owners},
    )


def _traits(asked: Asked, labels: Labels) -> tuple[str, ...]:
    """What tells this funnel from another: centres, people, values, state; and always the period."""
    period = asked.period
    own = f"{_day(period.first)} – {_day(period.last)}"
    said = [labels.centre(scope) for scope in asked.scopes]
    said += [labels.person(owner) for owner in asked.owners]
    said += [labels.value(name, value) for name, values in asked.dimensions.items() for value in values]
    said += [str(STATES[asked.state])] if asked.state else []
    said += [labels.outcome(outcome) for outcome in asked.outcomes]
    said.append(own if period.name is PeriodName.OWN else str(PERIODS[period.name]))
    if asked.counting is Counting.EVENT_DATE:
        said.append(_("By event date"))
    return tuple(said)


def _day(day: date | None) -> str:
    return format_day(day, current_language(), current_zone()) if day else "…"


@dataclass(frozen=True)
class Choice:
    """A field of the form that adds a funnel: name in the address, title, options, what is chosen at first."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    every: str = ""  # the empty option; none when it is empty


def choices_of(last: Side, measured: Mapping[str, Definition]) -> list[Choice]:
    """The fields, filled as the last funnel is: whoever adds one changes what is to differ."""
    asked, labels = last.asked, last.labels
    everything = _("all")
    found = [
        Choice(
            "process", _("Process"), tuple((key, Labels(each).process) for key, each in measured.items()), asked.process
        ),
        Choice(
            "period",
            _("Period"),
            tuple((name.value, str(text)) for name, text in PERIODS.items()),
            asked.period.name.value,
        ),
        _list("centre", labels.grouping(BY_SCOPE), labels.centres, asked.scopes, everything),
        _list("person", labels.grouping(BY_OWNER), last.people, asked.owners, everything),
    ]
    for name in dimensions_of(labels.definition):
        values = labels.values.get(name, {})
        if name != OUTCOME_REASON and values:
            chosen = asked.dimensions.get(name, ())
            found.append(_list(f"{DIMENSION}{name}", labels.dimension(name), values, chosen, everything))
    return found


def _list(
    name: str, title: str, values: Mapping[int, str] | Mapping[str, str], chosen: Sequence[int | str], every: str
) -> Choice:
    options = tuple(
        sorted(((str(value), label) for value, label in values.items()), key=lambda pair: pair[1].casefold())
    )
    return Choice(name, title, options, str(chosen[0]) if len(chosen) == 1 else "", every)
