"""One course through each small drawing: what people and the world do, and which steps stand open after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.messaging import correlate
from tests.engine.world import CENTRE, SELLER, World, seller

Act = Callable[[World], object]


@dataclass(frozen=True)
class Course:
    """`acts` in their order, each with the open tasks after it. `begins`: somebody starts it by hand."""

    acts: tuple[tuple[Act, str], ...]
    opened: str = ""  # after the start
    begins: bool = True


def done(element: str, name: str = "x") -> Act:
    """The oldest open task of this element is completed."""

    def complete(world: World) -> object:
        with world.database.write() as session:
            oldest = select(func.min(HumanTask.id)).where(
                HumanTask.element == element, HumanTask.state == TaskState.OPEN
            )
            task_id = session.scalars(oldest).one()
            return world.engine.complete(
                session,
                task_id,
                {"name": name},
                actor=seller,
                reading=Reading(now=world.now),
                command_key=f"complete-{task_id}",
            )

    return complete


def comes(message: str) -> Act:
    def send(world: World) -> object:
        with world.database.write() as session:
            return correlate(
                session,
                world.kernel,
                name=message,
                key="deal:1",
                payload={},
                actor_id=SELLER,
                now=world.now,
                scope_id=CENTRE,
                owner_id=SELLER,
            )

    return send


def later(**span: float) -> Act:
    return lambda world: world.advance(timedelta(**span))


COURSES: Mapping[str, Course] = {
    "user_task": Course(((done("ask"), ""),), "ask"),
    "manual_task": Course(((done("ask"), ""),), "ask"),
    "service_task": Course(((done("ask"), ""),), "ask"),
    "send_task": Course(((done("ask"), ""),), "ask"),
    "business_rule_task": Course(((done("ask", "now"), "call"), (done("call"), "")), "ask"),
    "receive_task": Course(((comes("news"), "ask"), (done("ask"), ""))),
    "exclusive_gateway": Course(((done("ask", "left"), "left"), (done("left"), "")), "ask"),
    "parallel_gateway": Course(((done("right"), "left"), (done("left"), "last"), (done("last"), "")), "left right"),
    "inclusive_gateway": Course(
        ((done("ask", "lr"), "left right"), (done("left"), "right"), (done("right"), "last"), (done("last"), "")), "ask"
    ),
    "event_gateway": Course(((done("ask"), ""), (comes("news"), "left"), (done("left"), "")), "ask"),
    "sub_process": Course(((done("left"), "right"), (done("right"), "last"), (done("last"), "")), "left right"),
    "call_activity": Course(((done("inner"), "last"), (done("last"), "")), "inner"),
    "multi_instance_parallel": Course(
        ((done("each"), "each each"), (done("each"), "each"), (done("each"), "last"), (done("last"), "")),
        "each each each",
    ),
    "multi_instance_sequential": Course(((done("each"), "each"), (done("each"), "last"), (done("last"), "")), "each"),
    "multi_instance_sub_process": Course(
        ((done("inner"), "inner"), (done("inner"), "last"), (done("last"), "")), "inner inner"
    ),
    "standard_loop": Course(((done("ask", "again"), "ask"), (done("ask"), "")), "ask"),
    "timer": Course(((later(hours=1), "ask"), (later(days=1), "other"), (done("other"), ""))),
    "timer_cycle": Course(((later(hours=1), "ask"), (later(hours=1), "ask"), (done("ask"), "")), "ask"),
    "message": Course(
        (
            (comes("news"), "ask"),
            (comes("news"), "ask other"),
            (comes("news"), "ask other other"),
            (comes("end_it"), "other other"),
            (done("other"), "other"),
            (done("other"), ""),
        )
    ),
    "message_throw": Course(
        (
            (done("ask"), ""),
            (later(seconds=1), "inner inner inner"),
            (done("inner"), "inner inner"),
            (done("inner"), "inner"),
            (done("inner"), ""),
        ),
        "ask",
    ),
    "message_start": Course(((comes("news"), "ask"), (done("ask"), "")), begins=False),
    "timer_start": Course(((later(hours=1), "ask"), (later(hours=1), "ask ask")), begins=False),
    "signal": Course(((done("ask"), "after"), (done("after"), "")), "ask work"),
    "error": Course(((done("ask", "forbidden"), "repair"), (done("repair"), "")), "ask"),
    "error_end": Course(((done("ask"), "repair"), (done("repair"), "")), "ask work"),
    "escalation": Course(((done("ask"), "after decide"), (done("after"), "decide"), (done("decide"), "")), "ask"),
    "condition": Course(
        ((done("ask", "ripe"), "pick work"), (done("pick", "stop"), "other"), (done("other"), "")), "ask work"
    ),
    "terminate": Course(((done("ask"), ""),), "ask work"),
}
