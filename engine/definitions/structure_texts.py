"""The sentences for what is wrong with the token flow of a drawing (codes of engine.spiff)."""

STRUCTURE_TEXTS: dict[str, dict[str, str]] = {
    "process_unknown": {
        "en": "The file does not contain this process.",
        "ru": "В файле нет этого процесса.",
    },
    "duplicate_id": {
        "en": "This id is used more than once.",
        "ru": "Этот идентификатор использован больше одного раза.",
    },
    "element_without_id": {
        "en": "An element of the kind “{kind}” has no id.",
        "ru": "У элемента вида «{kind}» нет идентификатора.",
    },
    "unsupported_element": {
        "en": "Elements of the kind “{kind}” are not supported.",
        "ru": "Элементы вида «{kind}» не поддерживаются.",
    },
    "script_task": {
        "en": "Script tasks are not allowed. Use a service task with an operation.",
        "ru": "Задачи со скриптом запрещены. Используйте служебную задачу с операцией.",
    },
    "transaction": {
        "en": "Transactions are not supported. Use an ordinary sub-process.",
        "ru": "Транзакции не поддерживаются. Используйте обычный подпроцесс.",
    },
    "ad_hoc_subprocess": {
        "en": "Ad-hoc sub-processes are not supported. Draw the order of the steps.",
        "ru": "Ad-hoc подпроцессы не поддерживаются. Нарисуйте порядок шагов.",
    },
    "event_subprocess": {
        "en": "Event sub-processes are not supported. Use a boundary event on a sub-process.",
        "ru": "Событийные подпроцессы не поддерживаются. Используйте событие на границе подпроцесса.",
    },
    "reserved_id": {
        "en": "This id is reserved. Choose another one.",
        "ru": "Этот идентификатор зарезервирован. Выберите другой.",
    },
    "call_without_process": {
        "en": "Choose the process that is called.",
        "ru": "Выберите вызываемый процесс.",
    },
    "data_object": {
        "en": "Data objects and stores are not supported: values stand in the case document.",
        "ru": "Объекты и хранилища данных не поддерживаются: значения лежат в документе дела.",
    },
    "no_start_event": {
        "en": "There is no start event.",
        "ru": "Нет начального события.",
    },
    "several_start_events": {
        "en": "There is more than one start event.",
        "ru": "Начальных событий больше одного.",
    },
    "start_event_inside_subprocess": {
        "en": "A sub-process must begin with a plain start event.",
        "ru": "Подпроцесс должен начинаться с простого начального события.",
    },
    "dangling_flow": {
        "en": "The flow leads from “{source}” to “{target}”, one of which does not exist here.",
        "ru": "Поток ведёт от «{source}» к «{target}», одного из них здесь нет.",
    },
    "event_with_incoming_flow": {
        "en": "No flow may lead into this event.",
        "ru": "В это событие не должен входить поток.",
    },
    "end_event_with_outgoing_flow": {
        "en": "No flow may leave an end event.",
        "ru": "Из завершающего события не должен выходить поток.",
    },
    "gateway_without_outgoing_flow": {
        "en": "No flow leaves this gateway.",
        "ru": "Из этого шлюза не выходит ни один поток.",
    },
    "several_outgoing_flows": {
        "en": "Several flows leave this element. Put a gateway behind it.",
        "ru": "Из элемента выходит несколько потоков. Поставьте за ним шлюз.",
    },
    "condition_without_choice": {
        "en": "A condition is only possible on a flow that leaves an exclusive or inclusive gateway.",
        "ru": "Условие возможно только на потоке из исключающего или включающего шлюза.",
    },
    "flow_without_condition": {
        "en": "This flow needs a condition, or mark it as the default.",
        "ru": "Этому потоку нужно условие, либо отметьте его потоком по умолчанию.",
    },
    "boundary_without_host": {
        "en": "This boundary event is not attached to a step or sub-process.",
        "ru": "Это граничное событие не прикреплено к шагу или подпроцессу.",
    },
    "message_missing": {
        "en": "Choose the message of this event.",
        "ru": "Выберите сообщение этого события.",
    },
    "multiple_event": {
        "en": "An event can wait for one thing only.",
        "ru": "Событие может ждать только чего-то одного.",
    },
    "event_without_definition": {
        "en": "Choose what this event waits for.",
        "ru": "Выберите, чего ждёт это событие.",
    },
    "link_event": {
        "en": "Link events are not supported. Draw the flow.",
        "ru": "События-ссылки не поддерживаются. Нарисуйте поток.",
    },
    "unsupported_event": {
        "en": "Events of the kind “{kind}” are not supported here.",
        "ru": "События вида «{kind}» здесь не поддерживаются.",
    },
    "condition_missing": {
        "en": "Set the condition of this event.",
        "ru": "Задайте условие этого события.",
    },
    "error_must_interrupt": {
        "en": "An error event always interrupts.",
        "ru": "Событие-ошибка всегда прерывает.",
    },
    "timer_missing": {
        "en": "Set the time of this timer.",
        "ru": "Задайте время этого таймера.",
    },
    "cycle_timer_misplaced": {
        "en": "A repeating timer is only possible on a non-interrupting boundary event.",
        "ru": "Повторяющийся таймер возможен только на непрерывающем граничном событии.",
    },
    "loop_without_end": {
        "en": "Say when this loop ends: a condition or a maximum.",
        "ru": "Укажите, когда кончается цикл: условие или максимум.",
    },
    "multi_instance_without_count": {
        "en": "Say how often this is done: a number or a list.",
        "ru": "Укажите, сколько раз это выполняется: число или список.",
    },
    "event_gateway_target": {
        "en": "Only catching events may follow an event-based gateway, not “{target}”.",
        "ru": "За шлюзом по событиям могут идти только ловящие события, а не «{target}».",
    },
    "event_gateway_two_timers": {
        "en": "An event-based gateway may have one timer only.",
        "ru": "У шлюза по событиям может быть только один таймер.",
    },
    "parallel_join_with_loop_back": {
        "en": "This gateway joins branches and receives a loop. Put a merging gateway before it for the loop.",
        "ru": "Шлюз соединяет ветви и принимает цикл. Поставьте перед ним отдельный шлюз для цикла.",
    },
    "side_branch_merges": {
        "en": "The branch of this non-interrupting event joins the main flow at “{into}”. End it separately.",
        "ru": "Ветвь этого непрерывающего события вливается в основной поток у «{into}». Завершите её отдельно.",
    },
    "side_branch_with_join": {
        "en": "A join in the branch of the non-interrupting event “{event}” belongs into a sub-process.",
        "ru": "Соединение в ветви непрерывающего события «{event}» нужно поместить в подпроцесс.",
    },
    "human_task_in_cycle_branch": {
        "en": "A repeating timer must not open tasks for people: they would pile up (“{event}”).",
        "ru": "Повторяющийся таймер не должен открывать задачи людям: они накопятся («{event}»).",
    },
    "called_process_unknown": {
        "en": "The called process is not known.",
        "ru": "Вызываемый процесс неизвестен.",
    },
    "element_lost": {
        "en": "The element could not be taken over. Draw it anew.",
        "ru": "Элемент не удалось перенести. Нарисуйте его заново.",
    },
    "signal_missing": {
        "en": "Choose the signal of this event.",
        "ru": "Выберите сигнал этого события.",
    },
    "error_missing": {
        "en": "Choose the error of this event.",
        "ru": "Выберите ошибку этого события.",
    },
    "escalation_missing": {
        "en": "Choose the escalation of this event.",
        "ru": "Выберите эскалацию этого события.",
    },
}
