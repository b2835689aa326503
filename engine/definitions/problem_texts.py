"""The sentences for findings in drawings, decisions and forms, in every language the product speaks."""

from engine.definitions.decision_texts import DECISION_TEXTS
from engine.definitions.form_texts import FORM_TEXTS
from engine.definitions.problems import Problem
from engine.definitions.structure_texts import STRUCTURE_TEXTS

_OWN: dict[str, dict[str, str]] = {
    "file_too_large": {
        "en": "The file is larger than {limit} MB.",
        "ru": "Файл больше {limit} МБ.",
    },
    "xml_not_utf8": {
        "en": "The file is not in UTF-8. Save it in UTF-8.",
        "ru": "Файл не в кодировке UTF-8. Сохраните его в UTF-8.",
    },
    "xml_doctype": {
        "en": "The file contains a DOCTYPE or an entity. Remove it: drawings do not need one.",
        "ru": "В файле есть DOCTYPE или сущность. Удалите: схемам они не нужны.",
    },
    "xml_malformed": {"en": "This is not well-formed XML: {reason}.", "ru": "Это некорректный XML: {reason}."},
    "xml_too_many_nodes": {
        "en": "The drawing has more than {limit} elements. Split it into called processes.",
        "ru": "В схеме больше {limit} элементов. Разделите её на вызываемые процессы.",
    },
    "too_many_boundary_events": {
        "en": "The drawing has more than {limit} events on the borders of steps. Split it into called processes.",
        "ru": "В схеме больше {limit} событий на границах шагов. Разделите её на вызываемые процессы.",
    },
    "too_many_processes": {
        "en": "The file holds more than {limit} processes. Split it into several files.",
        "ru": "В файле больше {limit} процессов. Разделите его на несколько файлов.",
    },
    "too_many_expressions": {
        "en": "The expressions of the file have more than {limit} characters together. Split it into several files.",
        "ru": "Выражения в файле вместе длиннее {limit} знаков. Разделите его на несколько файлов.",
    },
    "no_process": {"en": "The file holds no executable process.", "ru": "В файле нет исполняемого процесса."},
    "bad_id": {
        "en": "The id “{id}” must consist of Latin letters, digits and underscores.",
        "ru": "Идентификатор «{id}» должен состоять из латинских букв, цифр и подчёркиваний.",
    },
    "no_end_event": {"en": "The process has no end event.", "ru": "В процессе нет завершающего события."},
    "unreachable": {
        "en": "No path leads to this element.",
        "ru": "К этому элементу не ведёт ни один путь.",
    },
    "loop_without_wait": {
        "en": "This loop never waits for anybody and would run for ever.",
        "ru": "Этот цикл никого не ждёт и выполнялся бы бесконечно.",
    },
    "user_task_without_role": {"en": "Choose the role that does this step.", "ru": "Выберите роль, выполняющую шаг."},
    "user_task_without_form": {"en": "Choose the form of this step.", "ru": "Выберите форму этого шага."},
    "prompt_missing": {"en": "Write the prompt of this step.", "ru": "Напишите подсказку этого шага."},
    "unknown_role": {"en": "There is no role “{role}”.", "ru": "Роли «{role}» нет."},
    "unknown_form": {"en": "There is no form “{form}”.", "ru": "Формы «{form}» нет."},
    "form_still_used": {
        "en": "The process “{process}” needs the form “{form}” as it was, at “{element}”. Keep what it asks, or "
        "publish the changed process together with the form.",
        "ru": "Процессу «{process}» нужна форма «{form}» в прежнем виде, у «{element}». Сохраните её поля или "
        "публикуйте изменённый процесс вместе с формой.",
    },
    "unknown_process": {"en": "There is no process “{process}”.", "ru": "Процесса «{process}» нет."},
    "unknown_calendar": {"en": "There is no calendar “{calendar}”.", "ru": "Календаря «{calendar}» нет."},
    "unknown_operation": {"en": "There is no operation “{operation}”.", "ru": "Операции «{operation}» нет."},
    "unknown_decision": {
        "en": "The decision “{decision}” is not published. Choose one of those that are.",
        "ru": "Решение «{decision}» не опубликовано. Выберите одно из опубликованных.",
    },
    "decision_input_missing": {
        "en": "The decision “{decision}” needs the input “{input}”. Say where its value comes from.",
        "ru": "Решению «{decision}» нужен вход «{input}». Укажите, откуда берётся его значение.",
    },
    "decision_input_unknown": {
        "en": "The decision “{decision}” has no input “{input}”. Correct the name or remove it.",
        "ru": "У решения «{decision}» нет входа «{input}». Исправьте имя или уберите его.",
    },
    "decision_input_not_given": {
        "en": "The operation “{operation}” does not give the decision “{decision}” the input “{input}”, only {given}. "
        "Do without it.",
        "ru": "Операция «{operation}» не передаёт решению «{decision}» вход «{input}», только {given}. "
        "Обойдитесь без него.",
    },
    "decision_without_id": {
        "en": "The file of decisions has no id. Give its definitions one.",
        "ru": "У файла решений нет идентификатора. Задайте его в definitions.",
    },
    "decision_elsewhere": {
        "en": "The decision “{decision}” stands in the published file “{file}” already. Give it another id.",
        "ru": "Решение «{decision}» уже есть в опубликованном файле «{file}». Дайте ему другой идентификатор.",
    },
    "decision_still_used": {
        "en": "The process “{process}” asks the decision “{decision}”, which is gone or needs other inputs now.",
        "ru": "Процесс «{process}» обращается к решению «{decision}», а в этой версии его нет или у него другие входы.",
    },
    "decision_still_on_pages": {
        "en": "Pages ask the decision “{decision}”, which is gone or needs other inputs now.",
        "ru": "К решению «{decision}» обращаются страницы, а в этой версии его нет или у него другие входы.",
    },
    "process_calls_itself": {
        "en": "The process calls itself, directly or through others: it would never end. Draw a loop instead.",
        "ru": "Процесс вызывает сам себя, прямо или через другие, и никогда бы не закончился. Нарисуйте цикл.",
    },
    "service_task_without_operation": {
        "en": "Choose the operation of this task.",
        "ru": "Выберите операцию этой задачи.",
    },
    "missing_parameter": {
        "en": "The operation “{operation}” needs the parameter “{parameter}”.",
        "ru": "Операции «{operation}» нужен параметр «{parameter}».",
    },
    "extra_parameter": {
        "en": "The operation “{operation}” has no parameter “{parameter}”.",
        "ru": "У операции «{operation}» нет параметра «{parameter}».",
    },
    "parameter_not_in_form": {
        "en": "The operation “{operation}” needs “{parameter}”, which the form “{form}” does not ask.",
        "ru": "Операции «{operation}» нужно поле «{parameter}», которого нет в форме «{form}».",
    },
    "personal_field_unused": {
        "en": "The personal field “{field}” of the form “{form}” is not taken by an operation and would be lost.",
        "ru": "Персональное поле «{field}» формы «{form}» не принимает ни одна операция: значение было бы потеряно.",
    },
    "assignee_not_feel": {
        "en": "The assignee “{assignee}” must be an expression beginning with “=”.",
        "ru": "Исполнитель «{assignee}» должен быть выражением, начинающимся с «=».",
    },
    "gateway_without_default": {
        "en": "Mark one of the outgoing flows as the default.",
        "ru": "Отметьте один из исходящих потоков как поток по умолчанию.",
    },
    "milestone_misplaced": {
        "en": "A milestone may stand only on a none throw event or an end event.",
        "ru": "Веха может стоять только на пустом промежуточном или завершающем событии.",
    },
    "submit_misplaced": {
        "en": "Only a step for a person has a main button whose words can be set.",
        "ru": "Надпись главной кнопки задаётся только у шага, который выполняет человек.",
    },
    "sending_misplaced": {
        "en": "“{property}” belongs to a task or event that sends a message.",
        "ru": "Свойство «{property}» бывает только у задачи или события, которые отправляют сообщение.",
    },
    "offer_to_misplaced": {
        "en": "Roles in “offerTo” belong to an offered button.",
        "ru": "Роли в «offerTo» указывают у предлагаемой кнопки.",
    },
    "offer_in_calls_misplaced": {
        "en": "Only an offered button can reach into called processes, with the value “true”.",
        "ru": "Действовать внутри вызываемых процессов может только предлагаемая кнопка, значение — «true».",
    },
    "deviation_misplaced": {
        "en": "Only an offered button can be marked as a deviation, with the value “true”.",
        "ru": "Отклонением можно отметить только предлагаемую кнопку, значением «true».",
    },
    "outcome_misplaced": {
        "en": "An outcome may stand only on a none end event.",
        "ru": "Итог может стоять только на пустом завершающем событии.",
    },
    "undeclared_milestone": {
        "en": "The milestone “{milestone}” is not in the list of the process.",
        "ru": "Вехи «{milestone}» нет в списке процесса.",
    },
    "offer_not_message_boundary": {
        "en": "Only an interrupting message event on the border of a step or sub-process can be offered as a button.",
        "ru": "Кнопкой можно предложить только прерывающее событие-сообщение на границе шага или подпроцесса.",
    },
    "message_without_name": {"en": "Choose the message of this event.", "ru": "Выберите сообщение этого события."},
    "timer_empty": {"en": "Set the time of this timer.", "ru": "Задайте время этого таймера."},
    "start_without_time": {
        "en": "The timer of the start event gives no time ({reason}).",
        "ru": "Таймер начального события не даёт времени ({reason}).",
    },
    "bad_duration": {
        "en": "“{text}” is not a duration. Write for example PT30M, PT4H or P2D.",
        "ru": "«{text}» – не длительность. Пишите, например, PT30M, PT4H или P2D.",
    },
    "reminders_unreadable": {
        "en": "“{text}” is not a list of reminders. Write for example -PT10M, PT0S.",
        "ru": "«{text}» – не список напоминаний. Пишите, например, -PT10M, PT0S.",
    },
    "escalate_unreadable": {
        "en": "“{text}” is not an escalation. Write for example 150% min PT1H max P1D to head.",
        "ru": "«{text}» – не эскалация. Пишите, например, 150% min PT1H max P1D to head.",
    },
    "bad_feel": {
        "en": "The expression “{text}” cannot be read at position {position}: {reason}",
        "ru": "Выражение «{text}» не читается в позиции {position}: {reason}",
    },
    "unknown_function": {
        "en": "The expression “{text}” uses the unknown function “{function}”.",
        "ru": "В выражении «{text}» неизвестная функция «{function}».",
    },
    "no_picture": {
        "en": "The file holds no picture (BPMN DI): cases run, but their Diagram page stays empty.",
        "ru": "В файле нет рисунка (BPMN DI): процесс работает, но страница «Схема» у дел пуста.",
    },
    "not_in_picture": {
        "en": "The element is missing in the picture (BPMN DI); nobody sees when a case stands there.",
        "ru": "Элемента нет на рисунке (BPMN DI): не видно, когда дело стоит на нём.",
    },
    "no_due_time": {"en": "The step has no due time.", "ru": "У шага нет срока."},
    "missing_translation": {
        "en": "There is no {what} in the language “{language}”.",
        "ru": "Нет перевода ({what}) на язык «{language}».",
    },
    "name_too_long": {
        "en": "The name is longer than {limit} characters.",
        "ru": "Название длиннее {limit} символов.",
    },
    "milestones_too_many": {
        "en": "A process declares at most {limit} milestones.",
        "ru": "В процессе может быть объявлено не больше {limit} вех.",
    },
    "milestone_name_unfit": {
        "en": "“{milestone}” is not a milestone name: use letters, digits and underscores.",
        "ru": "«{milestone}» не годится для вехи: используйте буквы, цифры и подчёркивания.",
    },
    "milestone_declared_twice": {
        "en": "The milestone “{milestone}” stands twice in the list.",
        "ru": "Веха «{milestone}» стоит в списке дважды.",
    },
    "milestone_alias_unfit": {"en": "The alias “{alias}” cannot be read.", "ru": "Замена «{alias}» не читается."},
    "milestone_alias_declared": {
        "en": "The alias “{alias}” replaces a milestone that still exists.",
        "ru": "Замена «{alias}» относится к вехе, которая ещё существует.",
    },
    "milestone_alias_unknown": {
        "en": "The alias “{alias}” leads to an unknown milestone.",
        "ru": "Замена «{alias}» ведёт к неизвестной вехе.",
    },
    "ratio_unfit": {
        "en": "The ratio “{ratio}” cannot be read: write “name: milestone of milestone” and separate ratios by “;”.",
        "ru": "Коэффициент «{ratio}» не читается: пишите «имя: веха of веха» и разделяйте точкой с запятой.",
    },
    "ratio_declared_twice": {
        "en": "The ratio “{ratio}” stands twice in the list.",
        "ru": "Коэффициент «{ratio}» стоит в списке дважды.",
    },
    "ratio_of_itself": {
        "en": "The ratio “{ratio}” compares a milestone with itself: name two different ones.",
        "ru": "Коэффициент «{ratio}» сравнивает веху с ней же: назовите две разные.",
    },
    "ratio_milestone_unknown": {
        "en": "The ratio “{ratio}” names the milestone “{milestone}”, which is not in the list of milestones.",
        "ru": "Коэффициент «{ratio}» называет веху «{milestone}», которой нет в списке вех.",
    },
    "operation_not_allowed": {
        "en": "The department “{department}” may not use “{operation}”. Choose another one, or ask for the right.",
        "ru": "Отделу «{department}» не разрешена операция «{operation}». Выберите другую или попросите разрешить её.",
    },
    "ratio_without_name": {
        "en": "The ratio “{ratio}” has no name for people: add the property “ratio.{ratio}”.",
        "ru": "У коэффициента «{ratio}» нет названия для людей: добавьте свойство «ratio.{ratio}».",
    },
}

_TEXTS = _OWN | FORM_TEXTS | STRUCTURE_TEXTS | DECISION_TEXTS


def describe(problem: Problem, language: str) -> str:
    """The sentence for a finding; the code itself when nobody has written one."""
    sentence = _TEXTS.get(problem.code, {}).get(language) or _TEXTS.get(problem.code, {}).get("en") or problem.code
    return sentence.format_map(_Gaps(problem.details))


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
