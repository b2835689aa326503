"""What the step of the work order finds filled in: kind, lines, and what they come to."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.human_tasks.form_values import work_out
from engine.human_tasks.forms import read_form
from tests.dealer import Dealer, client_of, moscow
from tests.processes.drawings import ROOT
from tests.webapp.aftersales.service import INSPECTED, book, call_in, open_service, prepare_service, receive, walk_in
from webapp.aftersales.cases import visit_values
from webapp.aftersales.models import OrderKind, Workshop
from webapp.aftersales.prefilling import propose_kind

RATE = Decimal(2500)
WIPERS = {"item": "Worn wipers", "state": "urgent", "decision": "now"}


@pytest.fixture(scope="module")
def template(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_service(dealer_template, tmp_path_factory.mktemp("service"))


@pytest.fixture
def service(template: Path, tmp_path: Path) -> Iterator[Dealer]:
    with open_service(template, tmp_path) as dealer:
        with dealer.write() as session:
            session.get_one(Workshop, dealer.centres["North"]).rate = RATE
        yield dealer


def proposed(dealer: Dealer, *findings: Mapping[str, Any], **reception: Any) -> Mapping[str, Any]:
    """What the order's form may ask for after an inspection with these findings."""
    walk_in(dealer)
    receive(dealer, **reception)
    dealer.complete("inspect_car", by="advisor", **(INSPECTED | {"findings": list(findings)}))
    with dealer.read() as session, dealer.app.test_request_context():
        return visit_values(session, 1)


class TestLines:
    def test_what_is_agreed_now_is_a_line_at_the_price_that_was_named(self, service: Dealer) -> None:
        known = proposed(service, WIPERS | {"job": "Change the wipers", "price": "5000"})

        assert known["labour"] == [{"title": "Change the wipers", "hours": 2, "rate": RATE, "qty": 1}]
        assert known["parts"] == []

    @pytest.mark.parametrize(
        ("told", "hours", "rate"),
        [
            ({"price": "1000", "hours": "0.7"}, "0.7", "1428.57"),
            ({"price": "1000", "hours": "3"}, "3", "333.33"),
            ({"price": "999.99"}, "1", "999.99"),
            ({"hours": "0.5"}, "0.5", "2500"),
        ],
    )
    def test_hours_and_rate_come_to_no_more_than_was_named(
        self, service: Dealer, told: Mapping[str, str], hours: str, rate: str
    ) -> None:
        (line,) = proposed(service, WIPERS | told)["labour"]

        assert (line["title"], line["hours"], line["rate"]) == ("Worn wipers", Decimal(hours), Decimal(rate))

    def test_a_part_agreed_now_is_a_line_of_parts(self, service: Dealer) -> None:
        known = proposed(service, WIPERS | {"kind": "part", "price": "1900.50"})

        assert [(part["title"], part["price"], part["qty"]) for part in known["parts"]] == [
            ("Worn wipers", Decimal("1900.50"), 1)
        ]
        assert known["labour"] == []

    @pytest.mark.parametrize("decision", ["later", "refused"])
    def test_what_is_put_off_is_no_line(self, service: Dealer, decision: str) -> None:
        known = proposed(service, WIPERS | {"decision": decision, "price": "5000"})

        assert (known["labour"], known["parts"]) == ([], [])

    def test_it_stands_after_the_booked_jobs_on_the_page_of_the_step(self, service: Dealer) -> None:
        call_in(service)
        book(service)
        service.wait_until(moscow(5, 8))
        receive(service)
        found = {"findings": [WIPERS | {"job": "Change the wipers", "price": "5000"}]}
        service.complete("inspect_car", by="advisor", **(INSPECTED | found))

        page = client_of(service, "advisor").get(f"/cases/{service.cases()[0].id}", headers={"Accept-Language": "ru"})

        assert 'name="labour.1.title"' in page.text
        assert 'value="Change the wipers"' in page.text

    def test_a_row_that_is_added_has_the_price_of_a_norm_hour(self, service: Dealer) -> None:
        proposed(service)

        page = client_of(service, "advisor").get(f"/cases/{service.cases()[0].id}", headers={"Accept-Language": "en"})

        added = page.text.partition('name="labour.__n__.rate"')[2].partition(">")[0]
        assert 'value="2\N{NO-BREAK SPACE}500"' in added


class TestKind:
    @pytest.mark.parametrize(
        ("reasons", "kind"),
        [
            (["warranty"], OrderKind.WARRANTY),
            (["recall"], OrderKind.RECALL),
            (["recall", "warranty"], OrderKind.WARRANTY),
            (["maintenance", "warranty"], OrderKind.PAID),
            (["repair"], OrderKind.PAID),
            ([], OrderKind.PAID),
        ],
    )
    def test_it_follows_the_reasons(self, reasons: list[str], kind: OrderKind) -> None:
        assert propose_kind(reasons) is kind

    def test_the_step_is_preset_with_it(self, service: Dealer) -> None:
        assert proposed(service, reasons=["warranty"])["order_kind"] == "warranty"


class TestSums:
    LINES = ({"title": "Wipers", "hours": Decimal(2), "rate": RATE, "qty": 1},)

    @pytest.mark.parametrize(
        ("kind", "to_pay"), [("paid", 5000), ("insurance", 5000), ("warranty", 0), ("recall", 0), ("goodwill", 0)]
    )
    def test_the_customer_pays_by_the_kind_also_without_parts(self, service: Dealer, kind: str, to_pay: int) -> None:
        form = read_form((ROOT / "forms/aftersales/agree_order.form").read_text())
        answers = {"outcome": "agreed", "kind": kind, "labour": list(self.LINES), "parts": []}

        worked = work_out(form, answers, {}, now=service.clock.now()).values

        assert (worked["labour_total"], worked["parts_total"], worked["total"]) == (5000, 0, to_pay)
