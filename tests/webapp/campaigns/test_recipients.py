"""Whom a sending reaches, on both databases: one address gets one mail, and the rule is the one that was approved."""

import pytest
from sqlalchemy import select

from tests.webapp.campaigns.desk import CampaignDesk
from webapp.campaigns import queries, reaching, segments, sending, services
from webapp.campaigns.models import CampaignRecipient, RecipientStep, Segment
from webapp.campaigns.rules.compiling import who_fits
from webapp.campaigns.rules.tree import everybody, parse
from webapp.campaigns.segments import moment_at
from webapp.core.permissions import RowScope, ScopeKind
from webapp.customers.models import ConsentChannel, CustomerEmail

ALL = RowScope(ScopeKind.GROUP, 0)


@pytest.fixture(params=["dealer", pytest.param("postgresql_dealer", marks=pytest.mark.postgresql)])
def desk(request: pytest.FixtureRequest) -> CampaignDesk:
    return CampaignDesk(request.getfixturevalue(request.param))


def write_address(desk: CampaignDesk, customer_id: int, address: str) -> None:
    """As a card has it that was carried over from elsewhere."""
    with desk.dealer.write() as session:
        session.scalars(select(CustomerEmail).where(CustomerEmail.customer_id == customer_id)).one().address = address


def became(desk: CampaignDesk) -> dict[int, str]:
    """What became of each recipient, as the page of recipients tells it."""
    with desk.dealer.read() as session:
        rows, _number = queries.list_recipients(session, desk.campaign(), "", scope=ALL, offset=0, limit=50)
        return {row.customer_id: row.state for row in rows}


class TestOneAddress:
    def test_cards_with_one_address_get_one_mail(self, desk: CampaignDesk) -> None:
        ada, twin, ben = desk.customer("Ada"), desk.customer("Twin"), desk.customer("Ben")
        write_address(desk, twin, "  ADA@Example.com ")
        with desk.dealer.read() as session:
            everyone = who_fits(everybody(), moment_at(desk.dealer.clock.now()))
            now = desk.dealer.clock.now()
            assert reaching.reach_of(session, everyone, ConsentChannel.EMAIL, now=now) == 2

        desk.prepare()
        desk.approve()
        desk.send()

        assert [mail.recipient for mail in desk.receiver.mails] == ["ada@example.com", "ben@example.com"]
        assert became(desk) == {ada: "sent", twin: "same_address", ben: "sent"}
        with desk.dealer.read() as session:
            progress = queries.progress_of(session, desk.campaign())
            assert (progress.states, progress.all, progress.settled) == ({"sent": 2, "same_address": 1}, 3, 3)
            rows, number = queries.list_recipients(
                session, desk.campaign(), "same_address", scope=ALL, offset=0, limit=9
            )
            assert ([row.customer_id for row in rows], number) == ([twin], 1)

    def test_the_card_of_a_later_batch_is_left_out_too(
        self, desk: CampaignDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "BATCH", 1)
        ada, twin = desk.customer("Ada"), desk.customer("Twin")
        write_address(desk, twin, "ada@example.com")

        desk.prepare()
        desk.approve()
        desk.send()

        assert became(desk) == {ada: "sent", twin: "same_address"}

    def test_a_card_that_may_not_be_written_to_takes_no_address(self, desk: CampaignDesk) -> None:
        refused, ada = desk.customer("Refused", agrees=False), desk.customer("Ada")
        write_address(desk, refused, "ada@example.com")

        desk.prepare()
        desk.approve()
        desk.send()

        assert became(desk) == {refused: "skipped_no_consent", ada: "sent"}

    def test_another_campaign_may_write_to_the_address(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        for code in ("ONE", "TWO"):
            desk.prepare(code=code)
            desk.approve()
            desk.send()

        assert len(desk.receiver.mails) == 2
        with desk.dealer.read() as session:
            assert set(session.scalars(select(CampaignRecipient.step))) == {RecipientStep.HANDED}


def change_rule(desk: CampaignDesk, segment_id: int, rule: str) -> None:
    with desk.dealer.write() as session:
        segment = session.get_one(Segment, segment_id)
        segments.save_segment(
            session, segment, name="All", note="", rule=parse(rule), centre_id=None, actor_id=desk.marketer,
            now=desk.dealer.clock.now(),
        )  # fmt: skip


class TestApprovedRule:
    WOMEN = '{"field": "sex", "op": "in", "value": ["f"]}'

    def test_what_was_approved_is_what_is_sent_to(self, desk: CampaignDesk) -> None:
        ada = desk.customer("Ada")
        desk.prepare()
        desk.approve()
        change_rule(desk, desk.segment, self.WOMEN)
        late = desk.customer("Late")  # whoever fits at the moment of sending
        refused = desk.customer("Refused", agrees=False)

        desk.send()

        assert became(desk) == {ada: "sent", late: "sent", refused: "skipped_no_consent"}

    def test_until_the_approval_the_segment_is_followed(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        desk.prepare()
        change_rule(desk, desk.segment, self.WOMEN)
        with desk.dealer.read() as session:
            segment = session.get_one(Segment, desk.segment)
            assert segments.count_approved(session, segment) == 0
        desk.approve()

        desk.send()

        assert became(desk) == {}

    def test_it_is_told_which_campaigns_keep_the_rule_that_was(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        change_rule(desk, desk.segment, self.WOMEN)

        with desk.dealer.read() as session:
            campaign = services.get_campaign(session, desk.campaign().id)
            assert campaign.rule_has_changed
            assert segments.count_approved(session, session.get_one(Segment, desk.segment)) == 1

    def test_the_list_of_a_frozen_segment_stays_a_list(self, desk: CampaignDesk) -> None:
        ada = desk.customer("Ada")
        with desk.dealer.write() as session:
            now = desk.dealer.clock.now()
            segments.freeze(session, session.get_one(Segment, desk.segment), actor_id=desk.marketer, now=now)
        desk.customer("Late")
        desk.prepare()
        desk.approve()

        desk.send()

        assert became(desk) == {ada: "sent"}
