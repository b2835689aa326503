"""From roles and exceptions to rows: the arithmetic of rights."""

import pytest

from webapp.core.permissions import RowScope, ScopeKind
from webapp.staff.rights import Circle, Grant, may_grant, reach
from webapp.staff.roles import BY_NAME, ROLES, Department, Role

OWN, TEAM, CENTRE, GROUP = ScopeKind.OWN, ScopeKind.TEAM, ScopeKind.CENTRE, ScopeKind.GROUP
NORTH, SOUTH = 1, 2
CIRCLE = Circle(7, frozenset({NORTH, SOUTH}), represented=frozenset({8}), team=frozenset({9}))

TABLE = {
    name: Role(name, name, Department.SALES, grants)
    for name, grants in {
        "seller": {"sales.see": OWN},
        "leader": {"sales.see": TEAM},
        "head": {"sales.see": CENTRE, "staff.change": CENTRE},
        "boss": {"sales.see": GROUP, "staff.change": GROUP, "rare.act": GROUP},
    }.items()
}


def scope(*grants: Grant, overrides: dict[str, ScopeKind | None] | None = None) -> RowScope | None:
    return reach("sales.see", grants, overrides or {}, CIRCLE, TABLE)


def test_without_a_role_nothing_is_reached() -> None:
    assert scope() is None
    assert scope(Grant("unknown", NORTH)) is None


def test_own_rows_include_those_of_the_people_one_stands_in_for() -> None:
    found = scope(Grant("seller", NORTH))

    assert found == RowScope(OWN, 7, represented=frozenset({8}), held_in=frozenset({NORTH}))


def test_a_team_is_added_only_where_the_scope_says_so() -> None:
    found = scope(Grant("leader", NORTH))

    assert found
    assert (found.kind, found.owner_ids) == (TEAM, {7, 8, 9})


def test_roles_in_two_centres_add_up_without_spilling_over() -> None:
    found = scope(Grant("seller", NORTH), Grant("head", SOUTH))

    assert found
    assert (found.kind, found.centre_ids, found.held_in) == (CENTRE, {SOUTH}, {NORTH, SOUTH})


def test_the_whole_of_every_centre_is_the_group() -> None:
    found = scope(Grant("head", None))

    assert found
    assert (found.kind, found.held_in) == (GROUP, {NORTH, SOUTH})


@pytest.mark.parametrize(
    ("override", "kind", "centres"), [(OWN, OWN, set()), (CENTRE, CENTRE, {NORTH}), (GROUP, GROUP, set())]
)
def test_an_exception_replaces_what_the_roles_say(override: ScopeKind, kind: ScopeKind, centres: set[int]) -> None:
    found = scope(Grant("head", NORTH), overrides={"sales.see": override})

    assert found
    assert (found.kind, found.centre_ids) == (kind, centres)


def test_an_exception_can_take_a_right_away() -> None:
    assert scope(Grant("boss", None), overrides={"sales.see": None}) is None


def test_departments_go_on_seeing_cases_where_they_have_the_role_and_change_nothing_more() -> None:
    grants = (Grant("cashier", NORTH), Grant("sales_manager", SOUTH), Grant("logistics", None))

    seen, changed = reach("cases.see", grants, {}, CIRCLE), reach("cases.change", grants, {}, CIRCLE)

    assert seen is not None
    assert seen.served == {("cashier", NORTH), ("logistics", None)}
    assert changed is not None
    assert changed.served == frozenset()
    narrowed = reach("cases.see", grants, {"cases.see": OWN}, CIRCLE)
    assert narrowed is not None
    assert narrowed.served == frozenset()


def test_two_roles_of_one_desk_see_what_was_asked_of_either() -> None:
    seen = reach("cases.see", (Grant("service_advisor", NORTH),), {}, CIRCLE)

    assert seen is not None
    assert seen.served == {("service_advisor", NORTH), ("service_dispatcher", NORTH)}


def test_an_exception_needs_a_role_to_be_tied_to_a_centre() -> None:
    assert scope(overrides={"sales.see": CENTRE}) is None
    assert scope(overrides={"sales.see": GROUP}) is not None


class TestGivingRoles:
    def may(self, mine: Grant, role: str, centre: int | None) -> bool:
        return may_grant(TABLE[role], centre, lambda name: reach(name, [mine], {}, CIRCLE, TABLE))

    def test_a_head_appoints_in_his_centre(self) -> None:
        assert self.may(Grant("head", NORTH), "seller", NORTH)
        assert self.may(Grant("head", NORTH), "head", NORTH)

    def test_a_head_appoints_nowhere_else(self) -> None:
        assert not self.may(Grant("head", NORTH), "seller", SOUTH)
        assert not self.may(Grant("head", NORTH), "seller", None)

    def test_nobody_gives_more_than_he_has(self) -> None:
        assert not self.may(Grant("head", NORTH), "boss", NORTH)

    def test_who_runs_the_group_appoints_everywhere(self) -> None:
        assert self.may(Grant("boss", None), "boss", None)

    def test_who_runs_no_staff_appoints_nobody(self) -> None:
        assert not self.may(Grant("seller", NORTH), "seller", NORTH)


def test_the_table_has_every_role_of_a_dealer() -> None:
    assert set(BY_NAME) == {
        *("call_operator", "receptionist", "sales_manager", "sales_head", "tradein_appraiser", "finance_manager"),
        *("logistics", "pdi_master", "delivery_specialist", "service_advisor", "service_dispatcher", "foreman"),
        "service_head",
        *("technician", "quality_controller", "parts_specialist", "cashier", "accountant", "crm_manager"),
        *("marketer", "pr_manager", "quality_manager", "director", "group_director", "admin"),
    }


def test_an_administrator_can_give_every_role() -> None:
    for role in ROLES:
        assert may_grant(role, None, lambda name: reach(name, [Grant("admin", None)], {}, CIRCLE)), role.name
