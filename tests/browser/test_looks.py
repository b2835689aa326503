"""Every main page: nothing serious for axe in light and dark, no sideways scrolling, a silent console."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom
from tests.browser.workshop import book_visit, open_workshop
from tests.webapp.campaigns.routes import make_campaign, make_event, segment
from webapp.aftersales.models import VisitStatus
from webapp.campaigns.models import CampaignCost, CampaignStatus, EventParticipant, GuestStatus
from webapp.staff.models import Centre, User

SIZES = {"desk": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
BELOW_44 = (
    "all => all.filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML.slice(0, 90))"
)
SERIOUS = ("serious", "critical")
# what a page without a person shows, and what one with a person does
NOT_FOUND = ("/no-such-page", "/unsubscribe/not-a-link")
OUTSIDE = ("/sign-in", "/forgotten-password", "/unsubscribe/not-a-link")
INSIDE = (
    "/diary/",
    "/diary/focus",
    "/diary/calendar",
    "/diary/calendar?as=list",
    "/diary/notifications",
    "/diary/settings",
    "/register",
    "/register/call",
    "/customers",
    "/customers/new",
    "/customers/1",
    "/customers/1/edit",
    "/customers/1/consents",
    "/customers/1/consents/give?kind=advertising",
    "/customers/consent-texts",
    "/cars",
    "/cars/1",
    "/cars/1/edit",
    "/service/board",
    "/cases",
    "/cases/1",
    "/cases/1?view=diagram",
    "/cases/1?view=chronicle",
    "/cases/1?view=known",
    "/cases/1/correct/first_answer",
    "/control/",
    "/incidents",
    "/funnel",
    "/funnel/cases?figure=opened",
    "/funnel/trend?what=conversion.contact",
    "/funnel/compare?f=process%3Dsales_worksheet&f=process%3Dsales_worksheet%26period%3Dall",
    "/funnel/log",
    "/spend",
    "/spend/new",
    "/campaigns",
    "/campaigns/1",
    "/campaigns/segments",
    "/campaigns/segments/new",
    "/campaigns/segments/1",
    "/campaigns/events",
    "/campaigns/events/1",
    "/campaigns/events/1/guests",
    "/campaigns/events/1/guests/1/interest",
    "/studio/guide",
    "/studio/guide/decisions",
    "/system",
    "/staff",
    "/staff/new",
    "/staff/1",
    "/staff/centres",
    "/staff/centres/new",
    "/profile",
    "/no-such-page",
)
PAGES = (("", OUTSIDE), ("admin", INSIDE), ("seller", ("/diary/", "/cases/2")))
TOO_WIDE = """() => new Promise(done => requestAnimationFrame(() =>
    done(document.scrollingElement.scrollWidth - window.innerWidth)))"""


@pytest.fixture(scope="module", autouse=True)
def busy(showroom: Showroom) -> None:
    """Something to see on every page: a lead that was answered, one that waits, one that is late."""
    showroom.open_lead(name="Екатерина Длиннофамильная-Задунайская")
    showroom.complete(
        "first_answer",
        by="operator",
        outcome="visit_now",
        first_name="Екатерина",
        last_name="Задунайская",
        sex="f",
        source="radio",
        purpose="new_car",
        interest_type="new",
        pd_basis="request_of_subject",
        consent_marketing="no",
    )
    for hour, name in ((19, "Илья Порт"), (20, "Карп Остров")):
        showroom.open_case(name=name, visit_at=showroom.local_now().replace(hour=hour))
    showroom.open_lead(name="Тихон Бор")
    open_workshop(showroom)
    at_eleven = showroom.next_monday().replace(hour=11)
    book_visit(showroom, "Ларин Пётр", at_eleven, plate="В552МК20", status=VisitStatus.IN_WORK)
    _advertise(showroom)


def _advertise(showroom: Showroom) -> None:
    """A campaign with a budget, and an event at whose door one guest has come and one is awaited."""
    now = showroom.clock.now()
    today = showroom.local_now().date()
    with showroom.write() as session:
        owner, centre = session.get_one(User, 1), session.get_one(Centre, showroom.centres["North"])
        segment(session, owner, centre)
        running = make_campaign(
            session,
            owner,
            centre,
            status=CampaignStatus.SENDING,
            starts_on=today,
            ends_on=today + timedelta(days=20),
        )
        line = {"item": "Объявления на порталах", "contractor": "Агентство", "planned": Decimal(166_700)}
        session.add(CampaignCost(campaign_id=running.id, position=0, **line))
        days = {"first_day": today, "last_day": today, "counts_until": today + timedelta(days=60)}
        event = make_event(session, owner, centre, starts_at=now, **days)
        for customer, status in ((1, GuestStatus.CAME), (2, GuestStatus.CONFIRMED)):
            came = now if status is GuestStatus.CAME else None
            session.add(
                EventParticipant(event_id=event.id, customer_id=customer, status=status, added_at=now, came_at=came)
            )


def axe_findings(page: Page, *rules: str) -> list[str]:
    """`rules`: only these, else all."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {violation['id']}: {', '.join(str(node['target']) for node in violation['nodes'][:4])}"
        for violation in found
        if violation["impact"] in SERIOUS
    ]


