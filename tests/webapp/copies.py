"""Many cases at once: copies of one that the engine has led, with everything that belongs to it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, insert, literal, select
from sqlalchemy.orm import Session

from engine.expiries import CaseExpiry
from engine.history.models import HistoryEvent
from engine.human_tasks.models import HumanTask
from engine.instances.models import CaseData, ProcessInstance
from engine.milestones.models import Episode
from engine.persistence import Base, table_of

KEPT_BY_CASES = (CaseData, HumanTask, HistoryEvent, CaseExpiry, Episode)


def multiply(session: Session, instance_id: int, times: int) -> None:
    """So many more cases that stand exactly where this one does, with its log; a statement for each table."""
    prefix = f"copy:{instance_id}."
    cases = table_of(ProcessInstance)
    number = select(literal(1).label("number")).cte("numbers", recursive=True)
    number = number.union_all(select(number.c.number + 1).where(number.c.number < times))
    changed = {"business_key": literal(prefix).concat(cast(number.c.number, String))}
    original = cases.c.id == instance_id
    _copy(session, ProcessInstance, select().select_from(cases.join(number, original)), changed)
    copies = cases.alias("copies")
    for model in KEPT_BY_CASES:
        table = table_of(model)
        belongs = table.join(
            copies, (table.c.instance_id == instance_id) & copies.c.business_key.startswith(prefix, autoescape=True)
        )
        changed = {"instance_id": copies.c.id}
        if "command_key" in table.c:
            again = cast(copies.c.id, String)
            changed["command_key"] = func.substr(table.c.command_key, 1, 40, type_=String).concat("." + again)
        _copy(session, model, select().select_from(belongs), changed)


def _copy(session: Session, model: type[Base], rows: Select[Any], changed: dict[str, ColumnElement[Any]]) -> None:
    table = table_of(model)
    own_number = [column.name for column in table.primary_key if len(table.primary_key) == 1]
    columns = [column for column in table.c if column.name not in own_number or column.name in changed]
    values = rows.add_columns(*[changed.get(column.name, column) for column in columns])
    session.execute(insert(table).from_select([column.name for column in columns], values))
