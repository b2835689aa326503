"""Webhooks: what is told, how it is signed, repeated and given up, and where it never goes."""

import hashlib
import hmac
import ipaddress
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.errors import ReceiverDown
from engine.outbox import OutboxMessage, OutboxState, resend
from tests.statements import counted_statements
from tests.webapp.api.bearers import Program, make_token
from tests.webapp.api.receiver import Receiver, certificate, listening
from tests.webapp.conftest import LogIn, MakeApp, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_user
from webapp.api import subscribing, telling
from webapp.api.delivering import forget_deliveries, send_webhooks
from webapp.api.models import HookKind, Webhook
from webapp.api.subscribing import HookFacts
from webapp.core.models import AuditEntry
from webapp.diary.models import Notification
from webapp.inquiries.reference import ship_reference_lists
from webapp.integrations.calling_out import AddressUnfit, check_address, is_public, post
from webapp.staff.models import User


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(webhook_private_addresses=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as opened:
        yield opened


@pytest.fixture
def admin(session: Session) -> User:
    made = make_user(session, "admin")
    session.commit()
    return made


def subscribe(
    app: Flask, session: Session, admin: User, receiver: Receiver, *kinds: HookKind, process: str = ""
) -> Webhook:
    facts = HookFacts("CRM of the group", receiver.address, kinds or tuple(HookKind), process)
    webhook = subscribing.add_webhook(session, facts, private=True, actor_id=admin.id, now=NOW)
    session.commit()
    with app.app_context():
        telling.known().forget()
    return webhook


def beat(app: Flask) -> None:
    with app.app_context():
        send_webhooks()


def signatures(header: str) -> tuple[str, list[str]]:
    parts = [part.split("=", 1) for part in header.split(",")]
    return parts[0][1], [value for name, value in parts if name == "v1"]


def mark(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


@on_both_databases
def test_a_step_is_told_and_signed(
    app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
) -> None:
    webhook = subscribe(app, session, admin, receiver)
    task = errands.open(admin)
    errands.complete(task, admin, now=NOW)

    beat(app)

    told = [json.loads(got.body) for got in receiver.got]
    assert [each["event"] for each in told] == ["case.opened", "task.created", "task.completed", "case.closed"]
    assert {each["case"]["id"] for each in told} == {task.instance_id}
    assert (told[1]["task"]["id"], told[3]["outcome"]) == (task.id, "won")
    first = receiver.got[0]
    stamp, marks = signatures(first.headers["Marshrut-Signature"])
    assert marks == [mark(webhook.secret, stamp, first.body)]
    assert (first.path, int(stamp)) == ("/hooks?from=marshrut", int(NOW.timestamp()))
    assert [got.headers["Marshrut-Delivery"] for got in receiver.got] == [each["id"] for each in told]
    beat(app)
    assert len(receiver.got) == 4


@on_both_databases
def test_a_slow_receiver_holds_up_no_other(
    app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
) -> None:
    with listening() as quick:
        receiver.waits_for = quick.rings
        for each in (receiver, quick):
            subscribe(app, session, admin, each, HookKind.TASK_CREATED)
        errands.open(admin)

        beat(app)

    assert receiver.waited
    assert (len(receiver.got), len(quick.got)) == (1, 1)


def test_what_was_typed_is_not_told(
    app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
) -> None:
    subscribe(app, session, admin, receiver)
    errands.complete(errands.open(admin), admin, now=NOW)

    beat(app)

    assert not [got for got in receiver.got if b"Ada" in got.body]


def test_kinds_and_processes_are_chosen(
    app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
) -> None:
    subscribe(app, session, admin, receiver, HookKind.TASK_CREATED, process="lead")
    errands.open(admin)
    task = errands.open(None, key="lead")

    beat(app)

    assert [json.loads(got.body)["task"]["id"] for got in receiver.got] == [task.id]


def test_a_step_that_is_undone_tells_nothing(
    app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
) -> None:
    subscribe(app, session, admin, receiver)

    def fail(opened: Session, engine: object) -> None:
        engine.start(  # type: ignore[attr-defined]
            opened, "lead", business_key="test:undone", payload={}, actor_id=None, now=NOW
        )
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError):
        errands.act(fail)
    beat(app)

    assert receiver.got == []


def test_a_step_costs_one_statement_more_and_none_without_webhooks(
    app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
) -> None:
    database: Database = app.extensions["database"]
    costs = []
    for subscribed in (False, True):
        if subscribed:
            subscribe(app, session, admin, receiver)
            subscribe(app, session, admin, receiver)
        errands.open(admin)  # reads what there is to tell
        with counted_statements(database.engine) as statements:
            errands.open(admin)
        costs.append([each for each in statements if "webhook" in each or "outbox" in each])

    assert costs[0] == []
    assert len(costs[1]) == 1


def test_an_inquiry_is_told_without_its_person(
    app: Flask, session: Session, admin: User, receiver: Receiver, client: FlaskClient
) -> None:
    ship_reference_lists(session)
    subscribe(app, session, admin, receiver, HookKind.INQUIRY_RECEIVED)
    caller = Program(client, make_token(session, admin))
    session.commit()
    body = {"purpose": "parts", "phone": "8 900 000-41-17", "name": "Белова Марина"}
    number = caller.post("/inquiries", body).get_json()["id"]

    beat(app)

    (got,) = receiver.got
    told = json.loads(got.body)
    assert (told["event"], told["inquiry"]["id"], told["inquiry"]["purpose"]) == ("inquiry.received", number, "parts")
    assert "Белова" not in got.body.decode()
    assert "0004117" not in got.body.decode()


class TestFailures:
    def test_a_receiver_that_is_down_gets_it_later_under_the_same_name(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands, clock: SettableClock
    ) -> None:
        webhook = subscribe(app, session, admin, receiver, HookKind.TASK_CREATED)
        errands.open(admin)
        receiver.status = 503
        beat(app)
        beat(app)  # within the pause nothing is tried
        assert len(receiver.got) == 1
        session.refresh(webhook)
        assert webhook.failing_since == NOW

        receiver.status = 200
        clock.set(NOW + timedelta(minutes=2))
        beat(app)

        assert len({got.headers["Marshrut-Delivery"] for got in receiver.got}) == 1
        assert len(receiver.got) == 2
        session.rollback()
        session.refresh(webhook)
        assert webhook.failing_since is None

    def test_days_of_failures_switch_it_off_and_are_told(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands, clock: SettableClock
    ) -> None:
        webhook = subscribe(app, session, admin, receiver, HookKind.TASK_CREATED)
        receiver.status = 500
        for day in range(6):
            errands.open(admin)
            clock.set(NOW + timedelta(days=day, minutes=day))
            beat(app)

        session.refresh(webhook)
        assert (webhook.active, webhook.switched_off_at) == (False, NOW + timedelta(days=5, minutes=5))
        states = set(session.scalars(select(OutboxMessage.state)))
        assert states == {OutboxState.REFUSED}
        codes = session.execute(select(Notification.user_id, Notification.code)).all()
        assert (admin.id, "webhook_switched_off") in codes
        actions = session.execute(select(AuditEntry.action, AuditEntry.actor_id)).all()
        assert ("api.webhook.switched_off", None) in actions

    def test_what_another_process_still_wrote_for_a_deleted_one_is_withdrawn(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
    ) -> None:
        webhook = subscribe(app, session, admin, receiver, HookKind.TASK_CREATED)
        errands.open(admin)
        session.delete(webhook)
        session.commit()

        beat(app)

        assert receiver.got == []
        assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.REFUSED]

    def test_what_failed_for_a_deleted_one_is_never_sent_to_the_next_one_of_its_number(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
    ) -> None:
        former = subscribe(app, session, admin, receiver)
        errands.open(admin)
        session.rollback()
        failed = session.scalars(select(OutboxMessage)).first()
        assert failed is not None
        failed.state = OutboxState.FAILED
        number = former.id
        subscribing.delete_webhook(session, former, actor_id=admin.id, now=NOW)
        session.commit()
        facts, later = HookFacts("Another", receiver.address, tuple(HookKind)), NOW + timedelta(minutes=1)
        following = subscribing.add_webhook(session, facts, private=True, actor_id=admin.id, now=later)
        session.commit()
        assert following.id == number  # SQLite gives it out again

        resend(session, message_id=failed.id, now=NOW)
        session.commit()
        beat(app)

        assert receiver.got == []
        assert subscribing.last_deliveries(session, following) == []

    def test_old_deliveries_are_forgotten(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands, clock: SettableClock
    ) -> None:
        subscribe(app, session, admin, receiver, HookKind.TASK_CREATED)
        errands.open(admin)
        beat(app)
        kept = []
        for days in (30, 31):
            clock.set(NOW + timedelta(days=days))
            with app.app_context():
                forget_deliveries()
            session.rollback()
            kept.append(len(session.scalars(select(OutboxMessage.id)).all()))

        assert kept == [1, 0]

    def test_a_receiver_that_never_ends_is_cut_off(self, receiver: Receiver) -> None:
        receiver.drips = True

        with pytest.raises(ReceiverDown, match="no whole answer within"):
            post(receiver.address, b"{}", {}, private=True, longest=0.5)

    def test_a_redirect_is_not_followed(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands
    ) -> None:
        subscribe(app, session, admin, receiver, HookKind.TASK_CREATED)
        receiver.status, receiver.location = 307, receiver.address
        errands.open(admin)

        beat(app)

        assert len(receiver.got) == 1
        message = session.scalars(select(OutboxMessage)).one()
        assert (message.state, message.last_error) == (OutboxState.WAITING, "DeliveryFailed: HTTP 307")


