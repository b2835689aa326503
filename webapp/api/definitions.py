"""Published processes: what is live, every version, and the drawing as BPMN."""

from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from sqlalchemy import select

from engine.definitions.models import ProcessDefinition
from engine.definitions.store import Definition
from engine.errors import UnknownDefinition
from webapp.api.resource import Resource
from webapp.cases.labels import milestone_text
from webapp.cases.starting import list_startable
from webapp.core.database import session
from webapp.core.i18n import current_language
from webapp.core.permissions import require
from webapp.core.workflow import engine

resource = Resource("definitions", _l("Processes"))

SEE = "cases.see"  # whoever sees cases may know by which drawings they run


class MilestoneName(Schema):
    """A milestone; `rank` counts the mandatory ones from 1, 0 is an optional one."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    rank = fields.Integer(required=True)


class StepOut(Schema):
    """A step that people do."""

    element = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    form = fields.String(required=True)


class DefinitionOut(Schema):
    """A live process. `startable`: it begins by hand, through `POST /cases`."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    startable = fields.Boolean(required=True)


class DefinitionList(Schema):
    """All live processes."""

    items = fields.List(fields.Nested(DefinitionOut), required=True)


class FullDefinitionOut(DefinitionOut):
    """A live process with its milestones and steps. `start_message`: the message that begins it."""

    start_message = fields.String(required=True, allow_none=True)
    milestones = fields.List(fields.Nested(MilestoneName), required=True)
    steps = fields.List(fields.Nested(StepOut), required=True)


class VersionOut(Schema):
    """One published version."""

    version = fields.Integer(required=True)
    checksum = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)


class VersionList(Schema):
    """All versions, the newest first."""

    items = fields.List(fields.Nested(VersionOut), required=True)


@resource.read("/definitions", DefinitionList, summary=_l("Live processes"))
@require(SEE)
def list_definitions() -> dict[str, Any]:
    """By key."""
    startable = {each.key for each in list_startable(session())}
    return {"items": [_told(each, startable) for each in engine().store.live(session())]}


@resource.read("/definitions/<key>", FullDefinitionOut, summary=_l("One live process with its milestones and steps"))
@require(SEE)
def show_definition(key: str) -> dict[str, Any]:
    """As it is published now; older cases may run by an older version."""
    definition = engine().store.latest(session(), key)
    language, plan = current_language(), definition.plan
    return {
        **_told(definition, {each.key for each in list_startable(session())}),
        "start_message": definition.model.start_message,
        "milestones": [
            {"name": name, "title": milestone_text(definition.model, name, language), "rank": plan.rank(name)}
            for name in plan.milestones
        ],
        "steps": [
            {
                "element": element.id,
                "name": element.name.in_language(language),
                "role": element.role or "",
                "form": element.form or "",
            }
            for element in definition.model.elements.values()
            if element.is_user_task
        ],
    }


@resource.read("/definitions/<key>/versions", VersionList, summary=_l("Every version of a process"))
@require(SEE)
def list_versions(key: str) -> dict[str, Any]:
    """A version is never changed once it is published."""
    rows = session().execute(
        select(ProcessDefinition.version, ProcessDefinition.checksum, ProcessDefinition.published_at)
        .where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc())
    ).all()  # fmt: skip
    if not rows:
        raise UnknownDefinition("process_unknown", f"No process {key} is published.", process=key)
    return {"items": rows}


@resource.read(
    "/definitions/<key>/versions/<int:version>/bpmn",
    None,
    media="application/xml",
    summary=_l("The drawing of one version, as it was published"),
)
@require(SEE)
def show_drawing(key: str, version: int) -> Response:
    """BPMN 2.0."""
    xml = session().scalar(
        select(ProcessDefinition.xml).where(ProcessDefinition.key == key, ProcessDefinition.version == version)
    )
    if xml is None:
        raise UnknownDefinition("process_unknown", f"There is no version {version} of {key}.", process=key)
    return Response(xml, mimetype="application/xml")


def _told(definition: Definition, startable: set[str]) -> dict[str, Any]:
    return {
        "key": definition.key,
        "name": definition.model.name.in_language(current_language()) or definition.key,
        "version": definition.version,
        "startable": definition.key in startable,
    }
