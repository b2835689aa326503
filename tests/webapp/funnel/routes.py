"""The routes of the funnel."""

from tests.webapp.routes import Route

ROUTES: dict[str, Route] = {
    "funnel.compare_funnels": Route("funnel.see"),
    "funnel.export_table": Route("funnel.see"),
    "funnel.export_trend": Route("funnel.see"),
    "funnel.list_cases": Route("funnel.see"),
    "funnel.show_funnel": Route("funnel.see"),
    "funnel.show_trend": Route("funnel.see"),
}
