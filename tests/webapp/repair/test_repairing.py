"""Mending a case in the browser: preview, move, cancel, restart, reopen, edit; and what a conflict says."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.incidents import open_incident
from engine.instances.models import InstanceStatus, ProcessInstance
from tests.engine.world import end, flows, form, process, user_task
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

TWO_STEPS = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("ask", "test/name", assignee="=begun.to", role="sales_manager", **{"name.ru": "Спросить"}),
    user_task("answer", "test/name", assignee="=begun.to", role="sales_manager"),
    end("done", outcome="won"),
    flows("begun > ask", "ask > answer", "answer > done"),
    key="two_steps",
)
MANY_PLACES = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("ask", "test/name", assignee="=begun.to", role="sales_manager"),
    '<bpmn:exclusiveGateway id="g_4" default="f4"/>',
    '<bpmn:exclusiveGateway id="g_1" name="Wanted?" default="f6"/>',
    *(
        user_task(step, assignee="=begun.to", role="sales_manager").replace(f'name="{step}"', 'name="ring"')
        for step in ("g_2", "g_3")
    ),
    '<bpmn:parallelGateway id="g_5"/>',
    end("done", outcome="won"),
    flows(
        "begun > ask",
        "ask > g_4",
        "g_4 > g_1 : 1 = 1",
        "g_4 > g_3",
        "g_1 > g_2 : 1 = 1",
        "g_1 > g_5",
        "g_2 > done",
        "g_3 > done",
        "g_5 > done",
    ),
    key="many_places",
)
WHY = "Asked the wrong person"


@pytest.fixture
def case(errands: Errands, seller: User, centre: Centre) -> int:
    errands.act(
        lambda session, engine: engine.deploy(  # type: ignore[attr-defined]
            session,
            {"two.bpmn": TWO_STEPS.encode(), "name.form": form("test/name", "name").encode()},
            actor_id=None,
            now=NOW,
        )
    )
    return errands.open(seller, centre=centre, key="two_steps").instance_id


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def token(page: str) -> str:
    """What the first radio button would send."""
    found = re.search(r'type="radio" name="token" value="(\w+)"', page)
    assert found
    return found[1]


def open_steps(errands: Errands, case: int) -> list[str]:
    return [task.element for task in errands.open_tasks() if task.instance_id == case]


class TestMoving:
    def test_shows_what_will_happen_and_then_does_it(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, case: int
    ) -> None:
        log_in("repair.change", "cases.see")
        page = client.get(f"/cases/{case}/repair").text

        plan = client.get(f"/cases/{case}/repair?token={token(page)}&to=answer").text
        told = {name: field(plan, name) for name in ("token", "to", "rev", "command_key")}
        after = client.post(f"/cases/{case}/repair/move", data={**told, "reason": WHY}, follow_redirects=True).text

        assert 'data-test="withdrawn">ask' in plan
        assert "The case has been moved." in after
        assert "Moved by hand: from “ask” to “answer”" in after
        assert WHY in after
        assert open_steps(errands, case) == ["answer"]

    def test_says_in_words_that_the_case_has_gone_on(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, case: int, seller: User
    ) -> None:
        log_in("repair.change", "cases.see")
        page = client.get(f"/cases/{case}/repair").text
        told = {"token": token(page), "to": "answer", "rev": field(page, "rev"), "reason": WHY}
        errands.complete(next(each for each in errands.open_tasks() if each.instance_id == case), seller, now=NOW)

        answer = client.post(f"/cases/{case}/repair/move", data=told)

        assert answer.status_code == 409
        assert "A colleague changed this case at the same moment." in answer.text
        assert open_steps(errands, case) == ["answer"]

    def test_names_why_a_target_is_refused(self, client: FlaskClient, log_in: LogIn, case: int) -> None:
        log_in("repair.change", "cases.see")
        page = client.get(f"/cases/{case}/repair").text

        refused = client.get(f"/cases/{case}/repair?token={token(page)}&to=begun").text

        assert "A start cannot be the target." in refused
        assert 'data-test="move-submit"' not in refused

    @pytest.fixture
    def breaking(self, errands: Errands, seller: User, centre: Centre) -> int:
        """A case whose gateway has no way out as long as the first step is not answered."""
        drawn = process(
            '<bpmn:startEvent id="begun"/>',
            user_task("ask", "test/name", assignee="=begun.to", role="sales_manager"),
            user_task("answer", "test/name", assignee="=begun.to", role="sales_manager"),
            '<bpmn:exclusiveGateway id="way"/>',
            end("done", outcome="won"),
            flows("begun > ask", "ask > way", 'way > answer : ask.name = "Ada"', "answer > done"),
            key="breaking",
        )
        errands.act(
            lambda session, engine: engine.deploy(  # type: ignore[attr-defined]
                session, {"breaking.bpmn": drawn.encode()}, actor_id=None, now=NOW
            )
        )
        return errands.open(seller, centre=centre, key="breaking").instance_id

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("en", "No way out of the gateway fits what has been answered."),
            ("ru", "Ни один выход развилки"),
        ],
    )
    def test_is_tried_before_it_is_offered(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, breaking: int, language: str, sentence: str
    ) -> None:
        log_in("repair.change", "cases.see")
        spoken = {"Accept-Language": language}
        page = client.get(f"/cases/{breaking}/repair").text
        told = {"token": token(page), "to": "way", "rev": field(page, "rev"), "reason": WHY}

        shown = client.get(f"/cases/{breaking}/repair?token={told['token']}&to=way", headers=spoken).text
        moved = client.post(f"/cases/{breaking}/repair/move", data=told, headers=spoken)

        assert sentence in shown
        assert 'data-test="move-submit"' not in shown
        assert (moved.status_code, sentence in moved.text) == (422, True)
        assert "NoMatchingFlow" not in shown + moved.text
        assert open_steps(errands, breaking) == ["ask"]

    def test_leaves_no_trace_when_it_is_only_tried(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, case: int
    ) -> None:
        log_in("repair.change", "cases.see")
        page = client.get(f"/cases/{case}/repair").text
        before = session.scalar(select(func.count()).select_from(HistoryEvent))

        plan = client.get(f"/cases/{case}/repair?token={token(page)}&to=answer").text

        session.rollback()
        assert 'data-test="move-submit"' in plan
        assert session.scalar(select(func.count()).select_from(HistoryEvent)) == before
        assert (open_steps(errands, case), field(plan, "rev")) == (["ask"], field(page, "rev"))

    def test_needs_a_reason(self, client: FlaskClient, log_in: LogIn, errands: Errands, case: int) -> None:
        log_in("repair.change", "cases.see")
        page = client.get(f"/cases/{case}/repair").text

        answer = client.post(f"/cases/{case}/repair/move", data={"token": token(page), "to": "answer", "reason": " "})

        assert (answer.status_code, open_steps(errands, case)) == (422, ["ask"])
        assert "Say why" in answer.text

    def test_is_not_for_who_only_has_a_step_of_the_case(
        self, client: FlaskClient, log_in: LogIn, seller: User, case: int
    ) -> None:
        log_in(user=seller)

        assert client.get(f"/cases/{case}/repair").status_code == 403
        assert 'data-test="repair"' not in client.get(f"/cases/{case}").text

    def test_reads_in_russian(self, client: FlaskClient, log_in: LogIn, case: int) -> None:
        log_in("repair.change", "cases.see")

        page = client.get(f"/cases/{case}/repair", headers={"Accept-Language": "ru"}).text

        assert "Починить дело" in page
        assert "Спросить" in page


class TestTheOtherActs:
    def status(self, session: Session, case: int) -> InstanceStatus:
        session.rollback()  # another snapshot
        return session.get_one(ProcessInstance, case).status

    def test_cancel_and_reopen(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, case: int
    ) -> None:
        log_in("repair.change", "cases.see")

        client.post(f"/cases/{case}/repair/cancel", data={"outcome": "cancelled", "reason": WHY})
        cancelled = self.status(session, case)
        page = client.get(f"/cases/{case}/repair").text
        client.post(f"/cases/{case}/repair/reopen", data={"to": "answer", "reason": WHY, "rev": field(page, "rev")})

        assert (cancelled, self.status(session, case)) == (InstanceStatus.CANCELLED, InstanceStatus.ACTIVE)
        assert open_steps(errands, case) == ["answer"]

    def test_no_sale_is_made_by_cancelling(
        self, client: FlaskClient, session: Session, log_in: LogIn, case: int
    ) -> None:
        log_in("repair.change", "cases.see")

        page = client.get(f"/cases/{case}/repair").text
        refused = client.post(f"/cases/{case}/repair/cancel", data={"outcome": "won", "reason": WHY})

        assert 'value="cancelled"' in page
        assert 'value="won"' not in page
        assert refused.status_code in (409, 422)
        assert self.status(session, case) is InstanceStatus.ACTIVE

    def test_restart(self, client: FlaskClient, log_in: LogIn, errands: Errands, case: int, seller: User) -> None:
        errands.complete(next(each for each in errands.open_tasks() if each.instance_id == case), seller, now=NOW)
        log_in("repair.change", "cases.see")

        page = client.post(
            f"/cases/{case}/repair/restart", data={"answers": "clear", "reason": WHY}, follow_redirects=True
        ).text

        assert "Begun anew, answers dropped" in page
        assert open_steps(errands, case) == ["ask"]


class TestPlaces:
    def test_are_listed_by_name_and_part_and_never_by_id(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        errands.act(
            lambda session, engine: engine.deploy(  # type: ignore[attr-defined]
                session, {"many.bpmn": MANY_PLACES.encode()}, actor_id=None, now=NOW
            )
        )
        case = errands.open(seller, key="many_places").instance_id
        log_in("repair.change", "cases.see")

        page = client.get(f"/cases/{case}/repair", headers={"Accept-Language": "en"}).text
        groups = {
            part: re.findall(r'<option value="([^"]*)"[^>]*>(.*?)</option>', choices)
            for part, choices in re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.DOTALL)
        }

        assert groups == {
            "many_places": [
                ("ask", "ask"),
                ("g_2", "ring, after “Wanted?”"),
                ("g_3", "ring, after “ask”"),
            ],
            "many_places: gateways and ends": [
                ("g_1", "Wanted? · Gateway: one way"),
                ("g_5", "Gateway: all ways, after “Wanted?”"),
                ("done", "End event, after “ring”"),
            ],
        }


class TestData:
    def test_one_value_is_set_and_told(self, client: FlaskClient, log_in: LogIn, errands: Errands, case: int) -> None:
        log_in("repair.change", "cases.see")
        page = client.get(f"/cases/{case}/repair/data?place=begun&field=to").text
        told = {name: field(page, name) for name in ("rev", "command_key")}

        value = {"place": "begun", "field": "to", "kind": "number", "value": "12,5", "reason": WHY}
        client.post(f"/cases/{case}/repair/data", data={**told, **value})
        chronicle = client.get(f"/cases/{case}?view=chronicle").text

        assert "Data edited: " in chronicle
        assert "12.5" in chronicle

    @pytest.mark.parametrize(("language", "city", "label"), [("ru", "Якутск", "Срок"), ("en", "Yakutsk", "Due")])
    def test_moments_and_names_are_the_readers(
        self, client: FlaskClient, session: Session, log_in: LogIn, case: int, language: str, city: str, label: str
    ) -> None:
        me = log_in("repair.change", "cases.see")
        me.time_zone = "Asia/Yakutsk"  # nine hours ahead of UTC
        session.commit()
        headers = {"Accept-Language": language}
        address = f"/cases/{case}/repair/data?place=begun&field=due"

        page = client.get(address, headers=headers).text
        told = {name: field(page, name) for name in ("rev", "command_key")}
        typed = {"place": "begun", "field": "due", "kind": "moment", "value": "2026-03-03 09:30", "reason": WHY}
        client.post(f"/cases/{case}/repair/data", data={**told, **typed})

        assert 'value="2026-03-02 19:00"' in page
        assert city in page.partition('data-test="zone"')[2].partition("</p>")[0]
        assert f'<td class="m">{label}<div class="t3 sm">due</div>' in page
        assert 'value="2026-03-03 09:30"' in client.get(address, headers=headers).text
        me.time_zone = "Europe/Kaliningrad"  # two hours ahead
        session.commit()
        assert 'value="2026-03-03 02:30"' in client.get(address, headers=headers).text

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("number", "many"),
            ("number", "1e1000000"),
            ("number", "9" * 6000),
            ("day", "31.03"),
            ("json", "[1"),
            ("yes_no", "perhaps"),
            ("forged", "anything"),
        ],
    )
    def test_what_is_no_such_value_is_refused(
        self, client: FlaskClient, log_in: LogIn, case: int, kind: str, value: str
    ) -> None:
        log_in("repair.change", "cases.see")
        typed = {"place": "begun", "field": "to", "kind": kind, "value": value, "reason": WHY}

        answer = client.post(f"/cases/{case}/repair/data", data=typed)

        assert answer.status_code == 422
        assert 'data-test="refusal"' in answer.text

    def test_answers_are_edited_in_their_form(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, case: int, seller: User
    ) -> None:
        errands.complete(next(each for each in errands.open_tasks() if each.instance_id == case), seller, now=NOW)
        log_in("repair.change", "cases.see")

        shown = client.get(f"/cases/{case}/repair/answers?place=ask").text
        empty = client.post(f"/cases/{case}/repair/answers?place=ask", data={"name": "", "reason": WHY})
        client.post(f"/cases/{case}/repair/answers?place=ask", data={"name": "Grace", "reason": WHY})

        assert ('value="Ada"' in shown, empty.status_code) == (True, 422)
        assert "Grace" in client.get(f"/cases/{case}/repair/data").text


def test_the_list_asks_the_same_number_of_questions_for_one_incident_and_for_many(
    client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
) -> None:
    engine = errands.database.engine

    def fail(number: int) -> None:
        task = errands.open(seller)
        errands.act(
            lambda session, engine: open_incident(
                session,
                kind="timer",
                error=RuntimeError(f"no paper {number}"),
                command={},
                now=NOW,
                instance_id=task.instance_id,
                element=task.element,
                retry=False,
            )
        )

    log_in("repair.see")
    fail(1)
    client.get("/incidents")
    with counted_statements(engine) as few:
        client.get("/incidents")
    for number in range(2, 12):
        fail(number)
    with counted_statements(engine) as many:
        page = client.get("/incidents").text

    assert (len(many), page.count('data-test="cause"')) == (len(few), 11)


def test_a_due_time_that_is_none_becomes_an_incident_with_its_reason(
    client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, centre: Centre
) -> None:
    late = process(
        '<bpmn:startEvent id="begun"/>',
        user_task("ask", "test/name", assignee="=begun.to", role="sales_manager"),
        user_task("answer", "test/name", assignee="=begun.to", role="sales_manager", due="=ask.name"),
        end("done", outcome="won"),
        flows("begun > ask", "ask > answer", "answer > done"),
        key="no_moment",
    )
    errands.act(
        lambda session, engine: engine.deploy(  # type: ignore[attr-defined]
            session, {"late.bpmn": late.encode()}, actor_id=None, now=NOW
        )
    )
    task = errands.open(seller, centre=centre, key="no_moment")
    log_in(user=seller)

    client.post(f"/tasks/{task.id}/complete", data={"name": "soon", "command_key": "once"})
    log_in("repair.see")
    page = client.get("/incidents").text

    assert open_steps(errands, task.instance_id) == ["ask"]
    assert re.search(r'data-test="process">\s*no_moment', page)
    assert "gives no moment and no span of time" in page
    log_in(user=seller)
    case = client.get(f"/cases/{task.instance_id}").text
    assert "“answer” failed for a technical reason" in case
    assert "/incidents/" not in case  # who may not mend it is told, and not led there
    russian = client.get(f"/cases/{task.instance_id}", headers={"Accept-Language": "ru"}).text
    assert "не выполнился по технической причине" in russian
