"""R17: acts on one case, alone and two at once, against a plain model: what comes out is one order or the other.

Two worlds stand for two processes, each with its own memory of cases. A sequence that fails is printed.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engine.checking import check_cases
from engine.database import Database
from tests.engine.world import CENTRE, NOW, SELLER, World
from tests.reliability.model import (
    ACTORS,
    ACTS,
    BRANCHES,
    DRAWING,
    FORM,
    NEXT_DRAWING,
    Act,
    Case,
    Model,
    carry_out,
    imagine,
    observe,
)

pytestmark = pytest.mark.reliability

_texts = (f"text {number}" for number in count(1))
acts = st.builds(
    Act,
    kind=st.sampled_from([*ACTS, "complete"]),
    branch=st.sampled_from(BRANCHES),
    actor=st.sampled_from(list(ACTORS)),
    text=st.sampled_from("abcdefgh"),
    more=st.integers(0, 5).map(bool),
    page=st.sampled_from([0, 0, 0, 0, 1]),  # how many steps ago it was opened
)


class OneCase(RuleBasedStateMachine):
    """A case at the hands of two people in two processes."""

    worlds: tuple[World, World]
    pool: ThreadPoolExecutor

    def __init__(self) -> None:
        super().__init__()
        world = self.worlds[0]
        with world.database.write() as session:
            started = world.engine.start(
                session,
                "model",
                business_key=next(_texts),
                payload={},
                actor_id=SELLER,
                now=NOW,
                scope_id=CENTRE,
                owner_id=SELLER,
            )
        self.case = Case(started.instance_id, {})
        self.model = observe(world, self.case)
        self.acted = count(1)

    def _meant(self, act: Act) -> Act:
        """The step that is meant by its number, and a text of its own: its key is that of this command alone."""
        page = max(0, self.model.branches[act.branch].newest - act.page)
        return replace(act, text=f"{act.text}{next(self.acted)}", page=page)

    @rule(act=acts, process=st.integers(0, 1))
    def alone(self, act: Act, process: int) -> None:
        act = self._meant(act)
        expected, after = imagine(self.model, act)

        assert carry_out(self.worlds[process], self.case, act) == expected
        self.model = after

    @rule(one=acts, other=acts)
    def at_once(self, one: Act, other: Act) -> None:
        one, other = self._meant(one), self._meant(other)
        begin = threading.Barrier(2)
        first = self.pool.submit(self._together, self.worlds[0], one, begin)
        second = self.pool.submit(self._together, self.worlds[1], other, begin)
        outcomes = first.result(), second.result()
        seen = observe(self.worlds[0], self.case)

        assert (outcomes, seen) in list(self._orders(one, other))
        self.model = seen

    def _together(self, world: World, act: Act, begin: threading.Barrier) -> str:
        begin.wait(30)
        return carry_out(world, self.case, act)

    def _orders(self, one: Act, other: Act) -> Iterator[tuple[tuple[str, str], Model]]:
        """What comes of the two in either order."""
        first, between = imagine(self.model, one)
        second, after = imagine(between, other)
        yield (first, second), after
        second, between = imagine(self.model, other)
        first, after = imagine(between, one)
        yield (first, second), after

    @invariant()
    def the_case_is_as_the_model_says(self) -> None:
        assert observe(self.worlds[0], self.case) == self.model

    def teardown(self) -> None:
        world = self.worlds[0]
        with world.database.read() as session:
            found = [
                each
                for each in check_cases(session, world.engine.store, now=NOW)
                if each.instance_id == self.case.number
            ]
        assert found == []


@pytest.mark.parametrize("sequences", [30, pytest.param(10_000, marks=pytest.mark.long)])
def test_what_happens_is_what_the_model_says(sequences: int, database: Database) -> None:
    first = World(database)
    first.deploy(DRAWING, FORM)
    first.deploy(NEXT_DRAWING)
    with ThreadPoolExecutor(2) as pool:
        machine = type("OneCase", (OneCase,), {"worlds": (first, World(database)), "pool": pool})
        chosen = settings(
            max_examples=sequences,
            stateful_step_count=12,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a race takes minutes and loses it
            print_blob=True,
        )
        run_state_machine_as_test(machine, settings=chosen)
