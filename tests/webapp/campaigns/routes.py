"""The routes of segments and campaigns."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.campaigns.models import SUBJECT, Campaign, CampaignStatus, CampaignType, GoalMetric, Segment
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


SEE, CHANGE = "campaigns.see", "campaigns.change"
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
    "campaigns.list_campaigns": Route(SEE),
    "campaigns.show_campaign": Route(SEE, campaign),
    "campaigns.show_progress": Route(SEE, campaign),
    "campaigns.list_recipients": Route(SEE, campaign),
    "campaigns.change_costs": Route(CHANGE, campaign),
    "campaigns.call_off": Route(CHANGE, campaign, data={"reason": "No tyres"}),
}
