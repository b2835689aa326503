"""The routes of segments and campaigns."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from tests.webapp.customers.factories import make_customer
from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.campaigns.models import (
    SUBJECT,
    Campaign,
    CampaignStatus,
    CampaignType,
    Event,
    EventParticipant,
    EventStatus,
    EventType,
    GoalMetric,
    GuestStatus,
    Segment,
)
from webapp.staff.models import Centre, User


def segment(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    record = Segment(
        name="Everybody", rule='{"all": []}', owner_id=owner.id, centre_id=centre.id, created_at=NOW, changed_at=NOW
    )
    session.add(record)
    session.flush()
    return {"segment_id": record.id}


def campaign(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"campaign_id": make_campaign(session, owner, centre).id}


def make_campaign(session: Session, owner: User, centre: Centre, **overrides: object) -> Campaign:
    values = {
        "name": "Tyres",
        "code": f"C{session.query(Campaign).count() + 1}",
        "type": CampaignType.RETENTION,
        "goal_metric": GoalMetric.CONTACTS,
        "goal_value": 5,
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 3, 20),
        "owner_id": owner.id,
        "centre_id": centre.id,
        "created_at": NOW,
        "status": CampaignStatus.FINISHED,
    } | overrides
    record = Campaign(**values)
    session.add(record)
    session.flush()
    assert record.business_key == f"{SUBJECT}:{record.id}"
    return record


def event(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"event_id": make_event(session, owner, centre).id}


def guest(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    made = make_event(session, owner, centre)
    customer = make_customer(session, centre_id=centre.id, owner_id=owner.id)
    session.add(
        EventParticipant(event_id=made.id, customer_id=customer.id, status=GuestStatus.CAME, added_at=NOW, came_at=NOW)
    )
    session.flush()
    return {"event_id": made.id, "customer_id": customer.id}


def make_event(session: Session, owner: User, centre: Centre, **overrides: object) -> Event:
    """An event of today, for three guests."""
    day = NOW.date()
    values = {
        "name": "Evening",
        "type": EventType.PRESENTATION,
        "goal": "Ten test drives",
        "place": "Showroom",
        "starts_at": NOW,
        "first_day": day,
        "last_day": day,
        "counts_until": day + timedelta(days=60),
        "capacity": 3,
        "owner_id": owner.id,
        "responsible_id": owner.id,
        "centre_id": centre.id,
        "created_at": NOW,
        "status": EventStatus.INVITING,
        "margin_percent": Decimal(5),
    } | overrides
    record = Event(**values)
    session.add(record)
    session.flush()
    return record


SEE, CHANGE, RECEIVE, EXPORT = "campaigns.see", "campaigns.change", "campaigns.receive", "campaigns.export"
ROUTES: dict[str, Route] = {
    "segments.list_segments": Route(SEE),
    "segments.show_new": Route(CHANGE),
    "segments.add": Route(CHANGE, data={"name": "New", "g0.join": "all"}),
    "segments.show": Route(SEE, segment),
    "segments.change": Route(CHANGE, segment, data={"name": "Changed", "g0.join": "all"}),
    "segments.change_rows": Route(CHANGE),
    "segments.count": Route(SEE),
    "segments.freeze": Route(CHANGE, segment),
    "segments.archive": Route(CHANGE, segment),
    "mailing.show_list": Route(EXPORT, segment),
    "mailing.print_labels": Route(EXPORT, segment),
    "mailing.print_letters": Route(EXPORT, segment, data={"subject": "Tyres", "text": "Come"}),
    "mailing.take_phones": Route(EXPORT, segment),
    "campaigns.list_campaigns": Route(SEE),
    "campaigns.show_campaign": Route(SEE, campaign),
    "campaigns.show_progress": Route(SEE, campaign),
    "campaigns.list_recipients": Route(SEE, campaign),
    "campaigns.change_costs": Route(CHANGE, campaign),
    "campaigns.call_off": Route(CHANGE, campaign, data={"reason": "No tyres"}),
    "events.list_events": Route(RECEIVE),
    "events.show_event": Route(SEE, event),
    "events.call_off": Route(CHANGE, event, data={"reason": "Snow"}),
    "events.show_guests": Route(RECEIVE, event),
    "events.add_guest": Route(RECEIVE, event, data={"name": "Eve Newman", "phone": "+7 900 000-67-01"}),
    "events.answer": Route(RECEIVE, guest, data={"comes": "yes"}),
    "events.check_in": Route(RECEIVE, guest),
    "events.show_interest": Route(RECEIVE, guest),
    "events.note_interest": Route(RECEIVE, guest, data={"note": "Likes it"}),
}
