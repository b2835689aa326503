"""What a file is, by its bytes: names and what a browser says of them are not believed.

Only kinds that a dealer needs are known; whatever else it may be, text and pages of the web among it, is refused.
Images are written anew: turned upright, no larger than a document needs, and without what the camera noted, such as
the place.
"""

import io
import struct
import warnings
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 3000
MOST_PIXELS = 80_000_000
JPEG_QUALITY = 88
OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
}
IMAGES = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}


@dataclass(frozen=True)
class Sniffed:
    """What it is, the ending that belongs to it, and the bytes to keep."""

    type: str
    ending: str
    data: bytes


def sniff(data: bytes) -> Sniffed | None:
    """None for what is not accepted, or is broken."""
    if data.startswith(b"%PDF-"):
        return Sniffed("application/pdf", ".pdf", data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _image(data)
    return None


def _office(data: bytes) -> Sniffed | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any("vbaProject" in name for name in names):
        return None  # not Office, or with macros
    found = next((kind for start, kind in OFFICE.items() if any(name.startswith(start) for name in names)), None)
    return None if found is None else Sniffed(*found, data)


def _image(data: bytes) -> Sniffed | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is judged below
            image: Image.Image = Image.open(io.BytesIO(data), formats=tuple(IMAGES))
            format_ = image.format or ""
            if image.width * image.height > MOST_PIXELS:
                return None
            image = ImageOps.exif_transpose(image)
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if format_ == "JPEG" and image.mode != "RGB":
                image = image.convert("RGB")
            image.info.clear()
            written = io.BytesIO()
            image.save(written, format_, quality=JPEG_QUALITY)
    except (OSError, ValueError, SyntaxError, struct.error, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return Sniffed(*IMAGES[format_], written.getvalue())
