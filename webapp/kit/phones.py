"""Phone numbers: read as people write them, kept as E.164 (specification §8.4)."""

import re
from dataclasses import dataclass

import phonenumbers
from flask import has_app_context
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from webapp.core.config import settings

RUSSIA = "RU"
SHORTEST_TAIL = 4

_EXTENSION = re.compile(r"(?:доб(?:авочный)?\.?|ext(?:ension)?\.?|[xх#])\s*(\d{1,6})\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Phone:
    """A number as E.164 and, apart from it, the extension that is dialled after it."""

    number: str
    extension: str = ""


def read_phone(text: str, *, region: str | None = None) -> Phone:
    """The number that was meant. Raises ValueError when it is none.

    `region`: the country of a number without a country code; None: that of the installation (setting phone_region).
    In Russia eleven digits that begin with 8 or 7, and ten digits, mean +7; other countries by their own plans.
    """
    region = region or _usual_region()
    extension = _EXTENSION.search(text)
    body = text[: extension.start()] if extension else text
    if re.search(r"[^\W\d_]", body):
        raise ValueError(f"not a phone: {text!r}")
    digits = digits_of(body)
    if region == RUSSIA and not body.lstrip().startswith("+"):
        if len(digits) == 11 and digits[0] in "78":
            body = f"+7{digits[1:]}"
        elif len(digits) == 10:
            body = f"+7{digits}"
    try:
        number = phonenumbers.parse(body, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"not a phone: {text!r}") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError(f"not a phone: {text!r}")
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), extension.group(1) if extension else "")


def normalise_phone(text: str, *, region: str | None = None) -> str:
    """The number as E.164, its extension left out. Raises ValueError when it is none."""
    return read_phone(text, region=region).number


def is_phone(text: str, *, region: str | None = None) -> bool:
    """Whether the text is a complete number."""
    try:
        read_phone(text, region=region)
    except ValueError:
        return False
    return True


def takes_texts(number: str) -> bool:
    """Whether a number (E.164) may be a mobile phone's."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def digits_of(text: str) -> str:
    """Only the digits, in their order."""
    return "".join(character for character in text if character in "0123456789")


def reversed_digits(number: str) -> str:
    """The digits backwards: a search for the last ones becomes one for the first."""
    return digits_of(number)[::-1]


def _usual_region() -> str:
    """Outside an application, where nothing is set, Russia."""
    return settings().phone_region if has_app_context() else RUSSIA
