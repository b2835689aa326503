"""The routes of the API and of the pages about it. A route under /api is asked with a token, see `test_routes`."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tests.webapp.cases import routes as cases
from tests.webapp.customers.routes import customer
from tests.webapp.routes import Route, public, signed_in
from tests.webapp.staff.factories import NOW
from webapp.inquiries.models import Department, Inquiry, InquiryChannel, InquiryResult, InterestType, Purpose
from webapp.inquiries.reference import ship_reference_lists
from webapp.staff.models import Centre, User


def case(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"case_id": cases.case(session, owner, centre)["instance_id"]}


def task(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"task_id": cases.errands().open(owner, owner=owner, centre=centre).id}


def inquiry(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    ship_reference_lists(session)
    record = Inquiry(
        at=NOW,
        channel=InquiryChannel.WEB_FORM,
        department=Department.SALES_NEW,
        purpose=Purpose.NEW_CAR,
        source_code="unknown",
        interest_type=InterestType.NEW,
        answered=False,
        result=InquiryResult.WAITING,
        accepted_by=owner.id,
        centre_id=centre.id,
    )
    session.add(record)
    session.flush()
    return {"inquiry_id": record.id}


# who may serve a task is the engine's question; here only the permission is asked
A_TASK = {"task_id": 0}
A_HOOK = {"webhook_id": 0}
SETS_UP = "api.change_webhooks"
A_PROCESS = {"key": "nothing"}

ROUTES: dict[str, Route] = {
    "api.show_document": public(),
    "api_me.show_me": signed_in(),
    "api_tasks.list_tasks": Route("cases.see"),
    "api_tasks.show_task": Route("cases.see", task),
    "api_tasks.complete_task": Route("cases.change", arguments=A_TASK),
    "api_tasks.take_offer": Route("cases.change", arguments=A_TASK | {"offer": "refused"}),
    "api_tasks.skip_task": Route("cases.change", arguments=A_TASK),
    "api_tasks.claim_task": Route("cases.change", arguments=A_TASK),
    "api_tasks.release_task": Route("cases.change", arguments=A_TASK),
    "api_tasks.postpone_task": Route("cases.change", arguments=A_TASK),
    "api_tasks.delegate_task": Route("cases.change", arguments=A_TASK),
    "api_cases.list_cases": Route("cases.see"),
    "api_cases.show_case": Route("cases.see", case),
    "api_cases.start_case": Route("cases.add"),
    "api_cases.comment": Route("cases.change", case, data={"text": "She calls back."}),
    "api_cases.note_contact": Route(
        "cases.change", case, data={"channel": "call", "direction": "in", "result": "Agreed."}
    ),
    "api_cases.send_message": Route("api.send_messages"),
    "api_history.list_events": Route("cases.see"),
    "api_history.list_case_events": Route("cases.see", case),
    "api_definitions.list_definitions": Route("cases.see"),
    "api_definitions.show_definition": Route("cases.see", arguments=A_PROCESS),
    "api_definitions.list_versions": Route("cases.see", arguments=A_PROCESS),
    "api_definitions.show_drawing": Route("cases.see", arguments=A_PROCESS | {"version": 1}),
    "api_funnel.show_funnel": Route("funnel.see", arguments={"process": "nothing"}),
    "api_customers.list_customers": Route("customers.see"),
    "api_customers.show_customer": Route("customers.see", customer),
    "api_customers.add_customer": Route("customers.add"),
    "api_customers.change_customer": Route("customers.change", customer, data={"note": "Called twice."}),
    "api_inquiries.list_inquiries": Route("inquiries.see"),
    "api_inquiries.show_inquiry": Route("inquiries.see", inquiry),
    "api_inquiries.receive_inquiry": Route("inquiries.add"),
    "api_pages.show_reference": signed_in(),
    "api_pages.list_tokens": signed_in(),
    "api_pages.make_token": signed_in(),
    "api_pages.revoke_token": signed_in(token_id=0),
    "api_pages.list_all_tokens": Route("api.see_tokens"),
    "api_pages.revoke_any_token": Route("api.see_tokens", arguments={"token_id": 0}),
    "webhooks.list_webhooks": Route(SETS_UP),
    "webhooks.show_new_webhook": Route(SETS_UP),
    "webhooks.add_webhook": Route(SETS_UP),
    "webhooks.show_webhook": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.show_webhook_form": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.change_webhook": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.renew_secret": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.send_test": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.switch_on": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.switch_off": Route(SETS_UP, arguments=A_HOOK),
    "webhooks.delete_webhook": Route(SETS_UP, arguments=A_HOOK),
}
