"""The page of steps: its figures, who sees which, the lists behind them, and what can be taken away."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.engine.world import end, flows, process, user_task
from tests.plans import asked_questions, plan_of, whole_readings
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.diary.conftest import centre, colleague, errands, head, seller
from tests.webapp.errands import ERRAND, Errands
from tests.webapp.staff.factories import NOW
from webapp.funnel.step_cli import follow_log
from webapp.staff.models import Centre, User

__all__ = ["centre", "colleague", "errands", "head", "seller"]

pytestmark = on_both_databases
TWO_STEPS = process(
    '<bpmn:startEvent id="begun"/>',
    *(user_task(step, "test/name", assignee="=begun.to", role="sales_manager") for step in ("call_back", "thank")),
    end("done", outcome="won"),
    flows("begun > call_back", "call_back > thank", "thank > done"),
    key="errand",
)
PAGE = "/funnel/steps?process=errand&period=all"
AT = "figure={figure}&at=call_back"


def publish(app: Flask, text: str) -> None:
    with app.app_context(), app.extensions["database"].write() as session:
        app.extensions["workflow"].deploy(session, {"errand.bpmn": text.encode()}, actor_id=None, now=NOW)


def count(app: Flask) -> None:
    with app.app_context():
        follow_log()
        follow_log()


@pytest.fixture
def counted(app: Flask, errands: Errands, seller: User, colleague: User, centre: Centre) -> None:
    """Four errands: two done after 2 and 4 hours (the second too late), one open and overdue, one a colleague's."""
    begun = NOW - timedelta(days=2)
    done = [errands.open(seller, centre=centre, now=begun, due=begun + timedelta(hours=3)) for _ in range(2)]
    errands.complete(done[0], seller, now=begun + timedelta(hours=2))
    errands.complete(done[1], seller, now=begun + timedelta(hours=4))
    errands.open(seller, centre=centre, now=begun, due=begun + timedelta(hours=1))
    errands.open(colleague, now=begun)
    count(app)


def row(page: str, step: str) -> list[str]:
    (found,) = re.findall(rf'data-test="step-{step}">(.*?)</tr>', page, re.DOTALL)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", each).split()).replace("&nbsp;", " ") for each in cells]


