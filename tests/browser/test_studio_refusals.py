"""A draft that is wrong in thirty places: each is marked where it is, told in plain words, and found from the list."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, drawn
from tests.webapp.studio.drawings import TIMER, automatic, branching, drawing, element, step, waiting, ways
from tests.webapp.studio.plain_words import objections
from webapp.studio import drafts
from webapp.studio.models import DraftKind

FOLLOW_UP = "aftersales.plan_follow_up"
BEGUN = '<bpmn:startEvent id="in_it"/>'
LATE = TIMER.format(kind="timeDuration", text="P1X")
# in their order on the way: what is wrong, and how it is drawn
ON_THE_WAY: Mapping[str, tuple[str, str]] = {
    name: (code, part)
    for name, code, part in [
        ("no_form", "user_task_without_form", step("no_form", form="")),
        ("no_role", "user_task_without_role", step("no_role", role="")),
        ("no_prompt", "prompt_missing", step("no_prompt", prompt="")),
        ("odd_form", "unknown_form", step("odd_form", form="sales/none")),
        ("odd_role", "unknown_role", step("odd_role", role="moon_pilot")),
        ("told_nobody", "unknown_role", step("told_nobody", escalate="PT1H to moon_pilot")),
        ("odd_act", "unknown_operation", step("odd_act", onComplete="sales.fly_away")),
        ("odd_due", "bad_duration", step("odd_due", due="soon")),
        ("odd_reminders", "reminders_unreadable", step("odd_reminders", reminders="early")),
        ("odd_escalation", "escalate_unreadable", step("odd_escalation", escalate="to all")),
        ("odd_calendar", "unknown_calendar", step("odd_calendar", calendar="on_the_moon")),
        ("odd_milestone", "milestone_misplaced", step("odd_milestone", milestone="landed")),
        ("odd_outcome", "outcome_misplaced", step("odd_outcome", outcome="won")),
        ("odd_secret", "personal_field_unused", step("odd_secret", form="sales/needs_analysis")),
        ("not_asked", "parameter_not_in_form", step("not_asked", onComplete=FOLLOW_UP)),
        ("End", "reserved_id", step("End")),
        ("odd_work", "unknown_operation", automatic("sales.fly_away", name="odd_work")),
        ("not_given", "missing_parameter", automatic(FOLLOW_UP, name="not_given")),
        ("too_much", "extra_parameter", automatic(FOLLOW_UP, "days = =3; speed = =3", name="too_much")),
        ("unread", "bad_feel", automatic(FOLLOW_UP, "days = =1 +", name="unread")),
        ("no_table", "decision_not_chosen", element("businessRuleTask", "no_table", "Decide", "Решить")),
        ("no_call", "call_without_process", element("callActivity", "no_call", "Hand over", "Передать")),
        ("script_of_it", "script_task", element("scriptTask", "script_of_it", "Count", "Посчитать")),
        ("odd_gateway", "unsupported_element", element("complexGateway", "odd_gateway", "Odd", "Странное")),
        ("odd_wait", "timer_unreadable", waiting("odd_wait", "soon")),
        ("undeclared", "undeclared_milestone", element("intermediateThrowEvent", "undeclared", milestone="landed")),
        ("which_way", "gateway_without_default", branching()),
        ("which_too", "loop_without_wait", branching("which_too", "way_1")),
    ]
}
BESIDE: Mapping[str, tuple[str, str]] = {
    "too_late": (
        "timer_unreadable",
        element("boundaryEvent", "too_late", "Too late", "Поздно", inner=LATE, more='attachedToRef="no_form"'),
    ),
    "lonely_one": ("unreachable", step("lonely_one", "Lonely", "Одинокий")),
    "sudden_part": (
        "event_subprocess",
        element("subProcess", "sudden_part", "Sudden", "Вдруг", inner=BEGUN, more='triggeredByEvent="true"'),
    ),
    "odd_again": ("ad_hoc_subprocess", element("adHocSubProcess", "odd_again", "Any order", "Как придётся")),
    "first_of": ("event_gateway_two_timers", '<bpmn:eventBasedGateway id="first_of"/>'),
    "way_2": ("flow_without_condition", ""),
    "way_3": ("bad_feel", ""),
}  # fmt: skip
OTHERS = {"wait_one": waiting("wait_one", "PT1H"), "wait_two": waiting("wait_two", "PT2H")}
WAYS = [
    "which_too > all_done",
    "which_way > all_done",
    "which_way > no_form : 1 +",
    "which_too > which_way : 1 = 1",
    "lonely_one > all_done",
    "too_late > all_done",
    "first_of > wait_one",
    "first_of > wait_two",
    "wait_one > all_done",
    "wait_two > all_done",
    *(f"{one} > {next_one}" for one, next_one in zip(["begun_here", *ON_THE_WAY], ON_THE_WAY, strict=False)),
]
EXPECTED = {name: code for name, (code, _) in {**ON_THE_WAY, **BESIDE}.items()}
OWN = "soon|early|to all|1 +|landed|P1X|Speed"
COLUMNS, WIDTH, HEIGHT = 9, 190, 170

# how far the middle of each mark is from the box of its element, on the screen
DISTANCES = """ids => Object.fromEntries(ids.map(id => {
  const middle = box => [box.left + box.width / 2, box.top + box.height / 2];
  const box = document.querySelector(`g.djs-element[data-element-id='${id}'] .djs-visual`).getBoundingClientRect();
  const [x, y] = middle(document.querySelector(`[data-test='mark-${id}']`).getBoundingClientRect());
  return [id, Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom))];
}))"""


def picture() -> str:
    """Shapes in rows as they come, and straight lines between their middles."""
    sizes = {"Event": (36, 36), "Gateway": (50, 50)}
    parts = {**{name: text for name, (_, text) in {**ON_THE_WAY, **BESIDE}.items() if text}, **OTHERS}
    tags = {name: text[6:].split(" ")[0] for name, text in parts.items()}
    tags = {"begun_here": "startEvent", **tags, "all_done": "endEvent"}
    middles: dict[str, tuple[int, int]] = {}
    shapes = ""
    for number, (name, tag) in enumerate(tags.items()):
        width, height = next((size for kind, size in sizes.items() if tag.endswith(kind)), (100, 80))
        x, y = (number % COLUMNS) * WIDTH + 100, (number // COLUMNS) * HEIGHT + 100
        if name == "too_late":  # on the border of its step
            x, y = middles["no_form"][0] + 40, middles["no_form"][1] + 40
        middles[name] = x, y
        box = f'<dc:Bounds x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}"/>'
        open_shape = ' isExpanded="true"' if "Process" in tag else ""
        shapes += f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"{open_shape}>{box}</bpmndi:BPMNShape>'
    for number, way in enumerate(WAYS, 1):
        source, target = way.partition(" : ")[0].split(" > ")
        points = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in (middles[source], middles[target]))
        shapes += f'<bpmndi:BPMNEdge id="way_{number}_di" bpmnElement="way_{number}">{points}</bpmndi:BPMNEdge>'
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="errand">{shapes}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="picture">{plane}</bpmndi:BPMNDiagram>'


@pytest.fixture(scope="module")
def address(showroom: Showroom) -> str:
    """Where the draft is drawn."""
    showroom.hire(OWNER)
    parts = [text for _, text in [*ON_THE_WAY.values(), *BESIDE.values()]]
    text = drawing(*parts, *OTHERS.values(), ways(*WAYS), picture=picture(), calendar="on_the_moon")
    text = text.replace("test/name", "common/do_task")
    with showroom.write() as session:
        made = drafts.new_draft(
            session, DraftKind.PROCESS, "processes/wrong.bpmn", text, actor_id=None, now=showroom.clock.now()
        )
        return f"/studio/drafts/{made.id}"


def listed(page: Page) -> list[str]:
    """The errors of the list, each with its element."""
    return sorted(page.locator("[data-problem-list] li.is-bad").all_text_contents())


@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_is_marked_told_and_found(address: str, seat: Seat, language: str) -> None:
    page = seat("owner", language=language)
    page.goto(address)
    drawn(page)
    expect(part(page, "mark-way_3")).to_be_attached()  # the server has answered
    distances = page.evaluate(DISTANCES, list(EXPECTED))
    assert {name: far for name, far in distances.items() if far > 24} == {}

    wrong: dict[str, object] = {}
    for name, code in EXPECTED.items():
        part(page, f"mark-{name}").dispatch_event("click")
        expect(part(page, "element-id")).to_have_text(name)
        told = part(page, f"problem-{code}").first.inner_text(timeout=5_000).strip()
        if complaints := objections(told, language, OWN):
            wrong[name] = (told, complaints)
    assert wrong == {}

    lines = listed(page)
    assert len(lines) > len(EXPECTED)
    part(page, "to-publish").click()
    errors = part(page, "errors").locator("li")
    expect(errors).to_have_count(len(lines))
    assert sorted(errors.all_text_contents()) == lines
    expect(part(page, "publish")).to_be_disabled()
    page.locator("details:has([data-island=diagram]) summary").click()  # what is live has other steps
    expect(page.locator("details [data-element-id=do_task]").first).to_be_in_viewport()


def test_the_list_leads_to_the_element(address: str, seat: Seat) -> None:
    page = seat("owner", language="en")
    page.goto(address)
    drawn(page)
    for words, name in [
        ("Decide – Nothing decides here", "no_table"),
        ("way from “Does he come?” to “Call the customer” – The expression", "way_3"),
        ("waiting for the first of several events – Two times", "first_of"),
        ("Errand – The working calendar chosen here", "errand"),
        ("Lonely – No way leads here", "lonely_one"),
    ]:
        part(page, "problems").click()
        page.locator("[data-problem-list] button").filter(has_text=words).click()
        expect(part(page, "element-id")).to_have_text(name)
        expect(part(page, f"problem-{EXPECTED.get(name, 'unknown_calendar')}").first).to_be_visible()
        if name in EXPECTED:
            expect(part(page, f"mark-{name}")).to_be_in_viewport()
