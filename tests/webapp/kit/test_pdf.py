"""Printing: whole fonts, nothing from outside, the same bytes for the same page."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.webapp.papers.pictures import pages_of
from webapp.kit.pdf import FONTS, ForeignContent, read_asset, render_pdf

SAMPLE = "№ 15 АБВ ёЁ «Ю» ₽ ABC ex – 1 845 000,50"
HEAD = "<style>@page{size:240mm 30mm;margin:5mm} body{font:20pt 'PT Sans';margin:0}</style>"


def printed(text: str, folder: Path) -> Image.Image:
    """The text as it is printed, cut to its ink."""
    (page,) = pages_of(render_pdf(HEAD + text), folder, dots=144)
    return cut(page.image)


def drawn(text: str, file: str = "PT_Sans-Web-Regular.ttf") -> Image.Image:
    """The same text drawn with the font file itself, without WeasyPrint."""
    image = Image.new("L", (1200, 120), 255)
    ImageDraw.Draw(image).text((20, 20), text, font=ImageFont.truetype(str(FONTS / file), 40), fill=0)
    return cut(image)


def cut(image: Image.Image) -> Image.Image:
    box = ImageChops.invert(image).point(lambda value: 255 if value > 100 else 0).getbbox()
    assert box, "nothing is printed"
    return image.crop(box)


@pytest.mark.parametrize("text", [SAMPLE, "№ 15 АБВ", "Щукинъ", "Quartz"])
def test_every_letter_looks_as_the_font_draws_it(text: str, tmp_path: Path) -> None:
    got, wanted = printed(text, tmp_path), drawn(text)
    other = drawn(text.translate(str.maketrans("АБВЩщuart", "ЄSIеSоЯГШ")))

    assert abs(got.width - wanted.width) <= wanted.width * 0.02 + 2
    assert unlike(got, wanted) < unlike(got, other) / 3


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How much ink of two pictures does not lie on that of the other, both brought to one size."""
    size = (400, 40)
    difference = ImageChops.difference(one.resize(size), other.resize(size))
    return sum(value * count for value, count in enumerate(difference.histogram())) / (size[0] * size[1])


def test_what_the_font_has_not_is_a_box_and_no_letter_of_ours_is(tmp_path: Path) -> None:
    box = drawn("\U000f0000")

    for letter in "АЯЖёщЫ№₽AZgq":
        assert unlike(printed(letter, tmp_path), box) > 20, letter


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/logo.png",
        "https://example.com/logo.png",
        "file:///etc/hostname",
        "asset:///fonts/../__init__.py",
        "asset:///fonts/%2e%2e/__init__.py",
        "asset:///elsewhere/x.ttf",
        "asset://host/fonts/PT_Sans-Web-Regular.ttf",
        "relative.png",
    ],
)
def test_a_paper_loads_nothing_from_outside(address: str) -> None:
    with pytest.raises(ForeignContent):
        render_pdf(f'<img src="{address}">')
    with pytest.raises(ForeignContent):
        render_pdf(f'<style>@import url("{address}");</style>text')


def test_a_picture_that_the_paper_carries_is_printed(tmp_path: Path) -> None:
    square = (
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"
        "<rect width='40' height='40'/></svg>"
    )

    assert printed(f'<img src="{square}">', tmp_path).getextrema()[0] == 0


def test_the_fonts_come_with_the_product() -> None:
    content, kind = read_asset("asset:///fonts/PT_Sans-Web-Bold.ttf") or (b"", "")

    assert content[:4] == b"\x00\x01\x00\x00"
    assert kind == "font/ttf"


def test_the_same_page_is_the_same_file() -> None:
    assert render_pdf(HEAD + SAMPLE) == render_pdf(HEAD + SAMPLE)