def test_a_step_is_counted(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    page = client.get(PAGE).text

    # entered, again, now with overdue; waiting; working; overdue, lost, skipped, moved, deviations
    cells = row(page, "call_back")
    assert cells[1:4] == ["4", "–", "2 1"]
    assert cells[4:6] == ["–", "–"]
    assert cells[6].startswith(("1.9", "2.0", "2.1"))
    assert cells[7].startswith(("3.9", "4.0", "4.1"))
    assert cells[8] == "50.0 %"
    assert cells[9:] == ["–", "–", "–", "–"]
    assert "2 cases, 1 way" in page.replace("&nbsp;", " ")


def test_the_page_begins_with_the_weakest_step(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("funnel.see", "cases.see")
    page = client.get(PAGE).text

    (said,) = re.findall(r'data-test="weakest">(.*?)</span>', page, re.DOTALL)
    (behind,) = re.findall(r'href="([^"]*)" data-test="weakest-ended"', said)
    words = " ".join(re.sub(r"<[^>]*>", "", said).replace("&nbsp;", " ").split())
    assert re.fullmatch(r"Cases stay longest at “.*”, one in ten for more than (3\.9|4\.\d) h\.", words)
    assert client.get(behind.replace("&amp;", "&")).status_code == 200


def test_columns_are_sorted(client: FlaskClient, app: Flask, errands: Errands, seller: User, log_in: LogIn) -> None:
    publish(app, TWO_STEPS)
    for _ in range(3):
        errands.complete(errands.open(seller), seller, now=NOW)
    count(app)
    log_in("funnel.see")

    def steps(order: str) -> list[str]:
        return re.findall(r'data-test="step-(\w+)"', client.get(f"{PAGE}&order={order}").text)

    drawn = steps("")
    assert set(drawn) == {"call_back", "thank"}
    assert steps("now") == ["thank", "call_back"]
    assert steps("-now") == ["call_back", "thank"]
    assert steps("nothing") == drawn
    assert 'aria-sort="descending"' in client.get(f"{PAGE}&order=now").text


def test_working_hours_leave_the_night_out(
    client: FlaskClient, app: Flask, errands: Errands, seller: User, log_in: LogIn
) -> None:
    evening = NOW.replace(hour=17)  # eight in Moscow: an hour until closing
    task = errands.open(seller, now=evening)
    errands.complete(task, seller, now=evening + timedelta(hours=14))  # ten in the morning
    count(app)
    log_in("funnel.see")

    assert row(client.get(PAGE).text, "call_back")[6].split()[0].startswith("1")
    hours = row(client.get(f"{PAGE}&hours=open").text, "call_back")[6]
    assert hours.startswith(("1.9", "2.0", "2.1"))


@pytest.mark.parametrize(("scope", "entered"), [("own", "3"), ("team", "3"), ("centre", "3"), ("group", "4")])
def test_everybody_sees_his_own_rows(
    client: FlaskClient,
    counted: None,
    log_in: LogIn,
    seller: User,
    scope: str,
    entered: str,
    session: Session,
    centre: Centre,
) -> None:
    if scope == "own":
        log_in(user=seller)
    else:
        user = log_in("funnel.see", scope=scope, centre=centre)
        if scope == "team":
            seller.head_id = user.id
            session.commit()

    page = client.get(PAGE).text

    assert row(page, "call_back")[1] == entered
    listed = client.get(f"/funnel/steps/cases?process=errand&period=all&{AT.format(figure='entered')}").text
    assert listed.count("data-row") == int(entered)


@pytest.mark.parametrize(
    ("figure", "cases"), [("entered", 4), ("now", 2), ("late_now", 1), ("overdue", 1), ("ended", 2), ("skipped", 0)]
)
def test_a_figure_opens_what_it_was_counted_from(
    client: FlaskClient, counted: None, log_in: LogIn, figure: str, cases: int
) -> None:
    log_in("funnel.see")

    listed = client.get(f"/funnel/steps/cases?process=errand&period=all&{AT.format(figure=figure)}").text

    assert listed.count("data-row") == cases


def test_a_way_opens_its_cases(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    (address,) = set(re.findall(r'href="(/funnel/steps/cases[^"]*figure=variant[^"]*)"', client.get(PAGE).text))

    assert client.get(address.replace("&amp;", "&")).text.count("data-row") == 2


def test_filters_narrow(client: FlaskClient, counted: None, log_in: LogIn, seller: User, centre: Centre) -> None:
    log_in("funnel.see")

    assert row(client.get(f"{PAGE}&person={seller.id}").text, "call_back")[1] == "3"
    assert row(client.get(f"{PAGE}&centre={centre.id}").text, "call_back")[1] == "3"
    assert row(client.get(f"{PAGE}&version=1").text, "call_back")[1] == "4"
    yesterday = (NOW - timedelta(days=1)).date()
    later = f"/funnel/steps?process=errand&period=own&from={yesterday}&to={yesterday}"
    assert row(client.get(later).text, "call_back")[1:4] == ["–", "–", row(client.get(PAGE).text, "call_back")[3]]


def test_the_export_says_what_the_page_says(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("funnel.see")

    lines = client.get(PAGE.replace("steps?", "steps/export?")).get_data(as_text=True).splitlines()
    heads, values = lines[0].lstrip("\ufeff").split(";"), lines[1].split(";")
    told = dict(zip(heads, values, strict=True))

    assert (told["Step id"], told["Entered"], told["Now"], told["Ended"]) == ("call_back", "4", "2", "2")
    assert told["Overdue"] == "50.0"
    assert float(told["Working: median, hours"]) == pytest.approx(2, rel=0.025)
    assert float(told["Working: 90 % within, hours"]) == pytest.approx(4, rel=0.025)
    workbook = client.get(PAGE.replace("steps?", "steps/export?") + "&format=xlsx")
    assert workbook.data[:2] == b"PK"


def test_what_is_not_counted_yet_is_told(
    client: FlaskClient, counted: None, errands: Errands, seller: User, log_in: LogIn
) -> None:
    log_in("funnel.see")
    assert 'data-test="behind"' not in client.get(PAGE).text

    errands.open(seller)

    assert 'data-test="behind"' in client.get(PAGE).text


def test_before_anything_is_counted_the_page_says_so(client: FlaskClient, errands: Errands, log_in: LogIn) -> None:
    log_in("funnel.see")
    page = client.get(PAGE).text

    assert "counted for the first time" in page
    assert 'data-test="empty"' in page


def test_a_russian_page_is_russian(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    page = client.get(PAGE, headers={"Accept-Language": "ru"}).text

    assert "Перезвонить" in page
    assert "Открытые шаги по возрасту" in page
    assert "Пути закрытых дел" in page


def test_an_unknown_process_and_odd_words_are_no_failure(client: FlaskClient, counted: None, log_in: LogIn) -> None:
    log_in("funnel.see")

    assert client.get("/funnel/steps?process=nothing").status_code == 404
    assert client.get(f"{PAGE}&version=99&curve=nothing&hours=x&figure=x&centre=abc&person=0").status_code == 200
    assert client.get("/funnel/steps/cases?process=errand&figure=variant&at=nothing").status_code == 200


def test_the_page_asks_a_fixed_number_of_questions(
    app: Flask, client: FlaskClient, counted: None, log_in: LogIn, errands: Errands, seller: User
) -> None:
    log_in("funnel.see")
    client.get(PAGE)
    engine = app.extensions["database"].engine
    with counted_statements(engine) as few:
        client.get(PAGE)
    for _ in range(5):
        errands.open(seller)
    count(app)
    with counted_statements(engine) as more:
        client.get(PAGE)

    assert len(more) == len(few)
    assert len(few) <= 26


def test_no_page_goes_through_all_that_ever_was(
    app: Flask, client: FlaskClient, counted: None, log_in: LogIn, seller: User
) -> None:
    log_in("funnel.see")
    engine = app.extensions["database"].engine
    growing = ("element_visit", "case_path", "element_digest", "history_event", "process_instance", "human_task")
    found = {}
    for address in (
        "/funnel/steps?process=errand",
        PAGE,
        f"{PAGE}&person={seller.id}",
        "/funnel/steps/cases?process=errand&figure=overdue&at=call_back",
        "/funnel/steps/cases?process=errand&figure=now&at=call_back",
    ):
        client.get(address)
        with asked_questions(engine) as questions:
            client.get(address)
        with engine.connect() as connection:
            found[address] = whole_readings([plan_of(connection, each) for each in questions], growing)

    assert {address: whole for address, whole in found.items() if whole} == {}


def test_a_step_that_the_version_has_no_more_keeps_its_name(
    client: FlaskClient, app: Flask, errands: Errands, counted: None, log_in: LogIn
) -> None:
    other = ERRAND.replace('"call_back"', '"ring"').replace("call_back", "ring")
    errands.act(
        lambda session, engine: engine.deploy(  # type: ignore[attr-defined]
            session, {"errand.bpmn": other.encode()}, actor_id=None, now=NOW
        )
    )
    log_in("funnel.see")

    page = client.get(PAGE, headers={"Accept-Language": "ru"}).text

    assert row(page, "call_back")[0].startswith("Перезвонить")
