"""Accounts: users with their passwords, and the tokens of nations. Made by whoever runs Comity; no door leads here."""

import asyncio
import hashlib
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from tortoise.exceptions import IntegrityError
from uuid_utils.compat import uuid7

from actions.unit import Unit
from models.user import ApiToken, Membership, User
from sharing.emails import email as parse_email
from sharing.errors import InvalidInput, Refused, Unauthenticated
from sharing.texts import line
from sharing.visibility import Role

MIN_PASSWORD = 12
MAX_PASSWORD = 1024
MAX_NAME = 255
TOKEN_PREFIX = "comity_"  # noqa: S105 - how a token begins
TOKEN_BYTES = 32

_HASHER = PasswordHasher()
# A hash takes 64 MB while it is made: two at a time are enough for anybody, and sign-ins wait in line.
_THREADS = ThreadPoolExecutor(2, "argon2")


async def create_user(unit: Unit, email: str, password: str, name: str, nation_id: int, role: Role) -> UUID:
    """Make a user who belongs to a nation.

    Raises:
        InvalidInput: no email address, one that another user has, a password that is too short, or a name too long.
    """
    user = User(id=uuid7(), email=_address(email), name=_name(name), password_hash=await _hash(_password(password)))
    try:
        await user.save(force_create=True)
    except IntegrityError:
        raise InvalidInput(f"There is a user {user.email} already.", "email") from None
    await Membership.create(user_id=user.id, nation_id=nation_id, role=role)
    return user.id


async def authenticate(email: str, password: str) -> User:
    """The user behind an email address and a password.

    An address that nobody has takes as long as a wrong password, and gets the same answer.

    Raises:
        Unauthenticated: the address or the password is wrong, or the user may not sign in any more.
    """
    try:
        address = parse_email(email)
    except Refused:
        address = None
    user = await User.get_or_none(email=address) if address else None
    fits = await _verify(user.password_hash if user else None, _normal(password))
    if user is None or not fits or user.disabled_at is not None:
        raise Unauthenticated("The email address or the password is wrong.")
    if _HASHER.check_needs_rehash(user.password_hash):
        await _rehash(user, password)
    return user


async def create_api_token(
    unit: Unit, nation_id: int, role: Role, name: str = "", expires_at: datetime | None = None
) -> str:
    """Make a token of a nation, for programs.

    Returns:
        The token itself, which is not kept: nobody can be told it again.

    Raises:
        InvalidInput: the name is too long.
    """
    token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    await ApiToken.create(
        id=uuid7(), nation_id=nation_id, role=role, name=_name(name), digest=digest_of(token), expires_at=expires_at
    )
    return token


def digest_of(token: str) -> str:
    """What is stored of a token. It is random and long, so that a plain hash tells nobody what it was."""
    return hashlib.sha256(token.encode()).hexdigest()


def _address(raw: str) -> str:
    try:
        address = parse_email(raw)
    except Refused as refused:
        raise InvalidInput(f"The email address cannot be taken: {refused}.", "email") from None
    if address is None:
        raise InvalidInput("A user needs an email address.", "email")
    return address


def _name(raw: str) -> str:
    try:
        return line(raw, MAX_NAME) or ""
    except Refused as refused:
        raise InvalidInput(f"The name cannot be taken: {refused}.", "name") from None


def _password(raw: str) -> str:
    password = _normal(raw)
    if len(password) < MIN_PASSWORD:
        raise InvalidInput(f"The password is too short: take at least {MIN_PASSWORD} characters.", "password")
    if len(password) > MAX_PASSWORD:
        raise InvalidInput(f"The password is too long: take at most {MAX_PASSWORD:,} characters.", "password")
    return password


def _normal(password: str) -> str:
    """A password as it is hashed: the same whichever keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password[: MAX_PASSWORD + 1])


async def _hash(password: str) -> str:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, _HASHER.hash, password.encode("utf-8", "surrogatepass"))


async def _verify(stored: str | None, password: str) -> bool:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, _fits, stored, password.encode("utf-8", "surrogatepass"))


def _fits(stored: str | None, password: bytes) -> bool:
    nobody = _nobody()
    try:
        _HASHER.verify(stored or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    """A hash that no password fits, made as others are, to be tried where there is no user."""
    return _HASHER.hash(secrets.token_bytes(TOKEN_BYTES))


async def _rehash(user: User, password: str) -> None:
    """Store a password as newer parameters want it, unless it was changed meanwhile."""
    stored = await _hash(_normal(password))
    await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=stored)
