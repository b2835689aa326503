"""An unserved task reminds, then escalates: in the bell of the page, and by a mail that arrives."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import PEOPLE, Showroom, empty_place
from tests.webapp.integrations.messaging.mail_server import MailServer, running

CUSTOMER = "Вероника Сад"


@pytest.fixture(scope="module")
def post_office() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture(scope="module")
def showroom(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, post_office: MailServer
) -> Iterator[Showroom]:
    """The dealer with a mail server."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": post_office.port, "smtp_security": "none"}
    with (
        empty_place(request, tmp_path_factory) as (url, folder),
        Showroom.open(url, folder, **mail).serving() as opened,
    ):
        yield opened


def mails_to(post_office: MailServer, person: str) -> str:
    """Subjects and texts of what has arrived."""
    arrived = [mail for mail in post_office.mails if f"{person}@example.com" in str(mail["To"])]
    return "\n".join(f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in arrived)


def test_an_unserved_task_reminds_its_holder_and_then_tells_his_head(
    showroom: Showroom, seat: Seat, post_office: MailServer
) -> None:
    visit = showroom.next_monday() + timedelta(days=1, hours=5)
    case = showroom.open_case(name=CUSTOMER, visit_at=visit)
    due = showroom.task_of(case).due_at
    assert due is not None
    seller = seat("seller")
    seller.goto("/diary/")
    unread = part(seller, "unread").filter(visible=True).first

    showroom.clock.set(due + timedelta(minutes=1))
    before = int(unread.inner_text() or 0)
    showroom.beat()
    showroom.beat()  # what the first one has put into the outbox goes with the second

    # the figure on the open page moves without a reload
    expect(unread).not_to_have_text(str(before or ""))
    part(seller, "bell").filter(visible=True).first.locator("summary").click()
    reminder = seller.locator('[data-kind="reminder"]').filter(visible=True).first
    expect(reminder).to_contain_text(CUSTOMER)
    assert CUSTOMER in mails_to(post_office, "seller")
    assert mails_to(post_office, "head") == ""
    reminder.click()
    expect(seller.locator("h1").filter(visible=True)).to_contain_text(CUSTOMER)

    showroom.clock.set(due + timedelta(hours=3, minutes=45))
    showroom.beat()
    showroom.clock.set(due + timedelta(hours=16))  # nobody is written to at night
    showroom.beat()
    showroom.beat()

    head = seat("head")
    head.goto("/diary/notifications")
    escalation = head.locator('[data-kind="escalation"]').first
    expect(escalation).to_contain_text(CUSTOMER)
    assert CUSTOMER in mails_to(post_office, "head")
    head.goto("/control/")
    expect(head.locator("main")).to_contain_text(CUSTOMER)
    head.goto(f"/cases/{case}?view=chronicle")
    expect(part(head, "chronicle").first).to_contain_text(PEOPLE["head"][0])
