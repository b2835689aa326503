"""What a campaign says: its gaps are filled for each reader, and only known ones may stand in a text. Pure."""

import re
from collections.abc import Collection, Mapping

from webapp.kit.phones import digits_of

GAPS = ("first_name", "customer", "centre", "code", "manager")
_GAP = re.compile(r"\{([^{}]*)\}")


def unknown_gaps(text: str, known: Collection[str] = GAPS) -> list[str]:
    """Gaps that nobody could fill, and braces that belong to no gap, as they stand in the text."""
    wrong = [found.group(0) for found in _GAP.finditer(text) if found.group(1) not in known]
    return wrong + [brace for brace in "{}" if brace in _GAP.sub("", text)]


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its gaps filled; blanks before punctuation that an empty word leaves are closed."""
    filled = _GAP.sub(lambda found: words.get(found.group(1), ""), text)
    return re.sub(r"[ \u00a0]+([,.!?;:])", r"\1", filled)


def language_of(phone: str, otherwise: str) -> str:
    """In which language somebody is written to: Russian where his phone is of a country that reads it.

    Cards do not say which language a person reads; without a phone it is the language of the installation.
    """
    if not phone:
        return otherwise
    return "ru" if digits_of(phone).startswith(("7", "375")) else "en"
