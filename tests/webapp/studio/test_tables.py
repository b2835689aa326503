"""A file of decisions tried out as it is drawn, and its saved tests."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.dealer import ROOT
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.studio.decisions.models import DecisionTest
from webapp.studio.decisions.testing import run_tests
from webapp.studio.models import Draft, DraftKind

DISCOUNT = (ROOT / "processes/sales/discount.dmn").read_text()
EVERY_TYPE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="types" name="t" namespace="t">
<itemDefinition name="tColour"><typeRef>string</typeRef><allowedValues><text>"red", "blue"</text></allowedValues>
</itemDefinition>
<inputData id="i1" name="colour"><variable name="colour" typeRef="tColour"/></inputData>
<inputData id="i2" name="sold"><variable name="sold" typeRef="boolean"/></inputData>
<inputData id="i3" name="day"><variable name="day" typeRef="date"/></inputData>
<inputData id="i4" name="at"><variable name="at" typeRef="dateTime"/></inputData>
<decision id="told" name="told"><variable name="told" typeRef="string"/>
<informationRequirement><requiredInput href="#i1"/></informationRequirement>
<informationRequirement><requiredInput href="#i2"/></informationRequirement>
<informationRequirement><requiredInput href="#i3"/></informationRequirement>
<informationRequirement><requiredInput href="#i4"/></informationRequirement>
<literalExpression><text>colour + " " + string(sold) + " " + string(day) + " " + string(at.hour)</text>
</literalExpression></decision></definitions>"""


@pytest.fixture
def draft(errands: Errands, session: Session, log_in: LogIn) -> Draft:
    """Of the discount, opened by somebody who may draw."""
    log_in("studio.see", "studio.edit")
    return draft_of(session, DISCOUNT, "discount")


def draft_of(session: Session, text: str, key: str) -> Draft:
    draft = Draft(
        kind=DraftKind.DECISION, key=key, path=f"processes/{key}.dmn", body=text, created_at=NOW, changed_at=NOW
    )
    session.add(draft)
    session.commit()
    return draft


def evaluate(client: FlaskClient, draft: Draft, decision: str = "", text: str = "", **inputs: str) -> dict[str, object]:
    sent = {"body": text or draft.body, "decision": decision, "inputs": inputs}
    answer = client.post(f"/studio/drafts/{draft.id}/evaluate", json=sent)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def keep(client: FlaskClient, draft: Draft, name: str, expected: str, **inputs: str) -> int:
    sent = {"decision": "discount_level", "name": name, "inputs": inputs, "expected": {"": expected}}
    answer = client.post(f"/studio/drafts/{draft.id}/tests", json=sent)
    assert answer.status_code == 200, answer.text
    return int((answer.json or {})["id"])


def run(client: FlaskClient, draft: Draft, text: str = "") -> dict[str, object]:
    return dict(client.post(f"/studio/drafts/{draft.id}/tests/run", json={"body": text or draft.body}).json or {})


class TestTrying:
    def test_what_is_asked_comes_from_the_file_the_decision_that_no_other_needs_first(
        self, client: FlaskClient, draft: Draft
    ) -> None:
        asked = evaluate(client, draft)["questions"]
        assert [each["id"] for each in asked] == ["discount_level", "discount_limits"]  # type: ignore[attr-defined]
        level = asked[0]  # type: ignore[index]
        assert {each["name"]: (each["label"], each["type"]) for each in level["inputs"]} == {
            "percent": ("Discount, %", "number"),
            "price": ("Price of the car", "number"),
        }
        assert level["outputs"] == [{"name": "", "label": "Who decides", "values": ["manager", "head", "director"]}]

    @pytest.mark.parametrize(
        ("percent", "who", "rule"),
        [("1", "manager", "within_own_limit"), ("2,5", "head", "within_the_heads_limit"), ("9", "director", "")],
    )
    def test_the_rules_that_fire_are_named_on_the_way_and_at_the_end(
        self, client: FlaskClient, draft: Draft, percent: str, who: str, rule: str
    ) -> None:
        told = evaluate(client, draft, "discount_level", percent=percent, price="2000000")
        assert told["answers"] == {"": who}
        fired = [each["id"] for step in told["steps"] for table in step["tables"] for each in table["rules"]]  # type: ignore[attr-defined]
        assert fired == ["limits_of_any_car", rule or "beyond_every_limit"]

    def test_the_text_of_the_page_counts_not_the_saved_one(self, client: FlaskClient, draft: Draft) -> None:
        changed = draft.body.replace('<text>"head"</text>', '<text>"the boss"</text>')
        assert evaluate(client, draft, "discount_level", changed, percent="2")["answers"] == {"": "the boss"}

    def test_no_rule_and_a_wrong_value_are_told(self, client: FlaskClient, draft: Draft) -> None:
        narrow = draft.body.replace(
            '<text>-</text>\n        </inputEntry>\n        <outputEntry id="beyond_who"',
            '<text>&gt; 99</text></inputEntry><outputEntry id="beyond_who"',
        )
        told = evaluate(client, draft, "discount_level", narrow, percent="50")
        assert (told["answers"], told["steps"][-1]["tables"][0]["reason"]) == ({"": ""}, "No rule fits.")  # type: ignore[index]
        assert evaluate(client, draft, "discount_level", percent="much") == {
            "questions": evaluate(client, draft)["questions"],
            "unread": ["percent"],
        }

    def test_fields_of_every_type_are_read(self, client: FlaskClient, session: Session, draft: Draft) -> None:
        every = draft_of(session, EVERY_TYPE, "types")
        asked = evaluate(client, every)["questions"][0]["inputs"]  # type: ignore[index]
        assert [(each["type"], each["values"]) for each in asked] == [
            ("string", ["red", "blue"]),
            ("boolean", []),
            ("date", []),
            ("date and time", []),
        ]
        given = {"colour": "red", "sold": "true", "day": "2026-05-01", "at": "2026-05-01T10:00"}
        assert evaluate(client, every, "told", **given)["answers"] == {"": "red true 2026-05-01 10"}

    def test_a_text_that_cannot_be_read_is_told_in_a_sentence(self, client: FlaskClient, draft: Draft) -> None:
        told = evaluate(client, draft, "", "<nothing/>")
        assert told == {"questions": [], "refusal": "This is no file of decisions (DMN)."}

    def test_of_the_shipped_files_every_decision_can_be_asked(self, client: FlaskClient, draft: Draft) -> None:
        for path in sorted((ROOT / "processes").glob("*/*.dmn")):
            asked = evaluate(client, draft, "", path.read_text())["questions"]
            for each in asked:  # type: ignore[attr-defined]
                assert "any" not in {part["type"] for part in each["inputs"]}, path
                told = evaluate(client, draft, each["id"], path.read_text())
                assert "steps" in told, (path, told)


