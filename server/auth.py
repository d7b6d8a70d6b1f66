"""Who is asking: from a token to a caller, with the rights that it has at this moment."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import orjson
from tortoise.connection import get_connection
from uuid_utils.compat import uuid7

from actions.accounts import TOKEN_PREFIX, digest_of
from models.queries import query
from sharing.errors import Unauthenticated
from sharing.visibility import ANONYMOUS, Caller, Role

LIFETIME = timedelta(hours=12)
LEEWAY = timedelta(seconds=5)  # between the clocks of two machines
ALGORITHM = "HS256"
KIND = "user"
# Whether it has expired is asked elsewhere, each time anew: a subscription may outlast its token.
OPTIONS: Any = {"require": ["sub", "typ", "jti", "iat", "exp"], "verify_exp": False}
LONGEST_HEADER = 4096

MALFORMED = "The Authorization header must be “Bearer”, a space and a token."
INVALID = "The token is not valid: sign in again."
EXPIRED = "The token has expired: sign in again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token just made, and when it runs out."""

    token: str
    expires_at: datetime


def derived(secret: str, purpose: str) -> bytes:
    """A key for one purpose, so that what is signed for one is worth nothing for another."""
    return hmac.digest(secret.encode(), b"comity " + purpose.encode(), "sha256")


class Tokens:
    """Makes the tokens of users, and tells who is behind any token.

    Args:
        secret: the same for every process; whoever knows it can sign in as anybody.
    """

    def __init__(self, secret: str) -> None:
        self._key = derived(secret, "token")

    def issue(self, user_id: UUID) -> SignedIn:
        """Make a token for a user who has shown the password."""
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = now + LIFETIME
        claims = {"sub": str(user_id), "typ": KIND, "jti": uuid7().hex, "iat": now, "exp": expires_at}
        return SignedIn(jwt.encode(claims, self._key, ALGORITHM), expires_at)

    async def caller_of(self, authorization: str | None) -> Caller:
        """The caller behind an Authorization header; a passer-by where there is none.

        Raises:
            Unauthenticated: the header is malformed, or its token forged, expired or revoked, or its user disabled.
        """
        if authorization is None or not authorization.strip():
            return ANONYMOUS
        scheme, _, token = authorization.strip().partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(authorization) > LONGEST_HEADER or not token.isascii():
            raise Unauthenticated(MALFORMED)
        if token.startswith(TOKEN_PREFIX):
            found = await _rows("token_by_digest", digest_of(token))
            named = Caller(token_id=found[0]["id"]) if found else ANONYMOUS
        else:
            user_id, expires_at = self._opened(token)
            named = Caller(user_id=user_id, expires_at=expires_at)
        if not named.is_known:
            raise Unauthenticated(INVALID)
        return await self.renewed(named)

    async def renewed(self, caller: Caller) -> Caller:
        """A caller with the rights that it has now.

        Raises:
            Unauthenticated: its token has expired or was revoked meanwhile, or its user was disabled.
        """
        (renewed,) = await self.renewed_all([caller])
        if isinstance(renewed, Unauthenticated):
            raise renewed
        return renewed

    async def renewed_all(self, callers: Sequence[Caller]) -> list[Caller | Unauthenticated]:
        """Several callers, each with the rights that it has now, or the refusal where it has none any more."""
        users = {caller.user_id for caller in callers if caller.user_id is not None}
        tokens = {caller.token_id for caller in callers if caller.token_id is not None}
        found = {**(await _users(users) if users else {}), **(await _tokens(tokens) if tokens else {})}
        now = datetime.now(UTC)
        return [_renewed(caller, found, now) for caller in callers]

    async def unlike(self, rights: Caller, users: list[UUID], tokens: list[UUID]) -> set[UUID]:
        """Those of some users and nations' tokens whose rights are not, or no longer, those of a caller.

        Expiry is not looked at: that comes by itself.
        """
        roles = orjson.dumps({str(nation): role for nation, role in rights.roles.items()}).decode()
        found: set[UUID] = set()
        if users:
            networks = sorted(rights.networks)
            found.update(row["id"] for row in await _rows("users_with_other_rights", users, roles, networks))
        if tokens:
            found.update(row["id"] for row in await _rows("tokens_with_other_rights", tokens, roles))
        return found

    def _opened(self, token: str) -> tuple[UUID, datetime]:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM], leeway=LEEWAY, options=OPTIONS)
            user_id, expires_at = UUID(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC)
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, OSError):
            raise Unauthenticated(INVALID) from None
        if claims["typ"] != KIND:
            raise Unauthenticated(INVALID)
        return user_id, expires_at


def _renewed(caller: Caller, found: Mapping[UUID, Caller], now: datetime) -> Caller | Unauthenticated:
    known = caller.user_id or caller.token_id
    if known is None:
        return caller
    if (fresh := found.get(known)) is None:
        return Unauthenticated(INVALID)
    expires_at = caller.expires_at or fresh.expires_at
    if expires_at is not None and expires_at <= now:
        return Unauthenticated(EXPIRED)
    return Caller(fresh.user_id, fresh.token_id, fresh.roles, fresh.networks, expires_at)


async def _users(ids: Iterable[UUID]) -> dict[UUID, Caller]:
    rows = await _rows("callers_of_users", list(ids))
    return {
        row["id"]: Caller(
            user_id=row["id"], roles=_roles(orjson.loads(row["roles"])), networks=frozenset(row["networks"])
        )
        for row in rows
    }


async def _tokens(ids: Iterable[UUID]) -> dict[UUID, Caller]:
    rows = await _rows("callers_of_tokens", list(ids))
    return {
        row["id"]: Caller(
            token_id=row["id"], roles=_roles({row["nation_id"]: row["role"]}), expires_at=row["expires_at"]
        )
        for row in rows
    }


def _roles(found: Mapping[Any, str]) -> dict[int, Role]:
    return {int(nation): Role(role) for nation, role in found.items()}


async def _rows(name: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(query(name), list(arguments))
