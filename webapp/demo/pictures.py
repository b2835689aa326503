"""Pictures of the demo: a car in simple shapes, from six sides of the light."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

SIZE = (480, 320)
COLOURS = ("#4d6a8a", "#7a4d4d", "#4d7a5c", "#6b6b6b", "#8a7a4d", "#5c4d7a")


@lru_cache(maxsize=1)
def appraisal_pictures() -> tuple[bytes, ...]:
    """Six PNG files."""
    return tuple(_draw(colour, number) for number, colour in enumerate(COLOURS))


def _draw(colour: str, number: int) -> bytes:
    image = Image.new("RGB", SIZE, "#dfe4e8")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 230, *SIZE), fill="#b4bbc2")
    pen.rounded_rectangle((60, 150, 420, 230), 24, fill=colour)
    pen.polygon([(130 + 6 * number, 150), (180, 95), (310, 95), (360 - 6 * number, 150)], fill=colour)
    pen.polygon([(160, 147), (190, 105), (300, 105), (330, 147)], fill="#c9dbe6")
    for left in (110, 310):
        pen.ellipse((left, 200, left + 62, 262), fill="#2b2f33")
        pen.ellipse((left + 18, 218, left + 44, 244), fill="#9aa1a8")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
