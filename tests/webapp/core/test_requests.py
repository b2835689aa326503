"""What a browser asks for, read with care: an address can say anything."""

import pytest
from werkzeug.datastructures import MultiDict

from webapp.core.requests import LAST_PAGE, local_path, page_number


@pytest.mark.parametrize("wanted", ["/cases/7?view=diagram", "/"])
def test_a_path_of_the_application_is_gone_back_to(wanted: str) -> None:
    assert local_path(wanted, "/home") == wanted


@pytest.mark.parametrize(
    "wanted", [None, "", "cases", "//example.com", "/\\example.com", "https://example.com/", "/a\r\nSet-Cookie: b"]
)
def test_anything_else_is_not(wanted: str | None) -> None:
    assert local_path(wanted, "/home") == "/home"


@pytest.mark.parametrize(("asked", "page"), [("3", 3), ("", 1), ("0", 1), ("-7", 1), ("two", 1), ("9" * 30, LAST_PAGE)])
def test_a_list_has_no_page_before_the_first_and_none_that_a_database_cannot_count(asked: str, page: int) -> None:
    assert page_number(MultiDict({"page": asked})) == page
