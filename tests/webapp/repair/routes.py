"""The routes of the repair slice. The record is a case with one open task of its owner, or an incident of it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from engine.incidents import open_incident
from engine.repair.acts import Act
from tests.webapp.cases.routes import case, errands
from tests.webapp.routes import Route
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

WHY = {"reason": "A slip of the pen."}
TO_ITS_STEP = {"to": "call_back", **WHY}


def closed_case(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    task = errands().open(owner, owner=owner, centre=centre)
    act = Act("done", owner.id, NOW, f"close-{task.id}")
    errands().act(lambda database, engine: engine.repair.cancel(database, task.instance_id, act))
    return {"instance_id": task.instance_id}


def incident(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    task = errands().open(owner, owner=owner, centre=centre)
    found: dict[str, object] = {}

    def deed(database: Session, engine: object) -> None:
        row = open_incident(
            database,
            kind="timer",
            error=RuntimeError("no paper"),
            command={"due_row": 0},
            now=NOW,
            instance_id=task.instance_id,
            element=task.element,
            retry=False,
        )
        found["incident_id"] = row.id

    errands().act(deed)
    return found


def with_answers(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    """A closed errand that was begun anew with its answers kept: they can be edited in their form."""
    task = errands().open(owner, owner=owner, centre=centre)
    errands().complete(task, owner, now=NOW)
    act = Act("again", owner.id, NOW, f"again-{task.id}")
    errands().act(lambda database, engine: engine.repair.restart(database, task.instance_id, act))
    return {"instance_id": task.instance_id, "place": "call_back"}


ROUTES: dict[str, Route] = {
    "repair.list_incidents": Route("repair.see"),
    "repair.retry_incidents": Route("repair.see", data={"which": "all"}),
    "repair.show_incident": Route("repair.see", incident),
    "repair.retry_incident": Route("repair.see", incident),
    "repair.give_up_incident": Route("repair.see", incident, data=WHY),
    "repair.skip_incident": Route("repair.change", arguments={"incident_id": 0}, data=WHY),
    "repair.show_repair": Route("repair.change", case),
    "repair.move_case": Route("repair.change", arguments={"instance_id": 0}, data=TO_ITS_STEP),
    "repair.cancel_case": Route("repair.change", case, data=WHY),
    "repair.restart_case": Route("repair.change", case, data={"answers": "keep", **WHY}),
    "repair.reopen_case": Route("repair.change", closed_case, data=TO_ITS_STEP),
    "repair.show_data": Route("repair.change", case),
    "repair.set_value": Route(
        "repair.change", case, data={"place": "begun", "field": "note", "kind": "text", "value": "x", **WHY}
    ),
    "repair.show_answers": Route("repair.change", with_answers),
    "repair.change_answers": Route("repair.change", with_answers, data={"name": "Ada", **WHY}),
}
