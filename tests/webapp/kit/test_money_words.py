"""Amounts in words, in both languages."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kit.money_words import LARGEST, amount_in_words

amounts = st.decimals(min_value=0, max_value=LARGEST, places=2)
ORDER = (
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"
HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
WORTH = {
    **{word: value for value, word in enumerate(ORDER.split())},
    **{word: 10 * value for value, word in enumerate(TENS.split(), 2)},
    **{word: 100 * value for value, word in enumerate(HUNDREDS.split(), 1)},
    "одна": 1,
    "две": 2,
}
SCALES = {"тысяч": 1000, "миллион": 10**6, "миллиард": 10**9}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1845000.50", "Один миллион восемьсот сорок пять тысяч рублей 50 копеек"),
        ("21001", "Двадцать одна тысяча один рубль 00 копеек"),
        ("0.10", "Ноль рублей 10 копеек"),
        ("2002.02", "Две тысячи два рубля 02 копейки"),
        ("111", "Сто одиннадцать рублей 00 копеек"),
        ("1000000.01", "Один миллион рублей 01 копейка"),
        ("12000000000", "Двенадцать миллиардов рублей 00 копеек"),
    ],
)
def test_russian_words_agree_with_their_number(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "ru") == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1845000.50", "One million eight hundred forty-five thousand roubles 50 kopecks"),
        ("1.01", "One rouble 01 kopeck"),
        ("0", "Zero roubles 00 kopecks"),
        ("13017", "Thirteen thousand seventeen roubles 00 kopecks"),
    ],
)
def test_english_words(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "en") == words


@given(amounts)
def test_the_words_read_back_are_the_amount(amount: Decimal) -> None:
    assert read_back(amount_in_words(amount, "ru")) == amount


@given(amounts, amounts)
def test_different_amounts_have_different_english_words(one: Decimal, other: Decimal) -> None:
    assert (amount_in_words(one, "en") == amount_in_words(other, "en")) == (one == other)


@pytest.mark.parametrize("amount", [Decimal("-0.01"), LARGEST + Decimal("0.01")])
def test_what_has_no_words_is_refused(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="no words"):
        amount_in_words(amount, "ru")


def read_back(text: str) -> Decimal:
    """What a reader makes of Russian words: a second way to the number."""
    words, kopecks = re.fullmatch(r"(.*) рубл\w+ (\d\d) копе\w+", text.lower()).groups()  # type: ignore[union-attr]
    total = group = 0
    for word in words.split():
        scale = next((value for stem, value in reversed(SCALES.items()) if word.startswith(stem)), 0)
        if scale:
            total, group = total + group * scale, 0
        else:
            group += WORTH[word]
    return Decimal(total + group) + Decimal(kopecks) / 100
