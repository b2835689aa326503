"""No address breaks a page: rubbish in the path and in the query is an answer, never a failure."""

from collections.abc import Iterator

import pytest
from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn, MakeApp
from tests.webapp.inquiries.test_pages import NEW
from tests.webapp.test_routes import ROUTES

HUGE = str(2**63)
# every name that some page reads from its address
NAMES = [
    "age",
    "at",
    "besides",
    "by",
    "centre",
    "channel",
    "choose",
    "counting",
    "customer",
    "customer_id",
    "d.source",
    "date",
    "day",
    "dialled",
    "end",
    "figure",
    "from",
    "instance",
    "kind",
    "mute",
    "next",
    "outcome",
    "owner",
    "page",
    "period",
    "person",
    "phone",
    "phones",
    "process",
    "q",
    "saved",
    "show",
    "start",
    "state",
    "step",
    "task",
    "to",
    "view",
]
PLAIN = sorted(
    name
    for name, route in ROUTES.items()
    if (not route.row and not route.arguments and not name.startswith("api_")) or name.startswith("api_pages.")
)
RUBBISH = [HUGE, "-1", "abc", "²", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "\u202e😀", "a" * 3000]


# a file, a stream that does not end, and an answer that says 503 while no scheduler beats
NO_PAGES = ("static", "diary.stream", "admin.show_health")


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(PROPAGATE_EXCEPTIONS=False, TESTING=False)


@pytest.fixture
def failures(app: Flask) -> Iterator[list[str]]:
    """What broke, by address."""
    found: list[str] = []

    def note(_: Flask, exception: BaseException, **__: object) -> None:
        found.append(repr(exception))

    with got_request_exception.connected_to(note, app):
        yield found


def pages(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES and not rule.arguments:
            yield rule.rule


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_the_query_breaks_no_page(
    app: Flask, client: FlaskClient, log_in: LogIn, failures: list[str], rubbish: str
) -> None:
    log_in("admin")

    for page in pages(app):
        answer = client.get(page, query_string=dict.fromkeys(NAMES, rubbish))
        assert (page, answer.status_code < 500, failures) == (page, True, [])


def test_a_number_that_no_record_can_have_is_an_unknown_address(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    log_in("admin")
    addresses = [
        rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "<int:" in rule.rule
    ]

    for address in addresses:
        path = "/".join(HUGE if part.startswith("<int:") else part for part in address.split("/")).replace(
            "<element>", "x"
        )
        assert (path, client.get(path).status_code) == (path, 404)


@pytest.mark.parametrize("endpoint", PLAIN)
def test_a_null_character_is_refused_before_anything_happens(
    app: Flask, client: FlaskClient, log_in: LogIn, endpoint: str
) -> None:
    log_in("admin")
    rule = next(app.url_map.iter_rules(endpoint))
    method = "POST" if "POST" in (rule.methods or ()) else "GET"

    answer = client.open(rule.rule, method=method, query_string={"q": "a\0b"})

    assert answer.status_code == 400


def test_a_form_with_a_null_character_is_refused_in_the_readers_language(client: FlaskClient, log_in: LogIn) -> None:
    log_in("inquiries.see", "inquiries.add")

    answer = client.post("/register/call", data=NEW | {"name": "a\0b"}, headers={"Accept-Language": "ru"})

    assert (answer.status_code, "Запрос неполный" in answer.text) == (400, True)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_that_not_every_time_zone_knows_is_told_at_its_field(
    client: FlaskClient, session: Session, log_in: LogIn, moment: str
) -> None:
    log_in("inquiries.see", "inquiries.add")

    answer = client.post("/register/call", data=NEW | {"visit_at": moment})

    assert (answer.status_code, "error-visit_at" in answer.text) == (422, True)
