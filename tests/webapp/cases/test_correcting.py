"""The page that corrects an earlier answer asks what was asked and loses nothing."""

from tests.webapp.cases.dealer import Dealer, client_of


def test_what_a_fixed_answer_shows_stays(at_work: Dealer) -> None:
    at_work.complete("confirm_visit", outcome="confirmed", who_comes=["family"], comment="At three")
    client = client_of(at_work, "seller")
    page = client.get("/cases/1/correct/confirm_visit")
    assert 'name="who_comes"' in page.text

    answer = client.post(
        "/cases/1/answers/confirm_visit",
        data={"who_comes": ["family"], "comment": "At four", "correction_reason": "Misheard"},
    )
    print(answer.text)
    assert answer.status_code == 302
