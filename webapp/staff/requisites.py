"""What a dealer centre writes at the head of its papers."""

from base64 import b64encode
from dataclasses import dataclass

from webapp.core.errors import RuleViolation

LARGEST_LOGO = 300 * 1024  # bytes
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}  # by their first bytes


@dataclass(frozen=True)
class Requisites:
    """Legal name, INN, address, site; `logo` is a picture as a data: address."""

    legal_name: str = ""
    tax_number: str = ""
    address: str = ""
    site: str = ""
    logo: str = ""


NO_REQUISITES = Requisites()


def picture_address(content: bytes) -> str:
    """The picture as a data: address. RuleViolation: logo_unfit."""
    kind = next((kind for start, kind in PICTURES.items() if content.startswith(start)), "")
    if not kind or len(content) > LARGEST_LOGO:
        raise RuleViolation("logo_unfit", "No PNG or JPEG, or too large.", kilobytes=LARGEST_LOGO // 1024)
    return f"data:{kind};base64,{b64encode(content).decode()}"
