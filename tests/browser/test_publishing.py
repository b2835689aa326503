"""The drawing is the program: what is changed in a file and deployed is what people see, without a line of Python."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, complete_step, moment, open_task, part
from tests.browser.showroom import Showroom
from tests.databases import url_of
from tests.dealer import ROOT
from tests.engine.world import choice, end, flows, form, milestone, process, user_task

DRAWING = ROOT / "processes/sales/sales_worksheet.bpmn"
OLD_PROMPT = "«Подтверждаем встречу {date} в {time}."
NEW_PROMPT = "«Ждём вас {date} в {time}, кофе уже варится."
OLD_DUE = '<zeebe:property name="due" value="=plan_visit.confirm_by" />'
NEW_DUE = '<zeebe:property name="due" value="PT2H" />'
OLD_CONDITION = '=confirm_visit.outcome = "cancelled"<'
NEW_CONDITION = '=confirm_visit.outcome = "cancelled" or confirm_visit.outcome = "confirmed"<'


def deploy(showroom: Showroom, *files: Path) -> subprocess.CompletedProcess[str]:
    """`marshrut deploy`, in a process of its own beside the running application."""
    environment = os.environ | {
        "MARSHRUT_DATABASE_URL": url_of(showroom.database),
        "MARSHRUT_SECRET_KEY": "for tests only",
        "MARSHRUT_DEFAULT_LANGUAGE": "en",
    }
    command = [sys.executable, "-m", "webapp.cli", "deploy", *map(str, files)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def redraw(folder: Path, *changes: tuple[str, str]) -> Path:
    """The drawing of the worksheet with these passages replaced."""
    text = DRAWING.read_text()
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "sales_worksheet.bpmn").write_text(text)
    return folder / "sales_worksheet.bpmn"


def test_a_running_case_follows_prompt_due_time_and_gateway_of_a_new_version(
    showroom: Showroom, seat: Seat, tmp_path: Path
) -> None:
    monday = showroom.next_monday()
    case = showroom.open_case(name="Лидия Яр", visit_at=monday + timedelta(days=2, hours=5))
    page = seat("seller")
    page.goto(f"/cases/{case}")
    expect(part(page, "prompt")).to_contain_text("Подтверждаем встречу")

    changed = redraw(tmp_path, (OLD_PROMPT, NEW_PROMPT), (OLD_DUE, NEW_DUE), (OLD_CONDITION, NEW_CONDITION))
    done = deploy(showroom, changed)
    assert done.returncode == 0, done.stderr
    assert "1 published" in done.stdout

    page.reload()
    expect(part(page, "prompt")).to_contain_text("кофе уже варится")
    complete_step(page, outcome="moved", new_visit_at=moment(monday + timedelta(days=4, hours=5)))
    due = showroom.task_of(case).due_at
    assert due is not None
    assert timedelta(hours=2) - timedelta(minutes=2) <= due - showroom.clock.now() <= timedelta(hours=2)
    page.goto(f"/cases/{case}")
    complete_step(page, outcome="confirmed")
    assert showroom.task_of(case).element == "follow_up_call"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('value="sales.record_confirmation"', 'value="sales.no_such_operation"', "[confirm_visit]"),
        (OLD_CONDITION, "=__import__(&quot;os&quot;).getcwd()<", "[visit_cancelled]"),
        pytest.param("<?xml version", "<!DOCTYPE x><?xml version", "DOCTYPE", marks=pytest.mark.long),
    ],
    ids=["an unknown operation", "Python in a condition", "a DOCTYPE"],
)
def test_a_bad_drawing_is_refused_with_place_and_reason(
    showroom: Showroom, tmp_path: Path, old: str, new: str, said: str
) -> None:
    if new.startswith("<!DOCTYPE"):
        old, new = "?>\n", "?>\n<!DOCTYPE x>\n"

    refused = deploy(showroom, redraw(tmp_path, (old, new)))

    assert refused.returncode == 1
    assert said in refused.stderr


def test_a_new_process_runs_from_start_to_diary_to_funnel_by_its_files_alone(
    showroom: Showroom, seat: Seat, tmp_path: Path
) -> None:
    folder = tmp_path / "processes"
    folder.mkdir()
    (folder / "callback.bpmn").write_text(CALLBACK)
    for name, text in CALLBACK_FORMS.items():
        (folder / f"{name}.form").write_text(text)

    done = deploy(showroom, *sorted(folder.iterdir()))
    assert done.returncode == 0, done.stderr
    seller = showroom.people["seller"]
    with showroom.write() as session:
        showroom.engine.correlate_message(
            session,
            "callback.requested",
            "callback:1",
            {"topic": "зимние шины"},
            actor_id=None,
            now=showroom.clock.now(),
            scope_id=showroom.centres["North"],
            owner_id=seller,
        )

    page = seat("seller")
    open_task(page, "callback:1")
    expect(part(page, "step-name")).to_have_text("Перезвонить")
    expect(part(page, "prompt").locator("p")).to_have_text("Спросите, что нужно.")
    complete_step(page, outcome="interested", wish="комплект на 17")
    expect(part(page, "step-name")).to_have_text("Отправить расчёт")
    expect(part(page, "known").filter(visible=True).first).to_contain_text("комплект на 17")
    complete_step(page, sent="да")
    expect(part(page, "no-task")).to_be_visible()

    page.goto("/funnel?process=callback&period=all")
    for stage in ("asked", "quoted"):
        expect(part(page, f"bar-{stage}").locator("[role=cell]").nth(2)).to_have_text("1")


CALLBACK = process(
    '<bpmn:startEvent id="requested"><bpmn:messageEventDefinition messageRef="message_callback.requested"/>'
    "</bpmn:startEvent>",
    milestone("was_asked", "asked"),
    user_task(
        "call_back",
        "callback/call",
        role="sales_manager",
        due="PT4H",
        prompt="Ask what is needed.",
        **{"name.ru": "Перезвонить", "prompt.ru": "Спросите, что нужно."},
    ),
    '<bpmn:exclusiveGateway id="is_interested" default="f4"/>',
    user_task(
        "send_quote",
        "callback/quote",
        role="sales_manager",
        due="PT4H",
        prompt="Send it.",
        **{"name.ru": "Отправить расчёт", "prompt.ru": "Отправьте расчёт."},
    ),
    milestone("was_quoted", "quoted"),
    end("quoted_end", outcome="won"),
    end("no_interest", outcome="lost"),
    flows(
        "requested > was_asked",
        "was_asked > call_back",
        "call_back > is_interested",
        "is_interested > no_interest",
        'is_interested > send_quote : call_back.outcome = "interested"',
        "send_quote > was_quoted",
        "was_quoted > quoted_end",
    ),
    key="callback",
    messages=("callback.requested",),
    milestones="asked, quoted",
    **{"name.ru": "Обратный звонок"},
)
CALLBACK_FORMS = {
    "call": form("callback/call", choice("outcome", "interested", "not_now"), "wish"),
    "quote": form("callback/quote", "sent"),
}
