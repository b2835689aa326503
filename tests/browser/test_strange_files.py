"""Drawings as other programs write them: what the editor cannot keep is told in plain words, and stays as it was."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, page_stands, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, choose, drawn
from tests.dealer import ROOT
from tests.webapp.studio.drawings import drawing, element, step, ways
from webapp.studio import drafts
from webapp.studio.models import DraftKind

BOX = '<dc:Bounds x="{x}" y="100" width="100" height="80"/>'
SHAPE = '<bpmndi:BPMNShape id="{name}_di_{x}" bpmnElement="{name}">' + BOX + "</bpmndi:BPMNShape>"
LINE = '<di:waypoint x="200" y="140"/><di:waypoint x="300" y="140"/>'
EDGE = f'<bpmndi:BPMNEdge id="way_1_di" bpmnElement="way_1">{LINE}</bpmndi:BPMNEdge>'
BOTH = SHAPE.format(name="begun_here", x=100) + SHAPE.format(name="call_back", x=300)
WAY = ways("begun_here > call_back")
LATE = element("boundaryEvent", "too_late")
# what is wrong: the parts of the drawing, its shapes, and what is told
STRANGE = {
    "an end without a shape": (
        WAY,
        SHAPE.format(name="begun_here", x=100) + EDGE,
        {"ru": "«call_back»: этого нет на рисунке", "en": "“call_back”, which has no place in the picture"},
    ),
    "a line without a beginning": (
        WAY.replace(' sourceRef="begun_here"', ""),
        BOTH + EDGE,
        {"ru": "линия «way_1»: у неё нет начала", "en": "the line “way_1”, which begins or ends nowhere"},
    ),
    "an event without a step": (
        LATE,
        BOTH + SHAPE.format(name="too_late", x=500),
        {"ru": "событие «too_late»: оно не стоит", "en": "the event “too_late”, which belongs to no step"},
    ),
    "two shapes of one step": (
        WAY,
        BOTH + SHAPE.format(name="call_back", x=500),
        {"ru": "«call_back»: нарисовано дважды", "en": "“call_back”, which is drawn twice"},
    ),
    "a shape of the process itself": (
        WAY,
        BOTH + SHAPE.format(name="errand", x=500),
        {"ru": "«errand»: нарисовано дважды", "en": "“errand”, which is drawn twice"},
    ),
    "a property that is not written again": (
        WAY + '<bpmn:textAnnotation id="note"><bpmn:text id="said">Ask first</bpmn:text></bpmn:textAnnotation>',
        BOTH + EDGE + SHAPE.format(name="note", x=500),
        {"ru": "свойство «id»", "en": "the property “id”"},
    ),
    "a shape of nothing": (
        WAY,
        BOTH + f'<bpmndi:BPMNShape id="ghost">{BOX.format(x=500)}</bpmndi:BPMNShape>',
        {"ru": "фигура «ghost»: она ничего не", "en": "the shape “ghost”, which stands for nothing"},
    ),
}


@pytest.fixture(autouse=True, scope="module")
def owner_is_hired(showroom: Showroom) -> None:
    showroom.hire(OWNER)


def brought(showroom: Showroom, text: str) -> str:
    """The address of a draft of this text."""
    with showroom.write() as session:
        known = drafts.find_draft(session, DraftKind.PROCESS, drafts.key_of(DraftKind.PROCESS, text))
        if known is not None:
            drafts.remove_draft(session, known)
            session.flush()
        made = drafts.new_draft(
            session, DraftKind.PROCESS, "processes/x.bpmn", text, actor_id=None, now=showroom.clock.now()
        )
        return f"/studio/drafts/{made.id}"


def picture(shapes: str) -> str:
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="errand">{shapes}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="picture">{plane}</bpmndi:BPMNDiagram>'


def body_of(showroom: Showroom, address: str) -> str:
    with showroom.read() as session:
        return drafts.draft_of(session, int(address.rpartition("/")[2])).body


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("strange", STRANGE)
def test_what_cannot_be_drawn_is_told_in_plain_words(
    showroom: Showroom, seat: Seat, problems: list[str], strange: str, language: str
) -> None:
    parts, shapes, told = STRANGE[strange]
    address = brought(showroom, drawing(step(), parts, picture=picture(shapes)))
    body = body_of(showroom, address)
    page = seat("owner", language=language)
    page.goto(address)
    page_stands(page)

    expect(part(page, "unfit")).to_contain_text(told[language])

    expect(page.locator("[data-tool=undo]")).to_be_hidden()
    assert body_of(showroom, address) == body
    problems[:] = [each for each in problems if "failed to import" not in each]  # bpmn-js says it in the console too


def test_what_the_editor_passes_over_in_silence_is_told(showroom: Showroom, seat: Seat) -> None:
    """Of two processes in one picture it draws the one whose picture it is."""
    other = '<bpmn:process id="other"><bpmn:startEvent id="elsewhere"/></bpmn:process><bpmndi:BPMNDiagram'
    shapes = BOTH + EDGE + SHAPE.format(name="elsewhere", x=500)
    text = drawing(step(), WAY, picture=picture(shapes)).replace("<bpmndi:BPMNDiagram", other)
    page = seat("owner", language="en")
    page.goto(brought(showroom, text))
    expect(part(page, "unfit")).to_contain_text("“elsewhere”, which the editor does not draw")


def test_what_is_drawn_keeps_everything_else(showroom: Showroom, seat: Seat) -> None:
    """Another encoding than it says of itself is no loss; the envelope on a line is kept."""
    shown = EDGE.replace(' bpmnElement="way_1"', ' bpmnElement="way_1" messageVisibleKind="initiating"')
    text = drawing(step(), WAY, picture=picture(BOTH + shown)).replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    address = brought(showroom, text)
    page = seat("owner", language="ru")
    page.goto(address)
    drawn(page)
    choose(page, "call_back")

    with page.expect_response("**/save"):
        part(page, "field-name-ru").fill("Позвонить ещё раз")
        page.keyboard.press("Tab")

    body = body_of(showroom, address)
    assert 'encoding="UTF-8"' in body
    assert "Позвонить ещё раз" in body
    assert 'messageVisibleKind="initiating"' in body


PROCESSES = sorted((ROOT / "processes").rglob("*.bpmn"))
SHOWN = [path for path in PROCESSES if path.stem in {"sales_worksheet", "campaign", "errand"}]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_what_ships_can_be_drawn(showroom: Showroom, seat: Seat, path: Path) -> None:
    can_be_drawn(showroom, seat("owner"), path)


@pytest.mark.long
def test_everything_that_ships_can_be_drawn(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner")
    for path in PROCESSES:
        can_be_drawn(showroom, page, path)


def can_be_drawn(showroom: Showroom, page: Page, path: Path) -> None:
    """It is held against what the editor would write, and nothing is missing there."""
    page.goto(brought(showroom, path.read_text()))
    drawn(page)
    expect(part(page, "unfit")).to_have_count(0)
    expect(page.locator("[data-tool=undo]")).to_be_visible()
