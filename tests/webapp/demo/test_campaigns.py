"""Campaigns of the demo dealer: played to customers who have called, without the years before them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.demo.campaigns import assert_campaigns_went_their_way, assert_the_workshop_counts
from tests.webapp.demo.rates import assert_near
from tests.webapp.staff.factories import NOW
from webapp.campaigns.models import Campaign, CampaignStatus
from webapp.core.database import unit_of_work
from webapp.core.workflow import engine
from webapp.customers.models import ConsentChannel
from webapp.demo import building
from webapp.demo.agreeing import decide_agreement, note_agreement
from webapp.demo.campaign_course import Stage
from webapp.demo.campaign_plan import BASE_GROWS, plan_campaigns
from webapp.demo.campaign_themes import THEMES
from webapp.demo.names import phone_number
from webapp.demo.people import find_crew
from webapp.demo.progress import get_progress
from webapp.demo.sales_course import SalesCourse
from webapp.demo.simulation import Play, World
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.inquiries.services import InquiryFacts, register_inquiry

CALLERS = 48


class Caller(SalesCourse):
    """Asks for papers only: nothing of his stays open."""

    def __init__(self) -> None:
        self.subjects = frozenset()

    def begin(self, play: Play, now: datetime) -> None:
        facts = InquiryFacts(InquiryChannel.CALL, Purpose.DOCUMENTS, phone=phone_number(play.number), name="Ada Byron")
        note_agreement(play, register_inquiry(play.session, facts, actor_id=None, now=now), actor_id=None, now=now)


@pytest.mark.usefixtures("in_app")
def test_customers_answer_the_campaigns_that_write_to_them(session: Session) -> None:
    building.begin(seed=7, months=5, scale=0.01, now=NOW, recent_slices=1)
    with building.simulated_clock(NOW) as clock, unit_of_work() as unit:
        progress = get_progress(unit)
        assert progress is not None
        world = World.read(unit, engine(), clock, find_crew(unit), progress.begins)
        at = progress.begins + timedelta(days=2)
        for number in range(CALLERS):
            clock.set(at)
            Play(world, unit, Random(number), number=number).run(at, Caller(), until=at)
        planned = [each for each in plan_campaigns(progress.begins, NOW) if each.stage is Stage.WHOLE]
        assert len(planned) >= 2
        # those of the day are for guests, and nobody has come yet: one for the workshop, one for cars
        planned[-2].theme, planned[-1].theme = replace(THEMES[2], rule=()), THEMES[3]
        for place, campaign in enumerate(planned[-2:]):
            clock.set(campaign.begins)
            play = Play(world, unit, Random(place), number=80_000 + 20 * place)
            play.run(campaign.begins, campaign, until=NOW)
            assert play.refused == []

    over, running = session.scalars(select(Campaign).order_by(Campaign.id))
    assert (over.status, running.status) == (CampaignStatus.FINISHED, CampaignStatus.SENT)
    assert_campaigns_went_their_way(session, [over.id, running.id])
    assert_the_workshop_counts(session, over)


def test_customers_agree_as_often_as_those_of_the_trade() -> None:
    random = Random(3)
    drawn = [decide_agreement(random) for _ in range(20_000)]
    agreed = [each for each in drawn if each.channels]
    within_a_year = [each for each in agreed if each.withdraws_after and each.withdraws_after <= timedelta(days=365)]

    assert_near(len(agreed) / len(drawn), 0.64)
    assert_near(sum(ConsentChannel.CALL in each.channels for each in agreed) / len(drawn), 0.40)
    assert len(within_a_year) / len(agreed) == pytest.approx(0.015, abs=0.004)


@given(st.dates(date(2024, 1, 1), date(2036, 12, 31)), st.floats(0.1, 40))
def test_ten_campaigns_a_year_each_with_a_code_of_its_own(day: date, months: float) -> None:
    ends = NOW.replace(year=day.year, month=day.month, day=day.day)
    begins = ends - timedelta(days=30.44 * months)
    planned = plan_campaigns(begins, ends)

    codes = [(each.theme.code, each.year) for each in planned]
    assert len(set(codes)) == len(codes)
    if ends - begins < BASE_GROWS:
        assert planned == []
        return
    assert [each.stage for each in planned[-2:]] == [Stage.WAITING, Stage.BEGUN]
    assert all(each.begins >= begins for each in planned if months > 2)
    lasting = months * 30.44 / 365.25
    assert len(planned) <= lasting * len(THEMES) + 3
