"""The sentences for findings in forms."""

from typing import Final

FORM_TEXTS: Final[dict[str, dict[str, str]]] = {
    "json_malformed": {"en": "This is not valid JSON: {reason}.", "ru": "Это некорректный JSON: {reason}."},
    "form_without_id": {"en": "The form has no id.", "ru": "У формы нет идентификатора."},
    "form_without_components": {"en": "The form has no fields.", "ru": "В форме нет полей."},
    "unknown_component": {
        "en": "Fields of the kind “{type}” are not supported.",
        "ru": "Поля вида «{type}» не поддерживаются.",
    },
    "bad_field_key": {
        "en": "The field key “{key}” must consist of Latin letters, digits and underscores.",
        "ru": "Ключ поля «{key}» должен состоять из латинских букв, цифр и подчёркиваний.",
    },
    "duplicate_field": {
        "en": "The field “{key}” stands twice in the form.",
        "ru": "Поле «{key}» стоит в форме дважды.",
    },
    "form_too_large": {
        "en": "The form has more than {limit} components. Split it into several steps.",
        "ru": "В форме больше {limit} элементов. Разделите её на несколько шагов.",
    },
    "bad_pattern": {
        "en": "The pattern of the field “{key}” cannot be used: it is malformed, too long, looks around or back.",
        "ru": "Шаблон поля «{key}» не годится: он неверен, слишком длинный, заглядывает вперёд или ссылается назад.",
    },
    "field_without_options": {
        "en": "The field “{key}” has nothing to choose from.",
        "ru": "У поля «{key}» нет вариантов выбора.",
    },
    "list_in_list": {
        "en": "The list “{key}” stands in the list “{list}”. A row may not hold another list.",
        "ru": "Список «{key}» стоит внутри списка «{list}». В строке не может быть другого списка.",
    },
    "list_without_fields": {
        "en": "A row of the list “{key}” asks nothing. Add a field to it.",
        "ru": "Строка списка «{key}» ни о чём не спрашивает. Добавьте в неё поле.",
    },
    "personal_in_row": {
        "en": "The field “{key}” is personal: mark the whole list “{list}” as personal instead.",
        "ru": "Поле «{key}» помечено персональным: пометьте вместо него весь список «{list}».",
    },
    "mandatory_in_row": {
        "en": "The field “{key}” has mandatory lines: put it outside the rows of the list “{list}”.",
        "ru": "У поля «{key}» есть обязательные пункты: вынесите его из строк списка «{list}».",
    },
    "mandatory_too_many": {
        "en": "The checklist “{key}” has mandatory lines: it holds at most {limit} lines, their values at most "
        "{length} characters each.",
        "ru": "В чек-листе «{key}» есть обязательные пункты: всего пунктов может быть не больше {limit}, а их значения "
        "не длиннее {length} знаков.",
    },
    "mandatory_without_lines": {
        "en": "The field “{key}” has no lines that could be mandatory: only a checklist with values of its own has.",
        "ru": "У поля «{key}» не может быть обязательных пунктов: они бывают только у чек-листа с собственным списком.",
    },
    "mandatory_personal": {
        "en": "The field “{key}” is personal. What is left out of mandatory lines is recorded, so it cannot be both.",
        "ru": "Поле «{key}» персональное. Пропуск обязательных пунктов остаётся в хронике, поэтому уберите одно из "
        "двух.",
    },
    "unknown_mandatory_line": {
        "en": "The field “{key}” has no line “{line}” to be mandatory. Choose from: {known}; or write “all”.",
        "ru": "У поля «{key}» нет пункта «{line}», который назван обязательным. Возможны: {known}; или напишите «all».",
    },
    "computed_without_expression": {
        "en": "The computed field “{key}” has no expression.",
        "ru": "У вычисляемого поля «{key}» нет выражения.",
    },
    "computed_circle": {
        "en": "These computed fields need each other: {circle}.",
        "ru": "Вычисляемые поля ссылаются друг на друга по кругу: {circle}.",
    },
    "unknown_field_kind": {
        "en": "The kind “{kind}” of the field “{key}” is not known. Choose from: {known}.",
        "ru": "Вид «{kind}» поля «{key}» неизвестен. Возможны: {known}.",
    },
    "form_misshapen": {
        "en": "The form holds something else than expected under “{place}”.",
        "ru": "В форме под «{place}» стоит не то, что ожидается.",
    },
    "bad_limit": {
        "en": "The limit “{limit}” of the field “{key}” cannot be used: “{text}”. Write a number; the least "
        "must not be above the most.",
        "ru": "Граница «{limit}» поля «{key}» не годится: «{text}». Укажите число; наименьшее не должно превышать "
        "наибольшее.",
    },
    "bad_decimals": {
        "en": "The field “{key}” may have 0 to {limit} digits after the point.",
        "ru": "У поля «{key}» может быть от 0 до {limit} знаков после запятой.",
    },
    "bad_count": {
        "en": "“{text}” is not a number that limits the field “{key}”. Write for example 3.",
        "ru": "«{text}» не годится как ограничение поля «{key}». Пишите число, например 3.",
    },
    "bad_count_range": {
        "en": "The field “{key}” cannot take from {min} to {max}: at most {limit} are possible here.",
        "ru": "Поле «{key}» не может принимать от {min} до {max}: здесь возможно не больше {limit}.",
    },
    "passed_dates_without_day": {
        "en": "The field “{key}” asks for no day, so it can refuse no day that has passed. Remove disallowPassedDates.",
        "ru": "Поле «{key}» не спрашивает день, поэтому не может отклонять прошедшие дни. Уберите disallowPassedDates.",
    },
    "bad_accept": {
        "en": "“{text}” is not an ending of file names. Write for example .pdf, .jpg.",
        "ru": "«{text}» – не расширение файла. Пишите, например, .pdf, .jpg.",
    },
}
