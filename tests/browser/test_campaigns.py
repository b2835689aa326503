"""A campaign from the segment to the result in the browser, with mails that a real SMTP receiver takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, complete_step, fill_form, part, step_form
from tests.browser.showroom import CENTRE, Showroom, empty_place
from tests.webapp.integrations.messaging.mail_server import MailServer, running
from webapp.customers import consents
from webapp.customers.consents import GivenConsent
from webapp.customers.models import ConsentChannel, ConsentKind
from webapp.customers.services import CustomerFacts, create_customer

AGREE = (True, True, False)  # of three readers, who agrees to mails


@dataclass(frozen=True)
class Words:
    """What the marketer reads and types, and how the three readers are called."""

    language: str
    people: tuple[str, str, str]
    surname: str
    phone: str
    tags: str
    tag: str  # as the card shows it
    segment: str
    campaign: str
    code: str
    mail: str  # subject to the first reader
    in_mail: str
    waiting: str
    conclusion: str


RUSSIAN = Words(
    "ru",
    ("Вера", "Глеб", "Дина"),
    "Тестова",
    "+7 900 000-61-0{}",
    "Шины, клуб",
    "шины",
    "Любители шин",
    "Весенние шины",
    "шины26",
    "Шины для вас, Вера",
    "Назовите код ШИНЫ26",
    "Ждёт решения",
    "Письма работают",
)
ENGLISH = Words(
    "en",
    ("Vera", "Glen", "Dina"),
    "Sample",
    "+49 30 23125 00{}",
    "Tyres, club",
    "tyres",
    "Tyre lovers",
    "Summer tyres",
    "tyres26",
    "Tyres for you, Vera",
    "name code TYRES26",
    "Waits for a decision",
    "Mails work",
)


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture(scope="module")
def showroom(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer
) -> Iterator[Showroom]:
    mail = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none"}
    with empty_place(request, tmp_path_factory) as (url, folder):
        opened = Showroom.open(url, folder, **mail)
        opened.hire({"marketer": ("Лера Зимина", "marketer", CENTRE)})
        with opened.serving():
            yield opened


def _customers(showroom: Showroom, words: Words) -> list[int]:
    """Three of one tag with mail addresses; one has not agreed to advertising."""
    made = []
    with showroom.write() as session:
        for number, (name, agrees) in enumerate(zip(words.people, AGREE, strict=True)):
            facts = CustomerFacts(
                first_name=name,
                last_name=words.surname,
                phones=(words.phone.format(number),),
                emails=(f"{words.language}{number}@example.com",),
            )
            customer = create_customer(session, facts, actor_id=None, now=showroom.clock.now())
            made.append(customer.id)
            if agrees:
                given = GivenConsent(ConsentKind.ADVERTISING, (ConsentChannel.EMAIL,))
                consents.give_consent(session, customer, given, actor_id=None, now=showroom.clock.now())
    return made


@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=lambda words: words.language)
def test_a_campaign_from_the_segment_to_the_result(
    seat: Seat, showroom: Showroom, mail_server: MailServer, words: Words
) -> None:
    customers = _customers(showroom, words)
    page: Page = seat("marketer", language=words.language)
    everybody = _tag(page, customers, words)
    _build_segment(page, words, everybody)
    _prepare(page, words, showroom.local_now().date())
    campaign = _campaign_page(page, words)
    _approve(seat("head", language=words.language), words)

    page.goto(campaign)
    part(page, "case").click()
    at = showroom.local_now() + timedelta(minutes=30)
    _number_rows(page)
    complete_step(page, send_at=f"{at:%Y-%m-%dT%H:%M}")
    showroom.wait_until(at + timedelta(minutes=1))
    for _ in range(3):
        showroom.beat()

    mails = {mail["To"]: mail for mail in mail_server.mails if mail["To"].startswith(words.language)}
    assert sorted(mails) == [f"{words.language}0@example.com", f"{words.language}1@example.com"]
    first = mails[f"{words.language}0@example.com"]
    assert first["Subject"] == words.mail
    assert words.in_mail in first.get_content()
    assert re.search(r"/unsubscribe/\S+", first.get_content())
    page.goto(campaign)
    expect(part(page, "state-sent")).to_have_text("2")
    expect(part(page, "state-skipped_no_consent")).to_have_text("1")

    showroom.register(phone="", name="", customer_id=customers[0], campaign="", handed_to=None)
    page.goto(campaign)
    expect(part(page, "fact-contacts")).to_have_text("1")
    expect(part(page, "responses")).to_contain_text(f"{words.surname} {words.people[0]}")
    showroom.wait_until(showroom.clock.now() + timedelta(days=60))
    page.context.clear_cookies()
    page.context.add_cookies([showroom.cookie("marketer")])
    page.goto(campaign)
    part(page, "case").click()
    complete_step(page, outcome="reached", conclusion=words.conclusion, repeat="yes")
    page.goto(campaign)
    expect(part(page, "result")).to_contain_text(words.conclusion)


def _tag(page: Page, customers: list[int], words: Words) -> int:
    """Mark whom the campaign is for, on their cards; how many customers there are."""
    for number in customers:
        page.goto(f"/customers/{number}")
        part(page, "tags").locator("[name=tags]").fill(words.tags)
        part(page, "save-tags").click()
        expect(part(page, "tags")).to_contain_text(words.tag)
    return max(customers)


def _build_segment(page: Page, words: Words, everybody: int) -> None:
    """Add a criterion, watch the count follow, save."""
    page.goto("/campaigns/segments/new")
    expect(part(page, "count")).to_have_text(str(everybody))
    part(page, "add-criterion").click()
    part(page, "add-age").click()
    expect(part(page, "criterion-age")).to_be_visible()
    page.locator('[name="g0c0.from"]').press_sequentially("30")
    expect(part(page, "count")).to_have_text("0")  # nobody has told his age
    part(page, "criterion-age").locator('[name="act"]').click()
    expect(part(page, "count")).to_have_text(str(everybody))
    part(page, "add-criterion").click()
    part(page, "add-tag").click()
    part(page, "criterion-tag").locator("label", has_text=words.tag).click()
    expect(part(page, "count")).to_have_text("3")
    expect(part(page, "reach")).to_contain_text("2")
    expect(part(page, "sample")).to_contain_text(f"{words.surname} {words.people[2]}")
    page.locator("[name=name]").fill(words.segment)
    part(page, "save").click()
    expect(page.get_by_role("heading", level=1).filter(visible=True)).to_have_text(words.segment)


def _prepare(page: Page, words: Words, today: date) -> None:
    """From «New campaign» to the budget."""
    page.goto("/campaigns")
    part(page, "new-campaign").click()
    page.locator("[name=subject]").fill(words.campaign)
    page.locator("main form button[type=submit]").first.click()
    complete_step(
        page,
        code=words.code,
        type="retention",
        goal_metric="contacts",
        goal_value="1",
        starts_on=f"{today}",
        ends_on=f"{today + timedelta(days=18)}",
    )
    step_form(page).locator("[name=segment]").select_option(label=words.segment)
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
    complete_step(page, **{"channels.0.text_en": "Hello {first_name}, name code {code}."})
    complete_step(page, response_percent="20", sale_percent="10", expected_margin="50000", margin_percent="5")


def _number_rows(page: Page) -> None:
    """Rows that follow each other go on following the same rows when one before them is taken out."""
    form = step_form(page)
    for _ in range(3):
        part(form, "add-tasks").click()
    rows = part(form, "row")
    expect(rows).to_have_count(4)
    for row, after in ((1, "1"), (2, "2"), (3, "3")):
        rows.nth(row).locator('[name$=".after"]').fill(after)
    part(rows.nth(1), "drop-row").click()
    expect(form.locator(".row-number")).to_have_text(["1", "2", "3"])
    assert [each.input_value() for each in form.locator('[name$=".after"]').all()] == ["", "", "2"]
    for _ in range(3):
        part(rows.first, "drop-row").click()


def _campaign_page(page: Page, words: Words) -> str:
    page.goto("/campaigns")
    part(page, "campaign").get_by_role("link", name=words.campaign).first.click()
    expect(page.locator("main")).to_contain_text(words.waiting)
    return page.url


def _approve(page: Page, words: Words) -> None:
    page.goto("/campaigns")
    part(page, "campaign").get_by_role("link", name=words.campaign).first.click()
    part(page, "case").click()
    complete_step(page, decision="approved")
