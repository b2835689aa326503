"""The funnel ends in money: revenue, what a case of each milestone costs, and what each source brings."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine.history.recording import EventKind
from engine.instances.models import ProcessInstance
from engine.milestones.episodes import apply
from engine.milestones.fold import LoggedEvent
from engine.milestones.models import Episode
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.funnel.test_page import text_of
from tests.webapp.inquiries.test_spending import make_spend
from tests.webapp.sales.factories import make_worksheet
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.aftersales.models import OrderKind, OrderState, ServiceVisit, WorkOrder
from webapp.core.reference import ship_all
from webapp.funnel.money import Money
from webapp.sales.models import Sale
from webapp.staff.models import Centre, User

pytestmark = on_both_databases
ALL = ("funnel.see", "funnel.see_money", "inquiries.see_spend")


class Dealer:
    """Worksheets with their cases and sales."""

    def __init__(self, app: Flask, session: Session, pipeline: Pipeline) -> None:
        with app.app_context():
            ship_all(session)
        self.session, self.pipeline = session, pipeline
        self.centre = make_centre(session)
        self.seller = make_user(session, name="Anna Orlova")

    def sell(
        self,
        price: str,
        *,
        source: str = "radio",
        owner: User | None = None,
        centre: Centre | None = None,
        at: datetime = NOW - timedelta(days=5),
    ) -> None:
        seller = owner or self.seller
        sheet = make_worksheet(self.session, seller, centre or self.centre)
        self.session.add(
            Sale(
                worksheet_id=sheet.id,
                model_code="nordis_terra",
                price=Decimal(price),
                contract_number="1",
                delivered_on=at.date(),
                recorded_at=at + timedelta(hours=4),
            )
        )
        self.session.flush()
        self.pipeline.open(
            seller,
            "contact",
            "visit",
            "worksheet",
            "delivered",
            centre=centre or self.centre,
            source=source,
            outcome="won",
            at=at,
            business_key=sheet.business_key,
        )

    def talk(self, times: int, *, source: str = "radio") -> None:
        for _ in range(times):
            self.pipeline.open(self.seller, "contact", centre=self.centre, source=source)


@pytest.fixture
def dealer(app: Flask, session: Session, pipeline: Pipeline) -> Dealer:
    return Dealer(app, session, pipeline)


def test_the_last_line_is_what_the_cohort_brought(client: FlaskClient, dealer: Dealer, log_in: LogIn) -> None:
    log_in(*ALL)
    dealer.sell("3000000.50")
    dealer.sell("2000000")
    dealer.sell("9", at=NOW - timedelta(days=50))  # opened before the period

    page = client.get("/funnel").text

    assert text_of(page, "money") == (
        "Revenue 5,000,000.50 ₽ of 2 cases, until today Gross profit – what these cases cost us is not known"
    )
    assert "3,000,000.50" in client.get("/funnel/cases?figure=reached&at=delivered").text


def test_by_event_date_the_money_counts_by_its_own_day(client: FlaskClient, dealer: Dealer, log_in: LogIn) -> None:
    log_in(*ALL)
    midnight = datetime(2026, 1, 31, 21, tzinfo=NOW.tzinfo)  # in Moscow: the first day of the period begins
    dealer.sell("7", at=midnight - timedelta(hours=2))  # opened before, recorded two hours after
    dealer.sell("5", at=midnight - timedelta(hours=9))

    assert "7 ₽ of 1 case, in the period" in text_of(client.get("/funnel?counting=event_date").text, "money")


def test_a_reopened_case_brings_its_money_once(client: FlaskClient, dealer: Dealer, log_in: LogIn) -> None:
    log_in(*ALL)
    dealer.sell("100")
    first = dealer.session.query(Episode).one()
    case = dealer.session.get_one(ProcessInstance, first.instance_id)
    with dealer.pipeline.app.app_context():
        plan = dealer.pipeline.engine.store.latest(dealer.session, "sale").plan
    again = LoggedEvent(10_000, case.id, EventKind.CASE_REOPENED, NOW - timedelta(days=1))
    apply(dealer.session, case, [again], plan)
    dealer.session.commit()

    page = client.get("/funnel").text

    assert text_of(page, "opened") == "2 cases"
    assert "100 ₽ of 1 case" in text_of(page, "money")


def test_a_visit_to_the_workshop_brings_what_its_closed_orders_say(
    client: FlaskClient, dealer: Dealer, session: Session, log_in: LogIn
) -> None:
    log_in(*ALL)
    customer = make_customer(session)
    for kind, state, total in [
        (OrderKind.PAID, OrderState.CLOSED, "12500.50"),
        (OrderKind.WARRANTY, OrderState.CLOSED, "1000"),
        (OrderKind.GOODWILL, OrderState.CLOSED, "70"),
        (OrderKind.PAID, OrderState.DONE, "3"),
    ]:
        visit = ServiceVisit(customer_id=customer.id, centre_id=dealer.centre.id, standard="sale", opened_at=NOW)
        session.add(visit)
        session.flush()
        order = WorkOrder(
            visit_id=visit.id,
            centre_id=dealer.centre.id,
            customer_id=customer.id,
            kind=kind,
            state=state,
            opened_at=NOW,
            promised_at=NOW,
            closed_at=NOW if state is OrderState.CLOSED else None,
            approved_by="signature",
            tax_rate=Decimal(22),
            total=Decimal(total),
        )
        session.add(order)
        dealer.pipeline.open(dealer.seller, "contact", business_key=visit.business_key)

    assert "13,500.50 ₽ of 2 cases" in text_of(client.get("/funnel").text, "money")


def test_money_is_seen_by_whom_it_concerns(client: FlaskClient, dealer: Dealer, log_in: LogIn) -> None:
    dealer.sell("1000")
    other = make_centre(dealer.session)
    dealer.sell("70", centre=other)

    log_in("funnel.see")
    page = client.get("/funnel").text
    assert 'data-test="money"' not in page
    assert 'data-test="sources"' not in page
    assert "1,000" not in client.get("/funnel/cases?figure=opened").text

    client.get("/sign-out")
    log_in("funnel.see", "funnel.see_money", scope="centre", centre=other)
    assert "70 ₽ of 1 case" in text_of(client.get("/funnel").text, "money")


def test_a_milestone_costs_what_was_spent_on_it(client: FlaskClient, dealer: Dealer, log_in: LogIn) -> None:
    log_in(*ALL)
    dealer.sell("1000000")
    dealer.talk(3)
    dealer.talk(4, source="tv")
    make_spend(dealer.session, amount=Decimal(28000))  # radio in February, of which all lies in the period
    make_spend(
        dealer.session, source_code=None, amount=Decimal(8000), from_day=date(2026, 2, 28), to_day=date(2026, 3, 3)
    )

    page = client.get("/funnel").text

    # 28000 and three of the four days of 8000, which radio and television share by 4 : 4 contacts
    assert text_of(page, "costs").startswith("contact 4,250 ₽ visit 34,000 ₽ worksheet 34,000 ₽ delivered 34,000 ₽")
    assert text_of(page, "source-radio") == ("Radio 4 1 1 25.0 % 31,000 ₽ 7,750 ₽ 31,000 ₽ 31,000 ₽ 1,000,000 ₽ – –")
    assert text_of(page, "source-tv") == "Television 4 – – 0.0 % 3,000 ₽ 750 ₽ – – – – \u2212100.0 %"
    assert text_of(page, "source-total").startswith("Total 8 1 1 12.5 % 34,000 ₽ 4,250 ₽ 34,000 ₽ 34,000 ₽")


def test_a_narrower_filter_says_that_it_has_no_cost(client: FlaskClient, dealer: Dealer, log_in: LogIn) -> None:
    log_in(*ALL)
    dealer.talk(2)
    make_spend(dealer.session)

    by_source = client.get("/funnel?d.source=radio").text
    by_person = client.get(f"/funnel?person={dealer.seller.id}").text

    assert text_of(by_source, "cost-contact") == "14,000 ₽"
    assert text_of(by_person, "no-cost").endswith("What a case costs cannot be told by: Person.")


def test_margin_and_return_are_known_when_every_profit_is(app: Flask) -> None:
    known = Money(2, 2, 2, Decimal(100), Decimal(30))

    assert Money.of([known, Money()]).whole_profit == Decimal(30)
    assert Money.of([known, Money(1, 1, 0, Decimal(5), None)]).whole_profit is None
    assert Money.of([]).revenue == 0


def test_money_and_cost_take_a_fixed_number_of_statements(
    app: Flask, client: FlaskClient, dealer: Dealer, log_in: LogIn
) -> None:
    log_in(*ALL)
    make_spend(dealer.session)
    counts = []
    for source in ("radio", "tv"):
        for _ in range(3):
            dealer.sell("10", source=source)
        client.get("/funnel")
        with counted_statements(app.extensions["database"].engine) as statements:
            client.get("/funnel")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 30
