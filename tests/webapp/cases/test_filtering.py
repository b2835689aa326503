"""The filter of a list: what an address says, and what is written into one."""

from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from webapp.cases.filtering import read_filter


def test_the_address_is_the_filter_and_back() -> None:
    query = MultiDict(
        [
            ("state", "late"),
            ("process", "deal"),
            ("person", "4"),
            ("person", "0"),
            ("d.source", "site"),
            ("silent", "7"),
        ]
    )
    asked = read_filter(query)

    again = read_filter(MultiDict(parse_qsl(asked.query())))

    assert again == asked
