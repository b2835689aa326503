"""The campaigns slice: segments of the base, campaigns as processes, plan against fact."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.campaigns import mailing_views, segment_views, sending, views
from webapp.campaigns.cases import campaign_facts, campaigns_meant, describe_campaigns
from webapp.campaigns.events import inviting
from webapp.campaigns.events import views as event_views
from webapp.campaigns.events.cases import describe_events, event_facts, events_meant
from webapp.campaigns.events.operations import operations
from webapp.campaigns.models import EVENT_SUBJECT, SUBJECT, TASK_SUBJECT
from webapp.campaigns.queries import NAMED_CHOICES, OPEN_CHOICES, RUNNING_CHOICES, SEGMENT_CHOICES
from webapp.campaigns.responding import hear_guest, hear_inquiry
from webapp.campaigns.tasks import describe_tasks, task_facts, tasks_meant
from webapp.campaigns.working import keep_order
from webapp.core.clock import now
from webapp.core.database import database
from webapp.core.feature import Feature, Job, NavItem, Permission
from webapp.inquiries.services import InquiryWritten
from webapp.integrations.messaging.guarding import register_guard
from webapp.sales.visits import GuestReceived


def _set_up(app: Flask) -> None:
    register_guard(app, sending.guard_campaign)


def send_batches() -> None:
    """One batch of what is to be sent, in a transaction of its own."""
    with database().write() as session:
        sending.send_batch(session, now=now())
        inviting.send_batch(session, now=now())


CAMPAIGNS = Feature(
    name="campaigns",
    blueprints=(segment_views.bp, mailing_views.bp, event_views.bp, views.bp),
    permissions=(
        Permission("campaigns.see", _l("See campaigns and segments")),
        Permission("campaigns.change", _l("Work on campaigns and segments")),
        Permission("campaigns.export", _l("Take lists of customers away: labels, letters, numbers")),
        Permission("campaigns.approve", _l("Decide about campaigns")),
        Permission("campaigns.receive", _l("Invite and receive guests of events")),
    ),
    navigation=(
        NavItem(
            _l("Campaigns"), "campaigns.list_campaigns", "campaigns.see", position=40, icon="speakerphone", key="m"
        ),
        NavItem(_l("Events"), "events.list_events", "campaigns.receive", position=41, icon="ticket", key="e"),
    ),
    operations=operations,
    listeners=((InquiryWritten, hear_inquiry), (GuestReceived, hear_guest)),
    jobs=(Job("campaign batches", timedelta(seconds=10), send_batches),),
    case_labels={SUBJECT: describe_campaigns, EVENT_SUBJECT: describe_events, TASK_SUBJECT: describe_tasks},
    case_facts={SUBJECT: campaign_facts, EVENT_SUBJECT: event_facts, TASK_SUBJECT: task_facts},
    case_finders=(campaigns_meant, events_meant, tasks_meant),
    step_listeners=(keep_order,),
    choices={
        "campaigns.segments": SEGMENT_CHOICES,
        "campaigns.running": RUNNING_CHOICES,
        "campaigns.open": OPEN_CHOICES,
        "campaigns.named": NAMED_CHOICES,
    },
    refusals={
        "segment_unknown": _l("This segment does not exist, or is not visible to you."),
        "segment_frozen": _l("A frozen segment keeps its customers. Make a new one for other criteria."),
        "segment_empty": _l(
            "Nobody is left in “%(name)s” after the exclusions. Choose another segment, or exclude less."
        ),
        "rule_invalid": _l("The rule of this segment cannot be read."),
        "campaign_unknown": _l("This campaign does not exist, or is not visible to you."),
        "campaign_over": _l("The campaign “%(campaign)s” is over."),
        "campaign_not_waiting": _l("Nothing of this campaign can be called off any more."),
        "code_invalid": _l("The code has 2 to 40 letters, digits or hyphens, without blanks. Example: TYRES26."),
        "code_taken": _l("Another campaign has the code %(typed)s. Choose another one."),
        "code_fixed": _l("The code %(known)s has been announced and does not change any more."),
        "period_reversed": _l("The campaign ends before it begins. Check both days."),
        "period_too_long": _l("A campaign lasts a year at most. Choose an earlier end."),
        "channel_twice": _l("Each channel stands once. Put both texts into one."),
        "mail_incomplete": _l("A mail needs subject and text in Russian and in English: both are sent."),
        "gap_unknown": _l("Nobody can fill in %(typed)s. Known are: %(known)s."),
        "number_taken": _l("The number %(number)s stands in another advert. Take another one."),
        "campaign_not_yours": _l("Only who has the right “Work on campaigns and segments” can lead a campaign."),
        "approval_not_yours": _l("Only who has the right “Decide about campaigns” can do this step."),
        "event_unknown": _l("This event does not exist, or is not visible to you."),
        "event_over": _l("The event “%(event)s” is over."),
        "event_closed": _l("The list of guests of “%(event)s” is closed: the day is over."),
        "event_not_waiting": _l("Nothing of this event can be called off any more."),
        "event_in_past": _l("The beginning has passed. Choose a day and an hour to come."),
        "event_ends_early": _l("The event ends before it begins. Check both days."),
        "event_too_long": _l("An event lasts a month at most. Choose an earlier last day."),
        "event_day_fixed": _l("The day has been approved and guests know it. Call the event off and plan a new one."),
        "receiver_not_entitled": _l("This colleague may not receive guests of events. Choose somebody else."),
        "event_not_yours": _l("Only who has the right “Work on campaigns and segments” can lead an event."),
        "event_full": _l("There is room for %(capacity)s guests, and %(free)s places are free."),
        "event_not_yet": _l("Guests are received from the morning of the day on."),
        "guest_listed": _l("%(name)s is on the list already."),
        "guest_unknown": _l("This guest is not on the list."),
        "guest_came": _l("This guest is here already."),
        "guest_in_work": _l("Colleagues work on the interest of this guest already: it cannot be taken back."),
        "guest_not_here": _l("An interest is noted of guests who came."),
        "companions_unlikely": _l("Up to %(most)s companions. Enter larger groups guest by guest."),
        "reception_not_yours": _l("Only who has the right “Invite and receive guests of events” can close the day."),
        "material_unbalanced": _l("More of “%(item)s” is used and brought back than the %(taken)s that were taken."),
        "task_waits": _l("This task follows “%(before)s”, and that one is not done yet. What you have typed is kept."),
        "work_order_wrong": _l(
            "The order of the tasks is not possible: one waits for itself, or for a task that is not there."
        ),
        "errand_missing": _l("The process “Task” is not published. Whoever keeps the processes publishes it."),
    },
    setup=_set_up,
)
