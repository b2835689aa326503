"""Random cases are taken over to a version with other ids, and back, before every step: the oracle notices nothing."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import pytest
from lxml import etree

from engine.spiff import compile_process
from engine.spiff.dead_ends import TooManyWays, waits_for_ever
from engine.spiff.places import markings
from engine.spiff.transfer import transfer
from tests.engine.random_drawings import Drawing
from tests.engine.spiff.test_random_models import CHUNK, MODELS, SEED, Decisions, LockStep

SUFFIX = "_v2"
REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default")


def renamed(tree: etree._Element) -> etree._Element:
    """The same drawing with another id for every element."""
    nodes = [node for node in tree.iter() if node.getparent() is not None and node.getparent().tag != tree.tag]
    ids = {node.get("id") for node in nodes if node.get("id")}
    for node in nodes:
        for name in ("id", *REFERENCES):
            if node.get(name) in ids:
                node.set(name, f"{node.get(name)}{SUFFIX}")
    return tree


class Renamed(Decisions):
    """Is asked about elements of either version."""

    def call_operation(self, element: str, local: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        super().call_operation(element.removesuffix(SUFFIX), local, path)


@dataclass
class Renaming:
    """Every element is there under its other id."""

    to_new: bool

    def image(self, process: str, element: str) -> str:
        return f"{element}{SUFFIX}" if self.to_new else element.removesuffix(SUFFIX)

    def is_same(self, process: str, element: str) -> bool:
        return True


class Transferred(LockStep):
    """A walk whose case is in the other version at every other step."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        here = self.decisions
        self.decisions = Renamed()
        self.decisions.now, self.decisions.taken = here.now, here.taken
        self.case.evaluator = self.decisions
        self.versions = [self.compiled, compile_process(renamed(Drawing(self.model).tree()), "main")]
        self.turns = Random(seed)

    def drawn(self, element: str) -> str:
        return element.removesuffix(SUFFIX)

    def compare(self) -> None:
        super().compare()
        if self.steps and not self.oracle.completed and self.turns.random() < 0.7:
            self.take_over()
            super().compare()

    def take_over(self) -> None:
        self.versions.reverse()
        self.compiled = self.versions[0]
        before = self.case
        waits = sorted(w.guid for w in (*before.open_tasks(), *before.message_waits(), *before.timer_waits()))
        to_new = self.compiled.start_element.endswith(SUFFIX)
        self.case = transfer(
            before,
            self.compiled,
            Renaming(to_new),
            self.decisions,
        )
        for level, marking in markings(self.case):
            with suppress(TooManyWays):  # a drawing that can put any number of tokens before an inclusive join
                assert waits_for_ever(level, marking) is None, (level.name, marking)
        assert not self.case.run()
        after = self.case
        assert waits == sorted(w.guid for w in (*after.open_tasks(), *after.message_waits(), *after.timer_waits()))


@pytest.mark.parametrize("chunk", range((MODELS // 5 + CHUNK - 1) // CHUNK))
def test_a_case_that_was_taken_over_goes_on_as_if_nothing_had_happened(chunk: int) -> None:
    steps = 0
    for number in range(chunk * CHUNK, min((chunk + 1) * CHUNK, MODELS // 5)):
        try:
            steps += Transferred(SEED + number).walk()
        except Exception as problem:
            problem.add_note(f"model with seed {SEED + number}")
            raise
    assert steps > CHUNK
