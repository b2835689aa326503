"""Laws that hold for all values: arithmetic against exact fractions, order, logic, ranges, lists, printing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.feel import YearsMonths, compile_expression, format_duration, parse_duration
from tests.engine.feel.typed_json import NOW, alike

settings.register_profile("feel", max_examples=80, deadline=None)
settings.load_profile("feel")

numbers = st.decimals(min_value=-(10**20), max_value=10**20, places=6, allow_nan=False, allow_infinity=False)
small = st.integers(-9, 9)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
durations = st.timedeltas(min_value=timedelta(days=-20_000), max_value=timedelta(days=20_000))
moments = st.datetimes(
    min_value=datetime.fromisoformat("1950-01-01"),
    max_value=datetime.fromisoformat("2090-01-01"),
    timezones=st.sampled_from(
        [UTC, ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")]
    ),
)


def value_of(expression: str, **context: object) -> object:
    return compile_expression(expression).evaluate(context, now=NOW)


def true(expression: str, **context: object) -> bool:
    return value_of(expression, **context) is True


class TestNumbers:
    @given(numbers, numbers, st.sampled_from("+-*/"))
    def test_arithmetic_is_exact_to_34_digits(self, a: Decimal, b: Decimal, sign: str) -> None:
        assume(b or sign != "/")
        exact = {
            "+": lambda: Fraction(a) + Fraction(b),
            "-": lambda: Fraction(a) - Fraction(b),
            "*": lambda: Fraction(a) * Fraction(b),
            "/": lambda: Fraction(a) / Fraction(b),
        }[sign]()

        found = value_of(f"a {sign} b", a=a, b=b)

        assert isinstance(found, Decimal)
        assert abs(Fraction(found) - exact) * 2 * 10**33 <= abs(exact) * 10
        assert len(found.as_tuple().digits) <= 34

    @given(numbers, numbers, numbers)
    def test_addition_commutes_and_has_an_inverse(self, a: Decimal, b: Decimal, c: Decimal) -> None:
        assert true("a + b = b + a and a * b = b * a and a - a = 0 and -(-a) = a", a=a, b=b)

    @given(numbers, st.integers(1, 10**9), st.booleans())
    def test_modulo_completes_the_floored_quotient(self, a: Decimal, b: int, negative: bool) -> None:
        divisor = -b if negative else b
        found = value_of("modulo(a, b)", a=a, b=divisor)

        assert isinstance(found, Decimal)
        assert Fraction(found) == Fraction(a) - divisor * (Fraction(a) // divisor)

    @given(numbers, st.integers(0, 6))
    def test_rounding_stays_within_one_unit_and_in_its_direction(self, a: Decimal, scale: int) -> None:
        unit = Decimal(1).scaleb(-scale)

        assert true("floor(a, s) <= a and a < floor(a, s) + u", a=a, s=scale, u=unit)
        assert true("ceiling(a, s) >= a and abs(round down(a, s)) <= abs(a)", a=a, s=scale)
        assert true("abs(a - decimal(a, s)) <= u / 2 and abs(a - round half up(a, s)) <= u / 2", a=a, s=scale, u=unit)

    @given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e300"), max_value=Decimal("1e300")))
    def test_a_number_survives_printing_and_reading(self, a: Decimal) -> None:
        assert true("number(string(a)) = a + 0", a=a)

    @given(st.integers(-50, 50), st.integers(0, 12))
    def test_a_whole_power_is_repeated_multiplication(self, a: int, b: int) -> None:
        assert value_of("a ** b", a=a, b=b) == a**b


class TestOrder:
    kinds = st.one_of(
        st.tuples(numbers, numbers),
        st.tuples(texts, texts),
        st.tuples(st.dates(), st.dates()),
        st.tuples(moments, moments),
        st.tuples(durations, durations),
        st.tuples(st.builds(YearsMonths, st.integers(-500, 500)), st.builds(YearsMonths, st.integers(-500, 500))),
    )

    @given(kinds)
    def test_exactly_one_of_less_equal_greater_holds(self, pair: tuple[object, object]) -> None:
        a, b = pair
        verdicts = [value_of(f"a {sign} b", a=a, b=b) for sign in ("<", "=", ">")]

        assert sorted(map(str, verdicts)) == ["False", "False", "True"]

    @given(kinds)
    def test_the_signs_mirror_each_other(self, pair: tuple[object, object]) -> None:
        a, b = pair

        assert true("(a < b) = (b > a) and (a <= b) = not(a > b) and (a != b) = not(a = b)", a=a, b=b)

    @given(st.lists(numbers, min_size=3, max_size=3))
    def test_order_is_transitive(self, three: list[Decimal]) -> None:
        a, b, c = sorted(three)

        assert true("a <= b and b <= c and a <= c", a=a, b=b, c=c)

    @given(moments, moments)
    def test_moments_are_ordered_as_instants(self, a: datetime, b: datetime) -> None:
        assert value_of("a < b", a=a, b=b) is (a.astimezone(UTC) < b.astimezone(UTC))


class TestLogic:
    @pytest.mark.parametrize(("a", "b"), list(product([True, False, None], repeat=2)))
    def test_de_morgan_holds_in_three_values(self, a: bool | None, b: bool | None) -> None:
        context: Mapping[str, object] = {"a": a, "b": b}

        assert value_of("not(a and b)", **context) is value_of("not(a) or not(b)", **context)
        assert value_of("not(a or b)", **context) is value_of("not(a) and not(b)", **context)
        assert value_of("a and b", **context) is value_of("b and a", **context)


class TestRanges:
    @given(small, small, small, st.sampled_from("[("), st.sampled_from("])"))
    def test_membership_is_two_comparisons(self, x: int, a: int, b: int, opening: str, closing: str) -> None:
        low, high = (">=" if opening == "[" else ">"), ("<=" if closing == "]" else "<")

        assert value_of(f"x in {opening}a..b{closing}", x=x, a=a, b=b) is value_of(
            f"x {low} a and x {high} b", x=x, a=a, b=b
        )

    spans = st.tuples(st.integers(-9, 8), st.integers(1, 18)).map(lambda each: (each[0], min(each[0] + each[1], 9)))

    @given(spans, spans, st.lists(st.booleans(), min_size=4, max_size=4))
    def test_relations_are_what_the_points_of_the_ranges_say(
        self, first: tuple[int, int], second: tuple[int, int], ends: list[bool]
    ) -> None:
        (a, b), (c, d) = first, second
        one = f"{'[' if ends[0] else '('}{a}..{b}{']' if ends[1] else ')'}"
        other = f"{'[' if ends[2] else '('}{c}..{d}{']' if ends[3] else ')'}"
        halves = [Fraction(step, 4) for step in range(-40, 41)]
        inside_one = {p for p in halves if (a < p < b) or (p == a and ends[0]) or (p == b and ends[1])}
        inside_other = {p for p in halves if (c < p < d) or (p == c and ends[2]) or (p == d and ends[3])}

        assert true(f"overlaps({one}, {other})") is bool(inside_one & inside_other)
        assert true(f"includes({one}, {other})") is (inside_other <= inside_one)
        assert true(f"during({one}, {other})") is (inside_one <= inside_other)
        assert true(f"before({one}, {other})") is (max(inside_one) < min(inside_other))
        assert true(f"coincides({one}, {other})") is (inside_one == inside_other)
        assert true(f"starts({one}, {other})") is (min(inside_one) == min(inside_other) and inside_one <= inside_other)
        assert true(f"finishes({one}, {other})") is (
            max(inside_one) == max(inside_other) and inside_one <= inside_other
        )
        assert true(f"after({one}, {other}) = before({other}, {one})")


class TestLists:
    lists = st.lists(st.one_of(small, st.none(), texts), max_size=12)

    @given(lists, lists)
    def test_joining_turning_and_counting_agree(self, a: list[object], b: list[object]) -> None:
        assert true("count(concatenate(a, b)) = count(a) + count(b) and reverse(reverse(a)) = a", a=a, b=b)

    @given(st.lists(small, max_size=15))
    def test_sorting_orders_and_keeps_everything(self, a: list[int]) -> None:
        assert value_of("sort(a, function(x, y) x < y)", a=a) == sorted(a)

    @given(lists)
    def test_distinct_values_keep_the_first_of_each(self, a: list[object]) -> None:
        kept: list[object] = []
        for value in a:
            if not any(alike(value, other) for other in kept):
                kept.append(value)

        assert value_of("distinct values(a)", a=a) == kept

    @given(st.lists(small, max_size=15), small)
    def test_a_filter_is_the_loop_with_a_condition(self, a: list[int], limit: int) -> None:
        assert value_of("a[item > limit]", a=a, limit=limit) == [x for x in a if x > limit]
        assert value_of("some x in a satisfies x > limit", a=a, limit=limit) is any(x > limit for x in a)
        assert value_of("every x in a satisfies x > limit", a=a, limit=limit) is all(x > limit for x in a)
        assert value_of("for x in a, y in a return x * y", a=a) == [x * y for x in a for y in a]

    @given(lists, st.integers(1, 15))
    def test_removing_what_was_inserted_gives_the_list_back(self, a: list[object], place: int) -> None:
        assume(place <= len(a))

        assert true('remove(insert before(a, p, "new"), p) = a', a=a, p=place)


class TestPrinting:
    @given(durations)
    def test_a_days_and_time_duration_survives_printing_and_parsing(self, duration: timedelta) -> None:
        assert parse_duration(format_duration(duration)) == duration

    @given(st.integers(-10_000, 10_000))
    def test_a_years_and_months_duration_survives_printing_and_parsing(self, months: int) -> None:
        assert parse_duration(format_duration(YearsMonths(months))) == YearsMonths(months)

    @given(moments)
    def test_a_moment_survives_printing_and_parsing(self, moment: datetime) -> None:
        assume(moment.fold == 0)

        assert true("is(date and time(string(m)), m) and date(string(date(m))) = date(m)", m=moment)

    @given(texts)
    def test_a_text_survives_being_written_as_a_literal(self, text: str) -> None:
        literal = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

        assert value_of(literal) == text

    @given(st.lists(st.text("abc,", max_size=5), min_size=1, max_size=6))
    def test_joined_parts_are_split_again(self, parts: list[str]) -> None:
        assert value_of('split(string join(parts, "|"), "\\|")', parts=parts) == parts


class TestCalendar:
    @given(moments, durations)
    def test_adding_a_duration_and_taking_the_difference_gives_it_back(
        self, moment: datetime, duration: timedelta
    ) -> None:
        assert true("(m + d) - m = d and (m - d) + d = m", m=moment, d=duration)

    @given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
    def test_adding_months_keeps_the_day_or_takes_the_last_one(self, day: date, months: int) -> None:
        found = value_of("d + m", d=day, m=YearsMonths(months))

        assert isinstance(found, date)
        assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
        assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)

    @given(st.dates(), st.dates())
    def test_the_months_between_two_dates_do_not_overshoot(self, a: date, b: date) -> None:
        assume(a <= b and b.year < 9990)

        assert true("a + years and months duration(a, b) <= b", a=a, b=b)

    @given(durations, st.integers(1, 1000))
    def test_a_multiple_of_a_duration_is_divided_back(self, duration: timedelta, factor: int) -> None:
        assert true("d * n / n = d and d * n - d = d * (n - 1)", d=duration, n=factor)
