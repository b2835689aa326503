"""The filter chips: what is chosen, and what could be chosen instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from engine.milestones.filters import State
from engine.milestones.fold import OUTCOME_REASON
from engine.milestones.funnel import dimension_values
from webapp.funnel.address import DIMENSION, NOBODY
from webapp.funnel.labels import STATES, dimensions_of
from webapp.funnel.queries import FunnelPage

LONGEST_LIST = 60  # a dimension with more values is filtered from the lists behind the figures
Query = Mapping[str, object]


@dataclass(frozen=True)
class Option:
    """One value of a chip: the link that adds it, or takes it away again."""

    label: str
    query: Query
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """One filter. `shown` is what is chosen; `clear` leads back to all of them, if anything is chosen."""

    name: str
    title: str
    shown: str
    options: tuple[Option, ...]
    clear: Query | None


def chips(page: FunnelPage) -> list[Chip]:
    """Centre, person, every declared dimension that has values, and the state; the period has a form of its own."""
    asked, labels = page.asked, page.labels
    funnel = page.cohort or page.dated
    places = funnel.places if funnel else None
    scopes = {*(places.scopes if places else ()), *(scope or None for scope in asked.scopes)}
    owners = {*(places.owners if places else ()), *(owner or None for owner in asked.owners)}
    found = [
        _chip(page, "centre", _("Centre"), {scope or NOBODY: labels.centre(scope) for scope in scopes}, asked.scopes),
        _chip(page, "person", _("Person"), {owner or NOBODY: labels.person(owner) for owner in owners}, asked.owners),
    ]
    values = dimension_values(page.dimensions)
    for name in dimensions_of(labels.definition):
        chosen = asked.dimensions.get(name, ())
        if name == OUTCOME_REASON and not chosen:
            continue  # the list of reasons offers them
        known = dict.fromkeys([*chosen, *values.get(name, ())][:LONGEST_LIST])
        named = {value: labels.value(name, value) for value in known}
        found.append(_chip(page, f"{DIMENSION}{name}", labels.dimension(name), named, chosen))
    return [chip for chip in [*found, _state(page)] if chip.options]


def _chip(
    page: FunnelPage, name: str, title: str, values: Mapping[int | str, str], chosen: Iterable[int | str]
) -> Chip:
    picked = [value for value in values if value in set(chosen)]
    options = tuple(
        Option(label, page.asked.toggled(name, value), value in picked)
        for value, label in sorted(values.items(), key=lambda pair: pair[1].casefold())
    )
    shown = values[picked[0]] if len(picked) == 1 else str(len(picked)) if picked else _("all")
    return Chip(name, title, shown, options, page.asked.parameters(**{name: None}) if picked else None)


def _state(page: FunnelPage) -> Chip:
    asked = page.asked
    options = tuple(
        Option(
            str(STATES[state]),
            asked.parameters(state=None if state is asked.state else state.value),
            state is asked.state,
        )
        for state in State
    )
    shown = str(STATES[asked.state]) if asked.state else _("all")
    return Chip("state", _("State"), shown, options, asked.parameters(state=None) if asked.state else None)
