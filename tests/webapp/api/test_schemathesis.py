"""Whatever the document allows, and some of what it does not: no call breaks the application."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import schemathesis
from flask import Flask, got_request_exception
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.dealer import Dealer, open_dealer
from tests.webapp.api.bearers import make_token
from webapp.api.document import document
from webapp.api.feature import RESOURCES
from webapp.app import create_app
from webapp.staff.models import RoleGrant, User

QUICK, LONG = 8, 150  # calls of each operation
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def described() -> Mapping[str, Any]:
    with create_app({"secret_key": "for tests only"}).app_context():
        return document(RESOURCES, "en")


def operations() -> list[str]:
    return sorted(
        f"{method.upper()} {path}"
        for path, methods in described()["paths"].items()
        for method in methods
        if method != "parameters"
    )


OPERATIONS = operations()


@pytest.fixture(scope="module")
def dealer(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dealer]:
    """A dealer with a worksheet in work; what the calls leave behind stays for those that follow."""
    folder = tmp_path_factory.mktemp("schemathesis")
    copyfile(dealer_template, folder / "dealer.sqlite")
    opened = open_dealer(f"sqlite:///{folder}/dealer.sqlite", folder)
    opened.app.config.update(PROPAGATE_EXCEPTIONS=False, TESTING=False)
    opened.register()
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def bearer(dealer: Dealer) -> Mapping[str, str]:
    """The token of somebody who may do everything."""
    with dealer.write() as session:
        head = session.get_one(User, dealer.people["head"])
        head.grants.append(RoleGrant(role="admin", centre_id=None))
        return {"Authorization": f"Bearer {make_token(session, head)}"}


@pytest.fixture(scope="module")
def ids(dealer: Dealer) -> Mapping[str, list[Any]]:
    """Records that are there, by the name of the path's parameter."""
    keys = ["sales_worksheet", "service_booking"]
    return {
        "task_id": [task.id for task in dealer.open_tasks()],
        "case_id": [case.id for case in dealer.cases()],
        "customer_id": [1],
        "inquiry_id": [1],
        "key": keys,
        "process": keys,
        "version": [1],
        "offer": ["refused"],
    }


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_call_breaks_it(
    dealer: Dealer, bearer: Mapping[str, str], ids: Mapping[str, list[Any]], operation: str
) -> None:
    call_often(dealer.app, bearer, ids, operation, QUICK)


@pytest.mark.long
@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_call_of_very_many_breaks_it(
    dealer: Dealer, bearer: Mapping[str, str], ids: Mapping[str, list[Any]], operation: str
) -> None:
    call_often(dealer.app, bearer, ids, operation, LONG)


def call_often(app: Flask, bearer: Mapping[str, str], ids: Mapping[str, list[Any]], label: str, examples: int) -> None:
    """Generated calls, half of them of records that are there."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = next(each.ok() for each in schema.get_all_operations() if each.ok().label == label)
    failures: list[str] = []

    @given(case=operation.as_strategy(), data=st.data())
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    def call(case: Any, data: st.DataObject) -> None:
        for name in case.path_parameters or {}:
            if ids.get(name) and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(ids[name]))
        answer = case.call(headers=bearer)
        assert not failures, failures
        case.validate_response(answer, checks=CHECKS)

    def note(_: Flask, exception: BaseException, **__: object) -> None:
        failures.append(repr(exception))

    with got_request_exception.connected_to(note, app):
        call()
