"""From a reminder to the inbox of a real SMTP server, with the clock moved by hand."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.outbox import deliver_due
from tests.webapp.conftest import MakeApp
from tests.webapp.errands import Errands
from tests.webapp.integrations.messaging.mail_server import MailServer, running
from tests.webapp.staff.factories import NOW, make_user
from webapp.diary import mails, services
from webapp.diary.models import Notification, NotificationKind
from webapp.integrations.messaging.smtp import Security, SmtpSender, SmtpServer
from webapp.staff.models import User

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def inbox() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


class Post:
    """One beat of the heartbeat: what is due in the engine, then the mails, then the outbox."""

    def __init__(self, errands: Errands, inbox: MailServer) -> None:
        self.errands = errands
        self.inbox = inbox

    def beat(self, now: object) -> None:
        self.errands.tick(now)  # type: ignore[arg-type]
        with self.errands.app.app_context(), self.errands.database.write() as session:
            mails.write_mails(session, now=now)  # type: ignore[arg-type]
        server = SmtpServer("127.0.0.1", self.inbox.port, "Marshrut <crm@example.com>", Security.NONE)
        deliver_due(self.errands.database.write, {"mail": SmtpSender(server)}, now=lambda: now)  # type: ignore[arg-type,return-value]

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.inbox.mails]


@pytest.fixture
def post(errands: Errands, inbox: MailServer) -> Post:
    return Post(errands, inbox)


def read_all(session: Session) -> None:
    """The person has looked at the bell."""
    for each in session.scalars(select(Notification).where(Notification.read_at.is_(None))):
        each.read_at = NOW
    session.commit()


def test_a_reminder_at_its_moment_becomes_one_mail(
    post: Post, errands: Errands, seller: User, session: Session
) -> None:
    seller.language = "ru"
    session.commit()
    errands.open(seller, due=NOW + HOUR)

    for minutes in (0, 30, 60, 61, 62):
        post.beat(NOW + minutes * MINUTE)

    (mail,) = post.inbox.mails
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert mail["Subject"] == "Перезвонить: test:1. Срок наступил."
    assert post.inbox.recipients == [seller.email]
    assert "http://127.0.0.1:8000/diary/notifications/" in plain.get_content()
    assert "http://127.0.0.1:8000/diary/settings?mute=reminder" in html.get_content()


def test_the_reader_of_english_reads_english(post: Post, errands: Errands, seller: User, session: Session) -> None:
    seller.language = "en"
    session.commit()
    errands.open(seller, due=NOW + HOUR)

    post.beat(NOW + 61 * MINUTE)

    assert post.subjects() == ["call_back: test:1. It is due now."]


def test_what_was_read_in_time_is_not_mailed(post: Post, errands: Errands, seller: User, session: Session) -> None:
    errands.open(seller)
    read_all(session)

    post.beat(NOW + 10 * MINUTE)

    assert post.inbox.mails == []


def test_new_tasks_are_collected_into_one_digest(post: Post, errands: Errands, seller: User) -> None:
    for number in range(7):
        errands.open(seller, due=NOW + 5 * HOUR, now=NOW + number * MINUTE)

    post.beat(NOW + HOUR)
    before = post.subjects()
    post.beat(NOW + 2 * HOUR)

    assert before == []
    assert post.subjects() == ["7 notifications"]


def test_a_storm_after_an_outage_is_one_digest(post: Post, errands: Errands, seller: User, session: Session) -> None:
    for number in range(40):
        errands.open(seller, due=NOW + HOUR + number * MINUTE)
    read_all(session)
    back = NOW + 6 * HOUR  # nobody ticked for six hours

    for minutes in range(12):
        post.beat(back + minutes * MINUTE)

    mails_of = dict(zip(post.inbox.recipients, post.inbox.mails, strict=True))
    assert len(post.inbox.recipients) == len(mails_of)  # one each: he hears of his tasks, his head of the escalations
    assert mails_of[seller.email]["Subject"] == "40 notifications"  # both reminders of a task say the same by now
    plain = mails_of[seller.email].get_body(("plain",))
    assert plain is not None
    assert "And 10 more." in plain.get_content()


def test_nobody_is_written_to_at_night(post: Post, errands: Errands, seller: User, session: Session) -> None:
    errands.open(seller, due=NOW + 9 * HOUR)  # nine in the evening
    read_all(session)

    for hours in range(9, 20):
        post.beat(NOW + hours * HOUR + MINUTE)
    at_night = post.subjects()
    post.beat(NOW + 20 * HOUR + MINUTE)

    assert at_night == []
    assert len(post.subjects()) == 1


def test_five_mails_are_the_most_a_day_brings(post: Post, errands: Errands, seller: User, session: Session) -> None:
    for hours in range(1, 8):
        errands.open(seller, due=NOW + hours * HOUR)
    read_all(session)

    for minutes in range(0, 8 * 60, 10):
        post.beat(NOW + minutes * MINUTE)

    assert post.inbox.recipients.count(seller.email) == 5


def test_an_escalation_is_written_to_the_head(
    post: Post, errands: Errands, seller: User, head: User, session: Session
) -> None:
    errands.open(seller, due=NOW + HOUR)
    services.save_preference(
        session,
        user_id=seller.id,
        mail=False,
        quiet_from=services.find_preference(session, seller.id).quiet_from,
        quiet_until=services.find_preference(session, seller.id).quiet_until,
        muted=[],
    )
    session.commit()

    post.beat(NOW + HOUR)
    post.beat(NOW + 2 * HOUR)

    assert post.inbox.recipients == [head.email]
    assert post.subjects() == ["call_back: test:1. Alina Lebedeva is late. Due 13:00."]


def test_the_job_writes_nothing_when_nothing_is_pending(errands: Errands, make_app: MakeApp, session: Session) -> None:
    with errands.app.app_context():
        mails.send_pending()

    assert session.scalars(select(Notification)).all() == []


def test_a_person_who_has_left_gets_no_mail(post: Post, errands: Errands, session: Session) -> None:
    leaver = make_user(session, "sales_manager")
    session.commit()
    errands.open(leaver)
    leaver.active = False
    session.commit()

    post.beat(NOW + 3 * HOUR)

    assert post.inbox.mails == []
    assert session.scalar(select(Notification.kind)) is NotificationKind.ASSIGNED


def test_a_line_break_in_a_name_does_not_reach_the_header(
    post: Post, errands: Errands, seller: User, inbox: MailServer
) -> None:
    errands.open(seller, business_key="X\r\nBcc: thief@example.com", due=NOW + HOUR)

    post.beat(NOW + HOUR)

    assert [(mail["Bcc"], "Bcc: thief@example.com" in str(mail["Subject"])) for mail in inbox.mails] == [(None, True)]
