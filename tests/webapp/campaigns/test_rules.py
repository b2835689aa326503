"""Rules of segments: one statement finds whom plain Python finds, on both databases; what is no rule is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.webapp.campaigns.base import PEOPLE, RULES, TODAY, Person, fits, write
from tests.webapp.conftest import on_both_databases
from tests.webapp.staff.factories import NOW, make_centre
from webapp.campaigns.lifecycle import Lifecycle, LifecycleFacts, lifecycle_of, months_before
from webapp.campaigns.rules.compiling import Moment, who_fits
from webapp.campaigns.rules.tree import Criterion, Group, Node, Not, RuleInvalid, dump, parse
from webapp.core.reference import ship_all
from webapp.customers.models import Customer, CustomerKind, Sex
from webapp.inquiries.models import Inquiry
from webapp.sales.models import Sale, Visit, Worksheet
from webapp.vehicles.models import CustomerCar


@pytest.fixture
def centres(app: Flask, session: Session) -> list[int]:
    with app.app_context():
        ship_all(session)
    made = [make_centre(session).id, make_centre(session).id]
    session.commit()
    return made


def named_by_id(rule: Node, centres: list[int]) -> Node:
    """The rule with the numbers of the centres where the strategies say 0 and 1."""
    if isinstance(rule, Not):
        return Not(named_by_id(rule.part, centres))
    if isinstance(rule, Group):
        return Group(rule.join, tuple(named_by_id(part, centres) for part in rule.parts))
    if rule.field != "centre" or not isinstance(rule.value, tuple):
        return rule
    ids = {"0": str(centres[0]), "1": str(centres[1])}
    return Criterion(rule.field, rule.op, tuple(ids.get(str(each), str(each)) for each in rule.value))


@on_both_databases
@given(people=st.lists(PEOPLE, min_size=1, max_size=6), rules=st.lists(RULES, min_size=1, max_size=8))
@settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_statement_finds_whom_plain_python_finds(
    session: Session, centres: list[int], people: list[Person], rules: list[Node]
) -> None:
    session.rollback()
    for table in (Sale, Visit, Worksheet, Inquiry, CustomerCar, Customer):
        session.execute(delete(table))
    ids = {write(session, person, centres): person for person in people}

    for rule in rules:
        found = set(session.scalars(who_fits(named_by_id(rule, centres), Moment(NOW, TODAY))))

        assert found == {number for number, person in ids.items() if fits(person, rule)}, dump(rule)
    session.rollback()


@given(rule=RULES)
def test_a_rule_is_read_as_it_was_written(rule: Node) -> None:
    assert parse(dump(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"all": {}}',
        '{"all": [], "any": []}',
        '{"field": "password", "op": "in", "value": ["x"]}',
        '{"field": "age", "op": "in", "value": ["x"]}',
        '{"field": "age", "op": "between", "value": [null, null]}',
        '{"field": "age", "op": "between", "value": ["1e999", null]}',
        '{"field": "age", "op": "between", "value": ["NaN", null]}',
        '{"field": "age", "op": "between", "value": [-1, 5]}',
        '{"field": "sex", "op": "in", "value": []}',
        '{"field": "sex", "op": "in", "value": [1]}',
        '{"field": "last_visit", "op": "within", "value": 0.5}',
        '{"field": "last_visit", "op": "within", "value": true}',
        '{"not": ' * 8 + '{"all": []}' + "}" * 8,
        '{"all": [' + ", ".join(['{"all": []}'] * 121) + "]}",
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleInvalid):
        parse(text)


def test_an_age_changes_on_the_birthday(session: Session, centres: list[int]) -> None:
    thirty = parse('{"field": "age", "op": "between", "value": [30, 30]}')
    birthday = [date(1996, 3, 2), date(1996, 3, 3), date(1995, 3, 3), date(1995, 3, 2)]
    ids = [write(session, _born(day), centres) for day in birthday]

    found = set(session.scalars(select(Customer.id).where(Customer.id.in_(who_fits(thirty, Moment(NOW, TODAY))))))

    assert found == {ids[0], ids[2]}


def _born(day: date) -> Person:
    return Person(CustomerKind.PERSON, Sex.UNKNOWN, day, None)


class TestStandsIn:
    """The segments of the base; days before today."""

    @staticmethod
    def of(**facts: object) -> Lifecycle:
        return lifecycle_of(LifecycleFacts(**facts), now=NOW, today=TODAY)  # type: ignore[arg-type]

    def test_lost_is_who_was_not_active_for_fifteen_months(self) -> None:
        last = months_before(TODAY, 15)

        assert self.of(cars=[last]) is Lifecycle.REAL
        assert self.of(cars=[last - timedelta(days=1)] * 3) is Lifecycle.LOST

    @pytest.mark.parametrize(("cars", "visits"), [(2, 0), (0, 3), (1, 2)])
    def test_regular_is_who_bought_twice_or_comes_to_the_service(self, cars: int, visits: int) -> None:
        assert self.of(cars=[TODAY] * cars, paid_visits=[TODAY] * visits) is Lifecycle.REGULAR

    @pytest.mark.parametrize(("cars", "visits"), [(1, 0), (0, 2), (1, 1)])
    def test_real_is_who_bought_less(self, cars: int, visits: int) -> None:
        assert self.of(cars=[TODAY] * cars, paid_visits=[TODAY] * visits) is Lifecycle.REAL

    def test_visits_before_two_years_make_nobody_regular(self) -> None:
        old = months_before(TODAY, 24) - timedelta(days=1)

        assert self.of(cars=[TODAY], paid_visits=[old, old, old]) is Lifecycle.REAL

    def test_potential_is_who_only_asked(self) -> None:
        quiet = NOW - timedelta(days=181)

        assert self.of(last_inquiry=NOW) is Lifecycle.POTENTIAL_ACTIVE
        assert self.of(last_inquiry=quiet, in_work=True) is Lifecycle.POTENTIAL_ACTIVE
        assert self.of(last_inquiry=quiet) is Lifecycle.POTENTIAL_DORMANT
        assert self.of(last_inquiry=quiet, refused=True) is Lifecycle.POTENTIAL_REFUSED
        assert self.of() is Lifecycle.UNKNOWN


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 5, 31), 6, date(2025, 11, 30)),
        (date(2026, 1, 15), 15, date(2024, 10, 15)),
    ],
)
def test_months_are_counted_back_to_the_last_day_there_is(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_money_is_read_as_people_write_it() -> None:
    assert parse('{"field": "spent", "op": "between", "value": ["1 500 000,50", null]}') == Criterion(
        "spent",
        parse('{"field": "spent", "op": "between", "value": [1, 1]}').op,
        (Decimal("1500000.50"), None),  # type: ignore[union-attr]
    )
