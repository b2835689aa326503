"""Who comes, and in which order the demo plays them.

The opening comes first: the last days, for open work and today's visits, then some customers who buy and some whose
cars were served, for the later milestones. Who buys is known before he is played, because a fate is drawn whole; so the
order changes nothing in what happens to anybody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from webapp.demo.behaviour import decide
from webapp.demo.behaviour.service import decide_visit
from webapp.demo.campaign_course import CampaignCourse, Stage
from webapp.demo.campaign_plan import plan_campaigns
from webapp.demo.event_course import EventCourse, EventStage
from webapp.demo.event_plan import plan_events
from webapp.demo.models import DemoProgress
from webapp.demo.owners import make_owner
from webapp.demo.people import hand_of
from webapp.demo.plan import NORTH
from webapp.demo.progress import SLICE
from webapp.demo.sales_course import SalesCourse
from webapp.demo.service_course import ServiceCourse
from webapp.demo.simulation import Course, World
from webapp.demo.volumes import (
    MODELS,
    SALES,
    SERVICE,
    SERVICE_SOURCES,
    SOURCES,
    Arrival,
    Flow,
    arrivals,
    mean_factor,
)
from webapp.inquiries.models import InquiryChannel

OPENING, SERVICE_OPENING = timedelta(days=5), timedelta(days=4)
OPENING_BUYERS, OPENING_SERVED = 8, 6
NORTH_SHARE = 0.55  # of calls about service
OWNERS = 5_800  # who come to the workshop again and again, at scale 1
FIRST_OWNER, FIRST_RECENT_OWNER = 70_000, 76_000  # numbers of their phones, beyond buyers'
MOST_RECENT, RECENT = 400, 30  # owners of the last weeks: of the first slice, of any other
FIRST_CAMPAIGN, CAMPAIGN_NUMBERS = 80_000, 20  # of papers of those who answer
FIRST_EVENT = 86_000  # of papers and phones of its guests
APART = timedelta(days=30)  # between two needs of one owner


@dataclass(frozen=True)
class Part:
    """One customer who is to be played, or one campaign or event: when he comes, and what will become of him.

    `number` of his phone; None: the next that is free. `opens`: belongs to the opening.
    """

    at: datetime
    random: Random
    courses: tuple[Course, ...]
    number: int | None = None
    opens: bool = False

    @property
    def buys(self) -> bool:
        """Whether he will take a car."""
        first = self.courses[0]
        return isinstance(first, SalesCourse) and first.fate.takes_car

    @property
    def is_served(self) -> bool:
        """Whether his car will come to the workshop."""
        first = self.courses[0]
        return isinstance(first, ServiceCourse) and first.first is not None and first.first.books and first.first.comes

    @property
    def is_marketing(self) -> bool:
        """Whether it is no customer who comes, but the marketer who writes to those that there are."""
        return isinstance(self.courses[0], CampaignCourse | EventCourse)


def in_order(world: World, progress: DemoProgress, ends: datetime) -> list[Part]:
    """The slice in work in the order in which it is played.

    First the opening, then the last weeks from today backwards, then the years from the beginning, then campaigns and
    events: they write to the customers that there are by then. What is still to come of them belongs to the opening.
    """
    size = min(SLICE, progress.scale - progress.slices * SLICE)
    sales = [
        _draw_sale(world, f"{progress.seed}/{progress.slices}/{index}", arrival)
        for index, arrival in enumerate(coming_in(progress, ends, size, SALES))
    ]
    service = _draw_service(world, progress, coming_in(progress, ends, size, SERVICE))
    if progress.slices:
        return sorted(sales + service, key=lambda each: each.at)
    opening = _opening(sales, ends - OPENING, lambda each: each.buys, OPENING_BUYERS)
    opening += _opening(service, ends - SERVICE_OPENING, lambda each: each.is_served, OPENING_SERVED)
    first = {id(part) for part in opening}
    rest = sorted((part for part in sales + service if id(part) not in first), key=lambda each: each.at)
    recent = [part for part in reversed(rest) if part.at >= progress.recent_from]
    years = [part for part in rest if part.at < progress.recent_from]
    opening.sort(key=lambda each: each.at)
    campaigns = _draw_marketing(progress.seed, "campaign", FIRST_CAMPAIGN, plan_campaigns(progress.begins, ends))
    events = _draw_marketing(progress.seed, "event", FIRST_EVENT, plan_events(progress.begins, ends))
    marketing = sorted(campaigns + events, key=lambda each: each.at)
    begun = [part for part in marketing if part.opens]
    return (
        [replace(part, opens=True) for part in opening]
        + begun
        + recent
        + years
        + [part for part in marketing if not part.opens]
    )


def coming_in(progress: DemoProgress, ends: datetime, size: float, flow: Flow = SALES) -> list[Arrival]:
    """The inquiries of the slice in work that one department gets."""
    seed = f"{progress.seed}/{progress.slices}" + ("" if flow is SALES else "/service")
    random = Random(seed)  # noqa: S311  # repeatable on purpose, no secret
    coming = arrivals(random, progress.begins, min(progress.recent_from, ends), size, flow)
    recent_slices = progress.recent_slices * flow.density
    if progress.slices == 0:
        dense = max(size, recent_slices * SLICE)
        return coming + arrivals(random, progress.recent_from, ends, dense, flow)
    if progress.slices < recent_slices:
        return coming
    return coming + arrivals(random, progress.recent_from, ends, size, flow)


def _opening(parts: list[Part], since: datetime, is_wanted: Callable[[Part], bool], number: int) -> list[Part]:
    """All of the last days, and so many of those before who go all the way, the latest."""
    latest_first = sorted(parts, key=lambda each: each.at, reverse=True)
    last_days = [part for part in latest_first if part.at >= since]
    before = [part for part in latest_first if part.at < since and is_wanted(part)]
    return last_days + before[:number]


def _draw_marketing(seed: int, name: str, first: int, courses: Iterable[CampaignCourse | EventCourse]) -> list[Part]:
    """Those of the whole time, the earliest first; what is not over yet belongs to the opening."""
    return [
        Part(
            course.begins,
            Random(f"{seed}/{name}/{place}"),  # noqa: S311  # repeatable, no secret
            (course,),
            first + place * CAMPAIGN_NUMBERS,
            opens=course.stage not in (Stage.WHOLE, EventStage.WHOLE),
        )
        for place, course in enumerate(courses)
    ]


def _draw_sale(world: World, seed: str, arrival: Arrival) -> Part:
    """What will become of somebody who wants a car; the random numbers go on with the play."""
    random = Random(seed)  # noqa: S311  # repeatable, no secret
    manager = random.choice(world.at_work("sales_manager", None, arrival.at))
    sources, models = list(SOURCES), list(world.models)
    source = random.choices(sources, [SOURCES[code][0] for code in sources])[0]
    model_place = random.choices(range(len(MODELS)), [percent for percent, _ in MODELS])[0] % len(models)
    factor = SOURCES[source][1] * MODELS[model_place][1]
    factor /= mean_factor(iter(SOURCES.values())) * mean_factor(iter(MODELS))
    fate = decide(random, arrival.channel, hand_of(manager.plan), factor)
    fate.source, fate.model = source, models[model_place]
    owner = make_owner(world, f"{seed}/owner", number=0)
    return Part(arrival.at, random, (SalesCourse(fate, arrival.channel, manager), ServiceCourse(owner)))


def _draw_service(world: World, progress: DemoProgress, coming: list[Arrival]) -> list[Part]:
    """Who comes to the workshop: in the last weeks people of their own, before a base that comes again and again."""
    chosen = Random(f"{progress.seed}/{progress.slices}/owners")  # noqa: S311  # repeatable, no secret
    base = range(max(1, round(OWNERS * SLICE)))
    first_recent = FIRST_RECENT_OWNER + (MOST_RECENT + progress.slices * RECENT if progress.slices else 0)
    seen: dict[int, datetime] = {}
    whose = []
    for index, arrival in enumerate(coming):
        if arrival.at >= progress.recent_from:
            number = first_recent + index % (RECENT if progress.slices else MOST_RECENT)
        else:
            rested = [each for each in base if each not in seen or arrival.at - seen[each] > APART]
            place = chosen.choice(rested or base)
            seen[place] = arrival.at
            number = FIRST_OWNER + progress.slices * len(base) + place
        whose.append(number)
    last = {number: index for index, number in enumerate(whose)}
    return [
        _draw_visit(world, progress, number, index, arrival, returns=last[number] == index)
        for index, (number, arrival) in enumerate(zip(whose, coming, strict=True))
    ]


def _draw_visit(
    world: World, progress: DemoProgress, number: int, index: int, arrival: Arrival, *, returns: bool
) -> Part:
    random = Random(f"{progress.seed}/{progress.slices}/service/{index}")  # noqa: S311  # repeatable, no secret
    takers = world.at_work("service_dispatcher", None, arrival.at)
    north = world.crew.centres[NORTH]
    weights = [NORTH_SHARE if taker.centre_id == north else 1 - NORTH_SHARE for taker in takers]
    taker = random.choices(takers, weights)[0]
    walk_in = arrival.channel is InquiryChannel.WALK_IN
    course = ServiceCourse(
        make_owner(world, f"{progress.seed}/owner/{number}", number=number),
        arrival.channel,
        random.choices(list(SERVICE_SOURCES), list(SERVICE_SOURCES.values()))[0],
        taker,
        decide_visit(random, walk_in=walk_in, booking=taker.plan.booking),
        returns=returns,
    )
    return Part(arrival.at, random, (course,), number)
