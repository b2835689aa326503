"""What the operations from the contract to the handover accept, refuse and write, called with the record of a case."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.dealer import START, moscow
from tests.webapp.sales.answers import OTHER_VIN
from tests.webapp.sales.desk import COMPANY, HANDED_OVER, MONEY, NOTHING, PASSPORT, TERMS, TICKED, TODAY, Desk, desk
from tests.webapp.sales.walking import VIN
from webapp.core.models import AuditEntry
from webapp.customers import consents
from webapp.customers.models import CompanyDetails, Consent, CustomerKind, IdentityDocument
from webapp.customers.services import get_customer
from webapp.sales import contracts, queries, reserving
from webapp.sales.models import AFTERCARE, Contract, ContractStatus, Payment, Reservation, Sale
from webapp.vehicles.models import CustomerCar

__all__ = ["desk"]


class TestContract:
    def test_the_papers_go_to_the_card_and_the_terms_into_the_contract(self, desk: Desk) -> None:
        answer = desk.do("record_contract", **PASSPORT | TERMS)

        assert answer == {
            "payable": Decimal(2000000),
            "due_at": moscow(2, 21),
            "overdue_at": moscow(7, 9),
        }
        with desk.dealer.read() as session:
            contract = desk.contract(session)
            assert contract is not None
            assert (contract.number, contract.payable, len(contract.lines)) == ("N-7", Decimal(2000000), 2)
            passport = session.scalars(select(IdentityDocument)).one()
            assert (passport.series, passport.number) == ("4010", "123456")
            assert session.scalars(select(Consent.kind)).all() == ["pd_processing"]

    def test_a_company_is_recorded_with_its_bank(self, desk: Desk) -> None:
        desk.do("record_contract", **COMPANY | TERMS)

        with desk.dealer.read() as session:
            details = session.scalars(select(CompanyDetails)).one()
            customer = get_customer(session, details.customer_id)
            assert (customer.kind, customer.company_name) == (CustomerKind.COMPANY, "Vesna")
            assert details.correspondent_account == "30101810100000000998"

    def test_papers_for_the_bank_make_no_contract(self, desk: Desk) -> None:
        assert desk.do("record_contract", **PASSPORT, outcome="sent_to_bank") == {}
        with desk.dealer.read() as session:
            assert desk.contract(session) is None
            assert session.scalars(select(IdentityDocument)).one()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"signed_on": TODAY + timedelta(days=1)}, "contract_in_future"),
            ({"handover_term": TODAY - timedelta(days=1)}, "handover_before_contract"),
            ({"vin": "XTA"}, "vin_invalid"),
            ({"model": "unknown"}, "model_unknown"),
            ({"tradein": Decimal(2400001)}, "tradein_over_price"),
            ({"payment_schedule": []}, "schedule_missing"),
            ({"price": Decimal("2400000.01")}, "schedule_unequal"),
            ({"pd_consent": "no"}, "consent_missing"),
            ({"passport_issued_on": date(2004, 4, 30)}, "passport_dates"),
            ({"passport_issued_on": date(2026, 3, 3)}, "passport_dates"),
        ],
    )
    def test_terms_that_contradict_each_other_are_refused(
        self, desk: Desk, changes: dict[str, object], code: str
    ) -> None:
        assert desk.refusal("record_contract", **PASSPORT | TERMS | changes).code == code

    def test_a_refusal_tells_the_difference_to_the_kopeck(self, desk: Desk) -> None:
        refused = desk.refusal("record_contract", **PASSPORT | TERMS | {"tradein": None})

        assert refused.details == {
            "total": Decimal(2000000),
            "payable": Decimal(2400000),
            "difference": Decimal(400000),
        }

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"inn": "7801000006"}, "inn_invalid"),
            ({"inn": "780100000090"}, "inn_of_other_kind"),
            ({"ogrn": "1027800000008"}, "ogrn_invalid"),
            ({"kpp": "78"}, "kpp_invalid"),
            ({"bic": "944030998"}, "bic_invalid"),
            ({"account": "40702810700000000002"}, "account_invalid"),
            ({"corr_account": "30101810400000000225"}, "correspondent_account_invalid"),
        ],
    )
    def test_a_typing_error_in_the_details_of_a_company_is_seen(
        self, desk: Desk, changes: dict[str, object], code: str
    ) -> None:
        assert desk.refusal("record_contract", **COMPANY | TERMS | changes).code == code

    def test_the_contract_names_the_car_that_is_reserved(self, desk: Desk) -> None:
        desk.reserve()

        other = {"vin": "XTA00000000000018"}
        assert desk.refusal("record_contract", **PASSPORT | TERMS | other).code == "vin_not_reserved"
        desk.do("record_contract", **PASSPORT | TERMS)

    def test_a_second_contract_replaces_the_first(self, desk: Desk) -> None:
        for number in ("N-7", "N-8"):
            desk.do("record_contract", **PASSPORT | TERMS | {"contract_number": number})

        with desk.dealer.read() as session:
            states = {row.number: row.status for row in session.scalars(select(Contract))}
        assert states == {"N-7": ContractStatus.TERMINATED, "N-8": ContractStatus.SIGNED}


class TestPayment:
    @pytest.fixture
    def signed(self, desk: Desk) -> Desk:
        desk.reserve(deposit=100000)
        desk.do("record_contract", **PASSPORT | TERMS)
        return desk

    def test_the_deposit_counts_and_the_next_line_is_due(self, signed: Desk) -> None:
        assert signed.do("plan_payment") == {
            "paid": Decimal(100000),
            "balance": Decimal(1900000),
            "due_at": moscow(9, 21),
            "overdue_at": moscow(14, 9),
        }

    def test_parts_add_up_to_the_whole(self, signed: Desk) -> None:
        part = signed.do("record_payment", outcome="partial", amount=Decimal(900000), **MONEY)
        whole = signed.do("record_payment", outcome="fully_paid", amount=Decimal(1000000), **MONEY)

        assert (part["balance"], whole["balance"]) == (Decimal(1000000), Decimal(0))

    @pytest.mark.parametrize(
        ("outcome", "amount", "changes", "code"),
        [
            ("fully_paid", 1899999, {}, "payment_short"),
            ("partial", 1900000, {}, "payment_complete"),
            ("partial", 0, {}, "payment_empty"),
            ("partial", 1, {"paid_on": TODAY + timedelta(days=1)}, "payment_in_future"),
        ],
    )
    def test_the_result_follows_from_the_sum(
        self, signed: Desk, outcome: str, amount: int, changes: dict[str, object], code: str
    ) -> None:
        refused = signed.refusal("record_payment", outcome=outcome, amount=Decimal(amount), **MONEY | changes)

        assert refused.code == code
        with signed.dealer.read() as session:
            assert session.scalars(select(Payment)).all() == []

    def test_without_a_contract_nothing_is_paid(self, desk: Desk) -> None:
        assert desk.refusal("plan_payment").code == "contract_missing"

    def test_when_the_head_waits_the_new_day_counts(self, signed: Desk) -> None:
        signed.do("record_overdue_decision", decision="wait", reason="holiday", wait_until=date(2026, 3, 20))

        assert signed.do("plan_payment")["overdue_at"] == moscow(21, 9)

    def test_a_term_in_the_past_is_no_term(self, signed: Desk) -> None:
        refused = signed.refusal("record_overdue_decision", decision="wait", reason="-", wait_until=TODAY)

        assert refused.code == "wait_in_past"

    def test_an_ended_contract_is_no_longer_in_force(self, signed: Desk) -> None:
        signed.do("record_overdue_decision", decision="terminate", reason="no money")

        assert signed.refusal("plan_payment").code == "contract_missing"

    def test_no_more_goes_back_than_came_in(self, signed: Desk) -> None:
        back = {"outcome": "returned", "pay_method": "cash", "document_no": "12"}

        assert signed.refusal("record_refund", amount=Decimal(100001), **back).code == "refund_over_received"
        signed.do("record_refund", amount=Decimal(100000), **back)
        with signed.dealer.read() as session:
            assert contracts.get_received(session, signed.worksheet_id) == 0
            assert signed.contract(session) is None


class TestPreparation:
    @pytest.fixture
    def signed(self, desk: Desk) -> Desk:
        desk.do("record_contract", **PASSPORT | TERMS)
        return desk

    def test_nothing_needed_is_done(self, signed: Desk) -> None:
        assert signed.do("record_preparation", outcome="done", **NOTHING) == {"unfinished": []}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"alarm_needed": "yes"}, "preparation_unfinished"),
            (
                {"registration_needed": "yes", "registration_done_on": TODAY, "plate": "А123ВС178"},
                "insurance_before_registration",
            ),
            (
                {
                    "registration_needed": "yes",
                    "registration_done_on": TODAY,
                    "insurance_needed": "yes",
                    "insurance_done_on": TODAY + timedelta(days=1),
                },
                "insurance_before_registration",
            ),
        ],
    )
    def test_what_is_missing_is_refused(self, signed: Desk, changes: dict[str, object], code: str) -> None:
        assert signed.refusal("record_preparation", outcome="done", **NOTHING | changes).code == code

    def test_a_delay_keeps_what_is_open(self, signed: Desk) -> None:
        answer = signed.do("record_preparation", outcome="delayed", **NOTHING | {"alarm_needed": "yes"})

        assert answer == {"unfinished": ["alarm"]}

    def test_plate_and_policy_stay_with_the_contract(self, signed: Desk) -> None:
        done = {
            "insurance_needed": "yes",
            "insurance_done_on": TODAY,
            "policy_until": date(2027, 3, 1),
            "registration_needed": "yes",
            "registration_done_on": TODAY,
            "plate": "А123ВС178",
        }
        signed.do("record_preparation", outcome="done", **NOTHING | done)

        with signed.dealer.read() as session:
            contract = signed.contract(session)
            assert contract is not None
            assert (contract.plate, contract.policy_until) == ("А123ВС178", date(2027, 3, 1))

    def test_a_car_on_credit_is_shown_to_the_bank(self, desk: Desk) -> None:
        desk.do("record_contract", **PASSPORT | TERMS | {"credit_bank": "Bank A"})

        assert desk.refusal("record_preparation", outcome="done", **NOTHING).code == "bank_inspection_needed"

    def test_another_car_takes_over_reservation_and_deposit(self, desk: Desk) -> None:
        desk.reserve(deposit=100000)
        desk.do("record_other_car", outcome="chosen", vehicle="Aurelia City", vin="", place="importer_warehouse")

        with desk.dealer.read() as session:
            kept = session.scalars(select(Reservation)).one()
            assert (kept.vehicle, kept.vin, kept.place) == ("Aurelia City", "", "importer_warehouse")
            assert contracts.get_received(session, desk.worksheet_id) == 100000

    def test_another_car_takes_over_the_contract_and_is_the_one_that_arrives(self, desk: Desk) -> None:
        desk.reserve()
        desk.do("record_contract", **PASSPORT | TERMS)
        desk.do("record_other_car", outcome="chosen", vehicle="Aurelia S4", vin=OTHER_VIN, place="importer_warehouse")

        assert desk.refusal("record_arrival", outcome="intact", vin=VIN).code == "vin_differs"
        desk.do("record_arrival", outcome="intact", vin=OTHER_VIN)
        desk.do("record_handover", **HANDED_OVER)

        with desk.dealer.read() as session:
            sale = session.scalars(select(Sale)).one()
            changed = session.scalars(select(AuditEntry).where(AuditEntry.action == "sales.contract.car_exchanged"))
            assert (sale.vin, sale.price) == (OTHER_VIN, TERMS["price"])
            assert len(changed.all()) == 1

    def test_a_car_without_a_number_gets_it_when_it_arrives(self, desk: Desk) -> None:
        desk.reserve()
        desk.do("record_contract", **PASSPORT | TERMS)
        desk.do("record_other_car", outcome="chosen", vehicle="Aurelia S4", vin="", place="production")
        desk.do("record_arrival", outcome="intact", vin=OTHER_VIN)

        with desk.dealer.read() as session:
            contract = desk.contract(session)
            assert contract is not None
            assert (contract.vin, session.scalars(select(Reservation.vin)).one()) == (OTHER_VIN, OTHER_VIN)

    def test_without_a_reservation_there_is_nothing_to_exchange(self, desk: Desk) -> None:
        chosen = {"outcome": "chosen", "vehicle": "Aurelia City", "vin": "", "place": "showroom"}

        assert desk.refusal("record_other_car", **chosen).code == "reservation_unknown"


class TestHandover:
    @pytest.fixture
    def ready(self, desk: Desk) -> Desk:
        desk.reserve()
        desk.do("record_contract", **PASSPORT | TERMS)
        return desk

    @pytest.mark.parametrize(("at", "code"), [(moscow(2, 9), "visit_in_past"), (moscow(3, 22), "visit_outside_hours")])
    def test_an_impossible_hour_is_refused(self, ready: Desk, at: object, code: str) -> None:
        assert ready.refusal("record_handover_appointment", outcome="agreed", handover_at=at).code == code

    def test_the_sale_is_written_with_the_car(self, ready: Desk) -> None:
        answer = ready.do(
            "record_handover", **HANDED_OVER, warranty_until=date(2029, 3, 2), advertising_channels=["call", "email"]
        )

        assert answer == {"missing": 0}
        with ready.dealer.read() as session:
            sale = session.scalars(select(Sale)).one()
            assert (sale.contract_number, sale.price, sale.vin) == ("N-7", Decimal(2400000), VIN)
            assert (sale.odometer, sale.warranty_until) == (15, date(2029, 3, 2))
            assert reserving.find_reservation(session, ready.worksheet_id) is None
            customer = get_customer(session, queries.get_worksheet(session, ready.worksheet_id).customer_id)
            assert consents.may_be_offered_by_phone(session, customer, now=START)

    def test_the_car_becomes_the_customers(self, ready: Desk) -> None:
        ready.do("record_handover", **HANDED_OVER)

        with ready.dealer.read() as session:
            car = session.scalars(select(CustomerCar)).one()
            worksheet = queries.get_worksheet(session, ready.worksheet_id)
            assert (car.customer_id, car.vin, car.km) == (worksheet.customer_id, VIN, 15)
            assert (car.bought_here, car.sale_key, car.since) == (True, worksheet.business_key, TODAY)
            assert car.model_code == session.scalars(select(Sale.model_code)).one()

    def test_what_is_not_ticked_is_explained(self, ready: Desk) -> None:
        short = HANDED_OVER | {"inside": TICKED["inside"][:6], "docs": TICKED["docs"][:6]}
        refused = ready.refusal("record_handover", **short)

        assert (refused.code, refused.details["missing"]) == ("checklist_unfinished", 3)
        assert ready.do("record_handover", **short, left_out="No phone with him") == {"missing": 3}

    def test_the_first_service_comes_later(self, ready: Desk) -> None:
        refused = ready.refusal("record_handover", **HANDED_OVER | {"first_service_due": TODAY})

        assert refused.code == "first_service_too_early"

    def test_a_car_that_was_not_accepted_is_not_sold(self, ready: Desk) -> None:
        ready.do("record_handover", outcome="not_accepted", refusal_reason="A scratch")
        ready.do("record_not_accepted_decision", decision="prepare_again", instruction="Polish it")

        with ready.dealer.read() as session:
            assert session.scalars(select(Sale)).all() == []
            assert queries.get_worksheet(session, ready.worksheet_id).instruction == "Polish it"
        assert ready.refusal("begin_aftercare").code == "sale_missing"

    def test_the_care_begins_as_a_case_of_its_own(self, ready: Desk) -> None:
        ready.do("record_handover", **HANDED_OVER)
        ready.do("begin_aftercare")

        (case,) = ready.dealer.cases()
        assert (case.process_key, case.business_key) == ("post_delivery", f"{AFTERCARE}:{ready.worksheet_id}")


class TestMidnight:
    """Days are those of the centre: in Moscow a day begins three hours before that of UTC."""

    def test_what_ended_yesterday_has_ended(self, desk: Desk) -> None:
        desk.dealer.clock.set(datetime(2026, 3, 2, 22, 30, tzinfo=UTC))  # half past one on the third
        driven = {
            "outcome": "done",
            "slot_at": desk.dealer.clock.now() - timedelta(hours=1),
            "demo_car": "one",
            "driver_age": 40,
            "experience_years": 9,
        }

        assert desk.refusal("record_test_drive", licence_expiry=TODAY, **driven).code == "licence_expired"
        desk.do("record_test_drive", licence_expiry=TODAY + timedelta(days=1), **driven)

    def test_who_drives_off_after_midnight_has_the_car_today(self, desk: Desk) -> None:
        desk.do("record_contract", **PASSPORT | TERMS)
        desk.dealer.clock.set(datetime(2026, 3, 2, 22, 30, tzinfo=UTC))

        desk.do("record_handover", **HANDED_OVER | {"delivered_on": TODAY + timedelta(days=1)})

        with desk.dealer.read() as session:
            assert session.scalars(select(Sale.delivered_on)).one() == TODAY + timedelta(days=1)
