"""The sources of inquiries that ship (specification §0.6), and examples of numbers in adverts."""

from sqlalchemy.orm import Session

from webapp.core.reference import ship
from webapp.inquiries.models import Source, SourceGroup, TrackingNumber

ONLINE, OFFLINE, OWN, REFERRAL = SourceGroup.ONLINE, SourceGroup.OFFLINE, SourceGroup.OWN_BASE, SourceGroup.REFERRAL

# code: (English, Russian, group, paid), in the order of the lists
SOURCES: dict[str, tuple[str, str, SourceGroup, bool]] = {
    "context_ads": ("Search advertising", "Контекстная реклама", ONLINE, True),
    "social_ads": ("Social media advertising", "Реклама в соцсетях", ONLINE, True),
    "classifieds_autopark": ("Classifieds: Autopark", "Объявления: «Автопарк»", ONLINE, True),
    "classifieds_ryad": ("Classifieds: Ryad", "Объявления: «Ряд»", ONLINE, True),
    "brand_site": ("Brand’s site", "Сайт марки", ONLINE, False),
    "dealer_site": ("Our own site", "Сайт автоцентра", ONLINE, False),
    "maps": ("Maps and navigators", "Карты и навигаторы", ONLINE, True),
    "radio": ("Radio", "Радио", OFFLINE, True),
    "outdoor": ("Outdoor advertising", "Наружная реклама", OFFLINE, True),
    "tv": ("Television", "Телевидение", OFFLINE, True),
    "press": ("Press", "Пресса", OFFLINE, True),
    "recommendation": ("Recommendation", "Рекомендация", REFERRAL, False),
    "repeat": ("Repeat customer", "Повторный клиент", OWN, False),
    "passing_by": ("Was passing by", "Проезжал мимо", OFFLINE, False),
    "event": ("Event", "Мероприятие", OFFLINE, True),
    "service_customer": ("Customer of the service", "Клиент сервиса", OWN, False),
    "group_dealer": ("Another dealer of the group", "Другой автоцентр группы", REFERRAL, False),
    "mailing": ("Mailing", "Рассылка", OWN, True),
    "unknown": ("Unknown", "Неизвестно", SourceGroup.UNKNOWN, False),
}

# number: (source, campaign)
TRACKING_NUMBERS: dict[str, tuple[str, str]] = {
    "+79000009001": ("radio", "Первый снег"),
    "+79000009002": ("outdoor", "Щит у кольцевой"),
    "+79000009003": ("context_ads", "Поиск по марке"),
    "+79000009004": ("maps", ""),
}


def ship_reference_lists(session: Session) -> None:
    """Add what is missing; what the dealer has changed stays as it is."""
    ship(
        session,
        Source,
        {
            code: {"name_en": english, "name_ru": russian, "group": group, "paid": paid, "position": place}
            for place, (code, (english, russian, group, paid)) in enumerate(SOURCES.items())
        },
    )
    ship(
        session,
        TrackingNumber,
        {
            number: {"source_code": source, "campaign": campaign}
            for number, (source, campaign) in TRACKING_NUMBERS.items()
        },
    )
