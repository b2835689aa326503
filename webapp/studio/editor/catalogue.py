"""What a drawing may name, as the editor offers it: forms and their fields, roles, operations, decisions, processes."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.decisions.questions import Question, questions
from engine.definitions.decision_files import live_texts, read_model
from engine.definitions.model import ProcessModel, Texts
from engine.errors import BusinessError
from engine.human_tasks.forms import Form, FormField, read_form
from engine.kernel import Kernel
from engine.operations import Operation
from webapp.core.operation_names import operation_title, parameter_title
from webapp.staff.roles import ROLES
from webapp.studio.departments.rules import Rules, rules_for
from webapp.studio.editor.calendars import offered_calendars
from webapp.studio.models import Draft, DraftKind

Json = dict[str, Any]


def catalogue(session: Session, kernel: Kernel, language: str, path: str) -> Json:
    """Everything by kind, in the reader's language, drafts of forms included. `path`: of the drawing that names it."""
    rules = rules_for(session, path)
    forms = _forms(session, kernel)
    live = [definition.model for definition in kernel.store.live(session)]
    return {
        "forms": {key: _form(form, language) for key, form in sorted(forms.items())},
        "roles": [{"value": role.name, "name": str(role.title)} for role in ROLES],
        "operations": {name: _operation(each, rules) for name, each in sorted(kernel.operations.items())},
        "decisions": _decisions(session, language),
        "processes": {model.key: _process(model, language) for model in live},
        "calendars": offered_calendars(session, language),
        "messages": sorted(
            {element.message for model in live for element in model.elements.values() if element.message}
        ),
    }


def _forms(session: Session, kernel: Kernel) -> dict[str, Form]:
    found = {form.key: form for form in kernel.store.live_forms(session)}
    for draft in session.scalars(select(Draft).where(Draft.kind == DraftKind.FORM)):
        try:
            found[draft.key] = read_form(draft.body)
        except BusinessError:
            continue  # it is being drawn; its own page says what is wrong
    return found


def _decisions(session: Session, language: str) -> Json:
    """Every decision by id: its file, what it must be given and what it answers; those that are being drawn as well."""
    texts = {**live_texts(session)}
    texts |= {each.key: each.body for each in session.scalars(select(Draft).where(Draft.kind == DraftKind.DECISION))}
    found: Json = {}
    for key, text in texts.items():
        try:
            asked, known = read_model(text).asked_by_id(), questions(text)
        except BusinessError:
            continue  # it is being drawn; its own page says what is wrong
        found |= {each.id: _decision(each, key, asked.get(each.id, frozenset()), language) for each in known}
    return found


def _decision(question: Question, file: str, asked: frozenset[str], language: str) -> Json:
    labels = {each.name: each.label for each in question.inputs}
    return {
        "name": question.titles.get(language) or question.titles.get("en") or question.id,
        "file": file,
        "inputs": [{"name": name, "label": labels.get(name, name)} for name in sorted(asked)],
        "outputs": [{"name": each.name, "label": each.label, "values": list(each.values)} for each in question.outputs],
    }


def _form(form: Form, language: str) -> Json:
    fields = [_field(key, each, language) for key, each in form.fields.items()]
    return {"name": _text(form.name, language) or form.key, "fields": fields}


def _field(key: str, field: FormField, language: str) -> Json:
    kind = field.subtype or "date" if field.type == "datetime" else field.type
    choices = [{"value": each.value, "name": _text(each.label, language)} for each in field.options]
    return {
        "key": key,
        "name": _text(field.label, language) or key,
        "type": kind,
        "choices": choices,
        "personal": field.personal,
        "many": field.row is not None,
    }


def _operation(operation: Operation, rules: Rules) -> Json:
    return {
        "name": operation_title(operation),
        "allowed": rules.may_use(operation.name),
        "parameters": [
            {
                "name": each.name,
                "title": parameter_title(each.name),
                "type": each.type_name,
                "required": each.required,
            }
            for each in operation.parameters.values()
        ],
    }


def _process(model: ProcessModel, language: str) -> Json:
    """Its steps with their forms, whose answers a caller may read below the call."""
    return {
        "name": _text(model.name, language) or model.key,
        "steps": [
            {
                "id": each.id,
                "name": _text(each.name, language) or each.id,
                "form": each.form,
                "calls": each.called_process,
            }
            for each in model.elements.values()
            if each.form or each.called_process
        ],
    }


def _text(texts: Texts, language: str) -> str:
    return texts.in_language(language)
