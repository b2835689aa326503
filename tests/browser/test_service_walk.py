"""A service visit goes through the house: from the call to the call after it, everybody in a session of his own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.departments import Departments, ready_form
from tests.browser.desk import Seat, fill_form, part, sign
from tests.browser.every_kind import picture
from tests.browser.showroom import CENTRE, Showroom
from tests.browser.workshop import open_workshop
from tests.processes.drawings import ROOT, Drawing

PEOPLE = {
    "foreman": ("Тимур Бекетов", "foreman", CENTRE),
    "mechanic": ("Денис Куклин", "technician", CENTRE),
    "checker": ("Семён Горин", "quality_controller", CENTRE),
    "parts": ("Яна Рокотова", "parts_specialist", CENTRE),
    "cashier": ("Нина Фролова", "cashier", CENTRE),
    "crm": ("Майя Седова", "crm_manager", None),
}
WIDE = {"width": 1440, "height": 900}
WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "name": "Марина Белова",
        "words": "Стучит спереди на кочках",
        "job": "ТО, 30 000 км",
        "part": "Масляный фильтр",
        "extra": "Подшипник ступицы",
        "closed": "Закрыт",
    },
    "en": {
        "name": "Olga Panina",
        "words": "Knocks in front on bumps",
        "job": "Maintenance, 30 000 km",
        "part": "Oil filter",
        "extra": "Wheel bearing",
        "closed": "Closed",
    },
}
PLATES = {"ru": "А 123 ВС 178", "en": "В 552 МК 178"}


def step_names(language: str) -> Mapping[str, str]:
    """What the steps of a visit are called, by id."""
    names = {}
    for path in (ROOT / "processes/aftersales").glob("*.bpmn"):
        drawing = Drawing(str(path.relative_to(ROOT)))
        for step in drawing.elements("userTask"):
            names[step.get("id")] = drawing.properties(step)["name.ru"] if language == "ru" else step.get("name")
    return names


@dataclass
class Visit(Departments):
    """The acts of a visit in their order. `at` is when the customer comes."""

    comes: datetime | None = None

    def __post_init__(self) -> None:
        self.names = step_names(self.language)

    @property
    def words(self) -> Mapping[str, str]:
        return WORDS[self.language]

    def moment(self, hours: int) -> str:
        """A moment as a field takes it, counted from now, at a full hour."""
        return (self.house.local_now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:00")

    def call(self) -> None:
        """The dispatcher registers the call and books the visit on its case page."""
        page = self.at("dispatcher")
        page.goto("/register")
        part(page, "register").click()
        page.locator("#register-q").fill(self.house.new_phone())
        page.locator("#register-card [name=name]").fill(self.customer)
        page.locator('label:has([name=purpose][value="service"])').click()
        page.locator("[name=source_code]").select_option("repeat")
        page.keyboard.press("Control+Enter")
        expect(part(page, "saved")).to_contain_text(self.customer.split()[1])
        self.read(page)
        self.open("dispatcher", "book_visit")
        form = ready_form(page)
        fill_form(
            form,
            outcome="booked",
            car_plate=PLATES[self.language],
            car_name="Nordis Alma",
            km="42000",
            reasons=["maintenance"],
            customer_words=self.words["words"],
            repeat_repair="yes",
            wait_or_leave="leave",
        )
        offered = form.locator("[name=slot] option").evaluate_all("found => found.map(each => each.value)")
        chosen = offered[-1]  # on Tuesday: there is time for a call on the day before
        form.locator("[name=slot]").select_option(chosen)
        self.comes = datetime.fromisoformat(chosen.split("/")[0])
        self.finish(page)

    def get_ready(self) -> None:
        """Parts and papers are ready; the customer is reminded on the day before."""
        self.do("parts", "reserve_parts", outcome="none_needed")
        self.do("advisor", "prepare_visit", outcome="ready", checked=["history", "recalls", "warranty"])
        assert self.comes is not None
        self.pass_time(self.comes - timedelta(days=1))
        self.do("dispatcher", "remind_customer", outcome="confirmed")

    def receive(self) -> None:
        """The customer comes, the car is inspected, the order is agreed."""
        assert self.comes is not None
        self.pass_time(self.comes)
        self.do("advisor", "receive_car", km="42010", fuel="half", id_checked="yes", covers_placed="yes")
        self.go_on("advisor", "inspect_car", fluids="ok", wipers="ok", battery="ok")
        page = self.stands(self.at("advisor"), "agree_order")
        form = ready_form(page)
        fill_form(form, outcome="agreed")
        fill_form(
            form,
            **{
                "labour.0.title": self.words["job"],
                "labour.0.hours": "1.6",
                "labour.0.rate": "2500",
            },
        )
        fill_form(form, promised_at=self.moment(6), approved_by="recorded_call")
        self.finish(page)

    def work(self) -> None:
        """More is found, the customer agrees to it, somebody else checks the work."""
        page = self.open("foreman", "assign_work")
        form = ready_form(page)
        fill_form(form, technician=self.house.people["mechanic"], finish_at=self.moment(5))
        self.finish(page)
        page = self.open("mechanic", "do_work")
        form = ready_form(page)
        fill_form(form, outcome="extra_work")
        fill_form(
            form,
            **{
                "extra.0.kind": "labour",
                "extra.0.title": self.words["extra"],
                "extra.0.hours": "2",
                "extra.0.rate": "2500",
            },
        )
        part(form, "pick-extra_photos").set_input_files(
            [{"name": "bearing.png", "mimeType": "image/png", "buffer": picture("red")}]
        )
        expect(form.locator("[data-files=extra_photos] input[data-type=file]")).to_have_count(1)
        self.finish(page)
        self.do("advisor", "approve_extra", outcome="approved", approved_by="recorded_call")
        self.do("mechanic", "do_work", outcome="done", clocked_hours="3")
        checked = ["order_lines", "complaint", "wheels"]
        self.do("checker", "control_quality", outcome="passed", checked=checked)

    def give_back(self) -> None:
        """The car is ready, paid for, and handed over."""
        self.do("advisor", "prepare_return", done=["washed", "papers", "invoice"])
        self.go_on("advisor", "call_ready", outcome="told")
        self.do("cashier", "take_payment", outcome="paid", pay_method="card", document_no="17")
        page = self.open("advisor", "hand_over")
        form = ready_form(page)
        later = str((self.house.local_now() + timedelta(days=365)).date())
        fill_form(form, explained=["lines"], old_parts="none", next_service_on=later)
        sign(form, "signature")
        self.finish(page)

    def follow_up(self) -> None:
        """Three days later the customer is called."""
        self.pass_time(self.house.clock.now() + timedelta(days=4))
        scores = dict.fromkeys(("score_reception", "score_work", "score_time", "score_overall"), "5")
        self.do("crm", "call_after_service", outcome="answered", fixed_first_time="yes", **scores, problem="no")


@pytest.fixture(scope="module")
def house(showroom: Showroom) -> Showroom:
    """A workshop with everybody who serves a visit, on a Monday morning."""
    showroom.next_monday()
    open_workshop(showroom)
    showroom.hire({key: who for key, who in PEOPLE.items() if key not in showroom.people})
    return showroom


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_car_is_booked_served_and_called_about(house: Showroom, seat: Seat, language: str) -> None:
    visit = Visit(house, seat, language, WIDE, WORDS[language]["name"])
    visit.call()
    visit.get_ready()
    visit.receive()
    visit.work()
    visit.give_back()
    visit.follow_up()

    page = visit.at("advisor")
    page.goto("/work-orders")
    row = page.locator("[data-row]").filter(has_text=visit.customer.split()[0])
    expect(row).to_contain_text(WORDS[language]["closed"])
    visit.read(page)
    row.locator("a").first.click()
    expect(part(page, "labour")).to_contain_text(WORDS[language]["extra"])
    expect(part(page, "sums")).to_contain_text("9" + ("\u00a0" if language == "ru" else ",") + "000")
    visit.read(page)
