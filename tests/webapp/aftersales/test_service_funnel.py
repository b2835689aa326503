"""The funnel of the workshop: bars, both coefficients and money, as counted from the exported log and the orders."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.dealer import Dealer, client_of, moscow
from tests.engine.milestones.definition import Rules, Run, entered_between, ratio, reached, skipped, touched
from tests.webapp.aftersales.service import (
    CONTENT,
    DECLINED,
    agree,
    assign,
    book,
    call_in,
    finish,
    give_back,
    inspect,
    open_by_reminder,
    open_service,
    prepare,
    prepare_service,
    receive,
    remind,
    return_car,
    slot,
)
from tests.webapp.demo.dealer import read_runs
from webapp.aftersales.models import WorkOrder, Workshop
from webapp.core.models import AuditEntry
from webapp.funnel.log import write_log
from webapp.inquiries.models import InquiryChannel

PROCESS = "service_seven_processes"
ADDRESS = f"/funnel?process={PROCESS}&period=all"
RULES = Rules(
    mandatory=("call", "booking", "arrival", "order", "paid", "returned"),
    optional=("appointment", "kept", "followed_up"),
)
HEADERS = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def service(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dealer]:
    """A month of a workshop. In the comments: whether he called, booked, had to come, and came by appointment."""
    folder = tmp_path_factory.mktemp("funnel")
    with open_service(prepare_service(dealer_template, folder), folder) as dealer:
        with dealer.write() as session:
            session.get_one(Workshop, dealer.centres["North"]).hour_cost = Decimal("900.00")
        _play(dealer)
        yield dealer


def _play(dealer: Dealer) -> None:
    _call(dealer, 1)  # called and did not book; told of it twice
    _call(dealer, 1)
    dealer.complete("book_visit", by="operator", outcome="not_booked", not_booked_reason="no_free_time")
    _call(dealer, 2)  # called, booked, cancelled in time
    book(dealer, car_plate="А 002 ВС 178")
    prepare(dealer)
    dealer.do("remind_customer", by="dispatcher", outcome="cancelled", reason="plans_changed")
    _call(dealer, 3)  # called, booked and moved: once; came by appointment and did not like the price
    book(dealer, car_plate="А 003 ВС 178")
    prepare(dealer)
    dealer.do("remind_customer", by="dispatcher", outcome="moved", slot=slot(dealer, moscow(6, 11)))
    prepare(dealer)
    remind(dealer)
    dealer.wait_until(moscow(6, 11))
    receive(dealer)
    inspect(dealer)
    dealer.complete("agree_order", by="advisor", **DECLINED)
    dealer.wait_until(moscow(10, 11))
    _call(dealer, 4)  # called, booked, came by appointment, paid
    book(dealer, moscow(12, 11), car_plate="А 004 ВС 178")
    prepare(dealer)
    remind(dealer)
    _repair(dealer, 12)
    dealer.complete("call_after_service", by="crm", **CONTENT)
    _call(dealer, 5)  # called, booked, did not come
    book(dealer, moscow(19, 11), car_plate="А 005 ВС 178")
    dealer.wait_until(moscow(19, 12))
    for _ in range(3):
        dealer.complete("call_absentee", by="dispatcher", outcome="no_answer")
    _call(dealer, 7, channel=InquiryChannel.WALK_IN)  # came without a call
    _repair(dealer, 20)
    dealer.complete("call_after_service", by="crm", **CONTENT)
    open_by_reminder(dealer)  # we called him; booked, came by appointment and looks at the offer
    dealer.wait_until(moscow(26, 12))
    dealer.complete("call_about_service", by="operator", outcome="booked")
    book(dealer, moscow(27, 11))
    prepare(dealer)
    remind(dealer)
    dealer.wait_until(moscow(27, 11))
    receive(dealer)
    _call(dealer, 6)  # called and booked for a day that has not come
    dealer.do("book_visit", by="operator", outcome="booked", slot=slot(dealer, moscow(31, 11)), **_need(6))


def _call(dealer: Dealer, number: int, **facts: object) -> None:
    call_in(dealer, phone=f"8 900 000-42-{number:02}", name=f"Guest {number}", **facts)


def _need(number: int) -> dict[str, object]:
    return {
        "car_plate": f"А 00{number} ВС 178",
        "car_model": "aurelia_s4",
        "km": "42000",
        "reasons": ["maintenance"],
        "customer_words": "Knocks",
        "repeat_repair": "no",
        "wait_or_leave": "leave",
        "jobs": ["maintenance_30"],
    }


def _repair(dealer: Dealer, day: int) -> None:
    """From the arrival to the day of the last call."""
    dealer.wait_until(moscow(day, 11))
    receive(dealer)
    agree(dealer, moscow(day, 17))
    assign(dealer, moscow(day, 16))
    finish(dealer)
    give_back(dealer)
    return_car(dealer)
    dealer.wait_until(moscow(day + 4, 12))


def text_of(page: str, test: str) -> str:
    found = re.search(rf'<(\w+)[^>]*data-test="{re.escape(test)}"[^>]*>(.*?)</\1>', page, re.S)
    assert found, test
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group(2))).split())


def told_by(service: Dealer, folder: Path) -> list[Run]:
    """The episodes, from the export alone and by the literal definition."""
    exported = folder / "log.csv"
    with service.read() as session, exported.open("w", encoding="utf-8", newline="") as file:
        write_log(session, file, PROCESS)
    return read_runs(exported, PROCESS, RULES)


def test_every_bar_and_both_coefficients_are_those_of_the_exported_log(service: Dealer, tmp_path: Path) -> None:
    runs = told_by(service, tmp_path)

    page = client_of(service, "director").get(ADDRESS, headers=HEADERS).text
    by_date = client_of(service, "director").get(f"{ADDRESS}&counting=event_date", headers=HEADERS).text

    for rank, name in enumerate(RULES.mandatory, 1):
        assert text_of(page, f"reached-{name}") == str(len(reached(runs, rank))), name
        assert f"touched {len(touched(runs, name))}, skipped {len(skipped(runs, rank))}" in page
    for name in RULES.optional:
        assert text_of(page, f"touched-{name}") == str(len(touched(runs, name))), name
    first, last = moscow(1, 0), moscow(31, 23)
    for name in (*RULES.mandatory, *RULES.optional):
        assert text_of(by_date, f"touched-{name}") == str(len(entered_between(runs, name, first, last))), name
    booked, kept = ratio(runs, "booking", "call"), ratio(runs, "kept", "appointment")
    assert (booked, kept) == ((5, 6), (3, 4))  # as told by the comments of the month
    assert f"{booked[0]} / {booked[1]}" in text_of(page, "ratio-total")
    assert f"{kept[0]} / {kept[1]}" in text_of(page, "ratio-total")


def test_reasons_are_told_in_the_words_of_the_form_that_asked(service: Dealer) -> None:
    english = client_of(service, "director").get(f"{ADDRESS}&at=call", headers=HEADERS).text
    russian = client_of(service, "director").get(f"{ADDRESS}&at=call", headers={"Accept-Language": "ru"}).text
    listed = (
        client_of(service, "director")
        .get("/cases?state=closed&columns=d.outcome_reason", headers={"Accept-Language": "ru"})
        .text
    )

    assert "No free time" in english
    assert "Нет свободного времени" in russian
    assert "Нет свободного времени" in listed
    assert not re.search(r">\s*(no_free_time|plans_changed)\s*<", english + russian + listed)


def test_the_booking_rate_is_told_for_who_booked_also_where_nobody_was_booked(service: Dealer) -> None:
    page = client_of(service, "director").get(f"{ADDRESS}&by=booked_by", headers=HEADERS).text
    rates = re.sub(r"<[^>]+>|&nbsp;|\s+", " ", page.partition('data-test="ratios"')[2].partition("</section>")[0])

    assert re.search(r"Inna Zueva\s+83\.3\s*%\s+5\s*/\s*6", rates), rates
    assert "Nobody" not in rates


def test_everybody_begins_with_the_funnel_of_his_department(service: Dealer) -> None:
    for person, process in (
        ("dispatcher", "Service visit"),
        ("foreman", "Service visit"),
        ("seller", "Sales worksheet"),
    ):
        page = client_of(service, person).get("/funnel", headers=HEADERS).text
        assert f"Funnel: {process}" in page, person
    sees = client_of(service, "dispatcher").get(f"{ADDRESS}&at=call", headers=HEADERS).text

    assert text_of(sees, "reached-call") == text_of(
        client_of(service, "director").get(ADDRESS, headers=HEADERS).text, "reached-call"
    )


def test_the_profit_of_an_order_is_known_when_all_its_costs_are(service: Dealer) -> None:
    with service.read() as session:
        first, second = session.scalars(select(WorkOrder).order_by(WorkOrder.id))
        part = first.part_lines[0].id
        assert (first.cost, first.gross_profit, first.labour_cost) == (None, None, Decimal("1440.00"))
    advisor, address = client_of(service, "advisor"), f"/work-orders/{first.id}"
    assert "Gross profit –" in text_of(client_of(service, "director").get(ADDRESS, headers=HEADERS).text, "money")

    refused = advisor.post(f"{address}/costs", data={f"cost-{part}": "cheap", "hour_cost": "900"}, headers=HEADERS)
    saved = advisor.post(
        f"{address}/costs", data={f"cost-{part}": "350,50", "hour_cost": "900"}, headers=HEADERS, follow_redirects=True
    )

    assert (refused.status_code, "Enter a sum" in refused.text, "cheap" in refused.text) == (422, True, True)
    # 4810 less 867.38 of tax, less 1.6 hours at 900 and a filter for 350.50
    assert "Gross profit 2,152.12 ₽" in text_of(saved.text, "profit").replace("\u00a0", " ")
    money = text_of(client_of(service, "director").get(ADDRESS, headers=HEADERS).text, "money").replace("\u00a0", " ")
    assert money.startswith("Revenue 9,620 ₽ of 2 cases")
    assert money.endswith("Gross profit 2,152.12 ₽ known of 1 of 2")
    with service.read() as session:
        acts = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "aftersales.order.costed"))
        assert list(acts) == [f"aftersales.order:{first.id}"]
    for person in ("mechanic", "seller"):
        assert "350.5" not in client_of(service, person).get(address, headers=HEADERS).text
        assert client_of(service, person).post(f"{address}/costs", data={}).status_code == 403
    assert "—" in text_of(advisor.get(f"/work-orders/{second.id}", headers=HEADERS).text, "profit")
