"""A deputy from the first day: he sees and serves the tasks of a colleague who is away."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.desk import Seat, complete_step, open_task, part
from tests.browser.showroom import PEOPLE, Showroom
from webapp.staff import services
from webapp.staff.models import Absence, User

CUSTOMER = "Зинаида Крот"


@pytest.fixture
def seller_is_away(showroom: Showroom) -> None:
    """Since today, and the deputy knows; whichever of these tests comes first in this process."""
    now = showroom.clock.now()
    with showroom.write() as session:
        seller = session.get_one(User, showroom.people["seller"])
        if not session.scalars(select(Absence).where(Absence.user_id == seller.id, Absence.ends_at > now)).all():
            midnight = showroom.local_now().replace(hour=0, minute=0, second=0, microsecond=0)
            services.add_absence(
                session,
                seller,
                starts_at=midnight,
                ends_at=midnight + timedelta(days=3),
                deputy_id=showroom.people["deputy"],
                actor_id=seller.id,
                now=now,
            )


def test_a_deputy_serves_what_waits_for_an_absent_colleague(showroom: Showroom, seat: Seat) -> None:
    case = showroom.open_case(name=CUSTOMER, visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    deputy = seat("deputy")
    deputy.goto("/diary/")
    expect(deputy.locator("#day")).not_to_contain_text(CUSTOMER)
    today = showroom.local_now().date()

    seller = seat("seller")
    seller.goto("/profile")
    seller.locator("[name=first_day]").fill(today.isoformat())
    seller.locator("[name=last_day]").fill((today + timedelta(days=2)).isoformat())
    seller.locator("[name=deputy_id]").select_option(label=PEOPLE["deputy"][0])
    part(seller, "add-absence").click()
    expect(part(seller, "message")).to_be_visible()

    open_task(deputy, CUSTOMER)
    complete_step(deputy, outcome="confirmed")
    assert showroom.task_of(case).element == "welcome"
    deputy.goto(f"/cases/{case}?view=chronicle")
    expect(part(deputy, "chronicle").first).to_contain_text(PEOPLE["deputy"][0])


@pytest.mark.usefixtures("seller_is_away")
def test_the_day_names_the_colleague_and_says_why_it_is_mine(showroom: Showroom, seat: Seat) -> None:
    showroom.open_case(name="Пелагея Ручей", visit_at=showroom.local_now() + timedelta(days=1, hours=4))
    deputy = seat("deputy")

    deputy.goto("/diary/")

    day = deputy.locator("#day")
    expect(day).to_contain_text("Пелагея Ручей")
    expect(day).to_contain_text(f"за коллегу: {PEOPLE['seller'][0]}")
    part(deputy, "why").click()
    expect(part(deputy, "why-text")).to_contain_text(PEOPLE["seller"][0])


@pytest.mark.usefixtures("seller_is_away")
def test_who_is_told_is_the_deputy(showroom: Showroom, seat: Seat) -> None:
    showroom.open_case(name="Юлиан Мороз", visit_at=showroom.local_now() + timedelta(days=1, hours=2))
    deputy, seller = seat("deputy"), seat("seller")

    deputy.goto("/diary/notifications")
    seller.goto("/diary/notifications")

    expect(deputy.locator("main")).to_contain_text("Юлиан Мороз")
    expect(seller.locator("main")).not_to_contain_text("Юлиан Мороз")
