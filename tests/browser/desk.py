"""What a person does in the browser, and what a page must never do: fail in the console or run foreign text."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Error, FloatRect, Locator, Page, Route, expect

from tests.browser.showroom import Showroom

# the browser's clock goes with the application's; see MovingClock
SHIFTED_DATE = """(() => {
  const ahead = %d, Machine = Date;
  window.Date = class extends Machine {
    constructor(...given) { given.length ? super(...given) : super(Machine.now() + ahead); }
    static now() { return Machine.now() + ahead; }
  };
})()"""

# A page that refuses a form says so to the console too, and so does htmx of a request that the page left behind;
# one that failed is told as a sendError or a responseError besides.
EXPECTED = re.compile(r"status of 422|status of 409|^htmx:(afterRequest|sendAbort)\b")

LOADING = "html:has(script[type=module]):not([data-ready])"

Seat = Callable[..., Page]


def sit_down(context: BrowserContext, showroom: Showroom, problems: list[str], *, scripts: bool = True) -> Page:
    """A page in this context, whose scripts may be switched off; what goes wrong on it is added to `problems`."""
    context.set_default_timeout(30_000)
    context.add_init_script(SHIFTED_DATE % (showroom.clock.ahead / timedelta(milliseconds=1)))
    page = context.new_page()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            problems.append(f"{page.url}: {message.text}")

    def fail(error: Error) -> None:
        problems.append(f"{page.url}: {error}")

    def hear_dialog(dialog: Dialog) -> None:
        problems.append(f"{page.url}: a dialog opened: {dialog.message}")
        dialog.dismiss()

    page.on("console", hear)
    page.on("pageerror", fail)
    page.on("dialog", hear_dialog)
    if scripts:  # a click that a page's script does not hear yet is lost: an act waits until the page stands
        page.add_locator_handler(page.locator(LOADING), lambda: page_stands(page))
    return page


def page_stands(page: Page) -> None:
    """Wait until the page's script has started with its islands: before a key that follows another page."""
    expect(page.locator("html[data-ready]")).to_be_attached()


@contextmanager
def held_back(page: Page, address: str) -> Iterator[Callable[[], None]]:
    """Answers from this address wait until the block is left; what it yields waits until one was asked for."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def asked() -> None:
        for _ in range(200):
            if held:
                return
            page.wait_for_timeout(50)
        raise AssertionError(f"Nobody asked for {address}")

    page.route(address, hold)
    yield asked
    for route in held:
        route.continue_()
    page.unroute(address, hold)


def box_of(locator: Locator) -> FloatRect:
    """Where the element is once it stands still: a part that is just being drawn anew has no place for a moment."""
    before = None
    for _ in range(100):
        box = locator.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        locator.page.wait_for_timeout(50)
    raise AssertionError(f"{locator} does not stand still")


def part(page: Page | Locator, name: str) -> Locator:
    return page.locator(f'[data-test="{name}"]')


def fill_form(form: Locator, **answers: Any) -> None:
    """Answer the fields of a step's form, in the given order: later ones may appear by earlier ones."""
    for name, answer in answers.items():
        for value in answer if isinstance(answer, list) else [answer]:
            field = form.locator(f'[name="{name}"]')
            kind = field.first.evaluate("field => field.type || field.tagName")
            if kind in ("radio", "checkbox"):
                form.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
            elif kind == "select-one":
                field.select_option(str(value))
            elif kind == "hidden":
                find_record(field, str(value))
            else:
                field.fill(str(value))


def find_record(field: Locator, value: str) -> None:
    """Type the name of a record and take it from what is found; `field` holds what was chosen."""
    box = field.locator("xpath=..")
    address = f"{box.get_attribute('data-search')}?value={value}"
    language = field.page.evaluate("document.documentElement.lang")
    headers = {"Accept": "application/json", "Accept-Language": language}
    (record,) = field.page.request.get(address, headers=headers).json()
    box.locator("[data-typed]").fill(record["label"])
    box.locator(f'[role=option][data-value="{value}"]').click()
    expect(field).to_have_value(value)


def sign(form: Locator, name: str) -> None:
    """Draw a signature on the field of this name."""
    canvas = part(form, f"sign-{name}")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    assert frame is not None
    mouse = form.page.mouse
    mouse.move(frame["x"] + 60, frame["y"] + 60)
    mouse.down()
    for step in range(1, 8):
        mouse.move(frame["x"] + 60 + 20 * step, frame["y"] + 60 + (20 if step % 2 else -20))
    mouse.up()
    expect(form.locator(f'[data-files="{name}"] input[data-type=file]')).to_have_count(1)


def step_form(page: Page) -> Locator:
    return page.locator("#step-form")


def complete_step(page: Page, **answers: Any) -> None:
    fill_form(step_form(page), **answers)
    part(page, "complete").click()
    expect(part(page, "message").first).to_be_visible()


def acts_stand(page: Page) -> None:
    """Wait until the acts of the open step stand where they stay: in their row or in its menu."""
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    expect(page.locator('[data-island="fits"][data-arranged]')).to_be_attached()


def open_offer(page: Page, offer: str) -> Locator:
    """Open the dialog of a button such as «Refused»; its form."""
    acts_stand(page)
    button = part(page, f"offer-{offer}").first
    if not button.is_visible():  # there was no room for it beside the main button
        part(page, "more-acts").click()
    button.click()
    return page.locator(f"#offer-{offer} form")


def open_task(page: Page, customer: str) -> None:
    """From My day into the case of this customer, whichever list the task stands in."""
    page.goto("/diary/")
    target = page.locator("#day").locator('[data-test="next"], [data-test="task"], [data-test="lead"]')
    card = target.filter(has_text=customer).filter(visible=True).first
    take = part(card, "claim")
    (take if take.count() else card.locator('a[href*="/cases/"]').first).click()
    expect(part(page, "step-name")).to_be_visible()


def moment(value: Any) -> str:
    """As a field for date and time takes it."""
    return str(value.strftime("%Y-%m-%dT%H:%M"))
