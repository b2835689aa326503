"""Pages of the test run. What is done here is done in a sandbox: only the script itself is written down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.definitions.problems import DefinitionRejected
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import path_of
from engine.sandbox import Act, Coverage, Do, Sandbox, Script, ScriptRefused, Standing
from engine.timers.calendars import calendar_for
from webapp.cases.acts import typed_values as form_values
from webapp.cases.drawing import localize
from webapp.cases.labels import outcome_text
from webapp.core.clock import now
from webapp.core.database import begin_writing, reads_first, session
from webapp.core.engine_errors import explain
from webapp.core.errors import Forbidden
from webapp.core.formats import format_day, format_time
from webapp.core.forms import FormSchema, read_form, text
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, require
from webapp.core.workflow import engine
from webapp.staff.queries import find_centres
from webapp.studio.access import own_tests, whole_group
from webapp.studio.findings.telling import told as problems_told
from webapp.studio.labels import process_title
from webapp.studio.testing import cases, runs, told
from webapp.studio.testing.acting import SPANS, plain_value, shown_value, step_values, typed_values, with_act
from webapp.studio.testing.marking import coverage_marks, marks_of
from webapp.studio.testing.page import RunPage, load_page, start_names
from webapp.studio.testing.sandboxes import SAMPLES, played
from webapp.studio.testing.subject import Subject, asked_subject
from webapp.studio.testing.words import case_difference, value_title

bp = Blueprint("testing", __name__, url_prefix="/studio", template_folder="../templates")

OPENING_HOUR = 10


class CaseIn(FormSchema):
    """The name under which a run is kept."""

    name = text(120, required=True, shortest=2)


@bp.get("/drafts/<int:draft_id>/test")
@require("studio.see")
def show_draft_run(draft_id: int) -> ResponseReturnValue:
    """The test run of a draft, by the draft's own address."""
    whole_group("studio.see")
    draft = runs.draft_of(session(), draft_id)
    return redirect(url_for("testing.show_run", key=draft.key, draft=draft.id))


@bp.get("/processes/<key>/test")
@require("studio.see")
def show_run(key: str) -> ResponseReturnValue:
    """Where the run stands, what can be done now, and the kept cases."""
    subject = _subject(key)
    try:
        page = load_page(
            session(),
            subject,
            _running(subject),
            wanted=request.args.get("step", "")[:200],
            fill_in="fill" in request.args,
            drawing=request.args.get("drawing", "")[:200],
        )
    except DefinitionRejected as refusal:
        problems = problems_told(session(), engine().kernel, refusal.problems, subject.draft)
        return render_template("studio/testing/problems.html", subject=subject, problems=problems), 422
    report = cases.replay_in(page.sandbox, _kept(subject)) if "replay" in request.args else None
    covered = "coverage" in request.args
    return render_template(
        "studio/testing/run.html",
        page=page,
        title=process_title(page.standing.definition),
        marks=_marks(page, covered=covered),
        covered=covered,
        share=_coverage(page.sandbox, subject, page.standing).share(page.drawing) if covered else None,
        report=report,
        differences={} if report is None else _differences(page, report),
        kept=_kept(subject),
        told=told,
        begins=_begins(page.script),
        value_title=value_title,
        start_values=_start_values(page),
        moment=_writer(page.standing),
        outcome=outcome_text(page.standing.outcome),
        focus=_focus(page),
        filled="fill" in request.args,
        centres=[(centre.id, centre.name) for centre in find_centres(session())],
    )


@bp.get("/processes/<key>/test/drawing")
@require("studio.see")
def show_drawing(key: str) -> Response:
    """A drawing as the run knows it, for the viewer."""
    subject = _subject(key)
    try:
        xml = subject.sandbox(session()).xml_of(request.args.get("drawing", key))
    except DefinitionRejected:
        xml = None
    if xml is None:
        abort(404)
    return Response(localize(xml, current_language()), mimetype="application/xml")


