"""Drawings that publishing refuses, each for one reason, and where each reason stands."""

from dataclasses import dataclass

from engine.definitions.limits import MAX_NODES
from tests.engine.world import form
from tests.webapp.studio.drawings import (
    MESSAGE,
    TIMER,
    automatic,
    branching,
    drawing,
    element,
    step,
    through,
    waiting,
    ways,
)

TITLES = {
    "": ("", ""),
    "call_back": ("Call the customer", "Позвонить клиенту"),
    "work_out": ("Work out the day", "Рассчитать день"),
    "which_way": ("Does he come?", "Приедет?"),
    "wait_here": ("Wait", "Подождать"),
    "odd_one": ("Odd", "Странное"),
    "too_late": ("Too late", "Поздно"),
    "lonely_one": ("Lonely", "Одинокий"),
    "all_done": ("Agreed", "Договорились"),
    "errand": ("Errand", "Поручение"),
    "no_name": ("choice after “Call the customer”", "развилка после «Позвонить клиенту»"),
    "first_of": ("waiting for the first of several events", "ожидание первого из событий"),
    "way_2": ("way from “Does he come?” to “Agreed”", "путь от «Приедет?» к «Договорились»"),
    "nothing_said": ("", ""),  # a part of the file that is no element of the way
}
NAME = form("test/name", "name").replace(
    '"type":"default"', '"type":"default","name":"Who","properties":{"name.ru":"Кто"}'
)
PASSPORT = form(
    "test/passport",
    {
        "type": "textfield",
        "key": "passport_no",
        "label": "Passport number",
        "properties": {"personal": True, "label.ru": "Номер паспорта"},
    },
).replace('"type":"default"', '"type":"default","name":"Papers","properties":{"name.ru":"Документы"}')


@dataclass(frozen=True)
class Refused:
    """`at`: the element; `title`: its entry in TITLES where that is another; `own`: the owner's words, split by |."""

    code: str
    at: str
    text: str
    title: str = ""
    own: str = ""


def odd(tag: str, **more: str) -> str:
    return through(element(tag, "odd_one", "Odd", "Странное", **more), "odd_one")


def with_step(**more: str) -> str:
    return through(step(**more), "call_back")


def with_condition(text: str) -> str:
    return drawing(
        branching(otherwise="way_3"),
        step(),
        ways(
            "begun_here > which_way", f"which_way > all_done : {text}", "which_way > call_back", "call_back > all_done"
        ),
    )


def called(name: str) -> str:
    return step().replace('"call_back"', f'"{name}"')


def late(text: str) -> str:
    """A step with a time on it."""
    timer = TIMER.format(kind="timeDuration", text=text)
    late = element("boundaryEvent", "too_late", "Too late", "Поздно", inner=timer, more='attachedToRef="call_back"')
    return drawing(step(), late, ways("begun_here > call_back", "call_back > all_done", "too_late > all_done"))


SUDDEN = element(
    "subProcess", "odd_one", "Odd", "Странное", inner='<bpmn:startEvent id="in_it"/>', more='triggeredByEvent="true"'
)

