"""The routes of the demo."""

from tests.webapp.routes import SIGNED_IN, Route

ROUTES: dict[str, Route] = {
    "demo.show_progress": Route(SIGNED_IN),
}
