"""Words of the studio: states, verdicts, and why a case cannot be moved."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.model import Element
from engine.definitions.store import Definition
from engine.migration.mapping import models_of
from engine.migration.models import CaseStage, MigratedCase, MigrationState
from webapp.core.feature import Text
from webapp.core.i18n import current_language

STATES: Mapping[MigrationState, Text] = {
    MigrationState.CHECKING: _l("being checked"),
    MigrationState.CHECKED: _l("checked"),
    MigrationState.APPLYING: _l("cases are being moved"),
    MigrationState.APPLIED: _l("cases moved"),
    MigrationState.STOPPED: _l("stopped"),
    MigrationState.UNDOING: _l("being undone"),
    MigrationState.UNDONE: _l("undone"),
}
STATE_TONES: Mapping[MigrationState, str] = {
    MigrationState.CHECKING: "now",
    MigrationState.CHECKED: "hollow",
    MigrationState.APPLYING: "now",
    MigrationState.APPLIED: "ok",
    MigrationState.STOPPED: "warn",
    MigrationState.UNDOING: "now",
    MigrationState.UNDONE: "hollow",
}
STAGES: Mapping[CaseStage, Text] = {
    CaseStage.WAITING: _l("not looked at yet"),
    CaseStage.SAFE: _l("can be moved"),
    CaseStage.UNMAPPED: _l("need a mapping"),
    CaseStage.BLOCKED: _l("cannot be moved"),
    CaseStage.MOVED: _l("moved"),
    CaseStage.FAILED: _l("failed"),
    CaseStage.GONE: _l("closed or moved meanwhile"),
    CaseStage.UNDONE: _l("put back"),
    CaseStage.KEPT: _l("could not be put back"),
}
STAGE_TONES: Mapping[CaseStage, str] = {
    CaseStage.WAITING: "hollow",
    CaseStage.SAFE: "ok",
    CaseStage.UNMAPPED: "warn",
    CaseStage.BLOCKED: "bad",
    CaseStage.MOVED: "ok",
    CaseStage.FAILED: "bad",
    CaseStage.GONE: "hollow",
    CaseStage.UNDONE: "hollow",
    CaseStage.KEPT: "warn",
}
KINDS: Mapping[str, Text] = {
    "userTask": _l("step"),
    "manualTask": _l("step"),
    "receiveTask": _l("waiting for a message"),
    "intermediateCatchEvent": _l("waiting"),
    "intermediateThrowEvent": _l("event"),
    "boundaryEvent": _l("event on a step"),
    "eventBasedGateway": _l("waiting for the first of several events"),
    "exclusiveGateway": _l("choice"),
    "parallelGateway": _l("parallel ways"),
    "inclusiveGateway": _l("one or several ways"),
    "subProcess": _l("part of the process"),
    "callActivity": _l("called process"),
    "serviceTask": _l("automatic step"),
    "businessRuleTask": _l("decision"),
    "sendTask": _l("message out"),
    "startEvent": _l("beginning"),
    "endEvent": _l("end"),
}


def process_title(definition: Definition) -> str:
    """The name of the process in the reader's language."""
    return definition.model.name.in_language(current_language()) or definition.key


def element_title(element: Element) -> str:
    """The name in the reader's language; without one its kind and id."""
    name = element.name.in_language(current_language())
    return name or f"{KINDS.get(element.tag, element.tag)} {element.id}"


def title_in(definition: Definition, process: str, element_id: str) -> str:
    """The title of an element of a version; the bare id where the version has no such element."""
    model = models_of(definition).get(process)
    element = model.elements.get(element_id) if model is not None else None
    return element_title(element) if element is not None else element_id


def reason(case: MigratedCase, old: Definition, new: Definition, *, back: bool = False) -> str:
    """Why a case stays where it is, in a sentence. `back`: it was to be put back to the version it came from."""
    there, target = title_in(old, case.process, case.element), title_in(new, case.process, case.target)
    sentences = {
        "unmapped": _("Stands at “%(step)s”, which the earlier version does not have.", step=there)
        if back
        else _("Stands at “%(step)s”, which the new version does not have.", step=there),
        "kind_changed": _("“%(step)s” has become something of another kind.", step=there),
        "loop_changed": _("“%(step)s” is repeated in another way than before.", step=there),
        "join_changed": _("Waits for parallel ways at “%(step)s”, which come together differently now.", step=there),
        "join_starves": _(
            "Would wait for ever: a parallel way that “%(join)s” waits for has not begun in it.",
            join=title_in(new, case.process, case.element),
        ),
        "level_gone": _("Stands inside a called process that the new version does not call any more."),
        "leaves_loop": _("“%(step)s” is part of something repeated and would leave it.", step=there),
        "enters_loop": _("“%(step)s” would come into something repeated.", step=there),
        "no_target": _("“%(target)s” cannot be begun from “%(step)s”.", target=target, step=there),
    }
    return str(sentences.get(case.code, case.error or ""))
