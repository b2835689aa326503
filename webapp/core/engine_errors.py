"""What the engine's refusals say to a person, by code; slices add theirs in `Feature.refusals`."""

from collections.abc import Mapping
from decimal import Decimal

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from engine.errors import (
    BusinessError,
    DatabaseBusy,
    NotAllowed,
    StaleState,
    TaskClosed,
    UnknownDefinition,
    UnknownTask,
)
from webapp.core.errors import Conflict, Forbidden, NotFound, RuleViolation
from webapp.core.feature import Text
from webapp.core.formats import format_money
from webapp.core.i18n import current_language

HTTP_STATUS: Mapping[type[Exception], int] = {
    NotFound: 404,
    UnknownTask: 404,
    UnknownDefinition: 404,
    Forbidden: 403,
    NotAllowed: 403,
    Conflict: 409,
    TaskClosed: 409,
    StaleState: 409,
    RuleViolation: 422,
    DatabaseBusy: 503,
}

BY_CODE: dict[str, Text] = {
    "permission_missing": _l("For this you need the right “%(permission)s”. Your administrator can give it to you."),
    "database_newer": _l(
        "This database was changed by a newer version of Marshrut (%(revision)s) and would be spoilt by this one. "
        "Install that version, or restore a backup from before the update."
    ),
    "not_signed_in": _l("You are not signed in."),
    "operation_argument_missing": _l("The process gives the operation %(operation)s no value for %(parameter)s."),
    "operation_argument_unfit": _l("The process gives the operation %(operation)s an unfit value for %(parameter)s."),
}
BY_TYPE: Mapping[type[BusinessError], Text] = {
    UnknownTask: _l("This task does not exist, or it is not visible to you."),
    UnknownDefinition: _l("This process is not published."),
    TaskClosed: _l("Somebody has already completed this task."),
    NotAllowed: _l("This is not possible in this step, or not for you."),
    StaleState: _l("A colleague changed this case at the same moment. Look at it again and repeat."),
}


def register(app: Flask, refusals: Mapping[str, Text]) -> None:
    app.extensions.setdefault("refusals", dict(BY_CODE)).update(refusals)


def status_of(error: Exception) -> int:
    """The HTTP status of a refusal; 400 for one that says nothing more exact."""
    return next((HTTP_STATUS[kind] for kind in type(error).__mro__ if kind in HTTP_STATUS), 400)


def explain(error: BusinessError) -> str:
    """The refusal as a sentence in the reader's language."""
    known: Mapping[str, Text] = current_app.extensions.get("refusals", BY_CODE)
    sentence = known.get(error.code) or next((BY_TYPE[kind] for kind in type(error).__mro__ if kind in BY_TYPE), None)
    if sentence is None:
        return str(error)
    try:
        return str(sentence) % {name: _shown(value) for name, value in error.details.items()}
    except KeyError:
        return str(error)


def _shown(value: object) -> object:
    """Money as the reader writes it; everything else as it is."""
    return format_money(value, current_language()) if isinstance(value, Decimal) else value