class TestSecrets:
    def test_the_former_secret_signs_for_a_day(
        self, app: Flask, session: Session, admin: User, receiver: Receiver, errands: Errands, clock: SettableClock
    ) -> None:
        webhook = subscribe(app, session, admin, receiver, HookKind.TASK_CREATED)
        former = webhook.secret
        subscribing.renew_secret(session, webhook, actor_id=admin.id, now=NOW)
        session.commit()
        errands.open(admin)
        beat(app)
        clock.set(NOW + timedelta(days=1))
        errands.open(admin)
        beat(app)

        found = []
        for got in receiver.got:
            stamp, marks = signatures(got.headers["Marshrut-Signature"])
            found.append(marks == [mark(secret, stamp, got.body) for secret in (webhook.secret, former)][: len(marks)])
            found.append(len(marks))

        assert found == [True, 2, True, 1]


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "code"),
        [
            ("http://crm.example.com/", "address_not_https"),
            ("ftp://crm.example.com/", "address_not_https"),
            ("https://127.0.0.1/", "address_private"),
            ("https://10.1.2.3/", "address_private"),
            ("https://169.254.169.254/latest", "address_private"),
            ("https://[::1]/", "address_private"),
            ("https://localhost/", "address_private"),
            ("https://LOCALHOST./", "address_private"),
            ("https://crm/", "address_private"),
            ("https://crm.local/", "address_private"),
            ("https://[::ffff:10.0.0.1]/", "address_private"),
            ("https://user:word@crm.example.com/", "address_unreadable"),
            ("https:///nowhere", "address_unreadable"),
            ("https://crm.example.com:99999/", "address_unreadable"),
            ("https://crm.example.com/\r\nX: 1", "address_unreadable"),
        ],
    )
    def test_where_no_webhook_goes(self, address: str, code: str) -> None:
        with pytest.raises(AddressUnfit) as refusal:
            check_address(address, private=False)

        assert str(refusal.value) == code

    @pytest.mark.parametrize("address", ["100.64.0.1", "0.1.2.3", "224.0.0.1", "fe80::1", "fd00::1", "64:ff9b::a00:1"])
    def test_which_addresses_are_not_public(self, address: str) -> None:
        assert not is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
    def test_which_are(self, address: str) -> None:
        assert is_public(ipaddress.ip_address(address))

    def test_a_name_that_leads_into_the_network_is_refused_when_it_is_resolved(
        self, make_app: MakeApp, session: Session, admin: User, receiver: Receiver
    ) -> None:
        app = make_app()  # as installed: no private addresses
        facts = HookFacts("x", f"https://localhost:{receiver.port}/", tuple(HookKind))
        subscribing.add_webhook(session, facts, private=True, actor_id=admin.id, now=NOW)  # while they were allowed
        session.commit()
        assert socket.getaddrinfo("localhost", None)
        Errands(app).open(admin)

        beat(app)

        messages = session.scalars(select(OutboxMessage)).all()
        assert receiver.got == []
        assert {(each.state, each.last_error) for each in messages} == {
            (OutboxState.FAILED, "DeliveryRefused: address_private")
        }

    def test_why_it_did_not_arrive_stands_in_words(
        self, client: FlaskClient, session: Session, log_in: LogIn, receiver: Receiver, app: Flask
    ) -> None:
        webhook = subscribe(app, session, log_in("admin"), receiver)
        for error in (
            "DeliveryRefused: address_private",
            "DeliveryFailed: HTTP 404",
            "ReceiverDown: the name cannot be resolved: [Errno -2]",
            "ReceiverDown: SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]",
            "ReceiverDown: OSError: no route",
        ):
            session.add(
                OutboxMessage(
                    channel=webhook.channel,
                    recipient=webhook.address,
                    body='{"event": "test"}',
                    dedupe=error,
                    created_at=NOW,
                    next_at=NOW,
                    state=OutboxState.FAILED,
                    attempts=1,
                    last_error=error,
                )
            )
        session.commit()

        russian = client.get(f"/webhooks/{webhook.id}", headers={"Accept-Language": "ru"}).text
        english = client.get(f"/webhooks/{webhook.id}", headers={"Accept-Language": "en"}).text

        assert "address_private" not in russian + english
        for words in ("в закрытую сеть", "HTTP 404", "не знает имени", "Сертификат получателя", "недоступен"):
            assert words in russian
        assert "the address leads into a private network" in english

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, tmp_path: Path) -> None:
        with listening(certificate(tmp_path)) as receiver:
            address = f"https://localhost:{receiver.port}/"
            with pytest.raises(ReceiverDown, match="CERTIFICATE_VERIFY_FAILED"):
                post(address, b"{}", {}, private=True)

        assert receiver.got == []


