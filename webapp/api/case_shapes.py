"""The shapes of cases: lists, one case with what is known of it, and what acts on it take."""

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from webapp.api.paging import Paged
from webapp.api.reading import Body
from webapp.api.resource import listed, one_of, words
from webapp.api.shapes import number
from webapp.api.task_shapes import TaskOut
from webapp.cases.filtering import SORTS, STATES
from webapp.cases.services import CHANNELS
from webapp.core.forms import LARGEST_NUMBER, within

NOBODY_TOO = fields.Integer(validate=within(0, LARGEST_NUMBER))
LONGEST_KEPT = 7 * 24 * 60  # minutes


class CaseQuery(Paged):
    """Which cases are asked for; a value of 0 for a person or a centre stands for none."""

    state = one_of(STATES, load_default="open")
    process = listed(words(120))
    milestone = listed(words(60), 20)
    outcome = listed(words(60), 20)
    owner = listed(NOBODY_TOO)
    centre = listed(NOBODY_TOO)
    q = words(80, load_default="", metadata={"description": _l("Of whom or what it is: a name, a phone, a number.")})
    sort = one_of(SORTS, load_default="due")


class CaseOut(Schema):
    """One case; texts in the language that was asked for."""

    id = fields.Integer(required=True)
    process = fields.String(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    step = fields.String(required=True)
    milestone = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    owner_id = fields.Integer(required=True, allow_none=True)
    centre_id = fields.Integer(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)


class FactOut(Schema):
    """One thing that the record of the case knows, in words."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class MilestoneOut(Schema):
    """A milestone that was entered."""

    name = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class FullCaseOut(Schema):
    """One case. `document`: what was answered, by element; personal fields are not kept there."""

    id = fields.Integer(required=True)
    process = fields.String(required=True)
    version = fields.Integer(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    customer_id = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    owner_id = fields.Integer(required=True, allow_none=True)
    centre_id = fields.Integer(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    facts = fields.List(fields.Nested(FactOut), required=True)
    milestones = fields.List(fields.Nested(MilestoneOut), required=True)
    tasks = fields.List(fields.Nested(TaskOut), required=True)
    document = fields.Dict(keys=fields.String(), required=True)


class StartIn(Body):
    """Which process begins, and what it is about. `centre_id`: where there are several to choose from."""

    process = words(120, required=True)
    subject = words(120, shortest=1, required=True)
    centre_id = number(load_default=None)


class CommentIn(Body):
    """A comment for colleagues."""

    text = words(1000, shortest=1, required=True)


class ContactIn(Body):
    """A contact that happened."""

    channel = one_of(tuple(CHANNELS), required=True)
    direction = one_of(("in", "out"), required=True)
    result = words(1000, shortest=2, required=True)


class MessageIn(Body):
    """A message: its name and its correlation key, and what it carries into the case.

    `centre_id` and `owner_id` are those of a case that begins with it. `keep_minutes`: how long it waits for a case
    that does not want it yet.
    """

    name = words(120, shortest=1, required=True)
    key = words(120, shortest=1, required=True)
    payload = fields.Dict(keys=fields.String(), load_default=dict)
    centre_id = number(load_default=None)
    owner_id = number(load_default=None)
    keep_minutes = fields.Integer(load_default=0, validate=within(0, LONGEST_KEPT))


class MessageOut(Schema):
    """Which case has it. `kept`: none yet, it waits."""

    case_id = fields.Integer(required=True, allow_none=True)
    kept = fields.Boolean(required=True)
