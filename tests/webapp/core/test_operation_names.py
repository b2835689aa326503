"""What a process owner reads in the lists of operations and parameters, in both languages."""

import re
from collections import Counter

import pytest
from flask import Flask

from engine.operations import Operation
from webapp.core.i18n import say_in
from webapp.core.operation_names import operation_title, parameter_title
from webapp.features import FEATURES

OPERATIONS = [each for feature in FEATURES if feature.operations for each in feature.operations.operations.values()]
PARAMETERS = sorted({name for operation in OPERATIONS for name in operation.parameters})
LONGEST = 80
RAW = re.compile(r"[a-z]+_[a-z]|`|\.$")
CYRILLIC = re.compile("[а-яА-ЯёЁ]")


def titles(app: Flask, language: str) -> dict[str, str]:
    """Operation or parameter -> what it is called."""
    with app.app_context(), say_in(language):
        return {
            **{each.name: operation_title(each) for each in OPERATIONS},
            **{name: parameter_title(name) for name in PARAMETERS},
        }


@pytest.fixture
def english(app: Flask) -> dict[str, str]:
    return titles(app, "en")


@pytest.fixture
def russian(app: Flask) -> dict[str, str]:
    return titles(app, "ru")


def test_every_operation_and_parameter_has_a_russian_title(english: dict[str, str], russian: dict[str, str]) -> None:
    assert len(OPERATIONS) > 100
    assert len(PARAMETERS) > 300
    assert [name for name, title in russian.items() if title == english[name] or not CYRILLIC.search(title)] == []


def test_a_title_is_short_and_no_identifier(english: dict[str, str], russian: dict[str, str]) -> None:
    unfit = [
        (name, title)
        for titles in (english, russian)
        for name, title in titles.items()
        if len(title) > LONGEST or title == name or RAW.search(title) or title[0] != title[0].upper()
    ]
    assert unfit == []


def test_no_two_operations_of_a_slice_are_called_the_same(english: dict[str, str], russian: dict[str, str]) -> None:
    for titles in (english, russian):
        counted = Counter((_slice(each), titles[each.name]) for each in OPERATIONS)
        assert [key for key, count in counted.items() if count > 1] == []


def test_no_two_parameters_of_an_operation_are_called_the_same(
    english: dict[str, str], russian: dict[str, str]
) -> None:
    for titles in (english, russian):
        for each in OPERATIONS:
            counted = Counter(titles[name] for name in each.parameters)
            assert [(each.name, title) for title, count in counted.items() if count > 1] == []


def _slice(operation: Operation) -> str:
    return operation.name.partition(".")[0]


def test_who_sends_pays_or_discounts_says_so() -> None:
    """A new operation that does one of these belongs here: drawings with it need a second look."""
    found: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        for effect in operation.effects:
            found.setdefault(effect.value, set()).add(operation.name)
    assert found == {
        "sends": {
            "aftersales.write_day_before",
            "aftersales.write_reminder",
            "campaigns.begin_inviting",
            "campaigns.begin_sending",
            "campaigns.thank_guests",
            "sales.send_thanks",
        },
        "pays": {
            "aftersales.record_payment",
            "sales.record_deposit",
            "sales.record_no_deposit_decision",
            "sales.record_overdue_decision",
            "sales.record_payment",
            "sales.record_refund",
        },
        "discounts": {
            "aftersales.record_order",
            "sales.record_discount_decision",
            "sales.record_discount_request",
            "sales.record_offer",
        },
    }
