"""The guide: its pages, its two languages, its links and pictures, and that it calls things as the product does."""

import re
from itertools import pairwise
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from lxml import html
from markdown_it.token import Token

from engine.database import Database
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from webapp.core import translations
from webapp.studio.guide.chapters import BY_PATH, CHAPTERS, CONTENTS, GUIDES, LANGUAGES, PICTURES, Chapter
from webapp.studio.guide.rendering import READER, anchor_of, render, targets

ROOT = "/studio/guide"
ALL = (CONTENTS, *CHAPTERS)
TOLD = [chapter for chapter in ALL if not chapter.is_detail]
MARKS = re.compile(r"\.(en|ru)\.webp$")
HEAVIEST = 1_500_000  # bytes of all pictures


def address(chapter: Chapter) -> str:
    return f"{ROOT}/{chapter.name}".rstrip("/")


def tokens_of(chapter: Chapter, language: str) -> list[Token]:
    tokens = READER.parse(chapter.path(language).read_text(encoding="utf-8"))
    return [*tokens, *(each for token in tokens for each in token.children or ())]


@pytest.fixture
def reader(client: FlaskClient, log_in: LogIn) -> FlaskClient:
    log_in("studio.see")
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_is_read_in_the_readers_language(reader: FlaskClient, language: str) -> None:
    for chapter in ALL:
        answer = reader.get(address(chapter), headers={"Accept-Language": language})
        page = html.fromstring(answer.text)
        assert answer.status_code == 200
        assert page.findtext(".//h1") == render(chapter, language, ROOT).title
        assert page.xpath("//*[@style]") == []
        assert ("По-русски" in answer.text, "In English:" in answer.text) == (False, False)
        listed = [each.get("href") for each in page.xpath('//*[@data-test="chapters"]/ul/li/a')]
        assert listed == [address(each) for each in ALL]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_page_leads_somewhere(reader: FlaskClient, language: str) -> None:
    anchors = {address(each): {h.anchor for h in render(each, language, ROOT).headings} for each in ALL}
    for chapter in ALL:
        body = html.fragment_fromstring(render(chapter, language, ROOT).body, create_parent="div")
        for link in body.iter("a"):
            place, _, anchor = unquote(link.get("href") or "").partition("#")
            known = anchors.get(place or address(chapter))
            if place.startswith(f"{ROOT}/pictures/"):
                with reader.get(place) as answer:
                    assert answer.mimetype == "image/webp"
            else:
                assert known is not None, link.get("href")
                assert not anchor or anchor in known, link.get("href")


@pytest.mark.parametrize("name", ["no-such-chapter", "pictures/no-such.webp", "pictures/..%2Flibrary.md"])
def test_what_does_not_exist_is_not_found(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"{ROOT}/{name}").status_code == 404


def test_a_chapter_has_neighbours(reader: FlaskClient) -> None:
    page = html.fromstring(reader.get(address(CHAPTERS[1])).text)
    (before,), (after,) = (page.xpath(f'//*[@data-test="{name}"]') for name in ("before", "after"))
    assert (before.get("href"), after.get("href")) == (address(CHAPTERS[0]), address(CHAPTERS[2]))
    assert html.fromstring(reader.get(ROOT).text).xpath('//*[@data-test="before"]') == []


def test_the_pages_ask_the_database_as_little_as_any_other(reader: FlaskClient) -> None:
    database: Database = reader.application.extensions["database"]
    reader.get(ROOT)
    counts = []
    for chapter in (CONTENTS, CHAPTERS[0], CHAPTERS[-1]):
        with counted_statements(database.engine) as made:
            reader.get(address(chapter))
        counts.append(len(made))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_the_library_and_the_editors_lead_to_it(reader: FlaskClient, log_in: LogIn) -> None:
    log_in("studio.see", "studio.edit", "studio.publish")
    assert f'href="{ROOT}"' in reader.get("/processes").text
    reader.post("/studio/new", data={"name": "A new one"})
    for place, chapter in (("/studio/drafts/1", "drawing"), ("/studio/new", "files"), ("/studio/forms", "forms")):
        assert f'href="{ROOT}/{chapter}" target="_blank"' in reader.get(place).text


