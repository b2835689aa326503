"""Rows, computed values, files, signatures and ranked choices, read and refused."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.human_tasks.form_values import FormInvalid, Reading, read_values, work_out
from engine.human_tasks.forms import Form, read_form
from tests.engine.human_tasks.every_kind import (
    DRAWN,
    FILES,
    PAPERS,
    PHOTO,
    computed,
    files,
    lines,
    number,
    offer,
    text,
)
from tests.engine.world import NOW, choice, form

READING = Reading(now=NOW, zone=ZoneInfo("Europe/Moscow"), find_file=FILES.get)
CASH = {"pay": "cash"}


def read(asked: Form, raw: dict[str, Any], **known: object) -> dict[str, Any]:
    return read_values(asked, raw, known, READING)


def errors(asked: Form, raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(FormInvalid) as refusal:
        read(asked, raw)
    return refusal.value.errors


def one(*components: dict[str, Any]) -> Form:
    return read_form(form("f", *components))


class TestRows:
    def test_come_from_flat_names_in_the_order_of_their_numbers(self) -> None:
        raw = {"lines.7.title": "Mats", "lines.2.title": "Car", "lines.2.price": "1 500 000,50", "lines.2.qty": "1"}

        found = read(offer(), CASH | raw | {"lines.2.from": "2026-03-08"})

        assert found["lines"] == [
            {
                "title": "Car",
                "price": Decimal("1500000.50"),
                "qty": Decimal(1),
                "from": date(2026, 3, 8),
                "sum": Decimal("1500000.50"),
            },
            {"title": "Mats"},
        ]

    def test_come_from_a_list_as_well(self) -> None:
        rows = [{"title": "Car", "price": "10", "qty": 2, "sum": "1"}]

        assert read(offer(), CASH | {"lines": rows})["lines"][0]["sum"] == Decimal("20.00")

    def test_nobody_has_touched_are_left_out(self) -> None:
        raw = {"lines.0.title": "", "lines.0.qty": "1", "lines.1.title": " ", "lines.1.qty": "1", "lines.1.price": ""}

        assert read(offer(), CASH | raw) == CASH

    def test_with_a_fault_name_it_by_its_row(self) -> None:
        raw = {"lines.0.qty": "1", "lines.3.title": "Car", "lines.4.price": "much", "lines.4.qty": "1"}

        assert errors(offer(), CASH | raw) == {"lines.1.price": "not_a_number", "lines.1.title": "required"}

    def test_more_than_allowed_are_refused(self) -> None:
        assert errors(offer(), CASH | {f"lines.{n}.title": "x" for n in range(4)}) == {"lines": "too_many"}

    def test_fewer_than_asked_are_refused(self) -> None:
        asked = one(lines(text("a"), min="2"))

        assert errors(asked, {}) == {"lines": "required"}
        assert errors(asked, {"lines.0.a": "x"}) == {"lines": "too_few"}

    def test_with_an_unknown_key_are_refused(self) -> None:
        raw = {"lines.0.title": "Car", "lines.0.owner_id": "1", "nothing.0.title": "x", "lines.x.title": "x"}

        assert errors(offer(), CASH | raw) == {
            "lines.0.owner_id": "unknown_field",
            "nothing.0.title": "unknown_field",
            "lines.x.title": "unknown_field",
        }

    @pytest.mark.parametrize("raw", ["text", {"a": 1}, [1], ["x"], [None], 5, True])
    def test_that_are_no_rows_are_refused(self, raw: object) -> None:
        assert errors(offer(), CASH | {"lines": raw}) == {"lines": "invalid"}

    def test_show_fields_by_their_own_values(self) -> None:
        raw = {"lines.0.title": "a", "lines.0.price": "999", "lines.0.why": "x"}
        raw |= {"lines.1.title": "b", "lines.1.price": "1000", "lines.1.why": "y"}

        found = read(offer(), CASH | raw)["lines"]

        assert "why" not in found[0]
        assert found[1]["why"] == "y"

    def test_see_fields_outside(self) -> None:
        row = {**text("note", validate={"required": True}), "conditional": {"hide": '=pay = "cash"'}}
        asked = one(choice("pay", "cash", "credit"), lines(text("a"), row))

        assert read(asked, {"pay": "cash", "lines.0.a": "x"})["lines"] == [{"a": "x"}]
        assert errors(asked, {"pay": "credit", "lines.0.a": "x"}) == {"lines.0.note": "required"}

    def test_that_are_hidden_as_a_whole_are_dropped_and_ask_nothing(self) -> None:
        hidden = {**lines(text("a", validate={"required": True})), "conditional": {"hide": '=pay = "cash"'}}
        asked = one(choice("pay", "cash", "credit"), hidden, computed("count", "count(lines)", kind="number"))

        assert read(asked, CASH | {"lines": [{}]}) == {"pay": "cash", "count": Decimal(0)}

    def test_may_be_personal_as_a_whole(self) -> None:
        asked = one({**lines(text("name")), "properties": {"personal": "true"}}, text("x"))

        assert asked.without_personal(read(asked, {"lines.0.name": "Ada", "x": "y"})) == {"x": "y"}


class TestComputedValues:
    def test_are_never_taken_from_outside(self) -> None:
        raw = {"lines.0.title": "Car", "lines.0.price": "10", "lines.0.qty": "3", "lines.0.sum": "1", "total": "1"}

        found = read(offer(), CASH | raw)

        assert found["lines"][0]["sum"] == Decimal("30.00")
        assert found["total"] == Decimal("30.00")

    def test_decide_what_is_shown(self) -> None:
        raw = {"lines.0.title": "Car", "lines.0.qty": "1", "reason": "large"}

        assert "reason" not in read(offer(), CASH | raw | {"lines.0.price": "4999"})
        assert read(offer(), CASH | raw | {"lines.0.price": "5000", "lines.0.why": "w"})["reason"] == "large"

    def test_do_not_count_what_is_hidden(self) -> None:
        extra = {**number("extra"), "conditional": {"hide": '=pay = "cash"'}}
        asked = one(choice("pay", "cash", "credit"), extra, computed("due", "if extra = null then 0 else extra"))

        assert read(asked, {"pay": "cash", "extra": "7"}) == {"pay": "cash", "due": Decimal(0)}
        assert read(asked, {"pay": "credit", "extra": "7"})["due"] == Decimal(7)

    def test_read_a_later_computed_field_and_the_case(self) -> None:
        asked = one(text("x"), computed("a", "b + deal.base"), computed("b", "1 + 1"))

        assert read(asked, {}, deal={"base": 40})["a"] == Decimal(42)

    def test_of_a_row_read_computed_fields_outside(self) -> None:
        asked = one(
            number("rate"), computed("factor", "rate / 100"), lines(number("n"), computed("part", "n * factor"))
        )

        assert read(asked, {"rate": "50", "lines.0.n": "3"})["lines"][0]["part"] == Decimal("1.5")

    @pytest.mark.parametrize(
        ("expression", "properties", "value"),
        [
            ("10 / 3", {"kind": "money"}, Decimal("3.33")),
            ("0.125", {"kind": "money"}, Decimal("0.13")),
            ("10 / 3", {"kind": "number", "decimals": "1"}, Decimal("3.3")),
            ("10", {"kind": "text"}, None),
            ('"ten"', {"kind": "money"}, None),
            ('"a" + "b"', {"kind": "text"}, "ab"),
            ("10 ** 30", {"kind": "money"}, None),
            ("1 / 0", {"kind": "money"}, None),
            ("[1, 2]", {}, None),
            ("{a: 1}", {}, None),
            ("function(x) x", {}, None),
            ("[1..2]", {}, None),
            ('date("2026-03-08")', {}, date(2026, 3, 8)),
            ("count(for i in 1..60000 return for j in 1..60000 return i)", {}, None),
        ],
    )
    def test_are_of_their_kind_or_nothing(self, expression: str, properties: dict[str, str], value: object) -> None:
        asked = one(text("x"), computed("c", expression, **properties))

        assert read(asked, {}) == ({} if value is None else {"c": value})

    def test_that_never_come_to_rest_stop_all_the_same(self) -> None:
        blinking = {**text("a"), "conditional": {"hide": '=b = "x"'}}
        other = {**text("b"), "conditional": {"hide": '=a != "x"'}}

        assert work_out(one(blinking, other), {"a": "x", "b": "x"}, {}, now=NOW).visible <= {"a", "b"}


class TestFiles:
    def test_are_kept_with_what_is_known_of_them(self) -> None:
        found = read(offer(), CASH | {"photos": [PHOTO.sha256, DRAWN.sha256, PHOTO.sha256]})

        assert found["photos"] == [
            {"file": "a" * 64, "name": "front.jpg", "type": "image/jpeg", "size": 2048},
            {"file": "c" * 64, "name": "signature.png", "type": "image/png", "size": 512},
        ]

    def test_may_stand_in_rows(self) -> None:
        asked = one(lines(text("part"), files("shots", "photo")))

        found = read(asked, {"lines.0.part": "door", "lines.0.shots": PHOTO.sha256})

        assert found["lines"][0]["shots"][0]["name"] == "front.jpg"

    @pytest.mark.parametrize(
        "raw", ["d" * 64, "../../etc/passwd", "A" * 64, {"file": "d" * 64, "name": "x"}, [["x"]], 7]
    )
    def test_of_others_and_unknown_ones_are_refused(self, raw: object) -> None:
        assert errors(offer(), CASH | {"photos": raw}) == {"photos": "file_unknown"}

    def test_of_another_type_are_refused(self) -> None:
        assert errors(offer(), CASH | {"photos": PAPERS.sha256}) == {"photos": "wrong_file"}
        assert errors(offer(), CASH | {"signature": PHOTO.sha256}) == {"signature": "wrong_file"}
        assert errors(one(files("x", accept=".docx, .pdf")), {"x": PHOTO.sha256}) == {"x": "wrong_file"}

    def test_of_an_accepted_ending_are_taken(self) -> None:
        assert read(one(files("x", accept=".jpeg")), {"x": PHOTO.sha256})["x"][0]["file"] == PHOTO.sha256

    def test_are_counted(self) -> None:
        assert errors(one(files("x", min="2")), {"x": PHOTO.sha256}) == {"x": "too_few"}
        assert errors(one(files("x", min="2")), {}) == {"x": "required"}
        assert errors(one(files("x", multiple=False)), {"x": [PHOTO.sha256, PAPERS.sha256]}) == {"x": "too_many"}
        assert errors(one(files("x", max="1")), {"x": [PHOTO.sha256, PAPERS.sha256]}) == {"x": "too_many"}

    def test_a_signature_may_have_been_given_on_paper(self) -> None:
        assert read(offer(), CASH | {"signature": "paper"})["signature"] == [{"paper": True}]
        assert read(offer(), CASH | {"signature": [{"paper": True}]})["signature"] == [{"paper": True}]
        assert errors(offer(), CASH | {"photos": "paper"}) == {"photos": "file_unknown"}

    def test_without_a_shelf_no_file_is_known(self) -> None:
        with pytest.raises(FormInvalid):
            read_values(offer(), CASH | {"photos": PHOTO.sha256}, {}, Reading(now=NOW))


class TestRankedChoices:
    def test_keep_the_order_in_which_they_were_chosen(self) -> None:
        assert read(offer(), CASH | {"ranks": ["c", "a", "c"]})["ranks"] == ["c", "a"]

    def test_are_limited(self) -> None:
        assert errors(offer(), CASH | {"ranks": ["c", "a", "b"]}) == {"ranks": "too_many"}


VALUES = st.one_of(
    st.text(max_size=30),
    st.lists(st.text(max_size=8), max_size=3),
    st.sampled_from(["1", "2,5", "1e400", "NaN", "-Infinity", "2026-03-08", PHOTO.sha256, "paper", "cash", "a"]),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dictionaries(st.sampled_from(["file", "paper", "title"]), st.one_of(st.text(max_size=4), st.booleans())),
    st.lists(st.dictionaries(st.sampled_from(["title", "price", "qty", "x"]), st.text(max_size=6)), max_size=4),
)
NAMES = st.one_of(
    st.sampled_from(["pay", "lines", "ranks", "photos", "signature", "total", "reason", "nothing"]),
    st.builds(
        "lines.{}.{}".format,
        st.integers(-1, 5),
        st.sampled_from(["title", "price", "qty", "why", "from", "sum", "what", "", "ti.tle"]),
    ),
    st.text(max_size=12),
)


@given(st.dictionaries(NAMES, VALUES, max_size=12))
def test_anything_from_outside_is_read_or_refused_and_nothing_else(raw: dict[str, Any]) -> None:
    asked = offer()

    with suppress(FormInvalid):
        assert read(asked, raw).keys() <= asked.fields.keys()
        return
    assert all(isinstance(code, str) for code in errors(asked, raw).values())


def test_nought_is_an_answer() -> None:
    assert read(one(number("deposit", validate={"required": True})), {"deposit": "0"}) == {"deposit": Decimal(0)}


AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
ROWS = st.fixed_dictionaries(
    {"title": st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=9)},
    optional={"price": AMOUNTS, "qty": st.integers(1, 9), "why": st.just("w"), "from": st.dates(date(1900, 1, 1))},
)
FAIR = st.fixed_dictionaries(
    {"pay": st.sampled_from(["cash", "credit"])},
    optional={
        "lines": st.lists(ROWS, max_size=3),
        "ranks": st.lists(st.sampled_from("abc"), max_size=2),
        "photos": st.lists(st.sampled_from([PHOTO.sha256, DRAWN.sha256]), max_size=2),
        "signature": st.sampled_from([DRAWN.sha256, "paper"]),
        "reason": st.just("r"),
    },
)


@given(FAIR)
def test_what_was_read_reads_the_same_again(raw: dict[str, Any]) -> None:
    if any(row.get("from") and row["from"].year > 2199 for row in raw.get("lines", [])):
        return
    found = read(offer(), raw)

    assert read(offer(), found) == found
    assert read(offer(), _flat(found)) == found


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """As a page posts it."""
    posted: dict[str, Any] = {}
    for key, value in values.items():
        if key == "lines":
            for number, row in enumerate(value):
                posted |= {f"lines.{number}.{name}": str(cell) for name, cell in row.items()}
        elif key in ("photos", "signature"):
            posted[key] = ["paper" if each.get("paper") else each["file"] for each in value]
        else:
            posted[key] = value if isinstance(value, list) else str(value)
    return posted
