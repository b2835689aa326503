"""The sentences of FEEL refusals: code -> (English, Russian)."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "feel_empty": (
        "The expression is empty.",
        "Выражение пустое.",
    ),
    "feel_too_long": (
        "The expression has {length} characters; at most {limit} are allowed.",
        "В выражении {length} знаков; допустимо не больше {limit}.",
    ),
    "feel_unknown_character": (
        "The character {character} has no meaning here.",
        "Знак {character} здесь не имеет смысла.",
    ),
    "feel_open_text": (
        "A text starts here and its closing quote is missing.",
        "Здесь начинается текст, но нет закрывающей кавычки.",
    ),
    "feel_open_comment": (
        "A comment starts here and its closing */ is missing.",
        "Здесь начинается комментарий, но нет закрывающих */.",
    ),
    "feel_open_name": (
        "A name starts here and its closing backtick is missing.",
        "Здесь начинается имя, но нет закрывающей обратной кавычки.",
    ),
    "feel_half_character": (
        "The escape {escape} is not a character.",
        "Код {escape} не обозначает никакого знака.",
    ),
    "feel_number_touches_name": (
        "The number {number} is directly followed by letters.",
        "Сразу за числом {number} стоят буквы.",
    ),
    "feel_unexpected": (
        "{found} stands here, but {expected} was expected.",
        "Здесь стоит {found}, а ожидается: {expected}.",
    ),
    "feel_unexpected_end": (
        "The expression ends, but {expected} was expected.",
        "Выражение обрывается, а ожидается: {expected}.",
    ),
    "feel_superfluous": (
        "The expression is complete before {found}.",
        "Выражение закончено, лишнее: {found}.",
    ),
    "feel_external_function": (
        "External functions are not allowed.",
        "Внешние функции не разрешены.",
    ),
    "feel_mixed_arguments": (
        "Arguments are either all named or all positional.",
        "Аргументы либо все с именами, либо все без имён.",
    ),
    "feel_repeated_name": (
        "The name {name} is given twice.",
        "Имя {name} указано дважды.",
    ),
    "feel_unknown_type": (
        "There is no type {name}.",
        "Нет типа {name}.",
    ),
    "feel_too_deep": (
        "The expression is nested more than {limit} levels deep.",
        "Вложенность выражения больше {limit} уровней.",
    ),
    "feel_too_tangled": (
        "The expression is too tangled to be read.",
        "Выражение слишком запутано, чтобы его разобрать.",
    ),
    "feel_not_a_duration": (
        "{text} is not a duration such as PT30M, P2D or P1Y6M.",
        "{text} — не длительность вида PT30M, P2D или P1Y6M.",
    ),
    "feel_mixed_duration": (
        "{text} mixes months with days; a duration has either years and months or days and time.",
        "{text} смешивает месяцы и дни; длительность состоит либо из лет и месяцев, либо из дней и времени.",
    ),
    "feel_foreign_value": (
        "A value of the kind {kind} cannot be used in an expression.",
        "Значение вида {kind} нельзя использовать в выражении.",
    ),
    "feel_too_many_steps": (
        "The expression needs too many steps.",
        "Вычисление выражения требует слишком много шагов.",
    ),
    "feel_calls_too_deep": (
        "The expression calls functions within functions too deeply.",
        "Функции в выражении слишком глубоко вызывают друг друга.",
    ),
    "feel_list_too_long": (
        "A list of {length} elements is too long; at most {limit} are allowed.",
        "Список из {length} элементов слишком длинный; допустимо не больше {limit}.",
    ),
    "feel_text_too_long": (
        "A text of {length} characters is too long; at most {limit} are allowed.",
        "Текст из {length} знаков слишком длинный; допустимо не больше {limit}.",
    ),
}

# What "… was expected" names; signs and keywords stand for themselves.
PHRASES: Final[dict[str, tuple[str, str]]] = {
    "value": ("a value", "значение"),
    "name": ("a name", "имя"),
    "end of interval": ("] or ) at the end of the interval", "] или ) в конце интервала"),
    "type": ("a type", "тип"),
    "iteration": ("a variable with in", "переменная с in"),
}


def sentence(code: str, language: str, details: Mapping[str, object]) -> str:
    """The filled sentence; any language but Russian gets English."""
    column = 1 if language == "ru" else 0
    words = dict(details)
    if words.get("expected") in PHRASES:
        words["expected"] = PHRASES[str(words["expected"])][column]
    return SENTENCES[code][column].format(**words)
