"""Who is told what: written with the step, once, in the reader's language; the bell, the list, the wishes."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.failed_rows import give_up
from engine.history.recording import EventDraft, EventKind
from engine.human_tasks.actions import note
from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import HumanTask
from engine.incidents import Incident, open_incident
from engine.repair.acts import Act
from engine.runtime import Engine
from engine.timers.models import DueKind, DueRow
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_absence, make_user
from webapp.core import events
from webapp.diary import services
from webapp.diary.models import Notification, NotificationKind
from webapp.integrations.beats import SendFailed
from webapp.staff.models import Centre, PermissionOverride, User

HOUR = timedelta(hours=1)


@pytest.fixture
def told(session: Session) -> "Told":
    return Told(session)


class Told:
    """What stands in the table: (person, kind) in the order of writing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self) -> list[tuple[int, str]]:
        self._session.rollback()
        rows = self._session.execute(select(Notification.user_id, Notification.kind).order_by(Notification.id))
        return [(row.user_id, row.kind.value) for row in rows]


class TestWriting:
    def test_an_assignee_hears_of_his_task(self, errands: Errands, seller: User, told: Told) -> None:
        errands.open(seller)

        assert told() == [(seller.id, "assigned")]

    def test_nobody_hears_of_what_he_did_himself(self, errands: Errands, seller: User, told: Told) -> None:
        errands.act(
            lambda session, engine: engine.start(
                session,
                "errand",
                business_key="own:1",
                payload={"to": seller.id, "due": NOW + HOUR},
                actor_id=seller.id,
                now=NOW,
            )
        )

        assert told() == []

    def test_a_pressing_task_of_a_role_reaches_everybody_of_it(
        self, session: Session, errands: Errands, centre: Centre, told: Told
    ) -> None:
        operators = [make_user(session, "call_operator", centre=centre) for _ in range(2)]
        make_user(session, "call_operator", centre=centre, active=False)
        session.commit()

        errands.open(None, key="lead", centre=centre)

        assert told() == [(operator.id, "assigned") for operator in operators]

    def test_reminders_and_escalations_come_once(
        self, errands: Errands, seller: User, head: User, centre: Centre, told: Told
    ) -> None:
        errands.open(seller, due=NOW + 2 * HOUR, centre=centre)

        for minutes in range(0, 240, 30):
            errands.tick(NOW + timedelta(minutes=minutes))

        assert told() == [
            (seller.id, "assigned"),
            (seller.id, "reminder"),
            (seller.id, "reminder"),
            (head.id, "escalation"),
        ]

    def test_a_deputy_hears_instead_of_who_is_away(
        self, session: Session, errands: Errands, seller: User, colleague: User, told: Told
    ) -> None:
        make_absence(session, seller, deputy=colleague)
        session.commit()

        errands.open(seller)

        assert told() == [(colleague.id, "assigned")]

    def test_the_deputys_deputy_hears_when_both_are_away(
        self, session: Session, errands: Errands, seller: User, colleague: User, head: User, told: Told
    ) -> None:
        make_absence(session, seller, deputy=colleague)
        make_absence(session, colleague, deputy=head)
        session.commit()

        errands.open(seller)

        assert told() == [(head.id, "assigned")]

    def test_deputies_in_a_circle_end_nothing(
        self, session: Session, errands: Errands, seller: User, colleague: User, told: Told
    ) -> None:
        make_absence(session, seller, deputy=colleague)
        make_absence(session, colleague, deputy=seller)
        session.commit()

        errands.open(seller)

        assert [kind for _, kind in told()] == ["assigned"]

    def test_a_muted_kind_is_not_told(self, session: Session, errands: Errands, seller: User, told: Told) -> None:
        wish = services.find_preference(session, seller.id)
        services.save_preference(
            session,
            user_id=seller.id,
            mail=True,
            quiet_from=wish.quiet_from,
            quiet_until=wish.quiet_until,
            muted=[NotificationKind.ASSIGNED],
        )
        session.commit()

        errands.open(seller)

        assert told() == []

    def test_handing_over_waking_and_breaking_down_are_told(
        self, session: Session, errands: Errands, seller: User, colleague: User, told: Told
    ) -> None:
        admin = make_user(session, "admin")
        session.commit()
        task = errands.open(colleague)
        errands.act(
            lambda session, engine: engine.delegate(
                session, task.id, to=seller.id, comment="x", actor=Actor(colleague.id), now=NOW
            )
        )
        errands.act(
            lambda session, engine: engine.postpone(
                session, task.id, until=NOW + HOUR, reason="other", actor=Actor(seller.id), now=NOW
            )
        )
        errands.tick(NOW + HOUR)
        errands.act(
            lambda session, engine: engine.note(
                session,
                task.instance_id,
                EventKind.INCIDENT_OPENED,
                {"incident": 7, "task": task.id},
                actor_id=seller.id,
                now=NOW,
            )
        )

        assert told() == [
            (colleague.id, "assigned"),
            (seller.id, "delegated"),
            (seller.id, "woken"),
            (admin.id, "incident"),
        ]

    def test_a_step_that_is_undone_tells_nobody(self, errands: Errands, seller: User, told: Told) -> None:
        def deed(session: Session, engine: object) -> None:
            errands.engine.start(
                session,
                "errand",
                business_key="undone:1",
                payload={"to": seller.id, "due": NOW + HOUR},
                actor_id=None,
                now=NOW,
            )
            raise RuntimeError("the power is cut")

        with pytest.raises(RuntimeError):
            errands.act(deed)

        assert told() == []


