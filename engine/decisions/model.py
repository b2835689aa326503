"""A model ready to decide: evaluation of its graph of requirements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.clock import SystemClock
from engine.decisions.compiling import Compiled, Library
from engine.decisions.drawing import (
    Decision,
    Drawn,
    File,
    InputData,
    Knowledge,
    Reference,
    Service,
    read_file,
    titles_of,
)
from engine.decisions.errors import DecisionError
from engine.decisions.run import DecisionRun, Step
from engine.definitions.problems import DefinitionRejected, Problem
from engine.feel.budget import Scope, measure
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.types import Conversion
from engine.feel.values import UNFIT, FeelFunction, canonical

SERVICE_DEPTH: Final = 20  # what a call of a service counts in the budget of calls within calls
MAX_FILES: Final = 50


@dataclass(frozen=True)
class Evaluation:
    """A value and how it came about: every decision that was worked out, in the order it was finished."""

    value: object
    steps: Sequence[Step]


class Model:
    """Compiled files; immutable, shared by threads.

    `problems`: what is wrong with the files, each with element and line. What could not be read gives null,
    so a file that is put to use should have no problems.
    """

    def __init__(self, file: File, library: Library) -> None:
        self.id, self.name = file.id, file.name
        self.imports = frozenset(file.imports)  # namespaces
        self.problems: tuple[Problem, ...] = tuple(library.problems)
        self.files = library.files
        self._file = file
        self._compiled = library.compiled
        self._index = _index_of(file.elements.values())

    def asked_by_id(self) -> dict[str, frozenset[str]]:
        """Id of each decision and service of the file -> the names of what it needs to be given."""
        asked = (drawn for drawn in self._file.elements.values() if isinstance(drawn, Decision | Service))
        return {drawn.id: frozenset(self._needed(drawn)) for drawn in asked}

    def titles(self, decision: str) -> dict[str, str]:
        """What people call the decision of this id, by language; empty when the file does not say."""
        return titles_of(self._compiled[self._find(decision)].drawn.node)

    def _needed(self, drawn: Drawn) -> set[str]:
        if isinstance(drawn, Service):
            return {self._compiled[each].drawn.name for each in (*drawn.input_decisions, *drawn.inputs)}
        needed: set[str] = set()
        seen, agenda = {drawn.reference}, [drawn]
        while agenda:
            each = agenda.pop()
            if isinstance(each, InputData):
                needed.add(each.name)
            for reference in each.requires if isinstance(each, Decision) else ():
                if reference not in seen and reference in self._compiled:
                    seen.add(reference)
                    agenda.append(self._compiled[reference].drawn)
        return needed

    @property
    def decisions(self) -> tuple[str, ...]:
        """The names of the decisions of the file itself."""
        return self._names(Decision)

    @property
    def services(self) -> tuple[str, ...]:
        return self._names(Service)

    @property
    def inputs(self) -> tuple[str, ...]:
        return self._names(InputData)

    def _names(self, kind: type[Drawn]) -> tuple[str, ...]:
        return tuple(drawn.name for drawn in self._file.elements.values() if isinstance(drawn, kind))

    def evaluate(self, name: str, inputs: Mapping[str, object] | None = None, *, now: datetime | None = None) -> object:
        """The value of a decision, decision service or business knowledge model, named by id or name.

        `inputs`: values of input data (for a service also of its input decisions, for knowledge of its
        parameters) by name; missing ones are null. `now` is the present moment in UTC unless given.
        Raises DecisionError for an unknown name or decisions that require each other, FeelBudgetExceeded,
        and FeelEvaluationError for a Python object that is no value.
        """
        return self.explain(name, inputs, now=now).value

    def explain(
        self, name: str, inputs: Mapping[str, object] | None = None, *, now: datetime | None = None
    ) -> Evaluation:
        """As evaluate(), with the steps that led to the value."""
        compiled = self._compiled[self._find(name)]
        run = DecisionRun(now or SystemClock().now(), inputs or {})
        try:
            value = self._asked(compiled, run)
            measure(value, run)
        except RecursionError:
            raise FeelBudgetExceeded("feel_calls_too_deep") from None
        return Evaluation(value, run.steps_taken)

    def _find(self, name: str) -> Reference:
        found = self._index.get(name) or self._index.get(" ".join(name.split()))
        if found is None:
            raise DecisionError("dmn_unknown_decision", element=name)
        return found

    def _asked(self, compiled: Compiled, run: DecisionRun) -> object:
        if isinstance(compiled.drawn, Decision):
            return self._value(compiled.drawn.reference, run)
        function = self._value(compiled.drawn.reference, run)
        if not isinstance(function, FeelFunction):
            return None
        given = dict(zip(function.parameters, self._arguments(compiled, function, run), strict=True))
        with run.step(Step(_kind(compiled.drawn), compiled.drawn.id, compiled.drawn.name, given)) as step:
            step.value = function.invoke(run, list(given.values()))
        return step.value

    def _arguments(self, compiled: Compiled, function: FeelFunction, run: DecisionRun) -> list[object]:
        """What the host hands in for the parameters; for a service what is of a wrong type is null."""
        if isinstance(compiled.drawn, Service):
            targets = [(part.name, self._compiled[part.reference]) for part in compiled.requirements]
            return [_converted(self._given(target.drawn, run), target.convert, run) for _, target in targets]
        return [canonical(run.inputs.get(name), run) for name in function.parameters]

    # --- values of elements -------------------------------------------------------------------

    def _value(self, reference: Reference, run: DecisionRun) -> object:
        if reference in run.known:
            return run.known[reference]
        compiled = self._compiled[reference]
        drawn = compiled.drawn
        if isinstance(drawn, InputData):
            value = _converted(self._given(drawn, run), compiled.convert, run)
        elif isinstance(drawn, Decision):
            value = self._decide(compiled, run)
        elif isinstance(drawn, Knowledge):
            return self._knowledge(compiled, run)
        elif isinstance(drawn, Service):
            value = self._service(compiled, drawn, run)
        else:
            raise TypeError(drawn)
        run.known[reference] = value
        return value

    def _given(self, drawn: Drawn, run: DecisionRun) -> object:
        """The host's value: by name or id, for an imported element also within the import's name or dotted."""
        prefix = self._file.imports.get(drawn.reference[0], "")
        inside = run.inputs.get(prefix) if prefix else None
        if isinstance(inside, Mapping) and drawn.name in inside:
            return canonical(inside[drawn.name], run)
        for key in (f"{prefix}.{drawn.name}", drawn.name, drawn.id):
            if key in run.inputs:
                return canonical(run.inputs[key], run)
        return None

    def _decide(self, compiled: Compiled, run: DecisionRun) -> object:
        drawn = compiled.drawn
        if drawn.reference in run.active:
            raise DecisionError("dmn_circle", element=drawn.name)
        run.active.add(drawn.reference)
        run.charge(5)
        values = self._scope_values(compiled, run)
        given = {name: value for name, value in values.items() if not isinstance(value, FeelFunction)}
        with run.step(Step("decision", drawn.id, drawn.name, given)) as step:
            step.value = compiled.code(_root(values, run)) if compiled.code else None
        run.active.discard(drawn.reference)
        return step.value

    def _scope_values(self, compiled: Compiled, run: DecisionRun) -> dict[str, object]:
        values: dict[str, object] = {}
        imported: dict[str, dict[str, object]] = {}
        for part in compiled.requirements:
            value = self._value(part.reference, run)
            if part.prefix:
                imported.setdefault(part.prefix, {})[part.name] = value
            else:
                values[part.name] = value
        return {**values, **imported}

    def _knowledge(self, compiled: Compiled, run: DecisionRun) -> object:
        """The function; it is known before what it requires, so functions may call each other and themselves."""
        values: dict[str, object] = {}
        function = compiled.code(_root(values, run)) if compiled.code else None
        run.known[compiled.drawn.reference] = function
        values.update(self._scope_values(compiled, run))
        return function

    def _service(self, compiled: Compiled, drawn: Service, run: DecisionRun) -> FeelFunction:
        parts = compiled.requirements
        names = tuple(part.name for part in parts)

        def body(scope: Scope) -> object:
            known = {part.reference: scope.values[part.name] for part in parts}
            with run.isolated(known):
                outputs = [(self._compiled[ref].drawn.name, self._value(ref, run)) for ref in drawn.outputs]
            value = outputs[0][1] if len(outputs) == 1 else dict(outputs)
            return _converted(value, compiled.convert, run)

        types = tuple(self._compiled[part.reference].convert for part in parts)
        return FeelFunction(names, types, body, _root({}, run), SERVICE_DEPTH)


def _root(values: dict[str, object], run: DecisionRun) -> Scope:
    """The scope of one element's logic; beyond it there is nothing."""
    return Scope(values, Scope({}, None, run), run)


