"""The routes of the papers that need no case."""

from tests.webapp.routes import Route, signed_in

ROUTES: dict[str, Route] = {"papers.show_blank": signed_in(name="sales.worksheet")}
