"""What a centre writes at the head of its papers, and its logo."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import make_centre
from webapp.core.errors import RuleViolation
from webapp.staff.models import Centre
from webapp.staff.requisites import LARGEST_LOGO, picture_address

FORM = {"name": "North", "time_zone": "Europe/Moscow", "active": "true", "legal_name": "ООО «Демо-Авто»"}


def picture(kind: str = "PNG") -> bytes:
    written = BytesIO()
    Image.new("RGB", (4, 4), "navy").save(written, kind)
    return written.getvalue()


def change(client: FlaskClient, centre: Centre, **more: object) -> int:
    return client.post(f"/staff/centres/{centre.id}", data={**FORM, **more}).status_code


def test_requisites_and_logo_are_kept(client: FlaskClient, log_in: LogIn, session: Session) -> None:
    centre = make_centre(session)
    log_in("staff.change_centres")

    first = change(client, centre, tax_number="7801000005", logo=(BytesIO(picture()), "logo.png"))
    second = change(client, centre, tax_number="7801000005")
    session.rollback()
    session.refresh(centre, ["legal_name", "tax_number", "logo"])

    assert (first, second) == (302, 302)
    assert (centre.legal_name, centre.tax_number) == ("ООО «Демо-Авто»", "7801000005")
    assert centre.logo.startswith("data:image/png;base64,")


def test_a_logo_is_taken_away(client: FlaskClient, log_in: LogIn, session: Session) -> None:
    centre = make_centre(session)
    log_in("staff.change_centres")
    change(client, centre, logo=(BytesIO(picture("JPEG")), "logo.jpg"))

    change(client, centre, without_logo="true")
    session.rollback()
    session.refresh(centre, ["logo"])

    assert centre.logo == ""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"tax_number": "7801000006"}, "An INN has 10 or 12 digits"),
        ({"logo": (BytesIO(b"<svg/>"), "logo.svg")}, "The logo must be a PNG or JPEG picture"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    client: FlaskClient, log_in: LogIn, session: Session, more: dict[str, object], sentence: str
) -> None:
    centre = make_centre(session)
    log_in("staff.change_centres")

    page = client.post(f"/staff/centres/{centre.id}", data={**FORM, **more})

    assert page.status_code == 422
    assert sentence in page.text
    assert "ООО «Демо-Авто»" in page.text


def test_a_picture_that_is_too_large_is_refused() -> None:
    with pytest.raises(RuleViolation):
        picture_address(picture() + b"\0" * LARGEST_LOGO)


@pytest.mark.parametrize(("language", "title"), [("en", "Name"), ("ru", "Название")])
def test_a_centre_has_a_title(client: FlaskClient, log_in: LogIn, session: Session, language: str, title: str) -> None:
    centre = make_centre(session)
    log_in("staff.see", "staff.change_centres")
    reader = {"Accept-Language": language}

    centres = client.get("/staff/centres", headers=reader).text
    form = client.get(f"/staff/centres/{centre.id}", headers=reader).text

    assert f"<th>{title}</th>" in centres
    assert f'for="f-name">{title}' in form
