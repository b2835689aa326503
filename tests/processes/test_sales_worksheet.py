"""The milestones and endings of the sales worksheet; what all drawings share is in test_drawings."""

from tests.processes.drawings import Drawing

SHEET = Drawing("processes/sales/sales_worksheet.bpmn")


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
