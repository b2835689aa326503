"""Walks through the shipped worksheet: each takes ways that others leave out; together they take every one."""

from collections.abc import Callable
from datetime import timedelta

from tests.dealer import Dealer, moscow
from tests.webapp.sales import handover_walks
from tests.webapp.sales.answers import (
    APPRAISED,
    CHOICE,
    CONTRACT,
    DEPOSIT,
    DISCOUNT,
    DRIVEN,
    HANDED_OVER,
    NEEDS,
    OFFER,
    OTHER_VIN,
    PAID,
    PERSON,
    PRESENTED,
    REFUSED,
    RESERVATION,
    VISIT,
    arrive,
    bring,
    choose,
    follow_up,
    get_credit,
    know_needs,
    lose_car,
    offer,
    prepare,
    reserve,
)
from webapp.inquiries.models import InquiryChannel

Walk = Callable[[Dealer], None]
WALKS: dict[str, Walk] = {}


def walk(step: Walk) -> Walk:
    WALKS[step.__name__] = step
    return step


@walk
def from_a_call_to_the_handover(dealer: Dealer) -> None:
    dealer.register(visit_at=VISIT)
    dealer.complete("confirm_visit", outcome="moved", new_visit_at="2026-03-05T11:00")
    dealer.complete("confirm_visit", outcome="confirmed")
    arrive(dealer)
    dealer.complete("needs_analysis", **NEEDS)
    dealer.complete("choose_car", **CHOICE)
    dealer.complete("presentation", **(PRESENTED | {"outcome": "test_drive", "tradein": "yes", "skip_reason": ""}))
    assert dealer.open_elements() == ["accept_appraisal", "test_drive"]
    dealer.do("accept_appraisal", by="appraiser")
    assert dealer.assignee("tradein_appraisal") == dealer.people["appraiser"]
    dealer.do("test_drive", **DRIVEN)
    dealer.do("tradein_appraisal", **APPRAISED, photos=dealer.photos(6))
    dealer.complete("make_offer", **OFFER)
    dealer.complete("reserve_car", **RESERVATION)
    dealer.complete("take_deposit", by="cashier", **DEPOSIT)
    dealer.complete("sign_contract", **CONTRACT)
    dealer.complete("confirm_payment", by="accountant", **PAID)
    assert dealer.open_elements() == ["accept_delivery", "accept_pdi"]
    prepare(dealer)
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-06T12:00")
    dealer.wait_until(moscow(5, 17))
    assert sorted(dealer.open_elements()) == ["hand_over_car", "remind_of_handover"]
    dealer.do("remind_of_handover", outcome="confirmed")
    dealer.wait_until(moscow(6, 12))
    dealer.complete("hand_over_car", **HANDED_OVER, delivered_on="2026-03-06")

    assert dealer.outcome() == "won"
    assert dealer.milestones()[:11] == [
        *("contact", "visit", "worksheet", "presentation", "test_drive", "trade_in"),
        *("offer", "reservation", "contract", "paid", "delivered"),
    ]
    assert [case.process_key for case in dealer.cases()] == ["sales_worksheet", "post_delivery"]


@walk
def a_guest_who_does_not_come_and_only_looks_later(dealer: Dealer) -> None:
    dealer.register(visit_at=VISIT)
    dealer.complete("confirm_visit", outcome="confirmed")
    dealer.wait_until(VISIT + timedelta(minutes=30))
    dealer.complete("call_absentee", outcome="visit_agreed", visit_at="2026-03-06T11:00", reason="road")
    dealer.complete("confirm_visit", outcome="confirmed")
    dealer.complete("welcome", outcome="moved", new_visit_at="2026-03-07T11:00")
    dealer.complete("confirm_visit", outcome="confirmed")
    dealer.complete("welcome", outcome="look_only", first_visit="no", purpose="new_car")

    assert dealer.outcome() == "lost"


