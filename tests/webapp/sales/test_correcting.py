"""The page that corrects an earlier answer asks what was asked and loses nothing."""

import html
import re
from datetime import timedelta

from engine import case_data
from engine.instances.models import CaseData
from tests.dealer import START, Dealer, client_of

GIVEN = {"outcome": "confirmed", "who_comes": ["family"], "comment": "At three"}


def test_what_hangs_on_a_fixed_answer_is_asked_and_stays(dealer: Dealer) -> None:
    dealer.register(name="Марина Белова", visit_at=START + timedelta(hours=3))
    dealer.complete("confirm_visit", **GIVEN)
    client = client_of(dealer, "seller")

    page = html.unescape(client.get("/cases/1/correct/confirm_visit").text)
    typed = {"who_comes": ["family", "spouse"], "comment": "At four", "correction_reason": "Misheard"}
    answer = client.post("/cases/1/answers/confirm_visit", data=typed)

    assert re.search(r'data-context="{[^>]*"outcome": "confirmed"', page)  # the conditions of the form read it
    assert answer.status_code == 302
    with dealer.read() as session:
        document = case_data.load(session.get_one(CaseData, 1).document)
    assert document["confirm_visit"] == {
        "outcome": "confirmed", "who_comes": ["family", "spouse"], "comment": "At four", "retry": False,
    }  # fmt: skip
