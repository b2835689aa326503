"""The routes of the funnel."""

from tests.webapp.routes import Route

ROUTES: dict[str, Route] = {
    "event_log.show_form": Route("funnel.export_log"),
    "event_log.take_log": Route("funnel.export_log", data={"format": "xes"}),
    "funnel.compare_funnels": Route("funnel.see"),
    "funnel.export_table": Route("funnel.see"),
    "funnel.export_trend": Route("funnel.see"),
    "funnel.list_cases": Route("funnel.see"),
    "funnel.show_funnel": Route("funnel.see"),
    "funnel.show_trend": Route("funnel.see"),
    "steps.export_steps": Route("funnel.see"),
    "steps.list_visits": Route("funnel.see"),
    "steps.show_steps": Route("funnel.see"),
}
