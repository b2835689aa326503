"""To whom the demo's campaigns write: segments of its own customers."""

import json
from datetime import datetime

from sqlalchemy import select

from webapp.campaigns import segments
from webapp.campaigns.models import Campaign, Segment
from webapp.campaigns.reaching import audience
from webapp.campaigns.rules.compiling import who_fits
from webapp.campaigns.rules.tree import Node, parse
from webapp.demo.campaign_themes import AGREES, EVERYBODY, Theme
from webapp.demo.simulation import Play

LEAST, FEWEST = 16, 4  # customers for whom a campaign is worth while; those for whom it can be prepared at least


def count_fitting(play: Play, theme: Theme, now: datetime) -> int:
    """How many customers the theme fits now."""
    return _count(play, _rule(theme), now)


def find_segment(play: Play, theme: Theme, now: datetime) -> int | None:
    """The segment of the theme, made when it is needed first; everybody, if too few fit; None without customers."""
    name, rule = theme.segment, _rule(theme)
    if _count(play, rule, now) < LEAST:
        name, rule = EVERYBODY, parse(json.dumps({"all": [{"all": [AGREES]}]}))
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


def _rule(theme: Theme) -> Node:
    return parse(json.dumps(theme.tree))


def _count(play: Play, rule: Node, now: datetime) -> int:
    return segments.count(play.session, who_fits(rule, segments.moment_at(now)))
