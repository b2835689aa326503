"""An administrator finds a failed step, sees why, mends and retries it; and leads a case that went astray back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from engine.human_tasks.models import HumanTask
from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom, empty_place
from tests.engine.world import end, flows, form, operations, process, user_task
from webapp.core.workflow import register_operations

PHONE = {"width": 390, "height": 844}
ORDER = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("take_order", "test/name", assignee="=begun.to", role="sales_manager", **{"name.ru": "Принять заказ"}),
    '<bpmn:serviceTask id="count_up" name="Count up"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="test.count"/><zeebe:ioMapping><zeebe:input source="=begun.step" target="step"/>'
    '</zeebe:ioMapping><zeebe:properties><zeebe:property name="name.ru" value="Посчитать"/></zeebe:properties>'
    "</bpmn:extensionElements></bpmn:serviceTask>",
    user_task("deliver", "test/name", assignee="=begun.to", role="sales_manager", **{"name.ru": "Выдать"}),
    end("delivered", outcome="won"),
    flows("begun > take_order", "take_order > count_up", "count_up > deliver", "deliver > delivered"),
    key="order",
)


@pytest.fixture(scope="module")
def showroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showroom]:
    """Served by this process alone, however many there are elsewhere: the operations of the test are known to it."""
    with empty_place(request, tmp_path_factory) as (url, folder):
        opened = Showroom.open(url, folder)
        with opened.serving_here():
            yield opened


@pytest.fixture
def case(showroom: Showroom) -> int:
    """An order whose automatic step will not find a number where it needs one."""
    register_operations(showroom.app, operations)
    files = {"order.bpmn": ORDER.encode(), "name.form": form("test/name", "name").encode()}
    with showroom.write() as session:
        showroom.engine.deploy(session, files, actor_id=None, now=showroom.clock.now())
        return showroom.engine.start(
            session,
            "order",
            business_key="order:1",
            payload={"to": showroom.people["seller"], "step": "many"},
            actor_id=None,
            now=showroom.clock.now(),
            scope_id=showroom.centres["North"],
            owner_id=showroom.people["seller"],
        ).instance_id


def task_of(showroom: Showroom, case: int) -> HumanTask:
    return showroom.task_of(case)


@pytest.mark.parametrize(
    ("language", "why", "went"),
    [
        ("en", "The step got no usable value for “step”.", "The step went through."),
        ("ru", "Шаг не получил пригодного значения «step».", "Шаг выполнен."),
    ],
)
def test_a_failed_step_is_found_understood_mended_and_tried_again(
    showroom: Showroom, seat: Seat, case: int, language: str, why: str, went: str
) -> None:
    seller = seat("seller", language=language)
    seller.goto(f"/cases/{case}")
    seller.locator("#step-form [name=name]").fill("Ада")
    part(seller, "complete").click()
    expect(part(seller, "message")).to_be_visible()

    admin = seat("admin", language=language)
    admin.goto("/incidents")
    part(admin, "open-incident").first.click()
    expect(part(admin, "cause")).to_contain_text(why)
    expect(part(admin, "input-step")).to_have_text("many")
    part(admin, "edit-data").click()
    part(admin, "edit-step").click()
    admin.locator("[name=kind]").select_option("number")
    admin.locator("[name=value]").fill("3")
    admin.locator("[name=reason]").fill("В заказе стояло слово")
    part(admin, "value-submit").click()
    expect(part(admin, "input-step")).to_have_text("3")
    part(admin, "retry").click()

    expect(part(admin, "message")).to_contain_text(went)
    expect(part(admin, "attempt")).to_have_count(2)
    assert task_of(showroom, case).element == "deliver"


def test_a_case_that_went_astray_is_led_back_on_a_phone(showroom: Showroom, seat: Seat, case: int) -> None:
    head = seat("head", size=PHONE)
    head.goto(f"/cases/{case}/repair")
    head.locator("#to").select_option(label="Выдать")
    part(head, "preview").click()
    expect(part(head, "withdrawn")).to_contain_text("Принять заказ")
    head.locator("#reason-move").fill("Заказ уже приняли по телефону")
    part(head, "move-submit").click()

    expect(part(head, "message")).to_contain_text("Дело перемещено.")
    assert task_of(showroom, case).element == "deliver"
    head.goto(f"/cases/{case}?view=chronicle")
    expect(head.get_by_text("Перемещено вручную: с шага «Принять заказ» на «Выдать»").first).to_be_visible()
    width = head.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
