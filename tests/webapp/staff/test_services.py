"""What is done with people: it is audited, and what would harm is refused."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.core.errors import Conflict, DomainError, NotFound, RuleViolation
from webapp.core.models import AuditEntry
from webapp.staff import services
from webapp.staff.models import Absence, User


@pytest.fixture(autouse=True)
def in_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def actions(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


class TestAddresses:
    @pytest.mark.parametrize("text", ["Ada@example.com", " ada@example.com "])
    def test_are_kept_in_one_form(self, text: str) -> None:
        assert services.normalise_email(text) == "ada@example.com"

    @pytest.mark.parametrize("text", ["ada", "ada@", "@example.com", "a b@example.com", ""])
    def test_that_are_none_are_refused(self, text: str) -> None:
        with pytest.raises(RuleViolation):
            services.normalise_email(text)

    def test_belong_to_one_person(self, session: Session) -> None:
        make_user(session, email="ada@example.com")

        with pytest.raises(Conflict) as refusal:
            services.create_user(session, name="Eve", email="ADA@example.com", actor_id=None, now=NOW)

        assert refusal.value.code == "email_taken"


@pytest.mark.parametrize("text", ["8 900 000-41-17", "+7 (900) 000 41 17", "79000004117"])
def test_phones_are_kept_as_e164(text: str) -> None:
    assert services.normalise_phone(text) == "+79000004117"


@pytest.mark.parametrize("text", ["call me", "12", "+7 900"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(RuleViolation):
        services.normalise_phone(text)


class TestRoles:
    def test_are_given_once_per_centre(self, session: Session) -> None:
        north, south = make_centre(session), make_centre(session)
        user = make_user(session, "cashier", centre=north)

        services.grant_role(session, user, "cashier", south.id, actor_id=1, now=NOW)
        with pytest.raises(Conflict):
            services.grant_role(session, user, "cashier", south.id, actor_id=1, now=NOW)

        assert {grant.centre_id for grant in user.grants} == {north.id, south.id}
        assert actions(session) == ["staff.role.granted"]

    def test_everywhere_includes_each_centre(self, session: Session) -> None:
        user = make_user(session, "cashier")

        with pytest.raises(Conflict):
            services.grant_role(session, user, "cashier", make_centre(session).id, actor_id=1, now=NOW)

    def test_that_do_not_exist_are_refused(self, session: Session) -> None:
        with pytest.raises(NotFound):
            services.grant_role(session, make_user(session), "emperor", None, actor_id=1, now=NOW)

    def test_the_last_administrator_stays_one(self, session: Session) -> None:
        admin = make_user(session, "admin")

        with pytest.raises(Conflict) as refusal:
            services.revoke_role(session, admin, admin.grants[0].id, actor_id=admin.id, now=NOW)

        assert refusal.value.code == "last_administrator"

    def test_an_administrator_of_one_centre_does_not_count(self, session: Session) -> None:
        admin = make_user(session, "admin")
        make_user(session, "admin", centre=make_centre(session))

        with pytest.raises(Conflict):
            services.block_user(session, admin, actor_id=99, now=NOW)

    def test_another_administrator_may_be_blocked(self, session: Session) -> None:
        first, second = make_user(session, "admin"), make_user(session, "admin")
        session_key = second.fs_uniquifier

        services.block_user(session, second, actor_id=first.id, now=NOW)

        assert (second.active, second.fs_uniquifier == session_key) == (False, False)

    def test_nobody_blocks_himself(self, session: Session) -> None:
        first = make_user(session, "admin")
        make_user(session, "admin")

        with pytest.raises(Conflict):
            services.block_user(session, first, actor_id=first.id, now=NOW)


def test_heads_do_not_form_a_circle(session: Session) -> None:
    top = make_user(session)
    middle = make_user(session, head_id=top.id)
    below = make_user(session, head_id=middle.id)

    with pytest.raises(Conflict) as refusal:
        services.change_user(
            session,
            top,
            name=top.name,
            email=top.email,
            position="",
            phone="",
            head_id=below.id,
            actor_id=1,
            now=NOW,
        )

    assert refusal.value.code == "head_in_circle"


class TestAbsences:
    def add(self, session: Session, user: User, **changes: object) -> Absence:
        values: dict[str, object] = {
            "starts_at": NOW,
            "ends_at": NOW + timedelta(days=7),
            "deputy_id": None,
            "actor_id": user.id,
            "now": NOW,
        }
        return services.add_absence(session, user, **(values | changes))  # type: ignore[arg-type]

    def test_may_touch_but_not_overlap(self, session: Session) -> None:
        user = make_user(session)
        self.add(session, user)
        self.add(session, user, starts_at=NOW + timedelta(days=7), ends_at=NOW + timedelta(days=8))

        with pytest.raises(Conflict):
            self.add(session, user, starts_at=NOW + timedelta(days=6), ends_at=NOW + timedelta(days=7))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"ends_at": NOW}, "absence_times"),
            ({"starts_at": NOW - timedelta(days=9), "ends_at": NOW - timedelta(days=1)}, "absence_times"),
        ],
    )
    def test_need_a_time_to_come(self, session: Session, changes: dict[str, object], code: str) -> None:
        with pytest.raises(DomainError) as refusal:
            self.add(session, make_user(session), **changes)

        assert refusal.value.code == code

    def test_need_a_deputy_who_can_serve(self, session: Session) -> None:
        user, blocked = make_user(session), make_user(session, active=False)

        for deputy, code in ((user, "deputy_oneself"), (blocked, "deputy_blocked")):
            with pytest.raises(RuleViolation) as refusal:
                self.add(session, user, deputy_id=deputy.id)
            assert refusal.value.code == code

    def test_end_now_when_somebody_is_back_early(self, session: Session) -> None:
        user = make_user(session)
        present = make_absence(session, user)
        planned = self.add(session, user, starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=10))

        services.end_absence(session, user, present.id, actor_id=user.id, now=NOW)
        services.end_absence(session, user, planned.id, actor_id=user.id, now=NOW)
        session.flush()

        assert [absence.ends_at for absence in session.scalars(select(Absence))] == [NOW]

    def test_of_others_are_out_of_reach(self, session: Session) -> None:
        absence = make_absence(session, make_user(session))

        with pytest.raises(NotFound):
            services.end_absence(session, make_user(session), absence.id, actor_id=1, now=NOW)


def test_centres_have_different_names(session: Session) -> None:
    make_centre(session, name="North")

    with pytest.raises(Conflict):
        services.create_centre(session, name="North", city="", phone="", time_zone=None, actor_id=1, now=NOW)
