"""How a customer stands: what he has agreed to for each purpose and channel, from all that was ever recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.customers.models import Consent, ConsentChannel, ConsentKind, ConsentState


@dataclass(frozen=True)
class Standing:
    """One purpose, of advertising one channel. `consent`: the one that counts; None: never given."""

    kind: ConsentKind
    channel: ConsentChannel | None
    consent: Consent | None
    state: ConsentState | None

    @property
    def holds(self) -> bool:
        return self.state is ConsentState.ACTIVE


def standings_of(consents: Iterable[Consent], *, now: datetime) -> list[Standing]:
    """A line for each purpose and channel, in the order of the kinds; channels of advertising in theirs."""
    known = list(consents)
    lines: list[tuple[ConsentKind, ConsentChannel | None]] = []
    for kind in ConsentKind:
        lines += [(kind, channel) for channel in ConsentChannel] if kind is ConsentKind.ADVERTISING else [(kind, None)]
    return [_standing(kind, channel, known, now) for kind, channel in lines]


def _standing(kind: ConsentKind, channel: ConsentChannel | None, known: Sequence[Consent], now: datetime) -> Standing:
    mine = [each for each in known if each.kind is kind and each.channel == (channel or "")]
    counts = max(mine, key=lambda each: (each.state(now) is ConsentState.ACTIVE, each.given_at, each.id), default=None)
    return Standing(kind, channel, counts, counts.state(now) if counts else None)
