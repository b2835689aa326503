"""Random lives of consents: given, withdrawn, run out. Page, check and a model of a few lines agree at every moment."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engine.database import Database
from tests.settings import FOR_TEST_CLIENTS
from tests.webapp.customers.factories import make_customer
from tests.webapp.staff.factories import NOW
from webapp.app import create_app
from webapp.core.errors import Conflict
from webapp.customers import consents
from webapp.customers.consenting import RefusalCode, reach
from webapp.customers.consents import GivenConsent
from webapp.customers.models import Answer, ConsentChannel, ConsentKind, MessagePurpose, WithdrawalWay
from webapp.customers.standing import standings_of

EMAIL, SMS = ConsentChannel.EMAIL, ConsentChannel.SMS
HOUR = timedelta(hours=1)

channels = st.lists(st.sampled_from([EMAIL, SMS]), min_size=1, max_size=2, unique=True)
acts = st.one_of(
    st.tuples(st.just("give"), channels, st.none() | st.integers(1, 6)),  # the hours that it holds
    st.tuples(st.just("withdraw"), channels, st.none()),
    st.tuples(st.just("wait"), st.just([]), st.integers(1, 4)),
)


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("lives")
    shutil.copyfile(sqlite_template, folder / "marshrut.db")
    created = create_app({**FOR_TEST_CLIENTS, "data_dir": str(folder)})
    yield created
    created.extensions["database"].close()


class Model:
    """Until when each channel may be used: a moment, or without an end."""

    def __init__(self) -> None:
        self.until: dict[ConsentChannel, datetime | None] = {}

    def holds(self, channel: ConsentChannel, now: datetime) -> bool:
        return channel in self.until and ((end := self.until[channel]) is None or end > now)

    def give(self, channel: ConsentChannel, until: datetime | None, now: datetime) -> bool:
        """False: the present one lasts as long."""
        present = self.until.get(channel)
        if self.holds(channel, now) and (present is None or (until is not None and present >= until)):
            return False
        self.until[channel] = until
        return True


@given(life=st.lists(acts, max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_shown_is_what_is_checked(app: Flask, life: list[tuple[str, list[ConsentChannel], int | None]]) -> None:
    database: Database = app.extensions["database"]
    with app.app_context(), Session(database.bind(write=True)) as session:
        customer = make_customer(session, emails=["m.belova@example.com"], phones=[])
        model, now = Model(), NOW
        for act, named, hours in life:
            if act == "wait":
                now += HOUR * (hours or 0)
            elif act == "withdraw":
                expected = sum(model.holds(channel, now) for channel in named)
                ended = consents.withdraw_consents(
                    session,
                    customer,
                    ConsentKind.ADVERTISING,
                    channels=named,
                    way=WithdrawalWay.SPOKEN,
                    actor_id=None,
                    now=now,
                )
                assert (ended > 0) is (expected > 0)
                for channel in named:
                    model.until.pop(channel, None)
            else:
                until = now + HOUR * hours if hours else None
                news = [model.give(channel, until, now) for channel in named]
                facts = GivenConsent(ConsentKind.ADVERTISING, named, given_at=now, valid_to=until)
                if any(news):
                    assert len(consents.give_consent(session, customer, facts, actor_id=None, now=now)) == sum(news)
                else:
                    with pytest.raises(Conflict):
                        consents.give_consent(session, customer, facts, actor_id=None, now=now)
            _agree(session, customer.id, model, now)
            if act == "withdraw" and not any(model.holds(channel, now) for channel in (EMAIL, SMS)):
                assert customer.advertising is Answer.NO
        session.rollback()


def _agree(session: Session, customer_id: int, model: Model, now: datetime) -> None:
    standings = {each.channel: each for each in standings_of(consents.list_consents(session, customer_id), now=now)}
    found = reach(session, [customer_id], channel=EMAIL, purpose=MessagePurpose.ADVERTISING, now=now)
    for channel in (EMAIL, SMS):
        holds = model.holds(channel, now)
        assert standings[channel].holds is holds
        assert consents.has_consent(session, customer_id, ConsentKind.ADVERTISING, channel=channel, now=now) is holds
    assert (customer_id in found.addresses) is model.holds(EMAIL, now)
    assert (found.count(RefusalCode.NO_CONSENT) == 0) is model.holds(EMAIL, now)
