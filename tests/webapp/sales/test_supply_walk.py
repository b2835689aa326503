"""Supply, inspection and credit, walked as parts of a case on every path."""

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import BusinessError
from tests.dealer import START, Dealer, moscow
from tests.webapp.sales.walking import VIN, PassedNodes, Walk, assert_all_passed, call, record_passed

SEEN: PassedNodes = {}
CHECKS = (
    *("transport_protection", "fluids", "battery", "tyres", "brakes", "underbody", "lights", "electrics"),
    *("software", "paint", "interior", "road_test", "completeness", "washing"),
)
CONFIRMED = {"outcome": "confirmed", "from_place": "importer_warehouse", "holder": "Importer", "eta": "2026-03-16"}
ORDERED = {"carrier": "Carrier", "load_planned": "2026-03-10", "eta": "2026-03-16", "to_place": "North"}
TOLD = {"outcome": "talked", "promised_date": "2026-03-20", "reaction": "calm"}
INTACT = {"outcome": "intact", "vin": VIN, "odometer": "12", "keys": "2"}
DAMAGED = INTACT | {"outcome": "damaged", "damages": [{"part": "Bonnet", "kind": "chip"}]}
PREPARED = {"outcome": "ready", "battery_v": "12,6", "odometer": "14", **dict.fromkeys(CHECKS, "ok")}
APPLIED = {"applications": [{"bank": "Bank A", "amount": "1000000", "term_months": "60"}]}


@pytest.fixture(autouse=True)
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record_passed(monkeypatch, SEEN)


def refused(walk: Walk, element: str, code: str, **values: Any) -> None:
    with pytest.raises(BusinessError) as refusal:
        walk.complete(element, **values)
    assert refusal.value.code == code


