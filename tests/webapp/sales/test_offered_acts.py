"""The buttons around a step: who is offered them, and that what is typed in their dialogs is kept."""

from datetime import timedelta

from tests.dealer import START, Dealer, client_of
from tests.webapp.sales.answers import choose


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


def test_another_department_is_not_offered_what_ends_the_sale(dealer: Dealer) -> None:
    choose(dealer, tradein="yes")
    task = dealer.task()
    assert task.element == "accept_appraisal"
    appraiser = client_of(dealer, "appraiser")

    page = appraiser.get(f"/cases/1?task={task.id}").text
    answer = appraiser.post(f"/tasks/{task.id}/offers/refused", data={"reason": "price", "command_key": "a"})

    assert 'data-test="offer-refused"' not in page
    assert 'data-test="offer-straight_to_offer"' not in page
    assert (answer.status_code, "решает отдел" in answer.text) == (403, True)
    assert dealer.open_elements() == ["accept_appraisal"]
    assert 'data-test="offer-refused"' in client_of(dealer, "seller").get("/cases/1").text