REFUSED: dict[str, Refused] = {
    **{
        f"the id {name}": Refused("reserved_id", name, through(called(name), name), "call_back")
        for name in ("Start", "End", "Root")
    },
    **{
        f"the id {name}": Refused("bad_id", name, through(called(name), name), "call_back")
        for name in ("call.EndJoin", "call.BoundaryEventParent", "call back", "звонок")
    },
    "the same id twice": Refused(
        "duplicate_id", "call_back", drawing(step(), step(), ways("begun_here > call_back", "call_back > all_done"))
    ),
    "another kind of gateway": Refused("unsupported_element", "odd_one", odd("complexGateway")),
    "a task of no kind": Refused("unsupported_element", "odd_one", odd("task")),
    "a transaction": Refused("transaction", "odd_one", odd("transaction")),
    "steps in any order": Refused("ad_hoc_subprocess", "odd_one", odd("adHocSubProcess")),
    "a script": Refused("script_task", "odd_one", odd("scriptTask")),
    "a jump": Refused("link_event", "odd_one", odd("intermediateThrowEvent", inner="<bpmn:linkEventDefinition/>")),
    "a store of data": Refused(
        "data_object", "nothing_said", drawing('<bpmn:dataObject id="nothing_said"/>', ways("begun_here > all_done"))
    ),
    "an event sub-process": Refused("event_subprocess", "odd_one", drawing(SUDDEN, ways("begun_here > all_done"))),
    "an unknown operation of a step": Refused("unknown_operation", "call_back", with_step(onComplete="sales.fly_away")),
    "an unknown operation of a correction": Refused(
        "unknown_operation", "call_back", with_step(onCorrect="sales.fly_away")
    ),
    "an unknown operation": Refused("unknown_operation", "work_out", through(automatic("sales.fly_away"), "work_out")),
    "no operation": Refused("service_task_without_operation", "odd_one", odd("serviceTask")),
    "a missing parameter": Refused(
        "missing_parameter", "work_out", through(automatic("aftersales.plan_follow_up"), "work_out")
    ),
    "an extra parameter": Refused(
        "extra_parameter",
        "work_out",
        through(automatic("aftersales.plan_follow_up", "days = =3; top_speed = =3"), "work_out"),
        own="Top speed",
    ),
    "a parameter that the form does not ask": Refused(
        "parameter_not_in_form", "call_back", with_step(onComplete="aftersales.plan_follow_up")
    ),
    "an unknown form": Refused("unknown_form", "call_back", with_step(form="test/none")),
    "an unknown role": Refused("unknown_role", "call_back", with_step(role="moon_pilot")),
    "an unknown role that is told": Refused("unknown_role", "call_back", with_step(escalate="PT1H to moon_pilot")),
    "an unknown decision": Refused(
        "unknown_decision",
        "odd_one",
        odd("businessRuleTask", extension='<zeebe:calledDecision decisionId="no_table"/>'),
    ),
    "an unknown process": Refused(
        "unknown_process", "odd_one", odd("callActivity", extension='<zeebe:calledElement processId="no_process"/>')
    ),
    "no process to call": Refused("call_without_process", "odd_one", odd("callActivity")),
    "an unknown calendar of a step": Refused("unknown_calendar", "call_back", with_step(calendar="on_the_moon")),
    "an unknown calendar": Refused("unknown_calendar", "errand", through(step(), "call_back", calendar="on_the_moon")),
    "a milestone that is not declared": Refused(
        "undeclared_milestone", "odd_one", odd("intermediateThrowEvent", milestone="landed"), own="landed"
    ),
    "no form": Refused("user_task_without_form", "call_back", with_step(form="")),
    "no role": Refused("user_task_without_role", "call_back", with_step(role="")),
    "no prompt": Refused("prompt_missing", "call_back", with_step(prompt="")),
    "a condition that cannot be read": Refused("bad_feel", "way_2", with_condition("1 +"), own="1 +"),
    "a due time that cannot be read as an expression": Refused(
        "bad_feel", "call_back", with_step(due="=1 +"), own="1 +"
    ),
    "an assignee that is no expression": Refused(
        "assignee_not_feel", "call_back", with_step().replace('assignee="=case.owner"', 'assignee="Anna"'), own="Anna"
    ),
    "what is given that cannot be read": Refused(
        "bad_feel", "work_out", through(automatic("aftersales.plan_follow_up", "days = =1 +"), "work_out"), own="1 +"
    ),
    "an unknown function": Refused("unknown_function", "way_2", with_condition("fly(1) = 1"), own="fly(1) = 1|fly"),
    "a due time": Refused("bad_duration", "call_back", with_step(due="soon"), own="soon"),
    "reminders": Refused("reminders_unreadable", "call_back", with_step(reminders="early"), own="early"),
    "an escalation": Refused("escalate_unreadable", "call_back", with_step(escalate="to all"), own="to all"),
    "a waiting": Refused(
        "timer_unreadable", "wait_here", through(waiting("wait_here", "soon"), "wait_here"), own="soon"
    ),
    "a day that is none": Refused(
        "timer_unreadable",
        "wait_here",
        through(waiting("wait_here", "2026-02-31T10:00:00Z", "timeDate"), "wait_here"),
        own="2026-02-31T10:00:00Z",
    ),
    "a time on a step": Refused("timer_unreadable", "too_late", late("P1X"), own="P1X"),
    "no time at all": Refused("timer_empty", "wait_here", through(waiting("wait_here", ""), "wait_here")),
    "a milestone on a step": Refused("milestone_misplaced", "call_back", with_step(milestone="landed")),
    "a milestone on a message": Refused(
        "milestone_misplaced", "odd_one", odd("intermediateThrowEvent", inner=MESSAGE, milestone="landed")
    ),
    "an outcome on a step": Refused("outcome_misplaced", "call_back", with_step(outcome="won")),
    "an outcome on the way": Refused("outcome_misplaced", "odd_one", odd("intermediateThrowEvent", outcome="won")),
    "a personal field that nothing takes": Refused(
        "personal_field_unused", "call_back", with_step(form="test/passport")
    ),
    "a branching without another way": Refused(
        "gateway_without_default", "which_way", with_condition("1 = 1").replace(' default="way_3"', "")
    ),
    "a branching without a name": Refused(
        "gateway_without_default",
        "no_name",
        drawing(
            step(),
            '<bpmn:exclusiveGateway id="no_name"/>',
            ways(
                "begun_here > call_back",
                "call_back > no_name",
                "no_name > all_done : 1 = 1",
                "no_name > call_back : 1 = 2",
            ),
        ),
    ),
    "a way without condition": Refused("flow_without_condition", "way_2", with_condition("")),
    "two times at once": Refused(
        "event_gateway_two_timers",
        "first_of",
        drawing(
            '<bpmn:eventBasedGateway id="first_of"/>',
            waiting("wait_here", "PT1H"),
            waiting("wait_too", "PT2H"),
            ways(
                "begun_here > first_of",
                "first_of > wait_here",
                "first_of > wait_too",
                "wait_here > all_done",
                "wait_too > all_done",
            ),
        )
        .replace('name="Request"', "")
        .replace("Заявка", ""),
    ),
    "a circle in which nobody does anything": Refused(
        "loop_without_wait",
        "which_way",
        drawing(
            branching("which_way", "way_2"),
            branching("odd_one", "way_4"),
            ways("begun_here > which_way", "which_way > odd_one", "odd_one > which_way : 1 = 1", "odd_one > all_done"),
        ),
    ),
    "what nothing leads to": Refused(
        "unreachable",
        "lonely_one",
        drawing(step("lonely_one", "Lonely", "Одинокий"), ways("begun_here > all_done", "lonely_one > all_done")),
    ),
    "no end": Refused("no_end_event", "errand", drawing(step(), ways("begun_here > call_back"), end=False)),
    "no beginning": Refused("no_start_event", "errand", drawing(step(), ways("call_back > all_done"), begin=False)),
    "a process that calls itself": Refused(
        "process_calls_itself", "errand", odd("callActivity", extension='<zeebe:calledElement processId="errand"/>')
    ),
    "an entity": Refused(
        "xml_doctype", "", with_step().replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1), own="(DOCTYPE"
    ),
    "a document type": Refused("xml_doctype", "", with_step().replace("?>", "?><!DOCTYPE x>", 1), own="(DOCTYPE"),
    "more than anybody can have drawn": Refused(
        "xml_too_many_nodes", "", drawing(*[f'<bpmn:task id="t{number}"/>' for number in range(MAX_NODES + 1)])
    ),
    "half a file": Refused("xml_malformed", "", with_step()[:-40]),
}
