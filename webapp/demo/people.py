"""The staff of the demo dealer (specification §9.2): one group, two centres, a shared call centre."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.assignment import Actor
from webapp.aftersales.models import ServiceJob, Workshop
from webapp.aftersales.reference import LARGE_WORKSHOP, SMALL_WORKSHOP, BayPlan
from webapp.aftersales.setting_up import furnish_workshop
from webapp.demo.behaviour import Hand
from webapp.demo.plan import NORTH, SOUTH, Plan
from webapp.demo.service_people import SERVICE_STAFF
from webapp.staff import services
from webapp.staff.models import Centre, User
from webapp.staff.requisites import Requisites
from webapp.studio.departments.rules import OWN, rules_of, set_rules

HOUR_COST = Decimal(950)  # roubles: wages and what else an hour at the bay takes

SALES_STAFF: tuple[Plan, ...] = (
    Plan("director", "Павел Демин", "director", None, "Директор"),
    Plan("admin", "Даниил Рогов", "admin", None, "Администратор системы", "director"),
    Plan("owner", "Надежда Курилова", "crm_manager", None, "CRM-менеджер", "director"),
    Plan("marketer", "Тимофей Власов", "marketer", None, "Маркетолог", "director"),
    Plan("head_north", "Сергей Миронов", "sales_head", NORTH, "Руководитель отдела продаж", "director"),
    Plan("head_south", "Елена Громова", "sales_head", SOUTH, "Руководитель отдела продаж", "director"),
    Plan("n1", "Алина Лебедева", "sales_manager", NORTH, "Менеджер по продажам", "head_north", 1.35),
    Plan("n2", "Роман Титов", "sales_manager", NORTH, "Менеджер по продажам", "head_north", 1.1),
    Plan("n3", "Степан Гусев", "sales_manager", NORTH, "Менеджер по продажам", "head_north", 1.0),
    Plan("n4", "Дмитрий Карпов", "sales_manager", NORTH, "Менеджер по продажам", "head_north", 0.75, opening=0.75),
    Plan("n5", "Вера Антипова", "sales_manager", NORTH, "Менеджер по продажам", "head_north", 0.95, months=15),
    Plan("s1", "Кира Новикова", "sales_manager", SOUTH, "Менеджер по продажам", "head_south", 1.2),
    Plan("s2", "Максим Уваров", "sales_manager", SOUTH, "Менеджер по продажам", "head_south", 1.05),
    Plan("s3", "Инесса Голубева", "sales_manager", SOUTH, "Менеджер по продажам", "head_south", 0.9),
    Plan(
        "s4",
        "Тарас Мельник",
        "sales_manager",
        SOUTH,
        "Менеджер по продажам",
        "head_south",
        0.6,
        keeping=1.25,
        closing=0.6,
    ),
    Plan("call1", "Инна Зуева", "call_operator", None, "Оператор колл-центра", "owner"),
    Plan("call2", "Ольга Панова", "call_operator", None, "Оператор колл-центра", "owner"),
    Plan("desk_north", "Ксения Фомина", "receptionist", NORTH, "Администратор салона", "head_north"),
    Plan("desk_south", "Яна Соколова", "receptionist", SOUTH, "Администратор салона", "head_south"),
    Plan("appraiser_north", "Фёдор Ким", "tradein_appraiser", NORTH, "Оценщик", "head_north"),
    Plan("appraiser_south", "Руслан Ахметов", "tradein_appraiser", SOUTH, "Оценщик", "head_south"),
    Plan("finance", "Илья Дубов", "finance_manager", None, "Специалист по кредитованию и страхованию", "director"),
    Plan("logistics", "Артём Сизов", "logistics", None, "Специалист по поставкам", "director"),
    Plan("pdi", "Егор Лапин", "pdi_master", None, "Мастер предпродажной подготовки", "director"),
    Plan("delivery", "Зоя Белкина", "delivery_specialist", None, "Специалист по выдаче", "director"),
    Plan("cashier", "Нина Фролова", "cashier", None, "Кассир", "director"),
    Plan("accountant", "Рита Маслова", "accountant", None, "Бухгалтер", "director"),
)

STAFF = (*SALES_STAFF, *SERVICE_STAFF)
SELLERS = tuple(plan for plan in STAFF if plan.role == "sales_manager")


HEADS = frozenset({"sales_head", "service_head", "foreman"})
# the bays, and the standard for cars of other brands
WORKSHOPS: Mapping[str, tuple[Sequence[BayPlan], str]] = {
    NORTH: (LARGE_WORKSHOP, "service_seven_steps"),
    SOUTH: (SMALL_WORKSHOP, "service_key_processes"),
}


RATES = {NORTH: 2_800}  # roubles for a norm hour
USUAL_RATE = 2_500
# what the parts of a job usually cost; of other jobs nobody knows before the car has been looked at
PARTS = {
    "maintenance_15": 5_400,
    "maintenance_30": 7_900,
    "maintenance_60": 14_600,
    "oil": 4_200,
    "brakes": 6_800,
    "battery": 11_500,
    "tyres": 0,
    "alignment": 0,
    "noise": 0,
    "engine_check": 0,
    "chassis_check": 0,
}


def hand_of(plan: Plan) -> Hand:
    """How good a salesperson is beside the mean of all."""

    def beside(value: Callable[[Plan], float]) -> float:
        return value(plan) * len(SELLERS) / sum(map(value, SELLERS))

    return Hand(
        keeping=beside(lambda each: each.keeping),
        opening=beside(lambda each: each.opening),
        closing=beside(lambda each: each.skill * each.closing),
    )


@dataclass(frozen=True)
class Member:
    """A person of the demo at work."""

    plan: Plan
    user_id: int
    centre_id: int | None

    @property
    def actor(self) -> Actor:
        supervises = frozenset({self.centre_id}) if self.plan.role in HEADS else frozenset[int | None]()
        return Actor(self.user_id, roles=frozenset({(self.plan.role, self.centre_id)}), supervises=supervises)


@dataclass(frozen=True)
class Crew:
    """Everybody, by what they are needed for."""

    centres: dict[str, int]
    members: dict[str, Member]

    def with_role(self, role: str, centre_id: int | None) -> list[Member]:
        """Who holds the role in a centre; people without a centre work for all."""
        wanted = (member for member in self.members.values() if member.plan.role == role)
        return [member for member in wanted if member.centre_id in (centre_id, None) or centre_id is None]

    def by_user(self, user_id: int) -> Member:
        return next(member for member in self.members.values() if member.user_id == user_id)

    def head_of(self, member: Member) -> Member:
        return self.members[str(member.plan.head)]


def address(plan: Plan) -> str:
    """The e-mail address by which a person is found again."""
    return f"{plan.key.replace('_', '.')}@example.com"


def is_hired(session: Session) -> bool:
    """Whether the demo dealer's people are in this database."""
    return session.scalar(select(User.id).where(User.email == address(STAFF[0]))) is not None


