"""The routes of the funnel."""

from tests.webapp.routes import Route

ROUTES: dict[str, Route] = {
    "funnel.export_table": Route("funnel.see"),
    "funnel.list_cases": Route("funnel.see"),
    "funnel.show_funnel": Route("funnel.see"),
}
