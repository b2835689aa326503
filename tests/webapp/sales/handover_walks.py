"""Walks through the end of a deal: papers, the handover and its appointment."""

from tests.dealer import Dealer, moscow
from tests.webapp.sales.answers import HANDED_OVER, INFORMED, NOTHING_NEEDED, PREPARED, pay, prepare


def papers_that_are_late_and_a_car_that_is_not_accepted_twice(dealer: Dealer) -> None:
    pay(dealer)
    dealer.do("accept_delivery", by="delivery")
    late = NOTHING_NEEDED | {"outcome": "delayed", "delayed_until": "2026-03-12", "delay_reason": "plates"}
    dealer.do("prepare_registration", **(late | {"alarm_needed": "yes", "alarm_executor": "workshop"}))
    dealer.do("inform_customer", **INFORMED)
    dealer.do("prepare_registration", **NOTHING_NEEDED)
    dealer.do("accept_pdi", by="workshop")
    dealer.do("prepare_car", **PREPARED)
    dealer.complete("arrange_handover", outcome="not_reached")
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-06T12:00")
    assert dealer.assignee("hand_over_car") == dealer.people["delivery"]
    dealer.complete("hand_over_car", outcome="not_accepted", refusal_reason="a scratch")
    dealer.complete("decide_not_accepted", by="head", decision="prepare_again", instruction="polish it")
    assert dealer.open_elements() == ["accept_pdi"]  # the papers are done
    dealer.do("accept_pdi", by="workshop")
    dealer.do("prepare_car", **PREPARED)
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-07T12:00")
    dealer.complete("hand_over_car", outcome="not_accepted", refusal_reason="no time")
    dealer.complete("decide_not_accepted", by="head", decision="arrange_again", instruction="another day")

    assert dealer.open_elements() == ["arrange_handover"]


def a_handover_that_is_moved_by_either_side(dealer: Dealer) -> None:
    pay(dealer)
    prepare(dealer)
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-06T12:00", wishes=["bow"])
    dealer.wait_until(moscow(5, 17))
    dealer.do("remind_of_handover", outcome="moved", comment="He is away.")
    assert dealer.open_elements() == ["arrange_handover"]  # nothing is handed over at the old time
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-08T12:00")
    assert (dealer.task().element, dealer.task().due_at) == ("hand_over_car", moscow(8, 12))
    dealer.take("move_handover", outcome="not_ready", comment="The plates are late.")
    assert dealer.open_elements() == ["arrange_handover"]
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-09T12:00")
    dealer.wait_until(moscow(8, 17))
    assert sorted(dealer.open_elements()) == ["hand_over_car", "remind_of_handover"]
    dealer.wait_until(moscow(9, 12))
    dealer.do("hand_over_car", **HANDED_OVER, delivered_on="2026-03-09")  # he came without the call

    assert dealer.outcome() == "won"
    assert "remind_of_handover" not in dealer.open_elements()


def a_handover_of_the_same_day_that_nobody_calls_about(dealer: Dealer) -> None:
    pay(dealer)
    prepare(dealer)
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-02T18:00")
    dealer.wait_until(moscow(2, 18))
    assert dealer.open_elements() == ["hand_over_car"]
    dealer.complete("hand_over_car", **HANDED_OVER, delivered_on="2026-03-02")

    assert dealer.outcome() == "won"


WALKS = (
    papers_that_are_late_and_a_car_that_is_not_accepted_twice,
    a_handover_that_is_moved_by_either_side,
    a_handover_of_the_same_day_that_nobody_calls_about,
)
