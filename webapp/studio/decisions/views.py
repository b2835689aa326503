"""What the page of a table asks the server: what it says to these inputs, and its saved tests."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from engine.decisions import FiredTable
from engine.decisions.questions import Question
from engine.definitions.decision_files import live_texts
from engine.definitions.decision_texts import DECISION_TEXTS
from engine.definitions.limits import MAX_BYTES
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected
from webapp.core.clock import now
from webapp.core.database import reads_first, session
from webapp.core.i18n import current_language
from webapp.core.operation_names import operation_title
from webapp.core.permissions import actor_id, require
from webapp.core.requests import wants_json
from webapp.core.workflow import engine
from webapp.studio.access import own_draft, whole_group
from webapp.studio.decisions import testing
from webapp.studio.decisions.beginning import Column
from webapp.studio.decisions.beginning import begin_table as begin
from webapp.studio.decisions.texts import TEXTS
from webapp.studio.decisions.trying import Table, Tried, read_table, try_out
from webapp.studio.decisions.values import spoken
from webapp.studio.decisions.words import summary, told_of
from webapp.studio.departments.rules import DEPARTMENTS, department_of_process
from webapp.studio.drafts import live_text
from webapp.studio.models import Draft, DraftKind
from webapp.studio.naming import NAMES
from webapp.studio.uses import asked_of_table, pages, unused_operations, uses_of

bp = Blueprint("decisions", __name__, url_prefix="/studio/drafts/<int:draft_id>", template_folder="../templates")

beginning = Blueprint("tables", __name__, url_prefix="/studio/decisions")

TEXT = fields.String(validate=validate.Length(max=500))


class ColumnIn(Schema):
    """An answer that the table looks at."""

    key = fields.String(required=True, validate=validate.Length(min=1, max=200))
    label = fields.String(required=True, validate=validate.Length(min=1, max=200))
    type = fields.String(load_default="textfield", validate=validate.Length(max=40))
    values = fields.List(TEXT, load_default=list, validate=validate.Length(max=200))


class TableIn(Schema):
    """A new table, of a department or of that of a process."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    names = NAMES
    department = fields.String(load_default="", validate=validate.OneOf(("", *DEPARTMENTS)))
    process = fields.String(load_default="", validate=validate.Length(max=120))
    columns = fields.List(fields.Nested(ColumnIn), load_default=list, validate=validate.Length(max=20))


class TrialIn(Schema):
    """The text as it is on the page, and what is asked of it; without a decision: what it can be asked."""

    body = fields.String(required=True, validate=validate.Length(max=MAX_BYTES))
    decision = fields.String(load_default="", validate=validate.Length(max=120))
    inputs = fields.Dict(keys=TEXT, values=TEXT, load_default=dict, validate=validate.Length(max=200))


class BodyIn(Schema):
    """The text as it is on the page."""

    body = fields.String(required=True, validate=validate.Length(max=MAX_BYTES))


class TestIn(Schema):
    """A test that is to be kept; `id`: of the one that is changed."""

    id = fields.Integer(load_default=None, allow_none=True, strict=True)
    decision = fields.String(required=True, validate=validate.Length(min=1, max=120))
    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    inputs = fields.Dict(keys=TEXT, values=TEXT, required=True, validate=validate.Length(max=200))
    expected = fields.Dict(keys=TEXT, values=TEXT, required=True, validate=validate.Length(max=50))


@beginning.post("")
@require("studio.edit")
def begin_table() -> ResponseReturnValue:
    """A draft of a new table: JSON for a page's script, its page for a browser."""
    whole_group("studio.edit")
    sent = TableIn().load(request.get_json() if request.is_json else _posted())
    draft, decision, asked = begin(
        session(),
        sent["name"].strip(),
        sent["department"] or department_of_process(session(), sent["process"]),
        [Column(**each) for each in sent["columns"]],
        names={current_language(): sent["name"].strip(), **sent["names"]},
        actor_id=actor_id(),
        now=now(),
    )
    address = url_for("drafts.show_draft", draft_id=draft.id)
    return jsonify(key=decision, asked=asked, url=address) if wants_json() else redirect(address)


@bp.get("/table-words")
@require("studio.edit")
def show_words(draft_id: int) -> Response:
    """The words of the page's script."""
    _draft(draft_id)
    return jsonify({name: str(text) for name, text in TEXTS.items()})


