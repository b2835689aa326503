"""Moving a token to another element of the same process: what goes, what comes, and what must not be.

The rule for parallel parts: a move stays within one branch, or leaves the whole part, or enters one branch of it from
outside. Who leaves takes everything in it along; who enters counts the other branches as done. So after every move
that is not refused each join still gets exactly what it waits for.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import BusinessError
from engine.spiff.gateways import CAME_FROM, EventGateway
from engine.spiff.parallel import Fork, Level, is_join
from engine.spiff.parser import CompiledProcess
from engine.spiff.surgery import Token, enter, put, put_at_join, tokens_in, whole, withdraw
from engine.spiff.tree import CaseTask, CaseTree

Path = tuple[str, ...]


class MoveRefused(BusinessError):
    """A token cannot be moved like this. Codes: move_target_unknown, move_to_start, move_to_boundary,
    move_behind_gateway, move_to_join, move_into_loop, move_across_branches, move_across_side_branch, token_unknown."""


@dataclass(frozen=True)
class MovePlan:
    """What a move does: tokens that go, sub-processes opened around the target, branches that count as done."""

    withdrawn: tuple[Token, ...]
    opened: tuple[str, ...]
    done: tuple[tuple[str, str], ...]  # a join, and the element before it


class Move:
    """One move, checked; `carry_out` makes it. `guid` None: the target gets a token in a case that has none."""

    def __init__(
        self, compiled: CompiledProcess, tree: CaseTree, guid: str | None, element: str, path: Path = ()
    ) -> None:
        self._tree = tree
        self._element = element
        self._path = path
        self._levels = check_target(compiled, element, path)
        self._chain: list[Any] = [tree]
        self._leaving: CaseTask | None = None
        if guid is not None:
            self._find(guid)
        self._gone: list[CaseTask] = [] if self._leaving is None else [self._leaving]
        self._missing: list[list[tuple[str, str]]] = []
        for depth in range(len(self._chain) - 1, len(path) + 1):
            target = path[depth] if depth < len(path) else element
            self._missing.append(self._weigh(self._levels[depth], target, outermost=not self._missing))

    @property
    def plan(self) -> MovePlan:
        withdrawn = tuple(token for task in self._gone for token in _everything(self._tree, task))
        done = tuple(pair for level in self._missing for pair in level)
        return MovePlan(withdrawn, self._path[len(self._chain) - 1 :], done)

    def carry_out(self) -> MovePlan:
        """Make the move; then call `run`."""
        plan = self.plan
        for task in self._gone:
            withdraw(task)
        scope = self._chain[-1]
        for depth, missing in enumerate(self._missing, start=len(self._chain) - 1):
            for join, source in missing:
                put_at_join(scope, join, source)
            if depth < len(self._path):
                scope = enter(scope, self._path[depth])
        put(scope, self._element)
        return plan

    def _find(self, guid: str) -> None:
        task = self._tree.find(guid)
        if task is None or not task.alive:
            raise MoveRefused("token_unknown", f"no token {guid}", guid=guid)
        around = [task.workflow]
        while around[0] is not self._tree:
            around.insert(0, around[0].host.workflow)
        leaving = task
        for depth, scope in enumerate(around[1:], start=1):
            if depth > len(self._path) or scope.path != self._path[:depth] or scope.host.triggered:
                leaving = scope.host
                break
            self._chain.append(scope)
        self._leaving = whole(leaving)

    def _weigh(self, spec: Any, target: str, *, outermost: bool) -> list[tuple[str, str]]:
        """Check the move on one level; what its joins get counted as arrived."""
        level = Level(spec)
        leaving = self._leaving if outermost else None
        side = frozenset() if leaving is None else level.side_of(_position(leaving))
        if level.side_of(target) != side:
            raise MoveRefused("move_across_side_branch", f"{target} is on another branch", element=target)
        missing: Counter[tuple[str, str]] = Counter()
        for fork in level.forks:
            here = target in fork.inside
            if leaving is not None and _is_inside(leaving, fork):
                if not here:
                    self._leave(level, fork, side)
                elif fork.ways_to(_position(leaving)) != fork.ways_to(target):
                    raise MoveRefused("move_across_branches", f"{target} is in another branch", element=target)
            elif here:
                missing |= level.missing_at_joins(fork, target)
        return sorted(missing.elements())

    def _leave(self, level: Level, fork: Fork, side: frozenset[str]) -> None:
        """Everything between a fork and its meeting goes along."""
        for token in tokens_in(self._chain[-1]):
            task = self._chain[-1].tasks[token.guid]
            if task not in self._gone and _is_inside(task, fork) and level.side_of(_position(task)) == side:
                self._gone.append(task)


def check_target(compiled: CompiledProcess, element: str, path: Path) -> list[Any]:
    """The specs of the levels down to the target. Raises MoveRefused if no token can be put there."""
    levels = [compiled.specs[compiled.process_id]]
    for host in path:
        key = levels[-1].scopes.get(host)
        if key is None or key not in compiled.specs:
            raise MoveRefused("move_target_unknown", f"{host} holds nothing", element=host)
        if levels[-1].task_specs[host].repeats:
            raise MoveRefused("move_into_loop", f"{host} is repeated", element=element)
        levels.append(compiled.specs[key])
    spec = levels[-1].task_specs.get(element)
    if spec is None or spec.element != element:
        raise MoveRefused("move_target_unknown", f"there is no {element}", element=element)
    refused = _refusal(levels[-1], spec)
    if refused is not None:
        raise MoveRefused(refused, f"no token can be put on {element}", element=element)
    return levels


def targets(compiled: CompiledProcess) -> Iterator[tuple[str, Path]]:
    """Every element that a token may be put on, in the order of the drawing, with its path; loops stay closed."""
    yield from _targets(compiled, compiled.process_id, ())


def _targets(compiled: CompiledProcess, key: str, path: Path) -> Iterator[tuple[str, Path]]:
    level = compiled.specs[key]
    for name in compiled.facts[key]:
        spec = level.task_specs[name]
        if _refusal(level, spec) is None:
            yield name, path
        inner = level.scopes.get(name)
        if inner is not None and not spec.repeats and len(path) < len(compiled.specs):
            yield from _targets(compiled, inner, (*path, name))


def _refusal(level: Any, spec: Any) -> str | None:
    if spec.kind == "startEvent":
        return "move_to_start"
    if spec.kind == "boundaryEvent":
        return "move_to_boundary"
    if any(isinstance(level.task_specs[name], EventGateway) for name in spec._inputs):
        return "move_behind_gateway"
    return "move_to_join" if is_join(spec) else None


def _position(task: CaseTask) -> str:
    """Where a token stands, by the name of a spec; one that waits at a join still stands where it came from."""
    came = task.internal_data.get(CAME_FROM)
    if isinstance(came, str):
        return came
    if task.parent is not None and isinstance(task.parent.task_spec, EventGateway):
        return task.parent.task_spec.name  # type: ignore[no-any-return]
    return task.task_spec.name  # type: ignore[no-any-return]


def _is_inside(task: CaseTask, fork: Fork) -> bool:
    position = _position(task)
    if position == fork.name and CAME_FROM in task.internal_data:
        return task.task_spec.name == fork.meeting or task.task_spec.name in fork.inside
    return position in fork.inside


def _everything(tree: CaseTree, task: CaseTask) -> Sequence[Token]:
    """A token with all that stand inside it."""
    found: list[Token] = []
    inside = [task]
    while inside:
        each = inside.pop()
        held = next((token for token in tokens_in(each.workflow) if token.guid == each.id), None)
        if held is not None:
            found.append(held)
        scope = tree.subprocesses.get(each.id)
        inside += [] if scope is None else [scope.tasks[token.guid] for token in tokens_in(scope)]
        if each.task_spec.repeats:
            inside += [child for child in each.children if child.alive]
    return found
