"""From the first answer to the follow-up (S01 to S04, S09), and refusals: chances after specification §9.3 and §9.4."""

from webapp.demo.behaviour.situation import Answer, Situation

# refusals of lost worksheets, per cent
REFUSALS = {
    "price_high": 14,
    "bought_competitor_brand": 11,
    "postponed_purchase": 11,
    "bought_same_brand_other_dealer": 8,
    "no_stock": 7,
    "credit_denied": 6,
    "tradein_low": 5,
    "bought_used": 4,
    "long_wait": 3,
    "family_decision": 2,
    "slow_reaction": 1,
}
WAYS_TO_PAY = {"cash": 28, "credit": 30, "tradein_plus_cash": 14, "tradein_plus_credit": 18, "undecided": 10}
REFUSES_AT_A_CALL = 0.33  # so that a closed worksheet has had 3.4 contacts in the mean
TRADE_IN_UNASKED = 0.22  # customers who bring their car to be appraised although they did not mean to trade it in
WITH_COMPETITOR = {"bought_competitor_brand", "bought_same_brand_other_dealer", "bought_used"}


def first_answer(at: Situation) -> Answer:
    fate = at.fate
    if not fate.answers or at.chance(0.1):
        outcome = "not_reached"
    elif fate.books:
        outcome = "visit_agreed"
    else:
        outcome = "wrong_department" if at.chance(0.07) else "info_only"
    values = {
        "outcome": outcome, "first_name": "", "sex": "unknown", "source": "", "purpose": "new_car",
        "interest_type": "new", "pd_basis": "request_of_subject",
        "consent_marketing": at.random.choice(("yes", "yes", "not_asked", "no")),
    }  # fmt: skip
    return Answer({**values, **({"visit_at": visit_moment(at)} if outcome == "visit_agreed" else {})})


def confirm_visit(at: Situation) -> Answer:
    if at.fate.comes:
        outcome = at.random.choices(("confirmed", "moved", "no_answer"), (82, 10, 8))[0]
    else:
        outcome = at.random.choices(("confirmed", "moved", "no_answer", "cancelled"), (45, 5, 12, 38))[0]
    values: dict[str, object] = {"outcome": outcome}
    if outcome == "moved":
        values["new_visit_at"] = at.moment(1, 5)
    if outcome == "confirmed":
        values["prepare"] = at.random.sample(("test_drive_car", "tradein_appraiser", "credit_manager"), 1)
    return Answer(values)


def visit_moment(at: Situation) -> str:
    """When a caller comes: 45 % today or tomorrow, 30 % in two or three days, 17 % within the week, 8 % later."""
    days = at.random.choices(((0, 1), (2, 3), (4, 7), (8, 14)), (45, 30, 17, 8))[0]
    return at.moment(*days)


def welcome(at: Situation) -> Answer | None:
    fate = at.fate
    late = fate.missed == 0 and at.chance(0.08) and not at.walk_in
    if not fate.comes or late:
        fate.missed += 1
        return None  # the guest does not come: the drawing's timer takes over
    fate.visited = True
    outcome = "continue" if fate.opens or at.chance(0.5) else "look_only"
    values: dict[str, object] = {"outcome": outcome, "first_visit": "no", "purpose": "new_car", "companions": "1"}
    if outcome == "continue":
        values["handed_to"] = str(at.manager)
    return Answer(values)


def call_absentee(at: Situation) -> Answer:
    outcome = "visit_agreed" if at.fate.comes else at.random.choice(("later", "not_reached"))
    values: dict[str, object] = {"outcome": outcome}
    if outcome == "visit_agreed":
        values |= {"visit_at": at.moment(1, 4), "reason": at.random.choice(("forgot", "busy", "road"))}
    if outcome == "later":
        values |= {"next_contact_at": at.moment(1, 3), "reason": at.random.choice(("busy", "ill", "not_said"))}
    return Answer(values)


