"""The heat map: which element has which figure and shade, what it opens, and what stands beside it."""

import html
import re
from datetime import timedelta
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.engine.world import end, flows, process, user_task
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.funnel.step_cli import follow_log
from webapp.staff.models import Centre, User

BEGUN = NOW - timedelta(days=2)
PAGE = "/processes/errand/map"
RIGHTS = ("studio.see", "funnel.see", "cases.see")
TWO_STEPS = process(
    '<bpmn:startEvent id="begun"/>',
    *(user_task(step, "test/name", assignee="=begun.to", role="sales_manager") for step in ("ring", "thank")),
    end("done", outcome="won"),
    flows("begun > ring", "ring > thank", "thank > done"),
    key="errand",
)
WHOLE = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("ask", "test/name", assignee="=begun.to", role="sales_manager"),
    '<bpmn:callActivity id="inside"><bpmn:extensionElements><zeebe:calledElement processId="part"/>'
    "</bpmn:extensionElements></bpmn:callActivity>",
    end("done", outcome="won"),
    flows("begun > ask", "ask > inside", "inside > done"),
    key="whole",
)
PART = process(
    '<bpmn:startEvent id="part_begun"/>',
    user_task("first", "test/name", assignee="=null", role="sales_manager"),
    user_task("second", "test/name", assignee="=null", role="sales_manager"),
    '<bpmn:endEvent id="part_done"/>',
    flows("part_begun > first", "first > second", "second > part_done"),
    key="part",
)


def publish(app: Flask, **files: str) -> None:
    with app.app_context(), app.extensions["database"].write() as session:
        encoded = {f"{name}.bpmn": text.encode() for name, text in files.items()}
        app.extensions["workflow"].deploy(session, encoded, actor_id=None, now=NOW)


def count(app: Flask) -> None:
    with app.app_context():
        follow_log()
        follow_log()


@pytest.fixture
def counted(app: Flask, errands: Errands, seller: User, colleague: User, centre: Centre) -> None:
    """Four errands: two done after 2 and 4 hours (the second too late), one open and overdue, one a colleague's."""
    done = [errands.open(seller, centre=centre, now=BEGUN, due=BEGUN + timedelta(hours=3)) for _ in range(2)]
    errands.complete(done[0], seller, now=BEGUN + timedelta(hours=2))
    errands.complete(done[1], seller, now=BEGUN + timedelta(hours=4))
    errands.open(seller, centre=centre, now=BEGUN, due=BEGUN + timedelta(hours=1))
    errands.open(colleague, now=BEGUN)
    count(app)


def marks_of(page: str) -> list[dict[str, Any]]:
    """What each drawing is marked with."""
    return [orjson.loads(html.unescape(each)) for each in re.findall(r'data-marked="([^"]*)"', page)]


def badges(page: str, number: int = 0) -> dict[str, str]:
    return {each["element"]: each["text"] for each in marks_of(page)[number]["tokens"]}


@on_both_databases
@pytest.mark.parametrize(
    ("measure", "badge", "cases"),
    [("now", "2", 2), ("entered", "4", 4), ("overdue", "50\u00a0%", 1), ("working90", r"(3\.9|4\.\d)\u00a0h", 2)],
)
def test_a_figure_colours_its_step_and_opens_its_cases(
    client: FlaskClient, counted: None, log_in: LogIn, measure: str, badge: str, cases: int
) -> None:
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?by={measure}").text
    (marks,) = marks_of(page)
    (token,) = marks["tokens"]

    assert marks["heat"] == {"call_back": 5}
    assert token["element"] == "call_back"
    assert re.fullmatch(badge, token["text"])
    assert client.get(token["href"]).text.count("data-row") == cases
    assert 'data-test="line-call_back"' in page
    assert 'data-test="legend"' in page


@pytest.mark.parametrize("measure", ["waiting90", "waiting", "again", "dropped", "skipped", "by_hand", "migrated"])
def test_what_nobody_has_colours_nothing(client: FlaskClient, counted: None, log_in: LogIn, measure: str) -> None:
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?by={measure}").text

    assert badges(page) == {}
    assert set(marks_of(page)[0]["heat"].values()) <= {0}
    assert 'data-test="empty"' in page
    assert 'data-test="legend"' not in page


def test_filters_narrow(client: FlaskClient, counted: None, log_in: LogIn, seller: User, centre: Centre) -> None:
    log_in(*RIGHTS)
    entered = f"{PAGE}?by=entered"

    assert badges(client.get(f"{entered}&person={seller.id}").text) == {"call_back": "3"}
    assert badges(client.get(f"{entered}&centre={centre.id}").text) == {"call_back": "3"}
    day = (NOW - timedelta(days=1)).date()
    assert badges(client.get(f"{entered}&period=own&from={day}&to={day}").text) == {}
    assert badges(client.get(f"{PAGE}?period=own&from={day}&to={day}").text) == {"call_back": "2"}  # now is now


