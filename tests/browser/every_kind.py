"""A process with a field of every kind, made for tests: an inspection of a car, with its costs and its credit."""

import io
from typing import Any

from PIL import Image

from tests.engine.human_tasks.every_kind import computed, date_field, files, lines, number, text
from tests.engine.world import choice, end, flows, form, process, user_task
from tests.webapp.sales.credit_form import VARIANTS, WISH


def named(component: dict[str, Any], english: str, russian: str, **properties: str) -> dict[str, Any]:
    """The component with its names in both languages."""
    component["properties"] = {**component.get("properties", {}), "label.ru": russian, **properties}
    return {**component, "label": english}


def option(value: str, english: str, russian: str) -> dict[str, str]:
    return {"value": value, "label": english, "label.ru": russian}


WORKS = named(
    lines(
        named(text("title", validate={"required": True}), "Work", "Работа"),
        named(number("hours", decimalDigits=1), "Hours", "Часы"),
        named(number("price", decimalDigits=2, appearance={"suffixAdorner": "₽"}), "Price", "Цена"),
        named(computed("cost", "hours * price", kind="money"), "Cost", "Стоимость", label="Cost"),
        key="works",
    ),
    "Works",
    "Работы",
    max="4",
)
WARRANTY = named(
    {
        "type": "group",
        "components": [
            named(text("warranty_by"), "Who gives it?", "Кто её даёт?"),
            {
                **named(text("warranty_no"), "Its number", "Её номер"),
                "conditional": {"hide": "=warranty_by = null"},
            },
        ],
        "conditional": {"hide": '=outcome != "fit"'},
    },
    "Warranty",
    "Гарантия",
)
RANKS = named(
    {
        "type": "taglist",
        "key": "priorities",
        "values": [
            option("safety", "Safety", "Безопасность"),
            option("price", "Price", "Цена"),
            option("space", "Space", "Простор"),
            option("speed", "Speed", "Динамика"),
        ],
    },
    "What matters most?",
    "Что важнее всего?",
    max="3",
)
INSPECT = form(
    "inspection/inspect",
    {**named(choice("outcome", "fit", "unfit"), "Result", "Итог"), "values": [
        option("fit", "Fit", "Исправен"), option("unfit", "Not fit", "Неисправен")]},
    WORKS,
    named(computed("total", "sum(works.cost)", kind="money"), "Total", "Всего", label="Total"),
    {
        **named(text("approval"), "Who agreed to the costs?", "Кто согласовал расходы?"),
        "conditional": {"hide": "=total = null or total <= 10000"},
    },
    WARRANTY,
    RANKS,
    named({"type": "select", "key": "model", "properties": {"source": "vehicles.models"}}, "Model", "Модель"),
    named(
        {"type": "select", "key": "heard", "properties": {"source": "inquiries.sources"}}, "Heard of us", "Откуда узнал"
    ),
    named(date_field("until"), "Valid until", "Действует до"),
    named(files("photos", "photo", max="3"), "Photos", "Фотографии"),
    named(files("papers", accept=".pdf"), "Papers", "Документы"),
    named(files("signature", "signature", multiple=False), "Customer's signature", "Подпись клиента"),
    named(VARIANTS, "Credit", "Кредит"),
    *WISH,
)  # fmt: skip
INSPECTION = process(
    '<bpmn:startEvent id="came"><bpmn:messageEventDefinition messageRef="message_inspection.asked"/></bpmn:startEvent>',
    user_task(
        "inspect",
        "inspection/inspect",
        role="sales_manager",
        due="PT4H",
        prompt="Look at the car.",
        **{"name.ru": "Осмотреть автомобиль", "prompt.ru": "Осмотрите автомобиль."},
    ),
    user_task(
        "report",
        "inspection/report",
        role="sales_manager",
        due="PT4H",
        prompt="Tell the customer.",
        **{"name.ru": "Рассказать клиенту", "prompt.ru": "Расскажите клиенту."},
    ),
    end("told", outcome="won"),
    flows("came > inspect", "inspect > report", "report > told"),
    key="inspection",
    messages=("inspection.asked",),
    **{"name.ru": "Осмотр"},
)
FILES = {"inspection.bpmn": INSPECTION, "inspect.form": INSPECT, "report.form": form("inspection/report", "told")}
CONTENTS = {name: text.encode() for name, text in FILES.items()}


def picture(colour: str = "red", kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A small image."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
