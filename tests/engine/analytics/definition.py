"""The figures of a visit by their definitions, counted the slow way: every question goes through the log anew."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.analytics.fold import StepEvent
from engine.history.recording import EventKind, deviation_in

ENDS = {"task_completed": "completed", "task_skipped": "skipped", "task_cancelled": "cancelled"}


def visits(log: Sequence[StepEvent]) -> dict[int, dict[str, Any]]:
    """The visits of one case, by task."""
    tasks = [int(str(e.payload["task"])) for e in log if e.kind == "task_created"]
    return {task: _visit(log, task) for task in tasks}


def way(log: Sequence[StepEvent]) -> list[str]:
    """The steps done or skipped, repetitions at once named once."""
    done = [str(e.element) for e in log if e.kind in ("task_completed", "task_skipped")]
    return [step for place, step in enumerate(done) if place == 0 or done[place - 1] != step]


def _visit(log: Sequence[StepEvent], task: int) -> dict[str, Any]:
    first = next(place for place, e in enumerate(log) if e.kind == "task_created" and e.payload["task"] == task)
    end = _end(log, task, first)
    story = [e for e in log[first : None if end is None else end + 1] if e.payload.get("task") == task]
    if any(e.payload.get("undone") for e in log):
        story = [e for e in story if e.kind != "task_cancelled" or e is log[end or 0]]
    how, element, definition = _ending(log, first, end)
    last = log[-1].at if end is None else log[end].at
    times = _times(story, last)
    during = log[first:] if end is None else log[first : end + 1]
    due = _due(story)
    person = _person(story)
    late = end is not None and due is not None and log[end].at > due
    if how == "completed":
        late = "late_by" in log[end or 0].payload
    modes = {mode for mode, _ in times}
    found: dict[str, Any] = {
        "element": element,
        "definition_id": definition,
        "round": _round(log, first),
        "entered_at": log[first].at,
        "ended_at": None if end is None else log[end].at,
        "ended": how,
        "due_at": due,
        "person_id": person,
        "overdue": late,
        "dropped": end is not None and task in _dropped(log),
        "migrated": any(e.kind == "definition_changed" for e in during),
        "deviations": _deviations(log, task, first, end),
        "owner_id": _place(during, log[:first], "owner"),
        "scope_id": _place(during, log[:first], "scope"),
    }
    for name in ("waiting", "working", "asleep"):
        total = int(sum((span for mode, span in times if mode == name), timedelta()).total_seconds())
        applies = name == "asleep" or name in modes
        found[name] = total if end is not None and applies else None
    return found


def _end(log: Sequence[StepEvent], task: int, first: int) -> int | None:
    """The end that stands: one by a migration that was undone later does not."""
    for place in range(first, len(log)):
        event = log[place]
        if event.kind in ENDS and event.payload.get("task") == task:
            changed = any(e.kind == "definition_changed" for e in log if e.command_key == event.command_key)
            undone = any(e.payload.get("undone") for e in log[place:])
            if not (changed and undone):
                return place
    return None


def _ending(log: Sequence[StepEvent], first: int, end: int | None) -> tuple[str | None, str, int]:
    """How it ended, and its element and version by then."""
    element, definition = str(log[first].element), log[first].definition_id
    command = None if end is None else [e for e in log if e.command_key == log[end].command_key]
    for event in log[first + 1 : end]:
        if event.kind == "definition_changed":
            if command is not None and event in command and log[end or 0].kind == "task_cancelled":
                return "migrated", element, definition
            for pairs in event.payload["renamed"].values():  # type: ignore[attr-defined]
                element = pairs.get(element, element)
            definition = event.definition_id
    if end is None or command is None:
        return None, element, definition
    how = ENDS[log[end].kind]
    if how == "cancelled":
        offered = any(e.kind == "offer_taken" and e.payload["task"] == log[end].payload["task"] for e in command)
        how = "left" if offered else "moved" if any(e.kind == "step_moved" for e in command) else how
    return how, element, definition


def _mode(story: Sequence[StepEvent]) -> str:
    """What the time after these events of one task is."""
    asleep, stack = False, []
    for event in story:
        if event.kind == "task_postponed":
            stack.append(event)
            asleep = True
        elif event.kind in ("task_woken", "task_delegated"):
            asleep = False
        elif event.kind == "task_recalled" and stack:
            until = stack.pop().payload["before"]["sleeps_until"]  # type: ignore[index]
            asleep = until is not None and until > event.at
    return "asleep" if asleep else "waiting" if _person(story) is None else "working"


def _times(story: Sequence[StepEvent], last: datetime) -> list[tuple[str, timedelta]]:
    moments = [e.at for e in story] + [last]
    spans = [(_mode(story[: place + 1]), moments[place + 1] - at) for place, at in enumerate(moments[:-1])]
    known = [(mode, span) for mode, span in spans if span]
    if known:
        return known
    return [(_mode(story[:-1] if story[-1].kind in ENDS else story), timedelta())]


def _person(story: Sequence[StepEvent]) -> int | None:
    person: Any = None
    for event in story:
        if event.kind == "task_created":
            person = event.payload["assignee"]
        elif event.kind == "task_claimed":
            person = event.actor_id
        elif event.kind == "task_released":
            person = None
        elif event.kind == "task_delegated":
            person = event.payload["to"]
        elif event.kind in ("task_completed", "task_skipped"):
            person = person if event.actor_id is None else event.actor_id
        elif event.kind == "offer_taken" and person is None:
            person = event.actor_id
    return person  # type: ignore[no-any-return]


def _due(story: Sequence[StepEvent]) -> datetime | None:
    due: Any = None
    stack: list[Any] = []
    for event in story:
        if event.kind in ("task_created", "task_delegated"):
            due = event.payload["due"]
        elif event.kind == "task_postponed":
            stack.append(event.payload["before"]["due"])  # type: ignore[index]
            due = event.payload["until"]
        elif event.kind == "task_recalled" and stack:
            due = stack.pop()
    return due  # type: ignore[no-any-return]


def _round(log: Sequence[StepEvent], first: int) -> int:
    """How many commands have begun this step by then, whatever it was called before."""
    name, commands = str(log[first].element), set[str]()
    names = {name}
    for event in reversed(log[: first + 1]):
        if event.kind == "definition_changed":
            for pairs in event.payload["renamed"].values():  # type: ignore[attr-defined]
                names = {old for old, new in pairs.items() if new in names} | (names - set(pairs.values()))
        elif event.kind == "task_created" and event.element in names:
            commands.add(event.command_key)
    return len(commands)


def _dropped(log: Sequence[StepEvent]) -> set[int]:
    """The tasks at which the case was lost."""
    found: set[int] = set()
    is_open = False
    for place, event in enumerate(log):
        if event.kind in ("case_opened", "case_reopened"):
            is_open = True
        if event.kind != "case_closed" or not is_open:
            continue
        is_open = False
        if event.payload["outcome"] == "won":
            continue
        command = [e for e in log if e.command_key == event.command_key]
        acted = [e for e in command if e.kind in ("task_completed", "task_skipped", "offer_taken")]
        withdrawn = [e for e in command if e.kind == "task_cancelled"]
        earlier = [e for e in log[:place] if e.kind in ENDS]
        chosen = acted[-1:] or withdrawn or earlier[-1:]
        found |= {int(str(e.payload["task"])) for e in chosen}
    return found


def _deviations(log: Sequence[StepEvent], task: int, first: int, end: int | None) -> int:
    found, stack = 0, []
    for event in log[first:]:
        if event.payload.get("task") != task:
            continue
        is_one = deviation_in(EventKind(event.kind), event.payload) is not None
        if event.kind == "task_postponed":
            stack.append(is_one)
        elif event.kind == "task_recalled" and stack:
            found -= stack.pop()
        found += is_one
    return found


def _place(during: Sequence[StepEvent], before: Sequence[StepEvent], name: str) -> Any:
    told = [e.payload[name] for e in (*before, *during) if name in e.payload]
    return told[-1] if told else None
