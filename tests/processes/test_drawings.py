"""Every shipped drawing and form: complete in both languages, readable as a picture, true to the rules of a step."""

from itertools import combinations, pairwise

import pytest

from engine.feel import compile_expression
from tests.processes.drawings import ACTIVITIES, FLOW_NODES, ROOT, Drawing, components, fields, read_form

PATHS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "processes").rglob("*.bpmn"))
DRAWINGS = {path.rpartition("/")[2].removesuffix(".bpmn"): Drawing(path) for path in PATHS}
FORMS = sorted(str(path.relative_to(ROOT / "forms")).removesuffix(".form") for path in (ROOT / "forms").rglob("*.form"))
WITHOUT_RESULT_FIRST = {  # forms that decide nothing: their answers are facts
    *("sales/accept", "sales/apply_to_banks", "sales/choose_car", "sales/lost", "sales/no_contact"),
    *("sales/order_repair", "sales/order_transport", "sales/refused", "sales/reserve_car", "sales/straight_to_offer"),
    *("common/give_task", "common/withdraw"),
    *("campaigns/call_off", "campaigns/choose_segment", "campaigns/plan_budget", "campaigns/plan_work"),
    *("campaigns/set_goal", "campaigns/write_content"),
    *("campaigns/plan_event", "campaigns/choose_guests", "campaigns/plan_event_budget", "campaigns/prepare_event"),
    *("campaigns/confirm_guests", "campaigns/settle_event", "campaigns/call_off_event"),
    *("aftersales/assign_work", "aftersales/cancel_visit", "aftersales/hand_over", "aftersales/here_already"),
    *("aftersales/inspect_car", "aftersales/move_appointment", "aftersales/prepare_return", "aftersales/receive_car"),
}

WITHOUT_RECORD = {"errand"}  # its answers are all there is to know


@pytest.fixture(params=DRAWINGS)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return DRAWINGS[request.param]


class TestPicture:
    def test_every_element_is_drawn(self, drawing: Drawing) -> None:
        nodes = {element.get("id") for element in drawing.elements(*FLOW_NODES, *ACTIVITIES)}
        flows = {element.get("id") for element in drawing.elements("sequenceFlow")}

        assert nodes == set(drawing.shapes())
        assert flows == set(drawing.waypoints())

    def test_no_shapes_and_labels_overlap(self, drawing: Drawing) -> None:
        hosts = {element.get("id"): element.get("attachedToRef") for element in drawing.elements("boundaryEvent")}
        containers = {element.get("id") for element in drawing.elements("subProcess")}
        boxes = [box for box in [*drawing.shapes().values(), *drawing.written()] if box.name not in containers]

        clashes = [
            (one.name, other.name)
            for one, other in combinations(boxes, 2)
            if one.overlaps(other) and hosts.get(one.name) != other.name and hosts.get(other.name) != one.name
        ]

        assert clashes == []

    def test_labels_are_wide_enough_to_keep_words_whole(self, drawing: Drawing) -> None:
        assert [label.name for label in drawing.labels() if label.width < 90] == []

    def test_no_line_runs_through_a_label(self, drawing: Drawing) -> None:
        crossed = [
            (flow, words.name)
            for words in drawing.written()
            for flow, points in drawing.waypoints().items()
            if any(words.is_crossed(*ends) for ends in pairwise(points))
        ]

        assert crossed == []

    def test_what_stands_beside_a_part_does_not_reach_into_it(self, drawing: Drawing) -> None:
        shapes = drawing.shapes()
        hosts = {element.get("id"): element.get("attachedToRef") for element in drawing.elements("boundaryEvent")}
        parts = [shapes[element.get("id")] for element in drawing.elements("subProcess")]
        across = [
            (part.name, box.name)
            for part in parts
            for box in shapes.values()
            if part.overlaps(box) and not part.holds(box) and not box.holds(part) and hosts.get(box.name) != part.name
        ]

        assert across == []

    def test_lines_run_at_right_angles(self, drawing: Drawing) -> None:
        crooked = [
            flow
            for flow, points in drawing.waypoints().items()
            for (x1, y1), (x2, y2) in pairwise(points)
            if x1 != x2 and y1 != y2
        ]

        assert crooked == []

    def test_no_line_runs_through_a_step_that_it_does_not_touch(self, drawing: Drawing) -> None:
        containers = {element.get("id") for element in drawing.elements("subProcess")}
        ends = {
            flow.get("id"): {flow.get("sourceRef"), flow.get("targetRef")} for flow in drawing.elements("sequenceFlow")
        }
        hosts = {element.get("id"): element.get("attachedToRef") for element in drawing.elements("boundaryEvent")}
        through = [
            (flow, box.name)
            for flow, points in drawing.waypoints().items()
            for box in drawing.shapes().values()
            if box.name not in containers | ends[flow] | {hosts.get(end) for end in ends[flow]}
            if any(box.is_crossed(one, other) for one, other in pairwise(points))
        ]

        assert through == []

    def test_steps_of_a_sub_process_lie_inside_it(self, drawing: Drawing) -> None:
        shapes = drawing.shapes()
        for container in drawing.elements("subProcess"):
            frame = shapes[container.get("id")]
            for node in drawing.find("./bpmn:*[not(self::bpmn:sequenceFlow)][@id]", container):
                box = shapes[node.get("id")]
                if node.get("attachedToRef"):
                    continue
                assert frame.left < box.left, box.name
                assert box.left + box.width < frame.left + frame.width, box.name
                assert frame.top < box.top, box.name
                assert box.top + box.height < frame.top + frame.height, box.name


