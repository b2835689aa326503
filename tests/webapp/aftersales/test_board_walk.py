"""A visit walks over the board as its process goes on: nothing on it is moved by hand."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.dealer import Dealer, moscow
from tests.webapp.aftersales.service import (
    CONTROLLED,
    EXTRA,
    THURSDAY,
    TOTAL,
    agree,
    assign,
    book,
    call_in,
    finish,
    give_back,
    hand_over,
    pay,
    prepare,
    receive,
    remind,
    return_car,
    walk_in,
    work,
)
from webapp.aftersales.board import Card, Look, read_board
from webapp.aftersales.board_causes import CauseKind
from webapp.aftersales.models import ServiceVisit, VisitStatus
from webapp.aftersales.past_visits import find_visits_of
from webapp.core.permissions import RowScope, ScopeKind

EVERYTHING, NOTHING = RowScope(ScopeKind.GROUP, 0), RowScope(ScopeKind.OWN, 0)


@pytest.fixture
def dealer(service_dealer: Dealer) -> Dealer:
    return service_dealer


def seen(dealer: Dealer, at: datetime | None = None) -> list[tuple[str, Card]]:
    """The cards of all columns at a moment; without one, now."""
    with dealer.read() as session, dealer.app.test_request_context():
        look = Look(frozenset(), "en")
        board = read_board(
            session,
            dealer.centres["North"],
            look,
            scope=EVERYTHING,
            reach=EVERYTHING,
            now=at or dealer.clock.now(),
        )
        return [(column.name, card) for column in board.columns for card in column.cards]


def only(dealer: Dealer, at: datetime | None = None) -> tuple[str, CauseKind, str, str]:
    """The only card: its column, what is remarkable, the tone, the step."""
    ((column, card),) = seen(dealer, at)
    assert card.instance_id is not None
    return column, card.cause.kind, card.cause.tone, card.cause.step


def test_from_the_appointment_to_the_handover(dealer: Dealer) -> None:
    call_in(dealer)
    book(dealer, repeat_repair="yes")
    assert seen(dealer) == []
    prepare(dealer)
    dealer.wait_until(moscow(4, 13))
    remind(dealer)
    dealer.wait_until(moscow(5, 10, 50))
    assert only(dealer) == ("expected", CauseKind.REPEAT, "warn", "")
    assert only(dealer, THURSDAY + timedelta(minutes=12)) == ("expected", CauseKind.LATE, "bad", "")

    receive(dealer, repeat_repair="yes")
    assert only(dealer)[:3] == ("arrived", CauseKind.STEP, "")
    assert only(dealer, THURSDAY + timedelta(hours=1))[1:3] == (CauseKind.WAITING, "bad")

    agree(dealer, moscow(5, 17))
    assign(dealer, moscow(5, 16))
    work_begins = only(dealer)
    work(dealer, outcome="extra_work", extra=[EXTRA], extra_photos=dealer.photos(1))
    asked = dealer.clock.now()
    assert only(dealer)[:3] == ("approval", CauseKind.ASKED, "")
    assert only(dealer, asked + timedelta(minutes=24))[1:3] == (CauseKind.NO_ANSWER, "bad")
    ((_, card),) = seen(dealer)
    assert (card.work.text, card.work.amount) == ("Wheel bearing", 5000)

    answer = {"approved_by": "recorded_call", "promised_at": moscow(5, 18).isoformat()}
    dealer.do("approve_extra", by="advisor", outcome="approved", **answer)
    work(dealer)
    assert (work_begins[0], only(dealer)[0], only(dealer)[1]) == ("in_work", "in_work", CauseKind.STEP)
    assert only(dealer, moscow(5, 18, 20))[1:3] == (CauseKind.BROKEN, "bad")
    dealer.complete("control_quality", by="checker", **CONTROLLED)

    dealer.complete("prepare_return", by="advisor", done=["washed", "old_parts", "papers", "invoice"])
    assert only(dealer)[:3] == ("ready", CauseKind.NOT_CALLED, "warn")
    dealer.complete("call_ready", by="advisor", outcome="told")
    ((_, card),) = seen(dealer)
    assert (card.work.amount, card.work.owed, card.cause.kind) == (9810, True, CauseKind.STEP)
    pay(dealer, "9810.00")
    ((_, card),) = seen(dealer)
    assert card.work.owed is False
    hand_over(dealer)
    assert seen(dealer) == []


def test_the_card_of_the_car_tells_of_its_visits(dealer: Dealer) -> None:
    walk_in(dealer)
    receive(dealer)
    agree(dealer, moscow(2, 17))
    assign(dealer, moscow(2, 16))
    finish(dealer)
    give_back(dealer)
    return_car(dealer)

    with dealer.read() as session, dealer.app.test_request_context():
        done = session.scalars(select(ServiceVisit)).unique().one()
        found = find_visits_of(session, done.car_id or 0, language="ru", scope=EVERYTHING, reach=EVERYTHING)
        hidden = find_visits_of(session, done.car_id or 0, language="ru", scope=NOTHING, reach=None)

    (past,) = found
    assert (past.work, past.status, past.price) == ("Maintenance, 30 000 km", VisitStatus.DONE, Decimal(TOTAL))
    assert (past.km, past.instance_id is not None, hidden) == (42000, True, [])


def test_a_guest_without_an_appointment_stands_among_those_who_arrived(dealer: Dealer) -> None:
    walk_in(dealer)

    assert only(dealer)[:2] == ("arrived", CauseKind.WALK_IN_STEP)
    assert only(dealer, dealer.clock.now() + timedelta(minutes=20))[:3] == ("arrived", CauseKind.WAITING, "bad")
