"""What a name typed in one line means: who is first, who is last, and probably which sex."""

import re
from dataclasses import dataclass

from webapp.customers.models import Sex

_PATRONYMIC = re.compile(r"(?:ович|евич|ич|овна|евна|ична|инична|ovich|evich|ovna|evna|ichna)$", re.IGNORECASE)
_FAMILY = re.compile(
    r"(?:[оеё]в|[оеё]ва|ин|ина|ын|ына|ский|ская|цкий|цкая|ко|енко|чук|ян|[oe]va?|ina|sky|skiy|skaya|enko|chuk)$",
    re.IGNORECASE,
)
_FEMALE_FAMILY = re.compile(r"(?:[оеё]ва|ина|ына|ская|цкая|[oe]va|ina|skaya)$", re.IGNORECASE)
_MALE_FAMILY = re.compile(r"(?:[оеё]в|ин|ын|ский|цкий|[oe]v|sky|skiy)$", re.IGNORECASE)
_FEMALE_PATRONYMIC = re.compile(r"(?:вна|чна|vna|chna)$", re.IGNORECASE)
# First names that end like family names; without them «Марина Белова» would be read backwards.
_FIRST_NAMES = frozenset(
    {
        *("марина", "ирина", "екатерина", "нина", "галина", "полина", "арина", "алина", "валентина", "кристина"),
        *("карина", "регина", "ангелина", "константин", "валентин", "мартин", "ева", "яков", "лев", "алевтина"),
        *("marina", "irina", "ekaterina", "nina", "galina", "polina", "arina", "alina", "valentina", "kristina"),
        *("karina", "regina", "angelina", "eva", "alevtina"),
    }
)


@dataclass(frozen=True)
class PersonName:
    """The parts of a name; a single word counts as the first name."""

    first: str
    last: str = ""
    middle: str = ""


def split_name(text: str) -> PersonName:
    """«Белова Марина Игоревна», «Марина Белова», "Marina Belova", «Марина»: each in its place."""
    words = text.split()
    if len(words) < 2:
        return PersonName(" ".join(words))
    if len(words) == 2:
        one, other = words
        if _is_family(one) and not _is_family(other):
            return PersonName(other, one)
        return PersonName(one, other)
    if _PATRONYMIC.search(words[1]):
        return PersonName(words[0], " ".join(words[2:]), words[1])
    if _PATRONYMIC.search(words[2]):
        return PersonName(words[1], words[0], " ".join(words[2:]))
    return PersonName(words[0], " ".join(words[1:]))


def guess_sex(name: PersonName) -> Sex:
    """By the patronymic, else by the family name; unknown when neither tells."""
    if name.middle and _PATRONYMIC.search(name.middle):
        return Sex.FEMALE if _FEMALE_PATRONYMIC.search(name.middle) else Sex.MALE
    if _FEMALE_FAMILY.search(name.last):
        return Sex.FEMALE
    return Sex.MALE if _MALE_FAMILY.search(name.last) else Sex.UNKNOWN


def _is_family(word: str) -> bool:
    return bool(_FAMILY.search(word)) and word.casefold() not in _FIRST_NAMES
