"""A table tried out as it is drawn: which rules fire on these inputs, and what the answer is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.decisions import DecisionError, Evaluation, Model
from engine.decisions.questions import Question, questions
from engine.definitions.decision_files import model_of, read_model
from engine.feel.errors import FeelError
from webapp.core.config import settings
from webapp.studio.decisions.values import answers, typed


@dataclass(frozen=True)
class Table:
    """A text as it is on the page, ready to be asked."""

    model: Model
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class Tried:
    """`unread`: inputs that hold no value of their type; `refusal`: why there is no answer at all, by language."""

    answers: Mapping[str, str]
    evaluation: Evaluation | None = None
    unread: tuple[str, ...] = ()
    refusal: Mapping[str, str] | None = None


def read_table(text: str, published: Callable[[], Mapping[str, str]]) -> Table:
    """Raises DefinitionRejected where the text cannot be read at all. `published`: what it may import, by file."""
    model = read_model(text)
    if model.imports:
        model = model_of(model.id, {**published(), model.id: text})
    return Table(model, {each.id: each for each in questions(text)})


def try_out(table: Table, decision: str, given: Mapping[str, str], *, now: datetime) -> Tried:
    """Times of day are those of the dealer, whoever tries: a saved test says the same to everybody."""
    question = table.questions[decision]
    values, unread = typed(question.inputs, given, ZoneInfo(settings().time_zone))
    if unread:
        return Tried({}, unread=tuple(unread))
    try:
        evaluation = table.model.explain(decision, values, now=now)
    except (DecisionError, FeelError) as error:
        return Tried({}, refusal={language: error.sentence(language) for language in ("en", "ru")})
    return Tried(answers(question, evaluation.value), evaluation)
