"""The routes of the admin slice."""

from tests.webapp.routes import Route, public

ROUTES: dict[str, Route] = {
    "admin.show_health": public(),
    "admin.show_metrics": public(),
    "admin.show_system": Route("admin.see"),
}
