"""Pages of the customers: list, card, forms; who may open them; what hostile text does to them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import make_customer, make_interaction
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.customers.models import Customer, Interaction, StopListEntry

ALL = ("customers.see", "customers.add", "customers.change")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
FORM = {"kind": "person", "last_name": "Ilina", "first_name": "Rosa", "phones": ["8 900 000-41-17", ""]}


class TestList:
    def test_shows_customers_and_keeps_the_filter_on_the_way_to_the_card(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        customer = make_customer(session)
        log_in("customers.see")

        page = client.get("/customers?q=белова")

        assert "Belova Marina" in page.text
        assert f'href="/customers/{customer.id}?q=' in page.text

    @pytest.mark.parametrize(("scope", "seen"), [("own", "Mine"), ("centre", "Mine Near"), ("group", "Mine Near Far")])
    def test_shows_only_rows_in_reach(
        self, client: FlaskClient, session: Session, log_in: LogIn, scope: str, seen: str
    ) -> None:
        north, south = make_centre(session), make_centre(session)
        me = log_in("customers.see", scope=scope, centre=north)
        for name, owner, centre in (("Mine", me.id, south.id), ("Near", None, north.id), ("Far", None, south.id)):
            make_customer(session, last_name=name, first_name="", owner_id=owner, centre_id=centre)
        session.commit()

        page = client.get("/customers").text

        assert [name for name in ("Mine", "Near", "Far") if f">{name}</a>" in page] == seen.split()

    def test_nothing_found_says_how_to_go_on(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("customers.see")

        assert 'data-test="empty"' in client.get("/customers?q=zzz").text

    def test_costs_the_same_for_many_rows(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in("customers.see")
        counts = []
        for _ in range(2):
            for _ in range(20):
                make_interaction(session, make_customer(session))
            session.commit()
            with counted_statements(app.extensions["database"].engine) as statements:
                client.get("/customers")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 15


class TestCard:
    def test_shows_facts_and_chronicle(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        customer = make_customer(
            session, phones=["8 812 645-17-15 доб. 12"], emails=["m@example.com"], note="Call late"
        )
        make_interaction(session, customer, comment="White seats", next_at=NOW)
        log_in(*ALL)

        page = client.get(f"/customers/{customer.id}").text

        for expected in ("+7\u00a0812\u00a0645-17-15", "ext. 12", "m@example.com", "Call late", "White seats"):
            assert expected in page
        assert "March 2026" in page

    def test_a_card_out_of_reach_is_as_if_there_were_none(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        customer = make_customer(session, centre_id=make_centre(session).id)
        log_in(*ALL, scope="own")

        paths = ["", "/edit"]
        assert [client.get(f"/customers/{customer.id}{path}").status_code for path in paths] == [404, 404]
        assert client.post(f"/customers/{customer.id}/edit", data=FORM).status_code == 404
        assert client.post(f"/customers/{customer.id}/contacts", data={}).status_code == 404

    def test_a_reader_sees_no_buttons_that_change(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        customer = make_customer(session)
        log_in("customers.see")

        page = client.get(f"/customers/{customer.id}").text

        assert 'data-test="edit"' not in page
        assert 'data-test="add-contact"' not in page
        assert client.post(f"/customers/{customer.id}/contacts", data={}).status_code == 403

    def test_hostile_text_is_only_text(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        customer = make_customer(session, first_name=HOSTILE[:60], last_name=HOSTILE[-60:], note=HOSTILE)
        make_interaction(session, customer, subject=HOSTILE, comment=HOSTILE)
        log_in(*ALL, "inquiries.add", "inquiries.see")

        for path in ("", "/edit"):
            page = client.get(f"/customers/{customer.id}{path}").text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "{{7*7}}" in page
        assert "<script>alert" not in client.get("/customers").text
        assert "<img src=x" not in client.get("/customers", query_string={"q": HOSTILE, "kind": HOSTILE}).text

    def test_few_statements_draw_it(self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        customer = make_customer(session)
        for _ in range(40):
            make_interaction(session, customer, employee_id=make_user(session).id)
        log_in(*ALL)

        with counted_statements(app.extensions["database"].engine) as statements:
            client.get(f"/customers/{customer.id}")

        assert len(statements) <= 22


class TestForms:
    def test_a_person_is_added(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(*ALL)

        answer = client.post("/customers/new", data=FORM, follow_redirects=True)

        assert "Rosa Ilina is added." in answer.text
        assert session.scalars(select(Customer)).one().sort_name == "ilina rosa"

    def test_errors_keep_what_was_typed(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(*ALL)

        answer = client.post("/customers/new", data=FORM | {"phones": ["12345", ""], "emails": ["nonsense"]})

        assert answer.status_code == 422
        for typed in ('value="12345"', 'value="nonsense"', 'value="Ilina"', 'data-test="error-emails"'):
            assert typed in answer.text
        assert session.scalars(select(Customer)).all() == []

    @pytest.mark.parametrize("field", ["owner_id", "centre_id"])
    def test_somebody_who_does_not_exist_is_told_at_his_field(
        self, client: FlaskClient, session: Session, log_in: LogIn, field: str
    ) -> None:
        for name in ("North", "South"):
            make_centre(session, name=name)
        log_in(*ALL)

        answer = client.post("/customers/new", data=FORM | {field: "4711"})

        assert (answer.status_code, f'data-test="error-{field}"' in answer.text) == (422, True)
        assert session.scalars(select(Customer)).all() == []

    def test_a_taken_phone_is_told_at_its_field(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        make_customer(session, phones=["89000004117"])
        log_in(*ALL)

        answer = client.post("/customers/new", data=FORM)

        assert (answer.status_code, 'data-test="error-phones"' in answer.text) == (422, True)

    def test_a_taken_phone_is_caught_while_typing(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        holder = make_customer(session, phones=["89000004117"])
        log_in(*ALL)

        def hint(typed: str, **given: object) -> str:
            return client.get("/customers/phone-check", query_string={"phones": typed, **given}).text

        assert f'href="/customers/{holder.id}"' in hint("8 (900) 000-41-17")
        assert hint("8 (900) 000-41-17", besides=holder.id) == ""
        assert hint("8 (900) 000-41") == ""

    def test_the_holder_of_another_centre_is_named_without_a_way_in(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        make_customer(session, phones=["89000004117"], centre_id=make_centre(session).id)
        log_in("customers.see", scope="own")

        page = client.get("/customers/phone-check?phones=89000004117").text

        assert "Marina Belova" in page
        assert "<a " not in page

    def test_a_card_is_changed(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        customer = make_customer(session)
        log_in(*ALL)

        client.post(f"/customers/{customer.id}/edit", data=FORM | {"birth_date": "1984-05-14"})
        page = client.get(f"/customers/{customer.id}").text

        assert "Rosa Ilina" in page
        assert "14 May 1984" in page

    def test_a_contact_is_noted_with_times_of_the_reader(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        customer = make_customer(session)
        log_in(*ALL)
        contact = {"channel": "call", "direction": "out", "subject": "Winter tyres", "next_at": "2026-03-05T18:00"}

        client.post(f"/customers/{customer.id}/contacts", data=contact)

        row = session.scalars(select(Interaction)).one()
        assert (row.subject, row.at) == ("Winter tyres", NOW)
        assert row.next_at is not None
        assert row.next_at.isoformat() == "2026-03-05T15:00:00+00:00"

    def test_a_wrong_contact_comes_back_with_its_text(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        customer = make_customer(session)
        log_in(*ALL)
        contact = {"channel": "call", "direction": "out", "subject": "Typed", "next_at": "2020-03-05T18:00"}

        answer = client.post(f"/customers/{customer.id}/contacts", data=contact)

        assert answer.status_code == 422
        assert 'value="Typed"' in answer.text
        assert 'data-test="error-next_at"' in answer.text


@pytest.mark.parametrize("path", ["/customers", "/customers/new", "/customers/1", "/customers/1/edit"])
@pytest.mark.parametrize(("language", "word"), [("en", "Customers"), ("ru", "Клиенты")])
def test_every_page_speaks_both_languages(
    client: FlaskClient, session: Session, log_in: LogIn, path: str, language: str, word: str
) -> None:
    customer = make_customer(session)
    log_in(*ALL)
    client.set_cookie("language", language)

    page = client.get(path.replace("/1", f"/{customer.id}"))

    assert (page.status_code, word in page.text) == (200, True)


def test_who_is_lost_is_marked_with_the_reason_and_unmarked(
    client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    customer = make_customer(session)
    log_in(*ALL)
    card = f"/customers/{customer.id}"

    unsaid = client.post(f"{card}/lost", data={"reason": ""}, follow_redirects=True).text
    marked = client.post(
        f"{card}/lost", data={"reason": "refuses_contact", "comment": "Said so himself"}, follow_redirects=True
    ).text
    twice = client.post(f"{card}/lost", data={"reason": "moved"})

    assert "Choose why the customer does not come again." in unsaid
    assert "Marked as lost: refuses contact" in marked
    assert "Said so himself" in marked
    assert session.scalar(select(StopListEntry.reason).limit(1)) == "lost: refuses_contact"
    assert twice.status_code == 409
    back = client.post(f"{card}/not-lost", follow_redirects=True).text
    assert "Not lost after all" in back
    assert "stay on the stop list" in back
    session.rollback()
    assert session.get_one(Customer, customer.id).lost_reason is None