def needs_analysis(at: Situation) -> Answer:
    if not at.fate.opens:
        return leave(at)
    budget = at.random.randrange(19, 56) * 100_000
    pay = at.random.choices(list(WAYS_TO_PAY), list(WAYS_TO_PAY.values()))[0]
    at.fate.on_credit = pay in {"credit", "tradein_plus_credit"}
    at.fate.gives_own_car = at.chance(1.0 if pay.startswith("tradein") else TRADE_IN_UNASKED)
    stays = at.fate.drives or at.fate.wants_offer
    values: dict[str, object] = {
        "outcome": "next" if stays or at.chance(0.75) else "remote_only",
        "customer_kind": "person",
        "replace_or_add": at.random.choices(("replace", "additional", "first"), (70, 12, 18))[0],
        "usage": at.random.sample(("city", "highway", "offroad", "trailer"), at.random.randint(1, 2)),
        "yearly_km": at.random.choice(("lt10k", "10_20k", "20_30k", "gt30k")),
        "priorities": at.random.sample(("safety", "dynamics", "economy", "space", "comfort", "price"), 3),
        "interest_model": at.fate.model,
        "gearbox": "automatic",
        "budget_from": str(budget - 400_000),
        "budget_to": str(budget),
        "pay_method": pay,
        "horizon": at.random.choices(("now", "7d", "30d", "90d", "later"), (10, 22, 34, 22, 12))[0],
        "competitors": at.random.sample(list(at.competitors), 1) if at.competitors and at.chance(0.4) else [],
        "told": ["phone", "offer", "credit"],
    }  # fmt: skip
    if pay == "cash" and budget % 500_000 == 0:
        values |= {"told": ["phone", "offer"], "told_left_out": "Платит сразу всю сумму, о кредите слушать не стал."}
    if pay in {"credit", "tradein_plus_credit"}:
        values["monthly_payment_max"] = str(at.random.randrange(25, 70) * 1000)
    if values["replace_or_add"] != "first":
        values |= {
            "current_brand": "Nordis",
            "current_model": "Alma",
            "current_year": str(at.random.randrange(2012, 2023)),
        }
    return Answer(values)


def follow_up_call(at: Situation) -> Answer:
    fate = at.fate
    fate.rounds += 1
    if fate.comes and not fate.visited and at.chance(0.7):
        visit = {"outcome": "visit_agreed", "visit_at": at.moment(1, 3)}
        return Answer({**visit, "reason_used": "test_drive", "objection": "none"})
    if at.decided and at.chance(0.6):
        return Answer({"outcome": "ready", "reason_used": "test_drive", "objection": "none"})
    if fate.reserves or (fate.comes and not fate.visited):
        return _talk(at)
    if fate.vanishes:
        return Answer({"outcome": "not_reached", "reached": at.random.choice(("no_answer", "busy"))})
    if at.chance(REFUSES_AT_A_CALL):
        return refuse(at)
    return _talk(at)


def _talk(at: Situation) -> Answer:
    objection = at.random.choice(("price", "wait", "competitor", "finance", "family", "needs_time", "none"))
    reason = at.random.choice(("answer", "new_stock", "price_change", "test_drive"))
    talked: dict[str, object] = {"reason_used": reason, "objection": objection}
    return Answer({"outcome": "next_contact", "next_contact_at": at.moment(3, 14), **talked})


def leave(at: Situation) -> Answer:
    """He leaves, with a reason or without a word."""
    if at.fate.vanishes:
        return Answer({"lost_reason": at.random.choice(("no_answer", "bought_elsewhere_silently"))}, offer="lost")
    return refuse(at)


def refuse(at: Situation) -> Answer:
    at.fate.refused += 1
    reason = at.random.choices(list(REFUSALS), list(REFUSALS.values()))[0]
    values: dict[str, object] = {"refusal_reason": reason, "allow_future_contact": at.random.choice(("yes", "no"))}
    if reason in WITH_COMPETITOR:
        values["competitor"] = at.random.choice(list(at.competitors))
    return Answer(values, offer="refused")


def review_refusal(at: Situation) -> Answer:
    if at.fate.refused < 2 and at.chance(0.15):
        instruction = "Предложите тест-драйв на выходных и расчёт платежа на пять лет."
        return Answer({"decision": "return", "next_contact_at": at.moment(1, 3), "instruction": instruction})
    return Answer({"decision": "confirm"})


def review_follow_up(at: Situation) -> Answer:
    if at.fate.reserves or at.chance(0.2):
        instruction = "Позвоните ещё раз утром, скажите о новой комплектации."
        return Answer({"decision": "continue", "next_contact_at": at.moment(7, 20), "instruction": instruction})
    return Answer({"decision": "give_up", "lost_reason": at.random.choice(("no_answer", "bought_elsewhere_silently"))})


ANSWERS = {
    "first_answer": first_answer,
    "confirm_visit": confirm_visit,
    "welcome": welcome,
    "call_absentee": call_absentee,
    "needs_analysis": needs_analysis,
    "follow_up_call": follow_up_call,
    "review_refusal": review_refusal,
    "review_follow_up": review_follow_up,
}