class TestPages:
    def test_the_bell_counts_and_lists_them_in_the_readers_language(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        errands.open(seller)
        log_in(user=seller)
        page = client.get("/diary/").text
        english = client.get("/diary/notifications").text
        seller.language = "ru"
        session.commit()
        russian = client.get("/diary/notifications").text

        assert re.search(r'data-test="unread">1<', page)
        assert "A new task for you. Due 13:00." in english
        assert "Новая задача для вас. Срок: 13:00." in russian
        assert "Перезвонить: test:1" in russian

    def test_opening_one_marks_it_and_shows_its_case(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        errands.open(seller)
        log_in(user=seller)
        first = session.scalar(select(Notification.id).order_by(Notification.id))

        answer = client.post(f"/diary/notifications/{first}")

        assert answer.location == f"/cases/{task.instance_id}?task={task.id}"
        assert re.search(r'data-test="unread">1<', client.get("/diary/").text)

    def test_all_can_be_marked_as_read(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, colleague: User, session: Session
    ) -> None:
        errands.open(seller)
        errands.open(colleague)
        log_in(user=seller)

        client.post("/diary/notifications/read")

        unread = session.scalars(select(Notification.user_id).where(Notification.read_at.is_(None))).all()
        assert unread == [colleague.id]

    def test_another_persons_cannot_be_opened(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User, colleague: User
    ) -> None:
        errands.open(colleague)
        log_in(user=seller)
        number = session.scalar(select(Notification.id))

        assert client.post(f"/diary/notifications/{number}").status_code == 404

    def test_wishes_are_kept_and_what_is_wrong_is_said(
        self, client: FlaskClient, log_in: LogIn, seller: User, session: Session
    ) -> None:
        log_in(user=seller)
        wishes = {"mail": "true", "quiet_from": "22:00", "quiet_until": "07:30", "wanted": ["reminder", "escalation"]}

        saved = client.post("/diary/settings", data=wishes, follow_redirects=True).text
        refused = client.post("/diary/settings", data={**wishes, "quiet_from": "late"})

        wish = services.find_preference(session, seller.id)
        assert "Your wishes are saved." in saved
        assert set(wish.muted.split(",")) == {"assigned", "delegated", "woken", "incident", "process"}
        assert f"{wish.quiet_from:%H:%M}-{wish.quiet_until:%H:%M}" == "22:00-07:30"
        assert refused.status_code == 422

    def test_the_link_in_a_mail_mutes_a_kind_with_one_button(
        self, client: FlaskClient, log_in: LogIn, seller: User, session: Session
    ) -> None:
        log_in(user=seller)

        page = client.get("/diary/settings?mute=reminder").text
        client.post("/diary/settings/mute", data={"kind": "reminder"})

        assert "Hear no more of: Reminders of own tasks?" in page
        assert services.find_preference(session, seller.id).muted == "reminder"

    def test_who_is_not_signed_in_is_asked_to(self, client: FlaskClient, app: Flask) -> None:
        assert client.get("/diary/settings?mute=reminder").status_code == 302
        assert client.post("/diary/settings/mute", data={"kind": "reminder"}).status_code == 401


class TestAFailedMessage:
    def test_is_told_by_the_bell_to_who_looks_after_incidents_and_never_mailed(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn, seller: User
    ) -> None:
        admin = make_user(session, "admin")
        session.commit()
        self.refuse(app, session)

        (told,) = session.scalars(select(Notification))
        log_in(user=admin)
        page = client.get("/diary/notifications", headers={"Accept-Language": "ru"}).text
        opened = client.post(f"/diary/notifications/{told.id}")

        assert (told.user_id, told.kind, told.mailed_at) == (admin.id, NotificationKind.INCIDENT, NOW)
        assert "Не отправлено, сбой № 1." in page
        assert opened.location == "/incidents/1"

    @staticmethod
    def refuse(app: Flask, session: Session) -> None:
        incident = Incident(kind="send", error="550", opened_at=NOW, command='{"outbox": 1}')
        session.add(incident)
        session.flush()
        with app.app_context():
            events.publish(SendFailed(incident), session=session)
        session.commit()


class TestAFailedStep:
    def test_is_told_to_administrators_until_it_is_resolved(
        self, session: Session, errands: Errands, seller: User, centre: Centre, told: Told
    ) -> None:
        admin, owner = make_user(session, "admin"), make_user(session, "crm_manager")
        unwilling, entrusted = make_user(session, "admin"), make_user(session, "marketer")
        make_user(session, "group_director")
        session.add(PermissionOverride(user_id=unwilling.id, permission="repair.see", scope=None))
        session.add(PermissionOverride(user_id=entrusted.id, permission="repair.see", scope="group"))
        session.commit()
        task = errands.open(seller, centre=centre)

        number = self.fail(errands, task, by=admin)
        first = told()
        self.resolve(errands, number, by=owner)

        assert first == [(seller.id, "assigned"), *((each.id, "incident") for each in (admin, owner, entrusted))]
        assert self.unread(session) == [(seller.id, "assigned")]

    def test_a_cancelled_case_leaves_none_unread(
        self, session: Session, errands: Errands, seller: User, told: Told
    ) -> None:
        admin = make_user(session, "admin")
        session.commit()
        task = errands.open(seller)
        self.fail(errands, task, by=seller)
        other = errands.open(seller)
        self.fail(errands, other, by=seller)

        act = Act("By mistake", seller.id, NOW, "cancel")
        errands.act(lambda database, engine: engine.repair.cancel(database, task.instance_id, act))

        left = [row for row in self.unread(session) if row[1] == "incident"]
        assert (told().count((admin.id, "incident")), left) == (2, [(admin.id, "incident")])

    def test_leads_to_the_incident(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        admin = make_user(session, "admin")
        session.commit()
        number = self.fail(errands, errands.open(seller), by=seller)
        mine = session.scalars(select(Notification.id).where(Notification.user_id == admin.id)).one()
        log_in(user=admin)

        assert client.post(f"/diary/notifications/{mine}").location == f"/incidents/{number}"

    def test_of_no_case_is_told_by_the_bell(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands
    ) -> None:
        admin = make_user(session, "admin")
        session.commit()

        def deed(database: Session, engine: Engine) -> None:
            row = DueRow(kind=DueKind.MESSAGE, ref=1, due_at=NOW, next_at=NOW, dedupe="x", attempts=5)
            give_up(database, engine.kernel, row, RuntimeError("no such message"), NOW)

        errands.act(deed)
        log_in(user=admin)

        page = client.get("/diary/notifications", headers={"Accept-Language": "ru"}).text
        assert "Таймер" in page
        assert "сбой № 1" in page

    @staticmethod
    def fail(errands: Errands, task: HumanTask, *, by: User) -> int:
        found: list[int] = []

        def deed(session: Session, engine: Engine) -> None:
            incident = open_incident(
                session, kind="timer", error=RuntimeError("x"), command={}, now=NOW, instance_id=task.instance_id
            )
            event = EventDraft(EventKind.INCIDENT_OPENED, task.element, payload={"incident": incident.id})
            note(session, engine.kernel, task.instance_id, [event], actor_id=by.id, now=NOW)
            found.append(incident.id)

        errands.act(deed)
        return found[0]

    @staticmethod
    def resolve(errands: Errands, number: int, *, by: User) -> None:
        errands.act(
            lambda session, engine: engine.repair.give_up(session, number, reason="No need", now=NOW, actor_id=by.id)
        )

    @staticmethod
    def unread(session: Session) -> list[tuple[int, str]]:
        session.rollback()
        rows = session.scalars(select(Notification).where(Notification.read_at.is_(None)).order_by(Notification.id))
        return [(row.user_id, row.kind.value) for row in rows]
