"""What a slice declares about itself; `create_app` plugs it in.

All texts a person sees are lazy translations (`flask_babel.lazy_gettext`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any

import click
from flask import Blueprint, Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.history.export.naming import CaseObject
from engine.human_tasks.form_values import TextReader
from engine.kernel import IncidentListener, StepListener
from engine.operations import OperationSet
from webapp.core.board import BoardProblem, Expiring
from webapp.core.choices import ChoiceSource
from webapp.core.events import Listener
from webapp.core.papers import Paper
from webapp.core.reference import ShipLists

Text = Any  # a lazy translation, or a text that is the same in every language


class NavGroup(IntEnum):
    """The sections of the rail, from top to bottom."""

    WORK = 1
    RESULTS = 2
    SETUP = 3

    @property
    def title(self) -> Text:
        return {NavGroup.WORK: "", NavGroup.RESULTS: _l("Results"), NavGroup.SETUP: _l("Set-up")}[self]


@dataclass(frozen=True)
class Permission:
    """One act that roles are given. The name is `<slice>.<verb>`."""

    name: str
    title: Text


@dataclass(frozen=True)
class NavItem:
    """A way to a page: in the rail, or in the menu under the button New.

    `permission` empty: for everybody who is signed in. `phone`: one of the three places in the bottom bar.
    `arguments` belong to the address of the page.
    """

    title: Text
    endpoint: str
    permission: str = ""
    position: int = 50
    icon: str = "circle"
    group: NavGroup = NavGroup.WORK
    phone: bool = False
    count: Callable[[Session], int] | None = None
    key: str = ""  # letter that opens it after g
    useful: Callable[[Session], bool] | None = None  # whether there is anything to do behind it; None: always
    arguments: Mapping[str, Any] = field(default_factory=dict)
    short: Text = ""  # the title where there is little room; empty: the title itself
    also: tuple[str, ...] = ()  # paths whose pages belong to it, besides its own
    home_of: tuple[str, ...] = ()  # roles whose people land here after signing in


@dataclass(frozen=True)
class Fact:
    """One thing that is known: label and value as text; `url` leads on, `tone` may warn.

    `headline`: so important that it stands beside the name of the case.
    """

    label: str
    value: str
    url: str = ""
    tone: str = ""
    headline: bool = False


@dataclass(frozen=True)
class CaseLabel:
    """How a case is called on screen: of whom or what it is, and where its record is shown.

    `words` fill the gaps of its prompts, such as {customer} or {date} (webapp.kit.prompts). `facts` are what is worth
    a glance in lists and on cards, such as the temperature: one or two, found without further questions.
    """

    title: str
    detail: str = ""
    url: str = ""
    customer_id: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    facts: Sequence[Fact] = ()


@dataclass(frozen=True)
class Hit:
    """One thing that the global search found."""

    title: str
    detail: str
    url: str
    icon: str = "circle"


@dataclass(frozen=True)
class SearchSource:
    """What a slice contributes to the global search: at most `limit` hits, best first."""

    title: Text
    permission: str
    find: Callable[[Session, str, int], Sequence[Hit]]


@dataclass(frozen=True)
class PageQuestion:
    """A decision that a page asks by webapp.core.workflow.live_decision, and the inputs that it gives.

    `page`: what readers call the part of the product that asks.
    """

    decision: str
    inputs: Sequence[str]
    page: Text


@dataclass(frozen=True)
class Panel:
    """A part of another slice's page of one record: `record` is its kind, such as "customers.customer".

    `load` gives, for the number of the record, what the template finds in `panel.values`. It asks the scope itself.
    """

    record: str
    permission: str
    template: str
    load: Callable[[Session, int], Mapping[str, object]]
    position: int = 50


@dataclass(frozen=True)
class LiveTopic:
    """Something that open pages hear of when it changes (webapp.core.live).

    `listen` is called when a page begins to listen, with the rows in reach. What it returns is asked every few seconds
    without a request: a small question whose answer is compared with the one before.
    """

    name: str
    permission: str
    listen: Callable[[Any], Callable[[Session], object]]  # of a webapp.core.permissions.RowScope


@dataclass(frozen=True)
class Dimension:
    """How people call a dimension that drawings declare, and its values: by a source of choices, or one by one."""

    title: Text
    choices: str = ""
    names: Mapping[Any, Text] = field(default_factory=dict)  # by value; members of a StrEnum are texts too


@dataclass(frozen=True)
class Job:
    """Something that the scheduler's process does again and again, in an application context."""

    name: str
    every: timedelta
    run: Callable[[], None]