def test_working_hours_leave_the_night_out(
    client: FlaskClient, app: Flask, errands: Errands, seller: User, log_in: LogIn
) -> None:
    evening = (NOW - timedelta(days=1)).replace(hour=17)  # eight in Moscow: an hour until closing
    errands.complete(errands.open(seller, now=evening), seller, now=evening + timedelta(hours=14))
    count(app)
    log_in(*RIGHTS)

    assert badges(client.get(f"{PAGE}?by=working").text)["call_back"].startswith(("13", "14"))
    assert badges(client.get(f"{PAGE}?by=working&hours=open").text)["call_back"].startswith(("1.9", "2.0", "2.1"))


def test_two_people_stand_side_by_side_on_one_scale(
    client: FlaskClient, counted: None, log_in: LogIn, seller: User, colleague: User
) -> None:
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?by=entered&person={seller.id}&beside={colleague.id}").text

    assert [badges(page, number) for number in (0, 1)] == [{"call_back": "3"}, {"call_back": "1"}]
    assert [marks["heat"]["call_back"] for marks in marks_of(page)] == [5, 4]
    assert [html.unescape(each) for each in re.findall(r'id="h-side-\d">([^<]*)<', page)] == [
        seller.name,
        colleague.name,
    ]
    opened = [marks["tokens"][0]["href"] for marks in marks_of(page)]
    assert [client.get(address).text.count("data-row") for address in opened] == [3, 1]


def test_two_periods_stand_side_by_side(
    client: FlaskClient, app: Flask, counted: None, errands: Errands, seller: User, log_in: LogIn
) -> None:
    errands.open(seller, now=NOW - timedelta(days=40))
    errands.open(seller, now=NOW - timedelta(days=365))
    count(app)
    log_in(*RIGHTS)
    entered = f"{PAGE}?by=entered"

    for beside, expected in (("before", "1"), ("year", "1")):
        page = client.get(f"{entered}&beside={beside}").text
        assert [badges(page, number) for number in (0, 1)] == [{"call_back": "4"}, {"call_back": expected}]
    first, last = ((NOW - timedelta(days=days)).date() for days in (400, 35))
    typed = client.get(f"{entered}&beside=own&from2={first}&to2={last}").text
    assert badges(typed, 1) == {"call_back": "2"}
    (behind,) = [each["href"] for each in marks_of(typed)[1]["tokens"]]
    assert client.get(behind).text.count("data-row") == 2


def test_the_headline_is_of_the_main_side(
    client: FlaskClient, app: Flask, errands: Errands, seller: User, log_in: LogIn
) -> None:
    for opened, late in ((NOW - timedelta(days=40), True), (BEGUN, False)):
        task = errands.open(seller, now=opened, due=opened + timedelta(hours=1))
        errands.complete(task, seller, now=opened + timedelta(hours=2 if late else 0.5))
    count(app)
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?by=overdue&beside=before").text

    assert [badges(page, number) for number in (0, 1)] == [{}, {"call_back": "100\u00a0%"}]
    assert "most at" not in page  # the hot step is of the other period
    assert "0 of 1" in page
    assert "1 of 1" in page
    (other,) = marks_of(page)[1]["tokens"]
    assert other["label"].endswith("1 of 1")
    assert "most at" in client.get(f"{PAGE}?by=entered&beside=before").text


