"""The head of service: for service what the head of sales is for sales; nothing that the foreman does is his alone."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.campaigns.routes import make_campaign
from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import make_centre, make_user
from webapp.aftersales.reference import SMALL_WORKSHOP
from webapp.aftersales.setting_up import furnish_workshop
from webapp.campaigns.models import CampaignStatus
from webapp.core.clock import now
from webapp.core.reference import ship_all
from webapp.staff.models import Centre
from webapp.staff.roles import BY_NAME

PAGES = ("/control/", "/service/booking", "/service/workshop", "/work-orders", "/funnel", "/campaigns", "/staff")


@pytest.fixture
def centre(client: FlaskClient, session: Session) -> Centre:
    made = make_centre(session)
    with client.application.app_context():
        ship_all(session)
        furnish_workshop(session, made.id, bays=SMALL_WORKSHOP, standard="service_seven_steps", now=now())
    session.commit()
    return made


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_of_a_head_open(client: FlaskClient, log_in: LogIn, centre: Centre, path: str) -> None:
    log_in("service_head", centre=centre)

    assert client.get(path).status_code == 200


def test_he_sets_the_workshop_up_and_sees_what_an_hour_costs(
    client: FlaskClient, log_in: LogIn, centre: Centre
) -> None:
    for role in ("service_head", "director", "group_director"):
        log_in(role, centre=centre)
        assert 'name="hour_cost"' in client.get("/service/workshop").text, role


def test_he_sees_campaigns_of_his_centre_and_decides_about_none(
    client: FlaskClient, session: Session, log_in: LogIn, centre: Centre
) -> None:
    marketer = make_user(session, "marketer")
    make_campaign(session, marketer, centre, name="Brakes week", status=CampaignStatus.SENT)
    make_campaign(session, marketer, make_centre(session), name="Far away", status=CampaignStatus.SENT)
    log_in("service_head", centre=centre)

    page = client.get("/campaigns").text

    assert ("Brakes week" in page, "Far away" in page) == (True, False)
    assert not {"campaigns.approve", "campaigns.change"} & set(BY_NAME["service_head"].grants)
