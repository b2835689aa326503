"""The case page: the step with its prompt and form, and everything that can be done on it."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User


def token(page: str, field: str = "command_key") -> str:
    found = re.search(rf'name="{field}" value="([^"]+)"', page)
    assert found
    return found[1]


class TestTheStep:
    def test_shows_prompt_and_form_in_the_readers_language(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        page = client.get(f"/cases/{task.instance_id}", headers={"Accept-Language": "ru"})

        assert "Сначала спросите." in page.text
        assert "Перезвонить" in page.text
        assert 'name="name"' in page.text

    def test_completing_it_closes_the_case(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        page = client.post(f"/tasks/{task.id}/complete", data={"name": "Anna"}, follow_redirects=True)

        assert "This case is closed" in page.text
        assert errands.open_tasks() == []

    def test_submitting_the_same_page_twice_is_doing_it_once(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        key = token(client.get(f"/cases/{task.instance_id}").text)
        data = {"name": "Anna", "command_key": key}

        first = client.post(f"/tasks/{task.id}/complete", data=data)
        second = client.post(f"/tasks/{task.id}/complete", data=data)

        assert (first.status_code, second.status_code) == (302, 302)

    def test_a_second_person_learns_that_it_is_done(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, head: User
    ) -> None:
        task = errands.open(seller)
        errands.complete(task, head, now=NOW)
        log_in(user=seller)

        answer = client.post(f"/tasks/{task.id}/complete", data={"name": "Anna"})

        assert (answer.status_code, "already completed" in answer.text) == (409, True)

    def test_a_refused_form_knows_the_address_of_its_case(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        answer = client.post(f"/tasks/{task.id}/complete", data={"name": ""})

        assert f'data-address="/cases/{task.instance_id}?task={task.id}"' in answer.text

    def test_the_address_of_a_refused_form_leads_to_its_case_when_it_is_opened_again(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        again = client.get(f"/tasks/{task.id}/complete")
        offer = client.get(f"/tasks/{task.id}/offers/refused")

        assert again.location == offer.location == f"/cases/{task.instance_id}?task={task.id}"
        assert client.get(again.location).status_code == 200

    def test_a_refused_form_comes_back_with_what_was_typed(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        refused = client.post(f"/tasks/{task.id}/complete", data={"name": "", "surplus": "x"})
        again = client.get(f"/cases/{task.instance_id}")

        assert (refused.status_code, "Please fill this in." in refused.text) == (422, True)
        assert "what you typed is kept" in again.text

    def test_the_same_key_on_another_step_is_another_command(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        first, second = errands.open(seller), errands.open(seller)
        log_in(user=seller)

        answers = [
            client.post(f"/tasks/{task.id}/complete", data={"name": "Anna", "command_key": "twice"}).status_code
            for task in (first, first, second)
        ]

        assert answers == [302, 302, 302]
        assert "already completed" in client.post(f"/tasks/{second.id}/complete", data={"name": "Anna"}).text

    def test_a_draft_is_kept_for_its_author(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        client.post(f"/tasks/{task.id}/draft", data={"name": "half a na"})

        assert 'value="half a na"' in client.get(f"/cases/{task.instance_id}").text

    def test_somebody_elses_step_can_be_read_but_not_done(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, centre: Centre
    ) -> None:
        task = errands.open(seller, centre=centre)
        log_in("cases.see", "cases.change", scope="group")

        page = client.get(f"/cases/{task.instance_id}")
        answer = client.post(f"/tasks/{task.id}/complete", data={"name": "Anna"})

        assert ('data-test="not-mine"' in page.text, answer.status_code) == (True, 403)

    def test_a_step_that_nobody_took_names_the_role_that_can(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, centre: Centre
    ) -> None:
        task = errands.open(None, centre=centre)
        log_in("cases.see", scope="group")

        page = client.get(f"/cases/{task.instance_id}")

        assert "Everybody with the role “Salesperson” can." in page.text


class TestTheDrawing:
    def test_a_process_without_a_picture_says_so(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        page = client.get(f"/cases/{task.instance_id}?view=diagram").text

        assert "This process has no picture" in page
        assert 'data-island="diagram"' not in page


class TestActs:
    def test_postpones_until_a_day(self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        day = (NOW + timedelta(days=5)).date()

        client.post(f"/tasks/{task.id}/postpone", data={"until": day.isoformat(), "at": "09:00", "reason": "thinking"})

        sleeping = errands.task(task.id).sleeps_until
        assert sleeping is not None
        assert sleeping.date() == day

    def test_a_postponed_task_is_taken_back_by_the_button_of_the_message(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        day = (NOW + timedelta(days=5)).date()

        said = client.post(
            f"/tasks/{task.id}/postpone",
            data={"until": day.isoformat(), "at": "09:00", "reason": "thinking"},
            follow_redirects=True,
        ).text
        client.post("/tasks/recall", data={"task": task.id})

        assert 'action="/tasks/recall"' in said
        assert f'name="task" value="{task.id}"' in said
        assert (errands.task(task.id).sleeps_until, errands.task(task.id).due_at) == (None, task.due_at)

    def test_refuses_to_postpone_into_the_past_or_beyond_a_year(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        answers = [
            client.post(
                f"/tasks/{task.id}/postpone", data={"until": (NOW + by).date().isoformat(), "reason": "thinking"}
            ).status_code
            for by in (timedelta(days=-2), timedelta(days=400))
        ]

        assert answers == [422, 422]

    def test_hands_over_with_the_case(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        client.post(f"/tasks/{task.id}/delegate", data={"to": str(colleague.id), "with_case": "true"})

        assert errands.task(task.id).assignee_id == colleague.id

    def test_marks_a_step_as_not_needed_with_a_reason(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        page = client.post(f"/tasks/{task.id}/skip", data={"reason": "he called himself"}, follow_redirects=True)

        assert "he called himself" in page.text

    def test_notes_a_contact_and_a_comment(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        contact = {"channel": "call", "direction": "in", "result": "asks for the colour grey"}

        noted = client.post(f"/cases/{task.instance_id}/contacts", data=contact, follow_redirects=True)
        commented = client.post(
            f"/cases/{task.instance_id}/comments", data={"text": "careful, <b>late</b>"}, follow_redirects=True
        )

        assert "asks for the colour grey" in noted.text
        assert "careful, &lt;b&gt;late&lt;/b&gt;" in commented.text

    def test_does_not_leave_the_application_on_the_way_back(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        answers = [
            client.post(f"/tasks/{task.id}/claim", data={"back": back}).location
            for back in ("https://example.com/", "//example.com", "/\\example.com", "/cases")
        ]

        assert answers == ["/", "/", "/", "/cases"]


class TestTheDiagram:
    def test_marks_where_the_case_is(self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        marks = client.get(f"/cases/{task.instance_id}/marks").json

        assert marks == {"done": ["begun"], "here": ["call_back"]}

    def test_speaks_the_readers_language(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)

        drawing = client.get(f"/cases/{task.instance_id}/drawing", headers={"Accept-Language": "ru"})

        assert 'name="Перезвонить"' in drawing.text


class TestStatements:
    def test_the_page_asks_few_questions(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        log_in(user=seller)
        client.get(f"/cases/{task.instance_id}")

        with counted_statements(errands.database.engine) as statements:
            client.get(f"/cases/{task.instance_id}")

        assert len(statements) <= 16, "\n".join(statements)

    def test_the_list_does_not_ask_for_each_row(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        for _ in range(3):
            errands.open(seller)
        log_in(user=seller)
        client.get("/cases")
        with counted_statements(errands.database.engine) as few:
            client.get("/cases")
        for _ in range(20):
            errands.open(seller)
        with counted_statements(errands.database.engine) as many:
            page = client.get("/cases")

        assert len(many) == len(few) <= 18, "\n".join(many)
        assert page.text.count("data-row") == 23
