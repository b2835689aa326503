"""Amounts in words, as papers about money demand them: roubles in words, kopecks as two digits."""

from decimal import ROUND_HALF_UP, Decimal

from webapp.core.formats import RUSSIAN_PLURAL

LARGEST = Decimal("999999999999.99")

Forms = tuple[str, str, str]  # for 1, for 2 to 4, for 5 and more

_UNITS_RU = (
    *("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"),
    *("одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать"),
    *("восемнадцать", "девятнадцать"),
)
_FEMININE_RU = {1: "одна", 2: "две"}
_TENS_RU = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_HUNDREDS_RU = ("", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот")
_THOUSANDS_RU: tuple[Forms, ...] = (
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
)
_ROUBLES_RU: Forms = ("рубль", "рубля", "рублей")
_KOPECKS_RU: Forms = ("копейка", "копейки", "копеек")

_UNITS_EN = (
    *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS_EN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSANDS_EN = ("thousand", "million", "billion")


def amount_in_words(amount: Decimal, language: str) -> str:
    """«Две тысячи два рубля 02 копейки», "Two thousand two roubles 02 kopecks". ValueError below 0, or beyond LARGEST.

    Rounded to the kopeck. An int is a number of roubles, as everywhere.
    """
    rounded = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not 0 <= rounded <= LARGEST:
        raise ValueError(f"no words for {amount}")
    roubles, kopecks = divmod(int(rounded * 100), 100)
    text = _russian(roubles, kopecks) if language == "ru" else _english(roubles, kopecks)
    return text[0].upper() + text[1:]


def _russian(roubles: int, kopecks: int) -> str:
    words = []
    for place, group in _groups(roubles):
        words += _group_ru(group, feminine=place == 1)
        if place:
            words.append(_form(group, _THOUSANDS_RU[place - 1]))
    number = " ".join(words) or "ноль"
    return f"{number} {_form(roubles, _ROUBLES_RU)} {kopecks:02} {_form(kopecks, _KOPECKS_RU)}"


def _english(roubles: int, kopecks: int) -> str:
    words = []
    for place, group in _groups(roubles):
        words += _group_en(group)
        if place:
            words.append(_THOUSANDS_EN[place - 1])
    number = " ".join(words) or "zero"
    rouble, kopeck = ("rouble" if roubles == 1 else "roubles"), ("kopeck" if kopecks == 1 else "kopecks")
    return f"{number} {rouble} {kopecks:02} {kopeck}"


def _groups(number: int) -> list[tuple[int, int]]:
    """Groups of three digits that are not 000, the highest first, each with its power of a thousand."""
    found = []
    place = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            found.append((place, group))
        place += 1
    return found[::-1]


def _group_ru(group: int, *, feminine: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    tens, units = (0, rest) if rest < len(_UNITS_RU) else divmod(rest, 10)
    unit = _FEMININE_RU.get(units, _UNITS_RU[units]) if feminine else _UNITS_RU[units]
    return [word for word in (_HUNDREDS_RU[hundreds], _TENS_RU[tens], unit) if word]


def _group_en(group: int) -> list[str]:
    hundreds, rest = divmod(group, 100)
    words = [_UNITS_EN[hundreds], "hundred"] if hundreds else []
    if rest < len(_UNITS_EN):
        return [*words, _UNITS_EN[rest]] if rest else words
    tens, units = divmod(rest, 10)
    return [*words, f"{_TENS_EN[tens]}-{_UNITS_EN[units]}" if units else _TENS_EN[tens]]


def _form(number: int, forms: Forms) -> str:
    """The word as it stands after this number."""
    return forms[{"one": 0, "few": 1}.get(RUSSIAN_PLURAL(number), 2)]
