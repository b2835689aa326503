"""The pages of the advertising spend: kept by whom, within which reach, and what is refused."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.dealer import MOSCOW
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import NOW, make_centre
from webapp.core.models import AuditEntry
from webapp.core.permissions import RowScope, ScopeKind
from webapp.core.reference import ship_all
from webapp.inquiries.models import AdvertisingSpend, SpendDepartment
from webapp.inquiries.spent import SpendBy, find_spend

BOTH = ("inquiries.see_spend", "inquiries.change_spend")
FEBRUARY = {"from_day": "2026-02-01", "to_day": "2026-02-28"}
WHOLE_GROUP = RowScope(ScopeKind.GROUP, 0)


@pytest.fixture(autouse=True)
def sources(app: Flask, session: Session) -> None:
    with app.app_context():
        ship_all(session)
    session.commit()


def make_spend(session: Session, **overrides: Any) -> AdvertisingSpend:
    values = {
        "source_code": "radio",
        "from_day": date(2026, 2, 1),
        "to_day": date(2026, 2, 28),
        "amount": Decimal(28000),
        "recorded_at": NOW,
    } | overrides
    spend = AdvertisingSpend(**values)
    session.add(spend)
    session.commit()
    return spend


def kept(session: Session) -> list[AdvertisingSpend]:
    session.rollback()
    return list(session.scalars(select(AdvertisingSpend).order_by(AdvertisingSpend.id)))


def test_an_entry_is_added_changed_and_deleted_and_the_audit_knows(
    client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    log_in(*BOTH)

    assert "No spend yet" in client.get("/spend").text
    client.post("/spend/new", data={**FEBRUARY, "amount": "12 500,50", "source_code": "radio", "campaign": "snow"})
    (added,) = kept(session)
    assert (added.amount, added.source_code, added.campaign, added.centre_id) == (
        Decimal("12500.50"),
        "radio",
        "snow",
        None,
    )
    assert added.department is None
    assert "12,500.50" in client.get("/spend").text
    assert 'value="12500.50"' in client.get(f"/spend/{added.id}").text

    client.post(
        f"/spend/{added.id}",
        data={**FEBRUARY, "amount": "7000", "note": "half the banners", "department": "sales"},
    )
    (changed,) = kept(session)
    assert changed.department is SpendDepartment.SALES
    assert "<td>Sales</td>" in client.get("/spend").text
    assert (changed.amount, changed.source_code, changed.note) == (Decimal(7000), None, "half the banners")

    assert client.post(f"/spend/{added.id}/delete").status_code == 302
    assert kept(session) == []
    done = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("inquiries.spend.%")))
    assert list(done) == ["inquiries.spend.recorded", "inquiries.spend.changed", "inquiries.spend.deleted"]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12 500,50", "12500.50"),
        ("12\u00a0500", "12500"),
        ("12,500", "12500"),
        ("1,212,500.5", "1212500.5"),
        ("12500.5", "12500.5"),
        ("0,05", "0.05"),
    ],
)
def test_a_sum_is_read_as_people_write_it(
    client: FlaskClient, session: Session, log_in: LogIn, typed: str, amount: str
) -> None:
    log_in(*BOTH)

    client.post("/spend/new", data={**FEBRUARY, "amount": typed})

    (added,) = kept(session)
    assert added.amount == Decimal(amount)
    client.post(
        f"/spend/{added.id}",
        data={
            **FEBRUARY,
            "amount": client.get(f"/spend/{added.id}").text.split('name="amount" type="text" value="')[1].split('"')[0],
        },
    )
    assert kept(session)[0].amount == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"to_day": "2026-01-31"}, "to_day", "The last day lies before the first. Check both."),
        ({"to_day": "2028-02-28"}, "to_day", "One entry covers at most 731 days. Divide it."),
        ({"amount": "0"}, "amount", "Enter a sum above 0"),
        ({"amount": "-5"}, "amount", "Enter a sum from 0"),
        ({"amount": "1e30"}, "amount", "Enter a sum from 0"),
        ({"amount": "NaN"}, "amount", "Enter a sum, for example"),
        ({"amount": "ten"}, "amount", "Enter a sum, for example"),
        ({"amount": "5.005"}, "amount", "at most two decimals"),
        ({"amount": ""}, "amount", "This field is needed"),
        ({"from_day": "31.02.2026"}, "from_day", "date"),
        ({"source_code": "moon"}, "source_code", "Choose a source from the list."),
    ],
)
def test_what_cannot_be_is_refused_in_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, log_in: LogIn, typed: dict[str, str], field: str, sentence: str
) -> None:
    log_in(*BOTH)

    answer = client.post("/spend/new", data={**FEBRUARY, "amount": "100", "note": "typed", **typed})

    assert answer.status_code == 422
    shown = re.search(rf'data-test="error-{field}">(.*?)</p>', answer.text, re.S)
    assert shown is not None
    assert sentence in shown.group(1) or field == "from_day" or not typed[field]
    assert ">typed</textarea>" in answer.text
    assert kept(session) == []


def test_a_head_keeps_the_spend_of_his_own_centre_only(client: FlaskClient, session: Session, log_in: LogIn) -> None:
    mine, other = make_centre(session), make_centre(session)
    session.commit()
    foreign, common = make_spend(session, centre_id=other.id), make_spend(session, centre_id=None)
    log_in(*BOTH, scope="centre", centre=mine)

    assert "No spend yet" in client.get("/spend").text
    for hidden in (foreign, common):
        assert client.get(f"/spend/{hidden.id}").status_code == 404
        assert client.post(f"/spend/{hidden.id}/delete").status_code == 404
    for centre in (str(other.id), ""):
        answer = client.post("/spend/new", data={**FEBRUARY, "amount": "100", "centre_id": centre})
        assert "Choose one of your centres." in answer.text
    client.post("/spend/new", data={**FEBRUARY, "amount": "100", "centre_id": str(mine.id)})
    assert [row.centre_id for row in kept(session)] == [other.id, None, mine.id]


def test_who_may_only_see_has_no_way_to_change(client: FlaskClient, session: Session, log_in: LogIn) -> None:
    spend = make_spend(session)
    log_in("inquiries.see_spend")

    page = client.get("/spend").text

    assert "Radio" in page
    assert f"/spend/{spend.id}" not in page
    assert client.get(f"/spend/{spend.id}").status_code == 403
    assert client.post("/spend/new", data={**FEBRUARY, "amount": "1"}).status_code == 403


def test_the_list_takes_the_same_statements_however_long(
    app: Flask, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    log_in("inquiries.see_spend")
    counts = []
    for _ in range(2):
        for number in range(8):
            make_spend(session, source_code=["radio", "tv", None][number % 3])
        client.get("/spend")
        with counted_statements(app.extensions["database"].engine) as statements:
            client.get("/spend")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_spend_of_a_period_is_known_by_source_and_centre(session: Session) -> None:
    north, south = make_centre(session), make_centre(session)
    make_spend(session, centre_id=north.id)
    make_spend(session, centre_id=south.id, source_code="tv", amount=Decimal(2800))
    make_spend(session, source_code=None, amount=Decimal(280))
    make_spend(session, from_day=date(2026, 3, 1), to_day=date(2026, 3, 31), amount=Decimal(31))
    week: dict[str, Any] = {
        "by": SpendBy.SOURCE, "since": date(2026, 2, 23), "until": date(2026, 3, 1), "zone": MOSCOW,
    }  # fmt: skip

    everything = find_spend(session, WHOLE_GROUP, **week).parts
    northern = find_spend(session, WHOLE_GROUP, **week, centre_ids=[north.id]).parts
    own = find_spend(session, RowScope(ScopeKind.CENTRE, 0, centre_ids=frozenset({south.id})), **week).parts

    assert everything == {"radio": Decimal(6001), "tv": Decimal(600), None: Decimal(60)}
    assert northern == {"radio": Decimal(6000)}
    assert own == {"tv": Decimal(600)}
