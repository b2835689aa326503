"""Prompts: gaps are filled with what is known, the rest is left open."""

from webapp.kit.prompts import fill_prompt


def test_known_gaps_are_filled_and_unknown_ones_left_open() -> None:
    text = "Good day, {centre}, my name is {user}. The {model} is ready."

    assert (
        fill_prompt(text, {"centre": "North", "user": "Alina"}) == "Good day, North, my name is Alina. The … is ready."
    )


def test_a_filled_word_is_not_filled_again() -> None:
    assert fill_prompt("{user}", {"user": "{centre}", "centre": "North"}) == "{centre}"
