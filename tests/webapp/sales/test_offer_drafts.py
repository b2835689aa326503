"""What is typed in the dialog of an offered act is kept as what is typed on the step."""

from datetime import timedelta

from tests.dealer import START, Dealer
from tests.webapp.sales.test_case_pages import client_of


def test_it_stands_there_on_another_computer(dealer: Dealer) -> None:
    dealer.register(name="Марина Белова", visit_at=START + timedelta(hours=3))
    url = f"/tasks/{dealer.task().id}/draft?boundary=refused"

    kept = client_of(dealer, "seller").post(url, data={"reason": "price", "comment": "Дорого для него"})

    assert kept.status_code == 204
    assert "Дорого для него" in client_of(dealer, "seller").get("/cases/1").text
    assert "Дорого для него" not in client_of(dealer, "head").get("/cases/1").text


def test_for_what_is_not_offered_nothing_is_kept(dealer: Dealer) -> None:
    dealer.register(name="Марина Белова", visit_at=START + timedelta(hours=3))

    answer = client_of(dealer, "seller").post(f"/tasks/{dealer.task().id}/draft?boundary=nothing", data={"a": "b"})

    assert answer.status_code == 404
