"""Numbers with a rule of their own, by published vectors and by properties."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kit.identifiers import (
    check_passport_dates,
    format_plate,
    read_account,
    read_bic,
    read_correspondent_account,
    read_inn,
    read_kpp,
    read_ogrn,
    read_plate,
    read_vin,
    tidy_plate,
    vin_looks_mistyped,
)

DEMO_BIC = "044030998"
CENTRAL_BIC = "044525225"


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (read_inn, "7707083893", "7707083893"),
        (read_inn, " 5001 0073 2259 ", "500100732259"),
        (read_inn, "7801000005", "7801000005"),
        (read_inn, "7813000017", "7813000017"),
        (read_inn, "780100000090", "780100000090"),
        (read_ogrn, "1027700132195", "1027700132195"),
        (read_ogrn, "1027800000007", "1027800000007"),
        (read_kpp, "7801 01001", "780101001"),
        (read_kpp, "7801ab001", "7801AB001"),
        (read_bic, DEMO_BIC, DEMO_BIC),
        (read_vin, "xta 00000000000017", "XTA00000000000017"),
        (read_vin, "хта-0000 0000000017", "XTA00000000000017"),
        (read_vin, "WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001"),
        (read_plate, "a 123 bc 178", "А123ВС178"),
        (read_plate, "А123ВС78", "А123ВС78"),
        (read_plate, "АВ 1234 78", "АВ123478"),
        (read_plate, "1234 АВ 78", "1234АВ78"),
    ],
)
def test_what_is_right_is_kept_in_one_form(read: Callable[[str], str], typed: str, kept: str) -> None:
    assert read(typed) == kept


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (read_inn, "7707083894"),
        (read_inn, "500100732258"),
        (read_inn, "50010073225"),
        (read_inn, "77070838９3"),
        (read_inn, ""),
        (read_ogrn, "1027700132196"),
        (read_ogrn, "2027700132195"),
        (read_kpp, "78010100"),
        (read_bic, "944030998"),
        (read_bic, "04403099"),
        (read_vin, "XTA0000000000O017"),
        (read_vin, "XTA0000000000017"),
        (read_vin, "1M8GDM9AXKPI42788"),
        (read_plate, "А000ВС78"),
        (read_plate, "Д123ВС78"),
        (read_plate, "А123ВС1"),
    ],
)
def test_what_is_wrong_is_refused(read: Callable[[str], str], typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(typed)


@pytest.mark.parametrize(
    "account", ["40702810700000000001", "40702810300000000003", "40817810500000000002", "4070 2810 7000 0000 0001"]
)
def test_an_account_fits_its_bank(account: str) -> None:
    assert read_account(account, bic=DEMO_BIC) == account.replace(" ", "")


def test_a_correspondent_account_fits_its_bank() -> None:
    assert read_correspondent_account("30101810400000000225", bic=CENTRAL_BIC)
    assert read_correspondent_account("30101810100000000998", bic=DEMO_BIC)
    with pytest.raises(ValueError, match="another bank"):
        read_correspondent_account("30101810400000000225", bic=DEMO_BIC)


@given(digits(9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_an_inn_is_nearly_always_seen(start: str, place: int, change: int) -> None:
    """The remainder 10 is written 0, so two inputs in eleven share a digit: a change is seen unless both fall there."""
    right = _completed(start)
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    assert read_inn(right) == right
    if _completed(wrong[:9])[9] != wrong[9]:
        with pytest.raises(ValueError, match="check digit"):
            read_inn(wrong)


@given(digits(12).filter(lambda text: text[0] in "15"))
def test_every_ogrn_has_exactly_one_check_digit(start: str) -> None:
    assert len(_accepted(read_ogrn, start)) == 1


@given(digits(14).map(lambda text: "3" + text[1:]))
def test_every_ogrnip_has_exactly_one_check_digit(start: str) -> None:
    assert len(_accepted(read_ogrn, start)) == 1


@given(digits(8), digits(11), digits(6).map(lambda text: f"04{text}0"))
def test_the_key_of_an_account_is_one_digit_for_each_bank(head: str, tail: str, bic: str) -> None:
    fitting = [key for key in "0123456789" if _reads(lambda text: read_account(text, bic=bic), f"{head}{key}{tail}")]

    assert len(fitting) == 1


@given(st.text(max_size=40))
def test_rubbish_is_refused_and_never_breaks(text: str) -> None:
    for read in (read_vin, read_plate, read_inn, read_kpp, read_ogrn, read_bic):
        if _reads(read, text):
            assert read(read(text)) == read(text)


@given(st.dates(date(1920, 1, 1), date(2010, 12, 31)), st.integers(0, 25000))
def test_a_passport_is_given_from_fourteen_on(born: date, days: int) -> None:
    today = born + timedelta(days=25000)
    issued = born + timedelta(days=days)
    birthday = date(born.year + 14, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=born.year + 14)
    if issued >= birthday:
        check_passport_dates(born=born, issued=issued, today=today)
    else:
        with pytest.raises(ValueError, match="passport"):
            check_passport_dates(born=born, issued=issued, today=today)


def test_a_passport_is_not_issued_tomorrow() -> None:
    with pytest.raises(ValueError, match="passport"):
        check_passport_dates(born=date(1990, 1, 1), issued=date(2026, 3, 3), today=date(2026, 3, 2))


def _completed(start: str) -> str:
    return next(f"{start}{last}" for last in "0123456789" if _reads(read_inn, f"{start}{last}"))


def _accepted(read: Callable[[str], str], start: str) -> list[str]:
    return [last for last in "0123456789" if _reads(read, f"{start}{last}")]


def _reads(read: Callable[[str], str], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


LETTERS = "АВЕКМНОРСТУХ"
LOOK_ALIKES = dict(zip(LETTERS, "ABEKMHOPCTYX", strict=True))
CAR_PLATES = st.from_regex(rf"[{LETTERS}](?!000)[0-9]{{3}}[{LETTERS}]{{2}}[0-9]{{2,3}}", fullmatch=True)
VINS = st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17)


@given(CAR_PLATES, st.data())
def test_a_plate_is_the_same_however_it_is_typed(plate: str, data: st.DataObject) -> None:
    typed = "".join(
        data.draw(st.sampled_from((sign, sign.lower(), LOOK_ALIKES.get(sign, sign))))
        + data.draw(st.sampled_from(("", " ", "-")))
        for sign in plate
    )

    assert read_plate(typed) == plate
    assert read_plate(format_plate(plate)) == plate


@pytest.mark.parametrize(
    ("plate", "shown"),
    [
        ("А123ВС178", "А 123 ВС 178"),
        ("А123ВС78", "А 123 ВС 78"),
        ("1234АВ78", "1234 АВ 78"),
        ("АВ123С178", "АВ 123 С 178"),
        ("АВ12378", "АВ 123 78"),
        ("АВ1234178", "АВ 1234 178"),
        ("АВ123478", "АВ 123478"),
        ("1234 AB-7", "1234 AB-7"),
        ("", ""),
    ],
)
def test_a_plate_is_shown_as_people_read_it(plate: str, shown: str) -> None:
    assert format_plate(plate) == shown


@given(st.text(max_size=12))
def test_a_plate_is_read_or_refused_and_reading_again_changes_nothing(typed: str) -> None:
    try:
        plate = read_plate(typed)
    except ValueError:
        return
    assert read_plate(plate) == plate == tidy_plate(plate)


@given(VINS, st.data())
def test_a_vin_is_the_same_in_letters_that_look_alike(vin: str, data: st.DataObject) -> None:
    cyrillic = dict(zip("ABEKMHPCTYX", "АВЕКМНРСТУХ", strict=True))
    typed = "".join(data.draw(st.sampled_from((sign, sign.lower(), cyrillic.get(sign, sign)))) for sign in vin)

    assert read_vin(f" {typed[:3]}-{typed[3:]} ") == vin


@pytest.mark.parametrize(
    ("vin", "mistyped"),
    [
        ("1M8GDM9AXKP042788", False),
        ("11111111111111111", False),
        ("1M8GDM9A1KP042788", True),
        ("WVWZZZ1JZXW000001", False),  # no check digit in Europe
        ("XTA00000000000017", False),
    ],
)
def test_the_check_digit_speaks_where_it_is_the_law(vin: str, mistyped: bool) -> None:
    assert vin_looks_mistyped(vin) is mistyped


@given(VINS.map(lambda vin: "1" + vin[1:]))
def test_exactly_one_check_digit_fits(vin: str) -> None:
    fitting = [sign for sign in "0123456789X" if not vin_looks_mistyped(vin[:8] + sign + vin[9:])]

    assert len(fitting) == 1