@walk
def a_visit_that_is_cancelled_and_one_nobody_comes_to(dealer: Dealer) -> None:
    dealer.register(visit_at=VISIT)
    dealer.complete("confirm_visit", outcome="cancelled")
    follow_up(dealer, "visit_agreed", visit_at="2026-03-06T11:00")
    dealer.complete("confirm_visit", outcome="confirmed")
    dealer.complete("welcome", outcome="not_coming")
    follow_up(dealer, "visit_agreed", visit_at="2026-03-07T11:00")
    dealer.complete("confirm_visit", outcome="confirmed")
    dealer.wait_until(moscow(7, 11, 30))
    dealer.complete("call_absentee", outcome="later", next_contact_at="2026-03-20T18:00", reason="busy")

    assert dealer.open_elements() == ["follow_up_call"]


@walk
def a_web_form_about_something_else(dealer: Dealer) -> None:
    dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)
    dealer.complete("first_answer", by="operator", outcome="wrong_department")

    assert dealer.outcome() == "lost"


@walk
def a_web_form_that_is_followed_up_until_the_head_gives_up(dealer: Dealer) -> None:
    dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)
    dealer.complete("first_answer", by="operator", outcome="info_only", **PERSON)
    for day in (3, 6, 13, 22, 30):
        dealer.wait_until(moscow(day, 12))
        follow_up(dealer, "next_contact", next_contact_at=f"2026-{'04-01' if day == 30 else f'03-{day + 1:02}'}T12:00")
    dealer.complete(
        "review_follow_up", by="head", decision="continue", next_contact_at="2026-04-12T11:00", instruction="Once more"
    )
    dealer.wait_until(moscow(12, 11, month=4))
    follow_up(dealer, "next_contact", next_contact_at="2026-04-13T12:00")
    dealer.complete("review_follow_up", by="head", decision="give_up", lost_reason="no_answer")

    assert dealer.outcome() == "lost"


@walk
def a_web_form_whose_sender_comes_at_once(dealer: Dealer) -> None:
    dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)
    dealer.complete("first_answer", by="operator", outcome="visit_now", **PERSON)
    arrive(dealer)
    dealer.complete("needs_analysis", **(NEEDS | {"outcome": "remote_only"}))
    follow_up(dealer, "visit_agreed", visit_at="2026-03-06T11:00")
    dealer.complete("confirm_visit", outcome="confirmed")
    arrive(dealer, first_visit="no")
    assert dealer.open_elements() == ["choose_car"]  # the needs are known
    dealer.skip("choose_car")
    dealer.skip("presentation")

    assert dealer.open_elements() == ["make_offer"]
    assert dealer.milestones() == ["contact", "visit", "worksheet", "visit"]


@walk
def test_drives_that_are_moved_missed_and_end_with_a_dent(dealer: Dealer) -> None:
    choose(dealer, outcome="test_drive")
    dealer.complete("test_drive", outcome="moved", new_slot_at="2026-03-03T11:00")
    assert dealer.task().due_at == moscow(3, 11)
    dealer.complete("test_drive", outcome="no_show")
    dealer.complete("call_absent_driver", outcome="new_slot", new_slot_at="2026-03-04T11:00")
    assert dealer.task().due_at == moscow(4, 11)
    dealer.wait_until(moscow(4, 12))
    dealer.complete(
        "test_drive", **(DRIVEN | {"outcome": "damage", "damage_note": "dent", "slot_at": "2026-03-04T11:00"})
    )
    assert "test_drive" in dealer.milestones()
    dealer.complete(
        "review_damage", by="head", decision="insurer", secured=["photos"], repair_cost="20000", comment="the door"
    )

    assert dealer.open_elements() == ["make_offer"]


@walk
def a_missed_test_drive_that_is_decided_later_or_left_out(dealer: Dealer) -> None:
    choose(dealer, outcome="test_drive")
    dealer.complete("test_drive", outcome="no_show")
    dealer.complete("call_absent_driver", outcome="later", next_contact_at="2026-03-05T12:00")
    assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(5, 12))
    follow_up(dealer, "visit_agreed", visit_at="2026-03-06T11:00")
    dealer.complete("confirm_visit", outcome="confirmed")
    arrive(dealer, first_visit="no")
    dealer.complete("choose_car", **CHOICE)
    dealer.complete("presentation", **(PRESENTED | {"outcome": "test_drive"}))
    dealer.skip("test_drive")

    assert "test_drive" not in dealer.milestones()
    assert dealer.open_elements() == ["make_offer"]


