"""Webhooks by the Standard Webhooks convention: where they may lead, how they are signed, when they are tried again."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from sharing.errors import InvalidInput
from sharing.fields import CUSTOM_PREFIX

SECRET_PREFIX = "whsec_"  # noqa: S105 - how a secret begins
SECRET_BYTES = 32
MAX_URL = 2_000
MAX_ATTEMPTS = 10
FIRST_PAUSE = timedelta(seconds=30)
GROWTH = 2.5  # the nine pauses of ten attempts come to 21 hours
FORMER_SIGNS = timedelta(days=1)  # so long the secret before a rotation signs beside the new one
GONE = 410
FIRED = "automation.fired"
PATH = "webhookUrl"

# IPv6 addresses that stand for IPv4 ones: a gateway leads to whatever the last 32 bits name.
_NAT64 = IPv6Network("64:ff9b::/96")


def secret_of(random: bytes) -> str:
    """A secret as it is shown: ``whsec_`` and the base64 of random bytes."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature: ``v1,`` and the base64 of the HMAC-SHA256 of id, timestamp and body, joined by dots.

    Args:
        secret: as ``secret_of`` gives it.
        message_id: the same for every attempt.
        timestamp: of the attempt, in seconds since 1970.
        body: what is sent, byte by byte.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What is sent above the body. Signed with each of the secrets, so that a receiver may know any one of them."""
    return {
        "content-type": "application/json",
        "user-agent": "Comity-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in secrets),
    }


def payload(
    at: datetime,
    nation: str,
    automation_id: str,
    profile_id: str,
    field: str,
    before: str | None,
    after: str | None,
) -> bytes:
    """What is sent: the same bytes at every attempt.

    Args:
        at: when the field changed.
        nation: the nation's slug.
        automation_id: the automation, by its global id.
        profile_id: the profile, by its global id.
        field: the catalogue key, or ``custom:slug``.
        before: what the field held, as text; None for nothing.
        after: what it holds since, likewise.
    """
    custom = field.startswith(CUSTOM_PREFIX)
    data = {
        "nation": nation,
        "automationId": automation_id,
        "profileId": profile_id,
        "field": "CUSTOM_FIELDS" if custom else field.upper(),
        "customField": field.removeprefix(CUSTOM_PREFIX) if custom else None,
        "from": before,
        "to": after,
    }
    document = {"type": FIRED, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None where it is time to give up."""
    return None if attempts >= MAX_ATTEMPTS else FIRST_PAUSE * GROWTH ** (attempts - 1)


def read_url(raw: str, *, anywhere: bool) -> str:
    """Where a webhook leads, checked as far as can be told without asking where its host is.

    Args:
        raw: as the admin wrote it.
        anywhere: whether http will do.

    Raises:
        InvalidInput: it is no URL, not https, holds a user, a password or a fragment, or is too long.
    """
    url = raw.strip()
    if len(url) > MAX_URL:
        raise InvalidInput(f"The URL is longer than {MAX_URL:,} characters: give a shorter one.", PATH)
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise InvalidInput("Write the URL in ASCII: a host's other letters as xn--…, those of the path as %…", PATH)
    parts = _split(url)
    if parts is None or not parts.hostname:
        raise InvalidInput("This is no URL: write it as https://example.org/hook", PATH)
    if parts.scheme != "https" and not (anywhere and parts.scheme == "http"):
        raise InvalidInput("A webhook goes by https: write the URL as https://example.org/hook", PATH)
    if "@" in parts.netloc or "#" in url:
        raise InvalidInput("Leave user, password and fragment out of the URL: who sends is told by signature.", PATH)
    return url


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return None if parts.port == 0 else parts  # asking for the port refuses one that is no number
    except ValueError:
        return None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: nothing local, private, reserved, or a way round that."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        within = _within(found)
        if within is not None:
            found = within
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to, if it does."""
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