@dataclass(frozen=True)
class Companion:
    """A command that `marshrut run` starts beside the server, when it is wanted; it may end when it is done."""

    arguments: Sequence[str]
    wanted: Callable[[], bool]


# record ids of one business-key prefix -> their labels
DescribeCases = Callable[[Session, Sequence[int]], Mapping[int, CaseLabel]]


# what somebody typed to find a case -> the business keys of the records it may mean; None: nothing to go by
FindCases = Callable[[str], Select[str] | None]


# a record id of one business-key prefix -> what is known of it
CaseFacts = Callable[[Session, int], Sequence[Fact]]


# a record id of one business-key prefix -> what forms may read of it as `record`; may be personal, is kept nowhere
CaseRecordValues = Callable[[Session, int], Mapping[str, object]]


# what the cases of one business-key prefix brought: business_key, at, revenue, profit (null where it is not known);
# a case may stand there several times
CaseMoney = Callable[[], Select[*tuple[Any, ...]]]


# record ids of one business-key prefix -> what such cases are about, for exports of the log: customers, cars
CaseObjects = Callable[[Session, Sequence[int]], Mapping[int, Sequence[CaseObject]]]


@dataclass(frozen=True)
class Feature:
    """A slice: its name is the name of its package and the prefix of its permissions.

    `case_labels` maps a business-key prefix such as "sales.worksheet" to the function that names such cases.
    `case_finders` say which cases somebody means who types a name, a phone or a number.
    `case_facts` maps it to the function that says what is known of one such record, and `case_values` to the one
    that gives the values which a form may put into its fields. `case_objects` names what such
    cases are about. `case_money` maps it to the statement of what such cases brought, so that the funnel ends in money.
    `refusals` maps the code of a DomainError to the sentence a person reads; %(name)s takes the error's details.
    `topbar` lists templates that are included left of the language switch. `live` is the endpoint of the
    stream of server-sent events, if this slice offers it; `live_topics` are what it tells of. `setup` runs when the
    application is created.
    `step_listeners` hear of every step of every case, within its transaction; `incident_listeners` of incidents of
    no case, and of every incident that is resolved.
    `asks`: decisions that pages ask.
    `text_kinds` read what `properties.kind` of a text field may name. `choices` are what
    forms may name as `properties.source`. `reference` adds the lists that ship. `dimensions` names what
    drawings declare as dimensions of their cases, by the declared name. `problems` and `expiring` are columns of
    the control board that only this slice knows. `papers` are printed of its cases. `panels` stand on pages of
    records of slices below.
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    navigation: tuple[NavItem, ...] = ()
    actions: tuple[NavItem, ...] = ()
    operations: OperationSet | None = None
    listeners: tuple[tuple[type, Listener], ...] = ()
    jobs: tuple[Job, ...] = ()
    commands: tuple[click.Command, ...] = ()
    case_facts: Mapping[str, CaseFacts] = field(default_factory=dict)
    case_values: Mapping[str, CaseRecordValues] = field(default_factory=dict)
    case_labels: Mapping[str, DescribeCases] = field(default_factory=dict)
    case_objects: Mapping[str, CaseObjects] = field(default_factory=dict)
    case_money: Mapping[str, CaseMoney] = field(default_factory=dict)
    case_finders: tuple[FindCases, ...] = ()
    refusals: Mapping[str, Text] = field(default_factory=dict)
    search: tuple[SearchSource, ...] = ()
    topbar: tuple[str, ...] = ()
    live: str = ""
    live_topics: tuple[LiveTopic, ...] = ()
    setup: Callable[[Flask], None] | None = None
    step_listeners: tuple[StepListener, ...] = ()
    incident_listeners: tuple[IncidentListener, ...] = ()
    text_kinds: Mapping[str, TextReader] = field(default_factory=dict)
    asks: tuple[PageQuestion, ...] = ()
    choices: Mapping[str, ChoiceSource] = field(default_factory=dict)
    reference: ShipLists | None = None
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    problems: tuple[BoardProblem, ...] = ()
    expiring: tuple[Expiring, ...] = ()
    papers: tuple[Paper, ...] = ()
    panels: tuple[Panel, ...] = ()
    companions: tuple[Companion, ...] = ()
