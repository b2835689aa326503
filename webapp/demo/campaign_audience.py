"""To whom the demo's campaigns write, and whom its events invite: segments of its own customers."""

import json
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from webapp.campaigns import segments
from webapp.campaigns.models import Campaign, Segment
from webapp.campaigns.reaching import audience
from webapp.campaigns.rules.compiling import who_fits
from webapp.campaigns.rules.tree import Node, parse
from webapp.demo.campaign_themes import AGREES, EVERYBODY, Rule
from webapp.demo.simulation import Play

LEAST, FEWEST = 16, 4  # customers for whom a campaign is worth while; those for whom it can be prepared at least

EVERYBODY_RULE = parse(json.dumps({"all": [{"all": [AGREES]}]}))


class Meant(Protocol):
    """Whom something is for: how the segment is called, and its rule as the builder keeps it."""

    @property
    def segment(self) -> str: ...

    @property
    def tree(self) -> Rule: ...


def count_fitting(play: Play, meant: Meant, now: datetime) -> int:
    """How many customers it is for now."""
    return _count(play, _rule(meant), now)


def count_everybody(play: Play, now: datetime) -> int:
    """How many customers may be written to now."""
    return _count(play, EVERYBODY_RULE, now)


def find_segment(play: Play, meant: Meant, now: datetime) -> int | None:
    """Its segment, made when it is needed first; everybody, if too few fit; None without customers."""
    name, rule = meant.segment, _rule(meant)
    if _count(play, rule, now) < LEAST:
        name, rule = EVERYBODY, EVERYBODY_RULE
        if _count(play, rule, now) < FEWEST:
            return None
    known = play.session.scalar(select(Segment.id).where(Segment.name == name, ~Segment.archived))
    if known is not None:
        return known
    marketer = play.world.crew.members["marketer"].user_id
    return segments.save_segment(
        play.session, None, name=name, note="", rule=rule, centre_id=None, actor_id=marketer, now=now
    ).id


def count_meant(play: Play, campaign: Campaign, now: datetime) -> int:
    """How many its segment has now, without those whom it leaves out."""
    if campaign.segment is None:
        return 0
    return segments.count(play.session, audience(campaign.segment, campaign, now))


def _rule(meant: Meant) -> Node:
    return parse(json.dumps(meant.tree))


def _count(play: Play, rule: Node, now: datetime) -> int:
    return segments.count(play.session, who_fits(rule, segments.moment_at(now)))
