"""What the steps of a visit write, and what they refuse."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import BusinessError
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import FormInvalid, Reading
from engine.outbox import OutboxMessage
from tests.dealer import MOSCOW, Dealer, client_of, moscow
from tests.webapp.aftersales.service import (
    CONTROLLED,
    EXTRA,
    INSPECTED,
    LABOUR,
    NEED,
    PLATE,
    PREPARED,
    RECEIVED,
    agree,
    assign,
    book,
    call_in,
    furnish,
    give_back,
    inspect,
    open_by_reminder,
    open_service,
    order,
    pay,
    prepare_service,
    receive,
    return_car,
    slot,
    visit,
    walk_in,
    work,
)
from webapp.aftersales import visiting
from webapp.aftersales.models import (
    LineStatus,
    OrderState,
    Recommendation,
    RecommendationKind,
    ServiceVisit,
    VisitStatus,
)
from webapp.aftersales.reminders import open_due_visits
from webapp.aftersales.visiting import Wish
from webapp.customers.models import CustomerEmail
from webapp.customers.services import CustomerFacts, create_customer
from webapp.inquiries.models import Inquiry, Purpose
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import CarFacts, record_car


@pytest.fixture(scope="module")
def template(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_service(dealer_template, tmp_path_factory.mktemp("service"))


@pytest.fixture
def service(template: Path, tmp_path: Path) -> Iterator[Dealer]:
    with open_service(template, tmp_path) as dealer:
        yield dealer


def refused(act: Any, *arguments: Any, **answers: Any) -> str:
    with pytest.raises(BusinessError) as refusal:
        act(*arguments, **answers)
    return refusal.value.code


def to_the_work(dealer: Dealer, **agreed: Any) -> None:
    walk_in(dealer)
    receive(dealer)
    agree(dealer, moscow(2, 17), **agreed)
    assign(dealer, moscow(2, 16))


class TestOpening:
    def test_who_calls_twice_about_one_need_has_one_visit(self, service: Dealer) -> None:
        call_in(service)
        service.wait_until(moscow(4, 12))
        call_in(service)

        with service.read() as session:
            assert len(session.scalars(select(ServiceVisit)).unique().all()) == 1
            keys = session.scalars(select(Inquiry.case_key).order_by(Inquiry.id)).all()
            assert keys == [visit(service).business_key] * 2

    def test_who_calls_again_after_three_days_has_another_need(self, service: Dealer) -> None:
        call_in(service)
        service.wait_until(moscow(5, 12))
        call_in(service)

        assert len(service.cases()) == 2

    def test_another_purpose_opens_no_visit(self, service: Dealer) -> None:
        service.register(purpose=Purpose.PARTS)

        assert service.cases() == []

    def test_whoever_talks_to_the_customer_books_and_the_advisor_leads(self, service: Dealer) -> None:
        call_in(service)
        assert service.task().assignee_id == service.people["operator"]
        book(service)

        assert service.cases()[0].owner_id == service.people["advisor"]
        assert (visit(service).status, visit(service).starts_at) == (VisitStatus.BOOKED, moscow(5, 11))

    def test_a_colleague_who_does_not_book_leaves_it_to_the_dispatchers(self, service: Dealer) -> None:
        call_in(service, handed_to=service.people["seller"], missed=True)

        assert (service.task().assignee_id, service.task().candidate_role) == (None, "service_dispatcher")


class TestBooking:
    def test_the_car_is_recorded_once(self, service: Dealer) -> None:
        call_in(service)
        book(service)
        with service.read() as session:
            (car,) = session.scalars(select(CustomerCar)).all()
        assert (car.plate, visit(service).car_id) == (PLATE.replace(" ", ""), car.id)

    def test_a_plate_in_latin_letters_is_that_of_the_known_car(self, service: Dealer) -> None:
        with service.write() as session:
            known = CustomerFacts(last_name="Belova", phones=("+7 900 000-41-17",))
            customer = create_customer(session, known, actor_id=None, now=service.clock.now())
            for plate in (PLATE, "В 777 ВВ 178"):
                facts = CarFacts(plate=plate, model_code="aurelia_s4")
                record_car(session, customer=customer, facts=facts, actor_id=None, now=service.clock.now())
            wish = Wish(customer, service.centres["North"])
            visiting.open_visit(session, wish, actor_id=None, now=service.clock.now())

        book(service, by="dispatcher", car_plate="a123bc-178")

        with service.read() as session:
            cars = session.scalars(select(CustomerCar).order_by(CustomerCar.id)).all()
        assert (len(cars), visit(service).car_id) == (2, cars[0].id)

    def test_a_customer_out_of_reach_is_booked_by_his_very_phone_alone(self, service: Dealer) -> None:
        with service.write() as session:
            far = CustomerFacts(last_name="Far", phones=("+7 900 000-41-18",), centre_id=service.centres["South"])
            number = create_customer(session, far, actor_id=None, now=service.clock.now()).id
        page = client_of(service, "dispatcher")
        typed = {"centre": service.centres["North"], "customer_id": number, "act": "not_booked"}
        typed["not_booked_reason"] = "price"

        assert page.post("/service/booking", data=typed | {"q": "Far"}).status_code == 404
        assert page.post("/service/booking", data=typed | {"q": "+7 900 000-41-18"}).status_code == 302

    def test_a_car_has_a_plate_or_a_vin(self, service: Dealer) -> None:
        call_in(service)

        assert refused(book, service, car_plate="") == "car_missing"

    def test_a_time_that_is_taken_is_refused(self, service: Dealer) -> None:
        call_in(service)
        book(service)
        call_in(service, phone="8 900 000-41-18", name="Oleg Panin")
        taken = NEED | {"outcome": "booked", "slot": slot(service), "car_plate": "В 001 ОР 78"}
        with pytest.raises(BusinessError) as refusal:
            service.do("book_visit", **taken)

        assert refusal.value.code in {"advisor_taken", "bay_taken", "slot_taken", "reception_taken"}
        assert "alternative" in refusal.value.details

    def test_a_bay_that_does_not_suit_the_work_is_changed_for_one_that_does(self, service: Dealer) -> None:
        call_in(service)
        book(service, slot=slot(service, bay="Diagnostics"))

        assert visit(service).starts_at == moscow(5, 11)


class TestLetters:
    def test_who_is_not_reached_twice_is_written_to(self, service: Dealer) -> None:
        call_in(service)
        with service.write() as session:
            session.add(CustomerEmail(customer_id=visit(service).customer_id, address="m@example.com", position=0))
        book(service)
        for _ in range(2):
            service.do("remind_customer", by="dispatcher", outcome="no_answer")

        with service.read() as session:
            (letter,) = session.scalars(select(OutboxMessage)).all()
        assert (letter.recipient, letter.channel) == ("m@example.com", "mail")
        assert "11:00" in letter.body


class TestOrder:
    def test_it_has_the_lines_and_sums_of_the_form(self, service: Dealer) -> None:
        to_the_work(service)

        found = order(service)
        assert (found.labour, found.parts, found.discount) == (Decimal(4000), Decimal(810), Decimal(90))
        assert (found.total, found.tax, found.state) == (Decimal(4810), Decimal("867.38"), OrderState.IN_WORK)

    def test_extra_work_costs_nothing_before_it_is_approved(self, service: Dealer) -> None:
        to_the_work(service)
        work(service, outcome="extra_work", extra=[EXTRA], extra_photos=service.photos(1))
        assert (order(service).total, visit(service).status) == (Decimal(4810), VisitStatus.WAITING_APPROVAL)
        service.complete("approve_extra", by="advisor", outcome="declined")

        assert [line.status for line in order(service).labour_lines] == [LineStatus.AGREED, LineStatus.DECLINED]
        assert order(service).total == Decimal(4810)
        with service.read() as session:
            (kept,) = session.scalars(select(Recommendation).where(Recommendation.what == "Wheel bearing")).all()
        assert kept.price == Decimal(5000)

    def test_within_the_limit_nobody_is_asked(self, service: Dealer) -> None:
        to_the_work(service, hidden_defects="do_up_to_limit", extra_limit="5000")
        work(service, outcome="extra_work", extra=[EXTRA], extra_photos=service.photos(1))

        assert (service.open_elements(), order(service).total) == (["do_work"], Decimal(9810))

    def test_a_car_is_not_promised_for_the_past(self, service: Dealer) -> None:
        walk_in(service)
        assert refused(receive, service, moscow(1, 9).replace(year=1900)) == "arrived_before_call"
        receive(service)

        assert refused(agree, service, moscow(2, 9)) == "promised_in_past"

    def test_an_odometer_runs_back_only_when_somebody_says_so(self, service: Dealer) -> None:
        to_the_work(service)
        work(service)
        give_back(service)
        return_car(service)
        service.wait_until(moscow(20, 10))
        walk_in(service)
        read = RECEIVED | {"arrived_at": service.clock.now().isoformat(), "km": "12"}
        assert refused(service.do, "receive_car", by="advisor", **read) == "odometer_below"
        service.do("receive_car", by="advisor", **(read | {"km_lower": "1"}))

        with service.read() as session:
            assert session.scalars(select(CustomerCar.km)).all() == [12]

    def test_nobody_works_longer_than_the_days_are(self, service: Dealer) -> None:
        to_the_work(service)

        assert refused(work, service, outcome="done", clocked_hours="200") == "hours_impossible"
        work(service, outcome="done", clocked_hours="24")

    def test_nothing_is_recommended_for_a_day_that_has_passed(self, service: Dealer) -> None:
        walk_in(service)
        receive(service)
        late = INSPECTED["findings"][0] | {"later_on": "2026-03-01"}
        with pytest.raises(FormInvalid) as refusal:
            service.complete("inspect_car", by="advisor", **(INSPECTED | {"findings": [late]}))

        assert refusal.value.errors == {"findings.0.later_on": "day_passed"}

    def test_no_order_comes_to_more_than_a_sum_can_hold(self, service: Dealer) -> None:
        walk_in(service)
        receive(service)
        slip = LABOUR | {"hours": "500", "rate": "999999999", "qty": "100"}

        assert refused(agree, service, moscow(2, 17), labour=[slip]) == "order_too_large"

    def test_whoever_did_the_work_does_not_check_it(self, service: Dealer) -> None:
        walk_in(service)
        receive(service, repeat_repair="yes")
        agree(service, moscow(2, 17))
        assign(service, moscow(2, 16))
        work(service)
        himself = Actor(service.people["mechanic"], supervises=frozenset({None}))  # whatever else he may do
        reading = Reading(now=service.clock.now(), zone=MOSCOW)

        def check() -> None:
            with service.write() as session:
                service.engine.complete(
                    session, service.task().id, CONTROLLED, actor=himself, reading=reading, command_key="own"
                )

        assert refused(check) == "controller_did_the_work"

    def test_a_part_of_the_money_leaves_the_order_open_and_the_rest_closes_it(self, service: Dealer) -> None:
        to_the_work(service)
        work(service)
        give_back(service)
        assert refused(pay, service, "100") == "payment_too_small"
        assert refused(pay, service, "9999") == "payment_above_balance"
        assert refused(pay, service, "4810", outcome="part") == "payment_is_whole"
        assert refused(pay, service, "0", outcome="part") == "payment_missing"
        pay(service, "1000", outcome="part")
        assert (order(service).balance, order(service).state) == (Decimal(3810), OrderState.DONE)
        pay(service, "3810")

        assert order(service).state is OrderState.CLOSED

    def test_a_person_does_not_pay_later(self, service: Dealer) -> None:
        to_the_work(service)
        work(service)
        give_back(service)
        later = {"outcome": "deferred", "contract_no": "7", "deferred_until": "2026-04-01"}

        assert refused(service.complete, "take_payment", by="cashier", **later) == "deferred_for_company"


class TestReminders:
    def test_a_car_is_reminded_once_a_month_before_its_service(self, service: Dealer) -> None:
        to_the_work(service)
        work(service)
        give_back(service)
        return_car(service)
        with service.write() as session:
            (due,) = session.scalars(
                select(Recommendation).where(Recommendation.kind == RecommendationKind.NEXT_SERVICE)
            ).all()
            assert open_due_visits(session, now=service.clock.now()) == 0
            assert due.by is not None
            assert open_due_visits(session, now=moscow(20, 9, month=10)) == 0
            later = moscow(3, 9, month=11)  # 15,000 km at 55 a day are driven before March is there
            assert open_due_visits(session, now=later) == 1
            assert open_due_visits(session, now=later) == 0

        assert "write_reminder" not in service.open_elements()
        assert service.cases()[-1].process_key == service.cases()[0].process_key

    def test_who_has_sold_the_car_is_not_asked_again(self, service: Dealer) -> None:
        open_by_reminder(service)
        service.wait_until(moscow(3, 12))
        service.complete("call_about_service", by="operator", outcome="sold_car")

        with service.read() as session:
            (car,) = session.scalars(select(CustomerCar)).all()
        assert (car.alive, visit(service).status) == (False, VisitStatus.NOT_BOOKED)


class TestPages:
    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_the_case_page_tells_of_the_car_and_of_the_steps_to_come(self, service: Dealer, language: str) -> None:
        call_in(service)
        book(service)
        address = f"/cases/{service.cases()[0].id}"
        shown = client_of(service, "advisor").get(address, headers={"Accept-Language": language})

        assert shown.status_code == 200
        assert {"ru": "Перенести", "en": "Another time"}[language] in shown.text  # around a called process
        assert {"ru": "5. Контроль качества", "en": "5. Quality control"}[language] in shown.text
        assert PLATE in shown.text

    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_orders_are_listed_and_shown_with_their_totals(self, service: Dealer, language: str) -> None:
        to_the_work(service)
        client, headers = client_of(service, "advisor"), {"Accept-Language": language}

        listed = client.get("/work-orders", headers=headers)
        shown = client.get(f"/work-orders/{order(service).id}", headers=headers)

        assert (listed.status_code, shown.status_code) == (200, 200)
        assert {"ru": "ЗН-000001", "en": "WO-000001"}[language] in listed.text
        assert {"ru": "4 810 ₽", "en": "4,810\u00a0₽"}[language].replace(" ", "\u00a0") in shown.text
        assert {"ru": "В том числе НДС", "en": "VAT included"}[language] in shown.text

    def test_numbers_of_an_order_are_told_without_idle_zeros_and_its_costs_lie_closed(self, service: Dealer) -> None:
        to_the_work(service, labour=[LABOUR | {"hours": "1.50", "discount": "10"}])

        shown = client_of(service, "director").get("/work-orders/1", headers={"Accept-Language": "ru"}).text

        table = shown.partition('data-test="labour"')[2]
        assert ">1,5<" in table
        assert ">10 %<" in table
        assert "1\N{NO-BREAK SPACE}шт." in table or "1 шт." in table
        assert "НДС 22 %" in shown.replace("\N{NO-BREAK SPACE}", " ")
        assert '<details data-test="costs-fold">' in shown

    def test_the_photos_of_the_defect_are_shown_where_the_customer_is_asked(self, service: Dealer) -> None:
        to_the_work(service)
        photos = service.photos(1)
        work(service, outcome="extra_work", extra=[EXTRA], extra_photos=photos)

        page = (
            client_of(service, "advisor").get(f"/cases/{service.cases()[0].id}", headers={"Accept-Language": "ru"}).text
        )
        step = page.partition('id="step-form"')[2].partition("</form>")[0]
        service.complete("approve_extra", by="advisor", outcome="no_answer")

        assert f"/files/{photos[0]}" in step.partition('data-test="shown-photos"')[2]
        assert "photos" not in service.document()["work"]["approve_extra"]

    def test_the_chronicle_tells_a_step_of_the_service_in_its_own_words(self, service: Dealer) -> None:
        call_in(service)
        book(service)
        service.do("reserve_parts", by="parts", outcome="none_needed")
        service.do("prepare_visit", **PREPARED)

        card = client_of(service, "director").get(
            f"/customers/{visit(service).customer_id}", headers={"Accept-Language": "ru"}
        )

        assert "Подготовка к визиту: всё подготовлено" in card.text
        assert "предложение" not in card.text

    def test_a_guest_at_the_desk_is_not_said_to_want_to_come(self, service: Dealer) -> None:
        walk_in(service)

        page = (
            client_of(service, "advisor").get(f"/cases/{service.cases()[0].id}", headers={"Accept-Language": "ru"}).text
        )

        assert "Приехал без записи" in page
        assert "Хочет записаться" not in page

    def test_a_prompt_has_no_gaps_where_the_order_is_not_written_yet(self, service: Dealer) -> None:
        walk_in(service)
        receive(service)
        inspect(service)

        page = (
            client_of(service, "advisor").get(f"/cases/{service.cases()[0].id}", headers={"Accept-Language": "ru"}).text
        )

        said = page.partition('data-test="prompt"')[2].partition("</div>")[0]
        assert "позвоню до начала работ" in said
        assert "…" not in said

    def test_an_order_is_found_by_plate_name_and_number_and_nothing_else(self, service: Dealer) -> None:
        to_the_work(service)
        client = client_of(service, "advisor")
        pages = {typed: client.get("/work-orders", query_string={"q": typed}).text for typed in ("А123", "Белова", "7")}

        assert "data-row" in pages["А123"]
        assert "data-row" not in pages["7"]

    @pytest.mark.parametrize(
        "path", ["/", "/control", "/funnel", "/cases", "/cases/board?process=service_seven_processes"]
    )
    def test_the_pages_over_every_process_know_visits(self, service: Dealer, path: str) -> None:
        call_in(service)
        book(service)

        answer = client_of(service, "director").get(path, headers={"Accept-Language": "ru"}, follow_redirects=True)

        assert answer.status_code == 200


def test_a_dealer_without_a_workshop_still_takes_calls(dealer: Dealer) -> None:
    call_in(dealer)
    assert dealer.task().element == "book_visit"
    assert refused(dealer.complete, "book_visit", by="operator", **(NEED | {"outcome": "booked", "slot": "x"}))
    furnish(dealer)
