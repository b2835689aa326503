"""Papers as pictures: what a reader sees, not what a text extraction claims."""

import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

DOTS = 100  # per inch
MILLIMETRE = DOTS / 25.4


@dataclass(frozen=True)
class Page:
    """One page, black on white; lengths in millimetres from the upper left corner."""

    image: Image.Image

    @property
    def size(self) -> tuple[int, int]:
        return round(self.image.width / MILLIMETRE), round(self.image.height / MILLIMETRE)

    def ink(self, left: float, top: float, right: float, bottom: float) -> float:
        """The share of dark dots within a region."""
        box = tuple(round(each * MILLIMETRE) for each in (left, top, right, bottom))
        histogram = self.image.crop(box).histogram()  # type: ignore[arg-type]
        return sum(histogram[:128]) / max(sum(histogram), 1)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The smallest rectangle that holds everything printed."""
        box = ImageChops.invert(self.image).point(lambda value: 255 if value > 40 else 0).getbbox()
        assert box, "the page is empty"
        left, top, right, bottom = (each / MILLIMETRE for each in box)
        return left, top, right, bottom

    def unlike(self, other: "Page") -> float:
        """The share of dots that differ."""
        difference = ImageChops.difference(self.image, other.image).point(lambda value: 255 if value > 60 else 0)
        return difference.histogram()[255] / (difference.width * difference.height)


def pages_of(pdf: bytes, folder: Path, *, dots: int = DOTS) -> list[Page]:
    """Every page of the document."""
    (folder / "paper.pdf").write_bytes(pdf)
    for old in folder.glob("paper-*.png"):
        old.unlink()
    command = ["pdftoppm", "-r", str(dots), "-gray", "-png", "paper.pdf", "paper"]
    subprocess.run(command, cwd=folder, check=True)
    return [Page(Image.open(BytesIO(path.read_bytes())).convert("L")) for path in sorted(folder.glob("paper-*.png"))]