@bp.post("/processes/<key>/test/act")
@require("studio.see")
@reads_first
def add_act(key: str) -> ResponseReturnValue:
    """One act more, after those that went well; whether it can be done, the page says."""
    subject = _subject(key)
    script = _running(subject)
    done = max(request.args.get("at", len(script.acts), type=int), 0)
    act = _posted_act(subject, script.first(done))
    return _go_on(subject, with_act(script, act, done=done, before=request.args.get("before", type=int)))


@bp.post("/processes/<key>/test/back")
@require("studio.see")
@reads_first
def take_back(key: str) -> ResponseReturnValue:
    """One act less."""
    subject = _subject(key)
    script = _running(subject)
    return _go_on(subject, script.first(len(script.acts) - 1))


@bp.post("/processes/<key>/test/anew")
@require("studio.see")
def begin_anew(key: str) -> ResponseReturnValue:
    """From the beginning, with nothing done."""
    subject = _subject(key)
    runs.drop(session(), **_whose(subject))
    return redirect(subject.address())


@bp.post("/processes/<key>/test/cases")
@require("studio.edit")
@reads_first
def save_case(key: str) -> ResponseReturnValue:
    """Keep the run as a case that must hold."""
    own_tests(key)
    subject = _subject(key)
    form = read_form(CaseIn())
    if not form.ok:
        flash(next(iter(form.errors.values())), "danger")
        return redirect(subject.address())
    script = _running(subject)
    standing = played(subject.sandbox(session()), script)
    begin_writing()
    cases.save_case(session(), key, form.data["name"], script, standing, actor_id=_me(), now=now())
    flash(_("Kept: publishing replays this run."), "success")
    return redirect(subject.address(_anchor="cases"))


@bp.post("/processes/<key>/test/cases/<int:case_id>/open")
@require("studio.see")
@reads_first
def open_case(key: str, case_id: int) -> ResponseReturnValue:
    """Go on from a kept case."""
    subject = _subject(key)
    try:
        script = runs.script_of(cases.case_of(session(), key, case_id))
    except ScriptRefused as refusal:
        flash(explain(refusal), "danger")
        return redirect(subject.address())
    return _go_on(subject, script)


@bp.post("/processes/<key>/test/cases/<int:case_id>/delete")
@require("studio.edit")
def delete_case(key: str, case_id: int) -> ResponseReturnValue:
    own_tests(key)
    subject = _subject(key)
    cases.delete_case(session(), cases.case_of(session(), key, case_id))
    flash(_("The test case is deleted."), "success")
    return redirect(subject.address(_anchor="cases"))


def _subject(key: str) -> Subject:
    whole_group("studio.see")
    return asked_subject(session(), key)


def _running(subject: Subject) -> Script:
    return runs.running(session(), **_whose(subject))


def _whose(subject: Subject) -> dict[str, Any]:
    return {"person_id": _me(), "process_key": subject.key, "draft_id": subject.draft_id}


def _me() -> int:
    person = actor_id()
    if person is None:
        raise Forbidden("not_signed_in")
    return person


def _go_on(subject: Subject, script: Script) -> ResponseReturnValue:
    begin_writing()
    if subject.draft_id:
        runs.draft_of(session(), subject.draft_id)  # gone meanwhile: its number may be that of another draft soon
    try:
        runs.keep(session(), script, now=now(), **_whose(subject))
    except ScriptRefused as refusal:
        session().rollback()
        flash(explain(refusal), "danger")
    return redirect(subject.address(step=request.args.get("step") or None))