@walk
def an_appraisal_beyond_the_limit(dealer: Dealer) -> None:
    choose(dealer)
    dealer.complete("make_offer", **(OFFER | {"outcome": "thinking"}))
    follow_up(dealer, "appraisal")
    dealer.complete("accept_appraisal", by="appraiser")
    high = APPRAISED | {"offer_price": "880000", "photos": dealer.photos(6)}
    dealer.complete("tradein_appraisal", **high)
    dealer.complete("approve_tradein", by="head", decision="refuse", comment="too much")
    assert "trade_in" not in dealer.milestones()
    dealer.complete("tradein_appraisal", **high)
    dealer.complete("approve_tradein", by="head", decision="approve", approved_price="860000", comment="good car")

    assert dealer.milestones()[-1] == "trade_in"
    assert dealer.open_elements() == ["make_offer"]


@walk
def an_appraisal_that_is_not_needed(dealer: Dealer) -> None:
    choose(dealer, tradein="yes")
    dealer.complete("accept_appraisal", by="appraiser")
    dealer.skip("tradein_appraisal")

    assert "trade_in" not in dealer.milestones()
    assert dealer.open_elements() == ["make_offer"]


@walk
def discounts_within_and_beyond_the_limits(dealer: Dealer) -> None:
    offer(dealer, outcome="negotiate")
    dealer.complete("request_discount", **DISCOUNT)  # 0.83 %: his own limit
    dealer.complete("make_offer", **(OFFER | {"outcome": "negotiate"}))
    dealer.complete("request_discount", **(DISCOUNT | {"requested_discount": "60000"}))  # 2.5 %
    dealer.complete("approve_discount", by="head", decision="approve", approved="50000", approval_comment="agreed")
    discounted = [*OFFER["lines"], {"kind": "discount", "title": "Discount", "qty": "1", "price": "50000"}]
    dealer.complete("make_offer", **(OFFER | {"outcome": "negotiate", "lines": discounted}))
    dealer.complete("request_discount", **(DISCOUNT | {"requested_discount": "120000"}))  # 5 %
    dealer.complete("approve_discount_director", by="director", decision="refuse", approval_comment="no margin is left")
    assert dealer.open_elements() == ["follow_up_call"]
    follow_up(dealer, "ready")
    dealer.complete("make_offer", **(OFFER | {"outcome": "negotiate"}))
    dealer.complete("request_discount", outcome="not_agreed", next_contact_at="2026-03-04T12:00")

    assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(4, 12))


@walk
def reservations_without_a_deposit(dealer: Dealer) -> None:
    offer(dealer)
    bare = RESERVATION | {"deposit": "0", "pay_method": "", "until": "2026-03-03T09:30"}
    dealer.complete("reserve_car", **bare)
    dealer.complete("approve_no_deposit", by="head", decision="refuse", comment="unknown customer")
    dealer.complete("reserve_car", **RESERVATION)
    dealer.complete("take_deposit", by="cashier", outcome="not_paid")
    dealer.complete("reserve_car", **bare)
    dealer.complete("approve_no_deposit", by="head", decision="approve", comment="an old customer")

    assert dealer.milestones()[-1] == "reservation"
    assert dealer.open_elements() == ["sign_contract"]


@walk
def a_reservation_that_is_prolonged_then_released_and_made_again(dealer: Dealer) -> None:
    reserve(dealer)
    dealer.wait_until(moscow(5, 12))
    dealer.complete("reservation_expired", decision="prolong", until="2026-03-07T12:00")
    assert dealer.open_elements() == ["sign_contract"]
    dealer.wait_until(moscow(7, 12))
    dealer.complete("reservation_expired", decision="release")
    assert dealer.open_elements() == ["follow_up_call"]
    follow_up(dealer, "ready")
    dealer.complete("make_offer", **(OFFER | {"valid_until": "2026-03-10"}))
    dealer.complete("reserve_car", **(RESERVATION | {"until": "2026-03-10T12:00"}))  # the deposit is there already

    assert dealer.open_elements() == ["sign_contract"]


