"""Cases, their history, processes, the funnel, customers and inquiries through the API."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance
from tests.engine.world import end, flows, process
from tests.statements import counted_statements
from tests.webapp.api.bearers import Program, make_token
from tests.webapp.api.conftest import ProgramOf
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.errands import Errands
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.customers.models import Customer
from webapp.inquiries.models import Inquiry
from webapp.inquiries.reference import ship_reference_lists

PAYMENT = process(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:intermediateCatchEvent id="paid"><bpmn:messageEventDefinition messageRef="message_paid"/>'
    "</bpmn:intermediateCatchEvent>",
    end("done", outcome="won"),
    flows("begun > paid", "paid > done"),
    key="payment",
    messages=["paid"],
)


class TestCases:
    @on_both_databases
    def test_pages_lead_through_all_that_the_filter_lets_through(
        self, session: Session, program: ProgramOf, errands: Errands
    ) -> None:
        north = make_centre(session)
        caller, me = program("sales_head", centre=north)
        wanted = [errands.open(me, centre=north).instance_id for _ in range(5)]
        errands.open(None, key="lead", centre=north)
        seen, cursor = [], ""

        for _page in range(3):
            page = caller.get("/cases", process="errand", limit=2, cursor=cursor, sort="oldest").get_json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]

        assert (seen, cursor) == (wanted, None)

    @pytest.mark.parametrize(("scope", "seen"), [("own", {0}), ("centre", {0, 1}), ("group", {0, 1, 2})])
    def test_the_scope_decides_which_are_listed_and_the_others_are_not_there(
        self, session: Session, program: ProgramOf, errands: Errands, scope: str, seen: set[int]
    ) -> None:
        north, south = make_centre(session), make_centre(session)
        caller, me = program("cases.see", scope=scope, centre=north)
        colleague, stranger = make_user(session, centre=north), make_user(session, centre=south)
        session.commit()
        owners = ((me, north), (colleague, north), (stranger, south))
        cases = [errands.open(owner, centre=centre).instance_id for owner, centre in owners]

        listed = {item["id"] for item in caller.get("/cases").get_json()["items"]}
        opened = {case for case in cases if caller.get(f"/cases/{case}").status_code == 200}
        told = {case for case in cases if caller.get(f"/cases/{case}/events").status_code == 200}

        assert listed == opened == told == {cases[number] for number in seen}

    def test_one_case_comes_with_its_document_and_open_tasks(self, program: ProgramOf, errands: Errands) -> None:
        caller, me = program("cases.see", scope="own")
        task = errands.open(me)

        told = caller.get(f"/cases/{task.instance_id}").get_json()

        assert (told["process"], told["version"], told["status"]) == ("errand", 1, "active")
        assert told["document"]["begun"] == {"to": me.id, "due": task.due_at and task.due_at.isoformat()}
        assert [each["id"] for each in told["tasks"]] == [task.id]

    def test_a_list_costs_the_same_however_long_it_is(self, app: Flask, program: ProgramOf, errands: Errands) -> None:
        caller, me = program("cases.see", scope="own")
        database: Database = app.extensions["database"]
        costs = []
        for _ in range(2):
            for _ in range(5):
                errands.open(me)
            caller.get("/cases")
            with counted_statements(database.engine) as statements:
                caller.get("/cases")
            costs.append(len(statements))

        assert costs[0] == costs[1] <= 12

    def test_comments_and_contacts_stand_in_the_log(
        self, session: Session, program: ProgramOf, errands: Errands
    ) -> None:
        caller, me = program("cases.see", "cases.change", scope="own")
        case = errands.open(me).instance_id

        answers = [
            caller.post(f"/cases/{case}/comments", {"text": "She calls back."}),
            caller.post(f"/cases/{case}/contacts", {"channel": "call", "direction": "in", "result": "Agreed."}),
        ]

        assert [each.status_code for each in answers] == [201, 201]
        kinds = caller.get(f"/cases/{case}/events").get_json()["items"]
        assert [each["kind"] for each in kinds][-2:] == ["commented", "contact_noted"]
        assert kinds[-2]["payload"] == {"text": "She calls back."}

    def test_a_process_is_started_once_for_each_key(
        self, session: Session, program: ProgramOf, errands: Errands
    ) -> None:
        caller, me = program("cases.see", "cases.add", scope="own")
        body = {"process": "lead", "subject": "A tyre shop"}

        answers = [caller.post("/cases", body, key=key) for key in ("a", "a", "b")]

        numbers = [answer.get_json()["case_id"] for answer in answers]
        assert numbers[0] == numbers[1] != numbers[2]
        assert session.get_one(ProcessInstance, numbers[0]).owner_id == me.id
        assert caller.post("/cases", {"process": "nothing", "subject": "x"}).status_code == 404


class TestMessages:
    @pytest.fixture
    def case(self, app: Flask, errands: Errands) -> ProcessInstance:
        errands.act(
            lambda session, engine: engine.deploy(session, {"p.bpmn": PAYMENT.encode()}, actor_id=None, now=NOW)
        )
        started: list[int] = []
        errands.act(
            lambda session, engine: started.append(
                engine.start(session, "payment", business_key="bill:7", payload={}, actor_id=None, now=NOW).instance_id
            )
        )
        with errands.database.read() as session:
            return session.get_one(ProcessInstance, started[0])

    def test_the_waiting_case_gets_it(self, session: Session, program: ProgramOf, case: ProcessInstance) -> None:
        caller, _ = program("api.send_messages", "cases.see")

        answer = caller.post("/messages", {"name": "paid", "key": "bill:7", "payload": {"sum": 12.5}})

        assert answer.get_json() == {"case_id": case.id, "kept": False}
        told = caller.get(f"/cases/{case.id}").get_json()
        assert (told["status"], told["document"]["paid"]) == ("completed", {"sum": "12.5"})

    def test_one_that_nobody_wants_is_refused_or_kept(self, program: ProgramOf, case: ProcessInstance) -> None:
        caller, _ = program("api.send_messages")
        message = {"name": "paid", "key": "bill:8"}

        refused, kept = caller.post("/messages", message), caller.post("/messages", message | {"keep_minutes": 5})

        assert (refused.status_code, refused.get_json()["code"]) == (404, "message_unwanted")
        assert kept.get_json() == {"case_id": None, "kept": True}

    def test_a_case_out_of_reach_does_not_wait_for_it(self, program: ProgramOf, case: ProcessInstance) -> None:
        caller, _ = program("api.send_messages", scope="own")

        assert caller.post("/messages", {"name": "paid", "key": "bill:7"}).status_code == 404


class TestHistory:
    def test_events_are_read_since_a_number_and_settle_first(
        self, session: Session, program: ProgramOf, errands: Errands, clock: Any
    ) -> None:
        caller, me = program("cases.see", scope="own")
        errands.open(me)
        assert caller.get("/events").get_json()["items"] == []
        clock.set(NOW + timedelta(minutes=1))

        first = caller.get("/events", limit=1).get_json()
        rest = caller.get("/events", after=first["next"]).get_json()

        log = session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq)).all()
        assert [each["seq"] for each in first["items"] + rest["items"]] == log
        assert (first["more"], rest["more"]) == (True, False)
        assert caller.get("/events", after=rest["next"]).get_json()["next"] == rest["next"]

    def test_a_younger_number_waits_for_an_older_one_that_has_not_settled(
        self, session: Session, program: ProgramOf, errands: Errands, clock: Any
    ) -> None:
        caller, me = program("cases.see", scope="own")
        errands.open(me)
        errands.open(me)
        log = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq)).all()
        assert len(log) > 2
        log[1].at = NOW + timedelta(minutes=1)  # the ones behind it belong to a step that had begun before
        session.commit()
        clock.set(NOW + timedelta(minutes=1))

        early = caller.get("/events").get_json()
        clock.set(NOW + timedelta(minutes=2))
        late = caller.get("/events", after=early["next"]).get_json()

        assert [each["seq"] for each in early["items"]] == [log[0].seq]
        assert [each["seq"] for each in early["items"] + late["items"]] == [each.seq for each in log]

    def test_kinds_and_processes_filter(self, program: ProgramOf, errands: Errands, clock: Any) -> None:
        caller, me = program("cases.see")
        errands.open(me)
        errands.open(me, key="lead")
        clock.set(NOW + timedelta(minutes=1))

        found = caller.get("/events", kind="task_created", process="lead").get_json()["items"]

        assert [each["element"] for each in found] == ["first_answer"]
        assert caller.get("/events", kind="odd").status_code == 422


class TestDefinitions:
    def test_what_is_live_its_versions_and_its_drawing(self, program: ProgramOf, errands: Errands) -> None:
        caller, _ = program("cases.see", scope="own")

        listed = caller.get("/definitions").get_json()["items"]
        steps = caller.get("/definitions/lead").get_json()["steps"]
        versions = caller.get("/definitions/lead/versions").get_json()["items"]
        drawing = caller.get("/definitions/lead/versions/1/bpmn")

        assert [each["key"] for each in listed] == ["errand", "lead"]
        assert [(each["element"], each["role"]) for each in steps] == [("first_answer", "call_operator")]
        assert [each["version"] for each in versions] == [1]
        assert (drawing.mimetype, 'id="first_answer"' in drawing.text) == ("application/xml", True)
        assert caller.get("/definitions/nothing").status_code == 404
        assert caller.get("/definitions/lead/versions/2/bpmn").get_json()["code"] == "process_unknown"


def test_the_funnel_tells_the_figures_of_its_page(
    app: Flask, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    pipeline = Pipeline(app, session)
    pipeline.publish()
    north, south = make_centre(session), make_centre(session)
    head = make_user(session, "sales_head", centre=north)
    for number in range(6):
        pipeline.open(head, *["contact", "worksheet", "delivered"][: number % 4], centre=north, source="radio")
    pipeline.open(None, "contact", centre=south)
    log_in(user=head)
    exported = client.get("/funnel/export?process=sale").get_data(as_text=True).removeprefix("\ufeff").split("\r\n")
    touched_on_page = [int(line.split(";")[2]) for line in exported[1:5]]
    caller = Program(client, make_token(session, head))
    session.commit()

    told = caller.get("/funnel/sale").get_json()
    narrowed = caller.get("/funnel/sale", dimension="source:nothing").get_json()

    assert [bar["touched"] for bar in told["milestones"]] == touched_on_page == [4, 0, 2, 1]
    assert told["opened"] == 6
    assert told["dimensions"] == [{"dimension": "source", "value": "radio", "cases": 6, "won": 0, "lost": 0}]
    assert narrowed["opened"] == 0
    assert caller.get("/funnel/errand").status_code == 404


class TestCustomers:
    @on_both_databases
    def test_pages_lead_through_all_in_reach(self, session: Session, program: ProgramOf) -> None:
        north, south = make_centre(session), make_centre(session)
        names = ["Belova", "Belova", "Авдеев", "Orlov"]
        for name in names:
            make_customer(session, last_name=name, centre_id=north.id)
        make_customer(session, last_name="Far", centre_id=south.id)
        caller, _ = program("customers.see", scope="centre", centre=north)
        seen, cursor = [], ""

        for _page in range(2):
            page = caller.get("/customers", limit=2, cursor=cursor).get_json()
            seen += [item["last_name"] for item in page["items"]]
            cursor = page["next"]

        assert (sorted(seen), cursor) == (sorted(names), None)

    def test_a_foreign_customer_is_not_there(self, session: Session, program: ProgramOf) -> None:
        stranger = make_customer(session, centre_id=make_centre(session).id)
        caller, _ = program("customers.see", "customers.change", scope="own")

        answers = [
            caller.get(f"/customers/{stranger.id}"),
            caller.post(f"/customers/{stranger.id}", {"note": "x"}, method="PATCH"),
        ]

        assert [(each.status_code, each.get_json()["code"]) for each in answers] == [(404, "customer_unknown")] * 2

    def test_he_is_found_by_the_end_of_his_phone_and_by_his_name(self, session: Session, program: ProgramOf) -> None:
        customer = make_customer(session, last_name="Orlov", phones=("+7 900 000-77-12",))
        make_customer(session)
        caller, _ = program("customers.see")

        found = [[each["id"] for each in caller.get("/customers", q=q).get_json()["items"]] for q in ("7712", "орлов")]

        assert found == [[customer.id], [customer.id]]

    @pytest.mark.parametrize(("scope", "named"), [("group", True), ("own", False)])
    def test_a_phone_that_stands_on_a_card_names_it_to_who_may_see_it(
        self, session: Session, program: ProgramOf, scope: str, named: bool
    ) -> None:
        holder = make_customer(session, phones=("+7 900 000-77-12",), centre_id=make_centre(session).id)
        caller, _ = program("customers.see", "customers.add", scope=scope)

        answer = caller.post("/customers", {"last_name": "Orlov", "phones": ["8 900 000 77 12"]})

        told = answer.get_json()
        assert (answer.status_code, told["code"]) == (409, "phone_taken")
        assert told.get("customer_id") == (holder.id if named else None)

    def test_only_what_is_named_is_changed(self, session: Session, program: ProgramOf) -> None:
        customer = make_customer(session, note="Likes red.")
        caller, _ = program("customers.see", "customers.change")

        answer = caller.post(f"/customers/{customer.id}", {"first_name": "Maria"}, method="PATCH")

        told = caller.get(f"/customers/{customer.id}").get_json()
        assert answer.get_json() == {"id": customer.id}
        assert (told["first_name"], told["last_name"], told["note"]) == ("Maria", "Belova", "Likes red.")
        assert len(told["phones"]) == 1
        assert {each["holds"] for each in told["consents"]} == {False}

    def test_what_is_wrong_is_told_by_field(self, session: Session, program: ProgramOf) -> None:
        caller, _ = program("customers.add")

        answer = caller.post("/customers", {"birth_date": "soon", "emails": ["x"], "colour": "red"})

        assert answer.status_code == 422
        assert set(answer.get_json()["errors"]) == {"birth_date", "emails.0", "colour"}
        assert session.scalars(select(Customer)).all() == []

    @pytest.mark.parametrize("body", [b"{", b'{"last_name": "\\u0000"}', b'{"last_name": "\\ud800"}', b"[" * 100_000])
    def test_a_body_that_cannot_be_kept_is_refused(self, program: ProgramOf, body: bytes) -> None:
        caller, _ = program("customers.add")

        answer = caller.client.post(
            "/api/v1/customers", data=body, headers=caller.headers, content_type="application/json"
        )

        assert answer.status_code in (400, 422)
        assert answer.mimetype == "application/problem+json"


class TestInquiries:
    def test_a_form_of_the_site_opens_a_customer_and_is_recognised_again(
        self, session: Session, program: ProgramOf
    ) -> None:
        ship_reference_lists(session)
        caller, me = program("inquiries.see", "inquiries.add")
        form = {"purpose": "parts", "phone": "8 900 000-41-17", "name": "Белова Марина", "source": "dealer_site"}

        first, second = caller.post("/inquiries", form), caller.post("/inquiries", form)

        told = first.get_json()
        assert (first.status_code, told["new_customer"], told["joined"]) == (201, True, False)
        assert second.get_json() == told | {"new_customer": False, "joined": True}
        kept = caller.get(f"/inquiries/{told['id']}").get_json()
        assert (kept["channel"], kept["source"], kept["accepted_by"]) == ("web_form", "dealer_site", me.id)
        assert [each["id"] for each in caller.get("/inquiries").get_json()["items"]] == [told["id"]]

    def test_refusals_are_those_of_the_trade(self, session: Session, program: ProgramOf) -> None:
        ship_reference_lists(session)
        caller, _ = program("inquiries.add")

        answer = caller.post("/inquiries", {"purpose": "parts", "phone": "12", "name": "x"})

        assert (answer.status_code, answer.get_json()["code"]) == (422, "phone_invalid")
        assert session.scalars(select(Inquiry)).all() == []

    def test_one_out_of_reach_is_not_there(self, session: Session, program: ProgramOf) -> None:
        ship_reference_lists(session)
        caller, _ = program("inquiries.see", "inquiries.add")
        number = caller.post("/inquiries", {"purpose": "parts", "name": "Anna"}).get_json()["id"]
        other, _ = program("inquiries.see", scope="own")

        assert other.get(f"/inquiries/{number}").status_code == 404
        assert other.get("/inquiries").get_json()["items"] == []


class TestBodies:
    """What is no body of JSON is refused, and never taken for an empty one."""

    @pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
    def test_a_form_is_no_json(self, program: ProgramOf, session: Session, kind: str) -> None:
        caller, _ = program("customers.see", "customers.change")
        customer = make_customer(session)
        session.commit()
        data: Any = "note=FORM" if kind == "text/plain" else {"note": "FORM"}

        answer = caller.client.patch(
            f"/api/v1/customers/{customer.id}", data=data, content_type=kind, headers=caller.headers
        )

        assert answer.status_code == 415

    def test_a_number_of_thousands_of_digits_is_refused(self, program: ProgramOf) -> None:
        caller, _ = program("customers.see", "customers.add")
        body = '{"last_name": ' + "1" * 5001 + "}"

        answer = caller.client.post(
            "/api/v1/customers", data=body, content_type="application/json", headers=caller.headers
        )

        assert answer.status_code == 422

    def test_a_comment_says_something(self, program: ProgramOf, errands: Errands) -> None:
        caller, owner = program("cases.see", "cases.change")
        case = errands.open(owner).instance_id

        answers = [caller.post(f"/cases/{case}/comments", {"text": text}).status_code for text in (" ", "\n\n", "so")]

        assert answers == [422, 422, 201]

    def test_a_refusal_is_in_the_language_that_was_asked_for(self, program: ProgramOf, errands: Errands) -> None:
        caller, _ = program("funnel.see")

        told = caller.client.get(
            "/api/v1/funnel/errand?dimension=x", headers={**caller.headers, "Accept-Language": "ru"}
        ).text
        nobody = caller.client.get("/api/v1/me", headers={"Accept-Language": "ru"}).get_json()

        assert "pattern" not in told
        assert nobody["title"] == "Нужен токен"
