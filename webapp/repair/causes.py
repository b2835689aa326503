"""Why a step failed, in words that say what to look at; the error itself stands below, for whoever can read it."""

import re
from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.store import Definition
from engine.errors import BusinessError
from engine.human_tasks.models import path_of
from webapp.core.engine_errors import explain
from webapp.core.feature import Text
from webapp.core.sending_troubles import bare_code, why_not_sent
from webapp.repair.places import name_at

BY_TYPE: Mapping[str, Text] = {
    "NoMatchingFlow": _l("No way out of the gateway fits what has been answered."),
    "UncaughtBpmnError": _l("The drawing reports an error that nothing in it catches."),
    "StepBudgetExceeded": _l("The case went round in circles without anybody to stop it."),
    "UnreadableTimer": _l("A timer is neither a time nor a span of time."),
    "UnusableLoop": _l("What is to be repeated is not a list, or too long."),
    "UnknownDefinition": _l("A form, a decision or a process that is needed is not published."),
    "FeelSyntaxError": _l("An expression of the drawing could not be worked out."),
    "FeelEvaluationError": _l("An expression of the drawing could not be worked out."),
    "FeelBudgetExceeded": _l("An expression of the drawing is too much work."),
    "DecisionError": _l("A decision could not be worked out."),
    "DeliveryRefused": _l("The receiver does not take this message."),
    "DeliveryFailed": _l("The message could not be handed over, again and again."),
    "ReceiverDown": _l("The receiver cannot be reached."),
    "ConnectionError": _l("Another system cannot be reached."),
    "TimeoutError": _l("Another system did not answer in time."),
}
DUE: Mapping[str, Text] = {
    "due_not_a_time": _l("What the drawing says about when the step is due gives no moment and no span of time."),
    "due_unreadable": _l("What the drawing says about when the step is due cannot be read."),
}
UNFIT = re.compile(r"operation_argument_(?:unfit|missing) \(operation=(?P<operation>\S+), parameter=(?P<name>\w+)\)")


def in_words(cause: str, *, kind: str) -> str:
    """The plain sentence for an error kept as "Type: message"."""
    name, _colon, message = cause.partition(": ")
    unfit = UNFIT.match(message)
    if unfit is not None:
        return str(
            _(
                "The step got no usable value for “%(name)s”. Look at the data of the case.",
                name=unfit["name"],
            )
        )
    due = DUE.get(message.partition(" ")[0])
    if due is not None:
        return str(due)
    unsent = why_not_sent(cause) if kind == "send" else ""
    if unsent:
        return unsent
    known = BY_TYPE.get(name.rpartition(".")[2])
    if known is not None:
        return str(known)
    if kind == "send":
        return str(_("The message could not be sent."))
    return str(_("The program broke down in this step. If trying again does not help, its makers must look."))


def explain_repair(refusal: BusinessError, definition: Definition) -> str:
    """Why a repair was refused; of a step that broke down on the way its name, and the reason in words."""
    if refusal.code != "repair_failed":
        return explain(refusal)
    why = in_words(str(refusal.details["cause"]), kind="")
    element, path = str(refusal.details["element"]), path_of(str(refusal.details["path"]))
    if not element:
        return f"{explain(refusal)} {why}"
    step = name_at(definition, element, path)
    return str(_("It was not done, because “%(step)s” on the way failed. %(why)s", step=step, why=why))


def message_of(cause: str) -> str:
    """What the error itself says, where that is more than a code."""
    return "" if bare_code(cause) else cause.partition(": ")[2] or cause
