"""Why an act could not be done, in every language the product speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import BusinessError, ElementFailed
from engine.feel import FeelError
from engine.human_tasks.form_values import FormInvalid
from engine.spiff import NoMatchingFlow, StepBudgetExceeded, UncaughtBpmnError, UnreadableTimer, UnusableLoop

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "form_invalid": {
        "en": "What was entered does not fit the form.",
        "ru": "Введённое не подходит к форме.",
    },
    "step_not_open": {
        "en": "The step “{element}” is not open here.",
        "ru": "Шаг «{element}» здесь не открыт.",
    },
    "offer_unknown": {
        "en": "The button “{offer}” is not offered on the step “{element}”.",
        "ru": "На шаге «{element}» нет кнопки «{offer}».",
    },
    "nothing_awaited": {
        "en": "Nothing waits for a message at “{element}” here.",
        "ru": "Здесь в «{element}» никакого сообщения не ждут.",
    },
    "element_unknown": {
        "en": "There is no element “{element}” in this version of the process.",
        "ru": "В этой версии процесса нет элемента «{element}».",
    },
    "skip_not_allowed": {
        "en": "The drawing does not allow leaving out the step “{element}”.",
        "ru": "Схема не позволяет пропустить шаг «{element}».",
    },
    "nothing_due": {
        "en": "Nothing is planned: the clock has nowhere to go.",
        "ru": "Ничего не запланировано: переводить часы не к чему.",
    },
    "case_ended": {
        "en": "The case has ended.",
        "ru": "Дело завершено.",
    },
    "too_many_moments": {
        "en": "More than {limit} things would happen in this time. Move the clock by less.",
        "ru": "За это время произошло бы больше {limit} событий. Переведите часы на меньшее время.",
    },
    "too_many_elements": {
        "en": "The token has passed more than {limit} elements: the drawing probably goes round in circles.",
        "ru": "Маркер прошёл больше {limit} элементов: вероятно, схема ходит по кругу.",
    },
    "out_of_time": {
        "en": "The test run takes too long and was stopped.",
        "ru": "Пробный прогон занял слишком много времени и остановлен.",
    },
    "clock_too_far": {
        "en": "The clock cannot go so far.",
        "ru": "Так далеко часы не переводятся.",
    },
    "no_matching_flow": {
        "en": "No way out of “{element}” has a condition that holds, and none is the default.",
        "ru": "Ни у одного выхода из «{element}» условие не выполнено, а выхода по умолчанию нет.",
    },
    "error_uncaught": {
        "en": "“{element}” ends with the error {code}, and nothing on the drawing catches it.",
        "ru": "«{element}» завершается ошибкой {code}, и на схеме её никто не перехватывает.",
    },
    "timer_unreadable": {
        "en": "The timer “{element}” has no moment: {value}. Choose what the operation before it answers.",
        "ru": "У таймера «{element}» нет времени: {value}. Выберите, что ответит операция перед ним.",
    },
    "loop_unusable": {
        "en": "“{element}” cannot be repeated over {value}.",
        "ru": "«{element}» нельзя повторить по значению {value}.",
    },
    "operation_argument_missing": {
        "en": "The operation {operation} is not given “{parameter}”.",
        "ru": "Операции {operation} не передано «{parameter}».",
    },
    "operation_argument_unfit": {
        "en": "The operation {operation} is given something unfit as “{parameter}”.",
        "ru": "Операции {operation} передано неподходящее значение «{parameter}».",
    },
    "due_too_far": {
        "en": "The due time lies too far away.",
        "ru": "Срок слишком далёк.",
    },
    "decision_unknown": {
        "en": "No decision “{decision}” is published.",
        "ru": "Решение «{decision}» не опубликовано.",
    },
    "form_unknown": {
        "en": "No form “{form}” is published.",
        "ru": "Форма «{form}» не опубликована.",
    },
    "refused": {
        "en": "The process refuses this: {code}.",
        "ru": "Процесс этого не допускает: {code}.",
    },
    "broke_down": {
        "en": "“{element}” broke down: {reason}",
        "ru": "В «{element}» произошёл сбой: {reason}",
    },
}


class Refused(BusinessError):
    """An act of the script cannot be done here; `code` is one of the sentences above."""


@dataclass(frozen=True)
class Refusal:
    """The first act that could not be done, counted from 1. `fields`: codes of what is wrong in a form."""

    act: int
    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def describe_refusal(refusal: Refusal, language: str) -> str:
    """The sentence for a person."""
    texts = _TEXTS.get(refusal.code) or _TEXTS["refused"]
    sentence = texts.get(language) or texts["en"]
    details = {name: _in_words(value, language) for name, value in refusal.details.items()}
    return sentence.format_map({"code": refusal.code, "element": "?", "reason": "?", "value": "–", **details})


def refusal_of(act: int, element: str, error: Exception) -> Refusal:
    """What an error says about the act; `element` is what the act is about."""
    cause = error
    where = element
    if isinstance(error, ElementFailed):
        where = error.element
        cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    where = getattr(cause, "element", None) or where
    if isinstance(cause, FormInvalid):
        return Refusal(act, "form_invalid", {"element": where}, cause.errors)
    if isinstance(cause, StepBudgetExceeded):
        return Refusal(act, "too_many_elements", {"limit": cause.budget})
    if isinstance(cause, NoMatchingFlow):
        return Refusal(act, "no_matching_flow", {"element": where})
    if isinstance(cause, UncaughtBpmnError):
        return Refusal(act, "error_uncaught", {"element": where, "code": cause.code or "–"})
    if isinstance(cause, UnreadableTimer):
        return Refusal(act, "timer_unreadable", {"element": where, "value": str(cause.value)[:60]})
    if isinstance(cause, UnusableLoop):
        return Refusal(act, "loop_unusable", {"element": where, "value": str(cause.value)[:60]})
    if isinstance(cause, BusinessError):
        plain = {name: str(value)[:120] for name, value in cause.details.items()}
        code = cause.code if cause.code in _TEXTS else "refused"
        return Refusal(act, code, {"element": where, "code": cause.code, **plain})
    return Refusal(
        act, "broke_down", {"element": where, "reason": cause if isinstance(cause, FeelError) else str(cause)[:200]}
    )


def _in_words(value: object, language: str) -> object:
    return value.sentence(language) if isinstance(value, FeelError) else value
