"""A salesperson with a head and a colleague in one centre, and cases for them."""

import pytest
from flask import Flask

from tests.webapp.cases.deals import Deals
from tests.webapp.diary.conftest import centre, colleague, errands, head, seller


@pytest.fixture
def deals(app: Flask) -> Deals:
    return Deals(app)


__all__ = ["centre", "colleague", "deals", "errands", "head", "seller"]
