"""A campaign walked on every path of the shipped drawing: prepared, decided, sent, answered, concluded, called off."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from engine.milestones.models import EpisodeDimension
from engine.outbox import OutboxMessage, OutboxState
from tests.dealer import Dealer, moscow
from tests.webapp.campaigns.desk import BUDGET, GOAL, MAIL_ROW, CampaignDesk
from tests.webapp.sales.answers import ARRIVED, PERSON
from tests.webapp.sales.walking import PassedNodes, assert_all_passed, record_passed
from webapp.aftersales.models import ServiceVisit
from webapp.campaigns import queries, services
from webapp.campaigns.calling_off import call_off
from webapp.campaigns.models import CampaignRecipient, CampaignResponse, CampaignStatus, RecipientStep, ResponseWay
from webapp.campaigns.sending import is_control
from webapp.core.permissions import RowScope, ScopeKind
from webapp.customers.models import Customer, CustomerMessage, LostReason
from webapp.inquiries.models import Inquiry, InquiryChannel, Purpose
from webapp.staff.models import User

SEEN: PassedNodes = {}
ALL = RowScope(ScopeKind.GROUP, 0)


@pytest.fixture(autouse=True)
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    record_passed(monkeypatch, SEEN)


@pytest.fixture
def desk(dealer: Dealer) -> CampaignDesk:
    return CampaignDesk(dealer)


def complaint(desk: CampaignDesk, session: Session, customer_id: int, state: TaskState) -> None:
    """The case of a visit with its step that settles a complaint."""
    now, centre = desk.dealer.clock.now(), desk.dealer.centres["North"]
    visit = ServiceVisit(customer_id=customer_id, centre_id=centre, standard="service_seven_steps", opened_at=now)
    session.add(visit)
    session.flush()
    case = ProcessInstance(
        definition_id=desk.dealer.engine.store.latest(session, "service_seven_steps").id,
        process_key="service_seven_steps",
        business_key=visit.business_key,
        state=b"",
        started_at=now,
    )
    session.add(case)
    session.flush()
    session.add(
        HumanTask(
            instance_id=case.id,
            task_guid=f"{case.id}",
            element="settle_complaint",
            form="common/complaint",
            candidate_role="foreman",
            state=state,
            created_at=now,
        )
    )


def states(desk: CampaignDesk) -> dict[str, int]:
    with desk.dealer.read() as session:
        return dict(queries.progress_of(session, desk.campaign()).states)


def responses(desk: CampaignDesk) -> dict[int, str]:
    with desk.dealer.read() as session:
        return {each.customer_id: each.way.value for each in session.scalars(select(CampaignResponse))}


def campaigns_of_cases(desk: CampaignDesk) -> list[str]:
    """What the cases that name a campaign say, by their age."""
    with desk.dealer.read() as session:
        named = select(EpisodeDimension.value).where(EpisodeDimension.name == "campaign")
        return list(session.scalars(named.order_by(EpisodeDimension.episode_id)))


def call(desk: CampaignDesk, customer_id: int, **facts: object) -> None:
    """An inquiry of a known customer by phone."""
    given = {"customer_id": customer_id, "phone": "", "name": "", "purpose": Purpose.DOCUMENTS, **facts}
    desk.dealer.register(**given)


class TestTheWholeCampaign:
    def test_from_the_goal_to_the_conclusion(self, desk: CampaignDesk, dealer: Dealer) -> None:
        ada, ben = desk.customer("Ada"), desk.customer("Ben")
        refused = desk.customer("Cyd", agrees=False)
        desk.prepare()
        desk.approve()
        desk.send()
        assert [mail.recipient for mail in desk.receiver.mails] == ["ada@example.com", "ben@example.com"]
        body = desk.receiver.mails[0].body
        assert body["subject"] == "Шины для Ada"
        assert body["text"].startswith("Здравствуйте, Ada! Назовите код TYRES26.")
        assert "/unsubscribe/" in body["text"]
        assert states(desk) == {"sent": 2, "skipped_no_consent": 1}
        assert desk.campaign().status is CampaignStatus.SENT

        call(desk, ada)
        call(desk, refused)
        assert responses(desk) == {ada: ResponseWay.WINDOW}
        assert ben not in responses(desk)
        dealer.wait_until(moscow(20, 12, month=4))
        desk.do("conclude", outcome="reached", conclusion="Mails work", repeat="yes")

        assert dealer.milestones() == ["goal", "approved", "sent", "answered", "result"]
        assert (dealer.outcome(), desk.campaign().status) == ("won", CampaignStatus.FINISHED)
        assert desk.keys() == [desk.campaign().business_key]

    def test_without_answers_the_window_closes(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        desk.send()
        dealer.wait_until(moscow(20, 12, month=4))
        desk.do("conclude", outcome="missed", conclusion="Nobody came", repeat="no")

        assert dealer.milestones() == ["goal", "approved", "sent", "result"]

    def test_advertising_alone_writes_to_nobody(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        desk.begin()
        desk.do("set_goal", **GOAL)
        desk.do("choose_segment", segment=str(desk.segment), window_days=Decimal(30))
        desk.do("write_content", channels=[{"channel": "ads", "tracking_number": "8 900 000-77-01"}])
        desk.do("plan_budget", **BUDGET)
        desk.approve()
        desk.send()

        assert (desk.receiver.mails, desk.campaign().status) == ([], CampaignStatus.SENT)

    def test_a_subject_is_one_line_however_it_was_typed(self, desk: CampaignDesk) -> None:
        desk.customer("Ada", phone="+7 900 000-55-77")
        desk.begin()
        desk.do("set_goal", **GOAL)
        desk.do("choose_segment", segment=str(desk.segment), window_days=Decimal(30))
        desk.do("write_content", channels=[MAIL_ROW | {"subject_ru": "Шины\r\nBcc: a@example.com"}])
        desk.do("plan_budget", **BUDGET)
        desk.approve()
        desk.send()

        assert [mail.body["subject"] for mail in desk.receiver.mails] == ["Шины Bcc: a@example.com"]


class TestDeciding:
    def test_a_large_campaign_goes_to_the_director(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare(planned=400_000)
        assert dealer.open_elements() == ["approve_by_director"]
        desk.do("approve_by_director", decision="rejected", comment="Too dear")

        assert (dealer.outcome(), desk.campaign().status) == ("rejected", CampaignStatus.REJECTED)

    @pytest.mark.parametrize(
        ("rework", "step"), [("segment", "choose_segment"), ("content", "write_content"), ("budget", "plan_budget")]
    )
    def test_it_is_returned_to_the_step_that_is_to_be_reworked(
        self, desk: CampaignDesk, dealer: Dealer, rework: str, step: str
    ) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve(decision="returned", rework=rework, comment="Fewer people")

        assert dealer.open_elements() == [step]
        assert desk.campaign().status is CampaignStatus.PREPARING

    def test_after_a_rework_the_latest_decision_counts(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare(planned=400_000)
        desk.do("approve_by_director", decision="returned", rework="budget", comment="Cheaper")
        desk.do("plan_budget", **BUDGET)
        desk.approve()

        assert dealer.open_elements() == ["plan_work"]

    def test_only_who_has_the_right_decides(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare()

        with pytest.raises(BusinessError) as refused:
            dealer.complete("approve_by_head", by="seller", decision="approved")
        assert refused.value.code in {"task_not_yours", "approval_not_yours"}
        dealer.complete("approve_by_head", by="head", decision="approved")

        assert desk.campaign().decided_by == dealer.people["head"]

    def test_a_salesperson_does_not_lead_a_campaign(self, desk: CampaignDesk, dealer: Dealer) -> None:
        with dealer.write() as session:
            dealer.engine.start(
                session, "campaign", business_key="cases.case:77", payload={"subject": "Mine"},
                actor_id=dealer.people["seller"], now=dealer.clock.now(), scope_id=dealer.centres["North"],
                owner_id=dealer.people["seller"],
            )  # fmt: skip

        with pytest.raises(BusinessError) as refused:
            dealer.complete("set_goal", by="seller", **GOAL)

        assert refused.value.code == "campaign_not_yours"


class TestSending:
    def test_recipients_are_judged_again_at_the_moment_of_sending(self, desk: CampaignDesk, dealer: Dealer) -> None:
        ada = desk.customer("Ada")
        desk.prepare()
        desk.approve()
        at = dealer.clock.now() + timedelta(hours=1)
        desk.do("plan_work", send_at=desk.local(at))
        dealer.wait_until(at)
        with dealer.app.app_context():
            from webapp.campaigns import feature

            feature.send_batches()
        withdraw(desk, ada)
        desk.beat()

        assert (desk.receiver.mails, states(desk)) == ([], {"skipped_no_consent": 1})

    def test_at_night_mails_wait_for_the_morning(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        desk.do("plan_work", send_at="2026-03-02T22:00")
        dealer.wait_until(moscow(2, 22))
        desk.beat()
        assert (desk.receiver.mails, states(desk)) == ([], {"queued": 1})
        assert desk.campaign().status is CampaignStatus.SENDING

        dealer.wait_until(moscow(3, 9, 1))
        desk.beat()

        assert (len(desk.receiver.mails), desk.campaign().status) == (1, CampaignStatus.SENT)

    def test_the_control_group_is_not_written_to(self, desk: CampaignDesk) -> None:
        people = [desk.customer(f"Person{number}") for number in range(12)]
        desk.prepare(control=20)
        desk.approve()
        desk.send()

        campaign = desk.campaign()
        expected = [each for each in people if is_control(campaign.id, each, 20)]
        with desk.dealer.read() as session:
            statement = select(CampaignRecipient.customer_id).where(CampaignRecipient.step == RecipientStep.CONTROL)
            assert sorted(session.scalars(statement)) == expected
        assert len(desk.receiver.mails) == len(people) - len(expected)

    def test_about_one_in_five_of_many_is_in_a_control_group_of_a_fifth(self) -> None:
        found = Counter(is_control(1, number, 20) for number in range(5000))

        assert 900 < found[True] < 1100

    def test_who_was_written_to_by_another_campaign_is_left_out(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        desk.send()
        desk.customer("Ben")
        desk.prepare(code="OTHER", name="Another", exclude=["invited_elsewhere"])
        desk.approve()
        desk.send()

        assert [mail.recipient for mail in desk.receiver.mails] == ["ada@example.com", "ben@example.com"]

    def test_who_complains_works_here_or_is_marked_lost_is_left_out(self, desk: CampaignDesk) -> None:
        ids = {name: desk.customer(name) for name in ("Ada", "Ben", "Cleo", "Dan", "Eve")}
        phone = "+79000004288"
        colleague = desk.customer("Fay", phone=phone)
        with desk.dealer.write() as session:
            session.get_one(User, desk.dealer.people["head"]).phone = phone
            session.get_one(User, desk.dealer.people["seller"]).email = "dan@example.com"
            session.get_one(Customer, ids["Cleo"]).lost_reason = LostReason.MOVED
            for name, state in (("Ada", TaskState.OPEN), ("Ben", TaskState.COMPLETED)):
                complaint(desk, session, ids[name], state)

        desk.prepare(exclude=["open_complaint", "employees", "lost_by_wish"])
        desk.approve()
        desk.send()

        assert colleague not in ids.values()
        assert sorted(mail.recipient for mail in desk.receiver.mails) == ["ben@example.com", "eve@example.com"]

    def test_two_campaigns_that_mean_the_same_are_seen(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        desk.send()
        desk.prepare(code="OTHER", name="Another")
        with desk.dealer.read() as session:
            second = queries.find_campaign(session, desk.campaign().id, scope=ALL)
            assert second is not None
            planned = queries.planned_overlaps(session, second, desk.dealer.clock.now())
            assert [(each.name, each.customers) for each in planned] == [("Tyres in spring", 1)]
        desk.approve()
        desk.send()

        with desk.dealer.read() as session:
            found = queries.list_campaigns(session, scope=ALL, over=False)
            pairs = {(each.one, each.other, each.customers) for each in queries.overlaps_of(session, found)}
        first, second_id = sorted(campaign.id for campaign in found)
        assert pairs == {(first, second_id, 1), (second_id, first, 1)}

    def test_who_is_left_out_because_another_campaign_writes_is_in_one_only(self, desk: CampaignDesk) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        desk.send()
        desk.customer("Ben")
        desk.prepare(code="OTHER", name="Another", exclude=["invited_elsewhere"])

        with desk.dealer.read() as session:
            second = queries.find_campaign(session, desk.campaign().id, scope=ALL)
            assert second is not None
            assert queries.planned_overlaps(session, second, desk.dealer.clock.now()) == []


class TestAnswers:
    @pytest.fixture
    def sent(self, desk: CampaignDesk) -> int:
        ada = desk.customer("Ada")
        desk.prepare()
        desk.approve()
        desk.send()
        return ada

    def test_a_code_counts_for_anybody(self, desk: CampaignDesk, dealer: Dealer, sent: int) -> None:
        registered = dealer.register(purpose=Purpose.DOCUMENTS, campaign=" Tyres26 ")

        assert registered.customer is not None
        assert responses(desk) == {registered.customer.id: "code"}

    def test_an_unknown_code_of_a_recipient_still_is_an_answer(self, desk: CampaignDesk, sent: int) -> None:
        call(desk, sent, campaign="something else")

        assert responses(desk) == {sent: "window"}

    def test_another_advert_that_a_recipient_names_stays(self, desk: CampaignDesk, dealer: Dealer, sent: int) -> None:
        call(desk, sent, campaign="First snow")
        call(desk, sent, purpose=Purpose.PARTS)

        with dealer.read() as session:
            assert list(session.scalars(select(Inquiry.campaign).order_by(Inquiry.id))) == ["First snow", "TYRES26"]

    def test_the_case_names_the_campaign_of_its_inquiry(self, desk: CampaignDesk, dealer: Dealer, sent: int) -> None:
        dealer.register(campaign="tyres26")
        dealer.register(phone="8 900 000-41-18", purpose=Purpose.SERVICE, campaign="Tyres26")
        dealer.register(phone="8 900 000-41-19")

        assert campaigns_of_cases(desk) == ["TYRES26", "TYRES26"]

    def test_what_the_operator_hears_at_the_first_answer_counts(
        self, desk: CampaignDesk, dealer: Dealer, sent: int
    ) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)
        assert campaigns_of_cases(desk) == []

        answers = {"outcome": "visit_agreed", "visit_at": "2026-03-04T15:00", "campaign": " tyres26"}
        dealer.do("first_answer", by="operator", **answers, **PERSON)

        assert campaigns_of_cases(desk) == ["TYRES26"]

    def test_each_customer_answers_once(self, desk: CampaignDesk, dealer: Dealer, sent: int) -> None:
        call(desk, sent)
        dealer.pass_time(timedelta(days=3))
        call(desk, sent, campaign="TYRES26")

        assert responses(desk) == {sent: "window"}

    def test_after_the_window_nothing_is_an_answer(self, desk: CampaignDesk, dealer: Dealer, sent: int) -> None:
        dealer.wait_until(moscow(20, 12, month=4))
        call(desk, sent)

        assert responses(desk) == {}

    def test_of_two_campaigns_the_one_that_wrote_last_has_the_answer(
        self, desk: CampaignDesk, dealer: Dealer, sent: int
    ) -> None:
        desk.prepare(code="OTHER", name="Another")
        desk.approve()
        desk.send()
        call(desk, sent)

        with dealer.read() as session:
            found = session.scalars(select(CampaignResponse.campaign_id)).all()
        assert found == [desk.campaign().id]

    def test_a_guest_in_the_showroom_is_an_answer(self, desk: CampaignDesk, dealer: Dealer) -> None:
        opened = dealer.register(channel=InquiryChannel.WALK_IN)
        assert opened.customer is not None
        assert dealer.open_elements() == ["welcome"]
        agree(desk, opened.customer.id, "walker@example.com")
        dealer.pass_time(timedelta(minutes=1))
        desk.prepare()
        desk.approve()
        desk.send()
        dealer.do("welcome", **(ARRIVED | {"handed_to": str(dealer.people["seller"])}))

        assert responses(desk) == {opened.customer.id: "window"}

    def test_the_number_of_the_campaign_is_an_answer(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.begin()
        desk.do("set_goal", **GOAL)
        desk.do("choose_segment", segment=str(desk.segment), window_days=Decimal(30))
        desk.do("write_content", channels=[{"channel": "ads", "tracking_number": "8 900 000-77-01"}])
        desk.do("plan_budget", **BUDGET)
        desk.approve()
        registered = dealer.register(purpose=Purpose.DOCUMENTS, dialled_number="+7 900 000-77-01", source_code=None)

        assert registered.customer is not None
        assert (registered.inquiry.source_code, registered.inquiry.campaign) == ("mailing", "TYRES26")
        assert responses(desk) == {registered.customer.id: "tracking"}


class TestCallingOff:
    def test_the_owner_calls_it_off_at_any_step(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare()
        dealer.take("called_off", reason="Not this year")

        assert (dealer.outcome(), desk.campaign().status) == ("called_off", CampaignStatus.CANCELLED)

    def test_a_draft_is_dropped(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.begin()
        dealer.take("dropped", reason="Not now")

        assert dealer.outcome() == "dropped"

    def test_what_is_not_sent_is_stopped(self, desk: CampaignDesk, dealer: Dealer) -> None:
        desk.customer("Ada")
        desk.prepare()
        desk.approve()
        until = desk.local(moscow(4, 12))
        person = str(dealer.people["colleague"])
        desk.do(
            "plan_work", send_at="2026-03-02T22:00", tasks=[{"title": "Hang posters", "person": person, "until": until}]
        )
        (work,) = dealer.open_tasks()
        assert (work.element, work.assignee_id, work.due_at) == ("do_task", dealer.people["colleague"], moscow(4, 12))
        dealer.wait_until(moscow(2, 22))
        desk.beat()
        campaign = desk.campaign()
        with dealer.write() as session:
            found = services.get_campaign(session, campaign.id)
            call_off(session, found, "No tyres", actor_id=desk.marketer, now=dealer.clock.now())
        dealer.wait_until(moscow(3, 10))
        desk.beat()

        assert desk.receiver.mails == []
        assert (states(desk), desk.campaign().status) == ({"stopped": 1}, CampaignStatus.CANCELLED)
        assert dealer.open_tasks() == []
        with dealer.read() as session:
            assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.REFUSED]
            assert session.scalars(select(CustomerMessage)).all() == []


def withdraw(desk: CampaignDesk, customer_id: int) -> None:
    from webapp.customers import consents
    from webapp.customers.models import ConsentKind, Customer, WithdrawalWay

    with desk.dealer.write() as session:
        customer = session.get_one(Customer, customer_id)
        consents.withdraw_consents(
            session, customer, ConsentKind.ADVERTISING, way=WithdrawalWay.SPOKEN, actor_id=None,
            now=desk.dealer.clock.now(),
        )  # fmt: skip


def agree(desk: CampaignDesk, customer_id: int, address: str) -> None:
    from webapp.customers import consents
    from webapp.customers.consents import GivenConsent
    from webapp.customers.models import ConsentChannel, ConsentKind, CustomerEmail
    from webapp.customers.services import get_customer

    with desk.dealer.write() as session:
        customer = get_customer(session, customer_id)
        customer.emails = [CustomerEmail(address=address, position=0)]
        given = GivenConsent(ConsentKind.ADVERTISING, (ConsentChannel.EMAIL,))
        consents.give_consent(session, customer, given, actor_id=None, now=desk.dealer.clock.now())


def test_every_element_is_passed(request: pytest.FixtureRequest) -> None:
    assert_all_passed("campaign", SEEN, request)
