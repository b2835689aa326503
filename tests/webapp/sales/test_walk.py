"""The drawing of the worksheet, walked through the engine with its real operations, on every path."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from tests.dealer import START, Dealer, moscow
from tests.webapp.sales.answers import NEEDS, PERSON, REFUSED, VISIT, arrive, know_needs
from tests.webapp.sales.stored import appointments, expect_guest, session, think_over, undecided, worksheet
from webapp.customers.models import Interaction
from webapp.customers.services import get_customer
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.sales import queries
from webapp.sales.models import AppointmentStatus, LostReason, Visit
from webapp.sales.temperature import Temperature

__all__ = ["session"]


class TestBeginning:
    def test_a_call_without_a_visit_is_followed_up_the_next_day(self, dealer: Dealer) -> None:
        registered = dealer.register()

        (case,) = dealer.cases()
        assert registered.inquiry.case_key == case.business_key == "sales.worksheet:1"
        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(3, 12))
        assert dealer.task().assignee_id == dealer.people["seller"]
        assert dealer.milestones() == ["contact"]

    def test_a_web_form_waits_ten_minutes_for_an_answer(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)

        task = dealer.task()
        assert (task.element, task.candidate_role) == ("first_answer", "call_operator")
        assert task.due_at == START + timedelta(minutes=10)

    def test_an_inquiry_given_to_a_colleague_is_answered_by_her(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=dealer.people["seller"])

        task = dealer.task()
        assert (task.element, task.assignee_id) == ("first_answer", dealer.people["seller"])

    def test_a_missed_call_of_an_unknown_number_is_called_back(self, dealer: Dealer) -> None:
        registered = dealer.register(name="", missed=True)

        assert dealer.task().element == "first_answer"
        assert registered.customer is not None
        assert registered.customer.name == "+7\u00a0900\u00a0000-41-17"  # called by it until somebody has spoken to him

    def test_a_guest_in_the_showroom_is_welcomed_within_minutes(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WALK_IN)

        task = dealer.task()
        assert (task.element, task.candidate_role) == ("welcome", "receptionist")
        assert task.due_at == START + timedelta(minutes=5)

    def test_an_agreed_visit_is_confirmed_the_evening_before(self, dealer: Dealer) -> None:
        dealer.register(visit_at=VISIT)

        assert (dealer.task().element, dealer.task().due_at) == ("confirm_visit", moscow(3, 17))

    def test_a_visit_today_is_confirmed_two_hours_before(self, dealer: Dealer) -> None:
        dealer.register(visit_at=moscow(2, 18))

        assert dealer.task().due_at == moscow(2, 16)

    @pytest.mark.parametrize("purpose", [Purpose.PARTS, Purpose.DOCUMENTS, Purpose.COMPLAINT])
    def test_what_is_not_about_a_car_opens_no_worksheet(self, dealer: Dealer, purpose: Purpose) -> None:
        registered = dealer.register(purpose=purpose)

        assert dealer.cases() == []
        assert registered.inquiry.case_key is None

    @pytest.mark.parametrize(
        ("visit_at", "code"),
        [(moscow(4, 22), "visit_outside_hours"), (START - timedelta(hours=1), "visit_in_past")],
    )
    def test_an_impossible_visit_registers_nothing(self, dealer: Dealer, visit_at: datetime, code: str) -> None:
        with pytest.raises(BusinessError) as refusal:
            dealer.register(visit_at=visit_at)

        assert refusal.value.code == code
        assert dealer.cases() == []
        with dealer.read() as session:
            assert session.scalars(select(Interaction)).all() == []

    def test_two_guests_at_once_are_too_many_for_one_manager(self, dealer: Dealer) -> None:
        dealer.register(visit_at=VISIT)

        with pytest.raises(BusinessError) as refusal:
            dealer.register(visit_at=VISIT + timedelta(minutes=20), phone="89000004118", name="Olga")

        assert refusal.value.code == "visit_slot_taken"
        dealer.register(visit_at=VISIT + timedelta(minutes=30), phone="89000004118", name="Olga")

    def test_a_second_inquiry_joins_the_open_worksheet(self, dealer: Dealer) -> None:
        dealer.register()
        dealer.wait_until(moscow(5, 10))

        again = dealer.register(channel=InquiryChannel.WEB_FORM)

        assert not again.touch
        assert (again.inquiry.case_key, again.inquiry.opened_case) == ("sales.worksheet:1", False)
        assert len(dealer.cases()) == 1

    def test_another_brand_or_a_used_car_is_another_worksheet(self, dealer: Dealer) -> None:
        dealer.register(model_code="aurelia_s4")
        dealer.wait_until(moscow(5, 10))

        joined = dealer.register(model_code="aurelia_city")
        dealer.wait_until(moscow(7, 10))
        other = dealer.register(model_code="nordis_terra")
        used = dealer.register(purpose=Purpose.USED_CAR)

        assert joined.inquiry.case_key == "sales.worksheet:1"
        assert [other.inquiry.case_key, used.inquiry.case_key] == ["sales.worksheet:2", "sales.worksheet:3"]

    def test_a_closed_worksheet_is_not_joined(self, dealer: Dealer) -> None:
        dealer.register()
        dealer.take("lost", lost_reason="no_answer")
        dealer.wait_until(moscow(9, 10))

        again = dealer.register()

        assert (again.inquiry.case_key, again.inquiry.opened_case) == ("sales.worksheet:2", True)


class TestFirstAnswer:
    @pytest.fixture(autouse=True)
    def _web_form(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, name="", handed_to=None, source_code=None)

    def test_a_visit_is_agreed(self, dealer: Dealer) -> None:
        dealer.complete("first_answer", by="operator", outcome="visit_agreed", visit_at="2026-03-04T15:00", **PERSON)

        assert (dealer.task().element, dealer.task().due_at) == ("confirm_visit", moscow(3, 17))

    def test_the_guest_is_already_here(self, dealer: Dealer) -> None:
        dealer.complete("first_answer", outcome="visit_now", **PERSON)

        assert dealer.task().element == "welcome"

    @pytest.mark.parametrize("outcome", ["info_only", "not_reached"])
    def test_without_a_visit_it_is_followed_up(self, dealer: Dealer, outcome: str) -> None:
        dealer.complete("first_answer", outcome=outcome, **(PERSON if outcome == "info_only" else {}))

        assert dealer.task().element == "follow_up_call"

    @pytest.mark.parametrize(
        ("outcome", "reason"),
        [("wrong_department", LostReason.INVALID_CONTACT), ("duplicate", LostReason.DUPLICATE)],
    )
    def test_what_is_no_lead_ends_at_once(
        self, dealer: Dealer, session: Session, outcome: str, reason: LostReason
    ) -> None:
        dealer.complete("first_answer", outcome=outcome)

        assert dealer.outcome() == "lost"
        assert worksheet(session).lost_reason is reason

    def test_the_person_gets_a_name_and_nothing_personal_stays_in_the_case(
        self, dealer: Dealer, session: Session
    ) -> None:
        dealer.complete("first_answer", outcome="info_only", phone="8 900 000-55-55", **PERSON)

        customer = get_customer(session, worksheet(session).customer_id)
        assert (customer.full_name, [phone.number for phone in customer.phones]) == (
            "Belova Marina",
            ["+79000004117", "+79000005555"],
        )
        assert "Belova" not in str(dealer.document())
        assert "5555" not in str(dealer.document())

    def test_the_source_he_names_counts_in_the_funnel(self, dealer: Dealer, session: Session) -> None:
        dealer.complete("first_answer", outcome="info_only", **PERSON)

        moved = dealer.moved_dimensions()
        assert (moved["source"], moved["model"], moved["channel"]) == ("radio", "aurelia_s4", "web_form")
        assert worksheet(session).source_code == "radio"


class TestConfirmation:
    @pytest.fixture(autouse=True)
    def _agreed(self, dealer: Dealer) -> None:
        dealer.register(visit_at=VISIT)

    def test_confirmed_the_reception_expects_the_guest(self, dealer: Dealer, session: Session) -> None:
        dealer.complete("confirm_visit", outcome="confirmed", who_comes=["family"], prepare=["child_corner"])

        assert (dealer.task().element, dealer.task().due_at) == ("welcome", VISIT)
        assert appointments(session) == [AppointmentStatus.CONFIRMED]

    def test_moved_it_is_confirmed_anew(self, dealer: Dealer, session: Session) -> None:
        dealer.complete("confirm_visit", outcome="moved", new_visit_at="2026-03-06T11:00")

        assert (dealer.task().element, dealer.task().due_at) == ("confirm_visit", moscow(5, 17))
        assert appointments(session) == [AppointmentStatus.MOVED, AppointmentStatus.PLANNED]

    def test_no_answer_is_tried_again_until_it_is_too_late(self, dealer: Dealer) -> None:
        dealer.wait_until(moscow(3, 17))
        dealer.complete("confirm_visit", outcome="no_answer")
        assert (dealer.task().element, dealer.task().due_at) == ("confirm_visit", moscow(4, 13))

        dealer.wait_until(moscow(4, 14, 30))
        dealer.complete("confirm_visit", outcome="no_answer")
        assert dealer.task().element == "welcome"

    def test_cancelled_it_is_followed_up(self, dealer: Dealer, session: Session) -> None:
        dealer.complete("confirm_visit", outcome="cancelled")

        assert dealer.task().element == "follow_up_call"
        assert appointments(session) == [AppointmentStatus.CANCELLED]


class TestWelcome:
    def test_a_guest_who_came_is_asked_for_his_needs(self, dealer: Dealer, session: Session) -> None:
        expect_guest(dealer)
        dealer.wait_until(VISIT)
        arrive(dealer, handed_to=str(dealer.people["colleague"]))

        task = dealer.task()
        assert (task.element, task.assignee_id) == ("needs_analysis", dealer.people["colleague"])
        assert task.due_at == moscow(4, 21)
        assert dealer.milestones() == ["contact", "visit"]
        assert appointments(session) == [AppointmentStatus.ARRIVED]
        visit = session.scalars(select(Visit)).one()
        assert (visit.first, visit.companions, visit.handed_to) == (True, 1, dealer.people["colleague"])
        assert worksheet(session).manager_id == dealer.people["colleague"]

    def test_the_needs_of_a_walk_in_are_due_within_the_hour(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WALK_IN)
        arrive(dealer)

        assert dealer.task().due_at == START + timedelta(hours=1)

    def test_who_only_looks_round_counts_as_a_visit_and_ends(self, dealer: Dealer, session: Session) -> None:
        dealer.register(channel=InquiryChannel.WALK_IN)
        dealer.complete("welcome", outcome="look_only", first_visit="no", purpose="new_car")

        assert (dealer.milestones(), dealer.outcome()) == (["contact", "visit"], "lost")
        assert worksheet(session).lost_reason is LostReason.INVALID_CONTACT

    def test_a_guest_who_calls_to_move_gets_another_time(self, dealer: Dealer) -> None:
        expect_guest(dealer)
        dealer.complete("welcome", outcome="moved", new_visit_at="2026-03-06T11:00")

        assert (dealer.task().element, dealer.task().due_at) == ("confirm_visit", moscow(5, 17))
        assert dealer.milestones() == ["contact"]

    def test_a_guest_who_will_not_come_is_followed_up(self, dealer: Dealer) -> None:
        expect_guest(dealer)
        dealer.complete("welcome", outcome="not_coming")

        assert dealer.task().element == "follow_up_call"

    def test_half_an_hour_late_he_is_called(self, dealer: Dealer) -> None:
        expect_guest(dealer)

        dealer.wait_until(VISIT + timedelta(minutes=29))
        assert dealer.task().element == "welcome"
        dealer.wait_until(VISIT + timedelta(minutes=30))
        assert (dealer.task().element, dealer.task().due_at) == ("call_absentee", VISIT + timedelta(minutes=90))

    def test_an_absentee_agrees_on_another_time(self, dealer: Dealer, session: Session) -> None:
        expect_guest(dealer)
        dealer.wait_until(VISIT + timedelta(minutes=30))
        dealer.complete("call_absentee", outcome="visit_agreed", visit_at="2026-03-06T11:00", reason="road")

        assert dealer.task().element == "confirm_visit"
        assert appointments(session) == [AppointmentStatus.MISSED, AppointmentStatus.PLANNED]

    def test_an_absentee_who_decides_later_is_called_when_he_said(self, dealer: Dealer) -> None:
        expect_guest(dealer)
        dealer.wait_until(VISIT + timedelta(minutes=30))
        dealer.complete("call_absentee", outcome="later", next_contact_at="2026-03-20T18:00", reason="busy")

        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(20, 18))


class TestNeeds:
    def test_the_worksheet_is_filled(self, dealer: Dealer, session: Session) -> None:
        know_needs(dealer)

        found = worksheet(session)
        assert dealer.milestones() == ["contact", "visit", "worksheet"]
        assert (found.budget_to, found.temperature(dealer.clock.now())) == (Decimal("2500000.00"), Temperature.HOT)
        assert found.needs_profile["priorities"] == ["safety", "comfort"]
        assert dealer.task().element == "choose_car"

    def test_who_buys_from_afar_is_followed_up(self, dealer: Dealer) -> None:
        undecided(dealer)

        assert dealer.task().element == "follow_up_call"

    def test_personal_answers_go_to_the_worksheet_only(self, dealer: Dealer, session: Session) -> None:
        dealer.register(channel=InquiryChannel.WALK_IN)
        arrive(dealer)
        dealer.complete("needs_analysis", **NEEDS, decision_makers="Her brother Ivan", children="2")

        assert "Ivan" not in str(dealer.document())
        assert worksheet(session).needs_profile["decision_makers"] == "Her brother Ivan"

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"budget_from": "3000000"}, "budget_reversed"),
            ({"priorities": ["safety", "comfort", "price", "space"]}, "form_invalid"),
        ],
    )
    def test_contradictions_are_refused(self, dealer: Dealer, values: dict[str, Any], code: str) -> None:
        dealer.register(channel=InquiryChannel.WALK_IN)
        arrive(dealer)

        with pytest.raises(BusinessError) as refusal:
            dealer.complete("needs_analysis", **(NEEDS | values))

        assert refusal.value.code == code
        assert dealer.task().element == "needs_analysis"

    def test_a_card_without_any_way_to_reach_the_customer_is_refused(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WALK_IN, phone="")
        arrive(dealer)

        with pytest.raises(BusinessError) as refusal:
            dealer.complete("needs_analysis", **NEEDS)

        assert refusal.value.code == "customer_unreachable"


def test_the_chronicle_tells_the_whole_story(dealer: Dealer, session: Session) -> None:
    undecided(dealer)
    dealer.complete("follow_up_call", outcome="not_reached", reached="busy")

    rows = session.scalars(select(Interaction).order_by(Interaction.id)).all()
    assert [row.subject for row in rows] == [
        "inquiry.new_car",
        "worksheet.welcome",
        "worksheet.needs",
        "worksheet.follow_up",
    ]
    assert {row.case_key for row in rows} == {"sales.worksheet:1"}


def test_who_works_on_nobodys_worksheet_becomes_its_manager(dealer: Dealer, session: Session) -> None:
    dealer.register(handed_to=None)
    dealer.complete(
        "follow_up_call",
        by="colleague",
        outcome="next_contact",
        next_contact_at="2026-03-05T12:00",
        reason_used="answer",
        objection="none",
    )

    assert worksheet(session).manager_id == dealer.people["colleague"]
    assert dealer.task().assignee_id == dealer.people["colleague"]
    assert queries.get_worksheet(session, 1).customer.owner_id == dealer.people["colleague"]


def test_a_case_given_to_a_colleague_takes_its_worksheet_with_it(dealer: Dealer, session: Session) -> None:
    dealer.register()
    dealer.delegate(to="colleague")

    assert worksheet(session).manager_id == dealer.people["colleague"]


@pytest.mark.postgresql
def test_the_same_walk_works_on_postgresql(postgresql_dealer: Dealer) -> None:
    think_over(postgresql_dealer)
    postgresql_dealer.take("refused", **REFUSED)
    postgresql_dealer.complete("review_refusal", by="head", decision="confirm")

    assert postgresql_dealer.outcome() == "refused"
    assert postgresql_dealer.register().inquiry.case_key == "sales.worksheet:1"  # within a day: the same inquiry
