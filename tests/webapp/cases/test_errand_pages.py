"""A task given on the pages: from the menu to the colleague's day and back, in both languages."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.human_tasks.models import TaskDraft
from tests.dealer import Dealer, moscow
from tests.webapp.cases.errand_desk import ErrandDesk, publish_errand
from webapp.staff.models import PermissionOverride, User

Visitor = Callable[..., FlaskClient]
START_PAGE = "/cases/start?process=errand"
SUBJECT = "Забрать ключи от Aurelia"
WORDS = {
    "ru": (
        "Поручение",
        "Что нужно сделать?",
        "Дать поручение",
        "Кто выполнит?",
        "Выполнить поручение",
        "Принять результат",
        "Принят",
    ),
    "en": (
        "Task",
        "What is to be done?",
        "Hand out the task",
        "Who does it?",
        "Do the task",
        "Accept the result",
        "Accepted",
    ),
}


@pytest.fixture
def visit(dealer: Dealer) -> Visitor:
    """The browser of one of the dealer's people."""
    publish_errand(dealer)

    def visit(person: str, language: str = "ru") -> FlaskClient:
        client = dealer.app.test_client()
        with dealer.read() as session:
            user = session.get_one(User, dealer.people[person]).fs_uniquifier
        with client.session_transaction() as opened:
            opened["_user_id"], opened["_fresh"] = user, True
        client.post("/preferences", data={"language": language})
        return client

    return visit


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def give(client: FlaskClient, dealer: Dealer, to: str) -> None:
    client.post(START_PAGE, data={"process": "errand", "subject": SUBJECT})
    typed = {"person": str(dealer.people[to]), "until": "2026-03-03T12:00", "details": "Ключи в сейфе"}
    client.post(f"/tasks/{dealer.task().id}/complete", data=typed)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_seller_gives_a_task_from_the_menu_and_the_colleague_finds_it(
    dealer: Dealer, visit: Visitor, language: str
) -> None:
    name, asked, given, who, to_do, to_check, accepted = WORDS[language]
    seller = visit("seller", language)
    menu = re.search(r'id="new-menu".*?</details>', seller.get("/diary/").text, re.DOTALL)
    assert menu
    assert f'href="{START_PAGE}"' in menu.group(0)
    assert name in words_of(menu.group(0)).split()
    page = seller.get(START_PAGE).text
    assert f">{name}</h1>" in page
    assert asked in words_of(page)

    step = seller.post(START_PAGE, data={"process": "errand", "subject": SUBJECT}, follow_redirects=True).text
    assert [text for text in (given, who, SUBJECT) if text not in words_of(step)] == []
    chosen = re.search(r"<option[^>]*selected[^>]*>([^<]*)", step)
    assert chosen
    assert chosen.group(1) == "Alina Lebedeva"  # oneself, until somebody else is chosen

    typed = {"person": str(dealer.people["cashier"]), "until": "2026-03-03T12:00", "details": "Ключи в сейфе"}
    seller.post(f"/tasks/{dealer.task().id}/complete", data=typed)
    task = dealer.task()
    assert (task.assignee_id, task.due_at) == (dealer.people["cashier"], moscow(3, 12))

    cashier = visit("cashier", language)
    day = words_of(cashier.get("/diary/").text)
    assert f"{to_do}: {SUBJECT}" in day
    assert "Ключи в сейфе" in day
    assert SUBJECT in words_of(cashier.get(f"/cases/{task.instance_id}").text)
    cashier.post(f"/tasks/{task.id}/complete", data={"outcome": "done", "result": "Ключи у меня"})

    assert f"{to_check}: {SUBJECT}" in words_of(seller.get("/diary/").text)
    check = words_of(seller.get(f"/cases/{task.instance_id}").text)
    assert "Ключи у меня" in check
    assert accepted in check
    seller.post(f"/tasks/{dealer.task().id}/complete", data={"outcome": "accepted"})
    assert dealer.outcome() == "won"


def test_the_colleague_is_told_who_asks(dealer: Dealer, visit: Visitor) -> None:
    give(visit("seller"), dealer, "cashier")

    page = words_of(visit("cashier").get(f"/cases/{dealer.task().instance_id}").text)

    assert "Alina Lebedeva" in page


def test_a_refused_start_keeps_to_the_one_process(visit: Visitor) -> None:
    answer = visit("seller").post(START_PAGE, data={"process": "errand", "subject": " "})

    assert answer.status_code == 422
    assert ">Поручение</h1>" in answer.text
    assert '<input type="hidden" name="process" value="errand">' in answer.text


