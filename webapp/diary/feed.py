"""A person's tasks as an iCalendar file, for the calendar programme of his choice."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from icalendar import Calendar, Event

from webapp.diary.day import DayTask

LENGTH = timedelta(minutes=15)  # a task has a moment, a calendar wants a length
PRODUCT = "-//Marshrut//Diary//EN"


def write_calendar(tasks: Sequence[DayTask], *, name: str, host: str, with_names: bool) -> bytes:
    """Events in UTC with stable UIDs. Without `with_names` nothing tells whom a task is about."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT15M")
    for task in tasks:
        if task.due_at is not None:
            calendar.add_component(_event(task, host, with_names))
    written: bytes = calendar.to_ical()
    return written


def _event(task: DayTask, host: str, with_names: bool) -> Event:
    assert task.due_at is not None  # noqa: S101  # the caller has left the others out
    event = Event()
    event.add("uid", f"task-{task.id}@{host}")
    event.add("dtstamp", task.created_at.astimezone(UTC))
    event.add("dtstart", task.due_at.astimezone(UTC))
    event.add("dtend", (task.due_at + LENGTH).astimezone(UTC))
    event.add("summary", f"{task.step}: {task.customer}" if with_names else task.step)
    event.add("transp", "TRANSPARENT")
    if with_names and task.detail:
        event.add("description", task.detail)
    return event
