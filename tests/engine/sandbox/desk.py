"""A small sale to be played: a call, a booking by an operation, a wait for the bank, a reminder, a way out."""

import time
from datetime import timedelta

from engine.database import Database
from engine.sandbox import Act, Do, Sandbox, Script, Standing, play, prepare
from tests.engine.world import NOW, World, choice, end, flows, form, milestone, process, properties, user_task

BOOK = (
    '<bpmn:serviceTask id="book" name="Book"><bpmn:extensionElements><zeebe:taskDefinition type="test.record"/>'
    '<zeebe:ioMapping><zeebe:input source="=call.name" target="name"/></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
CAUGHT = (
    '<bpmn:boundaryEvent id="full" attachedToRef="book">'
    '<bpmn:errorEventDefinition errorRef="error_full"/></bpmn:boundaryEvent>'
)
BANK = (
    '<bpmn:intermediateCatchEvent id="bank" name="The bank answers">'
    '<bpmn:messageEventDefinition messageRef="message_bank"/></bpmn:intermediateCatchEvent>'
)
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="sign" cancelActivity="false"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT2H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)
REFUSED = (
    '<bpmn:boundaryEvent id="refused" name="Refused" attachedToRef="call"><bpmn:extensionElements>'
    + properties(offer="true", form="test/why")
    + '</bpmn:extensionElements><bpmn:messageEventDefinition messageRef="message_refused"/></bpmn:boundaryEvent>'
)
HURRY = user_task("hurry", "test/name")
SALE = process(
    '<bpmn:startEvent id="begun"/><bpmn:exclusiveGateway id="which" default="f4"/>',
    user_task(
        "call",
        "test/call",
        onComplete="test.keep_secret",
        due="PT4H",
        reminders="-PT1H",
        escalate="P1D to head",
        skip="no",
    ),
    REFUSED,
    milestone("talked", "talked"),
    BOOK,
    CAUGHT,
    BANK,
    user_task("sign", "test/name", skip="allowed"),
    LATE,
    HURRY,
    end("done", outcome="won"),
    end("gone", outcome="lost"),
    end("hurried"),
    flows(
        "begun > call",
        "call > talked",
        'which > book : call.way = "book"',
        "which > bank",
        "talked > which",
        "book > sign",
        "bank > sign",
        "sign > done",
        "refused > gone",
        "late > hurry",
        "hurry > hurried",
        "full > gone",
    ),
    messages=("refused", "bank"),
    milestones="talked",
).replace("<bpmn:process ", '<bpmn:error id="error_full" errorCode="name_forbidden"/><bpmn:process ', 1)
FORMS = (
    form("test/call", "name", choice("way", "book", "wait"), {"type": "textfield", "key": "secret", "label": "secret",
         "properties": {"personal": True, "kind": "code"}}),
    form("test/name", "name"),
    form("test/why", "why"),
)  # fmt: skip
TEXTS = (SALE, *FORMS)

START = Act(Do.START, at=NOW, values={"source": "site"})
CALL = Act(Do.COMPLETE, "call", values={"name": "Ann", "way": "book", "secret": "4321"})
WAIT_FOR_BANK = Act(Do.COMPLETE, "call", values={"name": "Ann", "way": "wait"})
SIGN = Act(Do.COMPLETE, "sign", values={"name": "Ann"})


def sale(database: Database) -> tuple[World, Sandbox]:
    """The sale is published; a sandbox of its live version."""
    world = World(database)
    world.deploy(*TEXTS)
    return world, sandbox_of(world)


def sandbox_of(world: World, *drafts: str, key: str = "sale") -> Sandbox:
    files = {
        f"draft-{number}.{'form' if text.startswith('{') else 'bpmn'}": text.encode()
        for number, text in enumerate(drafts)
    }
    with world.database.read() as session:
        return prepare(session, world.kernel, key, files, now=NOW)


def played(sandbox: Sandbox, *acts: Act) -> Standing:
    return play(sandbox, Script(acts), stopwatch=time.monotonic)


def opened(standing: Standing) -> list[str]:
    return [step.place.element for step in standing.steps]


def wait(**by: float) -> Act:
    return Act(Do.WAIT, span=timedelta(**by))


TO_NEXT = Act(Do.WAIT, to_next=True)
