"""The ten campaigns of a year (specification §9.4): whom each is for, and what it says.

One begins with each tenth of the year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.campaigns.models import CampaignType, GoalMetric
from webapp.inquiries.models import SpendDepartment

Rule = Mapping[str, Any]

AGREES: Rule = {"field": "consent", "op": "in", "value": ["email", "sms"]}
HAS_CAR: Rule = {"field": "bought_here", "op": "in", "value": ["yes", "no"]}
CARS, WORK = "cars", "work"  # what a campaign is to bring
SERVES: Mapping[str, SpendDepartment] = {CARS: SpendDepartment.SALES, WORK: SpendDepartment.SERVICE}
HELLO_RU, HELLO_EN = "Здравствуйте, {first_name}!", "Hello {first_name}!"
CODE_RU, CODE_EN = "Назовите при звонке код {code}.", "Name the code {code} when you call."


@dataclass(frozen=True)
class Theme:
    """One of the ten. `segment`: how it is called; `rule`: its criteria; `costs`: item, contractor, share per cent.

    `roi`: between which percentages the campaign brings back what it costs.
    """

    name: str
    code: str
    type: CampaignType
    metric: GoalMetric
    brings: str
    segment: str
    rule: Sequence[Rule]
    subject_ru: str
    text_ru: str
    subject_en: str
    text_en: str
    costs: Sequence[tuple[str, str, int]]
    roi: tuple[int, int]
    product: str = ""
    hypothesis: str = ""
    advertised: bool = False  # beside the mail in an advert with a number of its own

    @property
    def tree(self) -> Rule:
        """The rule as the builder keeps it: one group of criteria."""
        return {"all": [{"all": [AGREES, *self.rule]}]}

    def letter_ru(self) -> str:
        return f"{HELLO_RU}\n\n{self.text_ru} {CODE_RU}\n\n{{manager}}, {{centre}}"

    def letter_en(self) -> str:
        return f"{HELLO_EN}\n\n{self.text_en} {CODE_EN}\n\n{{manager}}, {{centre}}"


def _contact(op: str, days: int) -> Rule:
    return {"field": "last_contact", "op": op, "value": days}


def _visit(op: str, days: int) -> Rule:
    return {"field": "last_visit", "op": op, "value": days}


EVERYBODY = "Все, кто согласен на рассылку"
LAYOUT, LEAFLETS = ("Вёрстка писем и баннеров", "Студия «Контур»"), ("Листовки и оформление зала", "Типография «Гамма»")
PRESENTS, ADVERTS = ("Подарки клиентам", "«Сувенир-Сервис»"), ("Объявления на порталах", "Агентство «Медиалайн»")

THEMES: Sequence[Theme] = (
    Theme(
        "Закрытие сезона", "SEASON", CampaignType.ACQUISITION, GoalMetric.SALES, CARS,
        "Спрашивали об автомобиле за последний год", [_contact("within", 365)],
        "Автомобили прошлого года: последние дни старых цен",
        "До конца месяца отдаём автомобили прошлого года выпуска по ценам прошлого года.",
        "Last year's cars: the last days of the old prices",
        "Until the end of the month the cars built last year still have last year's prices.",
        [(*LAYOUT, 40), (*LEAFLETS, 60)], (20, 170),
        "Автомобили прошлого года", "Цена прошлого года важнее подарков.",
    ),
    Theme(
        "Возвращение клиентов", "BACK", CampaignType.RECOVERY, GoalMetric.CONTACTS, CARS,
        "Были у нас, но больше двух месяцев назад", [_visit("older", 60)],
        "Давно не виделись: персональное предложение для вас",
        "Мы давно не общались. Подобрали для вас предложение и будем рады показать его за чашкой кофе.",
        "We have not met for long: an offer for you",
        "We have not been in touch for long. We have prepared an offer and would be glad to show it over a coffee.",
        [(*LAYOUT, 70), (*PRESENTS, 30)], (-25, 40),
        hypothesis="Часть ушедших ещё не купила и ждёт повода.",
    ),
    Theme(
        "Весенняя проверка", "SPRING", CampaignType.RETENTION, GoalMetric.VISITS, WORK,
        "Владельцы, чья машина нам известна", [HAS_CAR],
        "Весенняя проверка автомобиля по двадцати пунктам",
        "Проверим подвеску, тормоза и кондиционер после зимы и сменим шины без очереди.",
        "Spring check of your car in twenty points",
        "We check suspension, brakes and air conditioning after the winter and change the tyres without a queue.",
        [(*LAYOUT, 45), (*LEAFLETS, 55)], (10, 150), "Проверка и смена шин",
    ),
    Theme(
        "Неделя трейд-ин", "TRADEIN", CampaignType.ACQUISITION, GoalMetric.CONTACTS, CARS,
        "Общались за последние полгода", [_contact("within", 180)],
        "Неделя трейд-ин: оценка за полчаса и выгода на новый автомобиль",
        "Всю неделю оцениваем автомобили за полчаса и добавляем к оценке выгоду на новый.",
        "Trade-in week: an appraisal in half an hour and a bonus for the new car",
        "All week we appraise cars in half an hour and add a bonus for the new one.",
        [(*ADVERTS, 55), (*LEAFLETS, 45)], (40, 190), "Трейд-ин", advertised=True,
    ),
    Theme(
        "Новая модель: первые дни", "NEWCAR", CampaignType.ACQUISITION, GoalMetric.VISITS, CARS,
        "Общались за последние полтора года", [_contact("within", 540)],
        "Новая модель уже в салоне: запишитесь на тест-драйв",
        "Новая модель уже стоит в зале. Первые тест-драйвы для тех, кто записался заранее.",
        "The new model is in the showroom: book your test drive",
        "The new model stands in the showroom. Those who book ahead drive it first.",
        [(*ADVERTS, 60), (*PRESENTS, 40)], (-20, 110), "Новая модель", advertised=True,
    ),
    Theme(
        "Клубный день", "CLUB", CampaignType.RETENTION, GoalMetric.VISITS, WORK,
        "Были у нас за последний год", [_visit("within", 365)],
        "Клубный день для владельцев: проверка и советы мастеров",
        "Приглашаем владельцев: мастера покажут, как беречь автомобиль летом, и проверят его бесплатно.",
        "Club day for owners: a check and the masters' advice",
        "Owners are invited: the masters show how to care for a car in summer, and check it for free.",
        [(*PRESENTS, 50), (*LEAFLETS, 50)], (-20, 60),
        hypothesis="Личная встреча держит клиента дольше, чем скидка.",
    ),
    Theme(
        "Сервис после гарантии", "AFTER", CampaignType.RETENTION, GoalMetric.CONTACTS, WORK,
        "Владельцы, не были больше 60 дней", [HAS_CAR, _visit("older", 60)],
        "Гарантия закончилась, а забота осталась",
        "Для автомобилей старше трёх лет у нас свои цены на обслуживание и гарантия на работы.",
        "The warranty is over, our care is not",
        "For cars older than three years we have prices of their own and a warranty on the work.",
        [(*LAYOUT, 60), (*LEAFLETS, 40)], (15, 140), "Постгарантийный сервис",
    ),
    Theme(
        "Зимние шины", "TYRES", CampaignType.RETENTION, GoalMetric.VISITS, WORK,
        "Владельцы, чья машина нам известна", [HAS_CAR],
        "Пора менять шины: запишитесь без очереди",
        "Сменим шины в удобное вам время, летние сохраним до весны.",
        "Time to change the tyres: book without a queue",
        "We change the tyres when it suits you and keep the summer ones until spring.",
        [(*LAYOUT, 35), (*LEAFLETS, 65)], (60, 190), "Смена и хранение шин", advertised=True,
    ),
    Theme(
        "Три года вместе: обмен с выгодой", "THREE", CampaignType.RETENTION, GoalMetric.CONTACTS, CARS,
        "Общались за последний год", [_contact("within", 365)],
        "Три года вместе: обменяйте автомобиль с выгодой",
        "Через три года автомобиль ещё в цене. Оценим ваш и покажем, сколько стоит пересесть в новый.",
        "Three years together: exchange your car",
        "After three years a car still has its price. We appraise yours and show what a new one would cost you.",
        [(*LAYOUT, 50), (*PRESENTS, 50)], (0, 150), "Трейд-ин",
    ),
    Theme(
        "День рождения автоцентра", "BIRTHDAY", CampaignType.IMAGE, GoalMetric.VISITS, CARS,
        EVERYBODY, [],
        "У нас день рождения: приезжайте за подарком",
        "Отмечаем день рождения центра: при покупке автомобиля комплект зимних шин в подарок.",
        "It is our birthday: come for your present",
        "We celebrate the centre's birthday: with a car you get a set of winter tyres as a present.",
        [(*PRESENTS, 55), (*ADVERTS, 45)], (-20, 90), advertised=True,
    ),
)  # fmt: skip
