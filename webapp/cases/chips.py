"""The filter chips of a list of cases: what is chosen, and what could be chosen instead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.instances.models import ProcessInstance
from engine.milestones.fold import OUTCOME_REASON
from engine.milestones.models import EpisodeDimension
from webapp.cases.filtering import COLUMNS, DIMENSION, NOBODY, NONE_YET, CaseFilter
from webapp.cases.labels import OUTCOMES, dimensions_of, milestone_text
from webapp.cases.listing import count
from webapp.cases.reasons import values_of
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope
from webapp.core.workflow import dimension, engine
from webapp.staff.models import User
from webapp.staff.queries import find_centres

LONGEST_LIST = 60  # values of a dimension beyond these are found by the text
SILENCES = (1, 3, 7, 14, 30)
Query = Mapping[str, object]

COLUMN_TITLES: Mapping[str, Text] = {
    "process": _l("Process"),
    "step": _l("Where it stands"),
    "milestone": _l("Milestone"),
    "centre": _l("Centre"),
    "person": _l("Responsible"),
    "contact": _l("Last contact"),
    "due": _l("Due"),
    "opened": _lp("case", "Opened"),
}
SORT_TITLES: Mapping[str, Text] = {
    "due": _l("The most pressing first"),
    "newest": _l("The newest first"),
    "oldest": _l("The oldest first"),
    "furthest": _l("The furthest first"),
    "closed": _l("The last closed first"),
}


@dataclass(frozen=True)
class Option:
    """One value of a chip: the query that adds it, or takes it away again."""

    label: str
    query: Query
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """One filter. `shown` is what is chosen; `clear` leads back to all, if anything is chosen."""

    name: str
    title: str
    shown: str
    options: tuple[Option, ...]
    clear: Query | None


@dataclass(frozen=True)
class Hiding:
    """A filter of an empty list, and how many cases it hides."""

    text: str
    query: Query
    number: int


def find_chips(session: Session, asked: CaseFilter, reach: RowScope, *, board: bool = False) -> list[Chip]:
    """Process, centre, person, milestone, outcome, silence and the declared dimensions. About five statements."""
    live = engine().store.last_seen(session) if board else engine().store.live(session)
    chosen = [each for each in live if each.key in asked.processes] or live
    found = [] if board else [_processes(asked, live)]
    found += [_centres(session, asked, reach), _people(session, asked, reach)]
    if not board and len(chosen) == 1:
        found.append(_milestones(asked, chosen[0]))
    if asked.state in ("closed", "all") and not board:
        known = {name: str(text) for name, text in OUTCOMES.items()}
        found.append(_chip(asked, "outcome", _("Outcome"), known, asked.outcomes))
    found.append(_silence(asked))
    for name in _dimensions_of(chosen):
        if name != OUTCOME_REASON or asked.state in ("closed", "all"):
            found.append(_dimension(session, asked, name))
    return [chip for chip in found if len(chip.options) > 1 or chip.clear is not None]


def hiding(session: Session, asked: CaseFilter, reach: RowScope, chips: Sequence[Chip]) -> list[Hiding]:
    """For an empty list: each filter with the number of cases that would stand here without it. One statement each."""
    found = []
    for chip in chips:
        if chip.clear is not None and chip.name != "process":
            without = _without(asked, chip.name)
            found.append(Hiding(f"{chip.title}: {chip.shown}", chip.clear, count(session, without, reach)))
    if asked.text:
        without = replace(asked, text="")
        found.append(Hiding(f"“{asked.text}”", without.parameters(), count(session, without, reach)))
    if asked.state != "all":
        without = replace(asked, state="all")
        found.append(Hiding(str(_("State")), without.parameters(), count(session, without, reach)))
    return sorted((each for each in found if each.number), key=lambda each: -each.number)


def column_titles(session: Session, asked: CaseFilter) -> dict[str, str]:
    """Every column that can be chosen for this list, with its title."""
    live = engine().store.last_seen(session)
    chosen = [each for each in live if each.key in asked.processes] or live
    titles = {name: str(COLUMN_TITLES[name]) for name in COLUMNS}
    for name in _dimensions_of(chosen):
        titles[f"{DIMENSION}{name}"] = _dimension_title(name)
    return titles


def _without(asked: CaseFilter, name: str) -> CaseFilter:
    if name.startswith(DIMENSION):
        kept = {key: value for key, value in asked.dimensions.items() if f"{DIMENSION}{key}" != name}
        return replace(asked, dimensions=kept)
    if name == "silent":
        return replace(asked, silent=None)
    changes: dict[str, CaseFilter] = {
        "centre": replace(asked, centres=()),
        "person": replace(asked, owners=()),
        "milestone": replace(asked, milestones=()),
        "outcome": replace(asked, outcomes=()),
    }
    return changes[name]


def _processes(asked: CaseFilter, live: Sequence[Definition]) -> Chip:
    language = current_language()
    names = {each.key: each.model.name.in_language(language) or each.key for each in live}
    return _chip(asked, "process", _("Process"), names, asked.processes)


def _centres(session: Session, asked: CaseFilter, reach: RowScope) -> Chip:
    known = {each.id: each.name for each in find_centres(session)}
    if reach.centre_ids and not reach.covers(None, None):
        known = {number: name for number, name in known.items() if number in reach.centre_ids}
    return _chip(asked, "centre", _("Centre"), known, asked.centres)


def _people(session: Session, asked: CaseFilter, reach: RowScope) -> Chip:
    """Those who own cases, by name: of all where a department serves those of others, else of those in reach."""
    of_reach = reach.condition(owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id)
    seen = true() if reach.served else of_reach
    owners = select(User.id, User.name).where(exists().where(ProcessInstance.owner_id == User.id, seen))
    names = {row.id: row.name for row in session.execute(owners)}
    ordered = dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
    if session.scalar(select(exists().where(ProcessInstance.owner_id.is_(None), seen))):
        ordered[NOBODY] = str(_("Nobody"))
    return _chip(asked, "person", _("Responsible"), ordered, asked.owners)


def _milestones(asked: CaseFilter, definition: Definition) -> Chip:
    language = current_language()
    known = {NONE_YET: str(_("Before the first milestone"))}
    known |= {name: milestone_text(definition.model, name, language) for name in definition.plan.milestones}
    return _chip(asked, "milestone", _("Milestone"), known if definition.plan.milestones else {}, asked.milestones)


def _silence(asked: CaseFilter) -> Chip:
    options = tuple(
        Option(_days(days), asked.parameters(silent=None if asked.silent == days else days), asked.silent == days)
        for days in SILENCES
    )
    shown = _days(asked.silent) if asked.silent else _("all")
    return Chip("silent", _("Without contact"), shown, options, asked.parameters(silent=None) if asked.silent else None)


def _days(days: int) -> str:
    return str(_("%(number)s d and longer", number=days))


def _dimensions_of(definitions: Iterable[Definition]) -> list[str]:
    return list(
        dict.fromkeys(name for each in definitions if each.model.dimensions for name in dimensions_of(each.model))
    )


def _dimension_title(name: str) -> str:
    return str(_("Reason")) if name == OUTCOME_REASON else str(dimension(name).title)


def _dimension(session: Session, asked: CaseFilter, name: str) -> Chip:
    known = values_of(session, name, engine().store.last_seen(session))
    if not known:
        statement = select(EpisodeDimension.value).where(EpisodeDimension.name == name).distinct().limit(LONGEST_LIST)
        known = {value: value for value in session.scalars(statement)}
    chosen = asked.dimensions.get(name, ())
    known = {**dict(list(known.items())[:LONGEST_LIST]), **{each: known.get(each, each) for each in chosen}}
    return _chip(asked, f"{DIMENSION}{name}", _dimension_title(name), known, chosen)


def _chip(
    asked: CaseFilter,
    name: str,
    title: str,
    values: Mapping[int | str, str] | Mapping[str, str] | Mapping[int, str],
    chosen: Iterable[int | str],
) -> Chip:
    picked = [value for value in values if value in set(chosen)]
    options = tuple(Option(label, asked.toggled(name, value), value in picked) for value, label in values.items())
    shown = values[picked[0]] if len(picked) == 1 else str(len(picked)) if picked else _("all")  # type: ignore[index]
    return Chip(name, title, shown, options, asked.parameters(**{name: None}) if list(chosen) else None)


def state_texts() -> dict[str, str]:
    """The states of the list in the order of their buttons."""
    texts = (_lp("cases", "Open"), _lp("cases", "Overdue"), _lp("cases", "Closed"), _lp("cases", "All"))
    return {name: str(text) for name, text in zip(("open", "late", "closed", "all"), texts, strict=True)}
