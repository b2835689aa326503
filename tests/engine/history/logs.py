"""A case and its events, written as the engine writes them, without playing a process."""

from itertools import count

from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.recording import EventDraft, EventKind, write_events
from engine.instances.models import ProcessInstance
from tests.engine.world import NOW, World, end, flows, process

__all__ = ["NOW", "add_events", "make_case", "write"]

_commands = count(1)
EMPTY = process('<bpmn:startEvent id="begin"/>', end("done", outcome="won"), flows("begin > done"))


def make_case(database: Database) -> int:
    """The number of a case without events."""
    world = World(database)
    world.deploy(EMPTY)
    with database.write() as session:
        case = ProcessInstance(
            definition_id=1, process_key="sale", business_key="deal:1", state=b"", started_at=NOW, scope_id=7
        )
        session.add(case)
        session.flush()
        return case.id


def add_events(database: Database, case: int, number: int) -> None:
    """So many events of one step."""
    with database.write() as session:
        write(session, case, number)


def write(session: Session, case: int, number: int, name: str = "step") -> None:
    drafts = [EventDraft(EventKind.COMMENTED, "talk", payload={"n": each}) for each in range(number)]
    write_events(
        session,
        drafts,
        instance_id=case,
        definition_id=1,
        actor_id=5,
        at=NOW,
        command_key=f"{name}-{next(_commands)}",
    )
