"""Where webhooks may go: hosts are looked up before an admin names one, and again whenever something is sent."""

import asyncio
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from sharing.errors import InvalidInput
from sharing.webhooks import PATH, is_public, read_url

LOOKUP_SECONDS = 3.0


class HostRefused(Exception):
    """A host that leads to an address where no webhook may go."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a webhook may go, as far as could be told when it was named; the empty URL is nowhere."""

    url: str = ""


async def check_destination(raw: str, *, anywhere: bool) -> Destination:
    """Make sure that webhooks may go somewhere. A host that cannot be found now may be there later.

    Args:
        raw: the URL as the admin wrote it; blank for nowhere.
        anywhere: whether it may be http, and any address.

    Raises:
        InvalidInput: it is no URL, not https, or leads to this machine or its network.
    """
    if not raw.strip():
        return Destination()
    url = read_url(raw, anywhere=anywhere)
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            await addresses_of(parts.hostname or "", parts.port or 443, anywhere=anywhere)
    except HostRefused as refused:
        raise InvalidInput(f"{refused} Name one that is reached over the internet.", PATH) from None
    except (OSError, TimeoutError, UnicodeError):
        pass
    return Destination(url)


async def addresses_of(host: str, port: int, *, anywhere: bool) -> tuple[str, ...]:
    """The IP addresses of a host, each of them checked: whoever connects goes to one of these, and asks no more.

    Raises:
        HostRefused: one of them is not of the open internet, though it has to be.
        OSError, UnicodeError: the host cannot be found.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not anywhere and not all(map(is_public, addresses)):
        raise HostRefused(f"{host} is on this machine or a private network, where no webhook may go.")
    return addresses
