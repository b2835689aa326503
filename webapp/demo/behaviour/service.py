"""What the people of the service department answer at each step, by the step's name."""

from collections.abc import Callable, Mapping

from webapp.demo.behaviour import service_booking, service_work
from webapp.demo.behaviour.service_fate import ServiceFate, decide_visit
from webapp.demo.behaviour.service_situation import Owner, ServiceSituation, make_plate
from webapp.demo.behaviour.situation import Answer

__all__ = ["SERVICE_ANSWERS", "Owner", "ServiceFate", "ServiceSituation", "decide_visit", "make_plate"]

SERVICE_ANSWERS: Mapping[str, Callable[[ServiceSituation], Answer | None]] = {
    **service_booking.ANSWERS,
    **service_work.ANSWERS,
}
