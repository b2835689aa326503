"""A consent in the browser: the signed sheet is recorded, an offer goes out, and the customer ends it by its link."""

import re

from playwright.sync_api import expect

from tests.browser.desk import Seat, page_stands, part
from tests.browser.showroom import Showroom
from tests.webapp.staff.test_requisites import picture
from webapp.customers import messages, services
from webapp.customers.messages import MessageFacts
from webapp.customers.models import MessagePurpose
from webapp.customers.services import CustomerFacts
from webapp.customers.unsubscribing import link_of
from webapp.integrations.messaging.port import Mail


def test_from_the_signed_sheet_to_the_end_of_the_offers(showroom: Showroom, seat: Seat) -> None:
    with showroom.write() as session:
        facts = CustomerFacts(
            last_name="Лугова",
            first_name="Вера",
            phones=(showroom.new_phone(),),
            emails=("v.lugova@example.com",),
            centre_id=showroom.centres["North"],
        )
        customer_id = services.create_customer(session, facts, actor_id=None, now=showroom.clock.now()).id
    page = seat("head", language="ru")
    page.goto(f"/customers/{customer_id}")
    part(page, "consents").click()
    standing = part(page, "standing-advertising-email")
    expect(standing).to_contain_text("Не давалось")

    part(standing, "give").click()
    form = part(page, "give-form")
    form.get_by_role("button", name=re.compile("Записать")).click()
    expect(part(page, "error-proof")).to_contain_text("подтвердить")
    form.locator("[name=file]").set_input_files({"name": "Лист.png", "mimeType": "image/png", "buffer": picture()})
    form.get_by_role("button", name=re.compile("Записать")).click()
    expect(standing).to_contain_text("Действует")
    expect(part(page, "proof")).to_have_text("Лист.png")
    expect(part(page, "paper-customers.consent_advertising").locator("button")).to_have_count(2)
    page_stands(page)

    with showroom.write() as session, showroom.app.app_context():
        told = MessageFacts(MessagePurpose.ADVERTISING, "Весенние предложения", "spring:lugova")
        message = messages.queue_customer_mail(
            session, customer_id, Mail("Весна", "Шины дешевле."), told, now=showroom.clock.now()
        )
        path = "/unsubscribe/" + link_of(message).rpartition("/")[2]
    stranger = seat(language="en")
    stranger.goto(path)
    expect(stranger.locator("main")).to_contain_text("v•••@e•••.com")
    part(stranger, "unsubscribe").click()
    expect(part(stranger, "done")).to_be_visible()
    page_stands(stranger)

    page.reload()
    expect(standing).to_contain_text("Отозвано")
    expect(part(page, "history")).to_contain_text("По ссылке в письме")
