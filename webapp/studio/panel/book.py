"""The panel of the editor: for each kind of element the fields that its owner fills in, and where they stand.

One description serves the panel, and the element templates for the desktop Modeler. The properties are those of
docs/guides/processes.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.studio.panel.texts import TEXTS


@dataclass(frozen=True)
class Field:
    """One field of the panel.

    `widget`: how it is asked, one of those of webapp/ui/studio/widgets. `to`: where it stands, such as "property",
    with `name`. `choices`: fixed ones; or `source`, the part of the catalogue that holds them.
    """

    label: Text
    widget: str
    to: str
    name: str = ""
    hint: Text = ""
    choices: Sequence[tuple[str, Text]] = ()
    source: str = ""
    translated: bool = False  # asked in each language beside the base one

    def told(self) -> dict[str, Any]:
        return {
            "label": str(self.label),
            "widget": self.widget,
            "to": self.to,
            "name": self.name,
            "hint": str(self.hint),
            "choices": [{"value": value, "name": str(text)} for value, text in self.choices],
            "source": self.source,
            "translated": self.translated,
        }


@dataclass(frozen=True)
class Group:
    """Fields under one title; `shut`: folded until somebody wants them."""

    title: Text
    fields: Sequence[Field] = field(default_factory=tuple)
    shut: bool = False

    def told(self) -> dict[str, Any]:
        return {"title": str(self.title), "fields": [each.told() for each in self.fields], "shut": self.shut}


YES_NO = (("", _l("no")), ("true", _l("yes")))
ALLOWED = (("", _l("no")), ("allowed", _l("yes, with a reason")))
NAME = Field(_l("Title"), "text", "name", translated=True)
LIST = Field(
    _l("In the list of steps"),
    "choice",
    "property",
    "stepList",
    choices=(
        ("", _l("as the flow goes")),
        ("announced", _l("always, as to come")),
        ("when active", _l("only once it is reached")),
    ),
)
FORM = Field(_l("Form"), "form", "form", source="forms", hint=_l("What is asked at this step."))
WHEN_DONE = Field(
    _l("When it is done"),
    "choice",
    "property",
    "onComplete",
    source="operations",
    hint=_l("What the system does with the answers at once."),
)
REASON = Field(_l("Reason"), "feel", "property", "reason", hint=_l("Where the reason stands, for lists of outcomes."))
TIMER = Field(_l("When"), "timer", "timer")
MESSAGE = Field(_l("Message"), "message", "message", source="messages")
CORRELATION = Field(_l("Of which record"), "feel", "correlation", hint=_l("Tells whose message it is."))
INPUTS = Field(_l("It is given"), "inputs", "inputs")
RESULT = Field(_l("Result is kept as"), "text", "header", "resultVariable")
CONDITION = Field(_l("This way is taken if"), "condition", "condition")
GOES_ON = Field(_l("The step goes on"), "interrupting", "interrupting")
OPERATION = Field(_l("Operation"), "operation", "operation", source="operations")
DECISION = Field(_l("Decision"), "decision", "decision", source="decisions")
DECISION_RESULT = Field(_l("Result is kept as"), "text", "decisionResult")
OTHERWISE = Field(_l("Otherwise"), "default", "default", hint=_l("The way that is taken when no condition holds."))
PROCESS = Field(_l("Process"), "choice", "called", source="processes")
MANY = Group(_l("For each of several"), (Field(_l("Of which list"), "feel", "collection"),), shut=True)
OTHER = Group(_l("Other properties"), (Field(_l("Name and value"), "rest", "rest"),), shut=True)

WHO = Group(
    _l("Who and when"),
    (
        Field(_l("Role"), "choice", "role", source="roles"),
        Field(
            _l("Person"),
            "assignee",
            "assignee",
            choices=(("", _l("whoever takes it")), ("=case.owner", _l("owner of the case"))),
        ),
        Field(_l("Due"), "duration", "property", "due", hint=_l("Working hours count.")),
        Field(_l("Reminders"), "reminders", "property", "reminders"),
        Field(_l("If it is late"), "escalations", "property", "escalate", source="roles"),
        Field(_l("Working calendar"), "choice", "property", "calendar", source="calendars"),
        Field(_l("Priority"), "number", "property", "priority", hint=_l("Higher comes first; 50 is usual.")),
    ),
)
FREEDOM = Group(
    _l("Freedom"),
    (
        Field(_l("May be marked “not needed”"), "choice", "property", "skip", choices=ALLOWED),
        Field(
            _l("Answers may be corrected"),
            "choice",
            "property",
            "correct",
            choices=(("", _l("yes")), ("never", _l("no"))),
        ),
        Field(_l("When they are corrected"), "choice", "property", "onCorrect", source="operations"),
        LIST,
    ),
    shut=True,
)
OFFER = Group(
    _l("Button on the steps inside"),
    (
        Field(_l("Shown as a button"), "choice", "property", "offer", choices=YES_NO),
        Field(_l("Form"), "form", "offerForm", source="forms"),
        Field(_l("For roles"), "roles", "property", "offerTo", source="roles", hint=_l("None: who does the step.")),
        Field(
            _l("In called processes too"),
            "choice",
            "property",
            "offerInCalls",
            choices=YES_NO,
        ),
        Field(
            _l("Leaves the proposed way"),
            "choice",
            "property",
            "deviation",
            choices=YES_NO,
        ),
        WHEN_DONE,
    ),
)


KINDS: dict[str, Sequence[Group]] = {
    "process": (
        Group(
            _l("Process"), (NAME, Field(_l("Working calendar"), "choice", "property", "calendar", source="calendars"))
        ),
        Group(
            _l("Funnel"),
            (
                Field(_l("Milestones"), "milestones", "property", "milestones", hint=_l("In their order.")),
                Field(_l("Ratios"), "area", "property", "ratios"),
                Field(_l("Dimensions"), "area", "property", "dimensions"),
            ),
            shut=True,
        ),
        OTHER,
    ),
    "userTask": (
        Group(
            _l("What the person sees"),
            (
                NAME,
                Field(_l("Prompt"), "area", "property", "prompt", translated=True),
                FORM,
                Field(_l("Words of the button"), "text", "property", "submit", translated=True),
            ),
        ),
        WHO,
        Group(_l("When it is done"), (WHEN_DONE,)),
        FREEDOM,
        MANY,
        OTHER,
    ),
    "serviceTask": (
        Group(_l("What the system does"), (NAME, OPERATION, INPUTS, RESULT)),
        OTHER,
    ),
    "businessRuleTask": (
        Group(_l("What is decided"), (NAME, DECISION, INPUTS, DECISION_RESULT)),
        OTHER,
    ),
    "callActivity": (
        Group(_l("Called process"), (NAME, PROCESS, INPUTS, LIST)),
        MANY,
        OTHER,
    ),
    "subProcess": (Group(_l("Part of the process"), (NAME, LIST)), MANY, OTHER),
    "gateway": (Group(_l("Branching"), (NAME, OTHERWISE)), OTHER),
    "parallel": (Group(_l("Parallel ways"), (NAME,)), OTHER),
    "flow": (Group(_l("Flow"), (NAME, CONDITION)),),
    "plainFlow": (Group(_l("Flow"), (NAME,)),),
    "start": (Group(_l("Beginning"), (NAME,)), OTHER),
    "startMessage": (Group(_l("Beginning"), (NAME, MESSAGE)), OTHER),
    "startTimer": (Group(_l("Beginning"), (NAME, TIMER)), OTHER),
    "end": (
        Group(
            _l("End of the process"),
            (
                NAME,
                Field(
                    _l("Outcome of the case"),
                    "outcome",
                    "property",
                    "outcome",
                    hint=_l("What the funnel counts the case as."),
                ),
                Field(_l("Milestone reached"), "milestone", "property", "milestone"),
                REASON,
            ),
        ),
        OTHER,
    ),
    "milestone": (
        Group(_l("Milestone"), (NAME, Field(_l("Milestone reached"), "milestone", "property", "milestone"))),
        OTHER,
    ),
    "throw": (Group(_l("Message out"), (NAME, MESSAGE, CORRELATION, INPUTS)), OTHER),
    "catchTimer": (Group(_l("Wait"), (NAME, TIMER)), OTHER),
    "catchMessage": (Group(_l("Waiting for a message"), (NAME, MESSAGE, CORRELATION)), OTHER),
    "boundaryTimer": (Group(_l("After a time"), (NAME, TIMER, GOES_ON)), OTHER),
    "boundaryMessage": (Group(_l("Event on a step"), (NAME, MESSAGE, CORRELATION, GOES_ON)), OFFER, OTHER),
    "boundary": (Group(_l("Event on a step"), (NAME, GOES_ON)), OTHER),
    "other": (Group(_l("Element"), (NAME,)), OTHER),
}


def book() -> dict[str, Any]:
    """The whole description in the reader's language."""
    return {
        "kinds": {kind: [group.told() for group in groups] for kind, groups in KINDS.items()},
        "texts": {name: str(text) for name, text in TEXTS.items()},
        "languages": [{"code": "ru", "name": str(_l("Russian"))}],
        "base": str(_l("English")),
    }
