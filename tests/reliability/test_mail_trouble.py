"""R9: the mail server is down, slow, busy or hangs up; steps go on, the backlog leaves, a bad letter harms no other.

Steps are done in a real web process, letters leave by a real scheduler whose clock runs fast, over real SMTP.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.incidents import Incident
from engine.outbox import OutboxMessage, OutboxState
from tests.reliability import drill
from tests.reliability.beats import DAYS_LATER, SPEED, arrived, in_state, mail_to
from tests.reliability.installation import Installation, Opened
from tests.reliability.invariants import violations
from tests.reliability.processes import OUTGOING, Plan, RunningClock, await_that, scheduling
from tests.reliability.test_database_trouble import Desk, desk
from tests.webapp.integrations.messaging.mail_server import MailServer, running

pytestmark = pytest.mark.reliability
POISON = "poison@example.com"
STEPS = 15  # in each trouble
SAME = 3.0  # of the usual time of a step, at most

Trouble = Callable[[MailServer], None]


def _slow(server: MailServer) -> None:
    server.seconds_before_answer = 0.5


def _busy(server: MailServer) -> None:
    server.answer_to_data = "451 try later"


def _hanging_up(server: MailServer) -> None:
    server.drops_after_data = True


TROUBLES: dict[str, Trouble] = {
    "slow": _slow,
    "busy": _busy,
    "closing": lambda server: setattr(server, "answer_to_sender", "421 closing"),
    "hanging up after the letter": _hanging_up,
}


def test_troubles_of_the_mail_server_are_not_those_of_the_people(
    sqlite_installation: Installation, tmp_path: Path
) -> None:
    made, taken = sqlite_installation, {"calm": []}
    server = MailServer()
    server.answer_to_recipient[POISON] = "550 no such user"
    with made.opened() as opened, desk(made, tmp_path / "web") as seat, scheduling(made, tmp_path / "beats") as beats:
        with opened.database.write() as session:
            drill.post(session, "poison", now=opened.clock.now(), to=POISON)
        with running(server):
            clock = RunningClock(DAYS_LATER.replace(year=2029), SPEED)  # the letters are of now
            beats.start(Plan(jobs=(OUTGOING,), clock=clock, settings=mail_to(server)))
            for name, trouble in TROUBLES.items():
                taken["calm"] += _steps(seat, 5)
                before = dict(vars(server))
                trouble(server)
                taken[name] = _steps(seat, STEPS)
                for setting in ("seconds_before_answer", "answer_to_data", "answer_to_sender", "drops_after_data"):
                    setattr(server, setting, before[setting])
        taken["down"] = _steps(seat, STEPS)
        with running(server, port=server.port):
            await_that(
                lambda: not in_state(opened, OutboxState.WAITING), "the backlog to leave", seconds=180, pause=0.1
            )

        assert violations_but_poison(made, opened, seat) == []
        assert not undelivered_but_poison(opened, server)
    usual = statistics.median(taken["calm"])
    figures = {name: statistics.median(each) / usual for name, each in taken.items()}
    print(f"a step against its usual time: {figures}")  # noqa: T201
    assert max(figures.values()) < SAME


def _steps(seat: Desk, number: int) -> list[float]:
    taken = []
    for _ in range(number):
        begun = time.monotonic()
        seat.step()
        taken.append(time.monotonic() - begun)
    return taken


def violations_but_poison(made: Installation, opened: Opened, seat: Desk) -> list[str]:
    """The one letter that nobody takes has its incident; nothing else is wrong."""
    with opened.database.read() as session:
        incidents = session.execute(select(Incident.kind, Incident.error)).all()
    assert len(incidents) == 1
    assert incidents[0].kind == "send"
    assert "no such user" in incidents[0].error
    return [each for each in violations(made, seat.client.journal) if "no such user" not in each]


def undelivered_but_poison(opened: Opened, server: MailServer) -> set[str]:
    with opened.database.read() as session:
        states = dict(session.execute(select(OutboxMessage.dedupe, OutboxMessage.state)).all())
    poison = f"{drill.LETTER}poison"
    assert states.pop(poison) is OutboxState.FAILED
    assert set(states.values()) == {OutboxState.SENT}
    return set(states) - set(arrived(server))
