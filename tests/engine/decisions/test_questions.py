"""What a decision asks of whoever tries it: names, types and the values that occur, read from the file."""

import pytest

from engine.decisions.questions import Asked, questions
from engine.definitions.problems import DefinitionRejected

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="f">'


def table(*, inputs: str, policy: str = "UNIQUE", outputs: str = '<output label="Answer"/>', cells: str = "-") -> str:
    width = outputs.count("<output ")
    results = '<outputEntry><text>"yes"</text></outputEntry>' * width
    rule = f"<rule><inputEntry><text>{cells}</text></inputEntry>{results}</rule>"
    column = '<input label="Way in"><inputExpression><text>way</text></inputExpression></input>'
    needs = '<informationRequirement><requiredInput href="#w"/></informationRequirement>'
    logic = f'<decisionTable hitPolicy="{policy}">{column}{outputs}{rule}</decisionTable>'
    decision = f'<decision id="d" name="d">{needs}{logic}</decision>'
    return f"{HEAD}{inputs}{decision}</definitions>"


PLAIN = '<inputData id="w" name="way"><variable name="way" typeRef="string"/></inputData>'


def asked(xml: str) -> Asked:
    (question,) = questions(xml)
    (found,) = question.inputs
    return found


def test_texts_of_the_cells_are_offered_whatever_stands_around_them() -> None:
    found = asked(table(inputs=PLAIN, cells='not("a \\"b\\"", "c")'))
    assert found == Asked("way", "Way in", "string", ('a "b"', "c"))


def test_allowed_values_of_a_type_come_first() -> None:
    kinds = (
        '<itemDefinition name="tWay"><typeRef>tBase</typeRef><allowedValues><text>"z", "c"</text></allowedValues>'
        '</itemDefinition><itemDefinition name="tBase"><typeRef>string</typeRef></itemDefinition>'
    )
    found = asked(table(inputs=kinds + PLAIN.replace('typeRef="string"', 'typeRef="tWay"'), cells='"a"'))
    assert (found.type, found.values) == ("string", ("z", "c", "a"))


def test_a_type_that_names_itself_or_nothing_is_any() -> None:
    circle = '<itemDefinition name="tWay"><typeRef>tWay</typeRef></itemDefinition>'
    for type_ in ("tWay", "tNowhere"):
        assert asked(table(inputs=circle + PLAIN.replace("string", type_))).type == "any"


def test_numbers_offer_no_texts() -> None:
    assert asked(table(inputs=PLAIN.replace("string", "number"), cells='"a"')).values == ()


@pytest.mark.parametrize(("policy", "names"), [("FIRST", ["one", "two"]), ("COLLECT", [""]), ("RULE ORDER", [""])])
def test_several_outputs_are_asked_by_name_unless_the_answer_is_a_list(policy: str, names: list[str]) -> None:
    (question,) = questions(table(inputs=PLAIN, policy=policy, outputs='<output name="one"/><output name="two"/>'))
    assert [each.name for each in question.outputs] == names


def test_decisions_that_need_each_other_in_a_circle_come_to_an_end() -> None:
    one, two = (
        f'<decision id="{name}" name="{name}"><informationRequirement><requiredDecision href="#{other}"/>'
        f"</informationRequirement><literalExpression><text>1</text></literalExpression></decision>"
        for name, other in (("one", "two"), ("two", "one"))
    )
    assert [each.inputs for each in questions(f"{HEAD}{one}{two}</definitions>")] == [(), ()]


def test_what_is_no_file_of_decisions_is_refused() -> None:
    with pytest.raises(DefinitionRejected):
        questions("<nothing/>")
