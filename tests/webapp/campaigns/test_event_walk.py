"""An event walked on every path of the shipped drawing: planned, decided, invited to, held, settled, concluded."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.errors import BusinessError
from engine.outbox import OutboxMessage, OutboxState
from tests.dealer import Dealer, moscow
from tests.webapp.campaigns.event_desk import AFTER_WINDOW, BUDGET, DAY, EVENING, EventDesk
from tests.webapp.sales.walking import PassedNodes, assert_all_passed, record_passed
from webapp.campaigns.events import guests, planning, queries
from webapp.campaigns.models import EventStatus
from webapp.customers.models import ConsentChannel, CustomerMessage
from webapp.inquiries.models import AdvertisingSpend, Inquiry, Purpose
from webapp.sales.models import Sale, Worksheet

SEEN: PassedNodes = {}
THANKS = dict.fromkeys(("subject_ru", "text_ru", "subject_en", "text_en"), "Спасибо")


@pytest.fixture(autouse=True)
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record_passed(monkeypatch, SEEN)


@pytest.fixture
def desk(dealer: Dealer) -> EventDesk:
    return EventDesk(dealer)


def buy(dealer: Dealer, customer_id: int, *, price: int) -> None:
    """A car is delivered to him today."""
    with dealer.write() as session:
        sheet = session.scalars(select(Worksheet).where(Worksheet.customer_id == customer_id)).one()
        session.add(
            Sale(
                worksheet_id=sheet.id, model_code="aurelia_s4", price=Decimal(price), contract_number="1",
                delivered_on=dealer.clock.now().date(), recorded_at=dealer.clock.now(),
            )
        )  # fmt: skip


def test_from_the_brief_to_the_conclusion(desk: EventDesk, dealer: Dealer) -> None:
    ada, ben = desk.customer("Ada"), desk.customer("Ben")
    cyd, dan = desk.customer("Cyd", agrees=False), desk.customer("Dan")
    desk.plan(responsible=str(dealer.people["seller"]))
    work = {"title": "Order the bags", "person": str(dealer.people["colleague"]), "until": desk.local(moscow(10, 12))}
    desk.invite(tasks=[work])

    assert [mail.recipient for mail in desk.receiver.mails] == ["ada@example.com", "ben@example.com", "dan@example.com"]
    assert desk.receiver.mails[0].body["subject"] == "Ada, приглашаем на «Evening of Aurelia»"
    assert desk.receiver.mails[0].body["text"].startswith("12.03.2026 в 18:00, Showroom North.")
    assert "/unsubscribe/" in desk.receiver.mails[0].body["text"]
    assert set(desk.statuses().values()) == {"invited"}
    assert {task.element: task.assignee_id for task in dealer.open_tasks()} == {
        "confirm_guests": dealer.people["seller"],
        "do_task": dealer.people["colleague"],
    }

    desk.answer(ada, companions=1)
    desk.answer(ben)
    desk.answer(dan, comes=False)
    with pytest.raises(BusinessError) as full:
        desk.answer(cyd)
    assert (full.value.code, full.value.details) == ("event_full", {"capacity": 3, "free": 0})
    with pytest.raises(BusinessError) as early:
        desk.receive(ada)
    assert early.value.code == "event_not_yet"
    desk.do("confirm_guests", comment="Ada comes by train")

    dealer.wait_until(DAY)
    assert "hold_event" in dealer.open_elements()
    assert desk.receive(ada)
    assert not desk.receive(cyd, companions=2)  # five guests on three places: he is let in all the same
    desk.interest(cyd, purpose=Purpose.NEW_CAR, model_code="aurelia_s4", note="Wants a test drive")
    desk.do("hold_event", outcome="held")

    assert desk.statuses() == {ada: "came", ben: "no_show", cyd: "came", dan: "declined"}
    counts = desk.counts()
    assert (counts.came, counts.companions, counts.here, counts.no_shows, counts.contacts) == (2, 3, 5, 1, 1)
    with dealer.read() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        sheet = session.scalars(select(Worksheet)).one()
        assert (inquiry.customer_id, inquiry.source_code, inquiry.channel) == (cyd, "event", "event")
        assert inquiry.case_key == sheet.business_key
    dealer.wait_until(moscow(13, 10))
    desk.settle()
    desk.do("thank_guests", outcome="mail", **THANKS)
    desk.beat()
    assert [mail.recipient for mail in desk.receiver.mails[3:]] == ["ada@example.com"]  # nor Cyd

    dealer.wait_until(moscow(10, 12, month=5))
    buy(dealer, cyd, price=2_000_000)
    event = desk.event()
    with dealer.read() as session:
        fact = queries.facts_of(session, [event_of(session, event.business_key)], {event.id: counts})[event.id]
        spend = session.scalars(select(AdvertisingSpend)).one()
    assert (spend.source_code, spend.amount, spend.note) == ("event", 55_000, "Evening of Aurelia")
    assert (fact.cost, fact.sales, fact.revenue) == (55_000, 1, 2_000_000)
    assert (fact.cost_per_visit, fact.cost_per_contact) == (11_000, 55_000)  # 52,000 + 1,000 + 20 bags of 100
    assert fact.roi == Decimal("90.9")  # 5 % of the revenue and 5,000 of tickets for 55,000
    dealer.wait_until(AFTER_WINDOW)
    desk.do("conclude_event", outcome="reached", conclusion="Evenings work", repeat="yes")

    assert (desk.event().status, desk.event().conclusion) == (EventStatus.FINISHED, "Evenings work")


def event_of(session: object, key: str) -> object:
    return planning.get_by_key(session, key)  # type: ignore[arg-type]


def test_milestones_when_the_day_comes_before_the_list_is_complete(desk: EventDesk, dealer: Dealer) -> None:
    ada = desk.customer("Ada")
    desk.plan(way={"way": "phone"})
    desk.invite()
    assert desk.receiver.mails == []
    dealer.wait_until(DAY)
    assert dealer.open_elements() == ["hold_event"]
    desk.receive(ada)
    desk.do("hold_event", outcome="held")
    desk.settle()
    desk.do(
        "thank_guests", outcome="call", title="Call the guests", person=str(dealer.people["seller"]),
        until=desk.local(EVENING + timedelta(days=3)),
    )  # fmt: skip
    assert dealer.open_elements() == ["do_task"]
    dealer.wait_until(AFTER_WINDOW)
    desk.do("conclude_event", outcome="partly", conclusion="Fewer than hoped", repeat="changed")

    reached = ["goal", "approved", "invited", "held", "result"]
    assert [each for each in dealer.milestones() if each in reached] == reached  # the call is a case of its own
    assert (desk.event().status, dealer.outcome()) == (EventStatus.FINISHED, "won")


@pytest.mark.parametrize("outcome", ["failed", "held"])
def test_without_guests_nobody_is_thanked(desk: EventDesk, dealer: Dealer, outcome: str) -> None:
    desk.customer("Ada")
    desk.plan(way={"way": "phone"})
    desk.invite()
    dealer.wait_until(DAY)
    desk.do("hold_event", outcome=outcome, comment="Snow")
    desk.settle()

    assert dealer.open_elements() == ["conclude_event"]
    reached = ["goal", "approved", "invited", *(["held"] if outcome == "held" else [])]
    assert dealer.milestones() == reached


def test_a_dear_event_goes_to_the_director_and_back(desk: EventDesk, dealer: Dealer) -> None:
    desk.customer("Ada")
    desk.plan(catering=400_000)
    desk.do("approve_event_by_director", decision="returned", rework="guests", comment="Fewer people")
    assert (dealer.open_elements(), desk.event().status) == (["choose_guests"], EventStatus.PREPARING)
    desk.do("choose_guests", way="phone", segment=str(desk.segment))
    desk.do("plan_event_budget", **BUDGET)
    desk.do("approve_event_by_head", decision="returned", rework="budget", comment="Cheaper")
    desk.do("plan_event_budget", **BUDGET)
    with pytest.raises(BusinessError) as refused:
        dealer.complete("approve_event_by_head", by="seller", decision="approved")
    assert refused.value.code in {"task_not_yours", "approval_not_yours"}
    desk.do("approve_event_by_head", decision="rejected", comment="Not now")

    assert (dealer.outcome(), desk.event().status) == ("rejected", EventStatus.REJECTED)


def test_a_thought_is_dropped(desk: EventDesk, dealer: Dealer) -> None:
    desk.begin_event()
    dealer.take("event_dropped_by", reason="No time")

    assert dealer.outcome() == "dropped"


def test_the_owner_calls_it_off(desk: EventDesk, dealer: Dealer) -> None:
    desk.customer("Ada")
    desk.plan()
    dealer.take("event_called_off_by", reason="The hall is taken")

    assert (dealer.outcome(), desk.event().status) == ("called_off", EventStatus.CANCELLED)


def test_called_off_on_its_page_nothing_is_sent_any_more(desk: EventDesk, dealer: Dealer) -> None:
    desk.customer("Ada")
    desk.plan()
    desk.do("approve_event_by_head", decision="approved")
    dealer.wait_until(moscow(2, 22))
    work = {"title": "Order the bags", "person": str(dealer.people["colleague"]), "until": desk.local(moscow(10, 12))}
    desk.do("prepare_event", tasks=[work])
    desk.beat()  # at night the mail waits
    with dealer.write() as session:
        event = planning.get_by_key(session, desk.event().business_key)
        planning.call_off(session, event, "Flood", actor_id=desk.marketer, now=dealer.clock.now())
    dealer.wait_until(moscow(3, 10))
    desk.beat()

    assert (desk.receiver.mails, dealer.open_tasks()) == ([], [])
    assert desk.event().status is EventStatus.CANCELLED
    with dealer.read() as session:
        assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.REFUSED]
        assert session.scalars(select(CustomerMessage)).all() == []


def test_guests_by_hand_and_at_the_door(desk: EventDesk, dealer: Dealer) -> None:
    desk.plan(way={"way": "phone"}, segment=False)
    ada = desk.customer("Ada", agrees=False)
    desk.invite()
    now = dealer.clock.now
    with dealer.write() as session:
        event = planning.get_by_key(session, desk.event().business_key)
        guests.add_guest(session, event, ada, actor_id=None, now=now())
        with pytest.raises(BusinessError, match="on the list"):
            guests.add_guest(session, event, ada, actor_id=None, now=now())
    dealer.wait_until(DAY)
    with dealer.write() as session:
        event = planning.get_by_key(session, desk.event().business_key)
        new = guests.NewGuest("Eve Newman", "+7 900 000-66-01", companions=1, agrees_by=(ConsentChannel.SMS,))
        eve = guests.add_new_guest(session, event, new, actor_id=None, now=now()).customer_id
        guests.check_in(session, event, eve, now=now())
        again = guests.NewGuest("Somebody", "8 900 000-66-01")
        with pytest.raises(BusinessError, match="on the list"):
            guests.add_new_guest(session, event, again, actor_id=None, now=now())
        guests.check_in(session, event, ada, now=now())
        guests.undo_check_in(session, event, ada)
        from webapp.customers import consents

        assert [(each.channel, each.proof) for each in consents.list_consents(session, eve)] == [
            ("sms", "Evening of Aurelia")
        ]
    counts = desk.counts()
    assert (desk.statuses(), counts.walk_ins, counts.here) == ({ada: "invited", eve: "came"}, 1, 2)


def test_every_element_is_passed(request: pytest.FixtureRequest) -> None:
    assert_all_passed("event", SEEN, request)
