"""Exports of the log: as the standards want them, without anybody's name or answer, and never whole in memory."""

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.export import ocel, reading, xes
from engine.history.export.naming import CaseObject, Pseudonyms, Speech
from engine.history.export.reading import Chosen
from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance
from tests.engine.history.logs import make_case
from tests.engine.history.schemas import check_ocel, check_xes
from tests.engine.test_runtime import NAME_FORM, SIMPLE
from tests.engine.world import NOW, OTHER_SELLER, World, choice, form, other_seller, seller
from tests.statements import counted_statements


def speech(salt: bytes = b"salt") -> Speech:
    return Speech(
        name=Pseudonyms.of("the secret of this installation", salt),
        step=lambda session, definition_id, element: f"Step «{element}» & <co>",
        dimensions={"source": "source", "booked_by": None},
        objects=lambda session, keys: {key: [CaseObject("customer", 3)] for key in keys},
    )


@pytest.fixture
def world(database: Database) -> World:
    """One case that was won after a postponing and a handing over, and one that goes on."""
    world = World(database)
    world.deploy(SIMPLE, NAME_FORM, form("test/needs", choice("outcome", "next", "again"), "secret"))
    world.start(payload={"source": "radio"})
    with database.write() as session:
        task, until = world.task("needs").id, world.now + timedelta(days=3)
        world.engine.postpone(session, task, until=until, reason="other", actor=seller, now=world.now)
        world.engine.recall(session, task, actor=seller, now=world.now)
        world.engine.delegate(session, task, to=OTHER_SELLER, comment="Ada Brown", actor=seller, now=world.now)
        world.engine.delegate(session, task, to=1, comment="", actor=other_seller, now=world.now)
    world.complete("needs", outcome="next", secret="Ada Brown")
    world.complete("offer", name="Ada Brown")
    world.now += timedelta(days=1)
    world.start(payload={"source": "web"})
    return world


def as_xes(session: Session, chosen: Chosen, said: Speech | None = None) -> bytes:
    return b"".join(xes.write(session, chosen, said or speech(), title="Sale"))


def as_ocel(session: Session, chosen: Chosen, said: Speech | None = None) -> bytes:
    return b"".join(ocel.write(session, chosen, said or speech()))


def test_xes_is_as_the_standard_wants_it(world: World) -> None:
    with world.database.read() as session:
        log = check_xes(as_xes(session, Chosen()))

    traces = log.findall("trace")
    of_first = [event.find("string[@key='lifecycle:transition']").get("value") for event in traces[0].findall("event")]
    assert len(traces) == 2
    assert len(traces[0].findall("event")) == len([event for event in world.events() if event.instance_id == 1])
    assert {"schedule", "suspend", "resume", "reassign", "complete"} <= set(of_first)
    assert traces[0].find("string[@key='outcome']").get("value") == "won"
    assert traces[0].find("string[@key='dimension_source']").get("value") == "radio"


def test_ocel_is_as_the_schema_wants_it(world: World) -> None:
    with world.database.read() as session:
        log = check_ocel(as_ocel(session, Chosen()))

    kinds = {each["type"] for each in log["objects"]}
    assert kinds == {"case", "task", "person", "centre", "deal", "customer"}
    assert len(log["events"]) == len(world.events())
    assert sum(each["type"] == "customer" for each in log["objects"]) == 1
    assert {link["qualifier"] for event in log["events"] for link in event["relationships"]} == {
        "case",
        "record",
        "customer",
        "task",
        "by",
        "to",
    }


def test_nobody_and_no_answer_leaves(world: World) -> None:
    with world.database.read() as session:
        files = [as_xes(session, Chosen()), as_ocel(session, Chosen())]

    for content in files:
        for never in (b"Ada Brown", b"deal:1", b"SECRET", b"reason", b"ADA"):
            assert never not in content


