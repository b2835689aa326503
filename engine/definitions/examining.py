"""What files would be published as, and everything that stands in the way of it; nothing is written."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.decision_files import Asked, DecisionFile, asked_of, read_decision_files, still_asked_otherwise
from engine.definitions.limits import (
    MAX_BOUNDARY_EVENTS,
    MAX_NODES,
    MAX_PROCESSES,
    expression_size,
    refuse_large,
    too_many_expressions,
)
from engine.definitions.model import ProcessModel
from engine.definitions.models import FormDefinition, ProcessDefinition
from engine.definitions.parsing import FLOW_NODES, read_processes
from engine.definitions.problems import DefinitionRejected, Problem
from engine.definitions.validation import Surroundings, find_problems
from engine.definitions.xml import BPMN, local_name, read_xml
from engine.human_tasks.forms import Form, read_form
from engine.kernel import Kernel
from engine.spiff import structural_problems
from engine.spiff.drawing import line_of
from engine.timers.calendars import calendar_names


@dataclass(frozen=True)
class Drawing:
    """A `.bpmn` file that was read."""

    path: str
    text: str
    root: etree._Element
    models: tuple[ProcessModel, ...]


@dataclass(frozen=True)
class FormFile:
    """A `.form` file that was read."""

    path: str
    text: str
    form: Form


@dataclass(frozen=True)
class Examined:
    """The files as they were read, and all findings; what could not be read is missing."""

    drawings: Sequence[Drawing]
    forms: Sequence[FormFile]
    decisions: Sequence[DecisionFile]
    problems: Sequence[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.warning]


def examine(session: Session, kernel: Kernel, files: Mapping[str, bytes]) -> Examined:
    """Read `.bpmn`, `.form` and `.dmn` files (path -> content) and check them against each other and what is live.

    A file that cannot be read hides what is wrong with the rest: that is checked once all can be read.
    """
    problems: list[Problem] = []
    decisions: list[DecisionFile] = []
    try:
        refuse_large(files)
        decisions, _ = read_decision_files(session, files)
    except DefinitionRejected as refusal:
        problems += refusal.problems
        if any(problem.code == "file_too_large" for problem in problems):
            return Examined((), (), (), problems)
    forms, drawings, unread = _read(files)
    problems += unread
    if not problems:
        known = {**_published_forms(session), **{each.form.key: each.form for each in forms}}
        asked = asked_of(session, decisions)
        problems += _check(session, kernel, drawings, known, asked)
        problems += _check_users(session, kernel, drawings, forms, asked)
        if decisions and not any(not problem.warning for problem in problems):
            problems += _check_askers(session, kernel, drawings, asked)
    return Examined(drawings, forms, decisions, problems)


def surroundings(
    session: Session, kernel: Kernel, drawings: Sequence[Drawing], forms: Mapping[str, Form], asked: Asked
) -> Surroundings:
    """What drawings may refer to, once these files are live."""
    return Surroundings(
        operations=kernel.operations,
        roles=kernel.directory(session).roles(),
        forms=forms,
        processes=frozenset({model.key for drawing in drawings for model in drawing.models} | _published(session)),
        calendars=calendar_names(session),
        decisions=asked,
    )


def refuse_many(root: etree._Element) -> None:
    """Raises DefinitionRejected for a drawing of more than anybody can have drawn."""
    counts = Counter(local_name(node) for node in _flow_nodes(root))
    problems = too_many_expressions(expression_size(root))
    for code, count, limit in (
        ("xml_too_many_nodes", counts.total(), MAX_NODES),
        ("too_many_boundary_events", counts["boundaryEvent"], MAX_BOUNDARY_EVENTS),
        ("too_many_processes", sum(1 for _ in root.iterfind(f"{BPMN}process")), MAX_PROCESSES),
    ):
        if count > limit:
            problems.append(Problem(code, details={"limit": limit}))
    if problems:
        raise DefinitionRejected(problems)


def _read(files: Mapping[str, bytes]) -> tuple[list[FormFile], list[Drawing], list[Problem]]:
    problems: list[Problem] = []
    forms: list[FormFile] = []
    drawings: list[Drawing] = []
    for path, body in sorted(files.items()):
        try:
            if path.endswith(".form"):
                forms.append(FormFile(path, body.decode(), read_form(body)))
            elif not path.endswith(".dmn"):
                root = read_xml(body)
                refuse_many(root)
                models = tuple(read_processes(root))
                problems += [replace(problem, source=path) for problem in _file_problems(root, models)]
                drawings.append(Drawing(path, body.decode("utf-8-sig"), root, models))
        except DefinitionRejected as refusal:
            problems += [replace(problem, source=path) for problem in refusal.problems]
    return forms, drawings, problems


def _flow_nodes(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(*(f"{BPMN}{name}" for name in FLOW_NODES))


def _file_problems(root: etree._Element, models: tuple[ProcessModel, ...]) -> list[Problem]:
    if not models:
        return [Problem("no_process")]
    problems: list[Problem] = []
    seen: set[str] = set()
    for node in _flow_nodes(root):
        name = node.get("id", "")
        if not name.isidentifier() or not name.isascii():
            problems.append(Problem("bad_id", element=name, line=line_of(node), details={"id": name}))
        if name in seen:
            problems.append(Problem("duplicate_id", element=name, line=line_of(node), details={"id": name}))
        seen.add(name)
    return problems


def _check(
    session: Session, kernel: Kernel, drawings: Sequence[Drawing], forms: Mapping[str, Form], asked: Asked
) -> list[Problem]:
    around = surroundings(session, kernel, drawings, forms, asked)
    found: list[Problem] = []
    for drawing in drawings:
        for model in drawing.models:
            structural = structural_problems(drawing.root, model.key)
            problems = [Problem(p.code, p.element, p.line, p.details) for p in structural]
            found += [replace(problem, source=drawing.path) for problem in problems + find_problems(model, around)]
    found += _calling_themselves(drawings)
    return found


def _check_users(
    session: Session, kernel: Kernel, drawings: Sequence[Drawing], forms: Sequence[FormFile], asked: Asked
) -> Iterator[Problem]:
    """What is live and not in this deployment must find in the new forms what it needs of them."""
    before = _published_forms(session) if forms else {}
    changed = {each.form.key: each.form for each in forms if each.form.key in before}
    if not changed:
        return
    replaced = {model.key for drawing in drawings for model in drawing.models}
    now, then = (surroundings(session, kernel, drawings, known, asked) for known in ({**before, **changed}, before))
    for definition in kernel.store.live(session):
        model = definition.model
        used = {element.form for element in model.elements.values()} & changed.keys()
        if used and model.key not in replaced:
            known = {(problem.code, problem.element) for problem in find_problems(model, then)}
            for problem in find_problems(model, now):
                if not problem.warning and (problem.code, problem.element) not in known:
                    element = problem.element or ""
                    form = model.elements[element].form if element in model.elements else ""
                    details = {"process": model.key, "element": element, "form": form or ""}
                    if problem.code == "personal_field_unused":
                        field = str(problem.details["field"])
                        source = next(each.path for each in forms if each.form.key == form)
                        details = {**details, "field": field}
                        yield Problem("personal_field_in_use", element=field, details=details, source=source)
                    else:
                        yield Problem("form_still_used", element=form, details=details)


def _check_askers(session: Session, kernel: Kernel, drawings: Sequence[Drawing], asked: Asked) -> Iterator[Problem]:
    """What is live and not in this deployment must find the decisions it asks as it asks them."""
    replaced = {model.key for drawing in drawings for model in drawing.models}
    live = [each.model for each in kernel.store.live(session) if each.key not in replaced]
    yield from still_asked_otherwise(asked, live, kernel.operations)
    before = asked_of(session, ())
    for name in sorted(kernel.asks.keys() & before.keys()):  # on a new database they come one after another
        if name not in asked or asked[name] - kernel.asks[name]:
            yield Problem("decision_still_on_pages", element=name, details={"decision": name})


def _published(session: Session) -> set[str]:
    return set(session.scalars(select(ProcessDefinition.key).distinct()))


def _published_forms(session: Session) -> dict[str, Form]:
    newest = select(func.max(FormDefinition.id)).group_by(FormDefinition.key)
    rows = session.execute(select(FormDefinition.key, FormDefinition.body).where(FormDefinition.id.in_(newest)))
    return {row.key: read_form(row.body) for row in rows}


def _calling_themselves(drawings: Sequence[Drawing]) -> Iterator[Problem]:
    """A process that calls itself, through others or directly, would never come to an end."""
    callees = {model.key: model.callees() for drawing in drawings for model in drawing.models}
    homes = {model.key: drawing.path for drawing in drawings for model in drawing.models}
    for key, path in homes.items():
        reached, agenda = set[str](), [key]
        while agenda:
            for callee in callees.get(agenda.pop(), frozenset()) - reached:
                reached.add(callee)
                agenda.append(callee)
        if key in reached:
            yield Problem("process_calls_itself", element=key, source=path)
