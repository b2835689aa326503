"""What the engine asks about people: roles, heads, members, who stands in for whom."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.staff import queries
from webapp.staff.directory import StaffDirectory
from webapp.staff.roles import BY_NAME


def test_the_roles_are_those_of_the_table(session: Session) -> None:
    assert StaffDirectory(session).roles() == set(BY_NAME)


class TestMembers:
    def test_are_those_of_the_centre_and_those_of_all_centres(self, session: Session) -> None:
        north, south = make_centre(session), make_centre(session)
        here = make_user(session, "sales_manager", centre=north)
        everywhere = make_user(session, "sales_manager")
        make_user(session, "sales_manager", centre=south)
        make_user(session, "sales_manager", centre=north, active=False)
        make_user(session, "cashier", centre=north)

        assert StaffDirectory(session).members("sales_manager", north.id) == [here.id, everywhere.id]

    def test_without_a_centre_are_all(self, session: Session) -> None:
        person = make_user(session, "sales_manager", centre=make_centre(session))

        assert StaffDirectory(session).members("sales_manager", None) == [person.id]


class TestHead:
    def test_is_the_one_who_is_named(self, session: Session) -> None:
        north = make_centre(session)
        make_user(session, "sales_head", centre=north)
        named = make_user(session)
        person = make_user(session, "sales_manager", centre=north, head_id=named.id)

        assert StaffDirectory(session).head_of(person.id, north.id) == named.id

    def test_is_else_the_head_of_the_department_in_the_centre(self, session: Session) -> None:
        north = make_centre(session)
        head = make_user(session, "sales_head", centre=north)
        make_user(session, "sales_head", centre=make_centre(session))
        blocked = make_user(session, active=False)
        person = make_user(session, "sales_manager", centre=north, head_id=blocked.id)

        assert StaffDirectory(session).head_of(person.id, north.id) == head.id

    def test_of_the_head_is_the_director(self, session: Session) -> None:
        north = make_centre(session)
        director = make_user(session, "director", centre=north)
        head = make_user(session, "sales_head", centre=north)

        assert StaffDirectory(session).head_of(head.id, north.id) == director.id

    def test_of_service_is_its_head_and_the_foreman_where_there_is_none(self, session: Session) -> None:
        north, south = make_centre(session), make_centre(session)
        director = make_user(session, "director", centre=north)
        foreman = make_user(session, "foreman", centre=north)
        advisor = make_user(session, "service_advisor", centre=north)
        heads = StaffDirectory(session)
        assert (heads.head_of(advisor.id, north.id), heads.head_of(foreman.id, north.id)) == (foreman.id, director.id)

        head = make_user(session, "service_head", centre=north)
        make_user(session, "service_head", centre=south)

        assert [heads.head_of(each.id, north.id) for each in (advisor, foreman, head)] == [
            head.id,
            head.id,
            director.id,
        ]

    def test_may_be_nobody(self, session: Session) -> None:
        north = make_centre(session)
        person = make_user(session, "sales_manager", centre=north)

        assert StaffDirectory(session).head_of(person.id, north.id) is None
        assert StaffDirectory(session).head_of(404, north.id) is None


class TestDeputies:
    def test_serve_from_the_first_moment_until_the_end(self, session: Session) -> None:
        away, deputy = make_user(session), make_user(session)
        absence = make_absence(session, away, deputy)
        directory = StaffDirectory(session)

        moments = {
            absence.starts_at - timedelta(seconds=1): [],
            absence.starts_at: [away.id],
            absence.ends_at - timedelta(seconds=1): [away.id],
            absence.ends_at: [],
        }
        assert {at: directory.represented_by(deputy.id, at) for at in moments} == moments

    def test_of_an_absent_deputy_serve_both(self, session: Session) -> None:
        first, second, third = make_user(session), make_user(session), make_user(session)
        make_absence(session, first, second)
        make_absence(session, second, third)

        assert StaffDirectory(session).represented_by(third.id, NOW) == [first.id, second.id]

    def test_who_stand_in_for_each_other_do_not_go_round_in_circles(self, session: Session) -> None:
        first, second = make_user(session), make_user(session)
        make_absence(session, first, second)
        make_absence(session, second, first)

        assert StaffDirectory(session).represented_by(first.id, NOW) == [second.id]


class TestTeam:
    def test_of_a_leader_are_all_below_him(self, session: Session) -> None:
        top = make_user(session)
        middle = make_user(session, head_id=top.id)
        below = make_user(session, head_id=middle.id)
        make_user(session)

        assert queries.find_team(session, top.id) == {middle.id, below.id}

    def test_of_one_who_leads_nobody_are_his_colleagues(self, session: Session) -> None:
        head = make_user(session)
        one, other = make_user(session, head_id=head.id), make_user(session, head_id=head.id)

        assert queries.find_team(session, one.id) == {other.id}


def test_names_are_compared_without_case_and_without_yo(session: Session) -> None:
    assert queries.fold("Алёна ФЁДОРОВА") == queries.fold("алена федорова")