class TestSavedTests:
    @on_both_databases
    def test_they_pass_until_the_table_says_something_else(
        self, client: FlaskClient, draft: Draft, session: Session
    ) -> None:
        keep(client, draft, "small", "manager", percent="1")
        keep(client, draft, "middle", "head", percent="2")
        assert run(client, draft)["summary"] == "all 2 tests pass"

        changed = draft.body.replace('<text>"head"</text>', '<text>"director"</text>')
        report = run(client, draft, changed)
        assert (report["summary"], report["failed"]) == ("1 of 2 tests differ", 1)
        assert [each["told"] for each in report["tests"]] == ["", "expected head, got director"]  # type: ignore[attr-defined]

    def test_publishing_asks_for_the_report_of_a_draft_or_of_what_is_live(
        self, client: FlaskClient, draft: Draft, session: Session, errands: Errands
    ) -> None:
        keep(client, draft, "middle", "head", percent="2")
        session.rollback()
        with errands.app.app_context():
            assert run_tests(session, draft, now=NOW).failed == []
            assert [each.gone for each in run_tests(session, "discount", now=NOW).failed] == [True]  # nothing is live
        errands.act(lambda inside, engine: engine.deploy(inside, {"d.dmn": DISCOUNT.encode()}, actor_id=None, now=NOW))
        session.rollback()
        with errands.app.app_context():
            assert run_tests(session, "discount", now=NOW).failed == []

    def test_a_decision_that_is_gone_or_an_input_that_cannot_be_read_fails(
        self, client: FlaskClient, draft: Draft
    ) -> None:
        keep(client, draft, "odd", "head", percent="a lot")
        told = [each["told"] for each in run(client, draft)["tests"]]  # type: ignore[attr-defined]
        assert told == ["Not a value of its type: percent."]
        gone = draft.body.replace('id="discount_level"', 'id="other_level"')
        assert [each["told"] for each in run(client, draft, gone)["tests"]] == [  # type: ignore[attr-defined]
            "The file has no such decision any more."
        ]

    def test_numbers_are_compared_as_numbers(self, client: FlaskClient, draft: Draft) -> None:
        sent = {
            "decision": "discount_limits",
            "name": "limits",
            "inputs": {},
            "expected": {"manager": "1,0", "head": "3"},
        }
        client.post(f"/studio/drafts/{draft.id}/tests", json=sent)
        assert run(client, draft)["failed"] == 0

    def test_one_is_changed_and_taken_away_within_its_own_file(
        self, client: FlaskClient, draft: Draft, session: Session
    ) -> None:
        number = keep(client, draft, "small", "manager", percent="1")
        sent = {
            "id": number,
            "decision": "discount_level",
            "name": "renamed",
            "inputs": {},
            "expected": {"": "director"},
        }
        client.post(f"/studio/drafts/{draft.id}/tests", json=sent)
        session.rollback()
        assert [each.name for each in session.query(DecisionTest)] == ["renamed"]

        other = draft_of(session, EVERY_TYPE, "types")
        assert client.post(f"/studio/drafts/{other.id}/tests/{number}/remove").status_code == 404
        assert client.post(f"/studio/drafts/{draft.id}/tests/{number}/remove").status_code == 204
        assert run(client, draft)["summary"] == ""

    def test_all_of_them_take_one_statement(self, client: FlaskClient, draft: Draft, errands: Errands) -> None:
        def taken() -> int:
            with counted_statements(errands.database.engine) as statements:
                run(client, draft)
            return len(statements)

        keep(client, draft, "first", "head", percent="2")
        few = taken()
        for number in range(10):
            keep(client, draft, f"test {number}", "head", percent="2")
        assert taken() == few


def test_only_whoever_draws_for_all_centres_may_try(client: FlaskClient, draft: Draft, log_in: LogIn) -> None:
    log_in("studio.see", "studio.edit", scope="team")
    assert client.post(f"/studio/drafts/{draft.id}/evaluate", json={"body": draft.body}).status_code == 403


def test_the_page_before_publishing_tells_which_tests_of_a_table_differ(
    client: FlaskClient, draft: Draft, log_in: LogIn
) -> None:
    log_in("studio.see", "studio.edit", "studio.publish")
    keep(client, draft, "small", "manager", percent="1")
    address = f"/studio/drafts/{draft.id}/publish"
    assert "All of them run as before." in client.get(address).text
    keep(client, draft, "middle", "nobody", percent="2")
    page = client.get(address).text
    assert "expected nobody, got head" in page
    assert "All of them run as before." not in page
