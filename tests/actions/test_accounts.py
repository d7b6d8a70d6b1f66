"""Accounts: passwords are kept as hashes, sign-ins tell nobody who has an account, bad input is named."""

import time
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from actions.accounts import authenticate, create_api_token, create_user, digest_of
from models.user import ApiToken, Membership, User
from sharing.errors import InvalidInput, Unauthenticated
from sharing.visibility import Caller, Role
from tests.world import Nation, World

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


async def make(nation: Nation, email: str, password: str = PASSWORD, name: str = ""):
    """Make a user."""
    async with nation.world.unit(Caller()) as unit:
        return await create_user(unit, email, password, name, nation.id, Role.MEMBER)


async def test_a_user_belongs_to_a_nation_and_signs_in_by_an_address_in_any_case(north: Nation):
    name = uuid4().hex
    user_id = await make(north, f"  {name.upper()}@Example.org", name=" Ada  L. ")
    user = await authenticate(f"{name}@EXAMPLE.ORG", PASSWORD)
    assert (user.id, user.email, user.name) == (user_id, f"{name}@example.org", "Ada L.")
    assert await Membership.get(user_id=user_id).values("nation_id", "role") == {
        "nation_id": north.id,
        "role": "MEMBER",
    }


async def test_a_password_is_kept_as_an_argon2_hash_only(north: Nation):
    user = await User.get(id=await make(north, f"{uuid4().hex}@example.org"))
    assert user.password_hash.startswith("$argon2id$")
    assert PASSWORD not in str(user.__dict__)


@pytest.mark.parametrize(
    ("email", "password", "name", "path", "says"),
    [
        ("nobody", PASSWORD, "", "email", "not an email address"),
        ("a b@example.org", PASSWORD, "", "email", "not an email address"),
        ("", PASSWORD, "", "email", "needs an email address"),
        ("x@example.org", "eleven char", "", "password", "at least 12 characters"),
        ("x@example.org", "y" * 1025, "", "password", "at most 1,024"),
        ("x@example.org", PASSWORD, "n" * 256, "name", "256 characters"),
        ("x@example.org", PASSWORD, "n\0", "name", "U+0000"),
    ],
)
async def test_bad_input_is_named_and_makes_nobody(north: Nation, email, password, name, path, says):
    with pytest.raises(InvalidInput, match=says.replace("+", r"\+")) as caught:
        await make(north, email, password, name)
    assert caught.value.path == (path,)
    assert not await User.filter(email="x@example.org").exists()


async def test_an_address_is_taken_once(north: Nation):
    email = f"{uuid4().hex}@example.org"
    await make(north, email)
    with pytest.raises(InvalidInput, match="already"):
        await make(north, email.upper())
    assert await User.filter(email=email).count() == 1


async def test_wrong_passwords_unknown_addresses_and_disabled_users_get_one_answer(north: Nation):
    email = f"{uuid4().hex}@example.org"
    user_id = await make(north, email)
    answers = set()
    for address, password in (
        (email, "not the password"),
        (email, ""),
        (email, PASSWORD + "\ud800"),
        (email, "x" * 100_000),
        (f"{uuid4().hex}@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("\0", PASSWORD),
    ):
        with pytest.raises(Unauthenticated) as caught:
            await authenticate(address, password)
        answers.add(caught.value.message)
    await User.filter(id=user_id).update(disabled_at=datetime.now(UTC))
    with pytest.raises(Unauthenticated) as caught:
        await authenticate(email, PASSWORD)
    assert answers == {caught.value.message}


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(north: Nation):
    email = f"{uuid4().hex}@example.org"
    await make(north, email)

    async def took(address: str) -> float:
        began = time.perf_counter()
        with pytest.raises(Unauthenticated):
            await authenticate(address, "not the password")
        return time.perf_counter() - began

    known = median([await took(email) for _ in range(5)])
    unknown = median([await took("nobody@example.org") for _ in range(5)])
    malformed = median([await took("nobody") for _ in range(5)])
    assert min(unknown, malformed) > known / 3


async def test_a_hash_of_weaker_parameters_is_renewed_at_the_next_sign_in(north: Nation):
    email = f"{uuid4().hex}@example.org"
    user_id = await make(north, email)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await User.filter(id=user_id).update(password_hash=weak)
    await authenticate(email, PASSWORD)
    stored = (await User.get(id=user_id)).password_hash
    assert stored != weak
    await authenticate(email, PASSWORD)
    assert (await User.get(id=user_id)).password_hash == stored


async def test_of_a_token_only_the_digest_is_kept(north: Nation):
    async with north.world.unit(Caller()) as unit:
        first = await create_api_token(unit, north.id, Role.ADMIN, "sync")
        second = await create_api_token(unit, north.id, Role.ADMIN)
    assert first != second
    assert len(first) > 40
    rows = await ApiToken.filter(nation_id=north.id).order_by("id").values_list("digest", "name")
    assert rows == [(digest_of(first), "sync"), (digest_of(second), "")]
