"""The care after the handover, walked through three years with a moved clock, on every path."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.incidents import Incident
from engine.milestones.models import EpisodeDimension
from engine.outbox import Held, OutboxMessage
from engine.timers.calendars import calendar_for
from tests.dealer import START, Dealer, moscow
from tests.webapp.customers.factories import stop
from tests.webapp.sales.walking import PassedNodes, Walk, assert_all_passed, open_worksheet, record_passed
from webapp.core import events
from webapp.customers import consents
from webapp.customers.messages import guard_message
from webapp.customers.models import Answer, CustomerEmail
from webapp.customers.services import get_customer
from webapp.inquiries.models import Inquiry, InquiryChannel
from webapp.integrations.beats import SendFailed
from webapp.sales import aftercare, queries, services
from webapp.sales.models import SalesSurvey, Worksheet
from webapp.sales.services import DeliveredCar

SEEN: PassedNodes = {}
TALKED = {"outcome": "talked", "mood": "5"}
NO_ANSWER = {"outcome": "not_reached"}
HAPPY = {"outcome": "answered", "score_overall": "5", "nps": "10"}
DELIVERED = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record_passed(monkeypatch, SEEN)


def hand_over(dealer: Dealer, *, mail: bool = True, consent: bool = True, born: date | None = None, **car: Any) -> Walk:
    """A car is handed over on a Monday at ten."""
    worksheet_id = open_worksheet(dealer)
    with dealer.write() as session:
        worksheet = queries.get_worksheet(session, worksheet_id)
        customer = get_customer(session, worksheet.customer_id)
        customer.birth_date = born
        if mail:
            customer.emails.append(CustomerEmail(address="belova@example.com"))
        if consent:
            consents.agree_to_advertising(session, customer, ["call"], actor_id=None, now=START)
        services.record_sale(
            session,
            worksheet,
            model_code="aurelia_s4",
            price=Decimal(2400000),
            contract_number="7",
            delivered_on=DELIVERED,
            actor_id=None,
            today=START.date(),
            now=START,
            car=DeliveredCar(**car),
        )
        hours = calendar_for(session, "sales", worksheet.centre_id)
        aftercare.begin(session, worksheet, hours=hours, actor_id=None, now=START)
    walk = Walk(dealer, worksheet_id)
    walk.complete("accept_customer")
    return walk


def day(number: int, hour: int = 12) -> datetime:
    """So many days after the handover; Moscow has no summer time."""
    return moscow(2, hour) + timedelta(days=number)


def first_month(walk: Walk) -> None:
    """Everything went well for a month."""
    walk.wait_until(day(1))
    walk.complete("call_next_day", **TALKED, problem="no")
    walk.wait_until(day(7))
    walk.complete("survey", **HAPPY)
    walk.wait_until(day(30))
    walk.complete("call_month_later", **TALKED, has_referrals="no")


class TestFirstDays:
    def test_service_takes_the_customer_over_within_half_an_hour(self, dealer: Dealer) -> None:
        worksheet_id = open_worksheet(dealer)
        with dealer.write() as session:
            worksheet = queries.get_worksheet(session, worksheet_id)
            worksheet.campaign = "First snow"
            services.record_sale(
                session,
                worksheet,
                model_code="aurelia_s4",
                price=Decimal(1),
                contract_number="7",
                delivered_on=DELIVERED,
                actor_id=None,
                today=START.date(),
                now=START,
            )
            hours = calendar_for(session, "sales", worksheet.centre_id)
            aftercare.begin(session, worksheet, hours=hours, actor_id=None, now=START)

        (case,) = dealer.cases()
        assert (case.business_key, case.owner_id) == (f"sales.aftercare:{worksheet_id}", dealer.people["seller"])
        task = dealer.task()
        assert (task.element, task.candidate_role) == ("accept_customer", "service_advisor")
        assert task.due_at == START + timedelta(minutes=30)
        with dealer.read() as session:
            said = {each.name: each.value for each in session.scalars(select(EpisodeDimension))}
        assert said == {"source": "radio", "model": "aurelia_s4", "campaign": "First snow"}

    def test_two_hours_later_the_customer_is_thanked_by_mail(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=1, minutes=59))
        with walk.stored() as session:
            assert session.scalars(select(OutboxMessage)).all() == []

        walk.wait_until(START + timedelta(hours=2))
        with walk.stored() as session:
            (mail,) = session.scalars(select(OutboxMessage)).all()
        assert (mail.recipient, mail.dedupe) == ("belova@example.com", f"sales.thanks:{walk.worksheet_id}")
        assert "Aurelia S4" in mail.body
        assert "Alina Lebedeva" in mail.body
        assert "Спасибо" in mail.body
        assert walk.open == []

    def test_the_next_day_at_noon_the_manager_calls(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        walk.wait_until(day(1) - timedelta(minutes=1))
        assert walk.open == []
        walk.wait_until(day(1))

        task = walk.task("call_next_day")
        assert (task.due_at, task.assignee_id) == (day(1), dealer.people["seller"])
        assert dealer.milestones() == ["thanked"]

    def test_without_an_address_he_is_thanked_by_phone(self, dealer: Dealer) -> None:
        walk = hand_over(dealer, mail=False)
        walk.wait_until(START + timedelta(hours=2))
        assert walk.task("thank_by_phone").due_at == START + timedelta(hours=4)
        walk.complete("thank_by_phone", **NO_ANSWER)
        assert walk.task("thank_by_phone").due_at == START + timedelta(hours=6)
        walk.complete("thank_by_phone", outcome="talked")
        assert (walk.open, dealer.milestones()) == ([], [])

        walk.wait_until(day(1))
        assert (walk.open, dealer.milestones()) == (["call_next_day"], ["thanked"])

    def test_a_mail_that_comes_back_becomes_a_call(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        with dealer.write() as session:
            (mail,) = session.scalars(select(OutboxMessage)).all()
            incident = Incident(
                kind="send", command=f'{{"outbox": {mail.id}}}', error="no", attempts=1, opened_at=START
            )
            session.add(incident)
            session.flush()
            events.publish(SendFailed(incident), session=session)

        assert walk.open == ["thank_by_phone"]

    def test_a_mail_that_must_not_be_sent_becomes_a_call(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        with dealer.write() as session:
            stop(session, "belova@example.com")
            (mail,) = session.scalars(select(OutboxMessage)).all()
            held = guard_message(session, mail, START + timedelta(hours=2))

        assert (held, walk.open) == (Held("stop_list"), ["thank_by_phone"])

    def test_a_mail_of_somebody_else_that_fails_changes_nothing(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        with dealer.write() as session:
            incident = Incident(kind="send", command='{"outbox": 999}', error="no", attempts=1, opened_at=START)
            events.publish(SendFailed(incident), session=session)

        assert walk.open == []

    def test_a_call_that_nobody_takes_is_tried_three_times(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        walk.wait_until(day(1))
        walk.complete("call_next_day", **NO_ANSWER)
        assert walk.task("call_next_day").due_at == day(1, 16)
        walk.wait_until(day(1, 20))
        walk.complete("call_next_day", **NO_ANSWER)
        assert walk.task("call_next_day").due_at == day(2, 9)
        walk.complete("call_next_day", **NO_ANSWER)

        assert (walk.open, dealer.milestones()) == ([], ["thanked"])
        walk.wait_until(day(7))
        assert walk.open == ["survey"]

    def test_a_problem_becomes_a_complaint_and_the_care_goes_on(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        walk.wait_until(day(1))
        walk.complete("call_next_day", outcome="talked", mood="2", problem="yes", problem_text="It rattles")

        task = walk.task("complaint")
        assert (task.candidate_role, task.due_at) == ("sales_head", day(2))
        walk.wait_until(day(7))
        assert walk.open == ["complaint", "survey"]
        walk.complete(
            "complaint", outcome="settled", severity="minor", cause="parts", measure="Fixed the shelf", satisfied="5"
        )
        assert walk.open == ["survey"]
        assert dealer.milestones() == ["thanked", "called_d1"]


class TestSurvey:
    @pytest.fixture
    def walk(self, dealer: Dealer) -> Walk:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        walk.wait_until(day(1))
        walk.complete("call_next_day", **TALKED, problem="no")
        walk.wait_until(day(7))
        return walk

    def test_it_is_not_the_seller_who_asks(self, walk: Walk) -> None:
        task = walk.task("survey")

        assert (task.candidate_role, task.assignee_id, task.due_at) == ("crm_manager", None, day(7))

    def test_the_answers_are_kept(self, walk: Walk) -> None:
        walk.complete("survey", **HAPPY, score_greeting="4", opinion="Good", may_publish="yes", test_drive_offered="no")

        with walk.stored() as session:
            survey = session.scalars(select(SalesSurvey)).one()
        assert (survey.csi, survey.nps, survey.may_publish) == (Decimal("90.0"), 10, True)
        assert survey.test_drive_offered is False
        assert walk.open == []
        assert walk.dealer.milestones() == ["thanked", "called_d1", "surveyed"]

    @pytest.mark.parametrize(
        ("overall", "promises", "nps", "complaint"),
        [("4", "4", "7", False), ("3", "5", "10", True), ("5", "3", "10", True), ("5", "5", "6", True)],
    )
    def test_whoever_is_unhappy_is_heard(
        self, walk: Walk, overall: str, promises: str, nps: str, complaint: bool
    ) -> None:
        walk.complete("survey", outcome="answered", score_overall=overall, score_promises=promises, nps=nps)

        assert walk.open == (["complaint"] if complaint else [])

    def test_who_does_not_want_to_answer_is_left_in_peace(self, walk: Walk) -> None:
        walk.complete("survey", outcome="declined")

        assert walk.open == []
        assert "surveyed" not in walk.dealer.milestones()

    def test_who_was_not_reached_is_called_again(self, walk: Walk) -> None:
        walk.complete("survey", **NO_ANSWER)

        assert walk.task("survey").due_at == day(7, 16)


class TestMonth:
    @pytest.fixture
    def walk(self, dealer: Dealer) -> Walk:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        walk.wait_until(day(1))
        walk.complete("call_next_day", **TALKED, problem="no")
        walk.wait_until(day(7))
        walk.complete("survey", **HAPPY)
        walk.wait_until(day(30))
        return walk

    def test_who_is_recommended_and_agrees_becomes_an_inquiry(self, walk: Walk) -> None:
        friends = [
            {"name": "Petr Orlov", "phone": "8 900 000-55-01", "permission": "yes"},
            {"name": "Olga Zimina", "phone": "8 900 000-55-02", "permission": "no"},
        ]
        walk.complete("call_month_later", **TALKED, has_referrals="yes", referrals=friends)

        with walk.stored() as session:
            inquiry = session.scalars(select(Inquiry).where(Inquiry.channel == InquiryChannel.REFERRAL)).one()
            assert (inquiry.source_code, inquiry.phone) == ("recommendation", "+79000005501")
            assert inquiry.handed_to == walk.dealer.people["seller"]
            assert inquiry.opened_case
            assert [row.customer.name for row in session.scalars(select(Worksheet))] == ["Marina Belova", "Petr Orlov"]
        assert "called_d30" in walk.dealer.milestones()

    def test_nothing_personal_of_them_stays_in_the_case(self, walk: Walk) -> None:
        friends = [{"name": "Olga Zimina", "phone": "8 900 000-55-02", "permission": "no"}]
        walk.complete("call_month_later", **TALKED, has_referrals="yes", referrals=friends)

        assert "Zimina" not in str(walk.document())
        assert walk.document()["call_month_later"]["recommended"] == 0

    def test_who_was_not_reached_is_called_three_times_and_the_calendar_goes_on(self, walk: Walk) -> None:
        for _ in range(3):
            walk.complete("call_month_later", **NO_ANSWER)

        assert walk.open == []
        assert "called_d30" not in walk.dealer.milestones()
        assert walk.document()["plan_reminder"]["occasion"] == "anniversary"


class TestYears:
    def years(self, dealer: Dealer, **car: Any) -> Walk:
        walk = hand_over(dealer, **car)
        walk.wait_until(START + timedelta(hours=2))
        first_month(walk)
        return walk

    def test_after_a_year_he_is_congratulated(self, dealer: Dealer) -> None:
        walk = self.years(dealer)
        walk.wait_until(day(365) - timedelta(minutes=1))
        assert walk.open == []
        walk.wait_until(day(365))
        assert walk.task("call_anniversary").due_at == day(365)
        walk.complete("call_anniversary", **NO_ANSWER)
        walk.complete("call_anniversary", outcome="talked", still_owns="yes")

        assert dealer.milestones()[-1] == "anniversary"
        walk.wait_until(day(730))
        assert walk.open == ["call_anniversary"]

    def test_an_unanswered_congratulation_is_given_up(self, dealer: Dealer) -> None:
        walk = self.years(dealer)
        walk.wait_until(day(365))
        for _ in range(3):
            walk.complete("call_anniversary", **NO_ANSWER)

        assert walk.open == []
        assert "anniversary" not in dealer.milestones()

    def test_a_car_that_was_sold_ends_the_care(self, dealer: Dealer) -> None:
        walk = self.years(dealer)
        walk.wait_until(day(365))
        walk.complete("call_anniversary", outcome="talked", still_owns="no")

        assert (walk.open, dealer.outcome()) == ([], "ended")

    def test_policy_and_warranty_are_reminded_of_before_they_end(self, dealer: Dealer) -> None:
        walk = self.years(dealer, policy_until=date(2027, 3, 1), warranty_until=date(2028, 3, 2))
        walk.wait_until(moscow(30, 12, month=1).replace(year=2027))
        assert walk.open == ["remind_of_ending"]
        walk.complete("remind_of_ending", **NO_ANSWER)
        walk.complete("remind_of_ending", outcome="talked", wish="renew")
        walk.wait_until(day(365))
        walk.complete("call_anniversary", outcome="talked", still_owns="yes")
        walk.wait_until(moscow(2, 12, month=1).replace(year=2028))

        assert walk.open == ["remind_of_ending"]
        assert walk.document()["plan_reminder"]["occasion"] == "warranty"

    def test_a_wish_for_the_first_service_goes_to_the_department(self, dealer: Dealer) -> None:
        walk = self.years(dealer, first_service_due=DELIVERED + timedelta(days=360))
        walk.wait_until(day(330))
        for _ in range(2):
            walk.complete("remind_of_service", **NO_ANSWER)
        walk.complete("remind_of_service", outcome="talked", wish="later")
        walk.wait_until(day(353))
        walk.complete("remind_of_service", **NO_ANSWER)
        walk.complete("remind_of_service", outcome="talked", wish="book", wished_day="2027-02-26")

        with walk.stored() as session:
            wish = session.scalars(select(Inquiry).order_by(Inquiry.id.desc()).limit(1)).one()
            centre = queries.get_worksheet(session, walk.worksheet_id).centre_id
        assert (wish.purpose.value, wish.centre_id) == ("service", centre)
        assert "26.02.2027" in wish.comment
        assert str(wish.case_key).startswith("aftersales.visit:")
        walk.wait_until(day(365))
        assert walk.open == ["book_visit", "call_anniversary"]  # the workshop has the wish

    def test_of_a_service_that_is_done_nobody_is_reminded_again(self, dealer: Dealer) -> None:
        walk = self.years(dealer, first_service_due=DELIVERED + timedelta(days=360))
        walk.wait_until(day(330))
        walk.complete("remind_of_service", outcome="talked", wish="serviced")

        assert walk.document()["plan_reminder"]["occasion"] == "anniversary"

    def test_he_is_congratulated_on_his_birthday(self, dealer: Dealer) -> None:
        walk = self.years(dealer, born=date(1984, 9, 14))
        walk.wait_until(moscow(14, 12, month=9))
        assert walk.open == ["congratulate"]
        walk.complete("congratulate", **NO_ANSWER)
        walk.complete("congratulate", outcome="talked")

        assert walk.document()["plan_reminder"]["occasion"] == "anniversary"

    def before_proposal(self, dealer: Dealer, *, consent: bool = True) -> Walk:
        walk = self.years(dealer, consent=consent)
        for year in (365, 730):
            walk.wait_until(day(year))
            walk.complete("call_anniversary", outcome="talked", still_owns="yes")
        return walk

    def test_thirty_days_before_three_years_a_new_car_is_proposed(self, dealer: Dealer) -> None:
        walk = self.before_proposal(dealer)
        walk.wait_until(day(1065) - timedelta(minutes=1))
        assert walk.open == []
        walk.wait_until(day(1065))
        assert walk.task("propose_tradein").due_at == day(1065)
        walk.complete("propose_tradein", **NO_ANSWER)
        walk.complete("propose_tradein", outcome="positive", interest_model="aurelia_city")

        with walk.stored() as session:
            again = session.scalars(select(Worksheet).order_by(Worksheet.id.desc()).limit(1)).one()
        assert (again.source_code, again.model_code) == ("repeat", "aurelia_city")
        assert again.manager_id == dealer.people["seller"]
        care = next(each for each in dealer.cases() if each.business_key.startswith("sales.aftercare"))
        assert care.status.value != "active"
        assert dealer.outcome() == "won"

    @pytest.mark.parametrize("outcome", ["later", "sold_car"])
    def test_without_interest_the_care_is_over(self, dealer: Dealer, outcome: str) -> None:
        walk = self.before_proposal(dealer)
        walk.wait_until(day(1065))
        walk.complete("propose_tradein", outcome=outcome)

        assert (walk.open, dealer.outcome()) == ([], "ended")

    def test_nobody_is_called_with_an_offer_who_did_not_agree_to_it(self, dealer: Dealer) -> None:
        walk = self.before_proposal(dealer, consent=False)
        walk.wait_until(day(1065))

        assert (walk.open, dealer.outcome()) == ([], "ended")


class TestNoContact:
    def test_it_ends_everything_and_withdraws_the_consent(self, dealer: Dealer) -> None:
        walk = hand_over(dealer)
        walk.wait_until(START + timedelta(hours=2))
        walk.wait_until(day(1))
        walk.take("no_contact", "call_next_day", reason="too_many_calls", withdraws_consent="yes")

        assert (walk.open, dealer.outcome()) == ([], "lost")
        with walk.stored() as session:
            customer = get_customer(session, queries.get_worksheet(session, walk.worksheet_id).customer_id)
            assert customer.advertising is Answer.NO
            assert not consents.may_be_offered_by_phone(session, customer, now=day(1))


def test_every_element_was_walked(request: pytest.FixtureRequest) -> None:
    assert_all_passed("post_delivery", SEEN, request)
