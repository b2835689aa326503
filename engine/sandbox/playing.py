"""Replaying a script: each act by the engine's own commands, each due row by its own effects."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.definitions.reaching import Place
from engine.definitions.store import Definition
from engine.effects import due_effects
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState, path_of
from engine.instances import commands, messaging
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.instances.report import StepReport
from engine.instances.saving import new_command_key
from engine.kernel import Kernel
from engine.messages import MessageSubscription
from engine.sandbox.limits import LAST_YEAR, USUAL, Limits
from engine.sandbox.made_up import made_up_file
from engine.sandbox.material import Sandbox
from engine.sandbox.outside import Answer, Call, Outside
from engine.sandbox.people import OWNER
from engine.sandbox.read_names import read_names
from engine.sandbox.reading import read_standing
from engine.sandbox.refusals import Refusal, Refused, refusal_of
from engine.sandbox.script import Act, Do, Script
from engine.sandbox.standing import UTC_ZONE, Happening, Standing
from engine.timers.calendars import calendar_for
from engine.timers.due_rows import Effect, drain_after, next_after
from engine.timers.models import DueKind, DueRow

BUSINESS_KEY: Final = "test:1"
Stopwatch = Callable[[], float]  # seconds that have passed since some moment


@dataclass
class Run:
    """One replay: what it has recorded so far. What a refused act had done is taken back."""

    kernel: Kernel
    outside: Outside
    instance_id: int | None = None
    now: datetime | None = None
    zone: ZoneInfo = UTC_ZONE
    trail: list[Happening] = field(default_factory=list)
    passed: list[tuple[int, Place]] = field(default_factory=list)

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Forget what was recorded inside if it is refused."""
        marks = len(self.trail), len(self.passed), len(self.outside.calls)
        try:
            yield
        except BaseException:
            del self.trail[marks[0] :], self.passed[marks[1] :]
            calls: list[Call] = self.outside.calls
            del calls[marks[2] :]
            raise


def play(sandbox: Sandbox, script: Script, *, stopwatch: Stopwatch, limits: Limits = USUAL) -> Standing:
    """Replay the script from the beginning and tell where it stands; stops at the first act that cannot be done."""
    with sandbox.fresh() as database:
        return _Player(sandbox, database, stopwatch, limits).play(script)


