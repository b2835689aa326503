"""What a process owner does in the editor of drawings."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import part

OWNER = {"owner": ("Майя Седова", "crm_manager", None)}


def open_editor(page: Page, process: str = "sales_worksheet") -> None:
    """From the list of processes into the draft."""
    page.goto("/processes")
    part(page, f"draw-{process}").click()
    drawn(page)


def drawn(page: Page) -> None:
    expect(page.locator("[data-island=editor][data-ready]")).to_be_attached()
    expect(page.locator("[data-canvas] .djs-container")).to_be_visible()


def element(page: Page, element_id: str) -> Locator:
    return page.locator(f"g.djs-element[data-element-id='{element_id}']").first


def choose(page: Page, element_id: str) -> None:
    """A click on it."""
    element(page, element_id).click(force=True)
    expect(part(page, "element-id")).to_have_text(element_id)


def find(page: Page, name: str) -> None:
    """By the name of the step, wherever it is."""
    part(page, "find").fill(name)
    part(page, "find").press("Enter")


def add_step(page: Page, element_id: str, name: str, kind: str = "step") -> str:
    """A step of a person, or another kind, behind the chosen one; its id, which is made of the name."""
    expect(part(page, "element-id")).to_have_text(element_id)
    page.locator(f".djs-context-pad [data-action='append.{kind}']").click()
    expect(page.locator(".djs-direct-editing-content")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    shown = part(page, "element-id")
    expect(shown).not_to_have_text(element_id)
    return shown.inner_text()


def saved(page: Page) -> None:
    """Everything that was drawn is on the server."""
    expect(part(page, "phase")).to_have_attribute("data-phase", "saved")
