"""The service department of the demo dealer (specification §9.2): two workshops with their people."""

from webapp.demo.plan import NORTH, SOUTH, Plan

ADVISOR, TECHNICIAN = "Мастер-консультант", "Механик"
NORTH_TECHNICIANS = (
    "Захар Лютов", "Прохор Дятлов", "Семён Журин", "Аркадий Ремезов",
    "Данила Копытин", "Тихон Сорока", "Ефим Баженов", "Матвей Шубин",
)  # fmt: skip
SOUTH_TECHNICIANS = (
    "Савелий Чижов", "Родион Кречетов", "Никанор Гладких", "Филипп Овсов", "Мирон Заречный", "Тимур Алимов",
)  # fmt: skip

SERVICE_STAFF: tuple[Plan, ...] = (
    Plan("service_north", "Евгений Рудаков", "service_head", NORTH, "Руководитель сервиса", "director"),
    Plan("service_south", "Людмила Вершинина", "service_head", SOUTH, "Руководитель сервиса", "director"),
    Plan("foreman_north", "Геннадий Рябов", "foreman", NORTH, "Мастер цеха", "service_north"),
    Plan("foreman_south", "Анатолий Щукин", "foreman", SOUTH, "Мастер цеха", "service_south"),
    Plan("advisor", "Виталий Седов", "service_advisor", NORTH, ADVISOR, "service_north"),
    Plan("advisor2", "Лилия Аверина", "service_advisor", NORTH, ADVISOR, "service_north"),
    Plan("advisor3", "Кирилл Нестеров", "service_advisor", NORTH, ADVISOR, "service_north"),
    Plan("advisor4", "Эдуард Мамонов", "service_advisor", SOUTH, ADVISOR, "service_south"),
    Plan("advisor5", "Дарья Климова", "service_advisor", SOUTH, ADVISOR, "service_south"),
    Plan(
        "dispatcher_north", "Жанна Калугина", "service_dispatcher", NORTH, "Диспетчер сервиса", "service_north",
        booking=1.1,
    ),
    Plan(
        "dispatcher_south", "Борис Ушаков", "service_dispatcher", SOUTH, "Диспетчер сервиса", "service_south",
        booking=0.88,
    ),
    Plan("control_north", "Валерий Хромов", "quality_controller", NORTH, "Контролёр качества", "foreman_north"),
    Plan("control_south", "Игнат Полозов", "quality_controller", SOUTH, "Контролёр качества", "foreman_south"),
    Plan("parts", "Лев Кладов", "parts_specialist", None, "Специалист склада запчастей", "director"),
    Plan("quality", "Марина Чистякова", "quality_manager", None, "Менеджер по качеству", "director"),
    *(
        Plan(f"tech_n{number}", name, "technician", NORTH, TECHNICIAN, "foreman_north")
        for number, name in enumerate(NORTH_TECHNICIANS, 1)
    ),
    *(
        Plan(f"tech_s{number}", name, "technician", SOUTH, TECHNICIAN, "foreman_south")
        for number, name in enumerate(SOUTH_TECHNICIANS, 1)
    ),
)  # fmt: skip
