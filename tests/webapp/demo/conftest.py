"""The application with the demo switched on."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.webapp.conftest import MakeApp


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(demo=True)


@pytest.fixture
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
