"""The staff pages: list, card, roles, exceptions, absences, centres; and my profile."""

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.outbox import OutboxMessage
from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.core.models import AuditEntry
from webapp.staff.models import Absence, Centre, RoleGrant, User

CARD = {"name": "Vera Sokolova", "email": "vera@example.com", "phone": "8 900 000-41-17", "role": "sales_manager"}


class TestList:
    def test_shows_who_is_in_reach(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        north, south = make_centre(session), make_centre(session)
        make_user(session, "cashier", centre=north, name="Vera North")
        make_user(session, "cashier", centre=south, name="Pavel South")

        log_in("sales_head", centre=north)

        page = client.get("/staff").text
        assert ("Vera North" in page, "Pavel South" in page) == (True, False)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=алена", {"Алёна Лебедева"}),
            ("q=41-17", set()),
            ("q=4117", {"Vera Blocked"}),
            ("role=cashier", {"Pavel Demin"}),
            ("blocked=1", {"Vera Blocked"}),
            ("q=nobody", set()),
        ],
    )
    def test_is_narrowed_by_what_is_asked(
        self, client: FlaskClient, session: Session, log_in: LogIn, query: str, names: set[str]
    ) -> None:
        people = {"Алёна Лебедева", "Pavel Demin", "Vera Blocked"}
        make_user(session, "sales_manager", name="Алёна Лебедева")
        make_user(session, "cashier", name="Pavel Demin")
        make_user(session, "sales_manager", name="Vera Blocked", active=False, phone="+79000004117")
        log_in("staff.see")
        blocked = "&blocked=1" if query == "q=4117" else ""

        page = client.get(f"/staff?{query}{blocked}").text

        assert {name for name in people if f">{name}</a>" in page} == names

    def test_says_who_is_away(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        make_absence(session, make_user(session, name="Vera"), ends_at=NOW + timedelta(days=2, hours=-12))
        log_in("staff.see")

        assert "Away until 3 Mar 2026" in client.get("/staff").text

    def test_offers_the_way_back_when_the_filter_hides_all(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("staff.see")

        assert "Drop the filters" in client.get("/staff?q=nobody").text


class TestAdding:
    def test_makes_a_person_with_a_role_and_invites_him(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in("admin")
        north = make_centre(session)
        session.commit()

        answer = client.post("/staff/new", data=CARD | {"centre_id": str(north.id)})

        person = session.scalars(select(User).where(User.email == "vera@example.com")).one()
        assert answer.headers["Location"] == f"/staff/{person.id}"
        assert (person.phone, person.password) == ("+79000004117", None)
        assert [(grant.role, grant.centre_id) for grant in person.grants] == [("sales_manager", north.id)]
        mail = session.scalars(select(OutboxMessage)).one()
        assert (mail.recipient, "/new-password/" in json.loads(mail.body)["text"]) == ("vera@example.com", True)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": ""}, "name"),
            ({"email": "vera"}, "email"),
            ({"email": "taken@example.com"}, "email"),
            ({"phone": "call me"}, "phone"),
            ({"head_id": "4711"}, "head_id"),
            ({"role": ""}, "role"),
        ],
    )
    def test_shows_a_mistake_at_its_field_and_keeps_the_rest(
        self, client: FlaskClient, session: Session, log_in: LogIn, wrong: dict[str, str], field: str
    ) -> None:
        make_user(session, email="taken@example.com")
        log_in("admin")

        page = client.post("/staff/new", data=CARD | {"position": "Seller of the year"} | wrong)

        assert (page.status_code, f'data-test="error-{field}"' in page.text) == (422, True)
        assert 'value="Seller of the year"' in page.text
        assert session.scalars(select(User).where(User.name == "Vera Sokolova")).all() == []

    def test_a_head_appoints_only_in_his_centre_and_not_above_himself(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        north, south = make_centre(session), make_centre(session)
        log_in("sales_head", centre=north)

        def add(role: str, centre: Centre | None, email: str) -> int:
            place = str(centre.id) if centre else ""
            return client.post("/staff/new", data=CARD | {"role": role, "centre_id": place, "email": email}).status_code

        assert add("sales_manager", north, "a@example.com") == 302
        assert add("sales_manager", south, "b@example.com") == 422
        assert add("sales_manager", None, "c@example.com") == 422
        assert add("admin", north, "d@example.com") == 422
        assert session.scalars(select(User.email).where(User.name == "Vera Sokolova")).all() == ["a@example.com"]

    def test_offers_a_head_only_the_roles_and_places_he_can_give(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        north, south = make_centre(session, name="North"), make_centre(session, name="South")
        log_in("sales_head", centre=north)

        page = client.get("/staff/new").text

        assert f'<option value="{north.id}">North</option>' in page
        assert f'<option value="{south.id}">' not in page
        assert ('<option value="sales_manager">' in page, '<option value="admin">' in page) == (True, False)


class TestCard:
    def test_of_somebody_out_of_reach_is_as_if_there_were_none(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        person = make_user(session, "cashier", centre=make_centre(session))
        log_in("sales_head", centre=make_centre(session))

        assert client.get(f"/staff/{person.id}").status_code == 404

    def test_is_changed(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person, head = make_user(session, "cashier"), make_user(session, "director")
        log_in("admin")

        answer = client.post(f"/staff/{person.id}", data=CARD | {"head_id": str(head.id)})

        session.refresh(person)
        assert answer.status_code == 302
        assert (person.name, person.email, person.phone, person.head_id) == (
            "Vera Sokolova",
            "vera@example.com",
            "+79000004117",
            head.id,
        )

    def test_of_somebody_above_is_read_only(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        north = make_centre(session)
        director = make_user(session, "director", "admin", centre=north)
        log_in("sales_head", centre=north)

        assert 'data-test="block"' not in client.get(f"/staff/{director.id}").text
        for path in ("", "/block", "/roles", "/invite", "/absences"):
            assert client.post(f"/staff/{director.id}{path}", data=CARD).status_code == 403

    def test_roles_are_given_and_taken_away(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = make_user(session, "cashier")
        log_in("admin")

        client.post(f"/staff/{person.id}/roles", data={"role": "accountant", "centre_id": ""})
        client.post(f"/staff/{person.id}/roles/{person.grants[0].id}/revoke")

        statement = select(RoleGrant.role).where(RoleGrant.user_id == person.id)
        assert session.scalars(statement).all() == ["accountant"]

    def test_an_exception_widens_or_takes_a_right(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = make_user(session, "cashier")
        log_in("admin")
        url = f"/staff/{person.id}/exceptions"

        client.post(url, data={"permission": "staff.see", "scope": "group"})
        client.post(url, data={"permission": "staff.add", "scope": "none"})
        session.refresh(person)
        assert {each.permission: each.scope for each in person.overrides} == {"staff.see": "group", "staff.add": None}

        client.post(url, data={"permission": "staff.see", "scope": ""})
        session.rollback()
        session.refresh(person)
        assert [each.permission for each in person.overrides] == ["staff.add"]

    def test_only_who_runs_the_whole_staff_makes_exceptions(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        north = make_centre(session)
        person = make_user(session, "sales_manager", centre=north)
        log_in("sales_head", centre=north)

        answer = client.post(f"/staff/{person.id}/exceptions", data={"permission": "staff.see", "scope": "group"})

        assert answer.status_code == 403

    def test_a_blocked_person_is_unblocked(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = make_user(session, "cashier")
        admin = log_in("admin")

        client.post(f"/staff/{person.id}/block")
        session.refresh(person)
        assert not person.active

        client.post(f"/staff/{person.id}/unblock")
        session.rollback()
        session.refresh(person)
        assert person.active
        rows = session.execute(select(AuditEntry.action, AuditEntry.actor_id).order_by(AuditEntry.id)).all()
        assert [tuple(row) for row in rows] == [("staff.user.blocked", admin.id), ("staff.user.unblocked", admin.id)]

    def test_an_absence_runs_from_the_first_morning_to_the_last_night(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        person, deputy = make_user(session, "cashier"), make_user(session, "cashier")
        log_in("admin")

        form = {"first_day": "2026-03-09", "last_day": "2026-03-10", "deputy_id": str(deputy.id)}
        client.post(f"/staff/{person.id}/absences", data=form)

        absence = session.scalars(select(Absence)).one()
        assert (absence.starts_at.isoformat(), absence.ends_at.isoformat()) == (
            "2026-03-08T21:00:00+00:00",
            "2026-03-10T21:00:00+00:00",
        )
        assert "9 Mar 2026 – 10 Mar 2026" in client.get(f"/staff/{person.id}").text

    def test_names_are_shown_as_text(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        evil = '<script>alert("x")</script>'
        person = make_user(session, "cashier", name=evil, position=evil)
        log_in("admin")

        for path in ("/staff", f"/staff/{person.id}", "/staff/new"):
            page = client.get(path).text
            assert (evil in page, "&lt;script&gt;" in page) == (False, True), path


class TestProfile:
    def test_keeps_language_theme_and_zone(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = log_in("cashier")

        client.post("/profile", data={"language": "ru", "theme": "dark", "time_zone": "Asia/Omsk"})

        session.refresh(person)
        assert (person.language, person.theme, person.time_zone) == ("ru", "dark", "Asia/Omsk")

    def test_refuses_a_zone_that_does_not_exist(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("cashier")

        answer = client.post("/profile", data={"language": "ru", "theme": "dark", "time_zone": "Mars/Olympus"})

        assert answer.status_code == 422

    def test_notes_an_own_absence_and_ends_it(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = log_in("cashier")

        client.post("/profile/absences", data={"first_day": "2026-03-09", "last_day": "2026-03-10"})
        absence = session.scalars(select(Absence)).one()
        assert absence.user_id == person.id

        client.post(f"/profile/absences/{absence.id}/end")
        session.rollback()
        assert session.scalars(select(Absence)).all() == []

    def test_refuses_days_in_the_wrong_order(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("cashier")

        page = client.post("/profile/absences", data={"first_day": "2026-03-10", "last_day": "2026-03-09"})

        assert (page.status_code, 'data-test="error-last_day"' in page.text) == (422, True)

    def test_shows_for_whom_one_stands_in(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        person = make_user(session, "cashier")
        make_absence(session, make_user(session, name="Vera Sokolova"), person)
        log_in(user=person)

        assert "Vera Sokolova" in client.get("/profile").text

    def test_changes_the_password_only_with_the_present_one(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("cashier")
        answers = {"current": "guess", "password": "battery staple", "repeated": "battery staple"}

        page = client.post("/profile/password", data=answers)

        assert (page.status_code, 'data-test="error-current"' in page.text) == (422, True)


class TestCentres:
    def test_are_added_and_changed(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in("admin")
        form = {"name": "North", "city": "Omsk", "phone": "8 495 000-00-00", "time_zone": "Asia/Omsk"}

        client.post("/staff/centres/new", data=form)
        centre = session.scalars(select(Centre)).one()
        assert (centre.name, centre.phone, centre.time_zone, centre.active) == (
            "North",
            "+74950000000",
            "Asia/Omsk",
            True,
        )

        client.post(f"/staff/centres/{centre.id}", data=form | {"name": "Far North"})
        session.rollback()
        session.refresh(centre)
        assert (centre.name, centre.active) == ("Far North", False)

    def test_with_a_taken_name_are_refused(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        make_centre(session, name="North")
        log_in("admin")

        page = client.post("/staff/centres/new", data={"name": "North", "time_zone": "Asia/Omsk"})

        assert (page.status_code, "A centre is called North already." in page.text) == (422, True)
