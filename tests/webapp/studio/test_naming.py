"""Ids made of names: whatever somebody writes, the id can stand in a file, and nothing else stands under it."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from webapp.studio.decisions.beginning import Column, _named
from webapp.studio.naming import KEY, LONGEST, SMALL, free_key, key_from

NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
CYRILLIC = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1)
NAMES = st.text() | CYRILLIC | st.text(alphabet="the of 0123456789_-/.«»Вв")
KEYS = st.from_regex(KEY, fullmatch=True)


@given(NAMES)
def test_a_key_is_always_fit_or_there_is_none(name: str) -> None:
    for key in (key_from(name), key_from(name, without=SMALL)):
        assert not key or (KEY.fullmatch(key) and NCNAME.fullmatch(key) and not key.endswith("_"))


@given(CYRILLIC)
def test_every_russian_name_with_a_vowel_makes_one(name: str) -> None:
    assert key_from(f"{name}а")


@given(NAMES)
def test_a_key_is_the_key_of_itself(name: str) -> None:
    assert key_from(key_from(name)) == key_from(name)


@given(NAMES)
def test_case_and_signs_between_the_words_make_no_difference(name: str) -> None:
    assert key_from(f" «{name}»! ") == key_from(name)


def test_names_are_written_in_latin_letters() -> None:
    assert key_from("Выезд к клиенту") == "vyezd_k_klientu"
    assert key_from("Съёмка, щит и Юла") == "semka_shchit_i_yula"
    assert key_from("2 скидки") == "skidki"
    assert key_from("Check the papers of a customer", without=SMALL) == "check_papers_customer"
    assert key_from("Check the papers") == "check_the_papers"
    assert key_from("– 17 –") == ""
    assert len(key_from("очень " * 30)) <= LONGEST


@given(KEYS, st.sets(KEYS), st.integers(0, 120))
def test_what_is_free_is_not_taken_and_still_fit(stem: str, taken: set[str], numbered: int) -> None:
    taken |= {stem, *(f"{stem}_{number}" for number in range(2, numbered))} if numbered else set()
    key = free_key(stem, taken.__contains__)
    assert key not in taken
    assert KEY.fullmatch(key)
    assert (key == stem) == (stem not in taken)


@given(KEYS, st.lists(st.text(max_size=80), max_size=8))
def test_columns_of_a_new_table_have_names_of_their_own_that_a_file_can_hold(key: str, asked: list[str]) -> None:
    names = [name for name, _column in _named([Column(each, "label") for each in asked], key)]
    assert len({*names, key}) == len(names) + 1
    for name in names:
        assert NCNAME.fullmatch(name)
        etree.fromstring(f"<{name}/>")
