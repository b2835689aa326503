"""Spellings: one name, whichever alphabet and transliteration it comes in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.kit.spelling import mark, sound_of


@pytest.mark.parametrize(
    "spellings",
    [
        ("Юлия", "Yulia", "Yuliya", "Julia", "Iuliia"),
        ("Белова", "Belova", "БЕЛОВА", "belova"),
        ("Пётр", "Петр", "Petr", "Pyotr", "Piotr"),
        ("Дмитрий", "Dmitry", "Dmitri", "Dmitriy"),
        ("Алексеев", "Alekseev", "Alexeev", "Alexeyev"),
        ("Щукина", "Shchukina", "Schukina"),
        ("Чехов", "Chekhov", "Chehov"),
        ("Елена", "Yelena", "Elena"),
        ("Наталья", "Natalya", "Natalia"),
        ("Соловьёв", "Соловьев", "Solovyov", "Solovyev", "Solovev"),
        ("Цветкова", "Tsvetkova", "Tzvetkova"),
        ("Белова-Руднева", "Belova Rudneva"),
        ("André", "Andre"),
    ],
)
def test_spellings_of_one_name_sound_the_same(spellings: tuple[str, ...]) -> None:
    assert len({sound_of(spelling) for spelling in spellings}) == 1


def test_different_names_stay_different() -> None:
    names = ["Белов", "Белова", "Беляев", "Волков", "Попов", "Павлов", "Ильина", "Ильин", "Карпов", "Титов"]

    assert len({sound_of(name) for name in names}) == len(names)


def test_digits_and_foreign_signs_do_no_harm() -> None:
    assert sound_of("ООО «Ромашка-2» %_\\ 李") == "o romashka 2"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gives_plain_words(text: str) -> None:
    sound = sound_of(text)

    assert sound.isascii()
    assert sound == sound.lower().strip()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(max_size=10))
def test_marking_never_changes_the_text(text: str, wanted: str) -> None:
    assert "".join(piece for piece, _ in mark(text, wanted)) == text


def test_the_beginning_that_fits_is_marked() -> None:
    assert mark("Marina Belova", "белов") == [("Marina", False), (" ", False), ("Belov", True), ("a", False)]
