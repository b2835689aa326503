"""HTML to PDF by WeasyPrint, which nobody else speaks to.

A paper may load what ships with the product (`asset:///fonts/…`) and what it carries itself (`data:`), nothing
from the network or the disk. The fonts are complete ones: subsets under one family name print wrong letters.
"""

import mimetypes
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import fontpkg_pt_sans

from webapp.core.errors import Conflict, RuleViolation

FAMILY = "PT Sans"
FONTS = fontpkg_pt_sans.ROOT / "files"
# (file, weight, style)
FACES = (
    ("PT_Sans-Web-Regular.ttf", 400, "normal"),
    ("PT_Sans-Web-Italic.ttf", 400, "italic"),
    ("PT_Sans-Web-Bold.ttf", 700, "normal"),
    ("PT_Sans-Web-BoldItalic.ttf", 700, "italic"),
)
BASE = "asset:///"
ASSETS = {"fonts": FONTS}

_one_at_a_time = Lock()  # the libraries under WeasyPrint keep state of their own; a page takes a fifth of a second


class PrintingUnavailable(Conflict):
    """This machine lacks the libraries that printing needs."""


class ForeignContent(RuleViolation):
    """A paper asks for something that is neither ours nor its own."""


def render_pdf(html: str) -> bytes:
    """The document as PDF; the same document gives the same bytes. PrintingUnavailable, ForeignContent."""
    weasyprint, fetcher = _weasyprint()
    with _one_at_a_time:
        fonts = weasyprint.text.fonts.FontConfiguration()
        faces = weasyprint.CSS(string=font_faces(), font_config=fonts, base_url=BASE, url_fetcher=fetcher)
        document = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=fetcher)
        try:
            written: bytes = document.write_pdf(stylesheets=[faces], font_config=fonts)
        except weasyprint.urls.FatalURLFetchingError as error:  # a BaseException: it would end the worker
            raise ForeignContent("paper_foreign_content", str(error), address=str(error)) from None
    return written


def font_faces() -> str:
    """The styles that make the family known."""
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};font-style:{style};src:url({BASE}fonts/{file})}}"
        for file, weight, style in FACES
    )


def read_asset(address: str) -> tuple[bytes, str] | None:
    """Content and type of `asset:///<folder>/<file>`; None for any other address."""
    parts = urlsplit(address)
    folder, _, name = unquote(parts.path).lstrip("/").partition("/")
    if parts.scheme != "asset" or parts.netloc or folder not in ASSETS or Path(name).name != name:
        return None
    path = ASSETS[folder] / name
    if not name or not path.is_file():
        return None
    return path.read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream"


@cache
def _weasyprint() -> tuple[Any, Any]:
    """The library and our fetcher; imported when first needed, because it takes a second."""
    try:
        import weasyprint
        import weasyprint.text.fonts
        import weasyprint.urls as urls
    except OSError as error:  # Pango or HarfBuzz is missing
        raise PrintingUnavailable("printing_unavailable", str(error)) from error

    class OwnContent(urls.URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
        """Opens our assets and `data:`; anything else stops the printing."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            found = read_asset(url)
            if found is None:
                raise urls.FatalURLFetchingError(url[:200])
            content, kind = found
            return urls.URLFetcherResponse(url, content, headers={"Content-Type": kind})

    return weasyprint, OwnContent()
