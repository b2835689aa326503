"""The funnel of a campaign: its cases as the exported log tells them, and what they cost of its own spend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.dealer import Dealer, client_of, moscow
from tests.engine.milestones.definition import Rules, Run, reached, touched
from tests.webapp.campaigns.desk import BUDGET, GOAL, MAIL_ROW, CampaignDesk
from tests.webapp.demo.dealer import read_runs
from tests.webapp.funnel.test_page import text_of
from tests.webapp.sales.answers import ARRIVED
from webapp.campaigns import services
from webapp.campaigns.models import Campaign
from webapp.funnel.log import write_log
from webapp.inquiries.models import AdvertisingSpend, Inquiry, InquiryChannel, Purpose, SpendDepartment

CODE, NAME, NUMBER = "TYRES26", "Tyres in spring", "+7 900 000-77-01"
SALES, SERVICE = "sales_worksheet", "service_seven_processes"
RULES = Rules(
    mandatory=("contact", "worksheet", "presentation", "offer", "reservation", "contract", "paid", "delivered"),
    optional=("visit", "test_drive", "trade_in"),
)
SERVICE_RULES = Rules(
    mandatory=("call", "booking", "arrival", "order", "paid", "returned"),
    optional=("appointment", "kept", "followed_up"),
)
ENGLISH, RUSSIAN = {"Accept-Language": "en"}, {"Accept-Language": "ru"}


@dataclass
class Answered:
    """A dealer in the days of a campaign for sales, whom seven people have turned to."""

    dealer: Dealer
    folder: Path

    def runs(self, process: str, rules: Rules) -> list[Run]:
        """The episodes, from the export alone and by the literal definition."""
        exported = self.folder / f"{process}.csv"
        with self.dealer.read() as session, exported.open("w", encoding="utf-8", newline="") as file:
            write_log(session, file, process)
        return read_runs(exported, process, rules)

    def page(self, query: str, headers: Mapping[str, str] = ENGLISH) -> str:
        page = client_of(self.dealer, "director").get(f"/funnel?period=all&{query}", headers=headers)
        assert page.status_code == 200
        return page.text.replace("\u00a0", " ")

    def campaigns_of(self, purpose: Purpose) -> list[str]:
        with self.dealer.read() as session:
            return list(
                session.scalars(select(Inquiry.campaign).where(Inquiry.purpose == purpose).order_by(Inquiry.id))
            )


def shown(page: str, test: str) -> int:
    """The number in the bars; nought has no list behind it."""
    return int(text_of(page, test)) if f'data-test="{test}"' in page else 0


def turn_to_us(dealer: Dealer, number: int, **facts: Any) -> None:
    dealer.register(phone=f"8 900 000-43-{number:02}", name=f"Guest {number}", **facts)


@pytest.fixture
def answered(dealer: Dealer, tmp_path: Path) -> Answered:
    desk = CampaignDesk(dealer)
    ada = desk.customer("Ada")
    desk.begin()
    desk.do("set_goal", **GOAL, department="sales")
    desk.do("choose_segment", segment=str(desk.segment), window_days=Decimal(30))
    desk.do("write_content", channels=[MAIL_ROW, {"channel": "ads", "tracking_number": NUMBER, "utm": "spring-ads"}])
    desk.do("plan_budget", **BUDGET)
    desk.approve()
    desk.send()
    with dealer.write() as session:
        campaign = services.get_campaign(session, desk.campaign().id)
        paid = {line.id: (Decimal(19_000), "1") for line in campaign.costs}  # of the 19 days up to the 20th of March
        services.set_actual_costs(session, campaign, paid, actor_id=desk.marketer, now=dealer.clock.now())
    turn_to_us(dealer, 1, campaign=" tyres26 ")
    turn_to_us(dealer, 2, source_code=None, dialled_number=NUMBER)
    turn_to_us(dealer, 3, channel=InquiryChannel.WALK_IN, campaign="Spring-Ads")
    dealer.do("welcome", handed_to=str(dealer.people["seller"]), **ARRIVED)
    turn_to_us(dealer, 4)
    turn_to_us(dealer, 5, purpose=Purpose.SERVICE, campaign=CODE)
    turn_to_us(dealer, 6, purpose=Purpose.SERVICE)
    dealer.register(customer_id=ada, phone="", name="")
    dealer.wait_until(moscow(3, 10))
    return Answered(dealer, tmp_path)


def test_an_inquiry_names_the_campaign_that_it_answers(answered: Answered) -> None:
    by_code, by_number, by_link, not_at_all, by_mail = answered.campaigns_of(Purpose.NEW_CAR)

    assert (by_code, by_number, by_link, not_at_all, by_mail) == (CODE, CODE, CODE, "", CODE)
    assert answered.campaigns_of(Purpose.SERVICE) == [CODE, ""]


@pytest.mark.parametrize(("process", "rules"), [(SALES, RULES), (SERVICE, SERVICE_RULES)])
def test_the_bars_of_a_campaign_are_those_of_the_log(answered: Answered, process: str, rules: Rules) -> None:
    runs = answered.runs(process, rules)
    own = [run for run in runs if run.dimensions.get("campaign") == CODE]

    page = answered.page(f"process={process}&d.campaign={CODE}")
    by_date = answered.page(f"process={process}&d.campaign={CODE}&counting=event_date")

    assert (len(own), len(runs)) == {SALES: (4, 5), SERVICE: (1, 2)}[process]
    for rank, name in enumerate(rules.mandatory, 1):
        assert shown(page, f"reached-{name}") == len(reached(own, rank)), name
    for name in rules.optional:
        assert shown(page, f"touched-{name}") == len(touched(own, name)), name
    for name in (*rules.mandatory, *rules.optional):
        assert shown(by_date, f"touched-{name}") == len(touched(own, name)), name


def test_its_cases_cost_its_own_spend_by_the_days_that_have_passed(answered: Answered) -> None:
    with answered.dealer.write() as session:  # of all advertising, and of the campaign for both departments
        days = {"from_day": date(2026, 3, 2), "to_day": date(2026, 3, 3)}
        advert = {**days, "recorded_at": moscow(2, 9), "centre_id": answered.dealer.centres["North"]}
        session.add(AdvertisingSpend(source_code="radio", amount=Decimal(700), **advert))
        session.add(AdvertisingSpend(source_code="radio", amount=Decimal(90), campaign=CODE, **advert))
    own = [run for run in answered.runs(SALES, RULES) if run.dimensions.get("campaign") == CODE]
    # two of the nineteen days; of the 90 for both departments 5 of 7 inquiries were about cars
    spent = Decimal(19_000) * 2 / 19 + (Decimal(90) * 5 / 7).quantize(Decimal("0.01"))

    page = answered.page(f"process={SALES}&d.campaign={CODE}")
    compared = answered.page(f"process={SALES}&by=campaign")

    each = round(spent / len(reached(own, 1)))
    assert text_of(page, "cost-contact") == f"{each} ₽" == "516 ₽"
    assert text_of(page, "common-spend").startswith("64 ₽ of it is the part in what was spent for sales and service")
    assert text_of(page, "spend-elsewhere") == "26 ₽ more is spent for the service and counts there."
    assert text_of(compared, f"campaign-{CODE}").startswith(f"{NAME} 4 1 – 0.0 % 2,064 ₽ 516 ₽ 2,064 ₽ –")
    assert text_of(compared, "campaign-none").startswith("No campaign 1 – – 0.0 % 500 ₽ 500 ₽")
    assert text_of(compared, "campaign-total").startswith("Total 5 1 – 0.0 % 2,564 ₽ 513 ₽")


def test_the_workshop_does_not_bear_a_campaign_for_sales(answered: Answered) -> None:
    page = answered.page(f"process={SERVICE}&d.campaign={CODE}")

    assert "No spend is entered for this period." in page
    assert text_of(page, "spend-elsewhere") == "2,000 ₽ more is spent for sales and counts there."
    assert 'data-test="cost-call"' not in answered.page(f"process={SERVICE}")


def test_the_filter_names_the_campaign_in_words_in_both_languages(answered: Answered) -> None:
    english = answered.page(f"process={SALES}&d.campaign={CODE}&d.source=mailing")
    russian = answered.page(f"process={SALES}&d.campaign={CODE}&d.source=mailing", RUSSIAN)

    assert text_of(english, "chip-d.campaign") == f"Campaign {NAME}"
    assert text_of(russian, "chip-d.campaign") == f"Кампания {NAME}"
    assert text_of(english, "no-cost").endswith("What a case costs cannot be told by: Source.")
    assert text_of(russian, "no-cost").endswith("Сколько стоит дело, нельзя узнать с фильтром: Источник.")
    assert 'data-test="costs"' not in english
    by_person = answered.page(f"process={SALES}&d.campaign={CODE}&person={answered.dealer.people['seller']}")
    assert text_of(by_person, "no-cost").endswith("cannot be told by: Person.")


def test_the_comparison_and_the_export_are_by_name_too(answered: Answered) -> None:
    page = answered.page(f"process={SALES}&by=campaign&at=contact")

    assert text_of(page, "comparison").startswith(f"Campaign Out of Share 95 % {NAME} 4")
    client = client_of(answered.dealer, "director")
    book = client.get(f"/funnel/export?process={SALES}&period=all&by=campaign&format=xlsx", headers=ENGLISH)
    assert book.status_code == 200


def test_two_campaigns_of_one_name_are_told_by_their_codes(answered: Answered) -> None:
    with answered.dealer.write() as session:
        first = session.scalars(select(Campaign)).one()
        same = ("name", "type", "goal_metric", "goal_value", "starts_on", "ends_on", "created_at")
        session.add(Campaign(code="TYRES25", **{name: getattr(first, name) for name in same}))

    page = answered.page(f"process={SALES}&d.campaign={CODE}")

    assert text_of(page, "chip-d.campaign") == f"Campaign {NAME} ({CODE})"


def test_the_spend_follows_the_department_of_the_campaign(answered: Answered) -> None:
    with answered.dealer.read() as session:
        assert session.scalars(select(AdvertisingSpend.department)).one() is SpendDepartment.SALES