def test_a_quantile_says_what_it_means_and_how_many_it_is_of(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?by=working90").text

    assert "Nine of ten were in work at most so long." in page
    assert "2 entries" in page
    assert 'data-test="meaning"' not in client.get(PAGE).text


def test_only_those_who_had_a_step_can_be_chosen(
    client: FlaskClient, counted: None, log_in: LogIn, seller: User, colleague: User
) -> None:
    reader = log_in(*RIGHTS)
    page = client.get(PAGE).text

    offered = {int(each) for each in re.findall(r"person=(\d+)", page)}
    assert offered == {seller.id, colleague.id}
    assert reader is None or f"person={reader.id}" not in page


def test_cases_that_stand_lead_back_and_the_oldest_is_first(
    client: FlaskClient, app: Flask, errands: Errands, seller: User, log_in: LogIn
) -> None:
    for hours in (1, 70, 30):
        errands.open(seller, now=NOW - timedelta(hours=hours), due=NOW - timedelta(hours=hours - 5))
    count(app)
    log_in(*RIGHTS)
    (token,) = marks_of(client.get(f"{PAGE}?person={seller.id}").text)[0]["tokens"]
    listed = client.get(token["href"]).text

    here = [each.replace("\u00a0", " ") for each in re.findall(r'data-test="here-for">([^<]*)<', listed)]
    assert here == ["2 days 22 h", "1 day 6 h", "1 h"]
    (back,) = re.findall(r'href="([^"]*)" data-test="to-map"', listed)
    assert badges(client.get(html.unescape(back)).text) == {"call_back": "3"}
    assert f"person={seller.id}" in back


def test_what_is_now_is_of_no_period(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?beside=before").text

    assert len(marks_of(page)) == 1
    assert 'data-test="chip-period"' not in page


def test_versions_are_drawn_together_on_the_newest(
    client: FlaskClient, app: Flask, counted: None, errands: Errands, seller: User, log_in: LogIn
) -> None:
    publish(app, errand=TWO_STEPS)
    task = errands.open(seller)
    errands.complete(task, seller, now=NOW)
    count(app)
    log_in(*RIGHTS)

    together = client.get(f"{PAGE}?by=entered").text
    assert badges(together) == {"ring": "1", "thank": "1"}  # call_back is not in this drawing
    assert re.search(r'line-call_back"[^\n]*not in this version', together)
    assert badges(client.get(f"{PAGE}?by=entered&version=1").text) == {"call_back": "4"}
    newest = client.get(f"{PAGE}?by=entered&version=2").text
    assert badges(newest) == {"ring": "1", "thank": "1"}
    assert 'data-test="line-call_back"' not in newest


def test_steps_without_cases_are_named(
    client: FlaskClient, app: Flask, errands: Errands, seller: User, log_in: LogIn
) -> None:
    publish(app, errand=TWO_STEPS)
    errands.open(seller)
    count(app)
    log_in(*RIGHTS)

    page = client.get(PAGE).text
    (quiet,) = re.findall(r'data-test="quiet".*?</details>', page, re.DOTALL)
    assert "thank" in quiet
    assert "ring" not in quiet


@pytest.fixture
def calling(app: Flask, errands: Errands, seller: User) -> None:
    """Two cases that are inside the called process: one at its first step, one at its second."""
    publish(app, part=PART, whole=WHOLE)
    for steps in (1, 2):
        task = errands.open(seller, key="whole", now=BEGUN)
        for _ in range(steps):
            errands.complete(task, seller, now=NOW)
            task = next(each for each in errands.open_tasks() if each.instance_id == task.instance_id)
    count(app)


def test_a_call_has_the_figures_of_its_steps_and_opens_their_map(
    client: FlaskClient, calling: None, log_in: LogIn
) -> None:
    log_in(*RIGHTS)
    page = client.get("/processes/whole/map").text
    assert badges(page) == {"inside": "2"}  # one at each of its steps
    entered = client.get("/processes/whole/map?by=entered").text
    assert badges(entered) == {"ask": "2", "inside": "2"}  # two came to its first step, one to its second

    (opened,) = [each["href"] for each in marks_of(page)[0]["tokens"]]
    part = client.get(opened).text
    assert badges(part) == {"first": "1", "second": "1"}
    (drawing,) = re.findall(r'data-xml="([^"]*)"', part)
    assert "part_begun" in client.get(html.unescape(drawing)).text
    assert 'data-test="line-ask"' not in part


def test_a_called_process_tells_who_calls_it(client: FlaskClient, calling: None, log_in: LogIn) -> None:
    log_in(*RIGHTS)
    page = client.get("/processes/part/map").text

    assert badges(page) == {}
    (caller,) = re.findall(r'href="([^"]*)" data-test="caller-whole"', page)
    assert badges(client.get(html.unescape(caller)).text) == {"first": "1", "second": "1"}


def test_without_the_right_to_cases_figures_open_nothing(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("studio.see")
    page = client.get(PAGE).text

    assert badges(page) == {"call_back": "2"}
    assert marks_of(page)[0]["tokens"][0]["href"] is None
    assert "/funnel/steps" not in page


def test_the_map_is_for_the_whole_group(
    client: FlaskClient, counted: None, log_in: LogIn, centre: Centre, session: Session
) -> None:
    log_in("studio.see", scope="centre", centre=centre)

    assert client.get(PAGE).status_code == 403


def test_odd_words_are_no_failure(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in(*RIGHTS)
    odd = f"{PAGE}?by=x&version=99&period=x&centre=abc&person=0&beside=-1&hours=x&from2=x"

    assert client.get(odd).status_code == 200
    assert client.get(f"{PAGE}?by=entered&beside=own").status_code == 200
    assert client.get(f"{PAGE}?by=entered&beside=before&period=all").status_code == 200
    assert client.get(f"{PAGE}?part=nothing").status_code == 404
    assert client.get("/processes/nothing/map").status_code == 404


def test_a_russian_page_is_russian(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in(*RIGHTS)
    page = client.get(f"{PAGE}?by=working90", headers={"Accept-Language": "ru"}).text

    assert "Тепловая карта процесса" in page
    assert "Перезвонить" in page
    assert badges(page)["call_back"].endswith("ч")


def test_the_page_asks_a_fixed_number_of_questions(
    app: Flask, client: FlaskClient, counted: None, log_in: LogIn, errands: Errands, seller: User
) -> None:
    log_in(*RIGHTS)
    engine = app.extensions["database"].engine

    def asked(address: str) -> int:
        client.get(address)
        with counted_statements(engine) as statements:
            client.get(address)
        return len(statements)

    one, two = f"{PAGE}?by=entered", f"{PAGE}?by=entered&beside=before"
    few = asked(one), asked(two)
    for _ in range(5):
        errands.open(seller)
    count(app)

    assert (asked(one), asked(two)) == few
    assert few[0] <= 24
    assert few[1] <= 33


def test_processes_and_versions_lead_to_the_map(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in(*RIGHTS)

    for page in ("/processes?show=errand", "/processes/errand/versions"):
        assert f'href="{PAGE}"' in client.get(page).text
