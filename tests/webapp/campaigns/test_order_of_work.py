"""Tasks of a campaign in their order: what follows another task waits for it, says so, and is not done before."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.errors import BusinessError
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import FormInvalid, Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from tests.dealer import MOSCOW, SYSTEM, Dealer, client_of, moscow
from tests.webapp.campaigns.desk import CampaignDesk
from tests.webapp.cases.errand_desk import publish_errand
from webapp.campaigns import working
from webapp.campaigns.models import CampaignTask
from webapp.campaigns.working import WorkRow
from webapp.staff.models import User

LAYOUT, PRINT, HANG = "Draw the layout", "Print the posters", "Hang the posters"
DONE = {"outcome": "done", "result": "It is there"}


@pytest.fixture(params=["dealer", pytest.param("postgresql_dealer", marks=pytest.mark.postgresql)])
def desk(request: pytest.FixtureRequest) -> CampaignDesk:
    opened = CampaignDesk(request.getfixturevalue(request.param))
    publish_errand(opened.dealer)
    opened.customer("Ada")
    opened.prepare()
    opened.approve()
    return opened


def plan(desk: CampaignDesk, *tasks: tuple[str, datetime, int | None]) -> None:
    person = str(desk.dealer.people["colleague"])
    rows: list[dict[str, Any]] = [
        {"title": title, "person": person, "until": desk.local(until)} | ({"after": after} if after else {})
        for title, until, after in tasks
    ]
    desk.do("plan_work", send_at="2026-03-05T12:00", tasks=rows)


def three_in_order(desk: CampaignDesk) -> None:
    """The layout, then the posters, then the walls; written down the other way round."""
    plan(desk, (HANG, moscow(3, 12), 2), (PRINT, moscow(4, 12), 3), (LAYOUT, moscow(5, 12), None))


def reader(dealer: Dealer, person: str) -> FlaskClient:
    client = client_of(dealer, person)
    client.post("/preferences", data={"language": "en"})
    return client


def work(desk: CampaignDesk) -> list[WorkRow]:
    with desk.dealer.read() as session:
        return working.list_work(session, desk.campaign())


def task_of(dealer: Dealer, title: str) -> HumanTask:
    with dealer.read() as session:
        found = session.scalars(
            select(HumanTask)
            .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
            .join(CampaignTask, CampaignTask.case_key == ProcessInstance.business_key)
            .where(CampaignTask.title == title, HumanTask.state == TaskState.OPEN)
        ).one()
        session.expunge(found)
        return found


def answer(desk: CampaignDesk, title: str, **values: Any) -> None:
    """What the colleague says of his task."""
    dealer = desk.dealer
    reading = Reading(now=dealer.clock.now(), zone=MOSCOW, kinds=dealer.engine.kernel.text_kinds)
    task = task_of(dealer, title)
    actor = Actor(dealer.people["colleague"])
    with dealer.write() as session:
        dealer.engine.complete(session, task.id, values, actor=actor, reading=reading, command_key=f"{task.id}-{title}")


def take_back(desk: CampaignDesk, title: str) -> None:
    dealer = desk.dealer
    with dealer.write() as session:
        dealer.engine.take_offer(
            session, task_of(dealer, title).id, "withdrawn", {"reason": "We have one"}, actor=SYSTEM,
            reading=Reading(now=dealer.clock.now()), command_key="back",
        )  # fmt: skip


class TestWaiting:
    def test_a_task_is_not_done_before_the_one_that_it_follows(self, desk: CampaignDesk) -> None:
        three_in_order(desk)

        with pytest.raises(BusinessError) as refused:
            answer(desk, PRINT, **DONE)
        assert (refused.value.code, refused.value.details) == ("task_waits", {"before": LAYOUT})
        assert task_of(desk.dealer, PRINT).element == "do_task"

        answer(desk, LAYOUT, **DONE)
        answer(desk, PRINT, **DONE)
        assert task_of(desk.dealer, PRINT).element == "check_result"

    def test_its_time_and_its_reminders_stay(self, desk: CampaignDesk) -> None:
        three_in_order(desk)

        task = task_of(desk.dealer, HANG)

        assert (task.due_at, task.assignee_id) == (moscow(3, 12), desk.dealer.people["colleague"])
        desk.dealer.wait_until(moscow(3, 12))
        with desk.dealer.read() as session:
            reminded = select(HistoryEvent).where(
                HistoryEvent.kind == EventKind.REMINDED.value, HistoryEvent.instance_id == task.instance_id
            )
            assert len(session.scalars(reminded).all()) == 2

    def test_more_time_may_be_asked_for_while_it_waits(self, desk: CampaignDesk) -> None:
        three_in_order(desk)

        answer(desk, HANG, outcome="more_time", reason="The layout is late", new_time="2026-03-09T12:00")

        assert task_of(desk.dealer, HANG).due_at == moscow(9, 12)

    def test_what_is_taken_back_is_waited_for_no_more(self, desk: CampaignDesk) -> None:
        three_in_order(desk)
        take_back(desk, LAYOUT)

        answer(desk, PRINT, **DONE)

    def test_sent_back_it_is_waited_for_again(self, desk: CampaignDesk) -> None:
        plan(desk, (LAYOUT, moscow(3, 12), None), (PRINT, moscow(4, 12), 1))
        answer(desk, LAYOUT, **DONE)
        desk.do("check_result", outcome="again", comment="The logo is missing", new_time="2026-03-06T12:00")

        with pytest.raises(BusinessError) as refused:
            answer(desk, PRINT, **DONE)

        assert refused.value.code == "task_waits"


class TestOrder:
    def test_the_plan_stands_in_the_order_of_the_work(self, desk: CampaignDesk) -> None:
        three_in_order(desk)
        assert [(row.title, row.after, row.waits) for row in work(desk)] == [
            (LAYOUT, "", False),
            (PRINT, LAYOUT, True),
            (HANG, PRINT, True),
        ]

        answer(desk, LAYOUT, **DONE)

        assert [(row.title, row.waits) for row in work(desk)] == [(LAYOUT, False), (PRINT, False), (HANG, True)]

    @pytest.mark.parametrize(
        ("after", "wrong"),
        [
            ((1, None), {"tasks.0.after": "row_itself"}),
            ((2, 1), {"tasks.0.after": "row_circle", "tasks.1.after": "row_circle"}),
            ((None, 3), {"tasks.1.after": "row_unknown"}),
            ((None, 0.5), {"tasks.1.after": "too_precise"}),
        ],
    )
    def test_an_order_that_is_none_is_refused_at_its_field(
        self, desk: CampaignDesk, after: tuple[int | None, ...], wrong: dict[str, str]
    ) -> None:
        with pytest.raises(FormInvalid) as refused:
            plan(desk, *((f"Task {at}", moscow(3, 12), each) for at, each in enumerate(after)))

        assert refused.value.errors == wrong


class TestPages:
    @pytest.fixture
    def desk(self, dealer: Dealer) -> CampaignDesk:
        opened = CampaignDesk(dealer)
        publish_errand(dealer)
        opened.customer("Ada")
        opened.prepare()
        opened.approve()
        with dealer.read() as session:
            dealer.people["marketer"] = session.get_one(User, opened.marketer).id
        return opened

    def test_the_day_and_the_case_tell_what_a_task_waits_for(self, desk: CampaignDesk) -> None:
        three_in_order(desk)
        colleague = reader(desk.dealer, "colleague")

        day = unescape(colleague.get("/diary/").text)
        assert day.count(f"Waits for “{LAYOUT}”") == 1
        assert day.count(f"Waits for “{PRINT}”") == 1
        task = task_of(desk.dealer, PRINT)
        case = unescape(colleague.get(f"/cases/{task.instance_id}").text)
        assert f"Waits for “{LAYOUT}”" in case
        answered = colleague.post(
            f"/tasks/{task.id}/complete", data={**DONE, "command_key": "k"}, follow_redirects=True
        )
        assert answered.status_code == 422
        assert f"This task follows “{LAYOUT}”, and that one is not done yet." in unescape(answered.text)
        assert "It is there" in answered.text

        answer(desk, LAYOUT, **DONE)

        assert f"Waits for “{LAYOUT}”" not in unescape(colleague.get("/diary/").text)

    def test_the_campaign_shows_the_order(self, desk: CampaignDesk) -> None:
        three_in_order(desk)

        page = unescape(reader(desk.dealer, "marketer").get(f"/campaigns/{desk.campaign().id}").text)

        rows = [re.sub(r"<[^>]+>", " ", each) for each in page.split('data-test="work-row"')[1:]]
        assert [LAYOUT in rows[0], PRINT in rows[1], HANG in rows[2]] == [True] * 3
        assert [f"after: {LAYOUT}" in rows[1], f"after: {PRINT}" in rows[2]] == [True] * 2
        assert ["waits for its turn" in row for row in rows] == [False, True, True]

    def test_the_form_numbers_its_rows_and_refuses_a_circle_where_it_stands(self, desk: CampaignDesk) -> None:
        with desk.dealer.read() as session:
            task = session.scalars(select(HumanTask).where(HumanTask.element == "plan_work")).one()
        marketer = reader(desk.dealer, "marketer")
        person = str(desk.dealer.people["colleague"])
        typed = {"send_at": "2026-03-05T12:00", "command_key": "k"}
        for at, after in ((0, "2"), (1, "1")):
            typed |= {f"tasks.{at}.title": f"Task {at}", f"tasks.{at}.person": person}
            typed |= {f"tasks.{at}.until": "2026-03-04T12:00", f"tasks.{at}.after": after}

        answered = marketer.post(f"/tasks/{task.id}/complete", data=typed)

        assert answered.status_code == 422
        page = unescape(answered.text)
        for at in (0, 1):
            below = page.split(f'data-test="error-tasks.{at}.after"')[1].split("</p>")[0]
            assert "These rows wait for each other in a circle" in below
        assert re.search(r'class="row-number[^>]*data-row-number>2<', page)
