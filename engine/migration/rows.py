"""The rows beside the state of a case that follow a migration: tasks, drafts and subscriptions, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from engine import case_data
from engine.definitions.model import Element
from engine.human_tasks.models import TaskState, path_of, stored_path
from engine.instances.statements import DRAFT, DROP_SUBSCRIPTIONS, DUE, SUBSCRIPTION, TASK, TASK_KINDS
from engine.instances.step import Step, Waits
from engine.migration.mapping import Change
from engine.timers.models import DueKind

_OF_GUID = and_(TASK.c.instance_id == bindparam("of_instance"), TASK.c.task_guid == bindparam("of_guid"))
_COLUMNS = ("element", "path", "form", "candidate_role", "priority")
_SET_TASK = update(TASK).where(_OF_GUID).values({name: bindparam(f"new_{name}") for name in _COLUMNS})
_REOPEN = update(TASK).where(_OF_GUID).values(state=TaskState.OPEN, completed_at=None)
_RENAME_TASK = update(TASK).where(TASK.c.id == bindparam("of_id")).values(element=bindparam("new_element"))
_TASKS_AT = select(TASK.c.id, TASK.c.element, TASK.c.path).where(
    TASK.c.instance_id == bindparam("of_instance"), TASK.c.element.in_(bindparam("elements", expanding=True))
)
_MOVE_DRAFT = (
    update(DRAFT)
    .where(
        DRAFT.c.task_id == select(TASK.c.id).where(_OF_GUID).scalar_subquery(), DRAFT.c.form == bindparam("old_form")
    )
    .values(form=bindparam("new_form"))
)
_SET_SUBSCRIPTION = (
    update(SUBSCRIPTION)
    .where(SUBSCRIPTION.c.instance_id == bindparam("of_instance"), SUBSCRIPTION.c.task_guid == bindparam("of_guid"))
    .values(element=bindparam("new_element"))
)
_OPEN_TASKS = select(TASK).where(TASK.c.instance_id == bindparam("of_instance"), TASK.c.state == TaskState.OPEN)
_DRAFTS = select(DRAFT).where(DRAFT.c.task_id.in_(bindparam("ids", expanding=True)))
_DUE_ROWS = select(DUE).where(DUE.c.ref.in_(bindparam("ids", expanding=True)), DUE.c.kind.in_(TASK_KINDS))


@dataclass(frozen=True)
class Image:
    """What the rows of a case's open tasks were before it was moved; drafts and due rows only of tasks that ended."""

    tasks: list[dict[str, Any]]
    drafts: list[dict[str, Any]]
    due_rows: list[dict[str, Any]]

    @classmethod
    def read(cls, stored: str) -> "Image":
        kept = case_data.load(stored)
        return cls(kept["tasks"], kept["drafts"], kept["due_rows"])

    def written(self) -> str:
        return case_data.dump({"tasks": self.tasks, "drafts": self.drafts, "due_rows": self.due_rows})


def take_image(connection: Connection, instance_id: int, ending: frozenset[str]) -> Image:
    """`ending`: guids of the tasks that the migration closes."""
    found = connection.execute(_OPEN_TASKS, {"of_instance": instance_id}).mappings().all()
    tasks = [{"guid": row["task_guid"], **{name: row[name] for name in _COLUMNS}} for row in found]
    ids = [row["id"] for row in found if row["task_guid"] in ending]
    if not ids:
        return Image(tasks, [], [])
    drafts = [dict(row) for row in connection.execute(_DRAFTS, {"ids": ids}).mappings()]
    due = [dict(row) for row in connection.execute(_DUE_ROWS, {"ids": ids}).mappings()]
    for row in due:
        row["kind"] = str(row["kind"])
    return Image(tasks, drafts, [{key: value for key, value in row.items() if key != "id"} for row in due])


