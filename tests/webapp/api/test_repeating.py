"""Idempotency keys: the same request again is answered again and done once, also when both come at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.history.models import HistoryEvent
from engine.instances.models import Command
from tests.webapp.api.bearers import Program
from tests.webapp.api.conftest import ProgramOf
from tests.webapp.conftest import on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.api.models import StoredAnswer
from webapp.api.repeating import KEPT_FOR, forget_answers
from webapp.customers.models import Customer

PERSON = {"last_name": "Belova", "phones": ["+7 900 000-12-34"]}


def count(session: Session, *what: object) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(*what)) or 0  # type: ignore[arg-type]


def test_the_same_key_gives_the_first_answer(session: Session, program: ProgramOf) -> None:
    caller, _ = program("customers.see", "customers.add")

    first, second = (caller.post("/customers", PERSON, key="order-1") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert (first.headers.get("Idempotency-Replayed"), second.headers["Idempotency-Replayed"]) == (None, "true")
    assert count(session, Customer) == 1


def test_the_same_key_with_another_body_is_refused(session: Session, program: ProgramOf) -> None:
    caller, _ = program("customers.see", "customers.add")
    caller.post("/customers", PERSON, key="order-1")

    answer = caller.post("/customers", {"last_name": "Orlov"}, key="order-1")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert count(session, Customer) == 1


def test_a_refused_request_leaves_the_key_free(session: Session, program: ProgramOf) -> None:
    caller, _ = program("customers.see", "customers.add")

    refused = caller.post("/customers", {"phones": ["+7 900 000-12-34"]}, key="order-1")
    done = caller.post("/customers", PERSON, key="order-1")

    assert (refused.status_code, done.status_code) == (422, 201)


def test_keys_of_different_people_are_different(session: Session, program: ProgramOf) -> None:
    one, _ = program("customers.see", "customers.add")
    other, _ = program("customers.see", "customers.add")

    answers = [each.post("/customers", {"last_name": "Orlov"}, key="order-1") for each in (one, other)]

    assert [each.status_code for each in answers] == [201, 201]
    assert count(session, Customer) == 2


def test_a_key_is_printable_ascii(program: ProgramOf) -> None:
    caller, _ = program("customers.add")

    answer = caller.post("/customers", PERSON, key="x" * 201)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_unfit")


def test_a_task_is_completed_once(session: Session, program: ProgramOf, errands: Errands) -> None:
    caller, me = program("cases.see", "cases.change", scope="own")
    task = errands.open(me)

    answers = [caller.post(f"/tasks/{task.id}/complete", {"values": {"name": "Ada"}}, key="k") for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    assert count(session, Command) == 1


@on_both_databases
def test_requests_of_the_same_moment_are_one(
    app: Flask, session: Session, program: ProgramOf, errands: Errands
) -> None:
    caller, me = program("cases.see", "cases.change", scope="own")
    task = errands.open(me)
    together = Barrier(4)

    def send(_: int) -> tuple[int, object]:
        mine = Program(app.test_client(), caller.headers["Authorization"].removeprefix("Bearer "))
        together.wait()
        answer = mine.post(f"/cases/{task.instance_id}/comments", {"text": "Calls back."}, key="comment-1")
        return answer.status_code, answer.get_json(silent=True) or answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))

    assert answers == [(201, {"case_id": task.instance_id})] * 4
    session.rollback()
    comments = select(func.count()).where(HistoryEvent.kind == "commented")
    assert session.scalar(comments) == 1


def test_answers_are_forgotten_after_some_days(
    app: Flask, session: Session, program: ProgramOf, clock: SettableClock
) -> None:
    caller, _ = program("customers.see", "customers.add")
    caller.post("/customers", PERSON, key="order-1")
    kept = []

    for days in (0, 1):
        clock.set(NOW + KEPT_FOR + timedelta(days=days))
        with app.app_context():
            forget_answers()
        kept.append(count(session, StoredAnswer))

    assert kept == [1, 0]


def test_what_is_kept_holds_no_personal_data(session: Session, program: ProgramOf) -> None:
    caller, _ = program("customers.see", "customers.add")

    caller.post("/customers", PERSON, key="order-1")

    body = session.scalars(select(StoredAnswer.body)).one()
    assert "Belova" not in body
    assert "0001234" not in body