def test_a_task_needs_a_person_and_a_time(dealer: Dealer, visit: Visitor) -> None:
    seller = visit("seller")
    seller.post(START_PAGE, data={"process": "errand", "subject": SUBJECT})

    answer = seller.post(f"/tasks/{dealer.task().id}/complete", data={"person": "", "until": "", "details": "Сейф"})

    assert answer.status_code == 422
    assert [each for each in ("error-person", "error-until", "Сейф") if each not in answer.text] == []
    assert dealer.task().element == "give_task"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("1900-01-01T00:00", "«Срок»: этот день уже прошёл. Выберите сегодняшний или более поздний."),
        ("2199-12-31T23:59", "больше чем на десять лет"),
    ],
)
def test_a_time_that_has_passed_or_nobody_lives_to_see_is_refused_above_what_was_typed(
    dealer: Dealer, visit: Visitor, until: str, said: str
) -> None:
    seller = visit("seller")
    seller.post(START_PAGE, data={"process": "errand", "subject": SUBJECT})
    typed = {"person": str(dealer.people["cashier"]), "until": until, "details": "Ключи в сейфе"}

    answer = seller.post(f"/tasks/{dealer.task().id}/complete", data=typed)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'min="2026-03-02T00:00"' in answer.text
    assert [each for each in ("Ключи в сейфе", until) if each not in answer.text] == []
    assert dealer.task().element == "give_task"


def test_what_is_typed_on_a_step_that_is_done_is_not_kept(dealer: Dealer, visit: Visitor) -> None:
    seller = visit("seller")
    seller.post(START_PAGE, data={"process": "errand", "subject": SUBJECT})
    task = dealer.task()
    typed = {"person": str(dealer.people["cashier"]), "until": "2026-03-03T12:00"}
    seller.post(f"/tasks/{task.id}/complete", data=typed)

    late = seller.post(f"/tasks/{task.id}/draft", data={"details": "Ключи в сейфе"})

    assert late.status_code == 409
    with dealer.read() as session:
        assert session.scalars(select(TaskDraft)).all() == []


def test_who_may_not_start_anything_is_neither_shown_nor_let_through(dealer: Dealer, visit: Visitor) -> None:
    with dealer.write() as session:
        user = session.get_one(User, dealer.people["seller"])
        user.overrides.append(PermissionOverride(permission="cases.add", scope=None))
    seller = visit("seller")

    assert START_PAGE not in seller.get("/diary/").text
    assert seller.get(START_PAGE).status_code == 403
    assert seller.post(START_PAGE, data={"process": "errand", "subject": SUBJECT}).status_code == 403
    assert dealer.cases() == []


def test_a_third_person_can_neither_do_nor_accept_it(dealer: Dealer, visit: Visitor) -> None:
    give(visit("seller"), dealer, "cashier")
    task = dealer.task()

    visit("colleague").post(f"/tasks/{task.id}/complete", data={"outcome": "done", "result": "x"})

    assert dealer.task().id == task.id
    assert visit("colleague").get(f"/cases/{task.instance_id}").status_code == 404


def test_who_does_it_cannot_make_it_his_own_and_so_accept_it_himself(dealer: Dealer, visit: Visitor) -> None:
    give(visit("seller"), dealer, "cashier")
    task, cashier = dealer.task(), visit("cashier")
    whole_case = {"to": str(dealer.people["colleague"]), "with_case": "true"}

    refused = cashier.post(f"/tasks/{task.id}/delegate", data=whole_case)

    assert (refused.status_code, "ведёт коллега" in refused.text) == (403, True)
    assert (dealer.cases()[0].owner_id, dealer.task().assignee_id) == (
        dealer.people["seller"],
        dealer.people["cashier"],
    )
    assert 'name="with_case"' not in cashier.get(f"/cases/{task.instance_id}").text

    cashier.post(f"/tasks/{task.id}/delegate", data={"to": whole_case["to"]})

    assert (dealer.cases()[0].owner_id, dealer.task().assignee_id) == (
        dealer.people["seller"],
        dealer.people["colleague"],
    )


def test_who_gives_it_may_still_pass_the_whole_on(dealer: Dealer, visit: Visitor) -> None:
    seller = visit("seller")
    seller.post(START_PAGE, data={"process": "errand", "subject": SUBJECT})
    task = dealer.task()
    assert 'name="with_case"' in seller.get(f"/cases/{task.instance_id}").text

    seller.post(f"/tasks/{task.id}/delegate", data={"to": str(dealer.people["colleague"]), "with_case": "true"})

    assert dealer.cases()[0].owner_id == dealer.people["colleague"]


def test_everybody_with_a_diary_may_give_tasks(dealer: Dealer, visit: Visitor) -> None:
    for person in dealer.people:
        assert START_PAGE in visit(person).get("/diary/").text, person


def test_it_is_found_by_its_words(dealer: Dealer, visit: Visitor) -> None:
    ErrandDesk(dealer).give("cashier", "2026-03-03T12:00")

    assert "Fetch the keys" in visit("seller").get("/cases?q=fetch").text
