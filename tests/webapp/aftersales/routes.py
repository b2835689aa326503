"""The routes of the aftersales slice."""

from tests.webapp.routes import Route

ROUTES: dict[str, Route] = {
    "service_board.show_board": Route("aftersales.see"),
}
