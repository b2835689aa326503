"""The fold against the literal definition on random logs, and what must not change it."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history.recording import EventKind
from engine.milestones.fold import Anomaly, CaseFold, FoldedEpisode, LoggedEvent, fold_log
from tests.engine.milestones import definition
from tests.engine.milestones.logs import RULES, logs, make_event, make_plan

PLAN = make_plan()


def fold(log: list[LoggedEvent]) -> list[FoldedEpisode]:
    return fold_log(log, PLAN)[0]


@settings(max_examples=700, deadline=None)
@given(logs())
def test_the_single_pass_equals_the_literal_definition(log: list[LoggedEvent]) -> None:
    episodes, runs = fold(log), definition.runs_of(log, RULES)

    assert len(episodes) == len(runs)
    for episode, run in zip(episodes, runs, strict=True):
        assert (episode.instance_id, episode.number) == (run.case, run.number)
        assert (episode.opened_at, episode.opened_seq) == (run.opened.at, run.opened.seq)
        assert (episode.closed_at, episode.outcome) == (run.closed.at if run.closed else None, run.outcome)
        assert (episode.highest_rank, episode.last_milestone) == (run.highest, run.last)
        assert (episode.owner_id, episode.scope_id) == (run.placed("owner"), run.placed("scope"))
        assert {name: value for name, value in episode.dimensions.items() if value is not None} == run.dimensions
        assert set(episode.milestones) == run.touched
        for milestone, entered in episode.milestones.items():
            first, *more = run.entries(milestone)
            assert (entered.first_at, entered.first_seq, entered.count) == (first.at, first.seq, 1 + len(more))
            place = (run.placed("owner", before=first.seq), run.placed("scope", before=first.seq))
            assert (entered.owner_id, entered.scope_id) == place


@settings(max_examples=200, deadline=None)
@given(logs())
def test_anomalies_are_the_stray_events(log: list[LoggedEvent]) -> None:
    anomalies = fold_log(log, PLAN)[1]
    stray = Counter(event.kind for event in definition.stray_events(log, RULES))

    assert anomalies[Anomaly.ENTERED_OUTSIDE] == stray["milestone_entered"]
    assert anomalies[Anomaly.CLOSED_OUTSIDE] == stray["case_closed"]


@settings(max_examples=200, deadline=None)
@given(logs(), st.randoms(use_true_random=False))
def test_interleaving_the_cases_differently_changes_nothing(log: list[LoggedEvent], random: Random) -> None:
    by_case = {case: [event for event in log if event.instance_id == case] for case in range(5)}
    order = [event.instance_id for event in log]
    random.shuffle(order)
    shuffled = [by_case[case].pop(0) for case in order]

    assert fold(shuffled) == fold(log)


@settings(max_examples=200, deadline=None)
@given(logs(), st.data())
def test_repeating_an_entry_changes_its_count_only(log: list[LoggedEvent], data: st.DataObject) -> None:
    entered = [place for place, event in enumerate(log) if event.kind == EventKind.MILESTONE_ENTERED]
    if not entered:
        return
    place = data.draw(st.sampled_from(entered))
    repeated = [*log[: place + 1], log[place], *log[place + 1 :]]

    assert without_counts(fold(repeated)) == without_counts(fold(log))
    assert entries_in(fold(repeated)) - entries_in(fold(log)) in (0, 1)


@settings(max_examples=200, deadline=None)
@given(logs(), st.integers(0, 50))
def test_a_log_cut_anywhere_and_resumed_gives_the_same(log: list[LoggedEvent], cut: int) -> None:
    """`CaseFold` continues with the latest episode alone, as the step does with the stored row."""
    trace = [event for event in log if event.instance_id == 0]
    first = CaseFold(PLAN)
    for event in trace[:cut]:
        first.feed(event)
    done, latest = first.episodes[:-1], first.episodes[-1] if first.episodes else None
    rest = CaseFold(PLAN, latest=latest)
    for event in trace[cut:]:
        rest.feed(event)

    assert [*done, *rest.episodes] == fold(trace)


def test_a_move_changes_the_open_episode_and_the_one_after_it_but_not_a_closed_one() -> None:
    log = [
        make_event(1, 1, EventKind.CASE_OPENED, owner=7, scope=1, dimensions={"source": "web"}),
        make_event(2, 1, EventKind.MILESTONE_ENTERED, "contact"),
        make_event(3, 1, EventKind.CASE_MOVED, owner=8),
        make_event(4, 1, EventKind.CASE_CLOSED, outcome="lost", reason="price"),
        make_event(5, 1, EventKind.CASE_MOVED, owner=9),
        make_event(6, 1, EventKind.CASE_REOPENED),
    ]

    closed, reopened = fold(log)

    assert (closed.owner_id, closed.milestones["contact"].owner_id) == (8, 7)
    assert closed.dimensions == {"source": "web", "outcome_reason": "price"}
    assert (reopened.number, reopened.owner_id, reopened.scope_id) == (2, 8, 1)
    assert reopened.dimensions == {"source": "web"}


def test_a_case_closed_without_an_outcome_has_ended() -> None:
    log = [make_event(1, 1, EventKind.CASE_OPENED), make_event(2, 1, EventKind.CASE_CLOSED)]

    assert [episode.outcome for episode in fold(log)] == ["ended"]


def test_an_undeclared_milestone_is_kept_without_rank_and_counted_as_an_anomaly() -> None:
    log = [make_event(1, 1, EventKind.CASE_OPENED), make_event(2, 1, EventKind.MILESTONE_ENTERED, "gone")]

    episodes, anomalies = fold_log(log, PLAN)

    assert (episodes[0].highest_rank, list(episodes[0].milestones)) == (0, ["gone"])
    assert anomalies == {Anomaly.UNDECLARED: 1}


def test_a_milestone_that_is_taken_back_was_never_entered_and_may_be_entered_anew() -> None:
    kinds = [EventKind.MILESTONE_ENTERED, EventKind.MILESTONE_TAKEN_BACK, EventKind.MILESTONE_ENTERED]
    log = [make_event(1, 1, EventKind.CASE_OPENED), make_event(2, 1, EventKind.MILESTONE_ENTERED, "contact")]
    log += [make_event(seq, 1, kind, "offer") for seq, kind in enumerate(kinds, 3)]

    before, anew = fold(log[:4])[0], fold(log)[0]

    assert (before.highest_rank, before.last_milestone, list(before.milestones)) == (1, "contact", ["contact"])
    assert (anew.last_milestone, anew.milestones["offer"].first_seq, anew.milestones["offer"].count) == ("offer", 5, 1)


def test_taking_back_what_was_not_entered_changes_nothing_and_is_an_anomaly() -> None:
    log = [make_event(1, 1, EventKind.CASE_OPENED), make_event(2, 1, EventKind.MILESTONE_TAKEN_BACK, "offer")]

    episodes, anomalies = fold_log(log, PLAN)

    assert (episodes[0].milestones, anomalies) == ({}, {Anomaly.TAKEN_BACK_IN_VAIN: 1})


def test_opening_an_open_case_leaves_its_first_episode_open_and_is_an_anomaly() -> None:
    log = [make_event(1, 1, EventKind.CASE_OPENED), make_event(2, 1, EventKind.CASE_OPENED)]

    episodes, anomalies = fold_log(log, PLAN)

    assert [episode.closed_at for episode in episodes] == [None, None]
    assert anomalies == {Anomaly.OPENED_TWICE: 1}


def without_counts(episodes: list[FoldedEpisode]) -> list[FoldedEpisode]:
    return [
        replace(episode, milestones={name: replace(entry, count=0) for name, entry in episode.milestones.items()})
        for episode in episodes
    ]


def entries_in(episodes: list[FoldedEpisode]) -> int:
    return sum(entry.count for episode in episodes for entry in episode.milestones.values())