@bp.get("/askers")
@require("studio.edit")
def show_uses(draft_id: int) -> str:
    """Which steps, operations and pages ask the decisions of this file, as it is drawn and as it is live."""
    draft = _draft(draft_id)
    live = live_text(session(), DraftKind.DECISION, draft.key)
    asked = asked_of_table(draft.body, live.text if live is not None else "")
    kernel = engine().kernel
    found = uses_of(session(), kernel, asked)
    return render_template(
        "studio/_uses.html",
        kind="decision",
        uses=found,
        pages=pages(asked),
        idle=[operation_title(each) for each in unused_operations(kernel.operations, asked, found)],
        language=current_language(),
    )


@bp.post("/evaluate")
@require("studio.edit")
@reads_first
def evaluate(draft_id: int) -> Response:
    """What the decisions of the text ask, and what one of them says to these inputs. Nothing is saved."""
    _draft(draft_id)
    asked = TrialIn().load(request.get_json())
    try:
        table = read_table(asked["body"], partial(live_texts, session()))
    except DefinitionRejected as refusal:
        return jsonify(questions=[], refusal=describe(refusal.problems[0], current_language()))
    told: dict[str, Any] = {"questions": [_question(each) for each in table.questions.values()]}
    if asked["decision"] in table.questions:
        tried = try_out(table, asked["decision"], asked["inputs"], now=now())
        told |= _tried(table, table.questions[asked["decision"]], tried)
    return jsonify(told)


@bp.post("/tests/run")
@require("studio.edit")
@reads_first
def run_tests(draft_id: int) -> Response:
    """Every saved test against the text as it is on the page."""
    draft = _draft(draft_id)
    asked = BodyIn().load(request.get_json())
    report = testing.run_tests(session(), draft, now=now(), text=asked["body"])
    return jsonify(summary=summary(report), failed=len(report.failed), tests=[_result(each) for each in report.results])


@bp.post("/tests")
@require("studio.edit")
def keep_test(draft_id: int) -> Response:
    """Keep these inputs with the answer that is expected."""
    draft = _draft(draft_id)
    sent = TestIn().load(request.get_json())
    test = testing.keep_test(
        session(),
        draft.key,
        decision=sent["decision"],
        name=sent["name"].strip(),
        inputs=sent["inputs"],
        expected=sent["expected"],
        actor_id=actor_id(),
        now=now(),
        test_id=sent["id"],
    )
    return jsonify(id=test.id)


@bp.post("/tests/<int:test_id>/remove")
@require("studio.edit")
def remove_test(draft_id: int, test_id: int) -> ResponseReturnValue:
    """Forget a test."""
    session().delete(testing.test_of(session(), _draft(draft_id).key, test_id))
    return "", 204


def _posted() -> dict[str, str]:
    return {name: request.form[name] for name in ("name", "department") if name in request.form}


def _draft(draft_id: int) -> Draft:
    draft = own_draft(draft_id)
    if draft.kind is not DraftKind.DECISION:
        abort(404)
    return draft


def _title(question: Question) -> str:
    return question.titles.get(current_language()) or question.titles.get("en") or question.name


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": _title(question),
        "inputs": [
            {"name": each.name, "label": each.label, "type": each.type, "values": each.values}
            for each in question.inputs
        ],
        "outputs": [{"name": each.name, "label": each.label, "values": each.values} for each in question.outputs],
    }


def _tried(table: Table, question: Question, tried: Tried) -> dict[str, Any]:
    if tried.unread:
        return {"unread": tried.unread}
    if tried.refusal is not None or tried.evaluation is None:
        return {"refusal": (tried.refusal or {}).get(current_language(), "")}
    steps = tried.evaluation.steps
    return {
        "answers": tried.answers,
        "steps": [
            {
                "id": step.id,
                "title": _title(table.questions[step.id]) if step.id in table.questions else step.name,
                "answer": spoken(step.value),
                "tables": [_fired(each) for each in step.tables],
            }
            for step in steps
        ],
    }


def _fired(table: FiredTable) -> dict[str, Any]:
    language = current_language()
    return {
        "id": table.id,
        "rules": [
            {"id": rule.id, "number": rule.number, "words": dict(rule.annotations).get(language, "")}
            for rule in table.rules
        ],
        "reason": DECISION_TEXTS[table.reason][language] if table.reason else "",
    }


def _result(result: testing.Result) -> dict[str, Any]:
    test = result.test
    return {
        "id": test.id,
        "name": test.name,
        "decision": test.decision,
        "inputs": test.given,
        "expected": test.wanted,
        "passed": result.passed,
        "told": told_of(result),
    }
