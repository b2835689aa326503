"""The property `milestones`: order, ranks, optional ones, and names of the past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.milestones.plan import MilestonePlan, MilestonePlanRefused, Ratio


def test_mandatory_milestones_are_ranked_in_their_order_and_optional_ones_are_not() -> None:
    plan = MilestonePlan.parse("sales", " contact, visit? ,worksheet,\n offer ")

    assert plan.ordered == (("contact", True), ("visit", False), ("worksheet", True), ("offer", True))
    assert dict(plan.ranks) == {"contact": 1, "worksheet": 2, "offer": 3}
    assert (plan.rank("visit"), plan.rank("unheard_of")) == (0, 0)


def test_time_into_a_milestone_counts_from_the_mandatory_one_before_it() -> None:
    plan = MilestonePlan.parse("sales", "contact, visit?, trial?, worksheet")

    assert [plan.before(name) for name in plan.milestones] == [None, "contact", "contact", "contact"]


def test_a_removed_milestone_counts_as_its_alias() -> None:
    plan = MilestonePlan.parse("sales", "contact, offer", "call = contact, quote=offer")

    assert [plan.resolve(name) for name in ("call", "quote", "offer", "other")] == [
        "contact",
        "offer",
        "offer",
        "other",
    ]


def test_cyrillic_names_are_names() -> None:
    assert MilestonePlan.parse("sales", "контакт, визит?").milestones == ("контакт", "визит")


def test_a_process_without_the_property_has_an_empty_plan() -> None:
    assert MilestonePlan.parse("sales", "").milestones == ()


def test_a_ratio_leads_from_any_milestone_to_any_other() -> None:
    text = "visit_rate: visit of contact;\n  back :contact of offer ; "

    plan = MilestonePlan.parse("sales", "contact, visit?, offer", "", text)

    assert plan.ratios == (Ratio("visit_rate", "visit", "contact"), Ratio("back", "contact", "offer"))
    assert (plan.ratio("back"), plan.ratio("none")) == (plan.ratios[1], None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("visit of contact", "ratio_unfit"),
        ("rate: visit / contact", "ratio_unfit"),
        ("rate: visit of contact, other: contact of visit", "ratio_unfit"),
        ("my rate: visit of contact", "ratio_unfit"),
        ("rate: visit of contact; rate: contact of visit", "ratio_declared_twice"),
        ("rate: visit of visit", "ratio_of_itself"),
        ("rate: visit of call", "ratio_milestone_unknown"),
        ("rate: call of visit", "ratio_milestone_unknown"),
    ],
)
def test_a_ratio_that_cannot_be_read_is_refused(text: str, code: str) -> None:
    with pytest.raises(MilestonePlanRefused) as refusal:
        MilestonePlan.parse("sales", "contact, visit?", "", text)

    assert refusal.value.code == code


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        plan = MilestonePlan.parse("sales", "contact, visit?", "", text)
    except MilestonePlanRefused:
        return
    assert all({ratio.part, ratio.base} == {"contact", "visit"} for ratio in plan.ratios)


@pytest.mark.parametrize(
    ("milestones", "aliases", "code"),
    [
        ("contact, 1st", "", "milestone_name_unfit"),
        ("contact, test drive", "", "milestone_name_unfit"),
        ("contact, ?", "", "milestone_name_unfit"),
        ("m" * 61, "", "milestone_name_unfit"),
        ("contact, contact?", "", "milestone_declared_twice"),
        ("contact", "call", "milestone_alias_unfit"),
        ("contact", "= contact", "milestone_alias_unfit"),
        ("contact, call", "call = contact", "milestone_alias_declared"),
        ("contact", "call = contact, call = contact", "milestone_alias_declared"),
        ("contact", "call = gone", "milestone_alias_unknown"),
    ],
)
def test_what_cannot_be_read_is_refused(milestones: str, aliases: str, code: str) -> None:
    with pytest.raises(MilestonePlanRefused) as refusal:
        MilestonePlan.parse("sales", milestones, aliases)

    assert (refusal.value.code, refusal.value.details["process"]) == (code, "sales")
