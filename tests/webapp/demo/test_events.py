"""Events of the demo dealer: guests are invited, some come, and somebody counts what it brought."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from tests.webapp.demo.rates import assert_near
from tests.webapp.staff.factories import NOW
from webapp.campaigns.events import planning, queries
from webapp.campaigns.models import (
    EVENT_SUBJECT,
    Event,
    EventParticipant,
    EventStatus,
    EventType,
    GuestStatus,
    MessageKind,
)
from webapp.core.database import unit_of_work
from webapp.core.workflow import engine
from webapp.customers.models import Consent, CustomerMessage, MessageState
from webapp.demo import building
from webapp.demo.agreeing import note_agreement
from webapp.demo.behaviour import ZONE
from webapp.demo.event_course import EventStage
from webapp.demo.event_guests import CAME
from webapp.demo.event_plan import BASE_GROWS, plan_events
from webapp.demo.event_themes import EVENT_THEMES
from webapp.demo.names import phone_number
from webapp.demo.people import find_crew
from webapp.demo.plan import NORTH, SOUTH
from webapp.demo.progress import get_progress
from webapp.demo.sales_course import SalesCourse
from webapp.demo.simulation import Play, World
from webapp.inquiries.models import AdvertisingSpend, Inquiry, InquiryChannel, Purpose
from webapp.inquiries.services import InquiryFacts, register_inquiry

CALLERS, STRANGERS = 110, 2


class Caller(SalesCourse):
    """Asks for papers only: nothing of his stays open."""

    def __init__(self, centre_id: int) -> None:
        self.subjects, self.centre_id = frozenset(), centre_id

    def begin(self, play: Play, now: datetime) -> None:
        facts = InquiryFacts(
            InquiryChannel.CALL,
            Purpose.DOCUMENTS,
            phone=phone_number(play.number),
            name="Ada Byron",
            centre_id=self.centre_id,
        )
        note_agreement(play, register_inquiry(play.session, facts, actor_id=None, now=now), actor_id=None, now=now)


def play_events() -> None:
    """A dealer of seven months with callers of the first days, and all his events."""
    building.begin(seed=7, months=7, scale=0.01, now=NOW, recent_slices=1)
    with building.simulated_clock(NOW) as clock, unit_of_work() as unit:
        progress = get_progress(unit)
        assert progress is not None
        world = World.read(unit, engine(), clock, find_crew(unit), progress.begins)
        at = progress.begins + timedelta(days=2)
        for number in range(CALLERS):
            clock.set(at)
            caller = Caller(world.crew.centres[SOUTH if number % 3 else NORTH])
            Play(world, unit, Random(number), number=number).run(at, caller, until=at)
        planned = plan_events(progress.begins, NOW)
        for place, event in enumerate(planned):
            clock.set(event.begins)
            play = Play(world, unit, Random(place), number=86_000 + 20 * place)
            play.run(event.begins, event, until=NOW)
            assert play.refused == []
            registered = select(func.count()).where(Inquiry.channel == InquiryChannel.EVENT, Inquiry.at > event.begins)
            assert play.inquiries == unit.scalar(registered)


@pytest.mark.usefixtures("in_app")
def test_events_stand_in_each_of_their_states(session: Session, client: FlaskClient, log_in: LogIn) -> None:
    play_events()

    over, held, coming, waiting = session.scalars(select(Event).order_by(Event.id))
    assert [each.status for each in (over, held, coming, waiting)] == [
        EventStatus.FINISHED,
        EventStatus.HELD,
        EventStatus.INVITING,
        EventStatus.WAITING,
    ]
    assert over.type is EventType.CLUB_MEETING
    assert over.conclusion
    assert over.repeat
    assert NOW - timedelta(days=24) < held.starts_at < NOW < coming.starts_at < NOW + timedelta(days=17)
    assert waiting.decided_at is None

    log_in("campaigns.receive", "campaigns.see")
    for state, shown in (("coming", (coming, waiting)), ("held", (held,)), ("over", (over,))):
        page = client.get(f"/campaigns/events?state={state}").text
        names = [each.name for each in (over, held, coming, waiting) if each.name in page]
        assert names == [each.name for each in shown]
    assert over.conclusion in client.get(f"/campaigns/events/{over.id}").text
    assert_guests_answer_and_come(session, over, held, coming)
    assert_mails_go_to_who_agrees(session, over, held, coming)
    assert_interests_are_with_colleagues(session)
    assert_costs_are_counted(session, over, held)


def assert_guests_answer_and_come(session: Session, over: Event, held: Event, coming: Event) -> None:
    counts = queries.counts_of(session, [over.id, held.id, coming.id])
    for event in (over, held):
        of = counts[event.id]
        guests_ = of.came - of.walk_ins
        assert of.confirmed == guests_ + of.no_shows >= 5
        assert 0.45 < guests_ / of.confirmed < 0.71
        assert (of.declined > 0, of.walk_ins <= STRANGERS) == (True, True)
        assert of.here > of.came  # some bring somebody
        assert of.places <= event.capacity
        assert of.contacts >= 1
    of = counts[coming.id]
    assert (0 < of.confirmed < of.listed, of.came, of.no_shows) == (True, 0, 0)
    unanswered = select(func.count()).where(
        EventParticipant.event_id == coming.id, EventParticipant.status == GuestStatus.INVITED
    )
    assert session.scalar(unanswered)


def assert_mails_go_to_who_agrees(session: Session, over: Event, held: Event, coming: Event) -> None:
    """The club is called, and only who agrees to calls."""
    agreed = set(session.scalars(select(Consent.customer_id).where(Consent.channel == "email")))
    sent: dict[str, set[int]] = {}
    for message in session.scalars(
        select(CustomerMessage).where(CustomerMessage.campaign_key.startswith(EVENT_SUBJECT))
    ):
        if message.state is MessageState.SENT:
            _event, _number, customer, kind = message.dedupe.split(":")
            sent.setdefault(f"{message.campaign_key}:{kind}", set()).add(int(customer))
    assert set().union(*sent.values()) <= agreed
    assert {f"{each.business_key}:{MessageKind.INVITATION}" for each in (held, coming)} <= sent.keys()
    assert f"{over.business_key}:{MessageKind.INVITATION}" not in sent
    agree_to_calls = set(session.scalars(select(Consent.customer_id).where(Consent.channel == "call")))
    invited = select(EventParticipant.customer_id).where(
        EventParticipant.event_id == over.id, EventParticipant.added_by.is_(None)
    )
    assert set(session.scalars(invited)) <= agree_to_calls


def assert_interests_are_with_colleagues(session: Session) -> None:
    interested = session.scalars(select(EventParticipant).where(EventParticipant.interest.is_not(None))).all()
    for guest in interested:
        inquiry = session.get_one(Inquiry, guest.inquiry_id)
        assert (inquiry.customer_id, inquiry.source_code) == (guest.customer_id, "event")
        assert guest.came_at is not None
        assert inquiry.at > guest.came_at
        assert inquiry.opened_case


def assert_costs_are_counted(session: Session, *held: Event) -> None:
    for key in [each.business_key for each in held]:
        event = planning.get_by_key(session, key)
        assert all(line.actual is not None for line in event.costs)
        assert all((line.used or 0) + (line.returned or 0) == line.planned for line in event.materials)
        spend = session.get_one(AdvertisingSpend, event.spend_id)
        assert (spend.source_code, 15_000 < spend.amount < 180_000) == ("event", True)


def test_mean_share_of_those_who_come_is_that_of_the_trade() -> None:
    assert_near(sum(CAME) / 2, 0.58)


@given(st.dates(date(2024, 1, 1), date(2036, 12, 31)), st.floats(0.1, 40))
def test_four_events_a_year_in_every_stage(day: date, months: float) -> None:
    ends = NOW.replace(year=day.year, month=day.month, day=day.day)
    begins = ends - timedelta(days=30.44 * months)
    planned = plan_events(begins, ends)

    if ends - begins < BASE_GROWS:
        assert planned == []
        return
    assert [each.stage for each in planned[-2:]] == [EventStage.INVITING, EventStage.WAITING]
    assert all(each.stage is EventStage.WHOLE and each.day < ends - timedelta(days=14) for each in planned[:-2])
    assert all(each.begins >= begins for each in planned)
    assert [each.day for each in planned] == sorted(each.day for each in planned)
    assert all(each.day.astimezone(ZONE).weekday() == each.theme.weekday for each in planned)
    assert len({each.name for each in planned}) == len(planned)
    lasting = (ends - begins) / timedelta(days=1)
    assert (lasting - 84) / 91.3 <= len(planned) - 2 <= max(0, (lasting - 77) / 91.3 + 1)
    if len(planned) >= len(EVENT_THEMES):
        assert len({each.theme.type for each in planned}) == len(EVENT_THEMES)
