"""The routes of the case pages. The record is a case with one open task of its owner."""

from collections.abc import Mapping

from flask import Flask, current_app
from sqlalchemy.orm import Session

from tests.webapp.errands import Errands
from tests.webapp.routes import Route
from webapp.staff.models import Centre, User


def case(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"instance_id": errands().open(owner, owner=owner, centre=centre).instance_id}


def errands() -> Errands:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it
    known: Errands = app.extensions.get("errands") or app.extensions.setdefault("errands", Errands(app))
    return known


# who may serve a task is the engine's question (engine.human_tasks.assignment); here only the permission is asked
A_TASK = {"task_id": 0}
AN_ACT = {"act_id": 0}

ROUTES: dict[str, Route] = {
    "cases.list_cases": Route("cases.see"),
    "cases.export_cases": Route("cases.export"),
    "cases.export_workbook": Route("cases.export"),
    "cases.move_card": Route("cases.change", arguments={"instance_id": 0, "column": "-"}),
    "cases.note_seen": Route("cases.see", arguments={"instance_id": 0}),
    "cases.open_view": Route("cases.see", arguments={"view_id": 0}),
    "cases.show_board": Route("cases.see"),
    "cases.show_case": Route("cases.see", case),
    "cases.show_column": Route("cases.see"),
    "cases.show_task": Route("cases.change", arguments=A_TASK),
    "cases.show_start": Route("cases.add"),
    "cases.show_drawing": Route("cases.see", case),
    "cases.show_marks": Route("cases.see", case),
    "cases.show_correction": Route("cases.change", arguments={"instance_id": 0, "element": "call_back"}),
    "case_papers.show_papers": Route("cases.see", case),
    "case_papers.show_paper": Route("cases.see", arguments={"instance_id": 0, "printed_id": 0}),
    "case_papers.print_paper": Route("cases.change", arguments={"instance_id": 0}),
    "case_lists.ask_hand_over": Route("cases.change"),
    "case_lists.cancel": Route("cases.change", arguments=AN_ACT),
    "case_lists.choose_default": Route("cases.see"),
    "case_lists.delete_view": Route("cases.see", arguments={"view_id": 0}),
    "case_lists.go_on": Route("cases.change", arguments=AN_ACT),
    "case_lists.hand_over": Route("cases.change", data={"to": 1, "comment": "A training."}),
    "case_lists.rename_view": Route("cases.see", arguments={"view_id": 0}),
    "case_lists.save_view": Route("cases.see", data={"name": "Mine"}),
    "case_lists.show_progress": Route("cases.change", arguments=AN_ACT),
    "case_lists.undo": Route("cases.change", data={"act": 0}),
    "case_files.add_file": Route("cases.change", arguments={"instance_id": 0}),
    "case_files.find_choices": Route("cases.change", arguments={"source": "vehicles.models"}),
    "case_files.show_file": Route("cases.see", arguments={"instance_id": 0, "sha256": "0" * 64}),
    "case_acts.claim_task": Route("cases.change", arguments=A_TASK),
    "case_acts.comment": Route("cases.change", case, data={"text": "She calls back."}),
    "case_acts.complete_task": Route("cases.change", arguments=A_TASK),
    "case_acts.correct_answer": Route("cases.change", arguments={"instance_id": 0, "element": "call_back"}),
    "case_acts.delegate_task": Route("cases.change", arguments=A_TASK),
    "case_acts.note_contact": Route(
        "cases.change", case, data={"channel": "call", "direction": "in", "result": "Agreed."}
    ),
    "case_acts.postpone_task": Route("cases.change", arguments=A_TASK),
    "case_acts.recall_tasks": Route("cases.change", data={"task": 0}),
    "case_acts.release_task": Route("cases.change", arguments=A_TASK),
    "case_acts.save_draft": Route("cases.change", arguments=A_TASK),
    "case_acts.skip_task": Route("cases.change", arguments=A_TASK),
    "case_acts.start_case": Route("cases.add"),
    "case_acts.take_offer": Route("cases.change", arguments=A_TASK | {"boundary": "refused"}),
}
