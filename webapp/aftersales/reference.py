"""Jobs and standards that ship, and the bays a new workshop begins with; all is changed as data afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp.aftersales.models import BayType, BrandStandard, ServiceJob, ServiceStandard, VisitReason
from webapp.core.reference import ship

# code: (English, Russian, share of hours kept for visits without booking), by specification §2.2
STANDARDS: dict[str, tuple[str, str, str]] = {
    "service_seven_processes": ("Seven processes", "Семь процессов", "0.2"),
    "service_seven_steps": ("Seven steps", "Семь шагов", "0.2"),
    "service_ten_steps": ("Ten steps", "Десять шагов", "0.2"),
    "service_key_processes": ("Key processes", "Ключевые процессы", "0.15"),
}
BRAND_STANDARDS = {"aurelia": "service_seven_processes", "nordis": "service_ten_steps"}
DEFAULT_STANDARD = "service_seven_processes"


@dataclass(frozen=True)
class Job:
    """A job that ships; norm hours as text."""

    english: str
    russian: str
    reason: VisitReason
    bay_type: BayType
    hours: str
    express: bool = False


JOBS: dict[str, Job] = {
    "maintenance_15": Job("Maintenance, 15 000 km", "ТО, 15 000 км", VisitReason.MAINTENANCE, BayType.LIFT2, "1.2"),
    "maintenance_30": Job("Maintenance, 30 000 km", "ТО, 30 000 км", VisitReason.MAINTENANCE, BayType.LIFT2, "1.6"),
    "maintenance_60": Job("Maintenance, 60 000 km", "ТО, 60 000 км", VisitReason.MAINTENANCE, BayType.LIFT2, "2.6"),
    "oil": Job("Oil and filter", "Замена масла и фильтра", VisitReason.MAINTENANCE, BayType.LIFT2, "0.6", express=True),
    "noise": Job("Search for a noise", "Поиск постороннего шума", VisitReason.DIAGNOSTICS, BayType.DIAGNOSTICS, "1.5"),
    "engine_check": Job(
        "Computer diagnostics", "Компьютерная диагностика", VisitReason.DIAGNOSTICS, BayType.DIAGNOSTICS, "1.0"
    ),
    "chassis_check": Job("Chassis check", "Диагностика ходовой части", VisitReason.DIAGNOSTICS, BayType.LIFT2, "0.7"),
    "brakes": Job("Brake pads", "Замена тормозных колодок", VisitReason.REPAIR, BayType.LIFT2, "1.1"),
    "suspension": Job("Suspension repair", "Ремонт подвески", VisitReason.REPAIR, BayType.LIFT2, "2.5"),
    "clutch": Job("Clutch", "Замена сцепления", VisitReason.REPAIR, BayType.LIFT2, "5.0"),
    "electrics": Job("Electrical repair", "Ремонт электрооборудования", VisitReason.REPAIR, BayType.ELECTRIC, "1.5"),
    "battery": Job(
        "Battery", "Проверка и замена аккумулятора", VisitReason.REPAIR, BayType.ELECTRIC, "0.4", express=True
    ),
    "alignment": Job("Wheel alignment", "Развал-схождение", VisitReason.REPAIR, BayType.ALIGNMENT, "0.9"),
    "tyres": Job("Change of tyres", "Сезонная замена шин", VisitReason.TYRES, BayType.LIFT2, "0.8", express=True),
    "warranty": Job("Warranty check", "Проверка по гарантии", VisitReason.WARRANTY, BayType.DIAGNOSTICS, "1.0"),
    "recall": Job("Recall", "Отзывная кампания", VisitReason.RECALL, BayType.LIFT2, "1.5"),
    "tow_bar": Job(
        "Tow bar with wiring", "Установка фаркопа с проводкой", VisitReason.ACCESSORIES, BayType.ELECTRIC, "2.4"
    ),
    "alarm": Job("Alarm", "Установка сигнализации", VisitReason.ACCESSORIES, BayType.ELECTRIC, "2.0"),
}


@dataclass(frozen=True)
class BayPlan:
    """A bay of a new workshop; `skills`: what else can be done in it."""

    english: str
    russian: str
    bay_type: BayType
    skills: Sequence[BayType] = ()


_LIFTS = tuple(BayPlan(f"Lift {number}", f"Подъёмник {number}", BayType.LIFT2) for number in (1, 2, 3))
_ALIGNMENT = BayPlan("Alignment", "Развал-схождение", BayType.ALIGNMENT, (BayType.LIFT4,))
_DIAGNOSTICS = BayPlan("Diagnostics", "Диагностика", BayType.DIAGNOSTICS)
_ELECTRIC = BayPlan("Electric", "Электрика", BayType.ELECTRIC)
_RECEPTION = BayPlan("Reception", "Приёмка", BayType.RECEPTION)

LARGE_WORKSHOP = (*_LIFTS, _ALIGNMENT, _DIAGNOSTICS, _ELECTRIC, _RECEPTION)
SMALL_WORKSHOP = (
    *_LIFTS[:2],
    _ALIGNMENT,
    BayPlan("Diagnostics and electric", "Диагностика и электрика", BayType.DIAGNOSTICS, (BayType.ELECTRIC,)),
    _RECEPTION,
)
COURTESY_CARS = 2


def ship_reference_lists(session: Session) -> None:
    """Add what is missing; what the dealer has changed stays as it is."""
    ship(
        session,
        ServiceStandard,
        {
            code: {"name_en": english, "name_ru": russian, "walk_in_reserve": Decimal(reserve), "position": place}
            for place, (code, (english, russian, reserve)) in enumerate(STANDARDS.items())
        },
    )
    ship(session, BrandStandard, {brand: {"standard_code": code} for brand, code in BRAND_STANDARDS.items()})
    ship(
        session,
        ServiceJob,
        {
            code: {
                "name_en": job.english,
                "name_ru": job.russian,
                "reason": job.reason.value,
                "bay_type": job.bay_type,
                "hours": Decimal(job.hours),
                "express": job.express,
                "position": place,
            }
            for place, (code, job) in enumerate(JOBS.items())
        },
    )
