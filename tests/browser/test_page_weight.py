"""What a browser must fetch, as the shipped nginx sends it: with the first page, and with every page after it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.desk import Seat, page_stands
from tests.browser.showroom import Showroom, empty_place
from tests.front import nginx_before

FIRST, LATER = 300_000, 30_000  # bytes on the wire
PAGES = ("/diary/", "/cases", "/customers", "/diary/calendar", "/diary/notifications", "/register")


@pytest.fixture(scope="module")
def showroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showroom]:
    with (
        empty_place(request, tmp_path_factory) as (url, folder),
        Showroom.open(url, folder, proxies=1).serving() as opened,
        nginx_before([urlsplit(opened.base_url).port or 0], Path(folder) / "nginx") as opened.base_url,
    ):
        yield opened


def weigh(page: Page, path: str) -> dict[str, int]:
    """Open it and wait; the bytes of each answer that did not come from the browser's memory."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    names: dict[str, str] = {}
    weights: dict[str, int] = {}

    def begun(event: dict[str, object]) -> None:
        response: dict[str, object] = event["response"]  # type: ignore[assignment]
        names[str(event["requestId"])] = urlsplit(str(response["url"])).path

    def ended(event: dict[str, object]) -> None:
        name = names.get(str(event["requestId"]), "")
        weights[name] = weights.get(name, 0) + int(event["encodedDataLength"])  # type: ignore[call-overload]

    client.on("Network.responseReceived", begun)
    client.on("Network.loadingFinished", ended)
    page.goto(path)
    page_stands(page)
    page.wait_for_timeout(500)
    client.detach()
    return weights


def test_pages_are_light(showroom: Showroom, seat: Seat) -> None:
    case = showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    page = seat("seller", at=showroom)

    first = weigh(page, "/diary/")
    later = {path: weigh(page, path) for path in (*PAGES, f"/cases/{case}")}
    again = {path: weigh(page, path) for path in (*PAGES, f"/cases/{case}")}

    assert sum(first.values()) <= FIRST, first
    assert {path: each for path, each in again.items() if sum(each.values()) > LATER} == {}
    assert max(sum(each.values()) for each in later.values()) <= FIRST
