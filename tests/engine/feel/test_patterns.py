"""Regular expressions: the same matches as a backtracking machine, without its cost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.budget import Run
from engine.feel.patterns import compile_pattern
from tests.engine.feel.typed_json import NOW

atoms = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "(a|b)", "(?:ab|b)", "(ab)", "\\d", "ы"])
pieces = st.builds(
    lambda atom, sign: atom + sign,
    atoms,
    st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,2}?"]),
)
branches = st.lists(pieces, min_size=1, max_size=4).map("".join)
patterns = st.lists(branches, min_size=1, max_size=3).map("|".join)


def span(pattern: str, text: str, flags: str = "") -> tuple[int, int] | None:
    run = Run(NOW)
    compiled = compile_pattern(pattern, flags, run)
    assert compiled is not None
    found = compiled.search(text, 0, run)
    return None if found is None else found[0]


@settings(max_examples=300, deadline=None)
@given(patterns, st.text("abcы1\n", max_size=12))
def test_it_finds_what_a_backtracking_machine_finds(pattern: str, text: str) -> None:
    expected = re.search(pattern, text)

    assert span(pattern, text) == (expected.span() if expected else None)


@settings(max_examples=200, deadline=None)
@given(patterns, st.text("abcы1", max_size=12))
def test_groups_hold_what_they_matched(pattern: str, text: str) -> None:
    run = Run(NOW)
    compiled = compile_pattern(f"({pattern})(b?)", "", run)
    assert compiled is not None
    expected = re.search(f"({pattern})(b?)", text)
    found = compiled.search(text, 0, run)

    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found[1] == expected.span(1)


@pytest.mark.parametrize(
    ("pattern", "text", "flags", "found"),
    [
        ("^\\w+$", "Иван", "", True),
        ("[a-z-[aeiou]]{3}", "abcdfg", "", True),
        ("[a-z-[aeiou]]{3}", "abace", "", False),
        ("^[^\\s]+$", "a b", "", False),
        ("ПРИВЕТ", "привет", "i", True),
        ("[А-Я]+", "привет", "i", True),
        ("^b$", "a\nb", "", False),
        ("^b$", "a\nb", "m", True),
        ("a b", "ab", "x", True),
        ("a.c", "abc", "q", False),
        ("a.c", "a.c", "q", True),
        ("\\p{Lu}\\p{Ll}+", "иВан", "", True),
        ("\\P{L}", "Иван", "", False),
        ("\\p{IsCyrillic}", "ж", "", True),
        ("\\bкот\\b", "мой кот спит", "", True),
        ("\\bкот\\b", "который", "", False),
        ("a{2,}b", "aab", "", True),
        ("[\\d-]+", "12-3", "", True),
        ("[+]", "+", "", True),
    ],
)
def test_the_syntax_of_xpath_is_understood(pattern: str, text: str, flags: str, found: bool) -> None:
    assert (span(pattern, text, flags) is not None) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "[",
        "(",
        ")",
        "a)",
        "*a",
        "a**",
        "a{3,2}",
        "a{",
        "{2}",
        "[]",
        "[z-a]",
        "\\",
        "\\1",
        "(a)\\1",
        "(?=a)",
        "(?<n>a)",
        "[a",
        "\\p{Xx}",
        "a" * 1001,
        "(a{900}){900}",
        "^*",
        "(" * 40 + ")" * 40,
        "\\q",
        "(a)" * 51,
    ],
)
def test_a_pattern_that_cannot_be_used_is_known_as_such(pattern: str) -> None:
    assert compile_pattern(pattern, "", Run(NOW)) is None


def test_unknown_flags_make_it_unusable() -> None:
    assert compile_pattern("a", "g", Run(NOW)) is None