class _Player:
    def __init__(self, sandbox: Sandbox, database: Database, stopwatch: Stopwatch, limits: Limits) -> None:
        self.sandbox, self.database, self.limits = sandbox, database, limits
        self.stopwatch, self.began = stopwatch, stopwatch()
        outside = Outside()
        kernel = Kernel(
            operations=outside.shown(sandbox.operations),
            directory=lambda _: sandbox.staff,
            text_kinds=sandbox.text_kinds,
            listeners=[self._hear],
            store=sandbox.store,
        )
        self.run = Run(kernel, outside)
        self.definition: Definition
        self.failure: Exception | None = None

    def play(self, script: Script) -> Standing:
        with self.database.read() as session:
            self.definition = self.sandbox.store.latest(session, self.sandbox.process_key)
        self.run.outside.read = read_names(self.definition)
        done, refusal = 0, None
        for number, act in enumerate(script.acts, 1):
            self.run.outside.act = number
            refusal = self._try(number, act)
            if refusal is not None:
                break
            done = number
        with self.database.read() as session:
            return read_standing(session, self.run, self.sandbox, self.definition, done=done, refusal=refusal)

    def _try(self, number: int, act: Act) -> Refusal | None:
        try:
            self._carry_out(act)
        except Exception as error:  # whatever a drawing does wrong is told to whoever draws it
            return refusal_of(number, act.element, error)
        return None

    def _carry_out(self, act: Act) -> None:
        self._watch()
        if act.do not in (Do.START, Do.ANSWER) and self.run.now is None:
            raise Refused("case_ended")
        if act.do is Do.ANSWER:
            if self.definition.find(act.element) is None:
                raise Refused("element_unknown", element=act.element)
            self.run.outside.answers[act.element] = Answer(act.values, act.error)
            return
        if act.do is Do.WAIT:
            self._wait(act)
            return
        with self.run.taken_back(), self.database.write() as session:
            _COMMANDS[act.do](self, session, act)
        self._let_happen(self._now)

    # the acts

    def _start(self, session: Session, act: Act) -> None:
        self.run.now = act.at
        calendar = calendar_for(session, self.definition.model.calendar, act.scope)
        self.run.zone = ZoneInfo(calendar.zone)
        started = commands.start(
            session,
            self.run.kernel,
            self.definition,
            business_key=BUSINESS_KEY,
            payload=act.values,
            actor_id=OWNER,
            scope_id=act.scope,
            owner_id=OWNER if act.owned else None,
            now=self._now,
        )
        self.run.instance_id = started.instance_id

    def _complete(self, session: Session, act: Act) -> None:
        task = self._task(session, act)
        commands.complete(
            session,
            self.run.kernel,
            task.id,
            act.values,
            actor=self._actor(task),
            reading=self._reading(),
            command_key=new_command_key(),
        )

    def _take_offer(self, session: Session, act: Act) -> None:
        task = self._task(session, act)
        if act.offer not in {offer.id for offer in self.definition.offers_at(task.element, path_of(task.path))}:
            raise Refused("offer_unknown", element=act.element, offer=act.offer)
        commands.take_offer(
            session,
            self.run.kernel,
            task.id,
            act.offer,
            act.values,
            actor=self._actor(task),
            reading=self._reading(),
            command_key=new_command_key(),
        )

    def _skip(self, session: Session, act: Act) -> None:
        task = self._task(session, act)
        commands.skip(
            session,
            self.run.kernel,
            task.id,
            reason=act.reason,
            actor=self._actor(task),
            now=self._now,
            command_key=new_command_key(),
        )

    def _receive(self, session: Session, act: Act) -> None:
        waiting = session.scalars(
            select(MessageSubscription)
            .where(MessageSubscription.instance_id == self.run.instance_id, MessageSubscription.element == act.element)
            .order_by(MessageSubscription.id)
            .limit(1)
        ).one_or_none()
        if waiting is None:
            raise Refused("nothing_awaited", element=act.element)
        messaging.receive(session, self.run.kernel, waiting, act.values, actor_id=None, now=self._now)

    def _wait(self, act: Act) -> None:
        with self.database.read() as session:
            status = session.scalar(select(ProcessInstance.status).where(ProcessInstance.id == self.run.instance_id))
            following = next_after(session, 0)
        if status is not InstanceStatus.ACTIVE:
            raise Refused("case_ended")
        if act.to_next and following is None:
            raise Refused("nothing_due")
        target = max(following or self._now, self._now) if act.to_next else self._now + (act.span or timedelta())
        if target.year > LAST_YEAR:
            raise Refused("clock_too_far")
        self._let_happen(target)
        self.run.now = target

    # time

    def _let_happen(self, target: datetime) -> None:
        """Carry out everything that is due until `target`, each at its own moment."""
        happened = 0
        while True:
            self._watch()
            with self.database.write() as session:
                due = next_after(session, 0)
                if due is None or due > target:
                    return
                self.run.now = max(self._now, due)
                report = drain_after(session, 0, self._now, effects=self._effects(), on_failed=_nobody_is_told)
            happened += report.claimed
            if self.failure is not None:
                error, self.failure = self.failure, None
                raise error
            if happened > self.limits.moments:
                raise Refused("too_many_moments", limit=self.limits.moments)

    def _effects(self) -> Mapping[DueKind, Effect]:
        """The engine's own, of which the first that fails is kept; after it nothing more happens."""

        def carry_out(effect: Effect, session: Session, row: DueRow, now: datetime) -> None:
            if self.failure is not None:
                raise self.failure
            try:
                with self.run.taken_back():
                    effect(session, row, now)
            except Exception as error:
                self.failure = error
                raise

        effects = due_effects(self.run.kernel, lambda *_: None)
        return {kind: partial(carry_out, effect) for kind, effect in effects.items()}

    def _watch(self) -> None:
        """Raises Refused when the run has taken more than it may."""
        if self.stopwatch() - self.began > self.limits.seconds:
            raise Refused("out_of_time")
        if len(self.run.passed) > self.limits.elements:
            raise Refused("too_many_elements", limit=self.limits.elements)

    # what the commands need

    @property
    def _now(self) -> datetime:
        if self.run.now is None:
            raise Refused("case_ended")
        return self.run.now

    def _hear(self, session: Session, report: StepReport, now: datetime) -> None:
        if self.run.instance_id not in (None, report.instance_id):
            return  # a case that a message of this one began
        act = self.run.outside.act
        for passed in report.passed:
            self.run.passed.append((act, Place(passed.path, passed.element)))
        for event in report.events:
            element = self.definition.find(event.element) if event.element else None
            self.run.trail.append(Happening(act, now, event.kind, element, event.milestone, event.payload))
        self._watch()

    def _task(self, session: Session, act: Act) -> HumanTask:
        """The oldest open task of the act's element."""
        statement = select(HumanTask).where(
            HumanTask.instance_id == self.run.instance_id,
            HumanTask.element == act.element,
            HumanTask.state == TaskState.OPEN,
        )
        if act.path:
            statement = statement.where(HumanTask.path == act.path)
        task = session.scalars(statement.order_by(HumanTask.id).limit(1)).one_or_none()
        if task is None:
            raise Refused("step_not_open", element=act.element)
        return task

    def _actor(self, task: HumanTask) -> Actor:
        """Whoever the step is for; nobody is asked for rights here."""
        person = task.assignee_id or self.sandbox.staff.person(task.candidate_role)
        return Actor(person, supervises=frozenset({None}))

    def _reading(self) -> Reading:
        return Reading(now=self._now, zone=self.run.zone, kinds=self.sandbox.text_kinds, find_file=made_up_file)


def _nobody_is_told(*_: Any) -> None:
    """A row is never tried so often here: the first failure ends the run."""


_COMMANDS: Mapping[Do, Callable[[_Player, Session, Act], None]] = {
    Do.START: _Player._start,
    Do.COMPLETE: _Player._complete,
    Do.OFFER: _Player._take_offer,
    Do.SKIP: _Player._skip,
    Do.MESSAGE: _Player._receive,
}
