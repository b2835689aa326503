"""The step of the texts: what a mail needs is asked for where the mail is chosen, and of nothing else."""

from decimal import Decimal
from typing import Any

import pytest

from engine.human_tasks.form_values import FormInvalid
from tests.dealer import Dealer, client_of
from tests.webapp.campaigns.desk import GOAL, CampaignDesk
from webapp.staff.models import User

MAIL_FIELDS = ("subject_ru", "text_ru", "subject_en", "text_en")


@pytest.fixture
def desk(dealer: Dealer) -> CampaignDesk:
    opened = CampaignDesk(dealer)
    opened.customer("Ada")
    opened.begin()
    opened.do("set_goal", **GOAL)
    opened.do("choose_segment", segment=str(opened.segment), window_days=Decimal(30))
    return opened


def refused(desk: CampaignDesk, *channels: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(FormInvalid) as refusal:
        desk.do("write_content", channels=list(channels))
    return refusal.value.errors


def test_a_mail_without_its_texts_is_refused_at_each_field(desk: CampaignDesk) -> None:
    found = refused(desk, {"channel": "ads"}, {"channel": "email", "subject_ru": "Шины"})

    assert found == {f"channels.1.{name}": "required" for name in MAIL_FIELDS[1:]}


def test_other_channels_need_no_texts(desk: CampaignDesk, dealer: Dealer) -> None:
    desk.do("write_content", channels=[{"channel": "ads"}, {"channel": "print"}])

    assert dealer.open_elements() == ["plan_budget"]


def test_the_page_calls_none_of_them_optional(desk: CampaignDesk, dealer: Dealer) -> None:
    with dealer.read() as session:
        dealer.people["marketer"] = session.get_one(User, desk.marketer).id
    (case,) = (case.id for case in dealer.cases())

    page = client_of(dealer, "marketer").get(f"/cases/{case}").text

    for name in MAIL_FIELDS:
        label = page.split(f'data-field="channels.0.{name}"')[1].split("</label>")[0]
        assert 'class="req"' not in label, name
    assert 'class="req"' in page.split('data-field="channels.0.utm"')[1].split("</label>")[0]
