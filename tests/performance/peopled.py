"""An installation with many people, for measurements: who works there, and what somebody may look for."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from engine.database import Database
from tests.performance.population import populate
from tests.settings import FOR_BROWSERS
from webapp.app import create_app
from webapp.customers.models import Customer, CustomerPhone
from webapp.staff.models import User
from webapp.vehicles.models import CustomerCar

GIVEN = "MEASURED_DATABASE"  # made before, by the command; else one is made here
PEOPLE = int(os.environ.get("MEASURED_POPULATION", "100000"))
SESSION = "session"


@dataclass(frozen=True)
class Place:
    """Where such a population is."""

    url: str
    folder: Path

    @property
    def settings(self) -> Mapping[str, object]:
        return {"database_url": self.url, "data_dir": str(self.folder), "demo": True}


@contextmanager
def peopled(url: str, folder: Path, people: int = PEOPLE) -> Iterator[Place]:
    """This empty database with so many people; or the one that is named, for measurements on its kind."""
    given = os.environ.get(GIVEN)
    if given and make_url(given).get_backend_name() == make_url(url).get_backend_name():
        yield Place(given, folder)
        return
    populate(url, people, folder=folder)
    yield Place(url, folder)


@dataclass(frozen=True)
class House:
    """The application over a population."""

    app: Flask

    @classmethod
    @contextmanager
    def opened(cls, place: Place) -> Iterator["House"]:
        house = cls(create_app({**FOR_BROWSERS, **place.settings}))
        try:
            yield house
        finally:
            house.database.close()

    @property
    def database(self) -> Database:
        opened: Database = self.app.extensions["database"]
        return opened

    def cookie(self, user: User) -> str:
        """What the browser of somebody who has signed in sends."""
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return str(signer.dumps({"_user_id": user.fs_uniquifier, "_fresh": True}))

    def client(self, person: str) -> FlaskClient:
        client = self.app.test_client()
        with self.database.read() as session:
            client.set_cookie(SESSION, self.cookie(self.find(session, person)))
        return client

    @staticmethod
    def find(session: Session, person: str) -> User:
        return session.scalars(select(User).where(User.email == f"{person}@example.com")).one()


@dataclass(frozen=True)
class Words:
    """What may be looked for. `whose`: the customers of the salesperson."""

    count: int  # of all people
    families: list[str]
    parts: list[str]
    phones: list[str]
    vins: list[str]
    plates: list[str]
    anybody: list[int]
    whose: Mapping[int, list[int]]

    @classmethod
    def read(cls, session: Session, number: int, seed: int = 1) -> "Words":
        """Of `number` people, cars and phones from everywhere."""
        dice = Random(seed)
        last = session.scalar(select(func.max(Customer.id))) or 0
        ids = [dice.randint(1, last) for _ in range(number)]
        found = session.scalars(select(Customer).where(Customer.id.in_(ids))).all()
        cars = session.execute(select(CustomerCar.vin, CustomerCar.plate).where(CustomerCar.customer_id.in_(ids))).all()
        phones = session.scalars(select(CustomerPhone.number).where(CustomerPhone.customer_id.in_(ids))).all()
        near = session.execute(select(Customer.id, Customer.owner_id).where(Customer.id.in_(_spread(dice, last))))
        whose: dict[int, list[int]] = {}
        for customer, owner in near:
            whose.setdefault(owner or 0, []).append(customer)
        return cls(
            count=session.scalar(select(func.count()).select_from(Customer)) or 0,
            families=[each.last_name for each in found if each.last_name],
            parts=[each.last_name[: dice.randint(3, 5)] for each in found if len(each.last_name) > 4],
            phones=[each[-dice.randint(4, 7) :] for each in phones],
            vins=[vin[-dice.randint(5, 8) :] for vin, _ in cars if vin],
            plates=[plate for _, plate in cars if plate],
            anybody=[each.id for each in found],
            whose=whose,
        )


def _spread(dice: Random, last: int) -> list[int]:
    return [dice.randint(1, last) for _ in range(3_000)]
