"""Visits beside the grid: the list of a period, and where one that is moved stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from webapp.aftersales import booking
from webapp.aftersales.calendar import Bar
from webapp.aftersales.models import BayType, ResourceKind, ServiceResource, ServiceVisit
from webapp.aftersales.moving import reception_of
from webapp.aftersales.needs import needs_of
from webapp.aftersales.queries import say_slot
from webapp.core.database import session
from webapp.core.i18n import current_language


@dataclass(frozen=True)
class Entry:
    """A visit in the list beside the grid, for whoever does not see or cannot drag bars."""

    bar: Bar
    place: str
    at: datetime  # when the customer comes, by the clocks of the centre

    @property
    def time(self) -> str:
        return f"{self.at:%H:%M}"


def agenda_of(
    bars: Sequence[Bar], resources: Sequence[ServiceResource], zone: ZoneInfo
) -> list[tuple[date, list[Entry]]]:
    """Visits by day and arrival, each once: where the work is done. Work that goes on begins again with the day."""
    names = {each.id: each.label_in(current_language()) for each in resources}
    work = {each.id for each in resources if each.kind is ResourceKind.BAY and each.bay_type != BayType.RECEPTION}
    entries = [
        Entry(bar, names.get(bar.resource_id, ""), _arrival(bar, zone))
        for bar in bars
        if bar.resource_id in work and bar.visit_id is not None
    ]
    by_day = groupby(sorted(entries, key=lambda each: (each.at, each.bar.who)), key=lambda each: each.at.date())
    return [(day, list(found)) for day, found in by_day]


def _arrival(bar: Bar, zone: ZoneInfo) -> datetime:
    begins = bar.starts_at.astimezone(zone)
    comes = bar.comes_at.astimezone(zone) if bar.comes_at else begins
    return comes if comes.date() == begins.date() else begins


@dataclass(frozen=True)
class Places:
    """Where a visit that is moved stands now, and what may be chosen by hand."""

    now: str
    starts_at: str  # of the work, as the input wants it
    bay_id: int
    bays: Sequence[tuple[int, str]]


def places_of(visit: ServiceVisit, resources: Sequence[ServiceResource], zone: ZoneInfo) -> Places | None:
    """Of a booked visit."""
    slot = booking.slot_of(session(), visit)
    if slot is None:
        return None
    needs = needs_of(session(), visit.jobs)
    work = slot.starts_at.astimezone(zone) + reception_of(slot)
    return Places(
        say_slot(session(), slot, zone, current_language()),
        f"{work:%Y-%m-%dT%H:%M}",
        slot.bay_id,
        [(each.id, each.label_in(current_language())) for each in resources if each.serves(needs.bay_type)],
    )
