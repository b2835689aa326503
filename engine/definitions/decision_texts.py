"""The sentences for what is wrong with a file of decisions (codes of engine.decisions)."""

DECISION_TEXTS: dict[str, dict[str, str]] = {
    "not_dmn": {"en": "This is no file of decisions (DMN).", "ru": "Это не файл решений (DMN)."},
    "dmn_too_many_elements": {
        "en": "The file has more than {limit} elements. Split it into files that import each other.",
        "ru": "В файле больше {limit} элементов. Разделите его на файлы, импортирующие друг друга.",
    },
    "dmn_too_many_drawn": {
        "en": "The file has more than {limit} decisions, inputs and functions. Split it into several files.",
        "ru": "В файле больше {limit} решений, входов и функций. Разделите его на несколько файлов.",
    },
    "dmn_too_many_names": {
        "en": "More than {limit} names are in use at one place.",
        "ru": "В одном месте используется больше {limit} имён.",
    },
    "dmn_too_many_files": {
        "en": "At most {limit} files can be imported.",
        "ru": "Импортировать можно не больше {limit} файлов.",
    },
    "dmn_import_missing": {
        "en": "The imported file “{namespace}” is not there.",
        "ru": "Нет импортируемого файла «{namespace}».",
    },
    "dmn_requirement_missing": {
        "en": "The required element “{reference}” does not exist or is not imported.",
        "ru": "Требуемого элемента «{reference}» нет, или он не импортирован.",
    },
    "dmn_unknown_type": {"en": "There is no type “{type}”.", "ru": "Типа «{type}» нет."},
    "dmn_bad_feel": {
        "en": "The expression “{text}” cannot be read at position {position}: {reason}",
        "ru": "Выражение «{text}» не читается в позиции {position}: {reason_ru}",
    },
    "dmn_unknown_function": {"en": "There is no function “{function}”.", "ru": "Функции «{function}» нет."},
    "dmn_unknown_name": {
        "en": "Nothing is called “{name}” here: draw the requirement, or correct the name.",
        "ru": "Здесь ничего не называется «{name}»: нарисуйте связь или исправьте имя.",
    },
    "dmn_unknown_language": {
        "en": "Expressions are written in FEEL, not in “{language}”.",
        "ru": "Выражения пишутся на FEEL, а не на «{language}».",
    },
    "dmn_external_function": {
        "en": "Functions of the kind “{kind}” are not allowed: a table can never run code on the server.",
        "ru": "Функции вида «{kind}» не разрешены: таблица не может выполнять код на сервере.",
    },
    "dmn_repeated_parameter": {
        "en": "Two parameters of the function have the same name.",
        "ru": "У функции два параметра с одним именем.",
    },
    "dmn_binding_without_parameter": {
        "en": "A binding of the invocation has no parameter.",
        "ru": "В привязке вызова не указан параметр.",
    },
    "dmn_part_missing": {
        "en": "The part “{part}” of the expression is empty.",
        "ru": "Часть «{part}» выражения пуста.",
    },
    "dmn_too_deep": {
        "en": "Expressions are nested more than {limit} levels deep.",
        "ru": "Вложенность выражений больше {limit} уровней.",
    },
    "dmn_row_length": {
        "en": "The row has {found} cells, but there are {expected} columns.",
        "ru": "В строке ячеек: {found}, а столбцов: {expected}.",
    },
    "dmn_rule_length": {
        "en": "Rule {number} has not as many cells as the table has columns.",
        "ru": "В правиле {number} не столько ячеек, сколько столбцов в таблице.",
    },
    "dmn_unknown_hit_policy": {
        "en": "There is no hit policy “{policy}”.",
        "ru": "Политики срабатывания «{policy}» нет.",
    },
    "dmn_table_without_output": {"en": "The table has no output.", "ru": "В таблице нет выхода."},
    "dmn_output_without_name": {
        "en": "Every output of a table with several outputs needs a name.",
        "ru": "Если выходов несколько, у каждого должно быть имя.",
    },
    "dmn_priorities_missing": {
        "en": "The hit policy goes by the order of the output values: list them for every output.",
        "ru": "Политика срабатывания идёт по порядку значений выхода: перечислите их у каждого выхода.",
    },
    "dmn_aggregation_of_several": {
        "en": "{aggregation} works on a single output, but the table has several.",
        "ru": "{aggregation} работает с одним выходом, а в таблице их несколько.",
    },
    "table_no_rule": {"en": "No rule fits.", "ru": "Ни одно правило не подошло."},
    "table_several_rules": {
        "en": "Several rules fit, though only one may.",
        "ru": "Подошло несколько правил, а должно одно.",
    },
    "table_different_outputs": {
        "en": "The rules that fit do not agree.",
        "ru": "Подошедшие правила дают разные результаты.",
    },
    "table_not_allowed": {
        "en": "An input has a value that the table does not allow.",
        "ru": "Значение входа не из числа допустимых.",
    },
    "dmn_unknown_decision": {
        "en": "There is no decision, service or function “{element}”.",
        "ru": "Нет решения, сервиса или функции «{element}».",
    },
    "dmn_circle": {
        "en": "The decision “{element}” requires itself through others.",
        "ru": "Решение «{element}» через другие требует само себя.",
    },
}