def _converted(value: object, convert: Conversion | None, run: DecisionRun) -> object:
    if value is None or convert is None:
        return value
    made = convert(value, run)
    return None if made is UNFIT else made


def _kind(drawn: Drawn) -> str:
    return "service" if isinstance(drawn, Service) else "knowledge"


def _index_of(elements: Iterable[Drawn]) -> dict[str, Reference]:
    """Names and ids of what can be evaluated; a decision comes before a service of the same name, names before ids."""
    index: dict[str, Reference] = {}
    ranked = [drawn for kind in (Decision, Service, Knowledge) for drawn in elements if isinstance(drawn, kind)]
    for drawn in ranked:
        index.setdefault(drawn.name, drawn.reference)
    for drawn in ranked:
        index.setdefault(drawn.id, drawn.reference)
    return index


def parse(xml: bytes | str, imports: Sequence[bytes | str | Model] = ()) -> Model:
    """A DMN file and the files it imports (as XML, or parsed already), compiled.

    Raises DefinitionRejected when one is no DMN at all.
    """
    if len(imports) >= MAX_FILES:
        raise DefinitionRejected([Problem("dmn_too_many_files", details={"limit": MAX_FILES})])
    file = read_file(xml)
    files: dict[str, File] = {}
    for other in imports:
        if isinstance(other, Model):
            files |= other.files
        else:
            read = read_file(other)
            files[read.namespace] = read
    files[file.namespace] = file
    library = Library(files)
    library.compile_file(file)
    library.find_circles()
    return Model(file, library)
