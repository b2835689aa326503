"""Files to code: the logic of every element, compiled with the names its requirements give it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from engine.clock import SystemClock
from engine.decisions import tables
from engine.decisions.boxed import BoxReader, Names
from engine.decisions.drawing import Decision, Drawn, File, InputData, Knowledge, Reference, Service, line_of
from engine.decisions.item_types import Allowed, TypeReader
from engine.decisions.nodes import Converted, Unreadable
from engine.decisions.table_reading import read_table
from engine.definitions.problems import Problem
from engine.feel import nodes
from engine.feel.budget import Code, Run, Scope
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Compiler
from engine.feel.expression import RULES as FEEL_RULES
from engine.feel.nodes import Node
from engine.feel.types import Conversion, Type, conversion_of
from engine.feel.unary import TESTED, compile_tests

RULES: Final = {**FEEL_RULES, **tables.RULES}


@dataclass(frozen=True)
class Requirement:
    """A required element and where the scope shows it: under a name, within an import's name if that is not empty."""

    reference: Reference
    name: str
    prefix: str = ""


@dataclass(frozen=True)
class Compiled:
    """An element ready to be evaluated. `code` of a decision gives its value, of knowledge its function."""

    drawn: Drawn
    requirements: tuple[Requirement, ...] = ()
    code: Code | None = None
    convert: Conversion | None = None


@dataclass
class Library:
    """What is known of all files while they are compiled."""

    files: Mapping[str, File]
    compiled: dict[Reference, Compiled] = field(default_factory=dict)
    types: dict[str, dict[str, Type]] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    _started: set[str] = field(default_factory=set)

    def drawn(self, reference: Reference) -> Drawn | None:
        file = self.files.get(reference[0])
        return file.elements.get(reference) if file is not None else None

    def find_circles(self) -> None:
        """Report every decision that requires itself through others."""
        finished: set[Reference] = set()
        for start in self.compiled:
            path: dict[Reference, Iterator[Reference]] = {start: iter(self._decisions_of(start))}
            while path:
                last = next(reversed(path))
                part = next((part for part in path[last] if part not in finished), None)
                if part is None:
                    path.pop(last)
                    finished.add(last)
                elif part in path:
                    drawn = self.compiled[part].drawn
                    details = {"element": drawn.name}
                    self.problems.append(Problem("dmn_circle", drawn.id, line_of(drawn.node), details))
                    finished.update(path)
                    break
                else:
                    path[part] = iter(self._decisions_of(part))

    def _decisions_of(self, reference: Reference) -> list[Reference]:
        compiled = self.compiled.get(reference)
        parts = compiled.requirements if compiled is not None and isinstance(compiled.drawn, Decision) else ()
        return [part.reference for part in parts if isinstance(self.drawn(part.reference), Decision)]

    def compile_file(self, file: File) -> None:
        """Imported files first: their types are needed."""
        if file.namespace in self._started:
            return
        self._started.add(file.namespace)
        imported: dict[str, Type] = {}
        for namespace, prefix in file.imports.items():
            other = self.files.get(namespace)
            if other is None:
                self.problems.append(Problem("dmn_import_missing", details={"namespace": namespace}, source=file.name))
                continue
            self.compile_file(other)
            own = self.types.get(namespace, {})
            imported |= {f"{prefix}.{name}" if prefix else name: type_ for name, type_ in own.items()}
            self.members |= {drawn.name for drawn in other.elements.values()}
        FileCompiler(self, file, imported).compile()


