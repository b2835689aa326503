"""The variants of an offer as a form computes them; a drawing may copy these expressions.

A browser counts in binary fractions: what is rounded up or down to the rouble is first rounded to four digits, as
tests.webapp.sales.credit_reference does.
"""

from tests.engine.human_tasks.every_kind import computed, lines, number
from tests.engine.world import choice

PRINCIPAL = "price - (if down = null then 0 else down) + (if insurance = null then 0 else insurance)"
GROWTH = "(1 + rate / 1200) ** months"
LEFT = "(if residual = null then 0 else residual)"
PAYMENT = (
    "if principal = null or principal <= 0 or months = null or rate = null then null"
    f" else if rate = 0 then ceiling(decimal((principal - {LEFT}) / months, 4))"
    f" else ceiling(decimal((principal - {LEFT} / {GROWTH}) * (rate / 1200) / (1 - 1 / {GROWTH}), 4))"
)
OVERPAYMENT = f"monthly * months + {LEFT} - principal"
AFFORDABLE = (
    "if wished = null or wished_months = null or wished_rate = null then null"
    " else if wished_rate = 0 then floor(decimal(wished * wished_months, 4))"
    " else floor(decimal(wished * (1 - 1 / (1 + wished_rate / 1200) ** wished_months) / (wished_rate / 1200), 4))"
)

VARIANTS = lines(
    choice("variant", "A", "B"),
    number("price", label="Price", validate={"min": 0, "required": True}),
    number("down", validate={"min": 0}),
    number("insurance", validate={"min": 0}),
    number("months", validate={"min": 1, "max": 120}),
    number("rate", validate={"min": 0, "max": 60}, decimalDigits=2),
    number("residual", validate={"min": 0}),
    computed("principal", PRINCIPAL, kind="money", label="Financed", **{"label.ru": "Сумма кредита"}),
    computed("monthly", PAYMENT, kind="money", label="Monthly payment", **{"label.ru": "Платёж в месяц"}),
    computed("overpayment", OVERPAYMENT, kind="money", label="Overpayment", **{"label.ru": "Переплата"}),
    key="variants",
    max="4",
)
WISH = (
    number("wished"),
    number("wished_months"),
    number("wished_rate", decimalDigits=2),
    computed("affordable", AFFORDABLE, kind="money", label="Carries", **{"label.ru": "Хватит на кредит"}),
)
