"""A campaign from the segment to the result in the browser, with mails that a real SMTP receiver takes."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, complete_step, fill_form, part, step_form
from tests.browser.showroom import CENTRE, Showroom
from tests.webapp.integrations.messaging.mail_server import MailServer, running
from webapp.customers import consents
from webapp.customers.consents import GivenConsent
from webapp.customers.models import ConsentChannel, ConsentKind
from webapp.customers.services import CustomerFacts, create_customer

PEOPLE = {"Вера": True, "Глеб": True, "Дина": False}  # first name, and whether he agrees to mails


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture(scope="module")
def showroom(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer
) -> Iterator[Showroom]:
    folder = tmp_path_factory.mktemp("campaigns")
    shutil.copyfile(sqlite_template, folder / "showroom.sqlite")
    opened = Showroom.open(
        f"sqlite:///{folder}/showroom.sqlite",
        folder,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
    )
    opened.hire({"marketer": ("Лера Зимина", "marketer", CENTRE)})
    with opened.serving():
        yield opened


@pytest.fixture(scope="module")
def customers(showroom: Showroom) -> dict[str, int]:
    """Three of one tag with mail addresses; one has not agreed to advertising."""
    made = {}
    with showroom.write() as session:
        for number, (name, agrees) in enumerate(PEOPLE.items()):
            facts = CustomerFacts(
                first_name=name,
                last_name="Тестова",
                phones=(f"+7 900 000-61-{number:02}",),
                emails=(f"reader{number}@example.com",),
            )
            customer = create_customer(session, facts, actor_id=None, now=showroom.clock.now())
            made[name] = customer.id
            if agrees:
                given = GivenConsent(ConsentKind.ADVERTISING, (ConsentChannel.EMAIL,))
                consents.give_consent(session, customer, given, actor_id=None, now=showroom.clock.now())
    return made


def test_a_campaign_from_the_segment_to_the_result(
    seat: Seat, showroom: Showroom, mail_server: MailServer, customers: dict[str, int]
) -> None:
    page: Page = seat("marketer")
    _tag(page, customers)
    _build_segment(page)
    _prepare(page)
    campaign = _campaign_page(page)
    _approve(seat("head"))

    page.goto(campaign)
    part(page, "case").click()
    at = showroom.local_now() + timedelta(minutes=30)
    complete_step(page, send_at=f"{at:%Y-%m-%dT%H:%M}")
    showroom.wait_until(at + timedelta(minutes=1))
    for _ in range(3):
        showroom.beat()

    assert sorted(mail_server.recipients) == ["reader0@example.com", "reader1@example.com"]
    first = next(mail for mail in mail_server.mails if mail["To"] == "reader0@example.com")
    assert first["Subject"] == "Шины для вас, Вера"
    assert "Назовите код ШИНЫ26" in first.get_content()
    assert re.search(r"/unsubscribe/\S+", first.get_content())
    page.goto(campaign)
    expect(part(page, "state-sent")).to_have_text("2")
    expect(part(page, "state-skipped_no_consent")).to_have_text("1")

    showroom.register(phone="", name="", customer_id=customers["Вера"], campaign="", handed_to=None)
    page.goto(campaign)
    expect(part(page, "fact-contacts")).to_have_text("1")
    expect(part(page, "responses")).to_contain_text("Тестова Вера")
    showroom.wait_until(showroom.clock.now() + timedelta(days=60))
    page.context.clear_cookies()
    page.context.add_cookies([showroom.cookie("marketer")])
    page.goto(campaign)
    part(page, "case").click()
    complete_step(page, outcome="reached", conclusion="Письма работают", repeat="yes")
    page.goto(campaign)
    expect(part(page, "result")).to_contain_text("Письма работают")


def _tag(page: Page, customers: dict[str, int]) -> None:
    """Mark whom the campaign is for, on their cards."""
    for number in customers.values():
        page.goto(f"/customers/{number}")
        part(page, "tags").locator("[name=tags]").fill("Шины, клуб")
        part(page, "save-tags").click()
        expect(part(page, "tags")).to_contain_text("шины")


def _build_segment(page: Page) -> None:
    """Add a criterion, watch the count follow, save."""
    page.goto("/campaigns/segments/new")
    expect(part(page, "count")).to_have_text("3")
    part(page, "add-criterion").click()
    part(page, "add-age").click()
    expect(part(page, "criterion-age")).to_be_visible()
    page.locator('[name="g0c0.from"]').press_sequentially("30")
    expect(part(page, "count")).to_have_text("0")  # nobody has told his age
    part(page, "criterion-age").locator('[name="act"]').click()
    expect(part(page, "count")).to_have_text("3")
    part(page, "add-criterion").click()
    part(page, "add-tag").click()
    part(page, "criterion-tag").locator("label", has_text="шины").click()
    expect(part(page, "count")).to_have_text("3")
    expect(part(page, "reach")).to_contain_text("2")
    expect(part(page, "sample")).to_contain_text("Тестова Дина")
    page.locator("[name=name]").fill("Любители шин")
    part(page, "save").click()
    expect(page.get_by_role("heading", level=1).filter(visible=True)).to_have_text("Любители шин")


def _prepare(page: Page) -> None:
    """From «New campaign» to the budget."""
    page.goto("/campaigns")
    part(page, "empty").get_by_role("link").click()
    page.locator("[name=subject]").fill("Весенние шины")
    page.locator("main form button[type=submit]").first.click()
    complete_step(
        page,
        code="шины26",
        type="retention",
        goal_metric="contacts",
        goal_value="1",
        starts_on="2026-03-02",
        ends_on="2026-03-20",
    )
    step_form(page).locator("[name=segment]").select_option(label="Любители шин")
    complete_step(page, window_days="30")
    mail = {
        "channels.0.subject_ru": "Шины для вас, {first_name}",
        "channels.0.text_ru": "Здравствуйте, {first_name}! Назовите код {code}.",
        "channels.0.subject_en": "Tyres for you, {first_name}",
        "channels.0.text_en": "Hello {wrong}",
    }
    fill_form(step_form(page), **mail)
    part(page, "complete").click()
    expect(page.locator("main")).to_contain_text("{wrong}")  # the gap that nobody can fill is named
    complete_step(page, **{"channels.0.text_en": "Hello {first_name}, name {code}."})
    complete_step(page, response_percent="20", sale_percent="10", expected_margin="50000", margin_percent="5")


def _campaign_page(page: Page) -> str:
    page.goto("/campaigns")
    part(page, "campaign").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Ждёт решения")
    return page.url


def _approve(page: Page) -> None:
    page.goto("/campaigns")
    part(page, "campaign").get_by_role("link").first.click()
    part(page, "case").click()
    complete_step(page, decision="approved")
