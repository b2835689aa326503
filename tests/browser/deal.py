"""A whole deal in the browser, from the call to the day after the handover: what each department does and types."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from playwright.sync_api import expect

from tests.browser.departments import PEOPLE, Departments, ready_form
from tests.browser.desk import fill_form, moment, part, sign
from tests.browser.every_kind import picture
from tests.webapp.sales.answers import PREPARED, VIN
from tests.webapp.sales.credit_reference import Credit

NBSP = "\u00a0"
COLOURS = ("red", "green", "blue", "white", "grey", "black")
PRICE, TRADE_IN, DOWN, DEPOSIT = 2_400_000, 800_000, 300_000, 50_000
WISHED, GRANTED = 60_000, 50_000  # 2.5 % of the price: beyond a salesperson's limit
REST = PRICE - GRANTED - TRADE_IN - DEPOSIT

WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "name": "Марина Белова",
        "car": "Комфорт 2.0, белый",
        "other_car": "Базовая 1.6, синий",
        "demo_car": "Седан, А001АА178",
        "make": "Нордис",
        "model": "Альма",
        "liked": "Тишина в салоне",
        "comment": "Даём за аванс сегодня",
        "holder": "Склад импортёра",
        "carrier": "Перевозчик",
        "issuer": "ОВД № 1",
        "address": "Санкт-Петербург, Учебная ул., 1",
        "number": "Д-17",
    },
    "en": {
        "name": "Olga Panina",
        "car": "Comfort 2.0, white",
        "other_car": "Base 1.6, blue",
        "demo_car": "Saloon, A001AA178",
        "make": "Nordis",
        "model": "Alma",
        "liked": "Quiet inside",
        "comment": "For a deposit today",
        "holder": "Importer's warehouse",
        "carrier": "Carrier",
        "issuer": "District office 1",
        "address": "Saint Petersburg, Main street 1",
        "number": "D-17",
    },
}


def typed(amount: int) -> str:
    """As a field shows a number."""
    return f"{amount:,}".replace(",", NBSP)


class Deal(Departments):
    """The acts of a deal in their order. `visit` is when the customer comes."""

    visit: datetime

    @property
    def words(self) -> Mapping[str, str]:
        return WORDS[self.language]

    def money(self, amount: object) -> str:
        """As a page shows roubles."""
        text = f"{amount:,}"
        return f"{text.replace(',', ' ') if self.language == 'ru' else text} ₽".replace(" ", NBSP)

    def day(self, after: int = 0) -> str:
        """A day as a field takes it, counted from today."""
        return str((self.house.local_now() + timedelta(days=after)).date())

    def call(self) -> None:
        """Somebody unknown calls and agrees on a visit; the salesperson confirms it."""
        self.visit = self.house.next_monday() + timedelta(days=1, hours=3)
        page = self.at("operator")
        page.goto("/register")
        self.read(page)
        part(page, "register").click()
        page.locator("#register-q").fill(self.house.new_phone())
        page.locator("#register-card [name=name]").fill(self.customer)
        page.locator("[name=visit_at]").fill(moment(self.visit))
        page.locator("[name=source_code]").select_option("radio")
        page.locator("[name=handed_to]").select_option(str(self.house.people["seller"]))
        page.keyboard.press("Control+Enter")
        expect(part(page, "saved")).to_contain_text(self.customer)
        self.read(page)
        self.do("seller", "confirm_visit", outcome="confirmed", who_comes=["family"])

    def receive(self) -> None:
        """The customer comes; his needs become known."""
        self.pass_time(self.visit - timedelta(minutes=10))
        self.do(
            "reception",
            "welcome",
            outcome="continue",
            first_visit="yes",
            purpose="new_car",
            companions="1",
            source="radio",
            handed_to=self.house.people["seller"],
        )
        self.do(
            "seller",
            "needs_analysis",
            outcome="next",
            customer_kind="person",
            replace_or_add="replace",
            current_brand=self.words["make"],
            current_model=self.words["model"],
            current_year="2018",
            current_mileage="96000",
            usage=["city"],
            priorities=["safety", "comfort"],
            interest_model="aurelia_s4",
            budget_to="2 500 000",
            pay_method="tradein_plus_credit",
            monthly_payment_max="40000",
            down_payment=DOWN,
            horizon="7d",
            told=["phone", "offer", "credit"],
        )

    def show(self) -> None:
        """A car of the importer's is chosen, a like one is shown and driven."""
        page = self.stands(self.at("seller"), "choose_car")
        form = ready_form(page)
        rows = (
            ("aurelia_s4", self.words["car"], "importer_warehouse", PRICE, "9", "yes"),
            ("aurelia_city", self.words["other_car"], "showroom", 1_900_000, "0", "no"),
        )
        for number, row in enumerate(rows):
            if number:
                part(form, "add-candidates").click()
            cells = zip(("model", "configuration", "place", "price", "eta_days", "shown"), row, strict=True)
            fill_form(form, **{f"candidates.{number}.{name}": value for name, value in cells})
        self.finish(page)
        page = self.stands(page, "presentation")
        expect(page.locator('[name="tradein"][value="yes"]')).to_be_checked()  # he pays with his car, he said
        self.go_on(
            "seller",
            "presentation",
            outcome="test_drive",
            points_done=["front", "side", "trunk", "rear_seats", "driver_seat", "engine"],
            reaction="enthusiastic",
            liked=self.words["liked"],
        )
        page = self.stands(page, "test_drive")
        fill_form(
            ready_form(page),
            outcome="done",
            checked=["licence_seen", "rules_told", "agreement_signed"],
            licence_number="7812345678",
            licence_expiry="2030-01-01",
            driver_age="35",
            experience_years="10",
            minutes="30",
            demo_car=self.words["demo_car"],
            route="city",
            odo_start="1200",
            odo_end="1218",
            result="loved",
        )
        sign(ready_form(page), "agreement")
        self.finish(page)

    def appraise(self) -> None:
        """The appraiser takes the car of the customer over, looks at it and photographs it."""
        page = self.accept("appraiser", "accept_appraisal")
        page = self.stands(page, "tradein_appraisal")
        form = ready_form(page)
        expect(form.locator('[name="brand"]')).to_have_value(self.words["make"])
        fill_form(
            form,
            outcome="accepted",
            vin="XTA210930Y1234567",
            owners="2",
            pts="original",
            legal=["ok"],
        )
        for name in ("paint", "tech"):
            if not form.locator(f'[data-list="{name}"] [data-row]').count():
                part(form, f"add-{name}").click()
        fill_form(form, **{"paint.0.panel": "hood", "paint.0.microns": "120"})
        fill_form(form, **{"tech.0.node": "brakes", "tech.0.state": "3", "tech.0.repair_cost": "30000"})
        photos = [
            {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour, size=(640, 480))}
            for number, colour in enumerate(COLOURS)
        ]
        part(form, "pick-photos").set_input_files(photos)
        expect(form.locator('[data-files="photos"] [data-test="file"]')).to_have_count(len(photos))
        fill_form(form, market_price="900000", margin="70000")
        expect(part(form, "computed-calculated_price")).to_have_text(self.money(TRADE_IN))
        fill_form(form, offer_price=TRADE_IN)
        self.finish(page)

    def offer(self) -> None:
        """Two ways to pay, a discount that the head allows, a second version that is accepted."""
        page = self.open("seller", "make_offer")
        form = ready_form(page)
        expect(form.locator('[name="lines.0.title"]')).to_have_value(f"Aurelia S4, {self.words['car']}")
        fill_form(form, outcome="negotiate", **{"variants.1.annual_rate": "18"}, sent_by=["print"])
        credit = Credit(Decimal(PRICE - DOWN - TRADE_IN), 60, Decimal(18))
        expect(part(form, "computed-variants.1.monthly_payment")).to_have_text(self.money(credit.payment))
        expect(part(form, "computed-total")).to_have_text(self.money(PRICE))
        self.finish(page)
        self.go_on(
            "seller", "request_discount", outcome="agreed", requested_discount=WISHED, counter_step="deposit_today"
        )
        page = self.open("head", "approve_discount")
        form = ready_form(page)
        fill_form(form, decision="approve", approved=GRANTED, approval_comment=self.words["comment"])
        self.finish(page)
        page = self.open("seller", "make_offer")
        form = ready_form(page)
        expect(form.locator('[name="lines.1.price"]')).to_have_value(typed(GRANTED))  # the decision stands there
        fill_form(form, outcome="accepted", sent_by=["messenger"])
        expect(part(form, "computed-total")).to_have_text(self.money(PRICE - GRANTED))
        self.finish(page)

    def reserve(self) -> None:
        """The car is kept, for a deposit that the cashier takes."""
        page = self.stands(self.at("seller"), "reserve_car")
        expect(page.locator('[name="place"][value="importer_warehouse"]')).to_be_checked()
        self.go_on(
            "seller",
            "reserve_car",
            vin=VIN,
            deposit=DEPOSIT,
            pay_method="card",
            told=["next_steps", "deposit_terms", "papers"],
        )
        page = self.open("cashier", "take_deposit")
        fill_form(ready_form(page), outcome="taken", document_no="117")
        expect(page.locator('[name="amount"]')).to_have_value(typed(DEPOSIT))
        self.finish(page)

    def order(self) -> None:
        """Logistics have the car sent; meanwhile the contract is signed and paid."""
        self.accept("logistics", "accept_supply")
        self.go_on(
            "logistics", "confirm_availability", outcome="confirmed", holder=self.words["holder"], eta=self.day(9)
        )
        self.go_on(
            "logistics",
            "order_transport",
            carrier=self.words["carrier"],
            load_planned=self.day(2),
            to_place=self.words["address"],
        )
        today = date.fromisoformat(self.day())
        terms: dict[str, Any] = {
            "birth_date": "1985-05-05",
            "passport_series": "4012",
            "passport_number": "123456",
            "passport_issuer": self.words["issuer"],
            "passport_issued_on": "2010-06-01",
            "passport_department": "780-001",
            "registration_address": self.words["address"],
            "pd_consent": "yes",
            "contract_number": self.words["number"],
            "handover_term": str(today + timedelta(days=20)),
            "signature": "paper",
        }
        page = self.open("seller", "sign_contract")
        form = ready_form(page)
        fill_form(form, outcome="signed", **terms)
        settled = {"price": PRICE - GRANTED, "tradein": TRADE_IN, "payment_schedule.0.amount": DEPOSIT}
        for name, amount in (settled | {"payment_schedule.1.amount": REST}).items():
            expect(form.locator(f'[name="{name}"]')).to_have_value(typed(amount))
        self.finish(page)
        self.pass_time((self.visit + timedelta(days=1)).replace(hour=11))
        page = self.open("accountant", "confirm_payment")
        form = ready_form(page)
        expect(part(form, "computed-balance")).to_have_text(self.money(REST))
        fill_form(form, outcome="fully_paid", amount=REST, pay_method="transfer", document_no="118")
        self.finish(page)

    def bring(self) -> None:
        """The car is loaded, comes and is looked at."""
        self.pass_time((self.visit + timedelta(days=2)).replace(hour=11))
        self.do("logistics", "confirm_loading", outcome="loaded")
        self.pass_time((self.visit + timedelta(days=9)).replace(hour=11))
        self.do("logistics", "track_transport", outcome="arrived")
        self.go_on("logistics", "inspect_arrival", outcome="intact", vin=VIN, odometer="9", keys="2")

    def prepare(self) -> None:
        """The master checks the car, the delivery specialist registers it."""
        self.accept("master", "accept_pdi")
        self.go_on("master", "prepare_car", **PREPARED)
        self.accept("delivery", "accept_delivery")
        kinds = ("accessories", "alarm", "antitheft_marking", "insurance", "registration", "bank_inspection")
        needed = {f"{kind}_needed": "no" for kind in kinds} | {"insurance_needed": "yes", "registration_needed": "yes"}
        self.go_on(
            "delivery",
            "prepare_registration",
            outcome="done",
            **needed,
            insurance_executor=PEOPLE["delivery"][0],
            insurance_done_on=self.day(),
            policy_until=self.day(364),
            registration_executor=PEOPLE["delivery"][0],
            registration_done_on=self.day(),
            plate="А123ВС178",
        )

    def hand_over(self) -> None:
        """The day is agreed on, the customer gets his car."""
        at = (self.house.local_now() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
        self.do("seller", "arrange_handover", outcome="agreed", handover_at=moment(at), wishes=["flowers"])
        evening = at.replace(hour=17) - timedelta(days=1)
        if evening > self.house.local_now():  # agreed later, nobody calls
            self.pass_time(evening)
            self.do("seller", "remind_of_handover", outcome="confirmed")
        self.pass_time(at)
        page = self.open("delivery", "hand_over_car")
        form = ready_form(page)
        fill_form(
            form,
            outcome="delivered",
            docs=["dkp", "act", "pts", "service_book", "manual", "policy", "card"],
            keys="2",
            odometer="15",
            outside=["paint", "wheels", "trunk", "bonnet", "filler", "clean"],
            inside=["seat", "start", "lights", "climate", "media", "assist", "warnings", "emergency"],
            explained=["break_in", "warranty", "service_plan", "equipment", "hotline"],
            advisor_introduced="yes",
            first_service_due=self.day(365),
        )
        sign(form, "act")
        self.finish(page)

    def care(self) -> None:
        """Service knows the customer; he is thanked, and called the next day."""
        self.accept("advisor", "accept_customer")
        self.pass_time(self.house.local_now() + timedelta(hours=2, minutes=5))
        self.do("seller", "thank_by_phone", outcome="talked")
        tomorrow = (self.house.local_now() + timedelta(days=1)).replace(hour=12, minute=5)
        self.pass_time(tomorrow)
        self.do("seller", "call_next_day", outcome="talked", mood="5", problem="no")
