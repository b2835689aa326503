"""The papers of a deal at the salesperson's desk: printed, listed with their numbers, kept as they were."""

import re

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom
from tests.webapp.sales.answers import ARRIVED, CHOICE, DRIVEN, NEEDS, OFFER, PRESENTED
from webapp.inquiries.models import InquiryChannel

PAPERS = {
    "sales.worksheet": {"ru": "Рабочий лист РЛ-", "en": "Worksheet RL-"},
    "sales.offer": {"ru": "Коммерческое предложение КП-", "en": "Commercial offer CO-"},
    "sales.test_drive": {"ru": "Договор тест-драйва ТД-", "en": "Test-drive agreement TD-"},
}


def open_offer(showroom: Showroom) -> int:
    """A case in which a car was driven and an offer is being thought over."""
    case = showroom.open_case(channel=InquiryChannel.WALK_IN)
    showroom.complete_in(case, **ARRIVED, handed_to=str(showroom.people["seller"]))
    showroom.complete_in(case, **NEEDS)
    showroom.complete_in(case, **CHOICE)
    showroom.complete_in(case, **(PRESENTED | {"outcome": "test_drive", "skip_reason": ""}))
    showroom.complete_in(case, **(DRIVEN | {"demo_car": f"Aurelia S4, {case}"}))  # one car is on one drive at a time
    showroom.complete_in(case, **(OFFER | {"outcome": "thinking"}))
    return case


def papers_on(page: Page) -> Locator:
    return part(page, "papers").filter(visible=True)


def read_pdf(page: Page, address: str) -> bytes:
    answer = page.request.get(address, timeout=60_000)  # pages are set as they are asked for
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    content = answer.body()
    assert content.startswith(b"%PDF-")
    return content


def print_paper(page: Page, paper: str, language: str) -> str:
    """Print it in this language; its address. A browser without a viewer of PDF files saves what it opens."""

    def is_printed(answer: Response) -> bool:
        return answer.request.method == "POST" and answer.url.endswith("/papers")

    button = part(papers_on(page), f"paper-{paper}").locator(f'button[value="{language}"]')
    with page.context.expect_event("response", is_printed) as event:
        button.click()
    return str(event.value.headers["location"])


@pytest.mark.parametrize("language", ["ru", pytest.param("en", marks=pytest.mark.long)])
def test_papers_of_a_deal_are_printed_listed_and_kept(showroom: Showroom, seat: Seat, language: str) -> None:
    case = open_offer(showroom)
    page = seat("seller", language=language)
    page.goto(f"/cases/{case}")

    kept, contents = {}, {}
    for paper in PAPERS:
        kept[paper] = print_paper(page, paper, language)
        contents[paper] = read_pdf(page, kept[paper])

    page.reload()
    listed = part(papers_on(page), "printed")
    expect(listed).to_have_count(len(PAPERS))
    for paper, title in PAPERS.items():
        number = re.compile(re.escape(title[language]) + r"\d{6}")
        expect(listed.filter(has_text=number)).to_have_attribute("href", re.compile(kept[paper].split("/papers/")[1]))

    assert print_paper(page, "sales.offer", language) == kept["sales.offer"]  # nothing has changed

    showroom.complete_in(case, outcome="ready", reason_used="answer", objection="none")
    cheaper = {**OFFER, "lines": [OFFER["lines"][0] | {"price": "2300000"}], "outcome": "thinking"}
    showroom.complete_in(case, **cheaper)
    page.reload()
    second = print_paper(page, "sales.offer", language)
    assert second != kept["sales.offer"]
    assert read_pdf(page, second) != contents["sales.offer"]
    assert read_pdf(page, kept["sales.offer"]) == contents["sales.offer"]
    page.reload()
    expect(part(papers_on(page), "printed")).to_have_count(len(PAPERS) + 1)


@pytest.mark.parametrize("language", ["ru", pytest.param("en", marks=pytest.mark.long)])
def test_a_blank_worksheet_is_opened_from_the_list_of_cases(showroom: Showroom, seat: Seat, language: str) -> None:
    page = seat("seller", language=language)
    page.goto("/cases")
    with page.context.expect_event("request", lambda asked: "/papers/blank/" in asked.url) as event:
        part(page, "blank-sales.worksheet").first.click()

    assert f"language={language}" in event.value.url
    read_pdf(page, event.value.url)
