"""The guided model as a flow of django-viewflow."""

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


def nothing(request):
    """A view that is never asked: tasks are completed by the engine's own calls."""


def answered(step, answer):
    return lambda activation: activation.process.data.get(step) == answer


def task(following):
    return flow.View(nothing).Next(following)


class Sale(flow.Flow):
    """Seventeen steps, two choices with a way round, and a parallel pair."""

    process_class = Process
    begin = flow.StartHandle().Next(this.ask_1)
    ask_1 = task(this.ask_2)
    ask_2 = task(this.ask_3)
    ask_3 = task(this.ask_4)
    ask_4 = task(this.ask_5)
    ask_5 = task(this.ask_6)
    ask_6 = task(this.interested)
    interested = flow.If(answered("ask_1", "no")).Then(this.done).Else(this.present)
    present = task(this.drive)
    drive = task(this.both)
    both = flow.Split().Next(this.appraise).Next(this.ask_bank)
    appraise = task(this.both_done)
    ask_bank = task(this.both_done)
    both_done = flow.Join().Next(this.offer)
    offer = task(this.agree_1)
    agree_1 = task(this.agree_2)
    agree_2 = task(this.agree_3)
    agree_3 = task(this.agree_4)
    agree_4 = task(this.paid)
    paid = flow.If(answered("agree_4", "part")).Then(this.agree_4).Else(this.hand_over)
    hand_over = task(this.thank)
    thank = task(this.done)
    done = flow.End()