class TestPages:
    def test_from_adding_to_a_test_that_arrives(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn, receiver: Receiver
    ) -> None:
        log_in("admin")
        form = {"name": "CRM", "address": receiver.address, "kinds": ["task.created", "case.closed"]}

        added = client.post("/webhooks/new", data=form)
        webhook = session.scalars(select(Webhook)).one()
        client.post(f"/webhooks/{webhook.id}/test")
        beat(app)
        page = client.get(f"/webhooks/{webhook.id}")

        assert webhook.secret in added.text
        assert 'data-island="copy"' in added.text
        assert webhook.secret not in page.text
        assert json.loads(receiver.got[0].body)["event"] == "test"
        assert 'data-test="deliveries"' in page.text
        assert "Delivered" in page.text

    def test_what_is_wrong_is_told_at_its_field(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("admin")

        answer = client.post("/webhooks/new", data={"name": "CRM", "address": "ftp://x.example.com", "kinds": ["x"]})
        second = client.post(
            "/webhooks/new", data={"name": "CRM", "address": "ftp://x.example.com", "kinds": ["task.created"]}
        )

        assert (answer.status_code, 'data-test="error-kinds"' in answer.text) == (422, True)
        assert (second.status_code, 'data-test="error-address"' in second.text) == (422, True)

    def test_changed_switched_and_deleted(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn, receiver: Receiver, errands: Errands
    ) -> None:
        me = log_in("admin")
        webhook = subscribe(app, session, me, receiver)
        form = {"name": "Renamed", "address": receiver.address, "kinds": ["task.created"]}
        client.post(f"/webhooks/{webhook.id}/edit", data=form)
        client.post(f"/webhooks/{webhook.id}/off")
        errands.open(me)
        beat(app)
        assert receiver.got == []

        client.post(f"/webhooks/{webhook.id}/on")
        errands.open(me)
        beat(app)
        assert [json.loads(got.body)["event"] for got in receiver.got] == ["task.created"]
        assert "Renamed" in client.get("/webhooks").text
        client.post(f"/webhooks/{webhook.id}/delete")
        assert client.get(f"/webhooks/{webhook.id}").status_code == 404
