"""Mail addresses: whether one can be written to, and how it is shown to strangers."""

import re

# one address without a display name, and a domain with a dot; what a server takes only the server knows
_ADDRESS = re.compile(r"[^@\s<>(),;:\"\\\[\]]{1,64}@[^@\s<>(),;:\"\\\[\]]+\.[^@\s.<>(),;:\"\\\[\]]{2,}")
LONGEST = 254


def is_mail_address(text: str) -> bool:
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def mask_mail(address: str) -> str:
    """Enough for its owner to know it, too little for others: m•••@e•••.com."""
    name, _at, domain = address.partition("@")
    host, _dot, ending = domain.rpartition(".")
    return f"{name[:1]}•••@{host[:1]}•••.{ending}"
