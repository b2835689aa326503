"""What a test run stands on: a private database in memory with the drafts, and what they need of what is live.

It is filled once and kept as bytes; every run begins with a copy of them, so that no run sees another.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from engine.definitions.deployment import deploy
from engine.definitions.examining import refuse_many
from engine.definitions.limits import refuse_large
from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition
from engine.definitions.parsing import read_processes
from engine.definitions.store import Definition, DefinitionStore
from engine.definitions.xml import read_xml
from engine.errors import UnknownDefinition
from engine.human_tasks.form_values import TextReader
from engine.human_tasks.forms import Form
from engine.kernel import Kernel
from engine.operations import Operation
from engine.persistence import Base
from engine.sandbox.people import PretendedStaff
from engine.timers.models import DueKind, DueRow, WorkingCalendarRow


@dataclass(eq=False)
class Sandbox:
    """Everything that a run of one process needs, whatever becomes of the database it was read from."""

    process_key: str
    base: bytes = field(repr=False)
    operations: Mapping[str, Operation] = field(repr=False)
    staff: PretendedStaff
    text_kinds: Mapping[str, TextReader]
    store: DefinitionStore = field(default_factory=DefinitionStore)
    _database: Database = field(default_factory=lambda: _empty_database())
    _busy: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """The database as it was filled; one run at a time."""
        with self._busy:
            _load(self._database, self.base)
            yield self._database

    def definition(self) -> Definition:
        """The version that is played."""
        with self.fresh() as database, database.read() as session:
            return self.store.latest(session, self.process_key)

    def forms(self, keys: Iterable[str]) -> dict[str, Form]:
        """Forms as the run knows them. Raises UnknownDefinition."""
        with self.fresh() as database, database.read() as session:
            return {key: self.store.form(session, key).form for key in keys}

    def form(self, key: str) -> Form:
        return self.forms([key])[key]

    def xml_of(self, process_key: str) -> str | None:
        """The drawing of a process that the run knows, as it was published or drafted."""
        with self.fresh() as database, database.read() as session:
            newest = select(func.max(ProcessDefinition.id)).where(ProcessDefinition.key == process_key)
            found = select(ProcessDefinition.xml).where(ProcessDefinition.id == newest.scalar_subquery())
            return session.scalar(found)

    def close(self) -> None:
        """Give the memory of the database back; a run that begins later takes it again."""
        with self._busy:
            self._database.close()


def prepare(
    session: Session, kernel: Kernel, process_key: str, files: Mapping[str, bytes], *, now: datetime
) -> Sandbox:
    """A sandbox of a process: these files as if they were published, and what is live of everything else.

    Only reads with `session`. Raises DefinitionRejected as publishing would, UnknownDefinition without such a process.
    """
    staff = PretendedStaff(kernel.directory(session).roles())
    models = _drafted(files)
    rows = _rows_needed(session, kernel.store, process_key, models)
    database = _empty_database()
    sandbox = Sandbox(process_key, b"", kernel.operations, staff, kernel.text_kinds, _database=database)
    inner = Kernel(
        operations=kernel.operations, directory=lambda _: staff, text_kinds=kernel.text_kinds, store=sandbox.store
    )
    try:
        with database.write() as inside:
            inside.execute(insert(Deployment), [{"id": 1, "at": now, "actor_id": None, "note": ""}])
            for table, values in rows.items():
                if values:
                    inside.execute(insert(table), values)
            if files:
                deploy(inside, inner, files, actor_id=None, now=now)
            inside.execute(delete(DueRow).where(DueRow.kind == DueKind.START))  # the script starts the case
            sandbox.store.latest(inside, process_key)
        sandbox.base = _saved(database)
    except BaseException:
        database.close()
        raise
    return sandbox


def _drafted(files: Mapping[str, bytes]) -> dict[str, ProcessModel]:
    """The processes of the drawings among the files, by key. Raises DefinitionRejected."""
    refuse_large(files)
    found: dict[str, ProcessModel] = {}
    for path, body in sorted(files.items()):
        if path.endswith(".bpmn"):
            root = read_xml(body)
            refuse_many(root)
            found |= {model.key: model for model in read_processes(root)}
    return found


def _rows_needed(
    session: Session, store: DefinitionStore, process_key: str, drafted: Mapping[str, ProcessModel]
) -> dict[type[Base], list[dict[str, Any]]]:
    """Rows of live definitions to be copied, table by table."""
    live = {definition.key: definition for definition in store.live(session)}
    if process_key not in live and process_key not in drafted:
        raise UnknownDefinition("process_unknown", f"No process {process_key} is published.", process=process_key)
    needed: dict[int, Definition] = {}
    models: list[ProcessModel] = list(drafted.values())
    wanted = {process_key, *drafted, *(callee for model in drafted.values() for callee in model.callees())}
    for key in sorted(wanted & live.keys()):
        definition = live[key]
        needed[definition.id] = definition
        models += [definition.model, *definition.called.values()]
    ids = _with_callees(session, set(needed))
    forms = {element.form for model in models for element in model.elements.values() if element.form}
    return {
        ProcessDefinition: _copies(session, ProcessDefinition, sorted(ids)),
        FormDefinition: _copies(session, FormDefinition, _newest(session, FormDefinition, forms)),
        DecisionDefinition: _copies(session, DecisionDefinition, _newest(session, DecisionDefinition, None)),
        WorkingCalendarRow: _copies(session, WorkingCalendarRow, None),
    }


def _with_callees(session: Session, ids: set[int]) -> set[int]:
    """These versions, and those that they are pinned to."""
    found, agenda = set[int](), set(ids)
    while agenda:
        found |= agenda
        rows = session.scalars(select(ProcessDefinition.calls).where(ProcessDefinition.id.in_(agenda))).all()
        agenda = {called for calls in rows for called in _pinned(calls)} - found
    return found


def _pinned(calls: str) -> Sequence[int]:
    return list(orjson.loads(calls).values())


def _newest(session: Session, table: Any, keys: set[str] | None) -> list[int]:
    statement = select(func.max(table.id)).group_by(table.key)
    if keys is not None:
        statement = statement.where(table.key.in_(keys))
    return sorted(session.scalars(statement))


def _copies(session: Session, table: Any, ids: Sequence[int] | None) -> list[dict[str, Any]]:
    statement = select(table.__table__)
    if ids is not None:
        statement = statement.where(table.id.in_(ids))
    rows = [dict(row) for row in session.execute(statement).mappings()]
    return [{**row, "deployment_id": 1} if "deployment_id" in row else row for row in rows]


def _empty_database() -> Database:
    """The engine's tables in memory, on one connection, which any thread may use while it holds the sandbox."""
    database = make_database("sqlite:///:memory:?check_same_thread=false", connections=1)
    own = [
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("engine.") and mapper.local_table is not None
    ]
    with database.write() as session:
        Base.metadata.create_all(session.connection(), tables=own)  # type: ignore[arg-type]
    return database


def _raw(database: Database) -> Any:
    return database.engine.raw_connection()


def _saved(database: Database) -> bytes:
    connection = _raw(database)
    try:
        saved: bytes = connection.driver_connection.serialize()
        return saved
    finally:
        connection.close()


def _load(database: Database, base: bytes) -> None:
    connection = _raw(database)
    try:
        connection.driver_connection.deserialize(base)
    finally:
        connection.close()