@walk
def a_car_that_is_brought_and_a_credit(dealer: Dealer) -> None:
    reserve(dealer, place="importer_warehouse", eta_days="14")
    assert dealer.open_elements() == ["accept_supply", "sign_contract"]
    dealer.do("sign_contract", **(CONTRACT | {"outcome": "sent_to_bank"}))
    get_credit(dealer)
    assert "sign_contract" in dealer.open_elements()
    dealer.do("sign_contract", **CONTRACT)
    dealer.do("confirm_payment", by="accountant", **(PAID | {"outcome": "partial", "amount": "1000000"}))
    dealer.do("confirm_payment", by="accountant", **(PAID | {"amount": "1350000"}))
    bring(dealer)

    assert dealer.open_elements() == ["accept_delivery", "accept_pdi"]
    assert dealer.milestones()[-1] == "paid"


@walk
def a_car_that_is_gone_is_replaced_by_one_here(dealer: Dealer) -> None:
    reserve(dealer, place="group_centre", eta_days="3")
    lose_car(dealer)
    dealer.do("choose_another_car", outcome="chosen", vehicle="Aurelia S4, grey", vin=OTHER_VIN, place="showroom")

    assert dealer.open_elements() == ["sign_contract"]


@walk
def a_car_that_is_gone_is_replaced_by_one_elsewhere_that_is_gone_too(dealer: Dealer) -> None:
    reserve(dealer, place="group_centre", eta_days="3")
    lose_car(dealer)
    dealer.do("choose_another_car", outcome="chosen", vehicle="Aurelia S4", vin=OTHER_VIN, place="importer_warehouse")
    lose_car(dealer)
    dealer.do("choose_another_car", outcome="none")

    assert dealer.open_elements() == ["follow_up_call"]  # the contract was not signed: everything is withdrawn


@walk
def a_payment_that_is_late_and_ends_the_contract(dealer: Dealer) -> None:
    reserve(dealer)
    dealer.complete("sign_contract", **CONTRACT)
    dealer.wait_until(moscow(11, 12))
    dealer.complete(
        "decide_overdue_payment", by="head", decision="wait", wait_until="2026-03-13", reason="the bank is slow"
    )
    dealer.wait_until(moscow(15, 12))
    dealer.complete("decide_overdue_payment", by="head", decision="terminate", reason="he does not answer")
    dealer.complete(
        "refund_deposit", by="cashier", outcome="returned", amount="50000", pay_method="card", document_no="9"
    )

    assert dealer.outcome() == "lost"


@walk
def refused_early(dealer: Dealer) -> None:
    know_needs(dealer)
    dealer.take("refused", **REFUSED)

    assert dealer.outcome() == "refused"


@walk
def lost_early(dealer: Dealer) -> None:
    know_needs(dealer)
    dealer.take("lost", lost_reason="no_answer")

    assert dealer.outcome() == "lost"


@walk
def refused_after_the_deposit_saved_and_refused_again(dealer: Dealer) -> None:
    reserve(dealer)
    dealer.take("refused", **REFUSED)
    dealer.complete(
        "review_refusal", by="head", decision="return", next_contact_at="2026-03-04T10:00", instruction="Offer wheels"
    )
    assert (dealer.task().element, dealer.task().due_at) == ("follow_up_call", moscow(4, 10))
    dealer.take("refused", **REFUSED)
    dealer.complete("review_refusal", by="head", decision="confirm")
    dealer.complete("refund_deposit", by="cashier", outcome="kept", reason="by the contract")

    assert dealer.outcome() == "refused"


@walk
def lost_after_the_offer(dealer: Dealer) -> None:
    offer(dealer, outcome="thinking")
    dealer.take("lost", lost_reason="bought_elsewhere_silently")
    dealer.complete("review_refusal", by="head", decision="confirm")

    assert dealer.outcome() == "lost"


for each in handover_walks.WALKS:
    walk(each)
