"""The texts of consents that ship: standard wording, until a lawyer of the house has written another version."""

from pathlib import Path

from sqlalchemy.orm import Session

from webapp.core.clock import now
from webapp.customers.consents import add_text, find_text
from webapp.customers.models import ConsentKind
from webapp.customers.models.consents import checksum_of

FOLDER = Path(__file__).parent / "consent_texts"


def shipped_text(kind: ConsentKind, language: str) -> str:
    return (FOLDER / f"{kind}.{language}.txt").read_text(encoding="utf-8").strip()


def ship_texts(session: Session) -> None:
    """The first version of every text; a changed one becomes a new version, unless the newest was written here."""
    for kind in ConsentKind:
        text_en, text_ru = shipped_text(kind, "en"), shipped_text(kind, "ru")
        newest = find_text(session, kind)
        if newest is None or (newest.shipped and newest.checksum != checksum_of(text_en, text_ru)):
            add_text(session, kind, text_en=text_en, text_ru=text_ru, actor_id=None, now=now(), shipped=True)
