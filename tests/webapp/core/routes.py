"""The routes of the core."""

from tests.webapp.routes import Route, public, signed_in
from webapp.core.permissions import PUBLIC

ROUTES: dict[str, Route] = {
    "core.set_preferences": public(),
    "core.show_session": public(),
    "search.show_hits": signed_in(),
    "static": Route(PUBLIC, arguments={"filename": "icons.svg"}),
}