def find_crew(session: Session) -> Crew:
    """The people that were hired before; a demo that was begun by an earlier version has not all of them."""
    ids = {user.email: user.id for user in session.execute(select(User.email, User.id))}
    centres = {centre.name: centre.id for centre in session.execute(select(Centre.name, Centre.id))}
    members = {
        plan.key: Member(plan, ids[address(plan)], centres[plan.centre] if plan.centre else None)
        for plan in STAFF
        if address(plan) in ids
    }
    return Crew({name: centres[name] for name in (NORTH, SOUTH)}, members)


def hire(session: Session, *, now: datetime) -> Crew:
    """Write centres and people with their roles and heads; nobody has a password, the demo needs none."""
    centres: dict[str, Centre] = {}
    for number, name in enumerate((NORTH, SOUTH), 1):
        centres[name] = services.create_centre(
            session,
            name=name,
            city="Санкт-Петербург",
            phone=f"+781200000{number:02d}",
            time_zone="Europe/Moscow",
            actor_id=None,
            now=now,
            requisites=Requisites(
                legal_name="ООО «Демо-Авто»",
                tax_number="7801000005",
                address=f"Санкт-Петербург, Учебная улица, дом {number * 10}",
                site="demo-auto.example.com",
            ),
        )
    users: dict[str, User] = {}
    members: dict[str, Member] = {}
    for number, plan in enumerate(STAFF, 1):
        head = users[plan.head].id if plan.head else None
        user = services.create_user(
            session,
            name=plan.name,
            email=address(plan),
            actor_id=None,
            now=now,
            position=plan.position,
            phone=f"+790000099{number:02d}",
            head_id=head,
        )
        centre_id = centres[plan.centre].id if plan.centre else None
        services.grant_role(session, user, plan.role, centre_id, actor_id=None, now=now)
        users[plan.key] = user
        members[plan.key] = Member(plan, user.id, centre_id)
    return Crew({name: centre.id for name, centre in centres.items()}, members)


def name_owners(session: Session, crew: Crew, *, now: datetime) -> None:
    """The drawings of every department but own ones have somebody who answers for them; else what ships holds."""
    owner = crew.members["owner"].user_id
    for name, rules in rules_of(session).items():
        if name != OWN:
            set_rules(
                session,
                name,
                owner_id=owner,
                policy=rules.policy,
                operations=sorted(rules.allowed),
                people={},
                actor_id=None,
                now=now,
            )


def furnish(session: Session, crew: Crew, *, now: datetime) -> None:
    """Write the workshops of both centres, for the people who have been hired; the lists of jobs must be there."""
    session.flush()
    for name, (bays, standard) in WORKSHOPS.items():
        furnish_workshop(session, crew.centres[name], bays=bays, standard=standard, now=now)
        workshop = session.get_one(Workshop, crew.centres[name])
        workshop.rate, workshop.hour_cost = Decimal(RATES.get(name, USUAL_RATE)), HOUR_COST
    for job in session.scalars(select(ServiceJob).where(ServiceJob.code.in_(PARTS))):
        job.parts_price = Decimal(PARTS[job.code])
