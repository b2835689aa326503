"""Who is not ready yet, and who does not buy: follow-up, refusal and loss, walked on every path."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.dealer import START, Dealer, moscow
from tests.webapp.sales.answers import NEEDS, OFFER, PERSON, REFUSED, VISIT, arrive
from tests.webapp.sales.stored import appointments, session, think_over, undecided, worksheet
from webapp.inquiries.models import InquiryChannel
from webapp.sales.models import AppointmentStatus, LostReason
from webapp.sales.temperature import Temperature

__all__ = ["session"]


class TestFollowUp:
    def test_the_agreed_day_wins(self, dealer: Dealer) -> None:
        dealer.register()
        dealer.complete(
            "follow_up_call",
            outcome="next_contact",
            next_contact_at="2026-03-11T16:00",
            reason_used="new_stock",
            objection="none",
        )

        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(11, 16))

    def test_a_used_up_plan_goes_to_the_head_who_may_go_on(self, dealer: Dealer) -> None:
        undecided(dealer)  # hot: four contacts
        for day in (3, 5, 7, 9):
            dealer.wait_until(moscow(day, 12))
            following = f"2026-03-{day + 1:02}T12:00"
            dealer.complete(
                "follow_up_call",
                outcome="next_contact",
                next_contact_at=following,
                reason_used="answer",
                objection="needs_time",
            )

        assert (dealer.task().element, dealer.task().candidate_role) == ("review_follow_up", "sales_head")
        dealer.complete(
            "review_follow_up",
            decision="continue",
            next_contact_at="2026-03-12T11:00",
            instruction="Offer the other colour",
        )
        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(12, 11))

    def test_the_head_may_give_up(self, dealer: Dealer, session: Session) -> None:
        self.test_a_used_up_plan_goes_to_the_head_who_may_go_on(dealer)
        dealer.wait_until(moscow(12, 11))
        dealer.complete(
            "follow_up_call",
            outcome="next_contact",
            next_contact_at="2026-03-13T11:00",
            reason_used="answer",
            objection="needs_time",
        )
        dealer.complete("review_follow_up", decision="give_up", lost_reason="bought_elsewhere_silently")

        assert dealer.outcome() == "lost"
        assert worksheet(session).lost_reason is LostReason.BOUGHT_ELSEWHERE

    def test_five_times_not_reached_on_four_days_is_lost(self, dealer: Dealer, session: Session) -> None:
        dealer.register()
        moments = [dealer.task().due_at]
        for _ in range(5):
            due = dealer.task().due_at
            assert due is not None
            dealer.wait_until(due)
            dealer.complete("follow_up_call", outcome="not_reached", reached="no_answer")
            if dealer.outcome() is None:
                moments.append(dealer.task().due_at)
        while dealer.outcome() is None:
            due = dealer.task().due_at
            assert due is not None
            dealer.wait_until(due)
            dealer.complete("follow_up_call", outcome="not_reached", reached="no_answer")

        assert moments[:4] == [moscow(3, 12), moscow(3, 16), moscow(4, 12), moscow(4, 16)]
        assert worksheet(session).lost_reason is LostReason.NO_ANSWER
        assert dealer.outcome() == "lost"

    def test_a_visit_comes_of_it(self, dealer: Dealer) -> None:
        dealer.register()
        dealer.complete(
            "follow_up_call",
            outcome="visit_agreed",
            visit_at="2026-03-06T11:00",
            reason_used="test_drive",
            objection="none",
        )

        assert dealer.task().element == "confirm_visit"

    def test_an_offer_comes_of_it(self, dealer: Dealer) -> None:
        undecided(dealer)
        dealer.complete("follow_up_call", outcome="ready", reason_used="finance", objection="none")

        assert (dealer.task().element, dealer.task().due_at) == ("make_offer", START + timedelta(hours=4))

    def test_his_view_of_the_customer_changes_the_rhythm_for_a_week(self, dealer: Dealer, session: Session) -> None:
        dealer.register()
        dealer.complete(
            "follow_up_call",
            outcome="next_contact",
            next_contact_at="2026-03-05T12:00",
            reason_used="answer",
            objection="none",
            temperature="hot",
        )

        assert worksheet(session).temperature(dealer.clock.now()) is Temperature.HOT
        assert worksheet(session).temperature(dealer.clock.now() + timedelta(days=8)) is None


class TestRefusalAndLoss:
    def test_an_early_refusal_closes_at_once(self, dealer: Dealer, session: Session) -> None:
        dealer.register()
        dealer.take("refused", **REFUSED)

        assert dealer.outcome() == "refused"
        assert worksheet(session).refusal_code == "price_high"

    def test_an_early_loss_closes_at_once(self, dealer: Dealer, session: Session) -> None:
        dealer.register(visit_at=VISIT)
        dealer.take("lost", lost_reason="duplicate")

        assert dealer.outcome() == "lost"
        assert appointments(session) == [AppointmentStatus.CANCELLED]

    @pytest.mark.parametrize(
        ("kind", "values", "outcome"),
        [("refused", REFUSED, "refused"), ("lost", {"lost_reason": "no_answer"}, "lost")],
    )
    def test_after_an_offer_the_head_confirms(
        self, dealer: Dealer, kind: str, values: dict[str, Any], outcome: str
    ) -> None:
        think_over(dealer)
        dealer.take(kind, **values)

        assert (dealer.task().element, dealer.task().candidate_role) == ("review_refusal", "sales_head")
        assert dealer.outcome() is None
        dealer.complete("review_refusal", by="head", decision="confirm")
        assert dealer.outcome() == outcome

    def test_the_head_may_return_it_and_it_can_be_refused_or_lost_again(self, dealer: Dealer, session: Session) -> None:
        think_over(dealer)
        dealer.take("refused", **REFUSED)
        dealer.complete(
            "review_refusal",
            decision="return",
            next_contact_at="2026-03-04T10:00",
            instruction="Offer the winter wheels",
        )
        assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(4, 10))

        dealer.take("lost", lost_reason="bought_elsewhere_silently")
        dealer.complete("review_refusal", decision="confirm")

        assert dealer.outcome() == "lost"
        assert (worksheet(session).refusal_code, worksheet(session).lost_reason) == (None, LostReason.BOUGHT_ELSEWHERE)

    def test_a_competitor_is_named_where_one_is_meant(self, dealer: Dealer, session: Session) -> None:
        dealer.register()
        dealer.take(
            "refused",
            refusal_reason="bought_competitor_brand",
            competitor="helion",
            competitor_price="1990000",
            allow_future_contact="no",
        )

        found = worksheet(session)
        assert (found.competitor_code, found.competitor_price, found.may_contact_later) == (
            "helion",
            Decimal("1990000.00"),
            False,
        )

    def test_a_web_form_returned_by_the_head_is_not_answered_a_second_time(self, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM)
        dealer.complete("first_answer", outcome="visit_now", **PERSON)
        arrive(dealer)
        dealer.complete("needs_analysis", **NEEDS)
        dealer.take("straight_to_offer", reason="knows what he wants")
        dealer.complete("make_offer", **OFFER)
        dealer.take("refused", **REFUSED)
        dealer.complete("review_refusal", decision="return", next_contact_at="2026-03-04T10:00", instruction="Call him")

        assert dealer.task().element == "follow_up_call"
