"""Lists, the search and the card of a customer among many people: how long somebody waits for them.

Each kind of page is asked for by people of different reach, in turn, with other words and pages every time. The ratio
is to the page of one's own profile: what any page costs, with nothing of the population on it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, cycle, islice
from statistics import quantiles
from time import perf_counter

import pytest
from flask.testing import FlaskClient

from tests.performance.measuring import Report, race
from tests.performance.peopled import House, Place, Words
from tests.performance.population import Made

pytestmark = pytest.mark.performance

LIST, SEARCH, CARD = 200, 150, 250  # ms that the p95 should keep to
DIRECTOR, HEAD, SELLER, ADVISOR = "director", "head.north", "n1", "advisor"
SELLING, ALL = (DIRECTOR, HEAD, SELLER), (DIRECTOR, HEAD, SELLER, ADVISOR)
SERVICE = (DIRECTOR, ADVISOR)
OWN_PAGE = "own profile"
NUMBER = 400  # people of whom words are taken
SEEN = 200
Address = Callable[[str], str]  # of the next page that this person asks for


def addresses(words: Words, mine: Mapping[str, Iterable[int]]) -> dict[str, tuple[float, tuple[str, ...], Address]]:
    """By kind: the limit, who asks, and what."""
    pages = cycle((1, 1, 2, 5, 20))
    families, parts, phones = cycle(words.families), cycle(words.parts), cycle(words.phones)
    vins, plates = cycle(words.vins), cycle(words.plates)
    cards = {person: cycle(ids) for person, ids in mine.items()}
    milestones = cycle(("worksheet", "offer", "reservation", "delivered"))
    return {
        "customers": (LIST, ALL, lambda _: f"/customers?page={next(pages)}"),
        "customers by name": (LIST, ALL, lambda _: f"/customers?q={next(families)}"),
        "open cases": (LIST, ALL, lambda _: f"/cases?state=open&page={next(pages)}"),
        "closed cases": (LIST, ALL, lambda _: f"/cases?state=closed&page={next(pages)}"),
        "cases by name": (LIST, ALL, lambda _: f"/cases?state=all&q={next(families)}"),
        "board": (LIST, SELLING, lambda _: "/cases/board?process=sales_worksheet"),
        "cases of the funnel": (
            LIST,
            SELLING,
            lambda _: f"/funnel/cases?process=sales_worksheet&figure=touched&at={next(milestones)}",
        ),
        "cars": (LIST, ALL, lambda _: f"/cars?page={next(pages)}"),
        "work orders": (LIST, SERVICE, lambda _: f"/work-orders?page={next(pages)}"),
        "register": (LIST, (DIRECTOR, HEAD, SELLER), lambda _: "/register"),
        "search: name": (SEARCH, ALL, lambda _: f"/search?q={next(families)}"),
        "search: part of a name": (SEARCH, ALL, lambda _: f"/search?q={next(parts)}"),
        "search: phone": (SEARCH, ALL, lambda _: f"/search?q={next(phones)}"),
        "search: VIN": (SEARCH, ALL, lambda _: f"/search?q={next(vins)}"),
        "search: plate": (SEARCH, ALL, lambda _: f"/search?q={next(plates)}"),
        "customer card": (CARD, ALL, lambda person: f"/customers/{next(cards[person])}"),
    }


@pytest.mark.long
@pytest.mark.parametrize("where", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgresql)])
def test_pages_among_many_people(request: pytest.FixtureRequest, report: Report, where: str) -> None:
    place: Place = request.getfixturevalue(f"{where.lower()}_population")
    measured(report, place, where, rounds=3, per_round=8, cards=30)


def test_pages_among_few_people(report: Report, tiny_population: tuple[Place, Made]) -> None:
    """Every page is there for whoever asks: the short form, which says nothing about many people."""
    place, _ = tiny_population
    measured(report, place, "SQLite", rounds=1, per_round=2, cards=2)


def measured(report: Report, place: Place, where: str, *, rounds: int, per_round: int, cards: int) -> None:
    with House.opened(place) as house:
        clients = {person: house.client(person) for person in ALL}
        with house.database.read() as session:
            words = Words.read(session, NUMBER)
            people = words.count
            mine = {person: words.whose.get(house.find(session, person).id, []) for person in ALL}
        for person, client in clients.items():
            mine[person] += islice(shown(client, words.anybody), cards)
        kinds = addresses(words, mine)
        waits: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        steps = {OWN_PAGE: asking(clients, ALL, lambda _: "/profile", waits[OWN_PAGE])}
        for name, (_, who, address) in kinds.items():
            steps[name] = asking(clients, who, address, waits[name])
        results = race(steps, rounds=rounds, per_round=per_round)

    report.add(
        f"{where}, {people:,} people",
        results,
        against=OWN_PAGE,
        facts={name: {f"ms {person}": round(p95(taken)) for person, taken in waits[name].items()} for name in kinds},
        limits_ms={name: limit for name, (limit, _, _) in kinds.items()},
    )


def shown(client: FlaskClient, customers: Iterable[int]) -> Iterator[int]:
    """Those whose card this person may see."""
    return (each for each in customers if client.get(f"/customers/{each}").status_code == SEEN)


def asking(
    clients: Mapping[str, FlaskClient], who: Iterable[str], address: Address, waits: dict[str, list[float]]
) -> Callable[[], None]:
    """One request of the next person; how long it took is noted with his name."""
    persons, turn = cycle(who), count()

    def ask() -> None:
        person = next(persons)
        path = address(person)
        begun = perf_counter()
        with clients[person].get(path) as answer:
            length = len(answer.data)
        if next(turn) >= len(clients):  # the first of each reads templates and fills caches
            waits[person].append((perf_counter() - begun) * 1000)
        assert answer.status_code == SEEN, f"{path} of {person}: {answer.status_code}"
        assert length

    return ask


def p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
