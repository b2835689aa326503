"""The guide to drawings: its example runs, and every element that it names has a drawing that is walked."""

import re
from datetime import timedelta

import pytest

from tests.dealer import Dealer
from tests.dealers import dealer, dealer_template
from tests.engine.world import form
from webapp.core.publishing import ROOT

__all__ = ["dealer", "dealer_template"]

GUIDES = {name: (ROOT / "docs/guides" / name).read_text("utf-8") for name in ("processes.md", "processes.ru.md")}
SPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' targetNamespace="http://example.com/guide"'
)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_element_has_its_example(guide: str) -> None:
    named = set(re.findall(r"\(\.\./\.\./(tests/engine/elements/\w+\.bpmn)\)", GUIDES[guide]))

    assert named == {str(path.relative_to(ROOT)) for path in (ROOT / "tests/engine/elements").glob("*.bpmn")}


def example(guide: str) -> str:
    found = re.search(r"```xml\n(.*?)```", GUIDES[guide], re.DOTALL)
    assert found is not None
    return found[1]


def test_the_russian_guide_shows_a_part_of_the_english_example() -> None:
    shown = [line.strip() for line in example("processes.ru.md").splitlines()]
    whole = [line.strip() for line in example("processes.md").splitlines()]

    assert [line for line in shown if line not in whole] == []


def test_the_example_runs(dealer: Dealer) -> None:
    drawing = f"<bpmn:definitions {SPACES}>{example('processes.md')}</bpmn:definitions>"
    seller, centre, now = dealer.people["seller"], dealer.centres["North"], dealer.clock.now()
    files = {"offer.bpmn": drawing.encode(), "offer.form": form("sales/prepare_offer", "variants").encode()}
    with dealer.write() as session:
        dealer.engine.deploy(session, files, actor_id=None, now=now)
        dealer.engine.start(session, "quick_offer", business_key="quick:1", payload={}, actor_id=seller,
                            scope_id=centre, owner_id=seller, now=now)  # fmt: skip

    task = dealer.task()
    assert (task.element, task.assignee_id, task.due_at) == ("prepare_offer", seller, now + timedelta(hours=2))
    dealer.complete("prepare_offer", variants="two")

    assert dealer.outcome() == "won"
    assert dealer.milestones()[-1] == "offered"
