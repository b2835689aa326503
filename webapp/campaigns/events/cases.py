"""How an event is called on the pages of its case, and what whoever decides about it must see there."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.campaigns.cases import SHORTEST
from webapp.campaigns.events import labels, money, planning, queries
from webapp.campaigns.models import EVENT_SUBJECT, Event
from webapp.core import formats
from webapp.core.feature import CaseLabel, Fact
from webapp.core.i18n import current_language
from webapp.core.permissions import may


def describe_events(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """Name, then day and place."""
    rows = session.scalars(select(Event).where(Event.id.in_(ids)).options(joinedload(Event.centre)))
    return {
        event.id: CaseLabel(title=event.name, detail=f"{when_of(session, event)}, {event.place}", url=address_of(event))
        for event in rows
    }


def event_facts(session: Session, event_id: int) -> Sequence[Fact]:
    """Kind, place, day, guests and money."""
    event, language = planning.get_by_key(session, f"{EVENT_SUBJECT}:{event_id}"), current_language()
    counts = queries.counts_of(session, [event.id])[event.id]
    plan = money.plan_of(event)
    page = url_for("events.show_guests", event_id=event.id) if may("campaigns.receive") else ""
    found = [
        Fact(_("Event"), event.name, url=address_of(event)),
        Fact(_("Kind"), str(labels.TYPES[event.type])),
        Fact(_("When"), when_of(session, event)),
        Fact(_("Place"), event.place),
    ]
    if event.segment is not None:
        url = url_for("segments.show", segment_id=event.segment.id) if may("campaigns.see") else ""
        found.append(Fact(_("Segment"), event.segment.name, url=url))
    places = _("%(taken)s of %(all)s", taken=counts.places, all=event.capacity)
    found += [
        Fact(_("On the list"), formats.format_number(counts.listed, language), url=page),
        Fact(_("Places taken"), places, tone="warn" if counts.places > event.capacity else ""),
    ]
    if plan.cost or plan.visits:
        found.append(Fact(_("Costs, plan"), formats.format_money(plan.cost, language)))
        if plan.roi is not None:
            found.append(Fact(_("ROI, plan"), f"{formats.format_number(plan.roi, language)} %"))
    return found


def when_of(session: Session, event: Event) -> str:
    """02.03.2026, 12:00, or 02.03.2026 – 04.03.2026."""
    language, zone = current_language(), planning.zone_of(session, event)
    first = formats.format_day(event.first_day, language, zone)
    if event.last_day != event.first_day:
        return f"{first} – {formats.format_day(event.last_day, language, zone)}"
    return f"{first}, {formats.format_time(event.starts_at, zone)}"


def address_of(event: Event) -> str:
    """Its page, or the guests' for who may see no more."""
    if may("campaigns.see"):
        return url_for("events.show_event", event_id=event.id)
    return url_for("events.show_guests", event_id=event.id) if may("campaigns.receive") else ""


def events_meant(text: str) -> Select[str] | None:
    """Cases of events with these words in their name."""
    words = text.strip()
    if len(words) < SHORTEST:
        return None
    spelled = {words, words.lower(), words.capitalize()}
    return select(Event.business_key).where(or_(*(Event.name.contains(each, autoescape=True) for each in spelled)))
