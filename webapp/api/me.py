"""Who the token stands for, and what it may do."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from webapp.api.identifying import bearer
from webapp.api.resource import Resource
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import declared_permissions, scope_if_any, signed_in

resource = Resource("me", _l("Myself"))


class RoleOut(Schema):
    """A role; without a centre it holds in all of them."""

    role = fields.String(required=True)
    centre_id = fields.Integer(required=True, allow_none=True)


class TokenOut(Schema):
    """The token of this call."""

    name = fields.String(required=True)
    read_only = fields.Boolean(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)


class MeOut(Schema):
    """The owner of the token. `permissions`: own, team, centre or group, by permission."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)
    roles = fields.List(fields.Nested(RoleOut), required=True)
    permissions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    token = fields.Nested(TokenOut, required=True)


@resource.read("/me", MeOut, summary=_l("Whom the token stands for, and what it may do"))
@signed_in
def show_me() -> dict[str, Any]:
    """Roles, and permissions with their scope."""
    me = bearer()
    reached = {name: scope_if_any(name) for name in sorted(declared_permissions())}
    return {
        "id": me.id,
        "name": me.name,
        "language": current_language(),
        "time_zone": str(current_zone()),
        "roles": me.user.grants,
        "permissions": {name: scope.kind.name.lower() for name, scope in reached.items() if scope is not None},
        "token": me.token,
    }
