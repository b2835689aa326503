"""After the handover (S20 to S24): thanks, calls, the survey, complaints, what comes round every year."""

from webapp.demo.behaviour.complaints import judge
from webapp.demo.behaviour.situation import Answer, Situation


def accept_customer(_: Situation) -> Answer:
    return Answer({})


def thank_by_phone(at: Situation) -> Answer:
    return Answer({"outcome": "talked" if at.chance(0.7) else "not_reached"})


def call_next_day(at: Situation) -> Answer:
    if at.chance(0.2):
        return Answer({"outcome": "not_reached"})
    return Answer({"outcome": "talked", "mood": at.random.choice(("4", "5", "5")), "problem": "no"})


def complaint(at: Situation) -> Answer:
    return Answer({
        "outcome": "settled", "severity": judge(None, at.serial), "cause": "communication",
        "satisfied": at.random.choice(("3", "4")),
        "measure": "Извинились, мастер-консультант показал настройки ещё раз.",
    })  # fmt: skip


def survey(at: Situation) -> Answer:
    if at.chance(0.3):
        return Answer({"outcome": "not_reached"})
    score = at.random.choices(("3", "4", "5"), (6, 24, 70))[0]
    nps = at.random.choices(("6", "8", "9", "10"), (6, 20, 34, 40))[0]
    return Answer({
        "outcome": "answered", "score_greeting": "5", "score_delivery": score, "score_overall": score, "nps": nps,
        "test_drive_offered": "yes",
    })  # fmt: skip


def call_month_later(at: Situation) -> Answer:
    if at.chance(0.25):
        return Answer({"outcome": "not_reached"})
    mileage = str(at.random.randrange(600, 3200))
    return Answer({"outcome": "talked", "mileage": mileage, "mood": "5", "has_referrals": "no"})


def call_anniversary(at: Situation) -> Answer:
    return Answer({"outcome": "talked", "mileage": str(at.random.randrange(9, 30) * 1000), "still_owns": "yes"})


def remind_of_ending(at: Situation) -> Answer:
    return Answer({"outcome": "talked", "wish": at.random.choice(("renew", "thinks", "elsewhere"))})


def remind_of_service(at: Situation) -> Answer:
    wish = at.random.choices(("book", "later", "elsewhere"), (70, 20, 10))[0]
    return Answer({"outcome": "talked", "wish": wish} | ({"wished_day": at.day(14)} if wish == "book" else {}))


def congratulate(at: Situation) -> Answer:
    return Answer({"outcome": "talked" if at.chance(0.8) else "not_reached"})


def propose_tradein(_: Situation) -> Answer:
    return Answer({"outcome": "later"})


ANSWERS = {
    "accept_customer": accept_customer,
    "thank_by_phone": thank_by_phone,
    "call_next_day": call_next_day,
    "complaint": complaint,
    "survey": survey,
    "call_month_later": call_month_later,
    "call_anniversary": call_anniversary,
    "remind_of_ending": remind_of_ending,
    "remind_of_service": remind_of_service,
    "congratulate": congratulate,
    "propose_tradein": propose_tradein,
}
