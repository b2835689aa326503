"""The sentences for findings in drawings, decisions and forms, in every language the product speaks."""

from collections.abc import Mapping

from engine.definitions.decision_texts import DECISION_TEXTS
from engine.definitions.form_texts import FORM_TEXTS
from engine.definitions.problems import Problem
from engine.definitions.structure_texts import STRUCTURE_TEXTS

_OWN: dict[str, dict[str, str]] = {
    "file_too_large": {
        "en": "The file is larger than {limit} MB. Split the process: a part of it can be a process of its own that "
        "is called.",
        "ru": "Файл больше {limit} МБ. Разделите процесс: его часть может быть отдельным процессом, который "
        "вызывается.",
    },
    "xml_not_utf8": {
        "en": "The letters of the file cannot be read. Save it in the encoding UTF-8.",
        "ru": "Буквы файла не читаются. Сохраните его в кодировке UTF-8.",
    },
    "xml_doctype": {
        "en": "The file begins with a part (DOCTYPE or entities) that could bring in other files. Save the drawing "
        "anew in the editor or in the Modeler, then open that file.",
        "ru": "В начале файла есть часть (DOCTYPE или сущности), которая могла бы подгрузить другие файлы. Сохраните "
        "схему заново в редакторе или в Modeler и откройте этот файл.",
    },
    "xml_malformed": {
        "en": "The file is damaged and cannot be read as a drawing. Save it anew or take the last good copy.",
        "ru": "Файл повреждён и не читается как схема. Сохраните его заново или возьмите последнюю целую копию.",
    },
    "xml_too_many_nodes": {
        "en": "The drawing has more than {limit} elements. Put parts of it into processes of their own and call them.",
        "ru": "В схеме больше {limit} элементов. Вынесите её части в отдельные процессы и вызывайте их.",
    },
    "too_many_boundary_events": {
        "en": "The drawing has more than {limit} events on steps. Put parts of it into processes of their own and "
        "call them.",
        "ru": "В схеме больше {limit} событий на шагах. Вынесите её части в отдельные процессы и вызывайте их.",
    },
    "too_many_processes": {
        "en": "The file holds more than {limit} processes. Split it into several files.",
        "ru": "В файле больше {limit} процессов. Разделите его на несколько файлов.",
    },
    "too_many_expressions": {
        "en": "The expressions of the file have more than {limit} characters together. Split it into several files.",
        "ru": "Выражения в файле вместе длиннее {limit} знаков. Разделите его на несколько файлов.",
    },
    "no_process": {
        "en": "There is no process in the file. Begin a new one, or open another file.",
        "ru": "В файле нет процесса. Начните новый или откройте другой файл.",
    },
    "bad_id": {
        "en": "The inner name of this element has signs that it cannot have. Delete the element and draw it "
        "anew: it gets a right one by itself.",
        "ru": "Во внутреннем имени этого элемента есть недопустимые знаки. Удалите элемент и нарисуйте заново: "
        "правильное имя появится само.",
    },
    "no_end_event": {
        "en": "The process never ends. Draw an “End of the process” and lead a way to it.",
        "ru": "Процесс нигде не заканчивается. Нарисуйте «Конец процесса» и проведите к нему путь.",
    },
    "unreachable": {
        "en": "No way leads here, so it would never be done. Connect it with what comes before it, or delete it.",
        "ru": "Сюда не ведёт ни один путь, поэтому до этого никогда не дойдёт. Соедините с тем, что идёт раньше, или "
        "удалите.",
    },
    "nothing_follows": {
        "en": "No way leads on from here: the work breaks off. Lead a way to what comes next, or to an end.",
        "ru": "Отсюда не ведёт ни один путь: работа здесь обрывается. Проведите путь к тому, что дальше, или к концу.",
    },
    "name_missing": {
        "en": "The step has no name: nobody would know in his diary what to do. Write one.",
        "ru": "У шага нет названия: в ежедневнике не понять, что делать. Напишите его.",
    },
    "loop_without_wait": {
        "en": "From here the way goes in a circle in which nobody does anything, so it would go round for ever. Put a "
        "step of a person or a waiting into the circle.",
        "ru": "Отсюда путь идёт по кругу, в котором никто ничего не делает: он крутился бы бесконечно. Поставьте в "
        "круг шаг сотрудника или ожидание.",
    },
    "user_task_without_role": {
        "en": "Nobody does this step. Choose the role that does it.",
        "ru": "Этот шаг некому выполнять. Выберите роль, которая его выполняет.",
    },
    "user_task_without_form": {
        "en": "Nothing is asked here. Choose a form.",
        "ru": "Здесь ничего не спрашивают. Выберите форму.",
    },
    "prompt_missing": {
        "en": "The person would not know what to do. Write a prompt.",
        "ru": "Сотрудник не узнает, что делать. Напишите подсказку.",
    },
    "unknown_role": {
        "en": "The role chosen here does not exist. Choose one from the list.",
        "ru": "Выбранной здесь роли нет. Выберите роль из списка.",
    },
    "unknown_form": {
        "en": "The form chosen here does not exist. Choose one from the list or make a new one.",
        "ru": "Выбранной здесь формы нет. Выберите форму из списка или создайте новую.",
    },
    "personal_field_in_use": {
        "en": "“{field}” is personal, and the process “{process}” keeps it nowhere at “{element}”: it would be lost. "
        "Take away the mark “Personal”, or change the process so that an operation keeps it and publish both.",
        "ru": "«{field}» – персональное поле, а процесс «{process}» на шаге «{element}» нигде его не сохраняет: ответ "
        "пропал бы. Снимите отметку «Персональное» или измените процесс, чтобы действие сохраняло поле, и опубликуйте "
        "их вместе.",
    },
    "form_still_used": {
        "en": "The process “{process}” needs the form “{form}” as it was, at “{element}”. Keep what it asks, or "
        "publish the changed process together with the form.",
        "ru": "Процессу «{process}» нужна форма «{form}» в прежнем виде, у «{element}». Сохраните её поля или "
        "публикуйте изменённый процесс вместе с формой.",
    },
    "unknown_process": {
        "en": "The process that is called here does not exist. Choose one from the list.",
        "ru": "Вызываемого здесь процесса нет. Выберите процесс из списка.",
    },
    "unknown_calendar": {
        "en": "The working calendar chosen here does not exist. Choose one from the list.",
        "ru": "Выбранного здесь рабочего календаря нет. Выберите календарь из списка.",
    },
    "unknown_operation": {
        "en": "What the system is to do here is not known to it. Choose an operation from the list.",
        "ru": "Система не знает действия, которое здесь выбрано. Выберите действие из списка.",
    },
    "decision_not_chosen": {
        "en": "Nothing decides here. Choose a decision table, or make a new one.",
        "ru": "Здесь никто не решает. Выберите таблицу решений или создайте новую.",
    },
    "unknown_decision": {
        "en": "The decision table chosen here is not published. Choose one from the list.",
        "ru": "Выбранная здесь таблица решений не опубликована. Выберите таблицу из списка.",
    },
    "decision_input_missing": {
        "en": "The decision table needs “{input}”. Say where its value comes from.",
        "ru": "Таблице решений нужно значение «{input}». Укажите, откуда его взять.",
    },
    "decision_input_unknown": {
        "en": "The decision table does not ask for “{input}”. Correct the name or remove it.",
        "ru": "Таблица решений не спрашивает «{input}». Исправьте имя или уберите его.",
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
        "en": "The process calls itself, directly or through others, and would never end. Lead the way back to an "
        "earlier step instead.",
        "ru": "Процесс вызывает сам себя, прямо или через другие, и никогда бы не закончился. Вместо этого проведите "
        "путь назад к более раннему шагу.",
    },
    "service_task_without_operation": {
        "en": "Nothing is done here. Choose an operation.",
        "ru": "Здесь ничего не происходит. Выберите действие.",
    },
    "missing_parameter": {
        "en": "“{operation}” needs “{parameter}”. Say where it comes from.",
        "ru": "Действию «{operation}» нужно: {parameter}. Укажите, откуда это взять.",
    },
    "extra_parameter": {
        "en": "“{operation}” does not know what to do with “{parameter}”. Remove it.",
        "ru": "Действие «{operation}» не знает, что делать с переданным: «{parameter}». Уберите это.",
    },
    "parameter_not_in_form": {
        "en": "“{operation}” needs “{parameter}”, but the form “{form}” does not ask for it. Add this question to the "
        "form, or choose another form or operation.",
        "ru": "Действию «{operation}» нужно: «{parameter}», а форма «{form}» этого не спрашивает. Добавьте вопрос в "
        "форму, выберите другую форму или другое действие.",
    },
    "personal_field_unused": {
        "en": "The form “{form}” asks for “{field}”, which is personal data, and nothing here keeps it: it would be "
        "lost. Choose under “When it is done” an operation that keeps it, or take the question out of the form.",
        "ru": "Форма «{form}» спрашивает «{field}» – это персональные данные, а здесь их ничто не сохраняет: они "
        "пропали бы. Выберите в «Когда выполнен» действие, которое их сохранит, или уберите вопрос из формы.",
    },
    "assignee_not_feel": {
        "en": "It cannot be told from “{assignee}” who does this step. Choose “owner of the case” or “whoever takes "
        "it”, or set an expression.",
        "ru": "Из «{assignee}» не понять, кто выполняет шаг. Выберите «ответственный за дело» или «кто возьмёт» либо "
        "задайте выражение.",
    },
    "gateway_without_default": {
        "en": "If no condition holds, the case would stand still here. Choose under “Otherwise” the way that is taken "
        "then.",
        "ru": "Если ни одно условие не выполнится, дело здесь застрянет. Выберите в поле «Иначе» путь на этот случай.",
    },
    "milestone_misplaced": {
        "en": "A milestone cannot be reached here. Draw the “Milestone” behind this element, or set it at an end of "
        "the process.",
        "ru": "Здесь веха не может быть достигнута. Нарисуйте «Веху» после этого элемента или задайте её у конца "
        "процесса.",
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
        "en": "Only an end of the process has an outcome of the case. Set it there and remove it here.",
        "ru": "Исход дела бывает только у конца процесса. Задайте его там, а здесь уберите.",
    },
    "undeclared_milestone": {
        "en": "The milestone “{milestone}” is not in the list of the process. Choose one from the list, or add it "
        "there: click beside the drawing, then “Milestones”.",
        "ru": "Вехи «{milestone}» нет в списке процесса. Выберите веху из списка или добавьте её туда: щёлкните мимо "
        "схемы, затем «Вехи».",
    },
    "offer_not_message_boundary": {
        "en": "Only an event with a message on a step or a part of the process, which ends it, can be shown as a "
        "button. Change the event, or take the button away.",
        "ru": "Кнопкой показывают только событие с сообщением на шаге или части процесса, которое её прекращает. "
        "Измените событие или уберите кнопку.",
    },
    "message_without_name": {
        "en": "Choose the message that this event is about.",
        "ru": "Выберите сообщение этого события.",
    },
    "timer_empty": {
        "en": "Set when this happens.",
        "ru": "Укажите, когда это происходит.",
    },
    "start_without_time": {
        "en": "It cannot be told when this process begins: its beginning by the clock gives no moment. Set the time "
        "anew.",
        "ru": "Не понять, когда процесс начинается: начало по часам не даёт момента. Задайте время заново.",
    },
    "bad_duration": {
        "en": "“{text}” is not a length of time. Clear the field, then set a number of minutes, hours or days.",
        "ru": "«{text}» – не промежуток времени. Очистите поле и задайте число минут, часов или дней.",
    },
    "timer_unreadable": {
        "en": "“{text}” is not a time that can be waited for. Clear the field, then choose after what time or at what "
        "moment.",
        "ru": "«{text}» – не время, которого можно ждать. Очистите поле и выберите, через какое время или в какой "
        "момент.",
    },
    "keep_for_unreadable": {
        "en": "“{text}” does not say how long the message is kept. Write for example PT4H for four hours or P2D for "
        "two days.",
        "ru": "Из «{text}» не понять, сколько хранить сообщение. Напишите, например, PT4H – четыре часа или P2D – два "
        "дня.",
    },
    "reminders_unreadable": {
        "en": "“{text}” cannot be read as a reminder. Clear the field, then add the reminders anew: how long before "
        "it is due.",
        "ru": "«{text}» не читается как напоминание. Очистите поле и добавьте напоминания заново: за сколько до срока.",
    },
    "escalate_unreadable": {
        "en": "“{text}” does not say who is told when the step is late. Clear the field, then add it anew: after what "
        "time, and whom to tell.",
        "ru": "Из «{text}» не понять, кому сообщить об опоздании. Очистите поле и добавьте заново: через какое время "
        "и кому сообщить.",
    },
    "bad_feel": {
        "en": "The expression “{text}” cannot be read at its sign {position}. {reason} Correct it or set it anew.",
        "ru": "Выражение «{text}» не читается со знака {position}. {reason_ru} Исправьте его или задайте заново.",
    },
    "unknown_function": {
        "en": "The expression “{text}” calls for “{function}”, which does not exist. Correct the name or take it out.",
        "ru": "В выражении «{text}» названа функция «{function}», которой нет. Исправьте имя или уберите её.",
    },
    "no_picture": {
        "en": "The file holds no picture: cases run, but nobody sees them on the drawing.",
        "ru": "В файле нет рисунка: дела идут, но на схеме их не видно.",
    },
    "not_in_picture": {
        "en": "This is missing in the picture: nobody sees when a case stands there.",
        "ru": "Этого нет на рисунке: не видно, когда дело стоит здесь.",
    },
    "no_due_time": {"en": "The step has no due time.", "ru": "У шага нет срока."},
    "missing_translation": {
        "en": "“{what}” is missing in the language: {language}.",
        "ru": "Не переведено: «{what}», язык: {language}.",
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
    "draft_key_changed": {
        "en": "This draft is of “{old}”, and the file calls itself “{new}”. Bring that file in as a draft of its own.",
        "ru": "Это черновик «{old}», а файл называет себя «{new}». Откройте такой файл отдельным черновиком.",
    },
    "process_of_another_file": {
        "en": "The process “{process}” belongs to another file. Take it out of this drawing and change it there.",
        "ru": "Процесс «{process}» относится к другому файлу. Уберите его из этой схемы и меняйте там.",
    },
    "operation_not_allowed": {
        "en": "The department “{department}” may not use “{operation}”. Choose another one, or ask for the right.",
        "ru": "Отделу «{department}» не разрешено действие «{operation}». Выберите другое или попросите разрешить его.",
    },
    "ratio_without_name": {
        "en": "The ratio “{ratio}” has no name for people: add the property “ratio.{ratio}”.",
        "ru": "У коэффициента «{ratio}» нет названия для людей: добавьте свойство «ratio.{ratio}».",
    },
}

_TEXTS = _OWN | FORM_TEXTS | STRUCTURE_TEXTS | DECISION_TEXTS


def describe(problem: Problem, language: str, titles: Mapping[str, object] | None = None) -> str:
    """The sentence for a finding; the code itself when nobody has written one.

    `titles`: what people call the things that its details name.
    """
    sentence = _TEXTS.get(problem.code, {}).get(language) or _TEXTS.get(problem.code, {}).get("en") or problem.code
    return sentence.format_map(_Gaps({**problem.details, **(titles or {})}))


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
