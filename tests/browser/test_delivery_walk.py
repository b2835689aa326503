"""The whole way of a deal through the house: from the call to the car and the first calls after it."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from tests.browser.deal import WORDS, Deal
from tests.browser.departments import PEOPLE
from tests.browser.desk import Seat, part
from tests.browser.reading import reached
from tests.browser.showroom import Showroom

WIDE, TABLET = {"width": 1440, "height": 900}, {"width": 820, "height": 1180}
MILESTONES = (
    *("contact", "visit", "worksheet", "presentation", "test_drive", "trade_in"),
    *("offer", "reservation", "contract", "paid", "delivered"),
)


@pytest.mark.parametrize(
    ("language", "size", "kept_in"),
    [
        pytest.param("ru", WIDE, "showroom", id="ru at a desk"),
        pytest.param("en", TABLET, "postgresql_showroom", id="en on a tablet", marks=pytest.mark.postgresql),
    ],
)
def test_a_car_is_sold_brought_and_handed_over_by_all_departments(
    language: str, size: Mapping[str, int], kept_in: str, seat: Seat, request: pytest.FixtureRequest
) -> None:
    house: Showroom = request.getfixturevalue(kept_in)
    house.hire(PEOPLE)
    deal = Deal(house, seat, language, size, WORDS[language]["name"])
    head = deal.at("head")

    def counted(last: str) -> None:
        """The funnel counts the deal up to this milestone, and no further."""
        far = MILESTONES.index(last) + 1
        assert reached(head) == {name: int(number < far) for number, name in enumerate(MILESTONES)}
        deal.read(head)

    deal.call()
    counted("contact")
    deal.receive()
    counted("worksheet")
    deal.show()
    deal.appraise()
    counted("trade_in")
    deal.offer()
    counted("offer")
    deal.reserve()
    counted("reservation")
    deal.order()
    counted("paid")
    deal.bring()
    deal.prepare()
    deal.hand_over()
    counted("delivered")
    deal.care()
    head.goto("/funnel?process=post_delivery&period=all")
    cells = {name: part(head, f"bar-{name}").locator("[role=cell]").nth(2) for name in ("thanked", "called_d1")}
    for cell in cells.values():
        expect(cell).to_have_text("1")
    deal.read(head)
