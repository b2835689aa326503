"""How a task of a campaign or an event is called on the pages of its case, and what it waits for."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.campaigns import working
from webapp.campaigns.cases import SHORTEST
from webapp.campaigns.events.cases import address_of
from webapp.campaigns.models import Campaign, CampaignTask, Event
from webapp.core.feature import CaseLabel, Fact
from webapp.core.permissions import may


def describe_tasks(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """What is to be done and for which campaign; then what it waits for, or who has given it."""
    plan_of = _plans(session, ids)
    tasks = session.scalars(select(CampaignTask).where(CampaignTask.id.in_(plan_of))).all()
    follow = [task.id for task in tasks if task.after_id is not None]
    waits = working.waits_for(session, follow) if follow else {}
    labels = {}
    for task in tasks:
        plan = plan_of[task.id]
        labels[task.id] = CaseLabel(
            title=f"{task.title} – {plan.name}",
            detail=_waiting(waits[task.id]) if task.id in waits else plan.owner.name if plan.owner else "",
            url=_address(plan),
        )
    return labels


def task_facts(session: Session, task_id: int) -> Sequence[Fact]:
    """Which campaign it belongs to, and which task it follows."""
    task, plan = session.get_one(CampaignTask, task_id), _plans(session, [task_id])[task_id]
    found = [Fact(_("Event") if isinstance(plan, Event) else _("Campaign"), plan.name, url=_address(plan))]
    before = session.get(CampaignTask, task.after_id) if task.after_id is not None else None
    if before is not None and working.waits_for(session, [task_id]):
        found.append(Fact(_("Order of work"), _waiting(before), tone="warn", headline=True))
    elif before is not None:
        found.append(Fact(_("Order of work"), _("after: %(task)s", task=before.title)))
    return found


def tasks_meant(text: str) -> Select[str] | None:
    """Cases of tasks with these words."""
    words = text.strip()
    if len(words) < SHORTEST:
        return None
    spelled = {words, words.lower(), words.capitalize()}
    return select(CampaignTask.case_key).where(
        or_(*(CampaignTask.title.contains(each, autoescape=True) for each in spelled))
    )


def _plans(session: Session, ids: Sequence[int]) -> dict[int, Campaign | Event]:
    """The campaign or the event of each task, with whoever leads it."""
    of_campaigns = select(CampaignTask.id, Campaign).join(Campaign, Campaign.id == CampaignTask.campaign_id)
    of_events = select(CampaignTask.id, Event).join(Event, Event.id == CampaignTask.event_id)
    asked = CampaignTask.id.in_(ids)
    found: dict[int, Campaign | Event] = {}
    found.update(session.execute(of_campaigns.where(asked).options(joinedload(Campaign.owner))).all())
    found.update(session.execute(of_events.where(asked).options(joinedload(Event.owner))).all())
    return found


def _waiting(before: CampaignTask) -> str:
    return str(_("Waits for “%(task)s”", task=before.title))


def _address(plan: Campaign | Event) -> str:
    if isinstance(plan, Event):
        return address_of(plan)
    return url_for("campaigns.show_campaign", campaign_id=plan.id) if may("campaigns.see") else ""
