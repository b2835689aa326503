"""Walks through a service visit: each takes ways that others leave out; together they take every one."""

from collections.abc import Callable
from datetime import timedelta

from tests.dealer import Dealer, client_of, moscow
from tests.webapp.aftersales.service import (
    CONTENT,
    CONTROLLED,
    DECLINED,
    EXTRA,
    THURSDAY,
    agree,
    assign,
    book,
    call_in,
    finish,
    give_back,
    inspect,
    open_by_reminder,
    order,
    prepare,
    receive,
    remind,
    return_car,
    slot,
    visit,
    walk_in,
    work,
)
from webapp.aftersales.models import OrderState, VisitStatus

Walk = Callable[[Dealer], None]
WALKS: dict[str, Walk] = {}
BY_ONE_STANDARD: set[str] = set()  # ways inside the called processes, which are the same by every standard
FRIDAY = moscow(6, 11)


def walk(step: Walk) -> Walk:
    WALKS[step.__name__] = step
    return step


def by_one_standard(step: Walk) -> Walk:
    BY_ONE_STANDARD.add(step.__name__)
    return walk(step)


def passed(dealer: Dealer) -> list[str]:
    """Milestones by their first time."""
    return list(dict.fromkeys(dealer.milestones()))


def expect(dealer: Dealer) -> None:
    """Booked for Thursday, prepared and reminded: the customer is expected."""
    call_in(dealer)
    book(dealer)
    prepare(dealer)
    remind(dealer)


@walk
def from_a_call_to_the_follow_up(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer, repeat_repair="yes")
    assert dealer.open_elements() == ["remind_customer", "reserve_parts"] or dealer.open_elements() == ["reserve_parts"]
    prepare(dealer)
    dealer.wait_until(moscow(4, 13))
    remind(dealer)
    assert visit(dealer).status is VisitStatus.CONFIRMED
    dealer.wait_until(moscow(5, 10, 55))
    receive(dealer, repeat_repair="yes")
    agree(dealer, moscow(5, 17))
    assign(dealer, moscow(5, 16))
    work(dealer, outcome="extra_work", extra=[EXTRA], extra_photos=dealer.photos(1))
    dealer.do("approve_extra", by="advisor", outcome="no_answer")
    approved = {"approved_by": "recorded_call", "promised_at": moscow(5, 18).isoformat()}
    dealer.do("approve_extra", by="advisor", outcome="approved", **approved)
    dealer.wait_until(moscow(5, 14))
    assert dealer.open_elements() == ["do_work", "tell_progress"]
    dealer.do("tell_progress", by="advisor", outcome="told")
    work(dealer)
    dealer.complete("control_quality", by="checker", outcome="rework", rework_reason="The wheel is not tightened")
    work(dealer)
    dealer.complete("control_quality", by="checker", **CONTROLLED)
    give_back(dealer)
    return_car(dealer, "9810.00")
    assert (visit(dealer).status, order(dealer).state) == (VisitStatus.DONE, OrderState.CLOSED)
    dealer.wait_until(moscow(9, 12))
    dealer.complete("call_after_service", by="crm", **CONTENT)

    assert dealer.outcome() == "won"
    assert passed(dealer) == [
        *("call", "booking", "appointment", "kept", "arrival", "order", "paid", "returned", "followed_up"),
    ]


@by_one_standard
def a_guest_without_an_appointment_whom_nobody_reaches_afterwards(dealer: Dealer) -> None:
    walk_in(dealer)
    receive(dealer)
    agree(dealer, moscow(2, 17))
    assign(dealer, moscow(2, 16))
    finish(dealer)
    give_back(dealer)
    return_car(dealer)
    for day in (6, 7, 8):
        dealer.wait_until(moscow(day, 12))
        dealer.complete("call_after_service", by="crm", outcome="no_answer")

    assert dealer.outcome() == "won"
    assert passed(dealer) == ["arrival", "order", "paid", "returned"]


@by_one_standard
def a_guest_who_does_not_like_the_price(dealer: Dealer) -> None:
    walk_in(dealer)
    receive(dealer)
    inspect(dealer)
    dealer.complete("agree_order", by="advisor", **DECLINED)

    assert (dealer.outcome(), passed(dealer)) == ("cancelled", ["arrival"])