def test_axe_finds_nothing_serious(seat: Seat, problems: list[str]) -> None:
    findings: list[str] = []
    for person, paths in PAGES:
        page = seat(person)
        for path in paths:
            page.emulate_media(color_scheme="light", reduced_motion="reduce")  # colours change at once
            visit(page, path)
            findings += axe_findings(page)
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # where nothing but the colours is another
            expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
            findings += [f"dark: {each}" for each in axe_findings(page, "color-contrast")]
    forget_missing_pages(problems)
    assert not findings, "\n".join(findings)


def test_no_page_scrolls_sideways(seat: Seat, problems: list[str]) -> None:
    wide: list[str] = []
    for person, paths in PAGES:
        page = seat(person)
        for path in paths:
            visit(page, path)
            for width, height in SIZES.values():
                page.set_viewport_size({"width": width, "height": height})
                over = page.evaluate(TOO_WIDE)
                for _ in range(20):  # charts draw themselves anew a little later
                    if over <= 0:
                        break
                    page.wait_for_timeout(100)
                    over = page.evaluate(TOO_WIDE)
                if over > 0:
                    wide.append(f"{path}: {over} px too wide at {width}")
    forget_missing_pages(problems)
    assert not wide, "\n".join(wide)


def test_on_a_phone_the_end_of_a_page_stands_above_the_bar(seat: Seat) -> None:
    width, height = SIZES["phone"]
    page = seat("admin", size={"width": width, "height": height})
    for path in ("/staff", "/cases", "/funnel"):
        visit(page, path)
        page.evaluate("() => window.scrollTo({ top: 1e6, behavior: 'instant' })")
        end = page.evaluate("() => document.querySelector('main').getBoundingClientRect().bottom")
        bar = page.evaluate("() => document.querySelector('.bottombar').getBoundingClientRect().top")
        assert end <= bar + 1, path


def test_on_a_phone_the_head_of_a_case_has_room_for_the_way_through_the_list(seat: Seat) -> None:
    width, height = SIZES["phone"]
    page = seat("admin", size={"width": width, "height": height})
    visit(page, "/cases")
    page.locator("main table a").first.click()
    expect(part(page, "walk")).to_be_visible()
    page.locator(".crumb > .nw").evaluate("each => { each.textContent = 'RL-000466, Nordis Fjord Touring Exclusive' }")
    assert page.evaluate(TOO_WIDE) <= 0


def test_a_tablet_has_targets_for_fingers(seat: Seat) -> None:
    width, height = SIZES["tablet"]
    small: list[str] = []
    for person, paths in (("admin", ("/control/", "/staff", "/diary/calendar")), ("seller", ("/diary/", "/cases/2"))):
        page = seat(person, size={"width": width, "height": height})
        for path in paths:
            visit(page, path)
            targets = page.locator(".btn, .chip, .rail-link, .form-control, .form-select").filter(visible=True)
            small += [f"{path}: {text}" for text in targets.evaluate_all(BELOW_44)]
    assert not small, "\n".join(small)


def test_acts_without_room_stand_in_a_menu(seat: Seat) -> None:
    width, height = SIZES["tablet"]
    page = seat("seller", size={"width": width, "height": height})
    visit(page, "/cases/2")

    box = page.locator(".actbar").bounding_box()
    assert box is not None
    assert box["height"] < 80  # one line
    part(page, "more-acts").click()
    part(page, "offer-lost").locator("visible=true").click()

    expect(page.locator("#offer-lost")).to_be_visible()


def visit(page: Page, path: str) -> None:
    """The page as it stands after its islands have woken."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (404 if path in NOT_FOUND else 200), f"{path}: {answer.status}"
    page.wait_for_function("() => !document.querySelector('[data-island]:not([data-ready])')")


def forget_missing_pages(problems: list[str]) -> None:
    """Pages that are asked for in vain are the only ones about which the console may complain."""
    missed = tuple(f"{path}: Failed to load resource" for path in NOT_FOUND)
    problems[:] = [problem for problem in problems if not any(each in problem for each in missed)]
