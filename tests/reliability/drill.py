"""A small process beside the shipped ones: a loop with a letter, a milestone, a timer and a message in every round.

The shipped processes write letters to customers only; here every completed step owes exactly one letter, so that the
harness can count them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from sqlalchemy.orm import Session

from engine import outbox
from engine.operations import Context, OperationSet
from tests.engine.world import choice, end, flows, form, milestone, process, user_task
from webapp.core.feature import Feature
from webapp.integrations.beats import SendDone
from webapp.integrations.messaging.port import MAIL, Mail

KEY = "drill"
STEP = "write"
AGAIN, ENOUGH = "again", "enough"
LETTER = "drill:"  # prefix of a letter's dedupe; then what the step was told to write

operations = OperationSet("drill")

# what was heard of sent messages: nothing in the table forbids to hear of one twice
heard = Table("drill_heard", MetaData(), Column("id", Integer, primary_key=True), Column("dedupe", String(160)))


def post(session: Session, text: str, *, now: datetime, to: str = "drill@example.com") -> None:
    """A letter that leaves through the outbox."""
    body = Mail("Drill", f"{text}\n").as_body()
    outbox.enqueue(session, channel=MAIL, recipient=to, body=body, dedupe=f"{LETTER}{text}", now=now)


@operations.register
def write_letter(context: Context, *, text: str) -> dict[str, object]:
    """The letter that a step of the drill owes."""
    post(context.session, text, now=context.now)
    return {"written": text}


def _hear(event: SendDone, session: Session) -> None:
    session.connection().execute(insert(heard), {"dedupe": event.dedupe})


FEATURE = Feature("drill", operations=operations, listeners=((SendDone, _hear),))

_LETTER = (
    '<bpmn:serviceTask id="letter"><bpmn:extensionElements><zeebe:taskDefinition type="drill.write_letter"/>'
    '<zeebe:ioMapping><zeebe:input source="=write.text" target="text"/></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
_BOUNDARIES = (
    '<bpmn:boundaryEvent id="news" attachedToRef="write">'
    '<bpmn:messageEventDefinition messageRef="message_news"/></bpmn:boundaryEvent>'
    '<bpmn:boundaryEvent id="month" attachedToRef="write"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)
DRAWING = process(
    '<bpmn:startEvent id="begun"/>',
    user_task(
        STEP, "drill/write", role="sales_manager", due="PT1H", reminders="-PT30M, PT0S", escalate="PT1H to owner"
    ),
    _BOUNDARIES,
    _LETTER,
    milestone("noted", "written"),
    '<bpmn:exclusiveGateway id="more" default="f4"/>',
    end("done", outcome="won"),
    end("told", outcome="told"),
    end("late", outcome="late"),
    flows(
        *("begun > write", "write > letter", "letter > noted", "more > done"),
        f'more > write : write.outcome = "{AGAIN}"',
        *("noted > more", "news > told", "month > late"),
    ),
    key=KEY,
    messages=("news",),
    milestones="written?",
)
FORM = form("drill/write", "text", choice("outcome", AGAIN, ENOUGH))


def files() -> dict[str, bytes]:
    """What is published for the drill."""
    return {"drill.bpmn": DRAWING.encode(), "drill.form": FORM.encode()}


def answer(text: str, outcome: str) -> dict[str, Any]:
    """The values of one step; the letter is recognised by its text."""
    return {"text": text, "outcome": outcome}
