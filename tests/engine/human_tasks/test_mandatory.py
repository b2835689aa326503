"""Mandatory lines of a checklist: ticked, or left out with a reason, never in silence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.human_tasks.form_values import FormInvalid, Reading, read_values
from engine.human_tasks.forms import Form, read_form
from tests.engine.world import NOW, choice, form

READING = Reading(now=NOW)
LINES = ["phone", "offer", 'say "credit"']


def checklist(mandatory: str = "all", *, lines: list[str] = LINES, **more: Any) -> dict[str, Any]:
    return {
        **choice("told", *lines),
        "type": "checklist",
        "validate": {},
        "properties": {"mandatory": mandatory},
        **more,
    }


def read(asked: Form, **values: object) -> dict[str, object]:
    return read_values(asked, values, {}, READING)


def errors(asked: Form, **values: object) -> dict[str, str]:
    with pytest.raises(FormInvalid) as refusal:
        read(asked, **values)
    return refusal.value.errors


class TestAllLines:
    FORM = read_form(form("f", checklist(), "name"))

    def test_are_ticked(self) -> None:
        assert read(self.FORM, told=LINES, name="a") == {"told": LINES, "name": "a"}

    @pytest.mark.parametrize("told", [None, "phone", ["phone", "offer"]])
    @pytest.mark.parametrize("reason", [None, "", "   "])
    def test_are_not_left_out_in_silence(self, told: object, reason: object) -> None:
        assert errors(self.FORM, told=told, told_left_out=reason, name="a") == {"told": "not_ticked"}

    def test_are_left_out_with_a_reason_that_is_kept(self) -> None:
        kept = read(self.FORM, told="phone", told_left_out=" No time ", name="a")

        assert kept == {"told": ["phone"], "told_left_out": "No time", "name": "a"}
        (missing,) = self.FORM.left_out_in(kept)
        assert (missing.key, [each.value for each in missing.lines], missing.reason) == ("told", LINES[1:], "No time")

    def test_a_reason_is_dropped_when_nothing_is_left_out(self) -> None:
        assert read(self.FORM, told=LINES, told_left_out="No time", name="a") == {"told": LINES, "name": "a"}

    def test_a_reason_that_is_too_long_is_said_to_be_so(self) -> None:
        assert errors(self.FORM, told="phone", told_left_out="x" * 501, name="a")["told_left_out"] == "bad_length"


def test_only_named_lines_are_mandatory() -> None:
    asked = read_form(form("f", checklist("phone, offer")))

    assert read(asked, told=["offer", "phone"]) == {"told": ["offer", "phone"]}
    assert errors(asked, told=LINES[1:]) == {"told": "not_ticked"}


def test_required_still_asks_for_one_line_at_least() -> None:
    asked = read_form(form("f", checklist(validate={"required": True})))

    assert errors(asked, told=[], told_left_out="No time") == {"told": "required"}


@pytest.mark.parametrize("place", ["field", "group"])
def test_a_hidden_checklist_asks_for_nothing(place: str) -> None:
    hide = {"conditional": {"hide": '=pay != "credit"'}}
    group = {"type": "group", "label": "G", "components": [checklist()], **hide}
    asked = read_form(form("f", choice("pay", "cash", "credit"), checklist(**hide) if place == "field" else group))

    assert read(asked, pay="cash", told="phone", told_left_out="No time") == {"pay": "cash"}
    assert errors(asked, pay="credit") == {"told": "not_ticked"}


@given(
    mandatory=st.sets(st.sampled_from("abcde"), min_size=1),
    ticked=st.lists(st.sampled_from("abcde"), unique=True),
    reason=st.text(alphabet="xy \n", max_size=4),
)
def test_nothing_mandatory_is_lost_in_silence(mandatory: set[str], ticked: list[str], reason: str) -> None:
    """Accepted exactly when all is ticked or a reason is told, and what is left out is then told line by line."""
    asked = read_form(form("f", checklist(",".join(mandatory), lines=list("abcde"))))
    missing = sorted(mandatory - set(ticked))

    if missing and not reason.strip():
        assert errors(asked, told=ticked, told_left_out=reason) == {"told": "not_ticked"}
        return
    kept = read(asked, told=ticked, told_left_out=reason)
    told = [(each.value, left.reason) for left in asked.left_out_in(kept) for each in left.lines]
    assert told == [(line, reason.strip()) for line in missing]
    assert ("told_left_out" in kept) == bool(missing)
