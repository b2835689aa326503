"""What must be said in the talk about the needs: named by the page, told to the head, kept in the chronicle."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.dealer import Dealer, client_of
from tests.webapp.control.pages import causes
from tests.webapp.sales.answers import NEEDS, arrive
from webapp.control.following import rebuild
from webapp.control.models import LoggedDeviation
from webapp.inquiries.models import InquiryChannel

WORDS = {
    "en": {
        "label": "To be said in the talk",
        "missing": "Not ticked: Special offer told, Credit programme recommended. Tick what is done",
        "why": "Why it is left out",
        "left_out": "Left out: Special offer told, Credit programme recommended",
    },
    "ru": {
        "label": "Обязательно в разговоре",
        "missing": "Не отмечено: О спецпредложении рассказано, Кредитная программа предложена. Отметьте сделанное",
        "why": "Почему пропущено",
        "left_out": "Пропущено: О спецпредложении рассказано, Кредитная программа предложена",
    },
}
SeatOf = Callable[[str], FlaskClient]


@pytest.fixture
def seat_of(dealer: Dealer) -> SeatOf:
    """A browser in which this person has signed in."""

    return partial(client_of, dealer)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_reason_is_asked_when_the_step_is_saved(dealer: Dealer, seat_of: SeatOf, language: str) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)
    arrive(dealer)
    task, words, reads = dealer.task(), WORDS[language], {"Accept-Language": language}
    seller, head = seat_of("seller"), seat_of("head")
    case, address = f"/cases/{task.instance_id}", f"/tasks/{task.id}/complete"
    typed = {**NEEDS, "told": ["phone"], "comment": "Wants a red one"}
    asked = seller.get(case, headers=reads).text
    assert 'name="told_left_out"' not in asked
    assert re.search(r'<legend class="lbl">\s*' + words["label"] + r"\s*</legend>", asked)  # not called optional

    refused = seller.post(address, data=typed, headers=reads)

    page = unescape(refused.text)
    assert refused.status_code == 422
    assert (words["missing"] in page, words["why"] in page, "Wants a red one" in page) == (True, True, True)
    assert re.search(r'<textarea[^>]*name="told_left_out"[^>]*maxlength="500"', page)
    assert re.search(r'name="told" value="phone"[^>]* checked', page)

    saved = seller.post(address, data={**typed, "told_left_out": "Was in a hurry"}, headers=reads)

    assert saved.status_code == 302
    chronicle = unescape(seller.get(case, headers=reads).text)
    assert words["left_out"] in chronicle
    assert "Was in a hurry" in chronicle
    board = unescape(head.get("/control/?show=deviations", headers=reads).text)
    assert causes(board) == [f"{words['left_out']}. Was in a hurry."]


def test_the_reason_asked_for_stays_on_the_page_as_a_draft(dealer: Dealer, seat_of: SeatOf) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)
    arrive(dealer)
    task, seller = dealer.task(), seat_of("seller")
    seller.post(f"/tasks/{task.id}/complete", data={**NEEDS, "budget_to": "", "told_left_out": "Later", "told": []})

    page = seller.get(f"/cases/{task.instance_id}").text

    assert re.search(r'name="told_left_out"[^>]*>Later</textarea>', page)


def test_nothing_is_told_to_the_head_when_everything_was_said(dealer: Dealer, seat_of: SeatOf) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)
    arrive(dealer)

    dealer.complete("needs_analysis", **NEEDS)

    assert causes(seat_of("head").get("/control/?show=deviations").text) == []


def test_the_log_says_it_again_when_the_board_is_built_anew(dealer: Dealer) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)
    arrive(dealer)
    dealer.complete("needs_analysis", **(NEEDS | {"told": [], "told_left_out": "Was in a hurry"}))

    with dealer.write() as session:
        before = [(row.seq, row.kind, row.person_id) for row in session.scalars(select(LoggedDeviation))]
        rebuild(session)
        after = [(row.seq, row.kind, row.person_id) for row in session.scalars(select(LoggedDeviation))]

    assert (len(before), after) == (1, before)
