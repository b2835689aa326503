"""Files of a case: what is taken, what is refused, who may read them, and how long they lie."""

import io
import os
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine.clock import SettableClock
from engine.human_tasks.models import HumanTask
from tests.browser.every_kind import CONTENTS, PDF, picture
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.cases.uploads import remove_forgotten_files
from webapp.kit.files import tidy_name
from webapp.kit.models import StoredFile
from webapp.staff.models import Centre, User

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def add(client: FlaskClient, case: int, data: bytes, name: str = "photo.jpg") -> TestResponse:
    return client.post(
        f"/cases/{case}/files", data={"file": (io.BytesIO(data), name)}, headers={"Accept": "application/json"}
    )


def add_by_hand(client: FlaskClient, case: int, data: bytes) -> TestResponse:
    """As `add`, without the temporary file that the test client writes for large ones."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return client.post(
        f"/cases/{case}/files",
        data=head + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"Accept": "application/json"},
    )


def office(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return written.getvalue()


def with_unreadable_notes() -> bytes:
    """A picture to be turned upright, whose width is noted in words."""
    notes = Image.Exif()
    notes[0x112], notes[0x10F] = 6, "Maker"
    written = io.BytesIO()
    Image.new("RGB", (4, 3)).save(written, "WEBP", exif=notes)
    return written.getvalue().replace(b"\x01\x0f\x00\x02", b"\x01\x00\x00\x02")


UNREADABLE_NOTES = with_unreadable_notes()


@pytest.fixture
def inspection(app: Flask, errands: Errands, seller: User) -> int:
    """A case whose step asks for photos, papers and a signature."""
    found: list[int] = []

    def begin(session: Session, engine: Any) -> None:
        engine.deploy(session, CONTENTS, actor_id=None, now=NOW)
        begun = engine.correlate_message(
            session, "inspection.asked", "inspection:1", {}, actor_id=None, now=NOW, owner_id=seller.id
        )
        found.append(begun.instance_id)

    errands.act(begin)
    return found[0]


def task_in(errands: Errands, case: int) -> HumanTask:
    return next(task for task in errands.open_tasks() if task.instance_id == case)


@pytest.mark.parametrize(
    ("data", "name", "type_", "stored"),
    [
        (picture(), "front.JPEG", "image/jpeg", "front.jpg"),
        (picture(kind="PNG"), "front.jpg", "image/png", "front.png"),
        (picture(kind="WEBP"), "front", "image/webp", "front.webp"),
        (PDF, "ПТС.pdf", "application/pdf", "ПТС.pdf"),
        (office("word/document.xml"), "a.docx", None, "a.docx"),
        (office("xl/workbook.xml"), "a.xlsm", None, "a.xlsx"),
        (picture(), "../../etc/pass\u202ewd<script>.jpg", "image/jpeg", "pass wd script.jpg"),
        (picture(), ".jpg", "image/jpeg", "jpg.jpg"),
    ],
)
def test_what_a_dealer_needs_is_taken_under_a_tidy_name(
    client: FlaskClient,
    log_in: LogIn,
    errands: Errands,
    seller: User,
    data: bytes,
    name: str,
    type_: str | None,
    stored: str,
) -> None:
    case = errands.open(seller).instance_id
    log_in(user=seller)

    added = add(client, case, data, name)

    assert (added.status_code, added.get_json()["name"]) == (201, stored)
    shown = client.get(added.get_json()["url"])
    assert shown.status_code == 200
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert type_ is None or shown.mimetype == type_
    assert shown.headers["Content-Disposition"].startswith("inline" if type_ else "attachment")
    shown.close()


@pytest.mark.parametrize("name", ["C:\\photos\\x.exe", "/etc/x.jpg", " x .jpg", "x."])
def test_a_name_is_its_last_part_with_the_true_ending(name: str) -> None:
    assert tidy_name(name, ".jpg") == "x.jpg"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "car.jpg"),
        (SVG, "car.svg"),
        (SVG, "car.png"),
        (b"MZ\x90\x00" + b"\0" * 200, "car.jpg"),
        (b"\xff\xd8\xff\xe0 no image at all", "car.jpg"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "car.png"),
        (b"GIF89a", "car.gif"),
        (b"PK\x03\x04 broken", "a.docx"),
        (office("word/vbaProject.bin"), "a.docx"),
        (office("META-INF/MANIFEST.MF"), "a.jar"),
        (UNREADABLE_NOTES, "car.webp"),
        (b"", "empty.jpg"),
    ],
)
def test_what_is_something_else_is_refused(
    client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, data: bytes, name: str
) -> None:
    case = errands.open(seller).instance_id
    log_in(user=seller)

    refused = add(client, case, data, name)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "file_not_accepted")
    assert "JPEG" in refused.get_json()["message"]


def test_what_is_too_large_is_refused(client: FlaskClient, log_in: LogIn, errands: Errands, seller: User) -> None:
    case = errands.open(seller).instance_id
    log_in(user=seller)

    large, larger = (add_by_hand(client, case, PDF + b"\0" * size * 1024 * 1024) for size in (20, 26))

    assert (large.status_code, large.get_json()["code"]) == (422, "file_too_large")
    assert "15 MB" in large.get_json()["message"]
    assert larger.status_code == 413


def test_a_photo_loses_what_the_camera_noted_and_stands_upright(
    client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
) -> None:
    case = errands.open(seller).instance_id
    log_in(user=seller)
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "A camera"

    added = add(client, case, picture(size=(60, 40), exif=exif))
    with client.get(added.get_json()["url"]) as shown:
        image = Image.open(io.BytesIO(shown.data))

    assert image.size == (40, 60)
    assert dict(image.getexif()) == {}


def test_a_picture_made_to_fill_the_memory_is_refused(
    client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
) -> None:
    case = errands.open(seller).instance_id
    log_in(user=seller)
    small = picture(kind="PNG")
    bomb = small[:16] + (60_000).to_bytes(4, "big") + (60_000).to_bytes(4, "big") + small[24:]

    assert add(client, case, bomb).status_code == 422


class TestWhoMayRead:
    def test_only_who_sees_the_case(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, centre: Centre
    ) -> None:
        case = errands.open(seller, centre=centre).instance_id
        log_in(user=seller)
        url = add(client, case, picture()).get_json()["url"]

        log_in("cases.see", "cases.change", scope="own")

        assert client.get(url).status_code == 404
        assert add(client, case, picture()).status_code == 404

    def test_not_by_its_hash_in_another_case(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        theirs, mine = errands.open(seller).instance_id, errands.open(seller).instance_id
        log_in(user=seller)
        sha256 = add(client, theirs, picture()).get_json()["file"]

        assert client.get(f"/cases/{mine}/files/{sha256}").status_code == 404

    @pytest.mark.parametrize("name", ["0" * 64, "x", "..%2f..%2fsecret_key", "A" * 64])
    def test_nothing_that_is_not_there(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, name: str
    ) -> None:
        case = errands.open(seller).instance_id
        log_in(user=seller)

        assert client.get(f"/cases/{case}/files/{name}").status_code == 404


class TestInAForm:
    def test_a_file_of_another_case_is_refused(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, inspection: int
    ) -> None:
        other = errands.open(seller).instance_id
        log_in("sales_manager", user=seller)
        sha256 = add(client, other, picture()).get_json()["file"]
        task = task_in(errands, inspection)

        refused = client.post(f"/tasks/{task.id}/complete", data={"outcome": "fit", "photos": sha256})

        assert refused.status_code == 422
        assert "This file is not here any more" in refused.text

    def test_more_rows_than_allowed_are_said_and_all_are_still_there(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, inspection: int
    ) -> None:
        log_in(user=seller)
        task = task_in(errands, inspection)
        rows = {f"works.{number}.title": f"Work {number}" for number in range(5)}

        refused = client.post(f"/tasks/{task.id}/complete", data={"outcome": "fit", **rows})

        assert refused.status_code == 422
        assert "At most 4 are possible here." in refused.text

    def test_an_unknown_key_in_a_row_is_refused(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, inspection: int
    ) -> None:
        log_in(user=seller)
        task = task_in(errands, inspection)
        data = {"outcome": "fit", "signature": "paper", "works.0.title": "Brakes", "works.0.owner_id": "1"}

        assert client.post(f"/tasks/{task.id}/complete", data=data).status_code == 422

    def test_a_script_in_a_row_is_shown_as_text(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, inspection: int
    ) -> None:
        log_in(user=seller)
        task = task_in(errands, inspection)
        data = {"outcome": "fit", "signature": "paper", "works.0.title": "<script>alert(1)</script>"}

        client.post(f"/tasks/{task.id}/complete", data=data)
        page = client.get(f"/cases/{inspection}?view=known").text

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_ten_photos_of_a_draft_are_looked_up_together(
        self, app: Flask, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User, inspection: int
    ) -> None:
        log_in(user=seller)
        task = task_in(errands, inspection)
        photos = [add(client, inspection, picture(size=(10, side))).get_json()["file"] for side in range(10, 20)]
        client.get(f"/cases/{inspection}")  # what the first page reads once
        counts = []
        for drafted in (photos[:1], photos):
            client.post(f"/tasks/{task.id}/draft", data={"photos": drafted})
            with counted_statements(app.extensions["database"].engine) as statements:
                page = client.get(f"/cases/{inspection}")
            assert page.text.count('data-type="file"') == len(drafted)
            counts.append(len(statements))

        assert counts[0] == counts[1]


class TestForgottenFiles:
    def test_go_after_a_week_and_those_that_a_form_or_a_draft_names_stay(
        self,
        app: Flask,
        client: FlaskClient,
        clock: SettableClock,
        log_in: LogIn,
        errands: Errands,
        seller: User,
        session: Session,
        inspection: int,
        tmp_path: Path,
    ) -> None:
        log_in(user=seller)
        task = task_in(errands, inspection)
        sent, drafted, forgotten = (
            add(client, inspection, picture(colour)).get_json()["file"] for colour in ("red", "green", "blue")
        )
        client.post(f"/tasks/{task.id}/draft", data={"photos": [sent, drafted]})
        other = errands.open(seller)
        kept = add(client, other.instance_id, picture("white")).get_json()["file"]
        client.post(f"/tasks/{other.id}/complete", data={"name": kept})

        for path in (tmp_path / "files").rglob("*"):
            os.utime(path, (NOW.timestamp(), NOW.timestamp()))

        def left() -> set[str]:
            clock.advance(timedelta(days=8))
            with app.app_context():
                remove_forgotten_files()
            session.rollback()
            return {row.sha256 for row in session.query(StoredFile)}

        assert left() == {sent, drafted, kept}
        client.post(f"/tasks/{task.id}/complete", data={"outcome": "fit", "photos": sent, "signature": "paper"})
        assert left() == {sent, kept}
        on_disk = {path.name for path in (tmp_path / "files").rglob("*") if path.is_file()}
        assert forgotten not in on_disk
        assert {sent, kept} <= on_disk


def test_records_are_found_by_typing(client: FlaskClient, log_in: LogIn, errands: Errands, seller: User) -> None:
    log_in(user=seller)

    everything = client.get("/choices/sales.refusal_reasons?q=").get_json()

    if everything:
        first = everything[-1]
        word = re.split(r"\W+", first["label"])[0]
        found = client.get("/choices/sales.refusal_reasons", query_string={"q": word.upper()}).get_json()
        assert first in found
        assert client.get(f"/choices/sales.refusal_reasons?value={first['value']}").get_json() == [first]
    assert client.get("/choices/sales.refusal_reasons?q=zzzz").get_json() == []
    assert client.get("/choices/nothing.there").status_code == 404
