"""How the papers look: pages, margins, ink; both languages, filled and empty."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from tests.webapp.papers.conftest import Print
from tests.webapp.papers.documents import DOCUMENT
from tests.webapp.papers.pictures import Page, pages_of
from webapp.kit.pdf import render_pdf

A4, ACROSS = (210, 297), (297, 210)
LANGUAGES = ["ru", "en"]


def assert_within_margins(page: Page) -> None:
    """Nothing touches the edges, and nothing lies between the text and the foot of the page."""
    left, top, right, bottom = page.bounds
    width, height = page.size
    assert left >= 12
    assert top >= 10
    assert right <= width - 12
    assert bottom <= height - 6
    assert page.ink(0, height - 19, width, height - 13) < 0.02


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("paper", "sizes"),
    [("sales.worksheet", [A4, A4]), ("sales.offer", [A4, ACROSS]), ("sales.test_drive", [A4])],
)
def test_a_filled_paper(
    print_of: Print, tmp_path: Path, paper: str, sizes: list[tuple[int, int]], language: str
) -> None:
    _, html = print_of(paper, language)

    pages = pages_of(render_pdf(html), tmp_path)

    assert [page.size for page in pages] == sizes
    for page in pages:
        assert_within_margins(page)
        assert page.ink(14, page.size[1] - 14, page.size[0] - 12, page.size[1] - 6) > 0.003  # the foot of the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_worksheet_has_two_pages_and_less_ink(
    print_of: Print, blank: Callable[[str], str], tmp_path: Path, language: str
) -> None:
    (tmp_path / "filled").mkdir()
    empty = pages_of(render_pdf(blank(language)), tmp_path)
    filled = pages_of(render_pdf(print_of("sales.worksheet", language)[1]), tmp_path / "filled")

    assert len(empty) == 2
    for page, other in zip(empty, filled, strict=True):
        assert_within_margins(page)
        assert page.unlike(other) > 0.002
        assert page.ink(14, 10, 196, 280) < other.ink(14, 10, 196, 280)


def test_an_empty_agreement_has_rules_to_write_on(print_of: Print, tmp_path: Path) -> None:
    (tmp_path / "filled").mkdir()
    (empty,) = pages_of(render_pdf(print_of("sales.test_drive", document={})[1]), tmp_path)
    (filled,) = pages_of(render_pdf(print_of("sales.test_drive")[1]), tmp_path / "filled")

    assert_within_margins(empty)
    assert 0.01 < empty.ink(14, 10, 196, 280) < filled.ink(14, 10, 196, 280)


def test_the_two_languages_look_different(print_of: Print, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    russian = pages_of(render_pdf(print_of("sales.offer", "ru")[1]), tmp_path)
    english = pages_of(render_pdf(print_of("sales.offer", "en")[1]), tmp_path / "en")

    assert all(one.unlike(other) > 0.005 for one, other in zip(russian, english, strict=True))


def test_a_long_offer_goes_on_without_leaving_its_page(print_of: Print, tmp_path: Path) -> None:
    document = deepcopy(DOCUMENT)
    line = {"kind": "accessory", "title": "Очень-" * 20 + "длинное название", "qty": Decimal(1), "price": Decimal(100)}
    document["make_offer"]["lines"] += [line] * 40

    pages = pages_of(render_pdf(print_of("sales.offer", document=document)[1]), tmp_path)

    assert len(pages) >= 3
    for page in pages:
        assert_within_margins(page)


def test_texts_of_people_are_no_html(print_of: Print) -> None:
    document = deepcopy(DOCUMENT)
    document["test_drive"]["remarks"] = '<img src="http://example.com/x.png"> & {{ 7 * 7 }}'

    _, html = print_of("sales.test_drive", document=document)

    assert "&lt;img" in html
    assert "{{ 7 * 7 }}" in html
    render_pdf(html)
