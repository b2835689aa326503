"""A crowd of copied cases is as whole as the cases it was copied from, and the house goes on working."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.instances.models import ProcessInstance
from tests.dealer import Dealer
from tests.performance.crowd import multiply
from tests.performance.worksheets import walk_some
from webapp.admin.verifying import verify
from webapp.customers.models import CustomerPhone
from webapp.kit.identifiers import read_plate
from webapp.kit.phones import digits_of, reversed_digits
from webapp.sales.models import Worksheet
from webapp.sales.models.worksheets import AFTERCARE, SUBJECT
from webapp.vehicles.models import CustomerCar

pytestmark = pytest.mark.performance

WALKED = 6


@pytest.mark.parametrize("where", ["dealer", "postgresql_dealer"])
def test_copies_are_whole_and_can_be_copied_again(request: pytest.FixtureRequest, where: str) -> None:
    dealer: Dealer = request.getfixturevalue(where)
    walk_some(dealer, WALKED)
    with dealer.write() as session:
        owner = session.scalars(select(Worksheet.customer_id)).first()
        car = CustomerCar(customer_id=owner, description="Aurelia S4", recorded_at=dealer.clock.now())
        car.mark(vin="XTA210990Y2765437", plate="", plate_country="", body_number="")
        session.add(car)
        case = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).first()
        assert case is not None
        case.business_key = case.business_key.replace("sales.worksheet", AFTERCARE)

    with dealer.write() as session:
        assert multiply(session, 10) == 11 * WALKED
    with dealer.write() as session:
        assert multiply(session, 1) == 22 * WALKED

    with dealer.read() as session:
        found = verify(session, dealer.engine.store, Path(), now=dealer.clock.now())
        assert [str(each) for each in found if each.part != "files"] == []
        keys = [key.split(":") for key in session.scalars(select(ProcessInstance.business_key))]
        assert sorted(int(number) for _, number in keys) == sorted(session.scalars(select(Worksheet.id)))
        assert Counter(subject for subject, _ in keys) == {SUBJECT: 22 * (WALKED - 1), AFTERCARE: 22}
        cars = session.execute(select(CustomerCar.vin, CustomerCar.vin_tail)).all()
        plates = session.execute(
            select(CustomerCar.plate, CustomerCar.plate_digits).where(CustomerCar.plate != "")
        ).all()
        assert len({plate for plate, _ in plates}) == 21
        assert all(read_plate(plate) == plate and digits_of(plate) == digits for plate, digits in plates)
        assert len({vin for vin, _ in cars}) == 22
        assert all(len(vin) == 17 and tail == vin[::-1] for vin, tail in cars)
        phones = session.execute(select(CustomerPhone.number, CustomerPhone.tail)).all()
        assert len(phones) == session.scalar(select(func.count(func.distinct(Worksheet.customer_id))))
        assert all(len(number) == 12 and tail == reversed_digits(number) for number, tail in phones)

    dealer.register(phone="8 900 777-00-00", name="Olga Novikova")  # numbers go on behind the copies
    assert len(dealer.cases()) == 22 * WALKED + 1
