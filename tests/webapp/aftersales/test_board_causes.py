"""The line of a card: each column asks its own question, and the sharpest answer is shown."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from webapp.aftersales.board import COLUMNS, short_name
from webapp.aftersales.board_causes import Cause, CauseKind, StepNow, VisitNow, cause_of
from webapp.aftersales.board_labels import cause_text, hours_text
from webapp.aftersales.models import VisitStatus, WaitOrLeave
from webapp.core.i18n import say_in

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOTHING = VisitNow(VisitStatus.BOOKED, None, None, None, None)


def ago(minutes: int) -> datetime:
    return NOW - minutes * MINUTE


def ahead(minutes: int) -> datetime:
    return NOW + minutes * MINUTE


def step(element: str = "some_step", *, since: int = 1, due: int | None = 10) -> StepNow:
    """An open step; `since` minutes ago, `due` in so many."""
    return StepNow(element, "Some step", ago(since), None if due is None else ahead(due))


BOOKED, ARRIVED, IN_WORK = VisitStatus.BOOKED, VisitStatus.ARRIVED, VisitStatus.IN_WORK
ASKED, READY = VisitStatus.WAITING_APPROVAL, VisitStatus.READY


@pytest.mark.parametrize(
    ("status", "facts", "kind", "tone"),
    [
        # does he come
        (BOOKED, {"starts_at": ago(12), "repeat_repair": True}, CauseKind.LATE, "bad"),
        (BOOKED, {"starts_at": ago(12), "step": step("receive_car")}, CauseKind.LATE, "bad"),
        (BOOKED, {"starts_at": ago(40), "step": step("call_absentee")}, CauseKind.LATE_STEP, "bad"),
        (BOOKED, {"starts_at": NOW}, CauseKind.UNCONFIRMED, ""),
        (BOOKED, {"starts_at": ahead(30), "repeat_repair": True, "courtesy_car": "2"}, CauseKind.REPEAT, "warn"),
        (BOOKED, {"starts_at": ahead(30), "courtesy_car": "2", "picked_up": True}, CauseKind.COURTESY, ""),
        (BOOKED, {"starts_at": ahead(30), "picked_up": True}, CauseKind.PICK_UP, ""),
        (BOOKED, {"starts_at": ahead(30), "stay": WaitOrLeave.WAIT}, CauseKind.LOUNGE, ""),
        (BOOKED, {"starts_at": ahead(30), "stay": WaitOrLeave.LEAVE}, CauseKind.UNCONFIRMED, ""),
        (VisitStatus.CONFIRMED, {"starts_at": ahead(30)}, CauseKind.CONFIRMED, ""),
        # does he wait
        (ARRIVED, {"arrived_at": ago(4)}, CauseKind.HERE, ""),
        (ARRIVED, {"arrived_at": ago(6)}, CauseKind.WAITING, "warn"),
        (ARRIVED, {"arrived_at": ago(16)}, CauseKind.WAITING, "bad"),
        (ARRIVED, {"arrived_at": ago(25), "step": step(due=5)}, CauseKind.STEP, ""),
        (ARRIVED, {"arrived_at": ago(10), "step": step(due=-1)}, CauseKind.WAITING, "warn"),
        (ARRIVED, {"arrived_at": ago(25), "step": step(due=-1)}, CauseKind.WAITING, "bad"),
        (ARRIVED, {"arrived_at": ago(3), "walk_in": True, "step": step()}, CauseKind.WALK_IN_STEP, ""),
        # will it be done in time
        (IN_WORK, {"promised_at": ago(1), "ends_at": ago(20)}, CauseKind.BROKEN, "bad"),
        (IN_WORK, {"promised_at": ahead(10), "ends_at": ago(20)}, CauseKind.BEHIND, "warn"),
        (IN_WORK, {"promised_at": ahead(30), "ends_at": ahead(5)}, CauseKind.SOON_DUE, "warn"),
        (IN_WORK, {"promised_at": ahead(31), "ends_at": ahead(5)}, CauseKind.ON_TIME, ""),
        (IN_WORK, {"step": step("bring_parts")}, CauseKind.STEP, ""),
        (IN_WORK, {"step": step("bring_parts", due=-1)}, CauseKind.STEP, "warn"),
        (IN_WORK, {"step": step("do_work", due=-1)}, CauseKind.ON_TIME, ""),
        # has he answered
        (ASKED, {}, CauseKind.UNANSWERED, ""),
        (ASKED, {"promised_at": ago(5)}, CauseKind.BROKEN, "bad"),
        (ASKED, {"step": step(since=6)}, CauseKind.ASKED, ""),
        (ASKED, {"step": step(since=20, due=None)}, CauseKind.NO_ANSWER, "bad"),
        (ASKED, {"step": step(since=6, due=-1), "promised_at": ago(5)}, CauseKind.NO_ANSWER, "bad"),
        (ASKED, {"step": step(since=6), "promised_at": ago(5)}, CauseKind.BROKEN, "bad"),
        # does he know
        (READY, {}, CauseKind.READY, ""),
        (READY, {"step": step("call_ready"), "promised_at": ago(5)}, CauseKind.NOT_CALLED, "warn"),
        (READY, {"step": step("call_ready", due=-1)}, CauseKind.NOT_CALLED, "bad"),
        (READY, {"step": step("take_payment")}, CauseKind.STEP, ""),
        (READY, {"step": step("take_payment", due=-1)}, CauseKind.STEP, "warn"),
    ],
)
def test_the_sharpest_answer(status: VisitStatus, facts: dict[str, Any], kind: CauseKind, tone: str) -> None:
    cause = cause_of(replace(NOTHING, status=status, **facts), now=NOW)

    assert (cause.kind, cause.tone) == (kind, tone)


def test_the_line_names_how_long_and_who(app: Flask) -> None:
    late = cause_of(replace(NOTHING, starts_at=ago(12)), now=NOW)
    waiting = cause_of(replace(NOTHING, status=ARRIVED, arrived_at=ago(6), advisor="V. Nosov"), now=NOW)
    nobody = cause_of(replace(NOTHING, status=ARRIVED, arrived_at=ago(6)), now=NOW)
    on_time = cause_of(replace(NOTHING, status=IN_WORK, bay="Lift 1"), now=NOW)

    with app.test_request_context(), say_in("en"):
        english = [cause_text(cause, "en").replace("\u00a0", " ") for cause in (late, waiting, nobody, on_time)]
    with app.test_request_context(), say_in("ru"):
        russian = cause_text(waiting, "ru").replace("\u00a0", " ")

    assert english == ["12 min late", "Waiting 6 min, V. Nosov", "Waiting 6 min, without an advisor", "Lift 1, on time"]
    assert russian == "Ждёт 6 мин, V. Nosov"


LATENESS = (CauseKind.LATE, CauseKind.LATE_STEP, CauseKind.BROKEN, CauseKind.BEHIND)


@pytest.mark.parametrize("kind", LATENESS)
@pytest.mark.parametrize("name", ["", "Lift 1"])
def test_less_than_a_minute_is_told_in_words(app: Flask, kind: CauseKind, name: str) -> None:
    just_now = Cause(kind, span=20 * SECOND, name=name, step="Шаг")
    with app.test_request_context(), say_in("en"):
        english = cause_text(just_now, "en")
    with app.test_request_context(), say_in("ru"):
        russian = cause_text(just_now, "ru")

    assert "<" not in english + russian
    assert "less than a minute" in english.lower()
    assert re.search("меньше (чем на минуту|минуты)", russian)


MOMENTS = st.none() | st.integers(-600, 600).map(ahead)
STEPS = st.none() | st.builds(
    step, st.sampled_from(("receive_car", "do_work", "call_ready", "other")), due=st.none() | st.integers(-60, 60)
)
VISITS = st.builds(
    VisitNow,
    status=st.sampled_from(sorted(set().union(*COLUMNS.values()))),
    starts_at=MOMENTS,
    ends_at=MOMENTS,
    arrived_at=st.none() | st.integers(-600, 0).map(ahead),
    promised_at=MOMENTS,
    stay=st.none() | st.sampled_from(WaitOrLeave),
    walk_in=st.booleans(),
    repeat_repair=st.booleans(),
    picked_up=st.booleans(),
    bay=st.sampled_from(("", "Lift 1")),
    courtesy_car=st.sampled_from(("", "2")),
    advisor=st.sampled_from(("", "V. Nosov")),
    step=STEPS,
)


@given(VISITS)
def test_a_broken_promise_is_never_calm_and_no_span_is_negative(visit: VisitNow) -> None:
    cause = cause_of(visit, now=NOW)

    assert cause.span >= timedelta(0)
    assert cause.tone in ("", "warn", "bad")
    if visit.status in (IN_WORK, ASKED) and visit.promised_at is not None and visit.promised_at < NOW:
        assert cause.tone == "bad"
    if visit.status in COLUMNS["expected"] and visit.starts_at is not None and visit.starts_at < NOW:
        assert cause.tone == "bad"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_kind_has_a_sentence_in_the_language(app: Flask, language: str) -> None:
    with app.test_request_context(), say_in(language):
        for kind in CauseKind:
            for name in ("", "Lift 1"):
                text = cause_text(Cause(kind, span=12 * MINUTE, name=name, step="Шаг"), language)
                assert text
                assert "%" not in text
                if language == "ru":
                    assert not set("abcdefgh") & set(text.replace(name, ""))


@pytest.mark.parametrize(
    ("hours", "english", "russian"), [("6.46", "6.5", "6,5"), ("8.04", "8", "8"), ("0", "0", "0"), ("10", "10", "10")]
)
def test_hours_are_told_to_a_tenth(hours: str, english: str, russian: str) -> None:
    assert (hours_text(Decimal(hours), "en"), hours_text(Decimal(hours), "ru")) == (english, russian)


@pytest.mark.parametrize(("name", "short"), [("Vadim Nosov", "V. Nosov"), ("Nosov", "Nosov"), ("", "")])
def test_a_short_name(name: str, short: str) -> None:
    assert short_name(name) == short
