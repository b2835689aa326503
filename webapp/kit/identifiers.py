"""Numbers that carry a rule of their own: VIN, number plate, INN, KPP, OGRN, BIC, accounts (specification §8).

Each reader takes what a person typed and gives the form that is kept, or raises ValueError.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

PASSPORT_AGE = 14

_PLATE_LETTERS = str.maketrans("ABEKMHOPCTYX", "АВЕКМНОРСТУХ")
_LETTER = "[АВЕКМНОРСТУХ]"
_PLATES = re.compile(
    rf"{_LETTER}(?!000)\d{{3}}{_LETTER}{{2}}\d{{2,3}}"  # car
    rf"|{_LETTER}{{2}}\d{{3,4}}\d{{2,3}}"  # taxi, trailer
    rf"|\d{{4}}{_LETTER}{{2}}\d{{2,3}}"  # motorcycle
    rf"|{_LETTER}{{2}}\d{{3}}{_LETTER}\d{{2,3}}"  # transit
)
_PLATE_PARTS = (
    re.compile(rf"({_LETTER})(\d{{3}})({_LETTER}{{2}})(\d{{2,3}})"),
    re.compile(rf"(\d{{4}})({_LETTER}{{2}})(\d{{2,3}})"),
    re.compile(rf"({_LETTER}{{2}})(\d{{3}})({_LETTER})(\d{{2,3}})"),
    re.compile(rf"({_LETTER}{{2}})(\d{{3}})(\d{{2}})"),
    re.compile(rf"({_LETTER}{{2}})(\d{{4}})(\d{{3}})"),
    re.compile(rf"({_LETTER}{{2}})(\d{{6}})"),  # 3 + 3 of a taxi or 4 + 2 of a trailer: nobody can tell
)
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_LETTERS = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")
_VIN_GROUPS = ("", "AJ", "BKS", "CLT", "DMU", "ENV", "FW", "GPX", "HY", "RZ")
_VIN_VALUES = {letter: value for value, letters in enumerate(_VIN_GROUPS) for letter in letters}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECKED_VINS = frozenset("12345L")  # North America and China; elsewhere the ninth sign is free
_INN_TEN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_ELEVENTH = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_TWELFTH = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_ACCOUNT = (7, 1, 3)
_SMALL_BANKS = frozenset({"000", "001", "002"})  # cash settlement centres: they have no own last digits


def read_vin(text: str) -> str:
    """Seventeen Latin letters and digits without I, O and Q; Cyrillic letters that look like them are understood."""
    vin = tidy_vin(text)
    if not _VIN.fullmatch(vin):
        raise ValueError(f"not a VIN: {text!r}")
    return vin


def tidy_vin(text: str) -> str:
    """A VIN or a part of one as VINs are kept: upper case, Latin, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text).upper().translate(_VIN_LETTERS)


def vin_looks_mistyped(vin: str) -> bool:
    """Whether the check digit (ISO 3779, ninth place) speaks against a VIN; only some countries keep to it."""
    if vin[0] not in _CHECKED_VINS:
        return False
    values = (int(sign) if sign.isdigit() else _VIN_VALUES[sign] for sign in vin)
    rest = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True)) % 11
    return vin[8] != ("X" if rest == 10 else str(rest))


def read_plate(text: str) -> str:
    """A Russian plate with Cyrillic letters and without blanks (GOST R 50577)."""
    plate = tidy_plate(text)
    if not _PLATES.fullmatch(plate):
        raise ValueError(f"not a plate: {text!r}")
    return plate


def tidy_plate(text: str) -> str:
    """A plate or a part of one as Russian plates are kept: upper case, Cyrillic, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text).upper().translate(_PLATE_LETTERS)


def format_plate(plate: str) -> str:
    """«А 123 ВС 178» for people; a plate of another country stays as it is."""
    for pattern in _PLATE_PARTS:
        if found := pattern.fullmatch(plate):
            return " ".join(found.groups())
    return plate


def read_inn(text: str) -> str:
    """Ten digits of a company or twelve of a person, with their check digits."""
    inn = _digits(text, 10, 12)
    if len(inn) == 10:
        right = _inn_digit(inn, _INN_TEN) == inn[9]
    else:
        right = (_inn_digit(inn, _INN_ELEVENTH), _inn_digit(inn, _INN_TWELFTH)) == (inn[10], inn[11])
    if not right:
        raise ValueError(f"check digit of the INN {inn}")
    return inn


def read_kpp(text: str) -> str:
    """Nine signs, of which the fifth and sixth may be letters; there is no check digit."""
    kpp = "".join(text.split()).upper()
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", kpp):
        raise ValueError(f"not a KPP: {text!r}")
    return kpp


def read_ogrn(text: str) -> str:
    """Thirteen digits of a company, or fifteen of a sole trader, with their check digit."""
    ogrn = _digits(text, 13, 15)
    first = "15" if len(ogrn) == 13 else "3"
    if ogrn[0] not in first or int(ogrn[:-1]) % (len(ogrn) - 2) % 10 != int(ogrn[-1]):
        raise ValueError(f"check digit of the OGRN {ogrn}")
    return ogrn


def read_bic(text: str) -> str:
    """Nine digits; those of Russian banks begin with 0, of the treasury with 1 or 2."""
    bic = _digits(text, 9)
    if bic[0] not in "012":
        raise ValueError(f"not a BIC: {text!r}")
    return bic


def read_account(text: str, *, bic: str) -> str:
    """A settlement account of twenty digits whose check digit fits the bank."""
    account = _digits(text, 20)
    head = f"0{bic[4:6]}" if bic[-3:] in _SMALL_BANKS else bic[-3:]
    return _checked_account(account, head)


def read_correspondent_account(text: str, *, bic: str) -> str:
    """The bank's own account: its check digit, and its last three digits are those of the BIC."""
    account = _digits(text, 20)
    if account[-3:] != bic[-3:]:
        raise ValueError("the correspondent account belongs to another bank")
    return _checked_account(account, f"0{bic[4:6]}")


def check_passport_dates(*, born: date, issued: date, today: date) -> None:
    """A passport is given from fourteen years on, and not in the future."""
    if not _anniversary(born, PASSPORT_AGE) <= issued <= today:
        raise ValueError("the passport cannot have been issued then")


def _anniversary(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # the 29th of February
        return born.replace(year=born.year + years, day=28) + timedelta(days=1)


def _digits(text: str, *lengths: int) -> str:
    digits = "".join(text.split())
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in lengths:
        raise ValueError(f"not {lengths} digits: {text!r}")
    return digits


def _inn_digit(inn: str, weights: Sequence[int]) -> str:
    return str(sum(weight * int(digit) for weight, digit in zip(weights, inn, strict=False)) % 11 % 10)


def _checked_account(account: str, head: str) -> str:
    digits = head + account
    if sum(int(digit) * _ACCOUNT[place % 3] for place, digit in enumerate(digits)) % 10:
        raise ValueError(f"check digit of the account {account}")
    return account
