"""The drawing of the sales worksheet: complete in both languages, readable as a picture, true to its rules."""

from itertools import combinations, pairwise

import pytest

from tests.processes.drawings import ACTIVITIES, FLOW_NODES, ROOT, Drawing, components, read_form

SHEET = Drawing("processes/sales/sales_worksheet.bpmn")
FORMS = sorted({SHEET.form_of(element) for element in SHEET.elements("userTask", "boundaryEvent")} - {None})
CONTAINERS = {container.get("id") for container in SHEET.elements("subProcess")}
# what is answered there changes no course, or needs no choice
WITHOUT_CHOICE = {
    "sales/refused": "refusal_reason",
    "sales/lost": "lost_reason",
    "sales/choose_car": "model",
    "sales/reserve_car": "vehicle",
    "sales/straight_to_offer": "reason",
    "sales/accept": "comment",
}


class TestPicture:
    def test_every_element_is_drawn(self) -> None:
        nodes = {element.get("id") for element in SHEET.elements(*FLOW_NODES, *ACTIVITIES)}
        flows = {element.get("id") for element in SHEET.elements("sequenceFlow")}

        assert nodes == set(SHEET.shapes())
        assert flows == set(SHEET.waypoints())

    def test_no_shapes_and_labels_overlap(self) -> None:
        hosts = {element.get("id"): element.get("attachedToRef") for element in SHEET.elements("boundaryEvent")}
        boxes = [box for box in [*SHEET.shapes().values(), *SHEET.labels()] if box.name not in CONTAINERS]

        clashes = [
            (one.name, other.name)
            for one, other in combinations(boxes, 2)
            if one.overlaps(other) and hosts.get(one.name) != other.name and hosts.get(other.name) != one.name
        ]

        assert clashes == []

    def test_labels_are_wide_enough_to_keep_words_whole(self) -> None:
        assert [label.name for label in SHEET.labels() if label.width < 90] == []

    def test_lines_run_at_right_angles(self) -> None:
        crooked = [
            flow
            for flow, points in SHEET.waypoints().items()
            for (x1, y1), (x2, y2) in pairwise(points)
            if x1 != x2 and y1 != y2
        ]

        assert crooked == []

    def test_steps_of_a_sub_process_lie_inside_it(self) -> None:
        shapes = SHEET.shapes()
        for container in SHEET.elements("subProcess"):
            frame = shapes[container.get("id")]
            for node in SHEET.find("./bpmn:*[not(self::bpmn:sequenceFlow)][@id]", container):
                box = shapes[node.get("id")]
                assert frame.left < box.left, box.name
                assert box.left + box.width < frame.left + frame.width, box.name
                assert frame.top < box.top, box.name
                assert box.top + box.height < frame.top + frame.height, box.name


class TestLanguages:
    def test_everything_with_a_name_has_a_russian_one(self) -> None:
        named = [e for e in SHEET.elements(*FLOW_NODES, *ACTIVITIES, "sequenceFlow", "process") if e.get("name")]

        assert [e.get("id") for e in named if not SHEET.properties(e).get("name.ru")] == []

    @pytest.mark.parametrize("form", FORMS)
    def test_every_label_hint_and_choice_of_a_form_has_a_russian_one(self, form: str) -> None:
        document = read_form(form)
        missing = [] if document["properties"]["name.ru"] else [form]
        for component in components(document):
            texts = {"label", "description", "text", "dateLabel", "timeLabel"} & component.keys()
            missing += [(component["id"], text) for text in texts if not component["properties"].get(f"{text}.ru")]
            missing += [value for value in component.get("values", []) if not value.get("label.ru")]

        assert missing == []


class TestSteps:
    def test_every_step_has_prompt_role_time_and_operation(self) -> None:
        for task in SHEET.elements("userTask"):
            given = SHEET.properties(task)
            wanted = {"prompt", "prompt.ru", "due", "reminders", "escalate", "onComplete"}
            assert wanted <= given.keys(), task.get("id")
            assert SHEET.find("./bpmn:extensionElements/zeebe:assignmentDefinition/@candidateGroups", task)

    def test_every_form_of_the_trade_is_used_by_a_drawing(self) -> None:
        drawings = [Drawing(str(path.relative_to(ROOT))) for path in ROOT.glob("processes/sales/*.bpmn")]
        used = {each.form_of(element) for each in drawings for element in each.elements("userTask", "boundaryEvent")}

        assert used - {None} == {f"sales/{path.stem}" for path in ROOT.glob("forms/sales/*.form")}

    def test_a_form_whose_answer_decides_asks_for_the_result_first(self) -> None:
        first = {form: next(each["key"] for each in components(read_form(form)) if "key" in each) for form in FORMS}

        assert {form: key for form, key in first.items() if key not in {"outcome", "decision"}} == WITHOUT_CHOICE

    @pytest.mark.parametrize("form", FORMS)
    def test_a_form_carries_its_own_key_and_no_field_twice(self, form: str) -> None:
        document = read_form(form)
        rows = [each for each in components(document) if each["type"] == "dynamiclist"]
        within = {id(each) for row in rows for each in components(row)}
        keys = [each["key"] for each in components(document) if "key" in each and id(each) not in within]

        assert document["id"] == form
        for level in (keys, *([each["key"] for each in components(row)] for row in rows)):
            assert len(level) == len(set(level))

    def test_every_choice_has_a_way_out_that_needs_no_condition(self) -> None:
        conditioned = {flow.getparent().get("id") for flow in SHEET.find("//bpmn:conditionExpression")}
        for gateway in SHEET.elements("exclusiveGateway", "inclusiveGateway"):
            ways = [flow.text for flow in SHEET.find("./bpmn:outgoing", gateway)]
            assert gateway.get("default") in ways, gateway.get("id")
            assert set(ways) - conditioned == {gateway.get("default")}, gateway.get("id")


class TestMilestones:
    def test_every_milestone_is_declared_and_every_declared_one_is_drawn(self) -> None:
        declared = SHEET.properties(SHEET.elements("process")[0])["milestones"].replace("?", "").split(", ")
        marked = [SHEET.properties(e).get("milestone") for e in SHEET.elements("intermediateThrowEvent")]

        assert declared == [
            *("contact", "visit", "worksheet", "presentation", "test_drive", "trade_in"),
            *("offer", "reservation", "contract", "paid", "delivered"),
        ]
        assert sorted(marked) == sorted(declared)

    def test_only_end_events_of_the_process_itself_close_the_case(self) -> None:
        outcomes = {
            element.get("id"): SHEET.properties(element).get("outcome")
            for element in SHEET.find("/bpmn:definitions/bpmn:process/bpmn:endEvent")
        }

        assert set(outcomes.values()) == {"won", "lost", "refused"}
        assert not [e for e in SHEET.find("//bpmn:subProcess//bpmn:endEvent") if "outcome" in SHEET.properties(e)]
