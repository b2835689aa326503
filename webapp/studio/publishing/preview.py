"""What publishing a draft would do: what stands in its way, what changes, and what becomes of running cases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.definitions.comparing import ChangeKind, compare_forms, compare_processes
from engine.definitions.comparing_tables import compare_tables
from engine.definitions.flow_shape import same_flow
from engine.definitions.model import ProcessModel
from engine.definitions.problems import DefinitionRejected, Problem
from engine.definitions.store import Definition
from engine.errors import UnknownDefinition
from engine.human_tasks.forms import read_form
from engine.kernel import Kernel
from engine.migration.looking import Impact, impact
from engine.migration.mapping import Change, Pairs, wrong_pairs
from webapp.core.i18n import current_language
from webapp.studio import drafts
from webapp.studio.checks import examine_drafts
from webapp.studio.decisions.testing import Result, run_all
from webapp.studio.decisions.words import told_of
from webapp.studio.models import Draft, DraftKind
from webapp.studio.planning import Plan, plan
from webapp.studio.publishing.conditions import Conditions
from webapp.studio.publishing.inside import Inside, inside
from webapp.studio.publishing.wording import Line, Said, Words, form_label, table_line
from webapp.studio.queries import cases_before, run_on, standing_at
from webapp.studio.testing.cases import replay_cases
from webapp.studio.testing.words import case_difference


@dataclass(frozen=True)
class FilePart:
    """What changes in one file that is published along."""

    draft: Draft
    title: str
    is_new: bool
    lines: Sequence[Line]


@dataclass(frozen=True)
class CaseImpact:
    """What becomes of the open cases of a process, of the newest version on which any run.

    `follow`: they go over at once by themselves. `before`: cases on versions older than that.
    """

    old: Definition
    new: Definition
    impact: Impact
    plan: Plan
    follow: bool
    before: int


@dataclass(frozen=True)
class Kept:
    """A test that was kept, tried with the draft. `said`: why it does not hold any more; empty: as expected."""

    name: str
    said: str


@dataclass(frozen=True)
class Preview:
    """Everything that is to be known before a draft is published."""

    draft: Draft
    files: Sequence[FilePart]
    problems: Sequence[Problem]
    cases: CaseImpact | None
    inside: Inside | None = None  # other cases, in which it runs as a called process
    runs: Sequence[Kept] = ()
    tests: Sequence[Kept] = ()  # of tables

    @property
    def together(self) -> Sequence[Draft]:
        """The draft and what goes with it, as they were looked at."""
        return [file.draft for file in self.files]

    @property
    def errors(self) -> Sequence[Problem]:
        return [each for each in self.problems if not each.warning]

    @property
    def changes(self) -> int:
        return sum(len(file.lines) or file.is_new for file in self.files)

    @property
    def focus(self) -> str:
        """The element that is shown first."""
        shown = (line.element for line in self.files[0].lines if line.kind is not ChangeKind.REMOVED)
        return next(shown, "")

    def counts(self) -> Counter[ChangeKind]:
        return Counter(line.kind for line in self.files[0].lines)


def preview(session: Session, kernel: Kernel, draft: Draft, *, pairs: Pairs | None = None, now: datetime) -> Preview:
    """Compare the draft and what goes with it to what is live, and look at the running cases. Nothing is written."""
    together = drafts.together(session, draft)
    examined = examine_drafts(session, kernel, together)
    live = drafts.live_texts(session, [(each.kind, each.key) for each in together])
    files = [_file(session, kernel, each, live.get((each.kind, each.key))) for each in together]
    tables = [each for each in together if each.kind is DraftKind.DECISION]
    tests = [_kept(each) for report in run_all(session, tables, now=now) for each in report.results]
    if draft.kind is not DraftKind.PROCESS or examined.errors:
        return Preview(draft, files, examined.problems, None, tests=tests)
    cases = _cases(session, kernel, draft, pairs, now)
    held = inside(session, kernel, draft.key, frozenset(each.key for each in drafts.models_of_text(draft.body)))
    return Preview(draft, files, examined.problems, cases, held, _runs(session, kernel, together, now), tests)


def changed_lines(session: Session, kernel: Kernel, draft: Draft) -> Sequence[Line]:
    """What changes in the draft itself."""
    return _file(session, kernel, draft, drafts.live_text(session, draft.kind, draft.key)).lines


def process_lines(session: Session, kernel: Kernel, before: str, after: str) -> list[Line]:
    """What one text of a drawing changes against another."""
    old, new = ({model.key: model for model in drafts.models_of_text(text)} for text in (before, after))
    live = {definition.key: definition.model for definition in kernel.store.live(session)}
    conditions = Conditions(session, {**live, **new})
    lines: list[Line] = []
    for key in new:
        was = old.get(key) or ProcessModel(key, new[key].name, {}, {}, {}, {}, {})
        words = Words(was, new[key], kernel.operations, conditions)
        lines += [words.line(each) for each in compare_processes(was, new[key])]
    return lines


def _file(session: Session, kernel: Kernel, draft: Draft, live: drafts.Live | None) -> FilePart:
    title = drafts.title_of(draft, current_language())
    if live is None or live.text == draft.body:
        return FilePart(draft, title, live is None, ())
    if draft.kind is DraftKind.PROCESS:
        lines = process_lines(session, kernel, live.text, draft.body)
    elif draft.kind is DraftKind.FORM:
        lines = _form_lines(live.text, draft.body)
    else:
        lines = _decision_lines(live.text, draft.body)
    return FilePart(draft, title, False, lines)


def _form_lines(before: str, after: str) -> list[Line]:
    try:
        old, new = read_form(before), read_form(after)
    except DefinitionRejected:
        return []  # the checks say what is wrong with it
    language = current_language()
    return [
        Line(
            kind,
            field.key,
            field.label.in_language(language) or field.key,
            "",
            tuple(Said(form_label(part.name), part.old, part.new) for part in parts),
        )
        for kind, field, parts in compare_forms(old, new)
    ]


def _decision_lines(before: str, after: str) -> list[Line]:
    try:
        changed = list(compare_tables(before, after))
    except DefinitionRejected:
        return []  # the checks say what is wrong with it
    return [table_line(each) for each in changed]


def _runs(session: Session, kernel: Kernel, together: Sequence[Draft], now: datetime) -> list[Kept]:
    draft = together[0]
    report = replay_cases(session, kernel, draft.key, drafts.files_of(together), now=now)
    if not report.cases:
        return []
    drawn = kernel.store.preview(session, draft.key, draft.body)
    return [Kept(each.case.name, "" if each.is_same else case_difference(each, drawn)) for each in report.cases]


def _kept(result: Result) -> Kept:
    return Kept(result.test.name, "" if result.passed else told_of(result))


def _cases(session: Session, kernel: Kernel, draft: Draft, pairs: Pairs | None, now: datetime) -> CaseImpact | None:
    try:
        live = kernel.store.latest(session, draft.key)
    except UnknownDefinition:
        return None
    old = kernel.store.get(session, run_on(session, draft.key, live.id))
    new = kernel.store.preview(session, draft.key, draft.body)
    drawn = plan(old, new, standing_at(session, old.id), pairs)
    change = Change(old, new, chosen_pairs(drawn) if pairs is None else pairs)
    if next(wrong_pairs(change), None) is not None:
        change = Change(old, new, chosen_pairs(drawn))
    follow = old.id == live.id and same_flow(old, new)
    found = impact(session, kernel, change, now=now)
    return CaseImpact(old, new, found, drawn, follow, cases_before(session, draft.key, old.id))


def chosen_pairs(drawn: Plan) -> Mapping[str, Mapping[str, str]]:
    """The proposals of a plan as they stand."""
    pairs: dict[str, dict[str, str]] = {}
    for choice in drawn.choices:
        if choice.chosen:
            pairs.setdefault(choice.lost.process, {})[choice.lost.element.id] = choice.chosen
    return pairs
