"""How a campaign is named below the slice that leads them: by its code, which inquiries, cases and spend keep."""

from sqlalchemy.orm import Session

from webapp.core.choices import choice_sources

NAMED = "campaigns.named"  # the source of all campaigns by their code


def code_of(session: Session, typed: str) -> str:
    """The code of the campaign that somebody named; his own words where no campaign has such a code."""
    words = " ".join(typed.split())
    source, code = choice_sources().get(NAMED), words.upper()
    return code if words and source is not None and source.knows(session, code) else words