class TestSupply:
    @pytest.fixture
    def walk(self, dealer: Dealer) -> Walk:
        return call(dealer, "supply_delivery", as_="supply")

    def ordered(self, walk: Walk) -> None:
        walk.complete("accept_supply")
        walk.complete("confirm_availability", **CONFIRMED)
        walk.complete("order_transport", **ORDERED)

    def on_its_way(self, walk: Walk) -> None:
        self.ordered(walk)
        walk.wait_until(moscow(10, 18))
        walk.complete("confirm_loading", outcome="loaded", loaded_on="2026-03-10", eta="2026-03-16")

    def test_logistics_accepts_within_half_an_hour(self, walk: Walk) -> None:
        task = walk.task("accept_supply")

        assert (task.candidate_role, task.assignee_id) == ("logistics", None)
        assert task.due_at == START + timedelta(minutes=30)

    def test_the_availability_is_known_within_four_hours(self, walk: Walk) -> None:
        walk.complete("accept_supply", comment="I call the importer")

        assert walk.task("confirm_availability").due_at == START + timedelta(hours=4)
        assert walk.noted()[-1] == ("worksheet.accepted", "accepted")

    def test_a_car_that_is_gone_ends_the_supply(self, walk: Walk) -> None:
        walk.complete("accept_supply")
        walk.complete("confirm_availability", outcome="gone")

        assert walk.open == []
        assert walk.document()["supply"]["result"] == {"outcome": "gone"}

    def test_a_car_that_arrives_as_promised_disturbs_nobody(self, walk: Walk) -> None:
        self.on_its_way(walk)
        assert walk.open == ["track_transport"]
        assert walk.task("track_transport").due_at == moscow(16, 21)

        walk.wait_until(moscow(16, 11))
        walk.complete("track_transport", outcome="arrived", arrived_on="2026-03-16")
        walk.complete("inspect_arrival", **INTACT)

        assert walk.open == []
        result = walk.document()["supply"]["result"]
        assert (result["outcome"], result["pdi_at"]) == ("arrived", moscow(17, 11))

    def test_the_loading_is_asked_about_on_its_day(self, walk: Walk) -> None:
        self.ordered(walk)

        assert walk.task("confirm_loading").due_at == moscow(10, 21)

    def test_a_car_that_did_not_fit_waits_for_the_next_carrier_and_the_customer_is_told(self, walk: Walk) -> None:
        self.ordered(walk)
        walk.wait_until(moscow(10, 18))
        walk.complete("confirm_loading", outcome="not_loaded", load_planned="2026-03-13", eta="2026-03-19")

        assert walk.open == ["confirm_loading", "inform_customer"]
        assert walk.task("confirm_loading").due_at == moscow(13, 21)
        told = walk.task("inform_customer")
        assert (told.due_at, told.assignee_id) == (moscow(10, 20), walk.dealer.people["seller"])
        walk.complete("inform_customer", **TOLD)
        walk.complete("confirm_loading", outcome="loaded", loaded_on="2026-03-13", eta="2026-03-19")
        assert walk.open == ["track_transport"]

    @pytest.mark.parametrize(
        ("eta", "call_needed"),
        [
            ("2026-03-15", False),
            ("2026-03-16", False),
            ("2026-03-17", False),
            ("2026-03-18", True),
            ("2026-03-14", True),
        ],
    )
    def test_only_a_move_by_more_than_a_day_is_told(self, walk: Walk, eta: str, call_needed: bool) -> None:
        self.on_its_way(walk)
        walk.wait_until(moscow(12, 10))
        walk.complete("track_transport", outcome="eta_changed", eta=eta, reason="road")

        assert ("inform_customer" in walk.open) is call_needed
        assert walk.task("track_transport").due_at == moscow(int(eta[-2:]), 21)

    def test_every_change_is_told_anew_and_the_arrival_does_not_wait_for_it(self, walk: Walk) -> None:
        self.on_its_way(walk)
        for day, eta in ((11, "2026-03-19"), (12, "2026-03-23")):
            walk.wait_until(moscow(day, 10))
            walk.complete("track_transport", outcome="eta_changed", eta=eta, reason="road")
        assert walk.open == ["inform_customer", "inform_customer", "track_transport"]

        walk.wait_until(moscow(14, 10))
        walk.complete("track_transport", outcome="arrived", arrived_on="2026-03-14")
        assert walk.open == ["inform_customer", "inform_customer", "inspect_arrival"]

    def arrived_damaged(self, walk: Walk) -> None:
        self.on_its_way(walk)
        walk.wait_until(moscow(16, 10))
        walk.complete("track_transport", outcome="arrived", arrived_on="2026-03-16")
        walk.complete("inspect_arrival", **DAMAGED, photos=walk.dealer.photos(2))

    def test_a_damaged_car_is_claimed_and_the_customer_told(self, walk: Walk) -> None:
        self.arrived_damaged(walk)
        assert walk.task("file_claim").due_at == moscow(17, 10)
        walk.complete(
            "file_claim", outcome="repair", claim_to="carrier", claim_no="7", claimed="20000", repaired_by="2026-03-18"
        )

        assert walk.open == ["inform_customer"]
        result = walk.document()["supply"]["result"]
        assert (result["outcome"], result["pdi_at"]) == ("arrived", moscow(19, 21))
        walk.complete("inform_customer", outcome="written", promised_date="2026-03-19")
        assert walk.dealer.outcome() == "ended"

    def test_a_car_that_is_too_badly_damaged_is_replaced(self, walk: Walk) -> None:
        self.arrived_damaged(walk)
        walk.complete("file_claim", outcome="replace", claim_to="insurer", claim_no="7", claimed="900000")

        assert walk.open == []
        assert walk.document()["supply"]["result"] == {"outcome": "gone"}

    def test_a_car_does_not_arrive_before_it_is_loaded(self, walk: Walk) -> None:
        walk.complete("accept_supply")
        walk.complete("confirm_availability", **CONFIRMED)
        refused(walk, "order_transport", "eta_before_loading", **ORDERED | {"eta": "2026-03-09"})
        walk.complete("order_transport", **ORDERED)
        late = {"outcome": "not_loaded", "load_planned": "2026-03-18", "eta": "2026-03-17"}
        refused(walk, "confirm_loading", "eta_before_loading", **late)


class TestInspection:
    @pytest.fixture
    def walk(self, dealer: Dealer) -> Walk:
        walk = call(dealer, "pdi", as_="pdi")
        walk.complete("accept_pdi")
        return walk

    def test_it_is_done_by_the_next_day(self, walk: Walk) -> None:
        assert walk.task("prepare_car").due_at == START + timedelta(days=1)

    def test_a_ready_car_ends_it(self, walk: Walk) -> None:
        walk.complete("prepare_car", **PREPARED)

        assert (walk.open, walk.dealer.outcome()) == ([], "ended")

    def test_a_defect_is_repaired_while_the_customer_is_told(self, walk: Walk) -> None:
        walk.complete(
            "prepare_car",
            **PREPARED | {"outcome": "defect", "paint": "defect", "defects": [{"part": "Door", "note": "Scratch"}]},
        )
        assert walk.task("order_repair").due_at == START + timedelta(hours=2)
        refused(walk, "order_repair", "ready_in_past", workshop="body", order_no="7", ready_at="2026-03-02T09:00")
        walk.complete("order_repair", workshop="body", order_no="7", ready_at="2026-03-04T15:00")

        assert walk.open == ["inform_customer", "prepare_car"]
        assert walk.task("prepare_car").due_at == moscow(4, 15)
        assert walk.task("inform_customer").due_at == START + timedelta(hours=2)
        walk.complete("prepare_car", **PREPARED | {"paint": "fixed"})
        assert (walk.open, walk.dealer.outcome()) == (["inform_customer"], None)
        walk.complete("inform_customer", **TOLD)
        assert walk.dealer.outcome() == "ended"

    def test_the_result_follows_from_the_checklist(self, walk: Walk) -> None:
        refused(walk, "prepare_car", "pdi_defect_open", **PREPARED | {"brakes": "defect"})
        unmarked = PREPARED | {"outcome": "defect", "defects": [{"part": "Door", "note": "Scratch"}]}
        refused(walk, "prepare_car", "pdi_defect_unmarked", **unmarked)


