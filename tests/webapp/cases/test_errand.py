"""A task for oneself or a colleague, walked on every path of the shipped drawing with a moved clock."""

import pytest

from engine.errors import NotAllowed
from engine.human_tasks.form_values import FormInvalid
from tests.dealer import Dealer, moscow
from tests.webapp.cases.errand_desk import ErrandDesk
from tests.webapp.sales.walking import PassedNodes, assert_all_passed, record_passed

SEEN: PassedNodes = {}
UNTIL = "2026-03-03T12:00"
LATER = "2026-03-04T16:00"
DONE = {"outcome": "done", "result": "The keys are in the safe"}
NOT_POSSIBLE = {"outcome": "not_possible", "reason": "The safe is locked"}
MORE_TIME = {"outcome": "more_time", "reason": "The car is not back", "new_time": LATER}


@pytest.fixture(autouse=True)
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record_passed(monkeypatch, SEEN)


@pytest.fixture
def desk(dealer: Dealer) -> ErrandDesk:
    return ErrandDesk(dealer)


class TestGiving:
    def test_the_giver_is_asked_at_once_for_whom_and_until_when(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.begin()

        task = desk.task("give_task")

        assert (task.assignee_id, task.due_at) == (dealer.people["seller"], moscow(2, 10, 15))

    def test_the_chosen_colleague_has_it_until_the_chosen_time(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)

        task = desk.task("do_task")

        assert (task.assignee_id, task.due_at) == (dealer.people["cashier"], moscow(3, 12))
        assert dealer.milestones() == ["given"]

    @pytest.mark.parametrize("person", ["999999", "nobody", "", "²", "01", "١"])
    def test_only_somebody_who_works_here_can_be_chosen(self, desk: ErrandDesk, dealer: Dealer, person: str) -> None:
        desk.begin()

        with pytest.raises(FormInvalid) as refusal:
            desk.answer_as_the_page_does("give_task", person=person, until=UNTIL)

        assert set(refusal.value.errors) == {"person"}

    def test_nobody_else_may_do_it(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)

        with pytest.raises(NotAllowed):
            dealer.complete("do_task", by="colleague", **DONE)


class TestForOneself:
    def test_what_is_done_ends_at_once(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("seller", UNTIL)
        dealer.complete("do_task", by="seller", **DONE)

        assert (dealer.outcome(), dealer.milestones()) == ("won", ["given", "done"])

    def test_what_is_not_possible_ends_without_success(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("seller", UNTIL)
        dealer.complete("do_task", by="seller", **NOT_POSSIBLE)

        assert (dealer.outcome(), dealer.milestones()) == ("not_possible", ["given"])


class TestForAColleague:
    def test_the_giver_accepts_what_is_done(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **DONE)
        check = desk.task("check_result")
        assert (check.assignee_id, check.due_at) == (dealer.people["seller"], moscow(3, 10))

        dealer.complete("check_result", by="seller", outcome="accepted")

        assert (dealer.outcome(), dealer.milestones()) == ("won", ["given", "done", "accepted"])
        assert dealer.document()["check_result"]["said"] == DONE["result"]

    def test_the_giver_sees_that_it_is_not_possible(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **NOT_POSSIBLE)
        dealer.complete("check_result", by="seller", outcome="accepted")

        assert (dealer.outcome(), dealer.milestones()) == ("not_possible", ["given"])
        assert dealer.document()["check_result"]["said"] == NOT_POSSIBLE["reason"]

    @pytest.mark.parametrize("first", [DONE, NOT_POSSIBLE], ids=["done", "not_possible"])
    def test_the_giver_sends_it_back_with_words_and_a_new_time(
        self, desk: ErrandDesk, dealer: Dealer, first: dict[str, str]
    ) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **first)
        dealer.complete("check_result", by="seller", outcome="again", comment="Both keys", new_time=LATER)

        again = desk.task("do_task")
        assert (again.assignee_id, again.due_at) == (dealer.people["cashier"], moscow(4, 16))
        dealer.complete("do_task", by="cashier", **DONE)
        dealer.complete("check_result", by="seller", outcome="accepted")
        assert dealer.outcome() == "won"

    def test_sending_back_needs_words_and_a_time(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **DONE)

        with pytest.raises(FormInvalid) as refusal:
            dealer.complete("check_result", by="seller", outcome="again")

        assert set(refusal.value.errors) == {"comment", "new_time"}

    def test_it_comes_back_at_the_time_that_it_still_needs(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **MORE_TIME)
        assert desk.task("do_task").due_at == moscow(4, 16)

        dealer.complete("do_task", by="cashier", **(MORE_TIME | {"new_time": "2026-03-05T11:00"}))

        assert desk.task("do_task").due_at == moscow(5, 11)
        assert dealer.milestones() == ["given"]

    def test_after_being_sent_back_it_may_need_more_time_again(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **MORE_TIME)
        dealer.complete("do_task", by="cashier", **DONE)
        dealer.complete("check_result", by="seller", outcome="again", comment="Both keys", new_time="2026-03-05T11:00")
        assert desk.task("do_task").due_at == moscow(5, 11)

        dealer.complete("do_task", by="cashier", **(MORE_TIME | {"new_time": "2026-03-06T11:00"}))

        assert desk.task("do_task").due_at == moscow(6, 11)


class TestTakingBack:
    def test_the_giver_takes_it_back_while_it_is_with_the_other(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("reception", until=UNTIL)

        dealer.take("withdrawn", by="seller", reason="The customer called himself")

        assert (dealer.open_tasks(), dealer.outcome()) == ([], "withdrawn")

    def test_nobody_else_takes_it_back(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("reception", until=UNTIL)

        with pytest.raises(NotAllowed) as refused:
            dealer.take("withdrawn", by="reception", reason="No time for it")

        assert refused.value.code == "offer_not_yours"


class TestBeingLate:
    def test_the_doer_is_reminded_then_the_giver_and_the_head_hear_of_it(
        self, desk: ErrandDesk, dealer: Dealer
    ) -> None:
        desk.give("colleague", "2026-03-02T14:00")

        dealer.wait_until(moscow(2, 13))
        assert (desk.reminded(), desk.heard()) == (1, [])
        dealer.wait_until(moscow(2, 14, 30))
        assert (desk.reminded(), desk.heard()) == (2, [("owner", (dealer.people["seller"],))])
        dealer.wait_until(moscow(2, 16))
        assert desk.heard()[1:] == [("head", (dealer.people["head"],))]

    def test_the_head_hears_of_a_result_that_nobody_looks_at(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **DONE)

        dealer.wait_until(moscow(4, 21))

        assert desk.heard() == [("head", (dealer.people["head"],))]

    def test_more_time_asked_for_before_the_end_disturbs_nobody(self, desk: ErrandDesk, dealer: Dealer) -> None:
        desk.give("cashier", UNTIL)
        dealer.complete("do_task", by="cashier", **MORE_TIME)

        dealer.wait_until(moscow(4, 12))

        assert desk.heard() == []


def test_every_element_is_passed(request: pytest.FixtureRequest) -> None:
    assert_all_passed("errand", SEEN, request)
