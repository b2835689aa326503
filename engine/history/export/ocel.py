"""OCEL 2.0 as JSON: events and the objects they concern – cases, tasks, people, centres, and what the slices know.

The log is read twice in one snapshot: for the events, then for the objects. The types stand at the end of the file,
when they are known; the order of the members of a JSON object means nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.history.export.naming import CASE, CENTRE, PERSON, TASK, CaseObject, Speech, transition_of
from engine.history.export.reading import (
    CaseRow,
    Chosen,
    EventRow,
    read_cases,
    read_events,
    read_tasks,
    stamp,
)

MIMETYPE = "application/json"
BEGINNING = "1970-01-01T00:00:00.000+00:00"  # of what does not change
EVENT_ATTRIBUTES = ("kind", "transition", "milestone")


def write(session: Session, chosen: Chosen, speech: Speech) -> Iterator[bytes]:
    """The file in pieces of some cases each; memory grows with the number of people and kinds of steps alone."""
    return _Writing(session, chosen, speech).pieces()


class _Numbers:
    """A set of small numbers, one bit each: customers come again in case after case."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> bool:
        """Whether it is new."""
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        new = not self._bits[place] & bit
        self._bits[place] |= bit
        return new


class _Writing:
    def __init__(self, session: Session, chosen: Chosen, speech: Speech) -> None:
        self.session, self.chosen, self.speech = session, chosen, speech
        self.people: set[int] = set()
        self.centres: set[int] = set()
        self.activities: set[str] = set()
        self.types: dict[str, dict[str, None]] = {}  # of objects, with their attributes, both in order
        self.seen: dict[str, _Numbers] = {}

    def pieces(self) -> Iterator[bytes]:
        yield b'{"events":['
        first = True
        for cases in read_cases(self.session, self.chosen):
            events = read_events(self.session, cases)
            about = self.speech.objects(self.session, [case.business_key for case in cases])
            written = []
            for case in cases:
                links = self._links_of(case, about.get(case.business_key, ()))
                written += [self._event(event, links) for event in events.get(case.id, ())]
            if written:
                yield _joined(written, first)
                first = False
        yield b'],"objects":['
        first = True
        for objects in self._objects():
            if objects:
                yield _joined(objects, first)
                first = False
        types = [{"name": name, "attributes": _declared(EVENT_ATTRIBUTES)} for name in sorted(self.activities)]
        yield b'],"eventTypes":' + orjson.dumps(types)
        kinds = [{"name": name, "attributes": _declared(self.types[name])} for name in sorted(self.types)]
        yield b',"objectTypes":' + orjson.dumps(kinds) + b"}\n"

    def _links_of(self, case: CaseRow, about: Sequence[CaseObject]) -> list[dict[str, str]]:
        """What every event of a case concerns."""
        name = self.speech.name
        links = [_link(name(CASE, case.id), "case")]
        links.append(_link(name(case.business_key.rpartition(":")[0], case.business_key), "record"))
        return links + [_link(name(each.kind, each.number), each.kind) for each in about]

    def _event(self, event: EventRow, of_case: Sequence[dict[str, str]]) -> Mapping[str, Any]:
        speech = self.speech
        activity = speech.activity(self.session, event.definition_id, event.element, event.kind)
        self.activities.add(activity)
        links = [*of_case]
        if event.task is not None:
            links.append(_link(speech.name(TASK, event.task), "task"))
        for person, how in ((event.actor_id, "by"), (event.to, "to")):
            if person is not None:
                self.people.add(person)
                links.append(_link(speech.name(PERSON, person), how))
        attributes = {"kind": event.kind, "transition": transition_of(event.kind), "milestone": event.milestone}
        return {
            "id": speech.name("event", event.seq),
            "type": activity,
            "time": stamp(event.at),
            "attributes": [{"name": name, "value": value} for name, value in attributes.items() if value],
            "relationships": links,
        }

    def _objects(self) -> Iterator[list[Mapping[str, Any]]]:
        """Cases first: they name the centres. Two further statements, and those of the slices, for some cases."""
        for cases in read_cases(self.session, self.chosen):
            tasks = read_tasks(self.session, cases)
            about = self.speech.objects(self.session, [case.business_key for case in cases])
            found: list[Mapping[str, Any]] = []
            for case in cases:
                found += self._of_case(case, about.get(case.business_key, ()))
                for task in tasks.get(case.id, ()):
                    step = self.speech.step(self.session, case.definition_id, task.element)
                    values = {"step": step, "role": task.candidate_role}
                    links = [_link(self.speech.name(CASE, case.id), "of")]
                    found.append(self._object(TASK, task.id, values, links, stamp(task.created_at)))
            yield found
        yield [self._object(PERSON, each, {}, []) for each in sorted(self.people)]
        yield [self._object(CENTRE, each, {}, []) for each in sorted(self.centres)]

    def _of_case(self, case: CaseRow, about: Sequence[CaseObject]) -> Iterator[Mapping[str, Any]]:
        name = self.speech.name
        prefix, _, number = case.business_key.rpartition(":")
        links = [_link(name(prefix, case.business_key), "about")]
        if case.scope_id is not None:
            self.centres.add(case.scope_id)
            links.append(_link(name(CENTRE, case.scope_id), "at"))
        values = {"process": case.process_key, "status": case.status, "outcome": case.outcome}
        for dimension, value in case.dimensions.items():
            values[f"dimension_{dimension}"] = self.speech.dimension(dimension, value)
        yield self._object(CASE, case.id, values, links, stamp(case.started_at))
        if self._is_new(prefix, int(number) if number.isdecimal() else case.id):
            yield self._object(
                prefix, case.business_key, {}, [_link(name(each.kind, each.number), each.kind) for each in about]
            )
        for each in about:
            if self._is_new(each.kind, each.number):
                yield self._object(each.kind, each.number, {}, [])

    def _is_new(self, kind: str, number: int) -> bool:
        return self.seen.setdefault(kind, _Numbers()).add(number)

    def _object(
        self,
        kind: str,
        number: object,
        values: Mapping[str, str | None],
        links: Sequence[Mapping[str, str]],
        since: str = BEGINNING,
    ) -> Mapping[str, Any]:
        told = {name: value for name, value in values.items() if value is not None}
        self.types.setdefault(kind, {}).update(dict.fromkeys(told))
        return {
            "id": self.speech.name(kind, number),
            "type": kind,
            "attributes": [{"name": name, "value": value, "time": since} for name, value in told.items()],
            "relationships": links,
        }


def _link(name: str, qualifier: str) -> dict[str, str]:
    return {"objectId": name, "qualifier": qualifier}


def _declared(names: Sequence[str] | Mapping[str, None]) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in names]


def _joined(items: Sequence[Mapping[str, Any]], first: bool) -> bytes:
    return (b"\n" if first else b",\n") + b",\n".join(orjson.dumps(item) for item in items)