def follow(step: Step, before: Waits, change: Change) -> None:
    """Bring the rows of what goes on waiting to the words of the new version. Claim, due time and reminders stay."""
    instance_id, after = step.case.instance_id, Waits.of(step.workflow)
    _rename_done(step.connection, instance_id, change)
    tasks, drafts = [], []
    for guid in before.tasks.keys() & after.tasks.keys():
        was, now = before.tasks[guid], after.tasks[guid]
        old, new = change.old.element(was.element, was.path), change.new.element(now.element, now.path)
        of = {"of_instance": instance_id, "of_guid": guid}
        if _row(old, was.path) != _row(new, now.path):
            tasks.append({**of, **{f"new_{name}": value for name, value in _row(new, now.path).items()}})
        if old.form != new.form:
            drafts.append({**of, "old_form": old.form or "", "new_form": new.form or ""})
        model, _ = change.old.place(was.path)
        for offer in change.old.offers_at(was.element, was.path):
            renamed = change.image(model.key, offer.id)
            if renamed not in (None, offer.id):
                drafts.append({**of, "old_form": offer.id, "new_form": renamed})
    if tasks:
        step.connection.execute(_SET_TASK, tasks)
    if drafts:
        step.connection.execute(_MOVE_DRAFT, drafts)
    step.before = Waits(before.tasks, before.timers, _follow_messages(step, before, after, change))


def put_back(step: Step, before: Waits, change: Change, image: Image) -> None:
    """The same the other way round, from what was kept. `change`: the way back."""
    connection, instance_id = step.connection, step.case.instance_id
    after = Waits.of(step.workflow)
    _rename_done(connection, instance_id, change)
    returning = after.tasks.keys() - before.tasks.keys()
    reopened = [{"of_instance": instance_id, "of_guid": guid} for guid in sorted(returning)]
    if reopened:
        connection.execute(_REOPEN, reopened)
        if image.drafts:
            connection.execute(insert(DRAFT), image.drafts)
        if image.due_rows:
            connection.execute(insert(DUE), [{**row, "kind": DueKind(row["kind"])} for row in image.due_rows])
    kept, drafts = [], []
    for row in image.tasks:
        of = {"of_instance": instance_id, "of_guid": row["guid"]}
        kept.append({**of, **{f"new_{name}": row[name] for name in _COLUMNS}})
        was = before.tasks.get(row["guid"])
        form = row["form"] if was is None else change.old.element(was.element, was.path).form or ""
        if form != row["form"]:
            drafts.append({**of, "old_form": form, "new_form": row["form"]})
    if kept:
        connection.execute(_SET_TASK, kept)
    if drafts:
        connection.execute(_MOVE_DRAFT, drafts)
    tasks = {**before.tasks, **{guid: after.tasks[guid] for guid in returning}}
    step.before = Waits(tasks, before.timers, _follow_messages(step, before, after, change))


def _row(element: Element, path: tuple[str, ...]) -> dict[str, Any]:
    return {
        "element": element.id,
        "path": stored_path(path),
        "form": element.form or "",
        "candidate_role": element.role or "",
        "priority": int(element.properties.get("priority", 50)),
    }


def _rename_done(connection: Connection, instance_id: int, change: Change) -> None:
    """Tasks of renamed elements, done ones too: an earlier answer is found and corrected under the new id."""
    if not change.renames:
        return
    old_ids = sorted({old for names in change.renames.values() for old in names})
    found = connection.execute(_TASKS_AT, {"of_instance": instance_id, "elements": old_ids})
    renamed = []
    for row in found:
        model, _ = change.old.place(path_of(row.path))
        new = change.renames.get(model.key, {}).get(row.element)
        if new is not None:
            renamed.append({"of_id": row.id, "new_element": new})
    if renamed:
        connection.execute(_RENAME_TASK, renamed)


def _follow_messages(step: Step, before: Waits, after: Waits, change: Change) -> Mapping[str, Any]:
    """What waits for the same message keeps its subscription; others are made anew when the step is saved."""
    instance_id, known = step.case.instance_id, dict(before.messages)
    renamed, other = [], []
    for guid in before.messages.keys() & after.messages.keys():
        was, now = before.messages[guid], after.messages[guid]
        old, new = change.old.element(was.element, was.path), change.new.element(now.element, now.path)
        if _route(old, was.message) != _route(new, now.message):
            other.append(guid)
            del known[guid]
        elif was.element != now.element:
            renamed.append({"of_instance": instance_id, "of_guid": guid, "new_element": now.element})
    if other:
        step.connection.execute(DROP_SUBSCRIPTIONS, {"of_instance": instance_id, "guids": sorted(other)})
    if renamed:
        step.connection.execute(_SET_SUBSCRIPTION, renamed)
    return known


def _route(element: Element, message: str) -> tuple[object, ...]:
    return message, element.correlation, element.is_offer
