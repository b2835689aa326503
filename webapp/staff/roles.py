"""The roles of a dealer and what each may do on whose rows: the table that ships with the product.

A permission is given in a scope: own rows, those of the own team, of the whole centre, or of the group.
Persons may deviate (PermissionOverride). A permission of a slice that is not installed has no effect.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.core.permissions import ScopeKind

OWN, TEAM, CENTRE, GROUP = ScopeKind.OWN, ScopeKind.TEAM, ScopeKind.CENTRE, ScopeKind.GROUP


class Department(StrEnum):
    SALES = "sales"
    SERVICE = "service"
    GROUP = "group"


DEPARTMENTS: Mapping[Department, Text] = {
    Department.SALES: _l("Sales"),
    Department.SERVICE: _l("Service"),
    Department.GROUP: _l("Whole group"),
}


@dataclass(frozen=True)
class Role:
    """One role. `grants` maps a permission to its scope; `purpose` says in a line what awaits the person.

    `serves_cases`: it works on cases of others, and goes on seeing those it has been asked for.
    `serves_with`: roles at the same desk; what was asked of one of them is seen by all.
    """

    name: str
    title: Text
    department: Department
    grants: Mapping[str, ScopeKind]
    purpose: Text = ""
    icon: str = "user"
    serves_cases: bool = False
    serves_with: tuple[str, ...] = ()


def _reach(*parts: tuple[ScopeKind, str]) -> dict[str, ScopeKind]:
    """Permissions by scope, written as words; a later part overrides an earlier one."""
    return {permission: scope for scope, words in parts for permission in words.split()}


# what nearly everybody at a desk does: serve his own tasks, find a customer, see his own figures
DESK = (OWN, "diary.see cases.see cases.add cases.change funnel.see")
CUSTOMERS = "customers.see customers.add customers.change customers.consent vehicles.see vehicles.change"
REGISTER = "inquiries.see inquiries.add"
WORKSHEETS = "sales.see sales.change"
VISITS = "aftersales.see aftersales.book aftersales.change"
COSTS = "aftersales.see_costs"
WORKSHOP = f"{VISITS} {COSTS} aftersales.set_up"
CONTROL = "control.see control.change"
RECEPTION = "campaigns.receive"  # guests of events
CAMPAIGNS = f"campaigns.see campaigns.change campaigns.export {RECEPTION}"
APPROVAL = f"campaigns.see campaigns.approve {RECEPTION}"
STUDIO = "studio.see studio.edit studio.publish studio.approve"
STAFF = "staff.see staff.add staff.change"

_SALES_DESK = (DESK, (CENTRE, CUSTOMERS), (OWN, REGISTER + " " + WORKSHEETS))
_SERVICE_DESK = (DESK, (CENTRE, f"{CUSTOMERS} aftersales.see"), (OWN, REGISTER))
_TAKE = "cases.export funnel.export_log"
_WORK = f"diary.see cases.add cases.change cases.share {_TAKE}"
_ALL_OF_CENTRE = (CENTRE, f"{_WORK} cases.see funnel.see")
_SIGHT = "cases.see customers.see vehicles.see inquiries.see sales.see aftersales.see funnel.see control.see staff.see"
PROGRAMS = "api.see_tokens api.send_messages api.change_webhooks"  # what other programs may do here
REPAIR = "repair.see repair.change"  # failed steps and misled cases
FIGURES = "funnel.see_money inquiries.see_spend"  # what cases brought, and what they cost
SPEND = f"{FIGURES} inquiries.change_spend"
NAMED_LOG = "funnel.export_named"
_EVERYTHING = (
    f"{_WORK} {_SIGHT} {CUSTOMERS} {REGISTER} {WORKSHEETS} {WORKSHOP} {CONTROL} {REPAIR} {STUDIO} {STAFF} {SPEND} "
    f"{CAMPAIGNS} {APPROVAL} {NAMED_LOG} studio.set_up"
)

ROLES: tuple[Role, ...] = (
    Role(
        "sales_manager",
        _l("Salesperson"),
        Department.SALES,
        _reach(*_SALES_DESK, (CENTRE, RECEPTION)),
        _l("Tasks of the day, new leads, own worksheets"),
        "layout-list",
    ),
    Role(
        "sales_head",
        _l("Head of sales"),
        Department.SALES,
        _reach(
            _ALL_OF_CENTRE,
            (CENTRE, f"{CUSTOMERS} {REGISTER} {WORKSHEETS} aftersales.see {CONTROL} {STAFF} {FIGURES} {APPROVAL}"),
            (CENTRE, REPAIR),
        ),
        _l("Overdue steps, refusals, the funnel of the centre"),
        "layout-dashboard",
    ),
    Role(
        "call_operator",
        _l("Call centre"),
        Department.SALES,
        _reach(DESK, (GROUP, f"cases.see {CUSTOMERS} {REGISTER} aftersales.see aftersales.book {RECEPTION}")),
        _l("Calls every minute, a new customer in four inputs"),
        "phone-call",
    ),
    Role(
        "receptionist",
        _l("Reception"),
        Department.SALES,
        _reach(DESK, (CENTRE, f"cases.see {CUSTOMERS} {REGISTER} {RECEPTION}")),
        _l("Guests of the day, welcomed within minutes"),
        "door-enter",
    ),
    Role(
        "tradein_appraiser",
        _l("Trade-in appraiser"),
        Department.SALES,
        _reach(*_SALES_DESK),
        icon="car",
        serves_cases=True,
    ),
    Role(
        "finance_manager",
        _l("Credit and insurance"),
        Department.SALES,
        _reach(*_SALES_DESK),
        icon="percentage",
        serves_cases=True,
    ),
    Role("logistics", _l("Import and supply"), Department.SALES, _reach(*_SALES_DESK), icon="truck", serves_cases=True),
    Role(
        "pdi_master",
        _l("Pre-delivery inspection"),
        Department.SALES,
        _reach(*_SALES_DESK),
        icon="checks",
        serves_cases=True,
    ),
    Role("delivery_specialist", _l("Handover"), Department.SALES, _reach(*_SALES_DESK), icon="key", serves_cases=True),
    Role(
        "service_head",
        _l("Head of service"),
        Department.SERVICE,
        _reach(
            _ALL_OF_CENTRE,
            (CENTRE, f"{CUSTOMERS} {REGISTER} {WORKSHOP} sales.see {CONTROL} {STAFF} {FIGURES} campaigns.see"),
            (CENTRE, REPAIR),
        ),
        _l("Late steps, the load of the workshop, the funnel of service"),
        "layout-dashboard",
    ),
    Role(
        "service_advisor",
        _l("Service advisor"),
        Department.SERVICE,
        _reach(*_SERVICE_DESK, (CENTRE, f"{VISITS} {COSTS}")),
        _l("Who comes today, who waits, what is ready"),
        "layout-columns",
        serves_cases=True,
        serves_with=("service_dispatcher",),
    ),
    Role(
        "service_dispatcher",
        _l("Service dispatcher"),
        Department.SERVICE,
        _reach(*_SERVICE_DESK, (CENTRE, f"{VISITS} funnel.see")),
        _l("Customers on the phone, registered at once"),
        "calendar-time",
        serves_cases=True,
        serves_with=("service_advisor",),
    ),
    Role(
        "foreman",
        _l("Foreman"),
        Department.SERVICE,
        _reach(*_SERVICE_DESK, (TEAM, "diary.see cases.see"), (CENTRE, f"{WORKSHOP} funnel.see")),
        _l("Own tasks and those of the team"),
        "tool",
    ),
    Role("technician", _l("Technician"), Department.SERVICE, _reach(DESK, (CENTRE, "aftersales.see")), icon="hammer"),
    Role(
        "quality_controller",
        _l("Quality control"),
        Department.SERVICE,
        _reach(DESK, (CENTRE, "aftersales.see")),
        icon="clipboard-check",
    ),
    Role("parts_specialist", _l("Parts"), Department.SERVICE, _reach(*_SERVICE_DESK, (CENTRE, COSTS)), icon="package"),
    Role(
        "quality_manager",
        _l("Quality manager"),
        Department.SERVICE,
        _reach(_ALL_OF_CENTRE, (CENTRE, f"{CUSTOMERS} {REGISTER} sales.see aftersales.see control.see")),
        _l("What went wrong, for whom, and why"),
        "message-report",
    ),
    Role(
        "cashier",
        _l("Cashier"),
        Department.GROUP,
        _reach(DESK, (CENTRE, "customers.see vehicles.see sales.see aftersales.see")),
        icon="cash",
        serves_cases=True,
    ),
    Role(
        "accountant",
        _l("Accountant"),
        Department.GROUP,
        _reach(DESK, (CENTRE, f"customers.see vehicles.see sales.see aftersales.see {COSTS}")),
        icon="calculator",
        serves_cases=True,
    ),
    Role(
        "crm_manager",
        _l("Process owner"),
        Department.GROUP,
        _reach(
            (
                GROUP,
                f"{_WORK} {_SIGHT} {CUSTOMERS} {REGISTER} {WORKSHEETS} {WORKSHOP} {CONTROL} {REPAIR} "
                f"{STUDIO} {FIGURES} {CAMPAIGNS}",
            )
        ),
        _l("Processes as drawn, and where they get stuck"),
        "route",
    ),
    Role(
        "marketer",
        _l("Marketer"),
        Department.GROUP,
        _reach(
            DESK,
            (GROUP, f"{CUSTOMERS} customers.change_texts inquiries.see sales.see aftersales.see funnel.see {SPEND}"),
            (GROUP, CAMPAIGNS),
        ),
        _l("Segments, campaigns and what becomes of them"),
        "speakerphone",
    ),
    Role(
        "pr_manager",
        _l("Public relations"),
        Department.GROUP,
        _reach(DESK, (GROUP, f"customers.see vehicles.see campaigns.see {RECEPTION} funnel.see")),
        icon="writing",
    ),
    Role(
        "director",
        _l("Director"),
        Department.GROUP,
        _reach(
            (CENTRE, f"{_WORK} {_SIGHT} {CUSTOMERS} {REGISTER} {WORKSHEETS} {WORKSHOP} {CONTROL} {STAFF} {SPEND}"),
            (CENTRE, f"{APPROVAL} {NAMED_LOG} {REPAIR}"),
        ),
        _l("Funnel, weak link, control of the centre"),
        "chart-bar",
    ),
    Role(
        "group_director",
        _l("Director of the group"),
        Department.GROUP,
        _reach(
            (GROUP, f"{_WORK} {_SIGHT} {CUSTOMERS} {REGISTER} {WORKSHEETS} {WORKSHOP} {CONTROL} {STAFF} {SPEND}"),
            (GROUP, f"{APPROVAL} {NAMED_LOG} {REPAIR} studio.see studio.approve studio.set_up"),
        ),
        _l("All centres side by side"),
        "building",
    ),
    Role(
        "admin",
        _l("Administrator"),
        Department.GROUP,
        _reach((GROUP, f"{_EVERYTHING} customers.change_texts staff.change_centres admin.see {PROGRAMS}")),
        _l("People, roles and rights"),
        "settings",
    ),
)

BY_NAME: Mapping[str, Role] = {role.name: role for role in ROLES}

# in a centre the head of a department answers for those whose own head is not named
HEADS_IN_ORDER: Mapping[Department, tuple[str, ...]] = {
    Department.SALES: ("sales_head", "director"),
    Department.SERVICE: ("service_head", "foreman", "director"),
    Department.GROUP: ("director", "group_director"),
}
# who answers where such a head is missing, and is led by him where he is not
STAND_INS: Mapping[str, frozenset[str]] = {"service_head": frozenset({"foreman"})}


def in_department(department: Department) -> Iterator[Role]:
    return (role for role in ROLES if role.department is department)
