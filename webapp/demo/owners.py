"""The owners of cars who come to the workshop."""

from datetime import timedelta
from random import Random

from webapp.demo.behaviour.service import Owner, make_plate
from webapp.demo.behaviour.trying import vin_of
from webapp.demo.names import person_name
from webapp.demo.simulation import World
from webapp.demo.volumes import MODELS

OWNER_SERIAL = 9_000_000


def make_owner(world: World, seed: str, *, number: int) -> Owner:
    """Always the same for a seed: so he is known when he comes again."""
    random = Random(seed)  # noqa: S311  # repeatable, no secret
    name, sex = person_name(random)
    place = random.choices(range(len(MODELS)), [percent for percent, _ in MODELS])[0] % len(world.models)
    age = random.randrange(60, 2600)
    return Owner(
        number=number,
        name=name,
        sex=sex,
        model=world.models[place],
        vin=vin_of(random, OWNER_SERIAL + number),
        plate=make_plate(random),
        bought=(world.begins - timedelta(days=age)).date(),
        km=random.randrange(20, 900),
    )
