"""The routes of the control board. Its acts take a list of tasks and leave out those out of reach."""

from tests.webapp.routes import Route

ROUTES: dict[str, Route] = {
    "control.acknowledge": Route("control.change"),
    "control.answer_escalation": Route("control.change", arguments={"seq": 0}, data={"text": "Call him"}),
    "control.ask_comment": Route("control.change"),
    "control.ask_reassign": Route("control.change"),
    "control.check": Route("control.change"),
    "control.comment": Route("control.change"),
    "control.give": Route("control.change"),
    "control.reassign": Route("control.change"),
    "control.remind": Route("control.change"),
    "control.show_board": Route("control.see"),
    "control.show_daily": Route("control.change"),
}
