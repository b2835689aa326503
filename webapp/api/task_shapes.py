"""The shapes of tasks: lists, one task with its form, and what acts on it take."""

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from webapp.api.paging import Paged
from webapp.api.reading import Body
from webapp.api.resource import listed, one_of, words
from webapp.api.shapes import moment, number
from webapp.cases.labels import POSTPONE_REASONS

WHOSE = ("mine", "role", "served", "reach")
STATES = ("open", "late", "sleeping", "completed")


class TaskQuery(Paged):
    """Which tasks are asked for."""

    of = one_of(
        WHOSE,
        load_default="served",
        metadata={
            "description": _l(
                "mine: given to me or to whom I stand in for; role: free for my roles; served: both; "
                "reach: of all cases that I see."
            )
        },
    )
    state = one_of(STATES, load_default="open", metadata={"description": _l("open: whatever can be done now.")})
    process = listed(words(120))
    case = number(load_default=None)
    due_from = moment(load_default=None)
    due_until = moment(load_default=None)


class TaskOut(Schema):
    """One task. `step` and `title` are in the language that was asked for."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    process = fields.String(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    element = fields.String(required=True)
    step = fields.String(required=True)
    state = fields.String(required=True)
    role = fields.String(required=True)
    assignee_id = fields.Integer(required=True, allow_none=True)
    centre_id = fields.Integer(required=True, allow_none=True)
    priority = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    sleeps_until = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    completed_by = fields.Integer(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)


class FormOut(Schema):
    """A form: its inputs as form-js writes them."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    schema = fields.Dict(keys=fields.String(), required=True)


class OfferOut(Schema):
    """A button that the drawing offers on the task, with the form behind it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    deviation = fields.Boolean(required=True)
    form = fields.Nested(FormOut, required=True, allow_none=True)


class FullTaskOut(TaskOut):
    """One task with what one needs to do it. `draft`: what the owner of the token has typed and not submitted."""

    prompt = fields.String(required=True)
    form = fields.Nested(FormOut, required=True, allow_none=True)
    draft = fields.Dict(keys=fields.String(), required=True)
    offers = fields.List(fields.Nested(OfferOut), required=True)
    may_complete = fields.Boolean(required=True)
    may_skip = fields.Boolean(required=True)


class ValuesIn(Body):
    """The values of a form, by the keys of its inputs."""

    values = fields.Dict(keys=fields.String(), load_default=dict)


class SkipIn(Body):
    """Why the step is not needed."""

    reason = words(200, shortest=3, required=True)


class PostponeIn(Body):
    """When the task comes back, and why."""

    until = moment(required=True)
    reason = one_of(tuple(POSTPONE_REASONS), required=True)
    comment = words(500, load_default="")


class DelegateIn(Body):
    """To whom the task goes."""

    to = number(required=True)
    comment = words(500, load_default="")
    with_case = fields.Boolean(load_default=False)