class FileCompiler:
    """Compiles one file into the library."""

    def __init__(self, library: Library, file: File, imported: Mapping[str, Type]) -> None:
        self._library = library
        self._file = file
        self._types = TypeReader(imported, self._allowed, self._report)
        self._reader = BoxReader(self._types.types, library.members, self._types.resolve, self._report, read_table)

    def compile(self) -> None:
        self._types.read_all(self._file.item_definitions)
        self._library.types[self._file.namespace] = self._types.types
        self._library.members |= self._types.members
        self._reader = BoxReader(
            self._types.types, self._library.members, self._types.resolve, self._report, read_table
        )
        for reference, drawn in self._file.elements.items():
            self._library.compiled[reference] = self._compile(drawn)

    def _compile(self, drawn: Drawn) -> Compiled:
        type_ = self._types.resolve(drawn.type_ref, drawn.node)
        if isinstance(drawn, InputData):
            return Compiled(drawn, convert=conversion_of(type_) if type_ else None)
        if isinstance(drawn, Service):
            return self._service(drawn, type_)
        if isinstance(drawn, Decision):
            requirements = self._requirements(drawn, drawn.requires)
            node = (
                self._reader.expression(drawn.logic, _shown(requirements)) if drawn.logic is not None else Unreadable()
            )
            made: Node = Converted(node, type_) if type_ else node
            return Compiled(drawn, requirements, self._code(made, drawn, _shown(requirements)), _conversion(type_))
        if not isinstance(drawn, Knowledge):
            raise TypeError(drawn)
        own = Requirement(drawn.reference, drawn.name)  # a function may call itself
        requirements = (*self._requirements(drawn, drawn.requires), own)
        function = self._function(drawn, type_, _shown(requirements))
        return Compiled(drawn, requirements, self._code(function, drawn, _shown(requirements)))

    def _function(self, drawn: Knowledge, type_: Type | None, names: Names) -> Node:
        if drawn.function is None:
            return Unreadable()
        made = self._reader.function(drawn.function, names)
        result = type_.result if type_ is not None and type_.name == "function" else type_
        if isinstance(made, nodes.FunctionOf) and result is not None:
            return replace(made, body=Converted(made.body, result))
        return made

    def _service(self, drawn: Service, type_: Type | None) -> Compiled:
        parameters = self._requirements(drawn, (*drawn.inputs, *drawn.input_decisions))
        self._requirements(drawn, drawn.outputs)
        result = type_.result if type_ is not None and type_.name == "function" else type_
        return Compiled(drawn, parameters, None, _conversion(result))

    def _code(self, node: Node, drawn: Drawn, names: Names) -> Code | None:
        compiler = Compiler(RULES)
        try:
            with compiler.frame(set(names)):
                code = compiler.compile(node)
        except RecursionError:
            self._report("dmn_too_deep", drawn.node, limit=60)
            return None
        self._report_unknown(compiler, drawn.node)
        return code

    def _report_unknown(self, compiler: Compiler, node: etree._Element) -> None:
        for name in sorted(compiler.functions - BUILTINS.keys()):
            self._report("dmn_unknown_function", node, function=name)
        for name in sorted(compiler.free_names - BUILTINS.keys()):
            self._report("dmn_unknown_name", node, name=name)

    def _requirements(self, drawn: Drawn, references: Iterable[Reference]) -> tuple[Requirement, ...]:
        """Those that exist; what is missing or not imported is reported."""
        found = []
        for reference in references:
            target = self._library.drawn(reference)
            prefix = "" if reference[0] == self._file.namespace else self._file.imports.get(reference[0])
            if target is None or prefix is None:
                self._report("dmn_requirement_missing", drawn.node, reference="#".join(reference))
                continue
            found.append(Requirement(reference, target.name, prefix))
        return tuple(found)

    def _allowed(self, node: etree._Element, text: str) -> Allowed:
        """Allowed values: tests that see nothing but the value."""
        cell = self._reader.tests(text, node, ())
        compiler = Compiler(RULES)
        with compiler.frame({TESTED}):
            verdict = compile_tests(compiler, cell.tests, cell.negated)
        self._report_unknown(compiler, node)

        def allows(value: object) -> bool:
            run = Run(SystemClock().now())
            return verdict(value, Scope({TESTED: value}, Scope({}, None, run), run)) is True

        return allows, cell.weight

    def _report(self, code: str, node: etree._Element, **details: object) -> None:
        owner: etree._Element | None = node
        while owner is not None and owner.get("id") is None and owner.get("name") is None:
            owner = owner.getparent()
        element = (owner.get("id") or owner.get("name")) if owner is not None else None
        self._library.problems.append(Problem(code, element, line_of(node), details, source=self._file.name))


def _shown(requirements: Iterable[Requirement]) -> Names:
    return tuple(dict.fromkeys(requirement.prefix or requirement.name for requirement in requirements))


def _conversion(type_: Type | None) -> Conversion | None:
    return conversion_of(type_) if type_ is not None else None
