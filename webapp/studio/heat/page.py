"""What the page of a heat map shows: one drawing or two, and the steps by their figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from engine.analytics.figures import StepFigures
from engine.analytics.following import Standing, standing
from engine.analytics.rows import VISIT
from engine.definitions.model import ProcessModel
from engine.definitions.store import Definition
from webapp.core.clock import now
from webapp.core.errors import NotFound
from webapp.core.formats import format_day
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import ScopeKind, scope_if_any
from webapp.core.workflow import engine
from webapp.kit.periods import PERIODS, Period, PeriodName
from webapp.staff.models import User
from webapp.staff.queries import find_centres
from webapp.studio import queries
from webapp.studio.heat.address import Asked, Query
from webapp.studio.heat.counting import Drawn, Values, drawn_for, figures_for, values_of
from webapp.studio.heat.measures import Shade, level_of, scale

LISTED = 12  # steps beside the drawing; the rest is opened


@dataclass(frozen=True)
class Cell:
    """One figure; `address` is the list of cases it was counted from, where the reader may see that.

    `counted`: what a share or a time is of, in words.
    """

    value: float
    shown: str
    level: int
    address: str | None
    counted: str = ""


@dataclass(frozen=True)
class Line:
    """A step with its figure on each side; None where it has none. `inside`: the called process that holds it."""

    element: str
    label: str
    cells: tuple[Cell | None, ...]
    inside: str = ""
    inside_title: str = ""
    gone: bool = False

    @property
    def main(self) -> float:
        """On the first side, which is what the page is about."""
        return self.cells[0].value if self.cells and self.cells[0] else 0

    @property
    def most(self) -> float:
        return max((cell.value for cell in self.cells if cell), default=0)


@dataclass(frozen=True)
class Side:
    """One drawing. `title` tells it from the other; `hottest`: its element with the greatest figure."""

    asked: Asked
    title: str
    marks: Mapping[str, Any]
    is_empty: bool
    hottest: str


@dataclass(frozen=True)
class HeatPage:
    """The whole page. `callers`, `calls`: processes by key; versions by number, the newest first."""

    asked: Asked
    title: str
    part_title: str
    definition_id: int
    drawn_key: str
    sides: tuple[Side, ...]
    lines: tuple[Line, ...]
    quiet: tuple[Line, ...]
    shades: Sequence[Shade]
    versions: Sequence[int]
    drawn_version: int
    centres: Mapping[int, str]
    people: Mapping[int, str]
    calls: Mapping[str, str]
    callers: Mapping[str, str]
    standing: Standing
    links: bool

    @property
    def top(self) -> float:
        return self.shades[-1].upto if self.shades else 0

    @property
    def hottest(self) -> Line | None:
        """Of the main side: what it is compared with does not speak for it."""
        return self.lines[0] if self.lines and self.lines[0].main else None

    def legend(self) -> list[tuple[int, str]]:
        """Each shade with the figures it stands for."""
        measure, language = self.asked.measure, current_language()
        said, below = [], 0
        for shade in self.shades:
            shown = measure.shown(shade.upto, language)
            if measure.kind == "count":
                first = below + 1
                shown = shown if first == shade.upto else f"{measure.shown(first, language)}–{shown}"
                below = int(shade.upto)
            else:
                shown = str(_("up to %(figure)s", figure=shown))
            said.append((shade.level, shown))
        return said


def load_map(session: Session, asked: Asked) -> HeatPage:
    """At most two dozen statements, twice as many figures with two drawings. Raises NotFound."""
    versions = queries.versions_of(session, asked.key)
    if not versions:
        raise NotFound("process_unknown")
    store = engine().store
    drawn = drawn_for(session, store, asked, versions)
    centres, people = _centres(session), _people(session, asked)
    both = (asked, asked.second) if asked.second is not None else (asked,)
    figures = [figures_for(session, each, drawn, current_zone(), now()) for each in both if each is not None]
    names, inside = _steps(session, drawn, figures), drawn.inside()
    values = [values_of(each, asked.measure, inside, names) for each in figures]
    shades = scale((value for each in values for value in each.all()), asked.measure.kind)
    links = _sees_cases()
    sides = [each for each in both if each is not None]
    lines = [_line(each, asked, sides, values, shades, links) for each in names.values()]
    live = store.live(session)
    return HeatPage(
        asked=asked,
        title=_title(store.get(session, versions[0].definition_id).model),
        part_title=_title(drawn.model) if drawn.is_part else "",
        definition_id=drawn.definition_id,
        drawn_key=asked.key if drawn.definition_id == drawn.definition.id else drawn.model.key,
        sides=tuple(
            _side(side, _side_title(side, asked, people), asked, drawn, inside, each, shades, links)
            for side, each in zip(sides, values, strict=True)
        ),
        lines=tuple(sorted((each for each in lines if each.most), key=lambda line: (-line.main, -line.most))),
        quiet=tuple(each for each in lines if not each.most and not each.gone),
        shades=shades,
        versions=[each.number for each in versions],
        drawn_version=drawn.definition.version,
        centres=centres,
        people=people,
        calls=dict(sorted(((each.key, _title(each)) for each in drawn.calls.values()), key=lambda pair: pair[1])),
        callers=_callers(live, asked.key) if not any(figures) else {},
        standing=standing(session),
        links=links,
    )


def _steps(session: Session, drawn: Drawn, figures: Sequence[Mapping[str, StepFigures]]) -> dict[str, Line]:
    """Every step that may be listed, without figures; those of other versions come last."""
    language = current_language()
    found = {}
    for element, home in drawn.steps():
        outside = home.key != drawn.model.key
        found[element.id] = Line(
            element.id,
            element.name.in_language(language) or element.id,
            (),
            home.key if outside else "",
            _title(home) if outside else "",
        )
    if not drawn.is_part:
        for id_ in sorted({id_ for each in figures for id_ in each} - found.keys()):
            known = engine().store.once(session, drawn.definition.key, id_)
            name = known.name.in_language(language) if known is not None else ""
            found[id_] = Line(id_, name or id_, (), gone=True)
    return found


def _line(
    bare: Line, asked: Asked, sides: Sequence[Asked], values: Sequence[Values], shades: Sequence[Shade], links: bool
) -> Line:
    cells = tuple(
        _cell(side, asked, each, bare.element, shades, links) if bare.element in each.steps else None
        for side, each in zip(sides, values, strict=True)
    )
    return Line(bare.element, bare.label, cells, bare.inside, bare.inside_title, bare.gone)


def _cell(side: Asked, asked: Asked, values: Values, element: str, shades: Sequence[Shade], links: bool) -> Cell:
    value = values.steps[element] if element in values.steps else values.calls[element]
    behind = side.steps(figure=side.measure.figure.value, at=element, map=asked.way_back())
    address = url_for("steps.list_visits", **_text(behind))
    shown, base = side.measure.shown(value, current_language()), values.bases.get(element)
    counted = side.measure.counted(value, base) if base else ""
    return Cell(value, shown, level_of(value, shades), address if links and value else None, counted)


def _side(
    side: Asked,
    title: str,
    asked: Asked,
    drawn: Drawn,
    inside: Mapping[str, frozenset[str]],
    values: Values,
    shades: Sequence[Shade],
    links: bool,
) -> Side:
    """Colours and badges of one drawing; a badge of a call opens the map of the called process."""
    own = {id_: value for id_, value in values.steps.items() if id_ in drawn.model.elements and id_ not in inside}
    language, heat, tokens = current_language(), {}, []
    for id_, value in (*own.items(), *values.calls.items()):
        heat[id_] = level_of(value, shades)
        if not value:
            continue
        cell = _cell(side, asked, values, id_, shades, links)
        element, opens = drawn.model.elements[id_], cell.address
        if id_ in inside:
            part = element.called_process
            opens = url_for("heat.show_map", **_text(side.parameters(part=part)))
        name = element.name.in_language(language) or id_
        tone = f"heat-{cell.level}"
        said = f"{name}: {cell.shown}" + (f", {cell.counted}" if cell.counted else "")
        tokens.append({"element": id_, "text": cell.shown, "tone": tone, "href": opens, "label": said})
    hottest = max(heat, key=lambda id_: own.get(id_, values.calls.get(id_, 0)), default="")
    return Side(side, title, {"heat": heat, "tokens": tokens}, not any(values.all()), hottest)


def _text(query: Query) -> dict[str, Any]:
    return dict(query)


def _side_title(side: Asked, asked: Asked, people: Mapping[int, str]) -> str:
    if asked.second is None:
        return ""
    if asked.other_person is not None:
        named = [people.get(each, f"#{each}") for each in side.people]
        return ", ".join(named) or str(pgettext("people", "Everybody"))
    return period_title(side.period)


def period_title(period: Period) -> str:
    """Its name with its days; the days alone of one's own."""
    language, zone = current_language(), current_zone()
    first, last = (format_day(day, language, zone) if day else "" for day in (period.first, period.last))
    days = f"{first} – {last}".strip()
    if period.name is PeriodName.OWN:
        return days
    return f"{PERIODS[period.name]}, {days}" if first else str(PERIODS[period.name])


def _sees_cases() -> bool:
    """The lists are those of the page of steps: with less than the whole group there they would not fit the figures."""
    reach = scope_if_any("funnel.see")
    return reach is not None and reach.kind is ScopeKind.GROUP


def _title(model: ProcessModel) -> str:
    return model.name.in_language(current_language()) or model.key


def _callers(live: Sequence[Definition], key: str) -> dict[str, str]:
    """The processes that call this one: its steps are counted there."""
    return {each.key: _title(each.model) for each in live if key in each.called}


def _centres(session: Session) -> dict[int, str]:
    found = {each.id: each.name for each in find_centres(session, only_active=False)}
    return found if len(found) > 1 else {}


def _people(session: Session, asked: Asked) -> dict[int, str]:
    """Those who ever had a step of this process (a look into an index for each person), and who is chosen."""
    visit = VISIT.c
    had = exists().where(visit.person_id == User.id, visit.process_key == asked.key)
    chosen = User.id.in_([*asked.people, *([asked.other_person] if asked.other_person else [])])
    rows = session.execute(select(User.id, User.name).where(or_(User.active & had, chosen)).order_by(User.name))
    return {id_: name for id_, name in rows}  # noqa: C416
