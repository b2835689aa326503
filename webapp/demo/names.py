"""Generated people: no name stands for anybody, phones are of the range that is assigned to nobody."""

from random import Random

MALE = tuple(
    """
    Александр Алексей Андрей Антон Артём Борис Вадим Виктор Глеб Григорий
    Денис Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Лев
    Максим Матвей Михаил Никита Николай Олег Павел Пётр Роман Руслан
    Сергей Степан Тимур Фёдор Юрий Ярослав
    """.split()
)
FEMALE = tuple(
    """
    Алина Алёна Анастасия Анна Варвара Вера Вероника Галина Дарья Екатерина
    Елена Зоя Инна Ирина Кира Ксения Лариса Любовь Маргарита Марина
    Мария Надежда Наталья Нина Оксана Ольга Полина Светлана София Татьяна
    Ульяна Юлия
    """.split()
)
FAMILIES = tuple(
    """
    Абрамов Антипов Белов Беляев Бобров Быков Ветров Власов Воронов Галеев
    Герасимов Громов Гусев Демин Дроздов Егоров Ермаков Ершов Жданов Зайцев
    Зимин Зуев Калинин Карпов Киселёв Ковалёв Комаров Крылов Лапин Лебедев
    Макаров Мельников Миронов Никитин Носов Орехов Орлов Панов Петров Пирогов
    Поляков Рогов Рыбаков Савин Сафонов Семёнов Снегирёв Соколов Сорокин Титов
    Трофимов Уваров Фомин Чернов Шилов Щербаков Юдин Яковлев
    """.split()
)


def person_name(random: Random) -> tuple[str, str]:
    """First name and family name, and the sex they belong to: m 66 %, f 34 % (specification §9.4)."""
    is_male = random.random() < 0.66
    family = random.choice(FAMILIES)
    first = random.choice(MALE if is_male else FEMALE)
    return f"{first} {family if is_male else family + 'а'}", "m" if is_male else "f"


def phone_number(number: int) -> str:
    """+7 900 000-NN-NN for the first ten thousand customers, then 001 and so on."""
    return f"+7900{number % 100_000:07d}"


LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya".split(),
        strict=True,
    )
)


def mail_address(family: str, number: int) -> str:
    """orlov.70012@example.com."""
    spelled = "".join(LATIN.get(letter, letter) for letter in family.lower()).replace("-", "")
    return f"{spelled}.{number}@example.com"


STREETS = "Лесная Садовая Школьная Полевая Озёрная Кленовая Берёзовая Солнечная Рябиновая Вишнёвая".split()
TOWNS = (("Кленовск", "199001"), ("Новая Заря", "199014"), ("Озерки-2", "199027"))  # none of them is on a map


def home_address(number: int) -> tuple[str, str]:
    """«ул. Лесная, д. 12, кв. 34, г. Кленовск» and the postcode."""
    town, code = TOWNS[number % len(TOWNS)]
    return f"ул. {STREETS[number % len(STREETS)]}, д. {number % 89 + 1}, кв. {number % 143 + 1}, г. {town}", code
