"""Names in any spelling: ё or е, Cyrillic or Latin letters, one transliteration or another.

`sound_of` gives one and the same text for «Юлия Белова», "Yulia Belova" and "Julia Belova". It is made
for comparing, never for showing; different names may sound alike (find too many rather than too few).
"""

import re
import unicodedata

_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "-",
            "y",
            "-",
            "e",
            "yu",
            "ya",
            "i",
            "yi",
            "ye",
            "g",
            "u",
        ],
        strict=True,
    )
)
_TO_LATIN = str.maketrans({letter: "" if latin == "-" else latin for letter, latin in _LETTERS.items()})

# In this order; each rule folds spellings that stand for the same sound.
_FOLDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|sch|shh", "sh"),
        (r"tch", "ch"),
        (r"kh", "h"),
        (r"ph", "f"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"tz", "ts"),
        (r"c(?=[eiy])", "ts"),
        (r"ck", "k"),
        (r"c(?!h)", "k"),
        (r"q", "k"),
        (r"[yij]+(?=[aeu])", ""),
        (r"[yij]+o", "e"),
        (r"[yj]", "i"),
        (r"(.)\1+", r"\1"),
    )
)


def sound_of(text: str) -> str:
    """Words in lower-case Latin letters and digits, joined by single blanks."""
    latin = _without_marks(text.casefold().translate(_TO_LATIN))
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’`ʹʺ]", "", latin))
    return " ".join(filter(None, map(_fold, words)))


def in_latin(text: str) -> str:
    """Lower-case Latin letters for Cyrillic and accented ones; everything else stays."""
    return _without_marks(text.casefold().translate(_TO_LATIN))


def mark(text: str, wanted: str) -> list[tuple[str, bool]]:
    """The text in pieces; True for the beginnings of words that sound like a word of `wanted`."""
    sounds = sound_of(wanted).split()
    pieces: list[tuple[str, bool]] = []
    for word in re.findall(r"\w+|\W+", text):
        length = max((_matching_length(word, sound) for sound in sounds), default=0)
        pieces += [(piece, hit) for piece, hit in ((word[:length], True), (word[length:], False)) if piece]
    return pieces


def _matching_length(word: str, sound: str) -> int:
    """How many letters at the word's beginning sound like this; 0 when they do not."""
    if not sound_of(word).startswith(sound):
        return 0
    return next((count for count in range(1, len(word)) if sound_of(word[:count]).startswith(sound)), len(word))


def _fold(word: str) -> str:
    for pattern, sound in _FOLDS:
        word = pattern.sub(sound, word)
    return word


def _without_marks(text: str) -> str:
    """Letters without their accents: é counts as e."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
