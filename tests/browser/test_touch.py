"""A drawing on a tablet: one finger moves it, two bring it nearer, a tap opens what stands at a step."""

from datetime import timedelta

import pytest
from playwright.sync_api import CDPSession, FloatRect, Page, expect

from tests.browser.desk import Seat, box_of, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER
from webapp.funnel.step_cli import follow_log

SCROLLING = 400  # ms until a page that follows a finger stands still
TABLET = {"width": 820, "height": 1180}
PLACE = """() => {
  const { a, e, f } = document.querySelector(".djs-container g.viewport").getCTM();
  return [a, e, f];
}"""
# of the page and of all its parts that hold the drawing
SCROLLED = """() => {
  let sum = scrollY;
  for (let at = document.querySelector("[data-island=diagram]"); at; at = at.parentElement) sum += at.scrollTop;
  return sum;
}"""
Spot = tuple[float, float]


@pytest.fixture(scope="module")
def case(showroom: Showroom) -> int:
    """A case with one answered step, counted in the figures of the heat map."""
    showroom.hire(OWNER)
    opened = showroom.open_case(name="Юлия Громова", visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    showroom.complete_in(opened, outcome="confirmed", who_comes=["family"], comment="Приедут в три")
    with showroom.app.app_context():
        follow_log()
        follow_log()
    return opened


class Fingers:
    """On the glass: each act is told to the browser as a screen tells it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def drag(self, *ways: tuple[Spot, Spot], steps: int = 8) -> None:
        """Each finger from one spot to another, all at once."""
        self._tell("touchStart", [start for start, _ in ways])
        for step in range(1, steps + 1):
            share = step / steps
            spots = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in ways]
            self._tell("touchMove", spots)
        self._tell("touchEnd", [])

    def _tell(self, kind: str, spots: list[Spot]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(spots)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def middle(box: FloatRect) -> Spot:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def place(page: Page) -> tuple[float, float, float]:
    """Size and place of what is drawn."""
    size, x, y = page.evaluate(PLACE)
    return size, x, y


def moved_and_zoomed(page: Page) -> None:
    """One finger and two, on the first drawing of the page; the page itself stays."""
    canvas = page.locator("[data-island=diagram]").first
    expect(canvas.locator(".djs-container g.viewport")).to_be_attached()
    canvas.scroll_into_view_if_needed()
    fingers, (x, y) = Fingers(page), middle(box_of(canvas))
    scrolled = page.evaluate(SCROLLED)

    size, left, top = place(page)
    fingers.drag(((x, y), (x - 90, y + 60)))
    assert place(page) == pytest.approx((size, left - 90, top + 60), abs=2)

    fingers.drag(((x - 30, y), (x - 90, y)), ((x + 30, y), (x + 90, y)))
    assert place(page)[0] == pytest.approx(size * 3, rel=0.1)
    fingers.drag(((x - 90, y), (x - 30, y)), ((x + 90, y), (x + 30, y)))
    assert place(page) == pytest.approx((size, left - 90, top + 60), rel=0.02, abs=4)
    assert page.evaluate(SCROLLED) == scrolled


def test_the_drawing_of_a_process(showroom: Showroom, seat: Seat, case: int) -> None:
    page = seat("owner", language="ru", size=TABLET, has_touch=True)
    page.goto("/processes?show=sales_worksheet")
    moved_and_zoomed(page)


def test_the_heat_map(showroom: Showroom, seat: Seat, case: int) -> None:
    page = seat("owner", language="ru", size=TABLET, has_touch=True)
    page.goto("/processes/sales_worksheet/map")
    moved_and_zoomed(page)
    page.reload()
    page.locator(".djs-container a[data-test^=badge-]").first.tap()
    expect(page.get_by_text("Юлия Громова").first).to_be_visible()


def test_the_diagram_of_a_case(showroom: Showroom, seat: Seat, case: int) -> None:
    page = seat("seller", language="ru", size=TABLET, has_touch=True)
    page.goto(f"/cases/{case}?view=diagram")
    moved_and_zoomed(page)
    page.reload()
    canvas, answered = page.locator("[data-island=diagram]"), page.locator("[data-element-id=confirm_visit].d-answered")
    expect(answered).to_be_attached()
    x, y = middle(box_of(canvas))
    for _ in range(20):  # the drawing shows the current step; the answered one is some drags away
        left, top = middle(box_of(answered))
        if abs(left - x) < 20 and abs(top - y) < 20:
            break
        by_x, by_y = (max(-200, min(200, way)) for way in (x - left, y - top))
        Fingers(page).drag(((x - by_x / 2, y - by_y / 2), (x + by_x / 2, y + by_y / 2)), steps=4)
    answered.tap()
    expect(page.locator("dialog[id^=answers-][open]")).to_be_visible()


def test_the_page_scrolls_beside_the_drawing(showroom: Showroom, seat: Seat, case: int) -> None:
    page = seat("owner", language="ru", size=TABLET, has_touch=True)
    page.goto("/processes?show=errand")
    expect(page.locator(".djs-container")).to_be_attached()
    row = part(page, "process-service_work")
    row.scroll_into_view_if_needed()
    before, (x, y) = page.evaluate(SCROLLED), middle(box_of(row))
    Fingers(page).drag(((x, y), (x, y - 300)))
    page.wait_for_timeout(SCROLLING)
    assert page.evaluate(SCROLLED) > before + 100

    canvas = page.locator("[data-island=diagram]")
    canvas.scroll_into_view_if_needed()
    scrolled, (x, y) = page.evaluate(SCROLLED), middle(box_of(canvas))
    Fingers(page).drag(((x, y), (x, y + 100)))
    page.wait_for_timeout(SCROLLING)
    assert page.evaluate(SCROLLED) == scrolled
