"""What stands in the way of publishing a draft: the findings of the engine, and the rules of the studio."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.examining import Examined, examine
from engine.definitions.model import ProcessModel
from engine.definitions.models import ProcessDefinition
from engine.definitions.problems import Problem
from engine.errors import BusinessError
from engine.kernel import Kernel
from webapp.core.operation_names import operation_title
from webapp.studio.departments.rules import DEPARTMENTS, department_of, rules_of
from webapp.studio.drafts import files_of, key_of, models_of_text
from webapp.studio.models import Draft, DraftKind


def examine_drafts(session: Session, kernel: Kernel, together: Sequence[Draft]) -> Examined:
    """Every finding of the publishing checks, for a draft with what is published together with it."""
    examined = examine(session, kernel, files_of(together))
    return replace(examined, problems=[*examined.problems, *hindrances(session, kernel, together)])


def hindrances(session: Session, kernel: Kernel, together: Sequence[Draft]) -> list[Problem]:
    """What the engine would publish and these drafts may not: what is of others, and what a department may not do."""
    own_keys = [problem for each in together for problem in _own_key(each)]
    beyond = operations_beyond(session, kernel, together[0].path, _models(together[0]))
    return [*own_keys, *_of_others(session, together[0]), *beyond]


def _own_key(draft: Draft) -> Iterator[Problem]:
    """A draft puts live what it is the draft of: rights and second looks are judged by that."""
    key = _key_of(draft)
    if key and key != draft.key:
        yield Problem("draft_key_changed", element=key, details={"old": draft.key, "new": key}, source=draft.path)


def _of_others(session: Session, draft: Draft) -> Iterator[Problem]:
    """Processes of this file that another file holds, live or as it is drawn; two statements."""
    key = _key_of(draft)
    others = [model for model in _models(draft) if model.key not in (draft.key, key)]
    if not key or not others:
        return
    keys = [model.key for model in others]
    newest = (
        select(func.max(ProcessDefinition.id)).where(ProcessDefinition.key.in_(keys)).group_by(ProcessDefinition.key)
    )
    live = select(ProcessDefinition.key, ProcessDefinition.source).where(ProcessDefinition.id.in_(newest))
    elsewhere = {name for name, source in session.execute(live) if (source or "") != draft.path}
    drawn = select(Draft.key).where(Draft.kind == DraftKind.PROCESS, Draft.key.in_(keys))
    elsewhere |= set(session.scalars(drawn))
    for model in others:
        if model.key in elsewhere:
            name = model.name.in_language("") or model.key
            yield Problem("process_of_another_file", element=model.key, details={"process": name}, source=draft.path)


def operations_beyond(session: Session, kernel: Kernel, path: str, models: Sequence[ProcessModel]) -> list[Problem]:
    """Operations that the department of a file may not use, each at its step."""
    rules = rules_of(session)[department_of(path)]
    department = str(DEPARTMENTS[rules.department])
    return [
        Problem(
            "operation_not_allowed",
            element.id,
            element.line,
            {"operation": operation_title(kernel.operations[name]), "department": department},
            path,
        )
        for model in models
        for element in model.elements.values()
        for name in sorted(element.operations() & kernel.operations.keys())
        if not rules.may_use(name)
    ]


def _key_of(draft: Draft) -> str:
    """What the text calls itself; empty where the checks say what is wrong with it."""
    try:
        return key_of(draft.kind, draft.body)
    except BusinessError:
        return ""


def _models(draft: Draft) -> list[ProcessModel]:
    return models_of_text(draft.body) if draft.kind is DraftKind.PROCESS else []
