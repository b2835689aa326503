"""Russian names in the cases that papers need: «с Беловой Мариной Игоревной»."""

import re
from enum import StrEnum
from functools import cache

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

_CYRILLIC = re.compile(r"[А-Яа-яЁё][А-Яа-яЁё\-' ]*\Z")


class NameCase(StrEnum):
    GENITIVE = "genitive"
    DATIVE = "dative"
    INSTRUMENTAL = "instrumental"


_CASES = {
    NameCase.GENITIVE: Case.GENITIVE,
    NameCase.DATIVE: Case.DATIVE,
    NameCase.INSTRUMENTAL: Case.INSTRUMENTAL,
}


def decline(last: str, first: str, middle: str, case: NameCase, *, female: bool | None = None) -> str | None:
    """Last, first and middle name in this case; None when the name is not Russian or its gender stays open."""
    parts = ((NamePart.LASTNAME, last), (NamePart.FIRSTNAME, first), (NamePart.MIDDLENAME, middle))
    given = [(part, name.strip()) for part, name in parts if name.strip()]
    if not given or not all(_CYRILLIC.match(name) for _, name in given):
        return None
    gender = _gender(last.strip(), first.strip(), middle.strip(), female)
    if gender is None:
        return None
    maker = _maker()
    return " ".join(maker.make(part, gender, _CASES[case], name) for part, name in given)


def short_name(last: str, first: str, middle: str) -> str:
    """«Белова М. И.»: as signatures are spelt out."""
    initials = " ".join(f"{name.strip()[0]}." for name in (first, middle) if name.strip())
    return " ".join(filter(None, (last.strip(), initials if last.strip() else first.strip())))


def _gender(last: str, first: str, middle: str, female: bool | None) -> Gender | None:
    if female is not None:
        return Gender.FEMALE if female else Gender.MALE
    try:
        found = _detector().detect(  # type: ignore[no-untyped-call]
            lastname=last or None, firstname=first or None, middlename=middle or None
        )
    except ValueError:  # nothing to go by
        return None
    return found if found in (Gender.FEMALE, Gender.MALE) else None


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@cache
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()
