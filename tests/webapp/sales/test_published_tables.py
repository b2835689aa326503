"""The tables of sales at work: who publishes another one changes what running worksheets do next."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import case_data
from engine.definitions.problems import DefinitionRejected
from engine.history.models import HistoryEvent
from tests.dealer import START, Dealer, client_of
from tests.webapp.sales.answers import DISCOUNT, OFFER, choose, know_needs, offer
from tests.webapp.sales.stored import refused, session
from webapp.core.publishing import ROOT
from webapp.sales.models import DiscountRequest, Worksheet
from webapp.sales.silence import silent_cases

__all__ = ["session"]

TABLES = ROOT / "processes/sales"


def publish(dealer: Dealer, name: str, *changes: tuple[str, str]) -> None:
    """The shipped file with changes."""
    text = (TABLES / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with dealer.write() as session:
        content = {f"processes/sales/{name}": text.encode()}
        dealer.engine.deploy(session, content, actor_id=None, now=dealer.clock.now())


def told(dealer: Dealer, decision: str) -> dict[str, Any]:
    """What the log says of the last answer."""
    with dealer.read() as session:
        events = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "decision_made")).all()
        payloads = [case_data.load(event.payload) for event in events]
    return next(payload for payload in reversed(payloads) if payload["decision"] == decision)


def rules(payload: dict[str, Any]) -> list[str]:
    return [rule["id"] for step in payload["steps"] for table in step["tables"] for rule in table["rules"]]


class TestDiscount:
    def test_the_log_says_which_rules_have_sent_the_request_to_the_head(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        dealer.complete("request_discount", **DISCOUNT | {"requested_discount": "60000"})

        assert dealer.open_elements() == ["approve_discount"]
        payload = told(dealer, "discount_level")
        assert (payload["value"], payload["version"]) == ("head", 1)
        assert set(rules(payload)) == {"limits_of_any_car", "within_the_heads_limit"}
        with dealer.read() as session:
            assert [each.level for each in session.scalars(select(DiscountRequest))] == ["head"]

    def test_running_worksheets_follow_a_changed_limit(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        publish(dealer, "discount.dmn", ("<text>3</text>", "<text>2</text>"))

        dealer.complete("request_discount", **DISCOUNT | {"requested_discount": "60000"})  # 2.5 %

        assert dealer.open_elements() == ["approve_discount_director"]
        assert told(dealer, "discount_level")["version"] == 2

    def test_what_a_salesperson_gives_by_himself_is_in_the_table_too(self, dealer: Dealer) -> None:
        choose(dealer)
        publish(dealer, "discount.dmn", ("<text>1</text>", "<text>0.5</text>"))
        car = OFFER["lines"][0]  # type: ignore[index]

        refused(dealer, "make_offer", "discount_not_approved", **OFFER | {"lines": [car | {"discount": "12000.01"}]})
        dealer.complete("make_offer", **OFFER | {"lines": [car | {"discount": "12000"}]})

    def test_dear_cars_may_have_limits_of_their_own(self, dealer: Dealer) -> None:
        cheap = '<rule id="limits_of_any_car">'
        rule = """<rule id="limits_of_dear_cars">
        <inputEntry><text>&gt;= 2000000</text></inputEntry>
        <outputEntry><text>4</text></outputEntry>
        <outputEntry><text>6</text></outputEntry>
      </rule>"""
        offer(dealer, outcome="negotiate")
        publish(dealer, "discount.dmn", (cheap, rule + cheap))

        dealer.complete("request_discount", **DISCOUNT | {"requested_discount": "60000"})

        assert "limits_of_dear_cars" in rules(told(dealer, "discount_level"))
        assert dealer.open_elements() == ["make_offer"]

    def test_an_answer_that_nobody_understands_is_refused_and_nothing_is_lost(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        publish(dealer, "discount.dmn", ('"director"', '"owner"'))
        values = DISCOUNT | {"requested_discount": "120000"}

        refused(dealer, "request_discount", "decision_answer_unfit", **values)
        publish(dealer, "discount.dmn", ("<text>3</text>", "<text>2.5</text>"))
        dealer.complete("request_discount", **values)

        assert dealer.open_elements() == ["approve_discount_director"]

    def test_the_chronicle_tells_it(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        dealer.complete("request_discount", **DISCOUNT | {"requested_discount": "60000"})

        page = client_of(dealer, "seller").get("/cases/1").text

        assert "Решает руководитель отдела продаж; правило 2" in page
        assert "решено по таблице «Кто согласует скидку»" in page

    def test_a_table_without_a_title_is_told_by_its_name(self, dealer: Dealer) -> None:
        offer(dealer, outcome="negotiate")
        publish(dealer, "discount.dmn", ('name="title.ru"', 'name="caption.ru"'), ('name="title"', 'name="caption"'))
        dealer.complete("request_discount", **DISCOUNT | {"requested_discount": "60000"})

        assert "решено по таблице «level»" in client_of(dealer, "seller").get("/cases/1").text


class TestTemperature:
    def test_it_is_kept_as_the_table_said(self, dealer: Dealer) -> None:
        know_needs(dealer, horizon="30d")
        assert told(dealer, "lead_temperature")["value"] == "warm"

        publish(dealer, "lead_temperature.dmn", ('"now", "7d"', '"now", "7d", "30d"'))
        with dealer.read() as session:
            assert [each.temperature(START) for each in session.scalars(select(Worksheet))] == ["warm"]

    def test_another_table_counts_from_the_next_answer(self, dealer: Dealer) -> None:
        publish(dealer, "lead_temperature.dmn", ('"now", "7d"', '"now", "7d", "30d"'), ('<text>"30d"', '<text>"31d"'))
        know_needs(dealer, horizon="30d")

        assert told(dealer, "lead_temperature")["value"] == "hot"
        with dealer.read() as session:
            assert [each.temperature(START) for each in session.scalars(select(Worksheet))] == ["hot"]


class TestSilence:
    def silent(self, dealer: Dealer) -> list[int]:
        with dealer.app.test_request_context(), dealer.read() as session:
            return [row.id for row in session.execute(silent_cases(dealer.clock.now()))]

    def test_a_hot_customer_is_silent_after_three_days_unless_the_table_says_otherwise(self, dealer: Dealer) -> None:
        know_needs(dealer, horizon="7d")
        dealer.pass_time(timedelta(days=3, minutes=-1))
        assert self.silent(dealer) == []
        dealer.pass_time(timedelta(minutes=2))
        assert self.silent(dealer) == [1]

        publish(dealer, "silence.dmn", ("<text>3</text>", "<text>5</text>"))
        assert self.silent(dealer) == []

    def test_without_a_rule_nobody_is(self, dealer: Dealer) -> None:
        know_needs(dealer, horizon="later")
        dealer.pass_time(timedelta(days=300))

        assert self.silent(dealer) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("discount.dmn", 'id="discount_level"', 'id="discount_size"', "decision_still_used"),
        ("lead_temperature.dmn", "horizon", "plans", "decision_still_used"),
        ("silence.dmn", 'id="silence_limit"', 'id="silence"', "decision_still_on_pages"),
        ("silence.dmn", "temperature", "warmth", "decision_still_on_pages"),
    ],
)
def test_a_table_that_somebody_still_asks_otherwise_is_refused(
    dealer: Dealer, name: str, old: str, new: str, code: str
) -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        publish(dealer, name, (old, new))

    assert code in {problem.code for problem in refusal.value.problems}
