"""Reasons of refusal (specification §0.6) and competitors that ship; the competitors are invented."""

from sqlalchemy.orm import Session

from webapp.core.reference import ship
from webapp.sales.models import Competitor, ReasonGroup, RefusalReason

# code: (English, Russian, group), in the order of the lists
REFUSAL_REASONS: dict[str, tuple[str, str, ReasonGroup]] = {
    "price_high": ("Price too high", "Высокая цена", ReasonGroup.PRICE),
    "tradein_low": ("Trade-in offer too low", "Не устроила оценка трейд-ин", ReasonGroup.PRICE),
    "credit_denied": ("Bank refused the credit", "Отказ банка", ReasonGroup.FINANCE),
    "payment_high": ("Monthly payment too high", "Высокий ежемесячный платёж", ReasonGroup.FINANCE),
    "no_stock": ("Wanted equipment not available", "Нет нужной комплектации", ReasonGroup.PRODUCT),
    "long_wait": ("Delivery takes too long", "Долгий срок поставки", ReasonGroup.PRODUCT),
    "colour": ("Colour did not suit", "Не устроил цвет", ReasonGroup.PRODUCT),
    "test_drive_negative": ("Did not like the test drive", "Не понравился на тест-драйве", ReasonGroup.PRODUCT),
    "bought_competitor_brand": ("Bought another brand", "Купил другую марку", ReasonGroup.COMPETITOR),
    "bought_same_brand_other_dealer": (
        "Bought from another dealer of the brand",
        "Купил у другого дилера марки",
        ReasonGroup.COMPETITOR,
    ),
    "bought_used": ("Bought a used car elsewhere", "Купил с пробегом в другом месте", ReasonGroup.COMPETITOR),
    "postponed_purchase": ("Will not buy for now", "Передумал покупать", ReasonGroup.CUSTOMER),
    "family_decision": ("The family decided so", "Решение семьи", ReasonGroup.CUSTOMER),
    "financial_situation": ("Circumstances changed", "Изменились обстоятельства", ReasonGroup.CUSTOMER),
    "service_attitude": ("Did not like how he was served", "Не понравилось обслуживание", ReasonGroup.US),
    "slow_reaction": ("Our answer took too long", "Долго не отвечали", ReasonGroup.US),
    "other": ("Other", "Другое", ReasonGroup.OTHER),
}

COMPETITORS: dict[str, tuple[str, str]] = {
    "borealis": ("Borealis", "Borealis"),
    "castor": ("Castor", "Castor"),
    "helion": ("Helion", "Helion"),
    "meridian": ("Meridian", "Meridian"),
    "orlan": ("Orlan", "Орлан"),
    "vegard": ("Vegard", "Vegard"),
    "same_brand_dealer": ("Another dealer of the brand", "Другой дилер марки"),
    "private_seller": ("Private seller", "Частный продавец"),
    "other": ("Other", "Другой"),
}


def ship_reference_lists(session: Session) -> None:
    """Add what is missing; what the dealer has changed stays as it is."""
    ship(
        session,
        RefusalReason,
        {
            code: {"name_en": english, "name_ru": russian, "group": group, "position": place}
            for place, (code, (english, russian, group)) in enumerate(REFUSAL_REASONS.items())
        },
    )
    ship(
        session,
        Competitor,
        {
            code: {"name_en": english, "name_ru": russian, "position": place}
            for place, (code, (english, russian)) in enumerate(COMPETITORS.items())
        },
    )