@walk
def a_call_that_ends_without_an_appointment(dealer: Dealer) -> None:
    call_in(dealer)
    back = moscow(2, 15)
    dealer.complete("book_visit", by="operator", outcome="callback", callback_at=back.isoformat())
    assert (dealer.task().due_at, dealer.task().assignee_id) == (back, dealer.people["operator"])
    dealer.complete("book_visit", by="operator", outcome="not_booked", not_booked_reason="no_free_time")

    assert (dealer.outcome(), passed(dealer)) == ("not_booked", ["call"])
    assert visit(dealer).status is VisitStatus.NOT_BOOKED


@walk
def a_visit_moved_by_a_button_by_the_reminder_and_for_want_of_parts(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer)
    dealer.take("moved", on="reserve_parts", slot=slot(dealer, FRIDAY), moved_by="customer")
    dealer.do("reserve_parts", by="parts", outcome="missing", parts=[])
    dealer.do("prepare_visit", by="advisor", outcome="parts_missing", missing="Filter")
    dealer.do("agree_new_time", by="advisor", outcome="comes")
    dealer.do("prepare_visit", by="advisor", outcome="reschedule", missing="Filter")
    dealer.do("agree_new_time", by="advisor", outcome="moved", slot=slot(dealer, moscow(9, 11)))
    prepare(dealer)
    dealer.do("remind_customer", by="dispatcher", outcome="moved", slot=slot(dealer, moscow(10, 11)))
    prepare(dealer)
    remind(dealer)
    assert dealer.task().due_at == moscow(10, 11)
    dealer.take("moved", slot=slot(dealer, moscow(11, 11)), moved_by="us")
    assert visit(dealer).moved_count == 4
    prepare(dealer)
    remind(dealer)
    dealer.wait_until(moscow(11, 11))
    receive(dealer)

    assert passed(dealer) == ["call", "booking", "appointment", "kept", "arrival"]


@walk
def cancelled_by_the_reminder(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer)
    prepare(dealer)
    dealer.do("remind_customer", by="dispatcher", outcome="cancelled", reason="plans_changed")

    assert (dealer.outcome(), passed(dealer)) == ("cancelled", ["call", "booking"])


@by_one_standard
def cancelled_for_want_of_parts(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer)
    dealer.do("reserve_parts", by="parts", outcome="missing", parts=[])
    dealer.do("prepare_visit", by="advisor", outcome="parts_missing", missing="Filter")
    dealer.do("agree_new_time", by="advisor", outcome="cancelled", reason="no_parts")

    assert (dealer.outcome(), visit(dealer).status) == ("cancelled", VisitStatus.CANCELLED_BY_US)


@walk
def cancelled_too_late(dealer: Dealer) -> None:
    expect(dealer)
    dealer.wait_until(moscow(4, 19))
    dealer.take("cancelled", reason="sold_car", cancelled_by="customer")

    assert (dealer.outcome(), passed(dealer)) == ("cancelled", ["call", "booking", "appointment"])


@by_one_standard
def nobody_answers_and_the_day_comes_unprepared(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer)
    dealer.do("reserve_parts", by="parts", outcome="none_needed")
    if "remind_customer" not in dealer.open_elements():
        dealer.do("prepare_visit", outcome="ready", checked=["history", "recalls", "warranty"])
    dealer.do("remind_customer", by="dispatcher", outcome="no_answer")
    dealer.do("remind_customer", by="dispatcher", outcome="no_answer")
    dealer.wait_until(moscow(5, 8))
    assert dealer.open_elements() == ["receive_car"]
    dealer.wait_until(moscow(5, 11, 30))
    assert visit(dealer).status is VisitStatus.NO_SHOW
    assert dealer.task().due_at == moscow(5, 12, 30)
    expected = moscow(5, 13).isoformat()
    dealer.complete("call_absentee", by="dispatcher", outcome="still_coming", expected_at=expected)
    dealer.wait_until(moscow(5, 13, 30))
    dealer.complete("call_absentee", by="dispatcher", outcome="rebook", reason="road")
    book(dealer, FRIDAY, by="dispatcher")
    dealer.wait_until(moscow(6, 11, 30))
    dealer.complete("call_absentee", by="dispatcher", outcome="cancelled", reason="ill")

    assert (dealer.outcome(), passed(dealer)) == ("cancelled", ["call", "booking", "appointment"])


@walk
def the_day_comes_before_anything_was_prepared(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer)
    dealer.wait_until(moscow(5, 8))
    assert dealer.open_elements() == ["receive_car"]
    dealer.wait_until(moscow(5, 12))
    for _ in range(3):
        dealer.complete("call_absentee", by="dispatcher", outcome="no_answer")

    assert (dealer.outcome(), passed(dealer)) == ("no_show", ["call", "booking", "appointment"])


