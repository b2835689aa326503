"""A case whose details were summed up: its page says so in both languages, and it is no news in the list."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from engine.clock import SettableClock
from engine.history.digest import digest_closed
from engine.history.sealed_rows import SealKey
from engine.history.sealing import HISTORY, seal
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.staff.models import User

KEY = SealKey.derived("secret")


def test_the_chronicle_tells_what_was_summed_up(
    app: Flask, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, clock: SettableClock
) -> None:
    task = errands.open(seller)
    errands.complete(task, seller, now=NOW)
    log_in(user=seller)
    address = f"/cases/{task.instance_id}"
    client.post(f"{address}/seen")
    before = client.get(address).text
    database, later = app.extensions["database"], NOW + timedelta(days=400)
    seal(database, [HISTORY], KEY, now=NOW)

    digest_closed(database, KEY, before=later, now=lambda: later, on_digested=lambda session, digests: None)

    clock.set(later)
    page = client.get(address)
    russian = client.get(address, headers={"Accept-Language": "ru"}).text
    assert "Details were summed up" not in before
    assert page.status_code == 200
    assert "Details were summed up" in page.text
    assert "entries until" in page.text
    assert "Подробности сведены в одну запись" in russian
    assert 'class="is-seen"' in client.get("/cases?state=all").text
