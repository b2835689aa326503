"""My day and the control board under the hand: keys, dialogs, what appears by itself, bulk acts."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom


def rows(page: Page) -> list[str]:
    return [str(row.get_attribute("data-task")) for row in page.locator("[data-row]").all()]


def here(page: Page) -> str | None:
    """The row under the keys."""
    return page.locator("[data-row].is-here").get_attribute("data-task")


def test_the_day_is_worked_off_with_keys_alone(showroom: Showroom, seat: Seat) -> None:
    morning = showroom.next_monday()
    for hour in (15, 16, 17):
        showroom.open_case(visit_at=(morning + timedelta(days=2)).replace(hour=hour))
    page = seat("seller")
    page.goto("/diary/")
    expect(page.locator("#day")).to_have_attribute("data-ready", "")
    first, second = rows(page)[:2]

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert here(page) == second
    page.keyboard.press("k")
    assert here(page) == first
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/cases/\d+\?task={first}$"))

    page.goto("/diary/")
    expect(page.locator("#day")).to_have_attribute("data-ready", "")
    page.keyboard.press("f")
    expect(part(page, "focus-task")).to_be_visible()
    task = part(page, "focus-task").get_attribute("data-task")
    expect(page.locator("[data-island=day]")).to_have_attribute("data-ready", "")
    page.keyboard.press("j")
    expect(part(page, "focus-task")).not_to_have_attribute("data-task", str(task))
    expect(page.locator("[data-island=day]")).to_have_attribute("data-ready", "")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/diary/$"))


def test_a_task_is_put_off_in_its_dialog(showroom: Showroom, seat: Seat) -> None:
    morning = showroom.next_monday()
    case = showroom.open_case("Олег Ветров", visit_at=(morning + timedelta(days=2)).replace(hour=18))
    task = showroom.task_of(case)
    page = seat("seller", language="en")
    page.goto("/diary/")
    row = page.locator(f'[data-task="{task.id}"]')

    part(row, "postpone").locator("visible=true").first.click()
    form = part(page, "postpone-form")
    form.get_by_text("Is travelling").click()
    expect(form.locator("[name=day]")).to_be_hidden()
    form.get_by_text("Another date").click()
    expect(form.locator("[name=day]")).to_be_visible()
    form.get_by_text("In a week").click()
    part(form, "submit-postpone").click()

    expect(part(page, "message")).to_contain_text("1 task is put off.")
    expect(row).to_have_count(0)
    assert showroom.task_of(case).sleeps_until is not None


def test_a_new_task_reaches_an_open_page_by_itself(showroom: Showroom, seat: Seat) -> None:
    morning = showroom.next_monday()
    page = seat("seller")
    page.goto("/diary/")
    bell = page.locator(".topbar [data-test=unread]")
    expect(page.locator("body")).to_have_attribute("data-live-state", "open")
    before = int(bell.text_content() or 0)

    case = showroom.open_case("Руслан Амиров", visit_at=(morning + timedelta(days=2)).replace(hour=11))

    expect(bell).to_have_text(str(before + 1))
    expect(page.locator("[data-news]")).to_be_visible()
    page.locator("[data-news] a").click()
    expect(page.locator(f'[data-task="{showroom.task_of(case).id}"]').first).to_contain_text("Руслан Амиров")


def test_the_head_hands_two_steps_over_at_once(showroom: Showroom, seat: Seat) -> None:
    morning = showroom.next_monday()
    cases = [showroom.open_case(visit_at=(morning + timedelta(days=2)).replace(hour=hour)) for hour in (12, 13)]
    tasks = [showroom.task_of(case).id for case in cases]
    page = seat("head", language="en")
    page.goto("/control/?show=open")

    for task in tasks:
        page.locator(f'input[name=task][value="{task}"]').check()
    expect(page.locator("[data-chosen]")).to_contain_text("2")
    part(page, "bulk-reassign").click()
    expect(part(page, "preview").locator("tbody tr")).to_have_count(2)
    page.get_by_label("To whom").select_option(label="Роман Титов")
    page.get_by_label("Why", exact=True).fill("Alina is at a training")
    page.get_by_role("button", name="Hand over 2 steps").click()

    expect(part(page, "message")).to_contain_text("2 steps are handed over.")
    colleague = seat("colleague")
    colleague.goto("/diary/")
    for task in tasks:
        expect(colleague.locator(f'[data-task="{task}"]').first).to_be_visible()