@walk
def somebody_comes_a_day_early_and_somebody_on_the_day_itself(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer)
    dealer.wait_until(moscow(4, 11))
    dealer.take("here_already", on="reserve_parts")
    receive(dealer)

    assert passed(dealer) == ["call", "booking", "appointment", "arrival"]


@walk
def booked_for_tomorrow_in_the_evening_and_for_today(dealer: Dealer) -> None:
    dealer.wait_until(moscow(4, 18, 30))
    call_in(dealer)
    book(dealer)
    prepare(dealer)
    assert dealer.open_elements() == ["receive_car"]
    dealer.take("moved", slot=slot(dealer, FRIDAY), moved_by="customer")
    dealer.wait_until(moscow(5, 9))
    dealer.take("moved", on="reserve_parts", slot=slot(dealer, moscow(5, 14)), moved_by="customer")
    assert dealer.open_elements() == ["receive_car"]


@walk
def a_reminder_that_brings_nobody(dealer: Dealer) -> None:
    open_by_reminder(dealer)
    dealer.wait_until(moscow(3, 12))
    dealer.complete("call_about_service", by="operator", outcome="later", later_on="2026-03-05")
    dealer.wait_until(moscow(5, 12))
    dealer.complete("call_about_service", by="operator", outcome="sold_car", current_km="50000")

    assert (dealer.outcome(), passed(dealer)) == ("not_booked", [])


@by_one_standard
def a_reminder_that_brings_somebody_who_complains(dealer: Dealer) -> None:
    open_by_reminder(dealer)
    dealer.wait_until(moscow(3, 12))
    dealer.complete("call_about_service", by="operator", outcome="booked")
    book(dealer)
    prepare(dealer)
    remind(dealer)
    dealer.wait_until(THURSDAY)
    receive(dealer)
    agree(dealer, moscow(5, 17), hidden_defects="do_up_to_limit", extra_limit="6000")
    assign(dealer, moscow(5, 16))
    work(dealer, outcome="extra_work", extra=[EXTRA], extra_photos=dealer.photos(1))
    work(dealer, outcome="extra_work", extra=[EXTRA], extra_photos=dealer.photos(1))
    dealer.do("approve_extra", by="advisor", outcome="declined", later_on="2026-05-05")
    parts = {"missing_parts": "Bearing", "parts_expected_at": moscow(5, 15).isoformat()}
    work(dealer, outcome="waiting_parts", **parts)
    soon, late = moscow(5, 17, 15), moscow(6, 12)
    for promised in (soon, late):
        later = {"expected_at": promised.isoformat(), "promised_at": promised.isoformat()}
        dealer.do("bring_parts", by="parts", outcome="later", **later)
    dealer.do("tell_new_time", by="advisor", outcome="told")
    dealer.do("bring_parts", by="parts", outcome="arrived")
    finish(dealer)
    dealer.complete("prepare_return", by="advisor", done=["papers", "invoice"])
    dealer.complete("call_ready", by="advisor", outcome="no_answer")
    dealer.complete("call_ready", by="advisor", outcome="told")
    return_car(dealer, "9810.00", parted=True)
    dealer.wait_until(dealer.clock.now() + timedelta(days=5))
    low = CONTENT | {"fixed_first_time": "no", "score_work": "2", "problem": "yes", "problem_text": "Knocks again"}
    dealer.complete("call_after_service", by="crm", **low)
    settled = {"severity": "major", "cause": "technology", "measure": "Invited back", "satisfied": "4"}
    invited = {"invite_back": "yes", "invite_words": "Knocks again on the left"}
    first = visit(dealer)
    assert dealer.task().assignee_id == dealer.people["foreman"]
    assert dealer.task().due_at == dealer.clock.now() + timedelta(hours=4)  # major, by the table
    dealer.complete("settle_complaint", outcome="settled", **settled, **invited)
    again = visit(dealer)

    assert (again.repeats_id, again.repeat_repair, again.car_id) == (first.id, True, first.car_id)
    assert again.customer_words == "Knocks again on the left"
    old, new = dealer.cases()
    assert (old.business_key, new.business_key) == (first.business_key, again.business_key)
    assert dealer.outcome() == "won"
    assert (dealer.task().element, dealer.task().assignee_id) == ("book_visit", dealer.people["advisor"])
    assert passed(dealer)[0] == "booking"  # nobody called us
    shown = client_of(dealer, "advisor").get(f"/cases/{new.id}", headers={"Accept-Language": "ru"})
    assert f"Исправляет СВ-{first.id:06}" in shown.text