class TestLanguages:
    def test_everything_with_a_name_has_a_russian_one(self, drawing: Drawing) -> None:
        kinds = (*FLOW_NODES, *ACTIVITIES, "sequenceFlow", "process")
        named = [e for e in drawing.elements(*kinds) if e.get("name")]

        assert [e.get("id") for e in named if not drawing.properties(e).get("name.ru")] == []

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
    def test_every_step_has_prompt_role_and_time(self, drawing: Drawing) -> None:
        for task in drawing.elements("userTask"):
            given = drawing.properties(task)
            assert {"prompt", "prompt.ru", "due", "reminders", "escalate"} <= given.keys(), task.get("id")
            assert drawing.find("./bpmn:extensionElements/zeebe:assignmentDefinition/@candidateGroups", task)

    def test_every_step_of_a_case_that_has_a_record_keeps_it_up_to_date(self, drawing: Drawing) -> None:
        recorded = drawing.elements("process")[0].get("id") not in WITHOUT_RECORD
        for task in drawing.elements("userTask"):
            assert ("onComplete" in drawing.properties(task)) is recorded, task.get("id")

    def test_a_hand_over_is_accepted_in_half_an_hour_or_both_sides_hear_of_it(self, drawing: Drawing) -> None:
        for task in drawing.elements("userTask"):
            if not task.get("id").startswith("accept_"):
                continue
            given = drawing.properties(task)
            assert drawing.form_of(task) == "sales/accept", task.get("id")
            assert (given["due"], given["escalate"]) == ("PT30M", "PT30M to head; PT30M to owner"), task.get("id")
            assert (given["onComplete"], given["submit.ru"]) == ("sales.accept_handover", "Принять в работу")

    def test_every_choice_has_a_way_out_that_needs_no_condition(self, drawing: Drawing) -> None:
        conditioned = {flow.getparent().get("id") for flow in drawing.find("//bpmn:conditionExpression")}
        for gateway in drawing.elements("exclusiveGateway", "inclusiveGateway"):
            ways = [flow.text for flow in drawing.find("./bpmn:outgoing", gateway)]
            if len(ways) < 2:
                continue
            assert gateway.get("default") in ways, gateway.get("id")
            assert set(ways) - conditioned == {gateway.get("default")}, gateway.get("id")

    def test_what_a_condition_asks_for_is_a_step_of_some_drawing(self, drawing: Drawing) -> None:
        known = {element.get("id") for each in DRAWINGS.values() for element in each.find("//bpmn:*[@id]")}
        known |= {header.get("value") for each in DRAWINGS.values() for header in each.find("//zeebe:header")}
        unknown = {
            (flow.getparent().get("id"), name)
            for flow in drawing.find("//bpmn:conditionExpression")
            for name in compile_expression(flow.text.strip().removeprefix("=")).names
            if name not in known | {"case"}
        }

        assert unknown == set()


class TestForms:
    def test_every_form_exists_and_is_used(self) -> None:
        used = [
            drawing.form_of(element)
            for drawing in DRAWINGS.values()
            for element in drawing.elements("userTask", "boundaryEvent")
        ]

        assert set(used) - {None} == set(FORMS)

    @pytest.mark.parametrize("form", sorted(set(FORMS) - WITHOUT_RESULT_FIRST))
    def test_a_form_whose_answer_decides_asks_for_the_result_first(self, form: str) -> None:
        assert next(components(read_form(form)))["key"] in {"outcome", "decision"}

    @pytest.mark.parametrize("form", FORMS)
    def test_a_form_carries_its_own_key_and_no_field_twice(self, form: str) -> None:
        document = read_form(form)
        rows = [component for component in components(document) if component["type"] == "dynamiclist"]

        assert document["id"] == form
        for level in (document, *rows):
            keys = [component.get("key") or component.get("path") for component in fields(level)]
            given = [key for key in keys if key]
            assert len(given) == len(set(given))


class TestMilestones:
    def test_every_milestone_is_declared_and_every_declared_one_is_drawn(self, drawing: Drawing) -> None:
        text = drawing.properties(drawing.elements("process")[0]).get("milestones", "")
        declared = [name for name in text.replace("?", "").split(", ") if name]
        marked = [
            drawing.properties(e).get("milestone") for e in drawing.elements("intermediateThrowEvent", "endEvent")
        ]

        assert {name for name in marked if name} == set(declared)

    def test_only_end_events_of_the_process_itself_close_the_case(self, drawing: Drawing) -> None:
        inside = [e for e in drawing.find("//bpmn:subProcess//bpmn:endEvent") if "outcome" in drawing.properties(e)]

        assert inside == []
