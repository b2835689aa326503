"""Pages of segments and campaigns: the builder with and without scripts, the list, plan against fact, recipients."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.campaigns.routes import make_campaign
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.aftersales.models import OrderKind, OrderState, ServiceVisit, WorkOrder
from webapp.campaigns import services
from webapp.campaigns.figures import Earned, Figures, axis_of, period_bars, planned
from webapp.campaigns.models import (
    Campaign,
    CampaignCost,
    CampaignRecipient,
    CampaignResponse,
    CampaignStatus,
    RecipientStep,
    ResponseWay,
    Segment,
    SegmentMember,
)
from webapp.campaigns.texts import fill, language_of, unknown_gaps
from webapp.core.reference import ship_all
from webapp.customers.models import Sex
from webapp.inquiries.models import AdvertisingSpend
from webapp.sales.models import Sale, Visit, Worksheet

SEE, CHANGE = "campaigns.see", "campaigns.change"
WOMEN = {"g0.join": "all", "g0c0.field": "sex", "g0c0.op": "in", "g0c0.in": "f"}


def plain(page: str) -> str:
    """As a reader sees it: hard blanks are blanks."""
    return unescape(page).replace("\u00a0", " ")


def found(page: str) -> str:
    """The number that the page counts."""
    number = re.search(r'data-test="count">([^<]*)<', page)
    assert number
    return unescape(number.group(1)).strip()


class TestBuilder:
    @pytest.fixture(autouse=True)
    def base(self, session: Session) -> None:
        make_customer(session, first_name="Marina", sex=Sex.FEMALE)
        make_customer(session, first_name="Boris", sex=Sex.MALE)

    def test_it_counts_what_stands_in_its_fields(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(SEE, CHANGE, "customers.see")

        page = client.post("/campaigns/segments/count", data=WOMEN).text

        assert found(page) == "1"
        assert "Belova Marina" in page
        assert "Boris" not in page

    def test_names_are_only_for_who_sees_customers(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(SEE)

        page = client.post("/campaigns/segments/count", data=WOMEN).text

        assert found(page) == "1"
        assert "Marina" not in page
        assert "You may not see customers by name." in page

    def test_without_scripts_a_button_adds_a_criterion_and_nothing_is_lost(
        self, client: FlaskClient, log_in: LogIn
    ) -> None:
        log_in(SEE, CHANGE)

        page = client.post("/campaigns/segments/new", data={**WOMEN, "name": "Women", "act": "add:0:age"}).text

        assert 'value="Women"' in page
        assert 'data-test="criterion-age"' in page
        assert re.search(r'name="g0c0.in" value="f" checked', page)

    def test_it_is_saved_and_shown_again(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = log_in(SEE, CHANGE)

        answer = client.post("/campaigns/segments/new", data={**WOMEN, "name": "Women"})

        segment = session.scalars(select(Segment)).one()
        assert (answer.status_code, segment.name, segment.owner_id) == (302, "Women", person.id)
        page = client.get(f"/campaigns/segments/{segment.id}").text
        assert re.search(r'name="g0c0.in" value="f" checked', page)
        assert "Sex: Female" in client.get("/campaigns/segments").text

    def test_half_a_criterion_is_not_saved_and_nothing_typed_is_lost(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(SEE, CHANGE)
        typed = {"name": "Older", "g0.join": "all", "g0c0.field": "age", "g0c0.op": "between", "g0c0.from": "abc"}

        answer = client.post("/campaigns/segments/new", data=typed)

        assert answer.status_code == 422
        assert 'value="abc"' in answer.text
        assert "Enter a number at one end at least" in answer.text
        assert session.scalars(select(Segment)).all() == []

    def test_frozen_it_keeps_its_customers(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(SEE, CHANGE)
        client.post("/campaigns/segments/new", data={**WOMEN, "name": "Women"})
        segment = session.scalars(select(Segment)).one()
        client.post(f"/campaigns/segments/{segment.id}/freeze")
        session.rollback()
        make_customer(session, first_name="Vera", sex=Sex.FEMALE)
        session.commit()

        page = client.get(f"/campaigns/segments/{segment.id}").text

        assert found(page) == "1"
        assert len(session.scalars(select(SegmentMember)).all()) == 1
        assert client.post(f"/campaigns/segments/{segment.id}/freeze").status_code == 409


class TestFigures:
    def test_the_plan_follows_from_its_percentages(self) -> None:
        plan = planned(
            audience=1000,
            response_percent=Decimal(5),
            sale_percent=Decimal(10),
            expected_margin=Decimal(100_000),
            costs=Decimal(150_000),
            unit_cost=Decimal(10),
        )

        assert (plan.contacts, plan.sales, plan.margin, plan.cost) == (50, 5, 500_000, 160_000)
        assert (plan.cost_per_contact, plan.cost_per_sale, plan.roi) == (3200, 32_000, Decimal("212.5"))

    def test_what_is_earned_is_known_estimated_or_unknown(self) -> None:
        work = Earned(sales=2, revenue=Decimal(300), profit=Decimal(90))
        both = Earned(sales=3, revenue=Decimal(1300), profit=Decimal(90), open_sales=1, open_revenue=Decimal(1000))

        assert [each.margin(Decimal(5)) for each in (work, both, both.covered)] == [90, 140, 65]
        assert [each.margin(Decimal(0)) for each in (work, both, Earned())] == [90, None, 0]
        unknown = Figures(0, Decimal(0), Decimal(0), Decimal(3), Decimal(1300), None, Decimal(50))
        assert (unknown.roi, unknown.cost_per_sale) == (None, Decimal("16.67"))

    def test_without_a_whole_there_is_no_ratio(self) -> None:
        nothing = Figures(0, Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(0))

        assert (nothing.cost_per_contact, nothing.cost_per_visit, nothing.cost_per_sale, nothing.roi) == (None,) * 4

    def test_periods_lie_on_one_axis(self) -> None:
        march = (NOW.date().replace(day=1), NOW.date().replace(day=10))
        late = (NOW.date().replace(day=11), NOW.date().replace(day=20))

        bars = period_bars([march, late], NOW.date())

        assert [(bar.left, bar.width, bar.now) for bar in bars] == [(0, 50, True), (50, 50, False)]
        assert axis_of([march, late], NOW.date()).today == 7.5


class TestTexts:
    def test_gaps_are_filled(self) -> None:
        assert fill("Hello {first_name}, yours {manager}!", {"first_name": "Ada"}) == "Hello Ada, yours!"

    def test_what_nobody_can_fill_is_found(self) -> None:
        assert unknown_gaps("{code} {birthday} and {") == ["{birthday}", "{"]

    @pytest.mark.parametrize(
        ("phone", "language"), [("+79000000000", "ru"), ("+375290000000", "ru"), ("+4930000000", "en"), ("", "en")]
    )
    def test_the_language_follows_the_phone(self, phone: str, language: str) -> None:
        assert language_of(phone, "en") == language


class TestCampaign:
    @pytest.fixture
    def campaign(self, app: Flask, session: Session) -> Campaign:
        """Two were written to, one answered, came, and bought."""
        with app.app_context():
            ship_all(session)
        centre = make_centre(session)
        made = make_campaign(
            session, make_user(session, "marketer"), centre, status=CampaignStatus.SENT, margin_percent=Decimal(5)
        )
        session.add(CampaignCost(campaign_id=made.id, position=0, item="Layout", planned=Decimal(10_000)))
        buyer, other = make_customer(session, centre_id=centre.id), make_customer(session, centre_id=centre.id)
        for customer in (buyer, other):
            session.add(
                CampaignRecipient(
                    campaign_id=made.id, customer_id=customer.id, step=RecipientStep.INVITED_ELSEWHERE, at=NOW
                )
            )
        session.add(CampaignResponse(campaign_id=made.id, customer_id=buyer.id, way=ResponseWay.CODE, at=NOW))
        sheet = Worksheet(
            customer_id=buyer.id, opened_at=NOW, source_code="radio", purpose="new_car", interest_type="new"
        )
        session.add(sheet)
        session.flush()
        session.add(Visit(worksheet_id=sheet.id, at=NOW, purpose="new_car", first=True))
        session.add(Visit(worksheet_id=sheet.id, at=NOW, purpose="new_car", first=False))
        session.add(
            Sale(
                worksheet_id=sheet.id, model_code="aurelia_s4", price=Decimal(2_000_000), contract_number="1",
                delivered_on=NOW.date(), recorded_at=NOW,
            )
        )  # fmt: skip
        session.commit()
        return made

    def test_the_fact_counts_people_and_money(self, client: FlaskClient, log_in: LogIn, campaign: Campaign) -> None:
        log_in(SEE, "customers.see")

        page = client.get(f"/campaigns/{campaign.id}").text

        figures = dict(re.findall(r'data-test="fact-(\w+)">([^<]*)<', page))
        assert {name: figures[name] for name in ("contacts", "visits", "sales")} == {
            "contacts": "1",
            "visits": "1",
            "sales": "1",
        }
        assert unescape(figures["roi"]).replace("\u00a0", " ") == "900.0 %"  # 100,000 margin for 10,000
        assert "Belova Marina" in page

    @on_both_databases
    def test_the_margin_of_work_is_its_gross_profit_and_that_of_cars_an_estimate(
        self, client: FlaskClient, session: Session, log_in: LogIn, campaign: Campaign
    ) -> None:
        campaign.answers_until = NOW + timedelta(days=30)
        customer_id = session.scalars(select(CampaignResponse.customer_id)).one()
        for kind, total, cost in (
            (OrderKind.PAID, 12_200, Decimal(6000)),  # 2,200 of it are tax
            (OrderKind.WARRANTY, 3000, None),
            (OrderKind.GOODWILL, 500, Decimal(100)),  # at our cost: nobody bought anything
        ):
            visit = ServiceVisit(
                customer_id=customer_id, centre_id=campaign.centre_id, standard="service_seven_steps", opened_at=NOW
            )
            session.add(visit)
            session.flush()
            session.add(
                WorkOrder(
                    visit_id=visit.id, customer_id=customer_id, centre_id=campaign.centre_id, kind=kind, opened_at=NOW,
                    total=total, tax=2200 if kind is OrderKind.PAID else 0, cost=cost, state=OrderState.CLOSED,
                    closed_at=NOW, closed_on=NOW.date(), promised_at=NOW, approved_by="signature",
                    tax_rate=Decimal(22),
                )
            )  # fmt: skip
        session.commit()
        log_in(SEE, "funnel.see_money")

        page = client.get(f"/campaigns/{campaign.id}").text

        figures = {name: plain(value) for name, value in re.findall(r'data-test="fact-(\w+)">([^<]*)<', page)}
        # 4,000 of the order, and 5 % of 2,000,000 + 3,000
        assert (figures["sales"], figures["margin"], figures["roi"]) == ("3", "104,150 ₽", "941.5 %")
        assert "1 purchase is known to have brought a gross profit of 4,000 ₽." in plain(page)
        assert "Of 2 purchases for 2,003,000 ₽ the cost is not known. There the margin is estimated: 5" in plain(page)

        campaign.margin_percent = Decimal(0)
        session.commit()
        page = plain(client.get(f"/campaigns/{campaign.id}").text)
        assert 'data-test="fact-margin">–<' in page
        assert 'data-test="fact-roi">–<' in page
        assert "margin and return stay unknown" in page

        log_in(SEE)
        assert "a gross profit of" not in client.get(f"/campaigns/{campaign.id}").text

    def test_who_sees_no_customers_reads_how_many_have_answered(
        self, client: FlaskClient, log_in: LogIn, campaign: Campaign
    ) -> None:
        log_in(SEE)

        page = plain(client.get(f"/campaigns/{campaign.id}").text)

        assert "1 customer has answered. The name is shown to who may see this customer." in page
        assert "Named the code: 1" in page
        assert "No answers yet" not in page
        assert "Belova" not in page

    @pytest.mark.parametrize(
        ("status", "began", "cost"),
        [
            (CampaignStatus.PREPARING, False, "–"),
            (CampaignStatus.WAITING, False, "–"),
            (CampaignStatus.REJECTED, False, "–"),
            (CampaignStatus.CANCELLED, False, "–"),
            (CampaignStatus.CANCELLED, True, "10,000 ₽"),
            (CampaignStatus.APPROVED, False, "10,000 ₽"),
        ],
    )
    def test_planned_costs_are_spent_from_the_approval_on(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        campaign: Campaign,
        status: CampaignStatus,
        began: bool,
        cost: str,
    ) -> None:
        campaign.status, campaign.sending_began_at = status, NOW if began else None
        session.commit()
        log_in(SEE, CHANGE)

        def shown() -> tuple[str, str]:
            page = plain(client.get(f"/campaigns/{campaign.id}").text)
            row = plain(client.get(f"/campaigns?show={'over' if status.is_over else ''}").text)
            (fact,) = re.findall(r'data-test="fact-cost">([^<]*)<', page)
            (of_list,) = re.findall(r'data-label="Costs">([^<]*)<', row)
            return fact, of_list

        assert shown() == (cost, cost)
        line = session.scalars(select(CampaignCost)).one()
        client.post(f"/campaigns/{campaign.id}/costs", data={f"actual-{line.id}": "700"})
        assert shown() == ("700 ₽", "700 ₽")

    def test_a_rule_that_is_changed_after_the_approval_is_for_later_campaigns(
        self, client: FlaskClient, session: Session, log_in: LogIn, campaign: Campaign
    ) -> None:
        person = log_in(SEE, CHANGE)
        client.post("/campaigns/segments/new", data={**WOMEN, "name": "Women"})
        segment = session.scalars(select(Segment)).one()
        assert segment.owner_id == person.id
        campaign.segment_id, campaign.status = segment.id, CampaignStatus.WAITING
        session.flush()
        session.refresh(campaign, ["segment", "messages"])
        services.decide(session, campaign, "approved", actor_id=None, now=NOW)
        session.commit()
        page = client.get(f"/campaigns/{campaign.id}").text
        assert "rule-changed" not in page

        men = {**WOMEN, "g0c0.in": "m", "name": "Men"}
        answer = client.post(f"/campaigns/segments/{segment.id}", data=men, follow_redirects=True)

        assert "1 campaign is approved with the rule as it was, and keeps that one." in answer.text
        page = unescape(client.get(f"/campaigns/{campaign.id}").text)
        assert re.search(r'data-test="words">Sex: Female<', page)
        assert "This campaign keeps the one that was approved." in page

    def test_actual_costs_replace_the_planned(
        self, client: FlaskClient, session: Session, log_in: LogIn, campaign: Campaign
    ) -> None:
        log_in(SEE, CHANGE)
        line = session.scalars(select(CampaignCost)).one()

        refused = client.post(f"/campaigns/{campaign.id}/costs", data={f"actual-{line.id}": "a lot"})
        assert refused.status_code == 422
        assert 'value="a lot"' in refused.text
        client.post(f"/campaigns/{campaign.id}/costs", data={f"actual-{line.id}": "50 000,00 ₽"})

        session.rollback()
        spent = session.scalars(select(AdvertisingSpend)).one()
        assert (spent.campaign, spent.source_code, spent.amount) == (campaign.code, "mailing", 50_000)
        page = unescape(client.get(f"/campaigns/{campaign.id}").text)
        assert re.search(r'data-test="fact-roi">100\.0\s%', page)

    def test_recipients_are_listed_by_what_became_of_them(
        self, client: FlaskClient, log_in: LogIn, campaign: Campaign
    ) -> None:
        log_in(SEE, "customers.see")

        assert "Belova Marina" in client.get(f"/campaigns/{campaign.id}/recipients?state=invited_elsewhere").text
        assert "Nobody here" in client.get(f"/campaigns/{campaign.id}/recipients?state=sent").text

    def test_few_statements_draw_list_and_page(
        self, app: Flask, client: FlaskClient, session: Session, log_in: LogIn, campaign: Campaign
    ) -> None:
        for _ in range(6):
            make_campaign(session, make_user(session), make_centre(session), status=CampaignStatus.SENT)
        log_in(SEE, CHANGE, "customers.see", "cases.see")
        counts = {}

        for path in ("/campaigns", f"/campaigns/{campaign.id}", "/campaigns/segments"):
            client.get(path)
            with counted_statements(app.extensions["database"].engine) as statements:
                client.get(path)
            counts[path] = len(statements)

        assert counts["/campaigns"] <= 18
        assert counts[f"/campaigns/{campaign.id}"] <= 26
        assert counts["/campaigns/segments"] <= 14

    def test_an_empty_list_says_what_to_do(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(SEE, CHANGE, "cases.add")

        assert "No campaigns yet" in client.get("/campaigns").text
        assert "No campaign is over yet" in client.get("/campaigns?show=over").text
