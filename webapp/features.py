"""The table of contents: every slice, in the order in which one may use another."""

from webapp.cases.feature import CASES
from webapp.core.feature import Feature
from webapp.funnel.feature import FUNNEL
from webapp.staff.feature import STAFF

FEATURES: tuple[Feature, ...] = (STAFF, CASES, FUNNEL)
