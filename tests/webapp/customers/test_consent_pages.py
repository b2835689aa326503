"""The pages of consents: how a customer stands, giving with proof, withdrawing, sheets, and the versions of texts."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import agree, make_customer
from tests.webapp.staff.factories import NOW, make_centre
from webapp.core.models import AuditEntry
from webapp.customers import consents
from webapp.customers.models import (
    Consent,
    ConsentChannel,
    ConsentKind,
    ConsentText,
    Customer,
    PreferredChannel,
    StopListEntry,
    WithdrawalWay,
)

ADVERTISING = {"kind": "advertising", "channels": ["email", "sms"], "way": "paper", "proof": "Folder 7"}


@pytest.fixture
def customer(session: Session, log_in: LogIn) -> Customer:
    log_in("customers.see", "customers.consent", "customers.change_texts")
    centre = make_centre(session)
    found = make_customer(session, emails=["m.belova@example.com"], centre_id=centre.id)
    for kind in ConsentKind:
        consents.add_text(session, kind, text_en="I agree.", text_ru="Согласна.", actor_id=None, now=NOW)
    session.commit()
    return found


def url(customer: Customer, rest: str = "") -> str:
    return f"/customers/{customer.id}/consents{rest}"


def held(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Consent.channel).where(Consent.withdrawn_at.is_(None))))


def sheet() -> bytes:
    written = BytesIO()
    Image.new("RGB", (4, 4), "navy").save(written, "PNG")
    return written.getvalue()


class TestGiving:
    def test_a_signed_sheet_is_kept_as_the_proof(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        data = ADVERTISING | {"proof": "", "file": (BytesIO(sheet()), "Лист.png")}
        answer = client.post(url(customer, "/give"), data=data, follow_redirects=True)

        assert answer.status_code == 200
        assert held(session) == {"email", "sms"}
        path = answer.text.partition(url(customer, "/files/"))[2].partition('"')[0]
        with client.get(url(customer, f"/files/{path}")) as proof:
            assert (proof.status_code, proof.mimetype) == (200, "image/png")
            assert "frame-ancestors 'self'" in proof.headers["Content-Security-Policy"]

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"proof": ""}, "must be provable"),
            ({"channels": []}, "at least one channel"),
            ({"channels": ["pigeon"]}, "Choose one of the list"),
            ({"given_on": "2026-03-04"}, "when it has been given"),
            ({"valid_until": "2026-03-01"}, "run out already"),
            ({"text_id": "999"}, "from the list"),
            ({"file": (BytesIO(b"MZ\x90\x00"), "sheet.pdf")}, "accept"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_what_was_typed_stays(
        self, client: FlaskClient, session: Session, customer: Customer, change: dict[str, object], sentence: str
    ) -> None:
        answer = client.post(url(customer, "/give"), data=ADVERTISING | change)

        assert answer.status_code == 422
        assert sentence in answer.text
        assert held(session) == set()
        if "proof" not in change:
            assert "Folder 7" in answer.text

    def test_the_same_again_is_refused_and_a_longer_one_is_not(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        data = ADVERTISING | {"valid_until": "2026-06-01"}
        assert client.post(url(customer, "/give"), data=data).status_code == 303
        assert client.post(url(customer, "/give"), data=data).status_code == 422

        assert client.post(url(customer, "/give"), data=ADVERTISING).status_code == 303
        assert len(session.scalars(select(Consent)).all()) == 4


class TestWithdrawing:
    def test_it_ends_by_channel_with_way_and_reason(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        agree(session, customer, ConsentChannel.EMAIL, ConsentChannel.SMS)
        session.commit()
        data = {"kind": "advertising", "channels": ["sms"], "way": "spoken", "reason": "Too many"}

        page = client.post(url(customer, "/withdraw"), data=data, follow_redirects=True).text

        assert held(session) == {"email"}
        assert "Too many" in page
        ended = session.scalars(select(Consent).where(Consent.channel == "sms")).one()
        assert (ended.withdrawn_way, ended.withdrawn_at) == (WithdrawalWay.SPOKEN, NOW)
        assert client.post(url(customer, "/withdraw"), data=data).status_code == 409

    def test_a_written_statement_is_kept_and_the_way_is_that_of_the_withdrawal(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        agree(session, customer, ConsentChannel.SMS)
        session.commit()
        told = {"kind": "advertising", "channels": ["sms"], "way": "paper"}
        wrong = client.post(url(customer, "/withdraw"), data=told | {"file": (BytesIO(b"MZ\x90\x00"), "sheet.pdf")})
        letter = {"file": (BytesIO(sheet()), "Заявление.png")}

        page = client.post(url(customer, "/withdraw"), data=told | letter, follow_redirects=True).text

        assert (wrong.status_code, 'data-test="error-file"' in wrong.text) == (422, True)
        assert "Заявление.png" in page.partition('data-test="withdrawal"')[2]
        standing = page.partition('data-test="standing-advertising-sms"')[2].partition("</tr>")[0]
        assert "Written statement" in standing
        assert "Signed on paper" not in standing
        address = page.partition('data-test="withdrawal"')[0].rpartition('href="')[2].partition('"')[0]
        with client.get(address) as kept:
            assert kept.status_code == 200

    def test_without_a_channel_nothing_is_withdrawn(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        agree(session, customer)
        session.commit()

        assert client.post(url(customer, "/withdraw"), data={"kind": "advertising", "way": "spoken"}).status_code == 422
        assert held(session) == {"email"}

    def test_without_personal_data_nothing_is_sent_any_more(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        consents.give_data_consent(session, customer, actor_id=None, now=NOW)
        session.commit()

        client.post(url(customer, "/withdraw"), data={"kind": "pd_processing", "way": "paper"})
        assert len(session.scalars(select(StopListEntry)).all()) == 2

        assert 'data-test="write-again"' in client.get(url(customer)).text
        client.post(url(customer, "/write-again"))
        session.rollback()
        assert session.scalars(select(StopListEntry)).all() == []


class TestPage:
    def test_everything_is_seen_at_a_glance_and_in_the_card(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        agree(session, customer, ConsentChannel.EMAIL)
        session.commit()

        page, card = client.get(url(customer)).text, client.get(f"/customers/{customer.id}").text

        for name in ("pd_processing", "recording", "advertising-email", "advertising-post"):
            assert f'data-test="standing-{name}"' in page
        assert page.count("Never given") == 8
        assert "E-mail" in card.partition('data-test="consents-glance"')[2].partition("</dl>")[0]

    def test_the_channel_that_the_customer_prefers_is_chosen(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        client.post(url(customer, "/preferred-channel"), data={"preferred_channel": "email"})
        assert client.post(url(customer, "/preferred-channel"), data={"preferred_channel": "x"}).status_code == 422

        session.rollback()
        session.refresh(customer)
        assert customer.preferred_channel is PreferredChannel.EMAIL

    def test_who_may_only_look_changes_nothing(
        self, client: FlaskClient, session: Session, customer: Customer, log_in: LogIn
    ) -> None:
        log_in("customers.see")

        page = client.get(url(customer))

        assert (page.status_code, "<form" in page.text.partition("<main")[2].partition("</main>")[0]) == (200, False)
        assert client.post(url(customer, "/give"), data=ADVERTISING).status_code == 403
        assert held(session) == set()

    def test_another_centre_sees_neither_page_nor_proof_nor_sheet(
        self, client: FlaskClient, session: Session, customer: Customer, log_in: LogIn
    ) -> None:
        log_in("customers.see", "customers.consent", scope="centre", centre=make_centre(session))

        for path in ("", "/give?kind=advertising", f"/files/{'0' * 64}", "/papers/1"):
            assert client.get(url(customer, path)).status_code == 404
        assert client.post(url(customer, "/papers"), data={"paper": "customers.consent_advertising"}).status_code == 404

    @pytest.mark.parametrize("path", ["/give?kind=nonsense", "/withdraw?kind=", "/files/nonsense", "/papers/99"])
    def test_an_address_that_nobody_wrote_finds_nothing(
        self, client: FlaskClient, customer: Customer, path: str
    ) -> None:
        assert client.get(url(customer, path)).status_code == 404


class TestSheets:
    def test_it_is_printed_once_for_the_same_content_and_opens_as_pdf(
        self, client: FlaskClient, customer: Customer
    ) -> None:
        data = {"paper": "customers.consent_advertising", "language": "ru"}
        first = client.post(url(customer, "/papers"), data=data).headers["Location"]
        assert client.post(url(customer, "/papers"), data=data).headers["Location"] == first

        answer = client.get(first)
        assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
        assert "НВ-000001" in client.get(url(customer)).text

    def test_without_a_centre_it_says_what_is_missing(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        customer.centre_id = None
        session.merge(customer)
        session.commit()

        assert "belongs to no centre" in client.get(url(customer)).text
        answer = client.post(url(customer, "/papers"), data={"paper": "customers.consent_advertising"})
        assert answer.status_code == 422


class TestTexts:
    def test_a_new_version_leaves_the_old_one_and_its_consents_alone(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        agree(session, customer)
        session.commit()
        data = {"kind": "advertising", "text_ru": "Новый текст.", "text_en": "A new text."}

        assert client.post("/customers/consent-texts/new", data=data).status_code == 303
        assert client.post("/customers/consent-texts/new", data=data).status_code == 422
        assert client.post("/customers/consent-texts/new", data=data | {"text_en": ""}).status_code == 422

        versions = consents.list_texts(session, ConsentKind.ADVERTISING)
        assert [(text.version, text.text_en) for text in versions] == [(2, "A new text."), (1, "I agree.")]
        assert session.scalars(select(Consent.text_id)).one() == versions[1].id
        assert "1 consent" in client.get("/customers/consent-texts").text
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "customers.consent_text.added")).all()

    def test_what_people_agreed_to_cannot_be_changed(self, session: Session, customer: Customer) -> None:
        text = session.scalars(select(ConsentText)).first()
        assert text is not None
        text.text_en = "Something else."

        with pytest.raises(TypeError, match="never changed"):
            session.flush()

    def test_what_was_changed_behind_our_back_is_seen(
        self, client: FlaskClient, session: Session, customer: Customer
    ) -> None:
        session.execute(ConsentText.__table__.update().values(text_en="Something else."))  # type: ignore[attr-defined]
        session.commit()

        assert "Changed outside the system" in client.get("/customers/consent-texts").text
