"""The events of the demo dealer, four a year (specification §9.4): whom each invites, and what it writes to them.

They come round in this order, so each kind returns after a year and a half.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.campaigns.models import EventType, NextStep
from webapp.demo.campaign_themes import AGREES, HAS_CAR, HELLO_EN, HELLO_RU, Rule
from webapp.inquiries.models import Purpose

AGREES_TO_CALLS: Rule = {"field": "consent", "op": "in", "value": ["call"]}
SATURDAY, THURSDAY = 5, 3
MAIL_FIELDS = ("subject_ru", "text_ru", "subject_en", "text_en")
CARS: Mapping[Purpose, int] = {Purpose.NEW_CAR: 70, Purpose.TRADE_IN: 20, Purpose.USED_CAR: 10}
WORK: Mapping[Purpose, int] = {Purpose.SERVICE: 65, Purpose.NEW_CAR: 20, Purpose.TRADE_IN: 15}
CAR_STEPS = (NextStep.TEST_DRIVE, NextStep.OFFER, NextStep.VISIT, NextStep.CALL)
WORK_STEPS = (NextStep.VISIT, NextStep.CALL)


@dataclass(frozen=True)
class Invited:
    """Whom an event is for: how the segment is called, and its criteria as the builder keeps them."""

    segment: str
    tree: Rule


@dataclass(frozen=True)
class EventTheme:
    """One kind of event. `place` names the centre; `costs`: item, contractor, share per cent; `things`: so many of
    each for a guest, and their price; `sponsor`: which share of the costs a partner carries.
    """

    name: str
    type: EventType
    weekday: int
    hour: int
    place: str
    goal: str
    segment: str
    rule: Sequence[Rule]
    brings: Mapping[Purpose, int]
    invitation: Sequence[str]  # in the order of MAIL_FIELDS
    thanks: Sequence[str]
    costs: Sequence[tuple[str, str, int]]
    things: Sequence[tuple[str, float, int]]
    task: str
    remark: str
    sponsor: float = 0
    by_phone: bool = False

    def invited(self, centre: str, centre_id: int) -> Invited:
        """Customers of the centre that holds it."""
        here = {"field": "centre", "op": "in", "value": [str(centre_id)]}
        agrees = AGREES_TO_CALLS if self.by_phone else AGREES
        return Invited(f"{self.segment}, «{centre}»", {"all": [{"all": [agrees, here, *self.rule]}]})

    def invitation_mail(self) -> Mapping[str, str]:
        """What the form asks of the invitation, in both languages."""
        return _mail(self.invitation)

    def thanks_mail(self) -> Mapping[str, str]:
        """What the form asks of the thanks, in both languages."""
        return _mail(self.thanks)


def _mail(parts: Sequence[str]) -> Mapping[str, str]:
    subject_ru, text_ru, subject_en, text_en = parts
    letter_ru = f"{HELLO_RU}\n\n{text_ru}\n\n{{manager}}, {{centre}}"
    letter_en = f"{HELLO_EN}\n\n{text_en}\n\n{{manager}}, {{centre}}"
    return dict(zip(MAIL_FIELDS, (subject_ru, letter_ru, subject_en, letter_en), strict=True))


def _recently(field: str, days: int) -> Mapping[str, Any]:
    return {"field": field, "op": "within", "value": days}


COME_RU = "Ждём вас {date} в {time}: {place}. Ответьте на письмо или скажите по телефону, придёте ли вы и с кем."
COME_EN = "We expect you on {date} at {time}: {place}. Answer this mail or call us: do you come, and with whom?"
COFFEE, PHOTO = ("Угощение и кофе", "Кафе «Пятница»"), ("Фотограф и ведущий", "Студия «Контур»")
HALL, ADVERTS = ("Оформление площадки", "Типография «Гамма»"), ("Объявления и приглашения", "Агентство «Медиалайн»")

EVENT_THEMES: Sequence[EventTheme] = (
    EventTheme(
        "Вечер новой модели", EventType.PRESENTATION, THURSDAY, 17, "Автоцентр «{centre}», зал новых автомобилей",
        "Показать новую модель тем, кто выбирает автомобиль. Удалось, если треть гостей записалась на тест-драйв.",
        "Спрашивали об автомобиле за последний год", [_recently("last_contact", 365)], CARS,
        (
            "{first_name}, приглашаем вас на «{event}»",
            f"Новая модель приехала в наш зал. Покажем её раньше всех и расскажем без спешки. {COME_RU}",
            "{first_name}, you are invited: the evening of the new model",
            f"The new model is in our showroom. We show it to you before everybody else, without haste. {COME_EN}",
        ),
        (
            "Спасибо, что были у нас на вечере новой модели",
            "Рады были показать вам новую модель. Тест-драйв в удобное для вас время: просто ответьте на это письмо.",
            "Thank you for coming to the evening of the new model",
            "It was a pleasure to show you the new model. For a test drive when it suits you just answer this mail.",
        ),
        [(*COFFEE, 45), (*PHOTO, 30), (*HALL, 25)], [("Подарочный набор", 0.8, 640), ("Каталог модели", 1.2, 90)],
        "Поставить новую модель в центр зала", "Больше всего вопросов было о сроках поставки.",
    ),
    EventTheme(
        "Большой тест-драйв", EventType.TEST_DRIVE_DAY, SATURDAY, 11, "Площадка у автоцентра «{centre}»",
        "Посадить за руль тех, кто сомневается. Удалось, если каждый третий гость попросил предложение.",
        "Общались за последние полгода", [_recently("last_contact", 180)], CARS,
        (
            "{first_name}, все модели за один день: приходите за руль",
            f"За один день можно проехать на всех моделях и сравнить их с вашей. Права возьмите с собой. {COME_RU}",
            "{first_name}, all models in one day: take the wheel",
            f"In one day you can drive every model and compare it with yours. Bring your licence. {COME_EN}",
        ),
        (
            "Спасибо за день за рулём",
            "Надеемся, поездка вам понравилась. Подготовим расчёт по любой модели, на которой вы ездили.",
            "Thank you for the day at the wheel",
            "We hope you liked the drive. We will gladly make you an offer for any model you have driven.",
        ),
        [(*HALL, 40), (*COFFEE, 35), ("Топливо и страховка", "", 25)],
        [("Сувенир водителю", 1.0, 350), ("Вода и перекус", 2.0, 120)],
        "Проверить и заправить демо-автомобили", "Очередь стояла на две модели, остальные ждали гостей.",
    ),
    EventTheme(
        "Семейный праздник", EventType.HOLIDAY, SATURDAY, 12, "Автоцентр «{centre}», первый этаж",
        "Позвать клиентов с семьями и напомнить о себе. Удалось, если пришло больше половины подтвердивших.",
        "Все, кто согласен на рассылку", [], CARS,
        (
            "{first_name}, приходите к нам всей семьёй",
            f"Устраиваем праздник: мастер-классы для детей, угощение и подарки. {COME_RU}",
            "{first_name}, come to us with your family",
            f"We are having a party: workshops for children, food and presents. {COME_EN}",
        ),
        (
            "Спасибо, что пришли на праздник",
            "Было весело! Фотографии покажем при следующей встрече, а до неё мы всегда на связи.",
            "Thank you for coming to our party",
            "It was fun! We will show you the photographs when we meet next; until then we are a call away.",
        ),
        [(*COFFEE, 40), (*PHOTO, 35), (*HALL, 25)], [("Подарок ребёнку", 0.7, 480), ("Воздушный шар", 2.0, 45)],
        "Договориться с аниматорами", "Дети не хотели уходить, родители успели посмотреть машины.",
    ),
    EventTheme(
        "Выставка у набережной", EventType.EXHIBITION, SATURDAY, 12, "Выставочный зал «Причал»",
        "Показать машины там, где гуляют горожане. Удалось, если разговоров о покупке не меньше пяти.",
        "Общались за последние полтора года", [_recently("last_contact", 540)], CARS,
        (
            "{first_name}, наши автомобили у набережной",
            f"Привезём пять моделей в выставочный зал. Можно посидеть в каждой и посчитать трейд-ин. {COME_RU}",
            "{first_name}, our cars by the embankment",
            f"Five models come to the exhibition hall. Sit in each and see what your car is worth to us. {COME_EN}",
        ),
        (
            "Спасибо, что зашли на выставку",
            "Если какая-то модель запомнилась, приезжайте в центр: покажем её в движении.",
            "Thank you for visiting the exhibition",
            "If one of the models stays in your mind, come to the centre: we will show you how it drives.",
        ),
        [("Аренда зала", "Выставочный зал «Причал»", 50), (*ADVERTS, 30), (*HALL, 20)],
        [("Буклет с ценами", 2.5, 60), ("Сувенир гостю", 1.0, 220)],
        "Перегнать автомобили в зал", "Прохожих было много, с приглашениями пришли самые заинтересованные.",
    ),
    EventTheme(
        "Школа владельца", EventType.SEMINAR, THURSDAY, 17, "Автоцентр «{centre}», учебный класс",
        "Научить владельцев следить за машиной. Удалось, если каждый третий записался в сервис.",
        "Владельцы, чья машина нам известна", [HAS_CAR], WORK,
        (
            "{first_name}, вечер для тех, кто любит свою машину",
            f"Мастер покажет, что проверить перед дорогой и как читать сигналы приборов. {COME_RU}",
            "{first_name}, an evening for those who care for their car",
            f"Our master shows what to check before a journey and how to read the warning lights. {COME_EN}",
        ),
        (
            "Спасибо за вечер в школе владельца",
            "Памятку с советами мастера вы уже получили. Записаться на проверку можно ответом на это письмо.",
            "Thank you for the evening at the owner's school",
            "You have the master's leaflet already. To book a check just answer this mail.",
        ),
        [(*COFFEE, 55), ("Работа мастера вечером", "", 45)],
        [("Памятка владельца", 1.2, 70), ("Набор для ухода", 0.8, 390)],
        "Подготовить класс и подъёмник", "Просили повторить зимой: о шинах и аккумуляторе.", sponsor=0.4,
    ),
    EventTheme(
        "Встреча клуба владельцев", EventType.CLUB_MEETING, SATURDAY, 12, "Автоцентр «{centre}», клиентская зона",
        "Собрать постоянных клиентов и услышать их. Удалось, если пришла половина и есть три пожелания.",
        "Общались за последний год и согласны на звонок", [_recently("last_contact", 365)], WORK,
        (
            "{first_name}, встречаемся клубом",
            f"Собираем владельцев: директор расскажет о планах, мастера ответят на вопросы. {COME_RU}",
            "{first_name}, our club meets",
            f"The owners meet: the director speaks of our plans, the masters answer questions. {COME_EN}",
        ),
        (
            "Спасибо, что были на встрече клуба",
            "Ваши пожелания записали, о каждом расскажем, что сделали.",
            "Thank you for coming to the club meeting",
            "Your wishes are written down; of each we will tell you what we have done.",
        ),
        [(*COFFEE, 60), (*PHOTO, 40)], [("Клубная карта", 1.0, 150), ("Термокружка", 0.7, 720)],
        "Обзвонить членов клуба", "Хвалили мастеров, жаловались на очередь по субботам.", sponsor=0.25, by_phone=True,
    ),
)  # fmt: skip