def _posted_act(subject: Subject, script: Script) -> Act:
    """The act that the page asks for, after those of the script; what cannot be done the page tells that follows."""
    wanted = request.args.get("do", "")
    start = script.start
    if wanted not in set(Do) or (start is None) != (wanted == Do.START):
        abort(422)
    do = Do(wanted)
    zone = _zone(subject, script)
    element, path = request.args.get("element", "")[:120], request.args.get("path", "")[:400]
    if do is Do.START:
        at = plain_value(request.form.get("at", ""), zone)
        return Act(
            do,
            at=at if isinstance(at, datetime) else _next_monday(),
            values=typed_values(request.form, zone),
            owned="owned" in request.form,
            scope=request.form.get("scope", type=int),
        )
    if do is Do.WAIT:
        span = SPANS.get(request.args.get("for", ""))
        return Act(do, span=span, to_next=span is None)
    if do is Do.SKIP:
        return Act(do, element, path, reason=request.form.get("reason", "").strip()[:500] or "–")
    if do in (Do.MESSAGE, Do.ANSWER):
        error = request.form.get("error", "").strip()[:120] if do is Do.ANSWER else ""
        return Act(do, element, values={} if error else typed_values(request.form, zone), error=error)
    offer = request.args.get("offer", "")[:120] if do is Do.OFFER else ""
    reading = Reading(
        now=(start.at if start is not None else None) or now(), zone=zone, kinds=engine().kernel.text_kinds
    )
    values = _form_values(subject, offer or element, path_of(path), reading)
    return Act(do, element, path, values=values, offer=offer)


def _zone(subject: Subject, script: Script) -> ZoneInfo:
    """In which times are meant that were typed without one: that of the process, before it begins the reader's."""
    if script.start is None:
        return current_zone()
    calendar = subject.sandbox(session()).definition().model.calendar
    return ZoneInfo(calendar_for(session(), calendar, script.start.scope).zone)


def _form_values(subject: Subject, asking: str, path: Sequence[str], reading: Reading) -> Mapping[str, Any]:
    """What was typed into the form of a step or of a button, as it may be kept; of no other form anything is."""
    sandbox = subject.sandbox(session())
    definition = sandbox.definition()
    try:
        element = definition.element(asking, path)
    except KeyError:
        found = definition.find(asking)  # the button of an activity around a call
        if found is None:
            abort(422)
        element = found
    return step_values(sandbox.form(element.form), form_values(), reading, SAMPLES) if element.form else {}


def _kept(subject: Subject) -> list[Any]:
    return cases.find_cases(session(), subject.key)


def _coverage(sandbox: Sandbox, subject: Subject, standing: Standing) -> Coverage:
    """Of all kept cases and this run together."""
    report = cases.replay_in(sandbox, _kept(subject))
    return standing.coverage if report.coverage is None else report.coverage + standing.coverage


def _marks(page: RunPage, *, covered: bool) -> dict[str, list[str]]:
    if not covered:
        return marks_of(page.standing, page.drawing)
    return coverage_marks(_coverage(page.sandbox, page.subject, page.standing), page.drawing)


def _differences(page: RunPage, report: cases.ReplayReport) -> dict[int, str]:
    """What differs, in a sentence, by kept case."""
    definition = page.standing.definition
    return {each.case.id: case_difference(each, definition) for each in report.cases if not each.is_same}


def _begins(script: Script) -> str:
    """What stands in the field of the start."""
    at = script.start.at if script.start is not None else None
    return f"{(at or _next_monday()).astimezone(current_zone()):%Y-%m-%dT%H:%M}"


def _start_values(page: RunPage) -> list[tuple[str, str]]:
    """What the drawing reads of its beginning, and what was typed there before."""
    if page.standing.begun:
        return []
    said = page.script.start.values if page.script.start is not None else {}
    names = dict.fromkeys([*start_names(page.standing), *said])
    return [(name, shown_value(said.get(name), current_zone())) for name in names]


def _focus(page: RunPage) -> str:
    """What is to be seen of the drawing: where the run stands, else where the process begins."""
    if page.step is not None:
        return page.step.place.element
    if page.standing.awaited:
        return page.standing.awaited[0].place.element
    return "" if page.standing.begun else next(page.drawing.starts()).id


def _writer(standing: Standing) -> Callable[[datetime], str]:
    """Writes a moment as the clocks of the process show it."""
    language, zone = current_language(), standing.zone
    return lambda value: f"{format_day(value, language, zone, 'day')}, {format_time(value, zone)}"


def _next_monday() -> datetime:
    """When a run begins unless somebody says otherwise: a working day, in the morning."""
    today = now().astimezone(current_zone())
    monday = today + timedelta(days=7 - today.weekday())
    return monday.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