def test_pseudonyms_hold_inside_an_export_and_not_beyond(world: World) -> None:
    with world.database.read() as session:
        log = check_ocel(as_ocel(session, Chosen()))
        again, other = as_ocel(session, Chosen()), as_ocel(session, Chosen(), speech(b"other"))

    people = {each["id"] for each in log["objects"] if each["type"] == "person"}
    named = {
        link["objectId"] for event in log["events"] for link in event["relationships"] if link["qualifier"] == "by"
    }
    assert len(people) == 2
    assert named == people
    assert check_ocel(again) == log
    assert not people & {each["id"] for each in check_ocel(other)["objects"]}


def test_a_dimension_that_nobody_declares_stays_here(world: World) -> None:
    silent = Speech(name=Pseudonyms(b"key"), step=lambda session, definition, element: element)
    with world.database.read() as session:
        files = [as_xes(session, Chosen(), silent), as_ocel(session, Chosen(), silent)]

    assert all(b"radio" not in content for content in files)


def test_only_the_chosen_cases(world: World) -> None:
    def traces(chosen: Chosen) -> int:
        with world.database.read() as session:
            assert reading.count_cases(session, chosen) == len(check_xes(as_xes(session, chosen)).findall("trace"))
            check_ocel(as_ocel(session, chosen))
            return reading.count_cases(session, chosen)

    later = NOW + timedelta(hours=1)
    assert [
        traces(Chosen(process_key="other")),
        traces(Chosen(process_key="sale", since=later)),
        traces(Chosen(until=later)),
        traces(Chosen(visible=ProcessInstance.scope_id == 99)),
    ] == [0, 1, 1, 0]


def test_what_xml_cannot_hold_is_left_out(world: World) -> None:
    odd = Speech(name=Pseudonyms(b"key"), step=lambda session, definition, element: 'a\x00\x0b"\ud800<&>')
    with world.database.read() as session:
        log = check_xes(as_xes(session, Chosen(), odd))

    names = {event.find("string[@key='concept:name']").get("value") for event in log.iter("event")}
    assert 'a  " <&>' in names


def test_memory_and_statements_do_not_grow_with_the_log(sqlite_database: Database) -> None:
    database = sqlite_database
    make_case(database)
    _fill(database, 1, 250)
    small = _peak(database)
    _fill(database, 251, 1000)
    large = _peak(database)
    with counted_statements(database.engine) as statements, database.read() as session:
        count = sum(len(piece) for piece in ocel.write(session, Chosen(), speech()))

    assert count > 700_000
    assert large < 1.5 * small
    # for 200 cases: the cases and their episodes twice, the events, the tasks; and twice that there are no more
    assert len(statements) == 6 * -(-1001 // reading.CASES_AT_ONCE) + 2


def _peak(database: Database) -> int:
    peaks = []
    with database.read() as session:
        for pieces in (xes.write(session, Chosen(), speech(), title="x"), ocel.write(session, Chosen(), speech())):
            peaks.append(_peak_of(pieces))
    return max(peaks)


def _peak_of(pieces: Iterator[bytes]) -> int:
    tracemalloc.start()
    try:
        for _ in pieces:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _fill(database: Database, first: int, last: int) -> None:
    numbers = range(first + 1, last + 2)
    cases = [
        {
            "id": number,
            "definition_id": 1,
            "process_key": "sale",
            "business_key": f"deal:{number}",
            "state": b"",
            "started_at": NOW,
            "rev": 0,
            "status": "active",
        }
        for number in numbers
    ]
    events = [
        {
            "instance_id": number,
            "definition_id": 1,
            "kind": "commented",
            "element": f"step{place}",
            "actor_id": place,
            "at": NOW,
            "payload": "",
            "command_key": f"c{number}",
            "ordinal": place,
        }
        for number in numbers
        for place in range(3)
    ]
    with database.write() as session:
        session.execute(insert(ProcessInstance), cases)
        session.execute(insert(HistoryEvent), events)
