"""Russian names in other cases, and names in short."""

import pytest

from webapp.kit.declension import NameCase, decline, short_name
from webapp.kit.tax_numbers import is_tax_number


@pytest.mark.parametrize(
    ("name", "genitive", "instrumental"),
    [
        ("Белова Марина Игоревна", "Беловой Марины Игоревны", "Беловой Мариной Игоревной"),
        ("Гусев Степан Ильич", "Гусева Степана Ильича", "Гусевым Степаном Ильичом"),
        ("Седых Лев Петрович", "Седых Льва Петровича", "Седых Львом Петровичем"),
        ("Кравченко Олег Иванович", "Кравченко Олега Ивановича", "Кравченко Олегом Ивановичем"),
    ],
)
def test_a_russian_name_is_declined(name: str, genitive: str, instrumental: str) -> None:
    last, first, middle = name.split()

    assert decline(last, first, middle, NameCase.GENITIVE) == genitive
    assert decline(last, first, middle, NameCase.INSTRUMENTAL) == instrumental


def test_the_sex_on_the_card_decides() -> None:
    assert decline("Ким", "Саша", "", NameCase.DATIVE) is None
    assert decline("Ким", "Саша", "", NameCase.DATIVE, female=False) == "Киму Саше"


@pytest.mark.parametrize("name", [("Belova", "Marina", ""), ("", "", ""), ("Белова", "Marina", "")])
def test_any_other_name_is_left_alone(name: tuple[str, str, str]) -> None:
    assert decline(*name, NameCase.GENITIVE) is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (("Белова", "Марина", "Игоревна"), "Белова М. И."),
        (("Белова", "", ""), "Белова"),
        (("", "Марина", ""), "Марина"),
    ],
)
def test_a_name_in_short(name: tuple[str, str, str], short: str) -> None:
    assert short_name(*name) == short


@pytest.mark.parametrize(
    ("number", "right"),
    [("7707083893", True), ("500100732259", True), ("7801000005", True), ("7801000006", False), ("78010000", False)],
)
def test_the_check_digits_of_a_tax_number(number: str, right: bool) -> None:
    assert is_tax_number(number) is right
