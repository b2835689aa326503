"""From the text of a chapter to a part of a page: anchors, links between chapters, pictures with their size."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from PIL import Image

from webapp.studio.guide.chapters import BY_PATH, LANGUAGES, PICTURES, Chapter

OUTSIDE = ("http://", "https://")
TITLE = 3  # tokens of the heading with which each text begins
# without html: what looks like a tag in a text is shown as it is written
READER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """A section of a chapter; `level` is 2 or 3."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Page:
    """A chapter as it is shown."""

    chapter: Chapter
    title: str
    body: Markup
    headings: tuple[Heading, ...]


@lru_cache(maxsize=64)  # the texts change with the program only
def render(chapter: Chapter, language: str, root: str) -> Page:
    """`root` is the address of the first page; the others and the pictures are below it."""
    path = chapter.path(language)
    found = _without_other_language(READER.parse(path.read_text(encoding="utf-8")), chapter)
    title, headings = "", []
    tokens: list[Token] = []
    for token, after in zip(found, [*found[1:], None], strict=True):
        if token.type == "heading_open" and after is not None:
            text = _plain(after)
            if token.tag == "h1":
                title = text
            else:
                headings.append(Heading(int(token.tag[1]), anchor_of(text), text))
                token.attrSet("id", anchor_of(text))
        if token.children:
            token.children = list(_inline(token.children, partial(_address, path.parent, language, root), root))
        tokens.append(token)
    body = READER.renderer.render(tokens[TITLE:], READER.options, {})  # the title stands above
    body = body.replace("<table>", '<div class="scrolls"><table class="tbl">').replace("</table>", "</table></div>")
    return Page(chapter, title, Markup(body), tuple(headings))  # noqa: S704  # our own text, and no HTML in it


def anchor_of(title: str) -> str:
    """As code hosts make it, so that one link serves there and here."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def targets(chapter: Chapter, language: str) -> list[str]:
    """Where the links and pictures of a chapter lead, as they are written."""
    tokens = READER.parse(chapter.path(language).read_text(encoding="utf-8"))
    inside = [each for token in tokens for each in token.children or ()]
    return [str(each.attrGet("href") or each.attrGet("src")) for each in inside if each.type in ("link_open", "image")]


def _without_other_language(tokens: list[Token], chapter: Chapter) -> list[Token]:
    """Without the line below the title that leads to the other language: here the reader's own counts."""
    others = {chapter.path(language).name for language in LANGUAGES}
    below = tokens[TITLE + 1].children or () if len(tokens) > TITLE + 1 else ()
    leads_there = any(each.type == "link_open" and each.attrGet("href") in others for each in below)
    return [*tokens[:TITLE], *tokens[TITLE + 3 :]] if leads_there else tokens


def _inline(tokens: Sequence[Token], address_of: Callable[[str], str | None], root: str) -> Iterator[Token]:
    dropped = False
    for token in tokens:
        if token.type == "link_open":
            address = address_of(str(token.attrGet("href")))
            dropped = address is None
            if address is not None:
                token.attrSet("href", address)
        if token.type in ("link_open", "link_close") and dropped:
            continue  # it leads to a document that is not shown here: its words stay
        if token.type == "image":
            yield from _picture(token, root)
        else:
            yield token


def _address(folder: Path, language: str, root: str, target: str) -> str | None:
    """Of a chapter in the language of the text; None for what is no page of the guide."""
    if target.startswith((*OUTSIDE, "#")):
        return target
    path, _, anchor = target.partition("#")
    place = (folder / path).resolve()
    chapter = BY_PATH.get(place)
    if chapter is None or place != chapter.path(language):
        return None
    return "/".join(filter(None, (root, chapter.name))) + (f"#{anchor}" if anchor else "")


def _picture(token: Token, root: str) -> Iterator[Token]:
    """The picture, its size known before it comes, and a click shows it as large as it is."""
    path = PICTURES / Path(str(token.attrGet("src"))).name
    with Image.open(path) as image:
        width, height = image.size
    address = f"{root}/pictures/{path.name}"
    for name, value in (("src", address), ("width", width), ("height", height), ("loading", "lazy")):
        token.attrSet(name, value)
    yield Token("link_open", "a", 1, attrs={"class": "guide-picture", "href": address})
    yield token
    yield Token("link_close", "a", -1)


def _plain(inline: Token) -> str:
    return "".join(each.content for each in inline.children or ())
