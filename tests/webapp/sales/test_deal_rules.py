"""Times, limits and refusals of the steps from the choice of a car to its reservation."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.errors import BusinessError
from engine.history.models import HistoryEvent
from tests.dealer import START, Dealer, client_of, moscow
from tests.processes.drawings import Drawing
from tests.webapp.sales.answers import (
    APPRAISED,
    CHOICE,
    DISCOUNT,
    DRIVEN,
    OFFER,
    choose,
    know_needs,
    offer,
    reserve,
)
from tests.webapp.sales.credit_reference import Credit
from tests.webapp.sales.stored import refused, session
from webapp.inquiries.models import InquiryChannel
from webapp.sales import trying
from webapp.sales.models import Offer, TestDrive, TradeInAppraisal

__all__ = ["session"]


SHEET = Drawing("processes/sales/sales_worksheet.bpmn")
CREDIT = {"variant": "B", "pay_method": "credit", "price": "2400000", "down_payment": "480000",
          "financed_insurance": "80000", "term_months": "60", "annual_rate": "18"}  # fmt: skip


class TestTimes:
    def test_an_offer_is_due_within_the_hour(self, dealer: Dealer) -> None:
        choose(dealer)

        assert (dealer.task().element, dealer.task().due_at) == ("make_offer", START + timedelta(hours=1))

    def test_an_appraisal_is_accepted_within_half_an_hour_or_head_and_sender_hear_of_it(self, dealer: Dealer) -> None:
        choose(dealer, tradein="yes")
        assert dealer.task().due_at == START + timedelta(minutes=30)

        dealer.wait_until(START + timedelta(hours=1))

        with dealer.read() as session:
            events = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "escalated")).all()
            told = {case_data.load(each.payload)["to"]: case_data.load(each.payload)["recipients"] for each in events}
        assert told == {"head": [dealer.people["head"]], "owner": [dealer.people["seller"]]}

    def test_an_accepted_appraisal_takes_forty_five_minutes(self, dealer: Dealer) -> None:
        choose(dealer, tradein="yes")
        dealer.complete("accept_appraisal", by="appraiser")

        task = dealer.task()
        assert (task.due_at, task.assignee_id) == (START + timedelta(minutes=45), dealer.people["appraiser"])

    def test_who_thinks_it_over_is_called_the_next_day(self, dealer: Dealer) -> None:
        offer(dealer, outcome="thinking", valid_until="2026-03-12")

        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", START + timedelta(days=1))

    def test_he_is_called_before_the_offer_runs_out_at_last(self, dealer: Dealer) -> None:
        offer(dealer, outcome="thinking", valid_until="2026-03-10", next_contact_at="2026-03-20T12:00")

        assert dealer.task().due_at == moscow(9, 12)

    def test_a_refused_discount_is_told_to_the_customer_within_the_hour(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        dealer.complete("request_discount", **(DISCOUNT | {"requested_discount": "60000"}))
        assert dealer.task().due_at == START + timedelta(minutes=30)
        dealer.complete("approve_discount", by="head", decision="refuse", approval_comment="no")

        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", START + timedelta(hours=1))

    def test_the_contract_of_an_ordered_car_is_due_a_week_before_it_arrives(self, dealer: Dealer) -> None:
        reserve(dealer, place="production", vin="", eta_days="60", until="2026-03-20T12:00")

        (task,) = [each for each in dealer.open_tasks() if each.element == "sign_contract"]
        assert task.due_at == START + timedelta(days=53)

    def test_the_contract_of_a_car_that_is_here_is_due_the_next_day(self, dealer: Dealer) -> None:
        reserve(dealer)

        assert dealer.task().due_at == START + timedelta(days=1)


class TestShortcut:
    """From any step of the selling part the offer is three clicks away: the button, a reason, and its confirmation."""

    def test_every_step_before_the_offer_has_the_button(self, dealer: Dealer) -> None:
        offered = SHEET.find("//bpmn:boundaryEvent[@id='straight_to_offer']")[0]
        steps = {task.get("id") for task in SHEET.find("//bpmn:subProcess[@id='selling']//bpmn:userTask")}

        assert offered.get("attachedToRef") == "selling"
        assert {"first_answer", "welcome", "needs_analysis", "follow_up_call", "test_drive", "presentation"} <= steps

    def test_it_asks_for_nothing_but_the_reason(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM)

        with pytest.raises(BusinessError) as refusal:
            dealer.take("straight_to_offer")
        dealer.take("straight_to_offer", reason="knows what he wants")

        assert refusal.value.code == "form_invalid"
        assert dealer.task().element == "make_offer"

    def test_it_withdraws_what_is_open_and_is_recorded_as_a_deviation(self, dealer: Dealer, session: Session) -> None:
        choose(dealer, outcome="test_drive", tradein="yes")
        dealer.take("straight_to_offer", on="test_drive", reason="no time")

        assert dealer.open_elements() == ["make_offer"]
        taken = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "offer_taken")).one()
        assert case_data.load(taken.payload)["deviation"] == "offer"
        assert dealer.milestones() == ["contact", "visit", "worksheet", "presentation"]


class TestChoice:
    def test_the_main_choice_is_the_car_it_is_about(self, dealer: Dealer, session: Session) -> None:
        know_needs(dealer)
        dealer.complete("choose_car", **(CHOICE | {"primary": "2"}))

        chosen = dealer.document()["choose_car"]
        assert (chosen["model"], chosen["price"], chosen["eta_days"]) == ("aurelia_city", Decimal(1900000), 14)

    def test_the_chosen_car_is_named_with_its_model_in_what_follows(self, dealer: Dealer) -> None:
        know_needs(dealer)
        dealer.complete("choose_car", **CHOICE)

        assert dealer.document()["choose_car"]["vehicle"] == "Aurelia S4, Comfort, 2.0, white"

    def test_a_number_that_is_not_in_the_list_is_refused(self, dealer: Dealer) -> None:
        know_needs(dealer)

        refused(dealer, "choose_car", "choice_unknown", **(CHOICE | {"primary": "3"}))


class TestTestDrive:
    @pytest.fixture(autouse=True)
    def _wants_to_drive(self, dealer: Dealer) -> None:
        choose(dealer, outcome="test_drive")

    def test_it_is_recorded_and_the_licence_stays_out_of_the_case(self, dealer: Dealer, session: Session) -> None:
        dealer.complete("test_drive", **DRIVEN)

        driven = session.scalars(select(TestDrive)).one()
        assert (driven.licence_number, driven.minutes, driven.odometer_end) == ("7812345678", 30, 1218)
        assert "7812345678" not in str(dealer.document())

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"licence_expiry": "2026-03-01"}, "licence_expired"),
            ({"driver_age": "20"}, "driver_too_young"),
            ({"experience_years": "1"}, "driver_inexperienced"),
            ({"odo_end": "1199"}, "odometer_reversed"),
            ({"slot_at": "2026-03-02T12:00"}, "drive_in_future"),
            ({"checked": ["licence_seen"]}, "form_invalid"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, dealer: Dealer, values: dict[str, Any], code: str) -> None:
        refused(dealer, "test_drive", code, **(DRIVEN | values))

    def test_a_car_is_on_one_drive_at_a_time(self, dealer: Dealer) -> None:
        dealer.complete("test_drive", **DRIVEN)
        driver = trying.Driver("7800000000", date(2030, 1, 1), 40, 20)

        def drive(at: datetime, car: str = str(DRIVEN["demo_car"])) -> None:
            ride = trying.Ride(at, 30, car, "city", 1218, 1230, "", "loved", "", "")
            with dealer.write() as session:
                worksheet = dealer.open_worksheet(session)
                later = START + timedelta(hours=3)
                trying.record_test_drive(session, worksheet, driver, ride, actor_id=None, today=later.date(), now=later)

        for minutes in (-44, 0, 44):  # half an hour, and a quarter until the next
            with pytest.raises(BusinessError) as refusal:
                drive(START + timedelta(minutes=minutes))
            assert refusal.value.code == "demo_car_taken"
        drive(START, car="another")
        drive(START + timedelta(minutes=45))
        drive(START - timedelta(minutes=45))


class TestAppraisal:
    @pytest.fixture(autouse=True)
    def _brings_his_car(self, dealer: Dealer) -> None:
        choose(dealer, tradein="yes")
        dealer.complete("accept_appraisal", by="appraiser")

    def test_the_price_is_market_less_repairs_less_margin(self, dealer: Dealer, session: Session) -> None:
        dealer.complete("tradein_appraisal", **APPRAISED, photos=dealer.photos(6))

        appraisal = session.scalars(select(TradeInAppraisal)).one()
        answers = dealer.document()["tradein_appraisal"]
        assert (appraisal.repair_total, appraisal.offer_price) == (Decimal(30000), Decimal(800000))
        assert answers["repair_total"] == Decimal(30000)
        assert answers["calculated_price"] == answers["calculated"] == Decimal(800000)
        assert answers["over_limit"] is False

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"valid_until": "2026-03-08"}, "appraisal_too_long"),
            ({"year": "2027"}, "year_in_future"),
            ({"outcome": "rejected"}, "form_invalid"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, dealer: Dealer, values: dict[str, Any], code: str) -> None:
        refused(dealer, "tradein_appraisal", code, **(APPRAISED | {"photos": dealer.photos(6)} | values))

    def test_five_photos_are_too_few(self, dealer: Dealer) -> None:
        refused(dealer, "tradein_appraisal", "form_invalid", **APPRAISED, photos=dealer.photos(5))


class TestOffer:
    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"valid_until": "2026-03-17"}, "offer_valid_too_long"),
            ({"lines": [{"kind": "service", "title": "Washing", "qty": "1", "price": "900"}]}, "offer_without_car"),
            (
                {"lines": [*OFFER["lines"], {"kind": "tradein", "title": "Alma", "qty": "1", "price": "2500000"}]},
                "offer_below_zero",
            ),
            (
                {"lines": [*OFFER["lines"], {"kind": "discount", "title": "Gift", "qty": "1", "price": "24000.01"}]},
                "discount_not_approved",
            ),
            ({"lines": [OFFER["lines"][0] | {"discount": "30000"}]}, "discount_not_approved"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, dealer: Dealer, values: dict[str, Any], code: str) -> None:
        choose(dealer)

        refused(dealer, "make_offer", code, **(OFFER | values))

    def test_who_needs_credit_compares_two_ways_to_pay(self, dealer: Dealer) -> None:
        know_needs(dealer, pay_method="credit", monthly_payment_max="40000")
        dealer.take("straight_to_offer", reason="knows what he wants")

        refused(dealer, "make_offer", "variants_too_few", **OFFER)
        dealer.complete("make_offer", **(OFFER | {"variants": [*OFFER["variants"], CREDIT]}))

    def test_its_credit_is_computed_on_the_server(self, dealer: Dealer) -> None:
        offer(dealer, variants=[*OFFER["variants"], CREDIT], desired_payment="45000", desired_term="60",
              desired_rate="18")  # fmt: skip

        answers = dealer.document()["make_offer"]
        credit = Credit(Decimal(2000000), 60, Decimal(18))
        assert answers["total"] == Decimal(2400000)
        variant = answers["variants"][1]
        assert (variant["principal"], variant["monthly_payment"]) == (Decimal(2000000), credit.payment)
        assert variant["overpayment"] == credit.overpayment
        assert variant["total_cost"] == 480000 + credit.payment * 60
        assert abs(variant["last_payment"] - list(credit.plan())[-1].paid) < 1  # the plan rounds interest to kopecks
        assert answers["affordable_principal"] > 0

    def test_every_offer_is_a_version_of_its_own(self, dealer: Dealer, session: Session) -> None:
        offer(dealer, outcome="negotiate")
        dealer.complete("request_discount", **DISCOUNT)
        discounted = [*OFFER["lines"], {"kind": "discount", "title": "Discount", "qty": "1", "price": "20000"}]
        dealer.complete("make_offer", **(OFFER | {"lines": discounted}))

        offers = session.scalars(select(Offer).order_by(Offer.version)).all()
        assert [(each.version, each.total, each.discount) for each in offers] == [
            (1, Decimal(2400000), Decimal(0)),
            (2, Decimal(2380000), Decimal(20000)),
        ]
        assert dealer.milestones().count("offer") == 2

    def test_the_head_may_not_allow_more_than_was_asked_for(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        dealer.complete("request_discount", **(DISCOUNT | {"requested_discount": "60000"}))

        refused(
            dealer, "approve_discount", "discount_above_request", decision="approve", approved="70000",
            approval_comment="more",
        )  # fmt: skip


def test_a_presentation_that_is_left_out_enters_no_milestone(dealer: Dealer) -> None:
    know_needs(dealer)
    dealer.complete("choose_car", **CHOICE)
    dealer.skip("presentation")

    assert "presentation" not in dealer.milestones()
    assert dealer.open_elements() == ["make_offer"]


class TestCorrections:
    def correct(self, dealer: Dealer, element: str, by: str, **values: Any) -> None:
        with dealer.write() as session:
            dealer.engine.correct_answer(
                session, 1, element, values, reason="", actor=dealer._actor(by), reading=dealer._reading()
            )

    def test_an_offer_is_corrected_within_the_same_limits_and_becomes_a_new_version(self, dealer: Dealer) -> None:
        offer(dealer, outcome="accepted")
        beyond = {"kind": "discount", "title": "Discount", "qty": "1", "price": "500000", "vat": "22"}

        with pytest.raises(BusinessError) as refusal:
            self.correct(dealer, "make_offer", "seller", **OFFER | {"lines": [*OFFER["lines"], beyond]})
        assert refusal.value.code == "discount_not_approved"

        self.correct(dealer, "make_offer", "seller", **OFFER | {"valid_until": "2026-03-06"})
        with dealer.read() as session:
            offers = session.scalars(select(Offer).order_by(Offer.version)).all()
            assert [each.valid_until for each in offers] == [date(2026, 3, 5), date(2026, 3, 6)]

    def test_an_approval_is_never_rewritten(self, dealer: Dealer) -> None:
        reserve(dealer)

        with pytest.raises(BusinessError) as refusal:
            self.correct(dealer, "take_deposit", "head", amount="1")
        assert refusal.value.code == "answer_final"

    def test_a_refused_correction_gives_back_what_was_typed(self, dealer: Dealer) -> None:
        offer(dealer, outcome="accepted")
        wished = {"kind": "discount", "title": "Wished for", "qty": "1", "price": "500000", "vat": "22"}
        rows = {"lines": [*OFFER["lines"], wished], "variants": OFFER["variants"]}
        typed = {
            f"{name}.{number}.{key}": text
            for name, listed in rows.items()
            for number, row in enumerate(listed)
            for key, text in row.items()
        }
        typed |= {"valid_until": OFFER["valid_until"], "sent_by": "print"}

        answer = client_of(dealer, "seller").post("/cases/1/answers/make_offer", data=typed)

        assert (answer.status_code, 'data-test="refusal"' in answer.text) == (422, True)
        assert "Wished for" in answer.text
