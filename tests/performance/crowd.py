"""Many cases out of few: real cases are copied, with their people and records, until there are as many as are needed.

The database copies them itself, `INSERT … SELECT` beside a series of numbers. The n-th copy of a row has the number of
the row plus n times the highest number of its table, and so has everything that points at it. What must be unique
gets this number behind it; copied people have names, phones and plates of their own. Business keys follow their
records, and what events tell of a task follows it; other numbers of records inside documents of cases and of events
stay those of the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from engine.instances.models import ProcessInstance
from engine.persistence import Base, table_of
from engine.timers.models import DueKind
from webapp.customers.models import Customer, CustomerWord
from webapp.demo.names import FAMILIES, FEMALE, MALE

TASK_KINDS = (DueKind.REMINDER, DueKind.ESCALATION, DueKind.WAKE)
CASE_KINDS = (DueKind.BPMN_TIMER,)
KEYS = {
    "sales.worksheet": "worksheet",
    "sales.aftercare": "worksheet",
}  # how business keys of copied cases begin, and whose number follows
ROOTS = {"customer", "process_instance"}  # these are copied, and whatever belongs to them
APART = {"due_row"}  # belong to them without a foreign key
# a place is taken once at a time: copied visits have none; words follow the names
SINGLE = {"service_occupancy", "customer_word"}
PERSON = ("last_name", "first_name", "middle_name", "search_name", "sort_name")
PEOPLE = 50_000  # names, for whom there are many bearers each
FIRST_NUMBER, NUMBERS, SCATTER = 79_005_000_000, 5_000_000, 7919
FIRST_VIN = 10_000_000
ROOM = 12  # signs of a mark
PLATE_NUMBERS = 900  # three digits, of the car and of its region, none with a nought in front
LOGGED = {("episode", "opened_seq"), ("episode_milestone", "first_seq")}  # numbers of events without a foreign key


def multiply(session: Session, times: int) -> int:
    """Copy every case `times` times, with all that belongs to it; how many cases there are then."""
    connection = session.connection()
    copied = [table for table in _copied() if connection.scalar(select(func.count()).select_from(table))]
    spans = {table.name: _span(connection, table) for table in copied}
    names = _names(connection)
    copy = _series(times)
    for table in copied:
        changes = _changes(connection, table, spans, copy.c.n)
        source = table.join(copy, literal(True))
        if table.name == "customer":
            changes |= {name: names.c[name] for name in PERSON}
            source = source.join(names, names.c.n == (table.c.id + copy.c.n * SCATTER) % PEOPLE)
        columns = [column for column in table.columns if column.computed is None]
        values = [changes.get(column.name, column).label(column.name) for column in columns]
        chosen = select(*values).select_from(source)
        if table.name == "due_row":
            chosen = chosen.where(table.c.kind.in_((*TASK_KINDS, *CASE_KINDS)))
        connection.execute(insert(table).from_select([column.name for column in columns], chosen))
    if "customer" in spans:
        _word(connection, spans["customer"])
    names.drop(connection)
    _settle(connection, copied)
    return connection.scalar(select(func.count()).select_from(table_of(ProcessInstance))) or 0


def _copied() -> Iterator[Table]:
    """Tables in the order in which rows may be written, as far as they hang on people or cases."""
    reached = set(ROOTS)
    for table in Base.metadata.sorted_tables:
        owners = {key.column.table.name for key in table.foreign_keys}
        if table.name in ROOTS | APART or (owners & reached and table.name not in SINGLE):
            reached.add(table.name)
            yield table


def _changes(
    connection: Connection, table: Table, spans: Mapping[str, int], n: ColumnElement[int]
) -> dict[str, ColumnElement[Any]]:
    """The columns of a copy that differ from those of its row."""
    found: dict[str, ColumnElement[Any]] = {}

    def shift(column: Column[Any], by: str) -> None:
        found[column.name] = column + n * spans[by]

    for column in table.columns:
        for key in column.foreign_keys:
            if key.column.table.name in spans:
                shift(column, key.column.table.name)
        if (table.name, column.name) in LOGGED:
            shift(column, "history_event")
        if column.name in ("business_key", "case_key"):
            found[column.name] = _key(column, spans, n)
    if table.name in spans and spans[table.name] and (number := _number_of(table)) is not None:
        shift(number, table.name)
    if table.name == "history_event":
        found["payload"] = _of_the_copied_task(connection, table.c.payload, n * spans["human_task"])
    if table.name == "due_row":
        of_tasks, of_cases = spans["human_task"], spans["process_instance"]
        found["ref"] = table.c.ref + n * case((table.c.kind.in_(TASK_KINDS), of_tasks), else_=of_cases)
    if table.name == "customer_phone":
        digits = cast(FIRST_NUMBER + found["id"] * SCATTER % NUMBERS, String)
        found |= {"number": "+" + digits, "tail": _reversed(digits, connection)}
    if table.name in ("customer_car", "reservation"):  # a VIN has seventeen signs, of a copy too
        found["vin"] = func.substr(table.c.vin, 1, 17 - len(str(FIRST_VIN))) + cast(FIRST_VIN + found["id"], String)
    if table.name == "customer_car":
        found["vin_tail"] = _reversed(found["vin"], connection)
        found |= _plate(found["id"] * SCATTER)
    key = _number_of(table)
    mark = cast(n if key is None else found[key.name], String)
    for unique in (*_unique_constraints(table), *(index for index in table.indexes if index.unique)):
        texts = [each for each in unique.columns if isinstance(each.type, String)]
        if texts and not found.keys() & {each.name for each in unique.columns}:
            found[texts[0].name] = _marked(texts[0], mark)
    return found


def _marked(column: Column[Any], mark: ColumnElement[str]) -> ColumnElement[str]:
    """The text with the mark behind it; before what is left of a hash, which fills its column already."""
    if column.name.endswith("_hash"):
        return mark + ":" + func.substr(column, 1, column.type.length - ROOM)
    return column + ":" + mark


def _unique_constraints(table: Table) -> Iterator[UniqueConstraint]:
    return (each for each in table.constraints if isinstance(each, UniqueConstraint))


def _key(column: Column[Any], spans: Mapping[str, int], n: ColumnElement[int]) -> ColumnElement[str]:
    """A business key that follows its record; another one gets the number of the copy behind it."""
    followed = [
        (
            column.startswith(f"{start}:"),
            f"{start}:" + cast(cast(func.substr(column, len(start) + 2), BigInteger) + n * spans[record], String),
        )
        for start, record in KEYS.items()
        if record in spans
    ]
    return case(*followed, else_=column + ":" + cast(n, String)) if followed else column + ":" + cast(n, String)


def _number_of(table: Table) -> Column[Any] | None:
    """The column that numbers the rows, unless they are numbered by those they belong to."""
    keys = list(table.primary_key.columns)
    return keys[0] if len(keys) == 1 and isinstance(keys[0].type, Integer) and not keys[0].foreign_keys else None


def _span(connection: Connection, table: Table) -> int:
    key = _number_of(table)
    return 0 if key is None else connection.scalar(select(func.max(key))) or 0


def _series(times: int) -> CTE:
    first = select(literal(1, BigInteger).label("n")).cte("copy", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < times))


def _names(connection: Connection) -> Table:
    """PEOPLE names to choose from, with what searches and sorts them."""
    made = Table(
        "crowd_names", MetaData(), Column("n", Integer, primary_key=True), *(Column(name, String) for name in PERSON)
    )
    made.create(connection)
    choose = Random(1).choice
    rows = []
    for number in range(PEOPLE):
        person, is_male = Customer(), number % 3 > 0
        person.rename(
            last_name=choose(FAMILIES) + ("" if is_male else "а"),
            first_name=choose(MALE if is_male else FEMALE),
            middle_name=choose(MALE) + ("ович" if is_male else "овна"),
            company_name="",
        )
        rows.append({"n": number} | {name: getattr(person, name) for name in PERSON})
    connection.execute(insert(made), rows)
    return made


def _of_the_copied_task(connection: Connection, payload: Column[Any], shift: ColumnElement[int]) -> ColumnElement[str]:
    """What an event tells of a task names that of the copy: the figures of steps are counted by it."""
    begins = '"task":'
    if connection.dialect.name == "sqlite":
        told: ColumnElement[Any] = func.json_extract(payload, "$.task")
    else:
        told = cast(func.substring(payload, f"{begins}([0-9]+)"), BigInteger)
    renamed = func.replace(payload, begins + cast(told, String), begins + cast(told + shift, String))
    return case((payload.contains(begins), renamed), else_=payload)


def _plate(number: ColumnElement[int]) -> dict[str, ColumnElement[str]]:
    """Every copy has a plate; the demo dealer knows none."""
    own = cast(100 + number % PLATE_NUMBERS, String)
    region = cast(100 + number // PLATE_NUMBERS % PLATE_NUMBERS, String)
    return {"plate": "А" + own + "ВС" + region, "plate_digits": own + region}


def _word(connection: Connection, known: int) -> None:
    """The words by which the copied people are found; those up to the number `known` have theirs."""
    person, found = table_of(Customer), table_of(CustomerWord)
    words = Table("crowd_words", MetaData(), Column("name", String, index=True), Column("word", String))
    words.create(connection)
    names = connection.scalars(select(person.c.search_name).where(person.c.id > known).distinct())
    rows = [{"name": name, "word": word} for name in names for word in set(name.split())]
    if rows:
        connection.execute(insert(words), rows)
    copies = person.join(words, words.c.name == person.c.search_name)
    chosen = select(words.c.word, person.c.id).select_from(copies).where(person.c.id > known)
    connection.execute(insert(found).from_select(["word", "customer_id"], chosen))
    words.drop(connection)


def _reversed(digits: ColumnElement[str], connection: Connection) -> ColumnElement[str]:
    """PostgreSQL can turn a text round, SQLite learns it here."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.create_function("reverse", 1, lambda value: value and value[::-1], deterministic=True)
    return func.reverse(digits)


def _settle(connection: Connection, copied: Sequence[Table]) -> None:
    """New rows get numbers behind the copies, and the planner knows how many there are."""
    for table in copied:
        key = _number_of(table)
        if key is not None and connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            connection.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))
    connection.execute(text("ANALYZE"))