class TestCredit:
    @pytest.fixture
    def walk(self, dealer: Dealer) -> Walk:
        walk = call(dealer, "credit_application", as_="credit")
        walk.complete("accept_credit")
        walk.complete("apply_to_banks", **APPLIED)
        return walk

    def answer(self, walk: Walk, outcome: str, *said: str, chosen: str | None = None) -> None:
        answers = [{"bank": f"Bank {place}", "status": status} for place, status in zip("ABC", said, strict=False)]
        walk.complete("bank_decision", outcome=outcome, answers=answers, **({"chosen_bank": chosen} if chosen else {}))

    def result(self, walk: Walk) -> str:
        assert walk.open == []
        return str(walk.document()["credit"]["result"]["outcome"])

    def test_the_banks_answer_within_a_day(self, walk: Walk) -> None:
        assert walk.task("bank_decision").due_at == START + timedelta(days=1)

    def test_an_approved_credit_ends_it(self, walk: Walk) -> None:
        self.answer(walk, "approved", "denied", "approved", chosen="bank b")

        assert self.result(walk) == "approved"

    def test_without_an_answer_it_is_asked_again(self, walk: Walk) -> None:
        walk.wait_until(START + timedelta(days=1))
        self.answer(walk, "waiting", "waiting")

        assert walk.task("bank_decision").due_at == START + timedelta(days=2)

    @pytest.mark.parametrize(("decision", "outcome"), [("accept", "approved"), ("give_up", "denied")])
    def test_other_terms_are_for_the_customer_to_decide(self, walk: Walk, decision: str, outcome: str) -> None:
        self.answer(walk, "approved_less", "approved_less", chosen="Bank A")
        assert walk.task("agree_terms").due_at == START + timedelta(hours=4)
        walk.complete("agree_terms", outcome=decision)

        assert self.result(walk) == outcome

    def test_after_other_terms_another_bank_is_asked(self, walk: Walk) -> None:
        self.answer(walk, "approved_less", "approved_less", chosen="Bank A")
        walk.complete("agree_terms", outcome="apply_again")

        assert walk.open == ["apply_to_banks"]

    def test_after_a_denial_another_bank_is_asked_until_the_customer_gives_up(self, walk: Walk) -> None:
        self.answer(walk, "denied", "denied", "denied")
        walk.complete("after_denial", outcome="apply_again")
        walk.complete("apply_to_banks", **APPLIED)
        self.answer(walk, "denied", "denied")
        walk.complete("after_denial", outcome="give_up")

        assert self.result(walk) == "denied"

    @pytest.mark.parametrize(
        ("outcome", "said", "chosen", "code"),
        [
            ("approved", ["denied"], "Bank A", "bank_result_unfounded"),
            ("approved", ["approved_less", "denied"], "Bank A", "bank_result_unfounded"),
            ("approved", ["approved", "denied"], "Bank B", "bank_not_in_answers"),
            ("approved_less", ["approved"], "Bank A", "bank_result_unfounded"),
            ("denied", ["denied", "waiting"], None, "bank_result_unfounded"),
            ("waiting", ["denied"], None, "bank_result_unfounded"),
        ],
    )
    def test_the_result_follows_from_the_answers(
        self, walk: Walk, outcome: str, said: list[str], chosen: str | None, code: str
    ) -> None:
        with pytest.raises(BusinessError) as refusal:
            self.answer(walk, outcome, *said, chosen=chosen)

        assert refusal.value.code == code

    def test_a_bank_is_asked_once_a_round(self, dealer: Dealer) -> None:
        walk = call(dealer, "credit_application", as_="credit")
        walk.complete("accept_credit")
        twice = [{"bank": bank, "amount": "1", "term_months": "12"} for bank in ("Bank A", " bank  a")]

        refused(walk, "apply_to_banks", "bank_twice", applications=twice)


@pytest.mark.parametrize("process", ["supply_delivery", "pdi", "credit_application"])
def test_every_element_was_walked(process: str, request: pytest.FixtureRequest) -> None:
    assert_all_passed(process, SEEN, request)
