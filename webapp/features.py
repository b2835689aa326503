"""The table of contents: every slice, in the order in which one may use another."""

from webapp.admin.feature import ADMIN
from webapp.aftersales.feature import AFTERSALES
from webapp.api.feature import API
from webapp.campaigns.feature import CAMPAIGNS
from webapp.cases.feature import CASES
from webapp.control.feature import CONTROL
from webapp.core.feature import Feature
from webapp.customers.feature import CUSTOMERS
from webapp.demo.feature import DEMO
from webapp.diary.feature import DIARY
from webapp.funnel.feature import FUNNEL
from webapp.inquiries.feature import INQUIRIES
from webapp.papers.feature import PAPERS
from webapp.repair.feature import REPAIR
from webapp.sales.feature import SALES
from webapp.staff.feature import STAFF
from webapp.studio.feature import STUDIO
from webapp.vehicles.feature import VEHICLES

FEATURES: tuple[Feature, ...] = (
    STAFF,
    PAPERS,
    CUSTOMERS,
    VEHICLES,
    INQUIRIES,
    SALES,
    AFTERSALES,
    CAMPAIGNS,
    CASES,
    REPAIR,
    DIARY,
    CONTROL,
    FUNNEL,
    STUDIO,
    API,
    ADMIN,
    DEMO,
)
