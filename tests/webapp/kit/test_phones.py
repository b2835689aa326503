"""Phones: what people type, and the one number that is kept."""

import pytest

from tests.webapp.conftest import MakeApp
from webapp.kit.phones import Phone, digits_of, is_phone, normalise_phone, read_phone, reversed_digits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8 900 000-41-17", "+79000004117"),
        ("7 900 000 41 17", "+79000004117"),
        ("+7 (900) 000-41-17", "+79000004117"),
        ("900 000 41 17", "+79000004117"),
        ("9000004117", "+79000004117"),
        ("8(812)645-17-15", "+78126451715"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+7 727 258-50-00", "+77272585000"),
        ("8 701 234 56 78", "+77012345678"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "4117", "belova 4117", "белова", "+7 900", "8 000 000-00-00", "900000411799"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a phone"):
        normalise_phone(typed)
    assert not is_phone(typed)


@pytest.mark.parametrize(
    "typed", ["8 812 645-17-15 доб. 12", "+78126451715 ext 12", "88126451715 х12", "88126451715#12"]
)
def test_an_extension_stands_apart(typed: str) -> None:
    assert read_phone(typed) == Phone("+78126451715", "12")


def test_numbers_of_another_country_need_no_code_there() -> None:
    assert normalise_phone("029 123-45-67", region="BY") == "+375291234567"


def test_the_installation_says_in_which_country_a_number_needs_no_code(make_app: MakeApp) -> None:
    with make_app(phone_region="BY").app_context():
        assert normalise_phone("029 123-45-67") == "+375291234567"


def test_the_last_digits_come_first_when_reversed() -> None:
    assert reversed_digits("+79000004117").startswith(digits_of("41-17")[::-1])
