"""Seals over the log: whatever is changed afterwards is found and named, and writers never wait."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history import sealing, verifying
from engine.history.models import HistoryEvent, LogSeal
from engine.history.sealed_rows import SealKey, pack_gone
from engine.history.sealing import HISTORY, Head
from engine.history.verifying import Finding, Verified
from tests.engine.history.logs import NOW, add_events, make_case, write

KEY = SealKey.derived("the secret of this installation")


def seal(database: Database, *, key: SealKey = KEY) -> sealing.Sealed:
    return sealing.seal(database, [HISTORY], key, now=NOW)


def look(database: Database, head: Head | None = None, *, key: SealKey = KEY) -> tuple[list[Finding], Verified]:
    verified = Verified()
    with database.read() as session:
        return list(verifying.verify(session, [HISTORY], {key.name: key}, verified, head)), verified


def found(database: Database, head: Head | None = None) -> list[tuple[str, int, int]]:
    return [(each.kind.value, each.seal, each.row) for each in look(database, head)[0]]


def do(database: Database, *acts: object) -> None:
    with database.write() as session:
        for act in acts:
            session.execute(act)  # type: ignore[call-overload]


@pytest.fixture
def sealed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Ten events under three seals, and two that are too new."""
    monkeypatch.setattr(sealing, "ROWS_OF_A_SEAL", 4)
    case = make_case(database)
    add_events(database, case, 10)
    assert seal(database).rows == {"history": 10}
    add_events(database, case, 2)
    return database


def numbers(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq)))


def test_an_untouched_log_agrees(sealed: Database) -> None:
    findings, verified = look(sealed)

    assert (findings, verified.seals, verified.rows, verified.unsealed) == ([], 3, 10, {"history": 2})


def test_nothing_new_makes_no_seal(sealed: Database) -> None:
    seal(sealed)

    assert (seal(sealed).seals, look(sealed)[1].unsealed) == (0, {"history": 0})


def test_a_changed_row_is_named(sealed: Database) -> None:
    row = numbers(sealed)[5]
    changes: list[dict[str, object]] = [
        {"at": NOW - timedelta(days=1)},
        {"actor_id": 77},
        {"actor_id": None},
        {"payload": '{"n":1 }'},
        {"milestone": ""},
        {"kind": "instructed"},
        {"element": "other"},
    ]
    with sealed.read() as session:
        event = session.get_one(HistoryEvent, row)
        as_it_was = {column.key: getattr(event, column.key) for column in HistoryEvent.__table__.columns}
    for change in changes:
        do(sealed, update(HistoryEvent).where(HistoryEvent.seq == row).values(change))
        assert (change, found(sealed)) == (change, [("changed", 2, row)])
        do(sealed, update(HistoryEvent).where(HistoryEvent.seq == row).values(as_it_was))
        assert found(sealed) == []


