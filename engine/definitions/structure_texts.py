"""The sentences for what is wrong with the token flow of a drawing (codes of engine.spiff)."""

STRUCTURE_TEXTS: dict[str, dict[str, str]] = {
    "process_unknown": {
        "en": "The file does not contain this process.",
        "ru": "В файле нет этого процесса.",
    },
    "duplicate_id": {
        "en": "Two elements have the same inner name. Delete one and draw it anew.",
        "ru": "У двух элементов одно внутреннее имя. Удалите один и нарисуйте заново.",
    },
    "element_without_id": {
        "en": "An element has no inner name and cannot be carried out. Delete it and draw it anew.",
        "ru": "У элемента нет внутреннего имени, выполнить его нельзя. Удалите его и нарисуйте заново.",
    },
    "unsupported_element": {
        "en": "The system cannot carry out an element of this kind. Delete it and draw one of the palette instead.",
        "ru": "Система не умеет выполнять элемент такого вида. Удалите его и нарисуйте вместо него элемент из палитры.",
    },
    "script_task": {
        "en": "A drawing may not hold program text. Delete this element and draw an “Automatic step” with an "
        "operation instead.",
        "ru": "В схеме не может быть текста программы. Удалите элемент и нарисуйте вместо него «Автоматический шаг» с "
        "действием.",
    },
    "transaction": {
        "en": "Parts that are undone as a whole are not possible. Draw an ordinary “Part of the process”.",
        "ru": "Части, которые отменяются целиком, не поддерживаются. Нарисуйте обычную «Часть процесса».",
    },
    "ad_hoc_subprocess": {
        "en": "Steps in any order are not possible. Draw a “Part of the process” with the order of its steps.",
        "ru": "Шаги в любом порядке не поддерживаются. Нарисуйте «Часть процесса» с порядком её шагов.",
    },
    "event_subprocess": {
        "en": "A part of the process that an event starts is not possible here. Take its steps out and lead to them "
        "from an event on a step or on a “Part of the process”.",
        "ru": "Часть процесса, которую запускает событие, здесь невозможна. Выньте её шаги и ведите к ним от события "
        "на шаге или на «Части процесса».",
    },
    "reserved_id": {
        "en": "The system uses the inner name of this element for itself. Delete the element and draw it anew: it "
        "gets another one by itself.",
        "ru": "Внутреннее имя этого элемента система использует сама. Удалите элемент и нарисуйте заново: другое имя "
        "появится само.",
    },
    "call_without_process": {
        "en": "Choose the process that is called here.",
        "ru": "Выберите процесс, который здесь вызывается.",
    },
    "data_object": {
        "en": "Papers and stores of data cannot be drawn: answers are kept with the case by themselves. Delete this "
        "element.",
        "ru": "Документы и хранилища данных не рисуют: ответы хранятся в деле сами. Удалите этот элемент.",
    },
    "no_start_event": {
        "en": "There is no beginning. Draw a “Beginning”.",
        "ru": "Нет начала. Нарисуйте «Начало».",
    },
    "several_start_events": {
        "en": "There is more than one beginning. Keep one.",
        "ru": "Начал больше одного. Оставьте одно.",
    },
    "start_event_inside_subprocess": {
        "en": "A part of the process begins when the way comes to it. Draw a plain “Beginning” in it.",
        "ru": "Часть процесса начинается, когда до неё дошёл путь. Нарисуйте в ней простое «Начало».",
    },
    "dangling_flow": {
        "en": "One end of this way leads nowhere. Delete it and connect the steps anew.",
        "ru": "Один конец этого пути никуда не ведёт. Удалите его и соедините шаги заново.",
    },
    "event_with_incoming_flow": {
        "en": "No way may lead into this event: it begins by itself. Delete the way that comes in.",
        "ru": "В это событие путь вести не может: оно начинается само. Удалите входящий путь.",
    },
    "end_event_with_outgoing_flow": {
        "en": "Behind an end nothing is done. Delete the way that leaves it.",
        "ru": "После конца ничего не происходит. Удалите выходящий из него путь.",
    },
    "gateway_without_outgoing_flow": {
        "en": "No way leaves here, so the case would stand still. Draw where it goes on.",
        "ru": "Отсюда не ведёт ни один путь, и дело застрянет. Нарисуйте, куда идти дальше.",
    },
    "several_outgoing_flows": {
        "en": "Several ways leave this element. Put a “Branching” or “Parallel ways” behind it.",
        "ru": "Из элемента выходит несколько путей. Поставьте за ним «Развилку» или «Параллельные ветви».",
    },
    "condition_without_choice": {
        "en": "Only a way that leaves a “Branching” can have a condition. Take the condition away, or put a "
        "“Branching” before it.",
        "ru": "Условие бывает только у пути из «Развилки». Уберите условие или поставьте перед ним «Развилку».",
    },
    "flow_without_condition": {
        "en": "Say when this way is taken, or choose it under “Otherwise” at the branching.",
        "ru": "Укажите, когда идти этим путём, или выберите его в поле «Иначе» у развилки.",
    },
    "boundary_without_host": {
        "en": "This event belongs to no step. Draw it on the border of a step or a part of the process.",
        "ru": "Это событие не принадлежит никакому шагу. Нарисуйте его на границе шага или части процесса.",
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
        "en": "Jumps are not possible. Draw the way.",
        "ru": "Переходы-ссылки не поддерживаются. Нарисуйте путь.",
    },
    "unsupported_event": {
        "en": "An event of this kind is not possible here. Delete it and draw one of the palette instead.",
        "ru": "Событие такого вида здесь невозможно. Удалите его и нарисуйте вместо него элемент из палитры.",
    },
    "condition_missing": {
        "en": "Set the condition of this event.",
        "ru": "Задайте условие этого события.",
    },
    "error_must_interrupt": {
        "en": "After an error the step cannot go on. Set “The step goes on” to “no, it ends”.",
        "ru": "После ошибки шаг не может продолжаться. Поставьте в «Шаг продолжается» ответ «нет, прекращается».",
    },
    "timer_missing": {
        "en": "Set when this happens.",
        "ru": "Укажите, когда это происходит.",
    },
    "cycle_timer_misplaced": {
        "en": "“Again and again” is only possible at an event on a step that goes on. Choose “after a time” or “at a "
        "moment”.",
        "ru": "«Снова и снова» бывает только у события на шаге, который продолжается. Выберите «через время» или «в "
        "момент».",
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
        "en": "Only a waiting for a time or a message may follow here, not “{target}”.",
        "ru": "Здесь дальше может идти только ожидание времени или сообщения, а не «{target}».",
    },
    "event_gateway_two_timers": {
        "en": "Two times are waited for here, and the earlier one always comes first. Keep one of them.",
        "ru": "Здесь ждут двух времён, и раннее всегда наступит первым. Оставьте одно из них.",
    },
    "parallel_join_with_loop_back": {
        "en": "Parallel ways come together here and a way comes back to it as well. Lead the way back to a place "
        "before the ways divide.",
        "ru": "Здесь сходятся параллельные ветви, и сюда же возвращается путь назад. Проведите путь назад к месту до "
        "их разделения.",
    },
    "side_branch_merges": {
        "en": "The step goes on beside this event, but its way joins the main one at “{into}”. Give it an end of its "
        "own.",
        "ru": "Шаг идёт дальше рядом с этим событием, а его путь вливается в основной у «{into}». Проведите его к "
        "отдельному концу.",
    },
    "side_branch_with_join": {
        "en": "Ways come together here beside a step that goes on (“{event}”). Put them into a “Part of the process”.",
        "ru": "Здесь сходятся ветви рядом с шагом, который продолжается («{event}»). Поместите их в «Часть процесса».",
    },
    "human_task_in_cycle_branch": {
        "en": "Something that happens again and again (“{event}”) must not open steps for people: they would pile up.",
        "ru": "То, что происходит снова и снова («{event}»), не должно открывать шаги людям: они накопятся.",
    },
    "called_process_unknown": {
        "en": "The process that is called here does not exist. Choose one from the list.",
        "ru": "Вызываемого здесь процесса нет. Выберите процесс из списка.",
    },
    "element_lost": {
        "en": "This element could not be taken over. Delete it and draw it anew.",
        "ru": "Элемент не удалось перенести. Удалите его и нарисуйте заново.",
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
