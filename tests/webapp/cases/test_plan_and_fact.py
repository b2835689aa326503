"""Does the work go by the plan: planned and real duration of each step and of the case, for whoever looks at it."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine.clock import SettableClock
from engine.human_tasks.assignment import Actor
from tests.webapp.cases.deals import Deals
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def said(page: str, name: str) -> str:
    found = re.search(rf'data-test="{name}">(.*?)</(?:div|p)>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).replace("\u00a0", " ").split()) if found else ""


@pytest.mark.parametrize(
    ("language", "step", "whole"),
    [
        ("en", "Plan 2 h, took 5 h", "Steps in time: 0 of 1. Plan 2 h, took 5 h"),
        ("ru", "План 2 ч, ушло 5 ч", "Шагов в срок: 0 из 1. План 2 ч, ушло 5 ч"),
    ],
)
def test_a_step_that_took_longer_than_planned_is_marked(
    client: FlaskClient,
    log_in: LogIn,
    errands: Errands,
    head: User,
    seller: User,
    centre: Centre,
    language: str,
    step: str,
    whole: str,
) -> None:
    late = errands.open(seller, due=NOW - 3 * HOUR, now=NOW - 5 * HOUR, centre=centre)
    errands.complete(late, seller, now=NOW)
    head.language = language
    log_in(user=head)

    page = client.get(f"/cases/{late.instance_id}").text

    assert said(page, "plan-call_back") == step
    assert said(page, "plan-and-fact") == whole
    assert re.search(r'data-test="plan-call_back"><span class="bad">', page)


def test_an_open_step_counts_until_now_and_postponing_does_not_move_the_plan(
    client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
) -> None:
    task = errands.open(seller, due=NOW - 2 * HOUR, now=NOW - 3 * HOUR, centre=centre)
    errands.act(
        lambda session, engine: engine.postpone(
            session, task.id, until=NOW + DAY, reason="travel", actor=Actor(seller.id), now=NOW - HOUR
        )
    )
    log_in(user=head)

    page = client.get(f"/cases/{task.instance_id}").text

    assert said(page, "plan-call_back") == "Plan 1 h, so far 3 h"
    assert said(page, "plan-and-fact") == ""


def test_a_whole_deal_is_summed_up(
    client: FlaskClient, log_in: LogIn, deals: Deals, head: User, seller: User, centre: Centre, clock: SettableClock
) -> None:
    case = deals.open(seller, centre=centre, now=NOW - 30 * HOUR)  # a working day was allowed for the call
    deals.complete(case, outcome="away")
    deals.complete(case, name="Golf")
    clock.set(NOW + MINUTE)
    log_in(user=head)

    page = client.get(f"/cases/{case}").text

    assert said(page, "plan-and-fact").startswith("Steps in time: 1 of 2.")


@pytest.mark.parametrize(("language", "sentence"), [("en", "plan 2 h, so far 5 h"), ("ru", "план 2 ч, идёт 5 ч")])
def test_the_head_reads_it_on_the_control_board(
    client: FlaskClient,
    log_in: LogIn,
    errands: Errands,
    head: User,
    seller: User,
    centre: Centre,
    language: str,
    sentence: str,
) -> None:
    done = errands.open(seller, due=NOW - HOUR, now=NOW - 2 * HOUR, centre=centre)
    errands.complete(done, seller, now=NOW)
    errands.open(seller, due=NOW - 3 * HOUR, now=NOW - 5 * HOUR, centre=centre)
    head.language = language
    log_in(user=head)

    board = client.get("/control/").text
    steps = client.get("/control/?by=step").text.replace("\u00a0", " ")

    assert said(board, "plan") == sentence
    hour, hours = {"en": ("1 h", "2 h"), "ru": ("1 ч", "2 ч")}[language]
    assert re.search(rf'<td class="r nw t2">{hour}</td>\s*<td class="r nw bad m">{hours}</td>', steps)


def test_a_step_that_began_after_its_moment_has_no_plan(
    client: FlaskClient, log_in: LogIn, errands: Errands, clock: SettableClock
) -> None:
    task = errands.open(log_in("director"), due=NOW - timedelta(hours=15))
    clock.set(NOW + timedelta(minutes=14))

    page = client.get(f"/cases/{task.instance_id}").text

    assert said(page, "plan-call_back") == ""