def test_removed_rows_are_named(sealed: Database) -> None:
    rows = numbers(sealed)
    gone = [0, 3, 4, 9]  # the first and the last of a seal, and of all that is sealed
    do(sealed, delete(HistoryEvent).where(HistoryEvent.seq.in_([rows[place] for place in gone])))

    assert found(sealed) == [("removed", place // 4 + 1, rows[place]) for place in gone]


@pytest.mark.parametrize(("place", "seal_number"), [(1, 1), (4, 2)])
def test_a_row_that_was_put_in_is_named(
    database: Database, place: int, seal_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "ROWS_OF_A_SEAL", 4)
    add_events(database, make_case(database), 6)
    hole = numbers(database)[place]  # as a rolled back transaction leaves one
    do(database, delete(HistoryEvent).where(HistoryEvent.seq == hole))
    seal(database)
    assert found(database) == []

    with database.write() as session:
        copied = session.scalars(select(HistoryEvent).limit(1)).one()
        values = {column.key: getattr(copied, column.key) for column in HistoryEvent.__table__.columns}
        session.add(HistoryEvent(**values | {"seq": hole, "ordinal": 99}))

    assert found(database) == [("inserted", seal_number, hole)]


def test_rows_that_changed_places_are_named(sealed: Database) -> None:
    one, other = numbers(sealed)[1:3]
    for old, new in ((one, 10_000), (other, one), (10_000, other)):
        do(sealed, update(HistoryEvent).where(HistoryEvent.seq == old).values(seq=new))

    assert found(sealed) == [("changed", 1, one), ("changed", 1, other)]


def test_a_cut_tail_is_seen_by_who_has_kept_the_head(sealed: Database) -> None:
    with sealed.read() as session:
        head = sealing.find_head(session)
    assert head is not None
    assert Head.parse(str(head)) == head
    assert found(sealed, head) == []
    last = numbers(sealed)[7]

    do(sealed, delete(LogSeal).where(LogSeal.number == 3), delete(HistoryEvent).where(HistoryEvent.seq > last))

    assert found(sealed) == []  # nothing in the database can tell
    assert found(sealed, head) == [("cut_off", 3, 0)]


def test_a_tail_that_was_written_anew_is_another_head(sealed: Database) -> None:
    with sealed.read() as session:
        head = sealing.find_head(session)
    row = numbers(sealed)[9]
    do(sealed, delete(LogSeal).where(LogSeal.number == 3))
    do(sealed, update(HistoryEvent).where(HistoryEvent.seq == row).values(actor_id=77))
    seal(sealed)  # by the installation itself: its key is right

    assert found(sealed) == []
    assert found(sealed, head) == [("cut_off", 3, 0)]


def test_a_seal_that_was_changed_is_found(sealed: Database) -> None:
    changes: dict[str, object] = {"hash": "0" * 64, "previous": "0" * 64, "at": NOW + timedelta(1), "first": 1_000}
    changes |= {"rows": 3, "marks": b"0" * 64, "ids": b"broken"}
    with sealed.read() as session:
        seal = session.get_one(LogSeal, 2)
        as_it_was = {column: getattr(seal, column) for column in changes}
    for column, value in changes.items():
        do(sealed, update(LogSeal).where(LogSeal.number == 2).values({column: value}))
        assert (column, ("seal_changed", 2, 0) in found(sealed)) == (column, True)
        do(sealed, update(LogSeal).where(LogSeal.number == 2).values(as_it_was))
        assert found(sealed) == []


def test_a_seal_that_is_gone_is_found(sealed: Database) -> None:
    do(sealed, delete(LogSeal).where(LogSeal.number == 2))

    assert found(sealed) == [("seal_removed", 2, 0)]


def test_who_has_no_key_cannot_seal_anew(sealed: Database) -> None:
    row, forger = numbers(sealed)[9], SealKey.derived("guessed")
    do(sealed, update(HistoryEvent).where(HistoryEvent.seq == row).values(actor_id=77))
    do(sealed, delete(LogSeal).where(LogSeal.number == 3))
    seal(sealed, key=forger)
    assert ("seal_of_other_key", 3, 0) in found(sealed)

    do(sealed, update(LogSeal).where(LogSeal.number == 3).values(key_name=KEY.name))

    assert found(sealed) == [("seal_changed", 3, 0)]


def test_rows_are_not_gone_because_somebody_says_so(sealed: Database) -> None:
    row = numbers(sealed)[2]
    do(
        sealed,
        delete(HistoryEvent).where(HistoryEvent.seq == row),
        update(LogSeal).where(LogSeal.number == 1).values(gone=pack_gone([row]), gone_hash="0" * 64),
    )

    assert found(sealed) == [("seal_changed", 1, 0), ("removed", 1, row)]


def test_what_commits_late_is_sealed_in_its_turn(postgresql_database: Database) -> None:
    """A writer has drawn its number and is not done: nothing above it is sealed, and nobody waits for it."""
    database = postgresql_database
    case = make_case(database)
    add_events(database, case, 3)
    with database.session(write=True) as slow:
        _add(slow, case, "slow")
        add_events(database, case, 3)
        seal(database)  # notes how far the log was, and who is at work
        seal(database)
        with database.read() as session:
            assert sealing.sealed_upto(session, HISTORY) < max(numbers(database))
        slow.commit()
    seal(database)
    seal(database)

    findings, verified = look(database)
    assert (findings, verified.rows, verified.unsealed) == ([], 7, {"history": 0})


def test_a_busy_log_is_sealed_as_well(postgresql_database: Database) -> None:
    """There is a writer at every moment, but not the same one."""
    database = postgresql_database
    case = make_case(database)
    add_events(database, case, 3)
    first = database.session(write=True)
    _add(first, case, "first")
    seal(database)
    second = database.session(write=True)
    _add(second, case, "second")
    first.commit()
    first.close()
    assert seal(database).rows == {"history": 3}
    second.commit()
    second.close()
    seal(database)

    assert look(database)[0] == []


def test_writers_and_sealers_at_once(database: Database) -> None:
    case = make_case(database)
    failures: list[Exception] = []

    def repeat(act: Callable[[], object]) -> None:
        try:
            for _ in range(12):
                act()
        except Exception as failure:
            failures.append(failure)

    acts = [lambda: add_events(database, case, 3)] * 3 + [lambda: seal(database)] * 2
    threads = [Thread(target=repeat, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal(database)

    findings, verified = look(database)
    assert (failures, findings, verified.rows, verified.unsealed) == ([], [], 108, {"history": 0})


def test_a_step_pays_nothing(sealed: Database) -> None:
    """No trigger, no column: the log has what it had, and the seals refer to it by number alone."""
    assert not LogSeal.__table__.foreign_keys
    with sealed.read() as session:
        if session.get_bind().dialect.name == "sqlite":
            assert session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all() == []


def test_what_was_found_is_kept(sealed: Database) -> None:
    _, verified = look(sealed)
    with sealed.write() as session:
        verifying.note_verification(session, verified, NOW)
        verifying.note_verification(session, verified, NOW)
    with sealed.read() as session:
        kept = session.scalars(select(verifying.LogVerification)).one()
        assert (kept.rows, kept.findings) == (10, 0)


def _add(session: Session, case: int, name: str) -> None:
    write(session, case, 1, name)
