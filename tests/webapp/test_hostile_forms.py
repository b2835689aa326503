"""No form breaks a page: what no record can hold is refused in a sentence, on both databases."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.campaigns.routes import make_campaign
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_centre, make_user
from tests.webapp.vehicles.factories import make_car
from webapp.aftersales.models import ResourceKind
from webapp.aftersales.reference import LARGE_WORKSHOP
from webapp.aftersales.setting_up import furnish_workshop
from webapp.aftersales.workshop import find_resources
from webapp.campaigns.models import CampaignCost, CampaignStatus, Segment
from webapp.core.choices import choice_sources
from webapp.core.reference import ship_all
from webapp.core.working_calendars import save_initial_calendars
from webapp.staff.identity import Person
from webapp.staff.models import Centre, PermissionOverride

pytestmark = on_both_databases
HUGE = str(2**63)
BOOKING, SEGMENTS = "/service/booking", "/campaigns/segments"
Submit = Callable[..., tuple[int, str]]


@pytest.fixture
def north(app: Flask, session: Session) -> Centre:
    """A centre with a workshop."""
    with app.app_context():
        ship_all(session)
    save_initial_calendars(session, years=(2026, 2027))
    centre = make_centre(session)
    make_user(session, "service_advisor", centre=centre)
    furnish_workshop(session, centre.id, bays=LARGE_WORKSHOP, technicians=8, now=NOW)
    return centre


@pytest.fixture
def submit(client: FlaskClient) -> Submit:
    """Send a form; a failure of the application fails the test by itself."""

    def send(address: str, data: dict[str, object]) -> tuple[int, str]:
        answer = client.post(address, data=data, headers={"Accept-Language": "ru"})
        return answer.status_code, answer.text

    return send


def test_booking_refuses_what_no_calendar_has(
    client: FlaskClient, session: Session, log_in: LogIn, north: Centre, submit: Submit
) -> None:
    log_in("admin")
    bay = next(each.id for each in find_resources(session, north.id) if each.kind is ResourceKind.BAY)
    work = {"centre": north.id, "jobs": "maintenance_30"}
    slots = [f"2026-03-05T08:00Z/{HUGE}/1", f"9999-12-31T08:00Z/{bay}/1", f"0001-01-01T00:00Z/{bay}/1"]

    for wrong in ({"since": "9999-12-31"}, *({"slot": slot} for slot in slots)):
        assert submit(f"{BOOKING}/times", work | wrong)[0] == 200  # the next free times are proposed
    too_much = submit(f"{BOOKING}/times", work | {"jobs": [f"job{number}" for number in range(70_000)]})

    assert too_much[0] == 200
    assert client.get(f"{BOOKING}?visit={HUGE}").status_code == 200


def test_the_workshop_refuses_in_the_readers_language_and_takes_only_its_own_people(
    session: Session, log_in: LogIn, north: Centre, submit: Submit
) -> None:
    stranger = make_user(session, "salesperson", centre=make_centre(session), name="Far away")
    log_in("admin")
    right = {"standard": "service_seven_processes", "shift_hours": "8", "efficiency": "85"}
    address = f"/service/workshop/{north.id}"

    for wrong in ({"shift_hours": "NaN"}, {"shift_hours": "25"}, {"technicians": "501"}, {"efficiency": "0"}):
        status, page = submit(address, right | wrong)
        assert (status, "Введите число" in page) == (422, True), wrong
    status, page = submit(f"{address}/resources", {"kind": "advisor", "user_id": stranger.id})

    assert (status, "Far away" in page) == (422, False)
    assert submit(address, right | {"shift_hours": "8,5"})[0] == 302


def test_a_former_car_keeps_its_numbers_and_the_order_of_its_days(
    session: Session, log_in: LogIn, submit: Submit
) -> None:
    owner = make_customer(session)
    former = make_car(session, owner)
    former.until = date(2025, 1, 1)
    session.flush()
    make_car(session, make_customer(session), vin=former.vin)
    log_in("admin")
    told = {"plate": "А123ВС178", "vin": former.vin, "model_code": "aurelia_s4"}
    address = f"/cars/{former.id}/edit"

    status, page = submit(address, told | {"since": "2026-01-01"})

    assert (status, "уже расстался" in page) == (422, True)
    assert submit(address, told | {"since": "2020-01-01", "body_number": "ß" * 17, "plate_country": "ßßß"})[0] == 302


def test_the_fullest_rule_of_the_builder_is_kept_and_shown(
    client: FlaskClient, session: Session, log_in: LogIn, submit: Submit
) -> None:
    log_in("admin")
    full: dict[str, object] = {"name": "Full"}
    for group in range(8):
        full |= {f"g{group}.join": "any", f"g{group}.not": "1"}
        for place in range(12):
            name = f"g{group}c{place}"
            full |= {f"{name}.field": "age", f"{name}.op": "between", f"{name}.from": str(place)}

    assert submit(f"{SEGMENTS}/new", full)[0] == 302

    assert client.get(SEGMENTS).status_code == 200
    assert client.get(f"{SEGMENTS}/{session.scalars(select(Segment.id)).one()}").status_code == 200
    money = {"g0.join": "all", "g0c0.field": "spent", "g0c0.op": "between"}
    assert submit(f"{SEGMENTS}/count", money | {"g0c0.from": "0." + "1" * 50_000})[0] == 200
    submit(f"{SEGMENTS}/new", {**money, "name": "Spent", "g0c0.from": "10,000"})
    session.rollback()
    rule = session.scalars(select(Segment.rule).order_by(Segment.id.desc())).first()
    assert '["10000", null]' in str(rule)


def test_costs_of_a_campaign_are_read_as_they_are_shown_and_what_is_not_sent_stays(
    client: FlaskClient, session: Session, log_in: LogIn, submit: Submit
) -> None:
    with_admin = log_in("admin")
    lines = [CampaignCost(position=place, item=f"Line {place}", planned=Decimal(10)) for place in range(2)]
    campaign = make_campaign(
        session, with_admin, make_centre(session), status=CampaignStatus.SENT, messages=[], costs=lines
    )
    with client.application.app_context():
        ship_all(session)
    session.commit()
    first, second = (line.id for line in lines)
    address = f"/campaigns/{campaign.id}/costs"

    def kept() -> list[Decimal | None]:
        session.rollback()
        return list(session.scalars(select(CampaignCost.actual).order_by(CampaignCost.id)))

    for typed in ("12,500.50", "12\u00a0500,50", "12\u202f500,50"):
        assert submit(address, {f"actual-{first}": typed, f"actual-{second}": "7"})[0] == 302
        assert kept() == [Decimal("12500.50"), Decimal(7)]
    for wrong in ("999999999999,999", "1e11", "NaN"):
        assert submit(address, {f"actual-{first}": wrong})[0] == 422
    assert submit(address, {})[0] == 302
    assert kept() == [Decimal("12500.50"), Decimal(7)]


def test_spend_is_of_a_centre_that_there_is(log_in: LogIn, submit: Submit) -> None:
    log_in("admin")
    days = {"from_day": "2026-03-01", "to_day": "2026-03-02", "amount": "5"}

    status, page = submit("/spend/new", days | {"centre_id": "999"})

    assert (status, "error-centre_id" in page) == (422, True)


def test_a_campaign_takes_no_segment_of_another_centre(app: Flask, session: Session) -> None:
    here, there = make_centre(session), make_centre(session)
    marketer = make_user(session, "marketer", centre=here)
    owner = make_user(session, "marketer", centre=there)
    kept = [
        Segment(
            name=centre.name, rule='{"all": []}', owner_id=owner.id, centre_id=centre.id, created_at=NOW, changed_at=NOW
        )
        for centre in (here, there)
    ]
    marketer.overrides.append(PermissionOverride(permission="campaigns.see", scope="centre"))
    session.add_all(kept)
    session.commit()
    source = choice_sources(app)["campaigns.segments"]

    with app.test_request_context():
        g.person = Person(marketer, session, NOW)
        assert [each.label for each in source.list_choices(session, "en")] == [here.name]
        assert [source.knows(session, str(each.id)) for each in kept] == [True, False]
