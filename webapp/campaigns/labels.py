"""How the codes of the campaigns slice read on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.campaigns.lifecycle import Lifecycle
from webapp.campaigns.models import (
    CampaignChannel,
    CampaignStatus,
    CampaignType,
    Exclusion,
    GoalMetric,
    RecipientStep,
    Repeat,
    ResponseWay,
)
from webapp.core.feature import Text
from webapp.customers.models import MessageState

LIFECYCLES: Mapping[str, Text] = {
    Lifecycle.POTENTIAL_ACTIVE: _l("Potential, in work or asked lately"),
    Lifecycle.POTENTIAL_DORMANT: _l("Potential, quiet"),
    Lifecycle.POTENTIAL_REFUSED: _l("Potential, said no"),
    Lifecycle.REAL: _l("Real: has bought"),
    Lifecycle.REGULAR: _l("Regular"),
    Lifecycle.LOST: _l("Lost"),
    Lifecycle.UNKNOWN: _l("Has never asked for anything"),
}
TYPES: Mapping[str, Text] = {
    CampaignType.ACQUISITION: _l("New customers"),
    CampaignType.RETENTION: _l("Keeping customers"),
    CampaignType.RECOVERY: _l("Winning back"),
    CampaignType.EVENT: _lp("kind of campaign", "Event"),
    CampaignType.IMAGE: _l("Image"),
    CampaignType.RECALL: _l("Recall"),
}
METRICS: Mapping[str, Text] = {
    GoalMetric.CONTACTS: _l("Responses"),
    GoalMetric.VISITS: _l("Visits"),
    GoalMetric.SALES: _l("Sales"),
    GoalMetric.REVENUE: _l("Revenue"),
}
STATUSES: Mapping[str, Text] = {
    CampaignStatus.PREPARING: _l("In preparation"),
    CampaignStatus.WAITING: _l("Waits for a decision"),
    CampaignStatus.APPROVED: _l("Approved"),
    CampaignStatus.SENDING: _l("Being sent"),
    CampaignStatus.SENT: _l("Sent, answers count"),
    CampaignStatus.FINISHED: _l("Finished"),
    CampaignStatus.REJECTED: _l("Rejected"),
    CampaignStatus.CANCELLED: _l("Called off"),
}
STATUS_TONES: Mapping[str, str] = {
    CampaignStatus.WAITING: "warn",
    CampaignStatus.APPROVED: "now",
    CampaignStatus.SENDING: "now",
    CampaignStatus.SENT: "now",
    CampaignStatus.FINISHED: "ok",
    CampaignStatus.REJECTED: "bad",
    CampaignStatus.CANCELLED: "hollow",
    CampaignStatus.PREPARING: "",
}
EXCLUSIONS: Mapping[str, Text] = {
    Exclusion.CONTACTED_LATELY: _l("Spoken with in the last 30 days"),
    Exclusion.ACTIVE_WORKSHEET: _l("Has an open worksheet"),
    Exclusion.LOST_BY_WISH: _l("Asked not to be called again"),
    Exclusion.INVITED_ELSEWHERE: _l("Written to by another campaign within 14 days"),
    Exclusion.OPEN_COMPLAINT: _l("Has a complaint that is not settled"),
    Exclusion.EMPLOYEES: _l("Our own employees"),
}
CHANNELS: Mapping[str, Text] = {
    CampaignChannel.EMAIL: _l("Mail"),
    CampaignChannel.PRINT: _l("Print"),
    CampaignChannel.ADS: _l("Advertising"),
}
WAYS: Mapping[str, Text] = {
    ResponseWay.CODE: _l("Named the code"),
    ResponseWay.TRACKING: _l("Dialled the number of the campaign"),
    ResponseWay.WINDOW: _l("Was written to and turned up"),
}
REPEATS: Mapping[str, Text] = {
    Repeat.YES: _l("Repeat it"),
    Repeat.CHANGED: _l("Repeat it, changed"),
    Repeat.NO: _l("Do not repeat it"),
}
STEPS: Mapping[str, Text] = {
    RecipientStep.WAITING: _l("Waits for his turn"),
    RecipientStep.HANDED: _l("Handed over"),
    RecipientStep.CONTROL: _l("Control group, not written to"),
    RecipientStep.INVITED_ELSEWHERE: _l("Left out: another campaign writes to him"),
    RecipientStep.SAME_ADDRESS: _l("Left out: the same address was written to already in this campaign"),
    RecipientStep.STOPPED: _l("Stopped before his turn"),
}
MESSAGE_STATES: Mapping[str, Text] = {
    MessageState.QUEUED: _l("Waits to be sent"),
    MessageState.SENT: _l("Sent"),
    MessageState.FAILED: _l("Could not be delivered"),
    MessageState.UNSUBSCRIBED: _l("Has unsubscribed"),
    MessageState.SKIPPED_NO_CONSENT: _l("Left out: no consent"),
    MessageState.SKIPPED_STOP_LIST: _l("Left out: on the stop list"),
    MessageState.SKIPPED_NO_ADDRESS: _l("Left out: no address"),
    MessageState.SKIPPED_FREQUENCY: _l("Left out: enough advertising lately"),
    MessageState.SKIPPED_INVITED_ELSEWHERE: _l("Left out: invited elsewhere"),
}
