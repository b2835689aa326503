"""The departments of the house in a browser: each acts in a session of its own and finds its steps on its own day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import SHIFTED_DATE, Seat, fill_form, part, step_form
from tests.browser.reading import only_russian
from tests.browser.showroom import CENTRE, Showroom
from tests.processes.drawings import Drawing

PEOPLE = {
    "appraiser": ("Фёдор Ким", "tradein_appraiser", CENTRE),
    "cashier": ("Нина Фролова", "cashier", CENTRE),
    "accountant": ("Рита Маслова", "accountant", None),
    "logistics": ("Артём Сизов", "logistics", None),
    "master": ("Егор Лапин", "pdi_master", CENTRE),
    "delivery": ("Зоя Белкина", "delivery_specialist", CENTRE),
    "advisor": ("Яна Гордеева", "service_advisor", CENTRE),
}
DRAWINGS = ("sales_worksheet", "supply_delivery", "pdi", "post_delivery")
ACCEPT = {"ru": "Принять в работу", "en": "Accept"}


def step_names(language: str) -> Mapping[str, str]:
    """What the steps of the shipped drawings are called, by id."""
    names = {}
    for key in DRAWINGS:
        drawing = Drawing(f"processes/sales/{key}.bpmn")
        for step in drawing.elements("userTask"):
            russian = drawing.properties(step).get("name.ru", "")
            names[step.get("id")] = russian if language == "ru" else step.get("name")
    return names


@dataclass
class Departments:
    """One deal, led by several people. `customer` is whom they look for, `pages` are their sessions by person."""

    house: Showroom
    seat: Seat
    language: str
    size: Mapping[str, int]
    customer: str
    pages: dict[str, Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = step_names(self.language)

    def at(self, person: str) -> Page:
        """The session of this person, opened when he is needed first."""
        if person not in self.pages:
            self.pages[person] = self.seat(person, at=self.house, language=self.language, size=self.size)
        return self.pages[person]

    def pass_time(self, until: datetime) -> None:
        """Let the moment come, in the house and in the browsers."""
        by = until - self.house.clock.now()
        self.house.wait_until(until)
        for page in self.pages.values():
            page.context.add_init_script(SHIFTED_DATE % (by / timedelta(milliseconds=1)))  # besides the earlier ones

    def open(self, person: str, element: str) -> Page:
        """The person finds the step of this customer on his own day and opens it, taking it where it is free."""
        page = self.at(person)
        page.goto("/diary/")
        expect(page.locator("#day")).to_be_visible()
        card = page.locator("#day").locator('[data-test="next"], [data-test="task"], [data-test="lead"]')
        card = card.filter(has_text=self.customer).filter(has_text=self.names[element]).filter(visible=True).first
        expect(card).to_be_visible()
        self.read(page)
        take = part(card, "claim")
        (take if take.count() else card.locator('a[href*="/cases/"]').first).click()
        return self.stands(page, element)

    def stands(self, page: Page, element: str) -> Page:
        """This step stands on the page."""
        expect(part(page, "step-name")).to_have_text(self.names[element])
        expect(part(page, f"step-{element}").first).to_have_attribute("aria-current", "step")
        self.read(page)
        return page

    def do(self, person: str, element: str, **answers: Any) -> Page:
        """Find the step, answer it, finish it."""
        page = self.open(person, element)
        fill_form(ready_form(page), **answers)
        return self.finish(page)

    def go_on(self, person: str, element: str, **answers: Any) -> Page:
        """The next step stands there at once after the person's own: answer it, finish it."""
        page = self.stands(self.at(person), element)
        fill_form(ready_form(page), **answers)
        return self.finish(page)

    def accept(self, person: str, element: str) -> Page:
        """The receiving department takes the hand-over."""
        page = self.open(person, element)
        expect(part(page, "complete").filter(visible=True)).to_have_text(ACCEPT[self.language])
        return self.finish(page)

    def finish(self, page: Page) -> Page:
        """Press the main button; the step is taken."""
        self.read(page)
        with page.expect_navigation():
            part(page, "complete").filter(visible=True).first.click()
        wrong = page.locator(".hint.wrong").all_inner_texts()
        assert not wrong, wrong
        expect(part(page, "message").first).to_be_visible()
        return page

    def read(self, page: Page) -> None:
        """What a page shows is in the language of its reader."""
        if self.language == "ru":
            only_russian(self.house, page)


def ready_form(page: Page) -> Locator:
    """The form of the step, when its script has begun."""
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")
    return form
