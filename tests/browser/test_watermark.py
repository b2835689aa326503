"""The mark of bpmn.io, which its licence wants to be seen, on every page that draws; and no page breaks its policy."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, page_stands
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER
from webapp.studio import drafts
from webapp.studio.models import DraftKind

PHONE = 390
SIZES = ((1440, 900), (820, 1180), (PHONE, 844))
POLICY = "document.addEventListener('securitypolicyviolation', e => console.error('policy', e.violatedDirective))"
MARKS = ".bjs-powered-by:visible, .fjs-powered-by-link:visible"
# whether the mark lies in the window, and what is on top at its middle and near its corners
SEEN = """mark => {
  const box = mark.getBoundingClientRect();
  if (box.width < 20 || box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) {
    return `in ${innerWidth}x${innerHeight} it lies at ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`;
  }
  const spots = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  for (const [x, y] of spots) {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    if (!mark.contains(top)) return `under ${top?.outerHTML.slice(0, 120)}`;
  }
  return "";
}"""


@pytest.fixture(scope="module")
def pages(showroom: Showroom) -> dict[str, str]:
    """Every kind of page that draws: its address."""
    showroom.hire(OWNER)
    case = showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    found = {
        "library": "/processes?show=sales_worksheet",
        "heat map": "/processes/sales_worksheet/map",
        "test run": "/studio/processes/sales_worksheet/test",
        "case": f"/cases/{case}?view=diagram",
    }
    drawn = {"editor": (DraftKind.PROCESS, "errand"), "table": (DraftKind.DECISION, "discount")}
    drawn["form"] = (DraftKind.FORM, "sales/needs_analysis")
    with showroom.write() as session:
        for name, (kind, key) in drawn.items():
            draft = drafts.open_draft(session, kind, key, actor_id=None, now=showroom.clock.now())
            found[name] = f"/studio/drafts/{draft.id}"
        found["publishing"] = f"{found['editor']}/publish"
    return found


def complaints(page: Page) -> list[str]:
    marks = page.locator(MARKS)
    expect(marks.first).to_be_attached()
    found = []
    for mark in marks.all():
        mark.evaluate("mark => mark.scrollIntoView({ block: 'center', behavior: 'instant' })")
        found.append(str(mark.evaluate(SEEN)))
    return [each for each in found if each]


@pytest.mark.parametrize("name", ["library", "heat map", "test run", "case", "editor", "table", "form", "publishing"])
def test_it_is_seen_whole_at_every_width(pages: dict[str, str], seat: Seat, name: str) -> None:
    page = seat("owner", language="ru")
    page.add_init_script(POLICY)
    wrong: dict[str, list[str]] = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(pages[name])
        page_stands(page)
        if name == "form" and width == PHONE:  # the form as the server draws it, without a tool of bpmn.io
            expect(page.locator("[data-island=designer]")).to_be_visible()
            expect(page.locator(".fjs-container:visible")).to_have_count(0)
        elif found := complaints(page):
            wrong[f"{width} px"] = found
    assert wrong == {}
