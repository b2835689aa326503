"""The processes that ship with the product are played to their ends, and nothing of the dealer's records is touched."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.human_tasks.form_values import Reading
from engine.persistence import Base
from engine.sandbox import Act, Do, Sandbox, Script, Standing, expect, prepare, read_script, replay, write_script
from engine.sandbox.made_up import fill, made_up_file
from tests.dealer import START, Dealer, client_of, hire
from webapp.staff.models import User
from webapp.studio.testing.sandboxes import LIMITS, SAMPLES, played, stopwatch

WALKS_IN = Act(Do.START, at=START, values={"walk_in": True})
IS_HERE = (Act(Do.START, at=START), Act(Do.ANSWER, "plan_visit", values={"state": "here"}))
MOST = 60  # acts


@contextmanager
def sandbox_of(dealer: Dealer, key: str) -> Iterator[Sandbox]:
    with dealer.database.read() as session:
        sandbox = prepare(session, dealer.engine.kernel, key, {}, now=START)
    yield sandbox
    sandbox.close()


def lead(sandbox: Sandbox, *begin: Act, answers: Mapping[str, Mapping[str, str]] = {}, until: str = "") -> Script:
    """Do step after step with made-up answers, but for those given, and let time pass where nothing is open."""
    script = Script(begin)
    while len(script.acts) < MOST:
        standing = played(sandbox, script)
        assert standing.refusal is None, standing.refusal
        if not standing.is_open or standing.step(until) is not None:
            return script
        if not standing.steps:
            script = script.then(Act(Do.WAIT, to_next=True))
            continue
        step = standing.steps[0]
        values: Mapping[str, Any] = answers.get(step.element.id, {})
        if step.form is not None:
            values = fill(step.form, values, step.known, reading(standing), samples=SAMPLES, choices=lambda _: ["1"])
        script = script.then(Act(Do.COMPLETE, step.element.id, values=values))
    raise AssertionError("the case does not come to an end")


def reading(standing: Standing) -> Reading:
    assert standing.now is not None
    return Reading(now=standing.now, zone=standing.zone, find_file=made_up_file)


def rows(dealer: Dealer) -> dict[str, int]:
    with dealer.database.read() as session:
        tables = Base.metadata.tables.items()
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables}


def test_a_worksheet_is_won(dealer: Dealer) -> None:
    before = rows(dealer)
    with sandbox_of(dealer, "sales_worksheet") as sandbox:
        script = lead(sandbox, WALKS_IN)
        standing = played(sandbox, script)
        again, difference = replay(
            sandbox, read_script(write_script(script)), expect(standing), stopwatch=stopwatch, limits=LIMITS
        )

    assert standing.outcome == "won"
    assert standing.milestones[-3:] == ("contract", "paid", "delivered")
    assert {"sales.record_contract", "sales.record_payment"} <= {call.operation for call in standing.calls}
    assert (difference, again.document) == (None, standing.document)
    assert rows(dealer) == before


def test_a_worksheet_is_refused_at_the_offer_and_the_head_agrees(dealer: Dealer) -> None:
    with sandbox_of(dealer, "sales_worksheet") as sandbox:
        at_offer = lead(sandbox, WALKS_IN, until="make_offer")
        standing = played(sandbox, at_offer)
        (step,) = standing.steps
        (offer,) = [each for each in step.offers if each.id == "refused"]
        form = sandbox.form(offer.form or "")
        values = fill(form, {}, step.known, reading(standing), samples=SAMPLES, choices=lambda _: ["price_high"])
        refused = at_offer.then(Act(Do.OFFER, "make_offer", offer="refused", values=values))
        closing = Act(Do.ANSWER, "review_refusal", values={"closing": "refused"})
        script = lead(sandbox, *refused.acts, closing, answers={"review_refusal": {"decision": "confirm"}})
        standing = played(sandbox, script)

    assert standing.outcome == "refused"
    assert "reservation" not in standing.milestones


def test_personal_answers_are_not_kept_in_a_worksheet(dealer: Dealer) -> None:
    with sandbox_of(dealer, "sales_worksheet") as sandbox:
        standing = played(sandbox, lead(sandbox, WALKS_IN, until="confirm_payment"))
        form = sandbox.form("sales/sign_contract")

    (call,) = [each for each in standing.calls if each.element == "sign_contract"]
    assert form.personal_keys & call.arguments.keys()  # the operation would get them
    assert not form.personal_keys & standing.document["sign_contract"].keys()


@pytest.mark.parametrize("standard", ["service_seven_steps", "service_ten_steps"])
def test_a_visit_to_the_workshop_is_done(dealer: Dealer, standard: str) -> None:
    with sandbox_of(dealer, standard) as sandbox:
        standing = played(sandbox, lead(sandbox, *IS_HERE))

    assert standing.outcome == "won"
    assert {"arrival", "order", "paid"} <= set(standing.milestones)
    assert {
        "service_reception",
        "service_payment",
    } <= standing.coverage.flows.keys()  # in the drawings of what is called


def test_time_alone_leads_to_a_call_when_the_customer_does_not_come(dealer: Dealer) -> None:
    booked = (Act(Do.START, at=START), Act(Do.ANSWER, "plan_visit", values={"state": "today"}))
    with sandbox_of(dealer, "service_seven_steps") as sandbox:
        script = lead(sandbox, *booked, until="receive_car")
        opened = []
        for _ in range(6):
            script = script.then(Act(Do.WAIT, to_next=True))
            opened += [step.element.id for step in played(sandbox, script).steps]
            if "call_absentee" in opened:
                break

    assert opened[-1] == "call_absentee"


def owner(dealer: Dealer) -> str:
    """Somebody who may draw processes."""
    with dealer.write() as session:
        hire(session, {"owner": ("Olga Zimina", "crm_manager", None)})
        session.flush()
        dealer.people["owner"] = session.scalars(select(User.id).where(User.name == "Olga Zimina")).one()
    return "owner"


def test_the_answer_of_an_operation_is_chosen_after_it_was_called(dealer: Dealer) -> None:
    client = client_of(dealer, owner(dealer))
    run = "/studio/processes/service_seven_steps/test"

    def do(act: str, at: int, data: dict[str, str], **more: object) -> str:
        answer = client.post(f"{run}/act", query_string={"do": act, "at": at, **more}, data=data)
        return client.get(answer.headers["Location"]).text

    do("start", 0, {"at": "2026-03-09T10:00", "owned": "1"})
    refused = do("complete", 1, {}, element="book_visit")
    assert 'data-test="call-standard"' in refused  # called by the start, whatever was refused after it
    assert "before=1" in refused
    again = do("answer", 1, {"value.reminder_first": "5"}, element="standard", before=1)
    assert "Первое напоминание, дней до ТО = 5" in again
    assert 'data-test="step"' in again  # what was done stays done