def test_what_looks_like_html_is_shown_as_it_is_written() -> None:
    assert "<script>" not in READER.render("<script>alert(1)</script>\n\nand <b onclick=x>so</b>")


@pytest.mark.parametrize("chapter", ALL, ids=lambda chapter: chapter.stem)
def test_both_languages_say_the_same(chapter: Chapter) -> None:
    english, russian = (tokens_of(chapter, language) for language in LANGUAGES)
    for kind in ("heading_open", "ordered_list_open", "list_item_open", "image", "tr_open", "blockquote_open"):
        counts = [sum(token.type == kind for token in tokens) for tokens in (english, russian)]
        assert counts[0] == counts[1] or (chapter.is_detail and kind != "heading_open"), kind
    if not chapter.is_detail:
        leads = [[lead(chapter, language, target) for target in targets(chapter, language)] for language in LANGUAGES]
        assert leads[0] == leads[1]


def lead(chapter: Chapter, language: str, target: str) -> str:
    """Where it leads, whatever the language: to a text or a picture of its own language."""
    path, _, anchor = target.partition("#")
    if path.endswith(".webp"):
        assert path.endswith(f".{language}.webp")
        return MARKS.sub("", path)
    place = (chapter.path(language).parent / path).resolve()
    found = BY_PATH[place]
    assert found == chapter or place == found.path(language), target
    return f"{found.stem}{'#' if anchor else ''}"


def test_every_picture_is_there_in_both_languages_and_used() -> None:
    named = {target.rpartition("/")[2] for each in ALL for lang in LANGUAGES for target in targets(each, lang)}
    there = {path.name for path in PICTURES.iterdir()}
    assert {name for name in named if name.endswith(".webp")} == there
    assert {MARKS.sub("", name) for name in there if ".en." in name} == {
        MARKS.sub("", name) for name in there if ".ru." in name
    }
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < HEAVIEST


def test_the_files_are_the_chapters_and_the_first_page_names_them_in_their_order() -> None:
    assert set((GUIDES / "studio").glob("*.md")) == {
        chapter.path(language) for chapter in TOLD for language in LANGUAGES if chapter.name
    }
    for language in LANGUAGES:
        listed = re.findall(r"^\* \[.*?\]\((.*?)\)", CONTENTS.path(language).read_text(encoding="utf-8"), re.M)
        assert listed == [each.path(language).relative_to(GUIDES).as_posix() for each in TOLD if each.name]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("Add a step", "add-a-step"), ("Шаги, развилки и «слова»", "шаги-развилки-и-слова"), ("A & b-c", "a--b-c")],
)
def test_anchors_are_those_of_code_hosts(title: str, anchor: str) -> None:
    assert anchor_of(title) == anchor


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_and_fields_are_called_as_the_product_calls_them(language: str) -> None:
    known = words(language)
    unknown = [
        f"{chapter.stem}: {part}"
        for chapter in TOLD
        for label in emphasised(chapter, language)
        for part in (each.strip(" .…") for each in label.split("→"))
        if not any(text.casefold().startswith(part.casefold()) for text in known)
    ]
    assert unknown == []


def emphasised(chapter: Chapter, language: str) -> list[str]:
    """What stands *so* in the text: what is written on the screen."""
    said = [after.content for token, after in pairwise(tokens_of(chapter, language)) if token.type == "em_open"]
    return [text for text in said if not text.startswith(("По-русски", "In English"))]


def words(language: str) -> set[str]:
    """Every text of the product in this language."""
    found: set[str] = set()
    for owner in translations.owners():
        for message in translations.read_catalog(owner):
            texts = message.id if language == "en" else message.string
            found |= {texts} if isinstance(texts, str) else set(texts)
    return found
