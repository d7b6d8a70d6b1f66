"""Who is asking: every token that is not right is refused, and rights are those of this moment."""

import asyncio
import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import orjson
import pytest

from actions.accounts import create_api_token, create_user
from models.user import ApiToken, Membership, User
from server.auth import LIFETIME, Tokens, derived
from sharing.errors import Unauthenticated
from sharing.visibility import ANONYMOUS, Caller, Role
from tests.world import Nation, World

SECRET = "a secret of the tests, thirty-two letters long"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def tokens() -> Tokens:
    """Return what makes and reads tokens."""
    return Tokens(SECRET)


async def user_of(nation: Nation, role: Role = Role.ADMIN) -> UUID:
    """Make a user of a nation."""
    async with nation.world.unit(Caller()) as unit:
        return await create_user(unit, f"{uuid4().hex}@example.org", PASSWORD, "Somebody", nation.id, role)


async def token_of(nation: Nation, role: Role = Role.ADMIN, expires_at: datetime | None = None) -> str:
    """Make a token of a nation."""
    async with nation.world.unit(Caller()) as unit:
        return await create_api_token(unit, nation.id, role, "a program", expires_at)


def signed(claims: dict, key: bytes = derived(SECRET, "token"), algorithm: str = "HS256") -> str:
    now = datetime.now(UTC)
    usual = {"sub": str(uuid4()), "typ": "user", "jti": "1", "iat": now, "exp": now + timedelta(hours=1)}
    wanted = {name: value for name, value in (usual | claims).items() if value is not None}
    return jwt.encode(wanted, key, algorithm)


async def refusal(tokens: Tokens, authorization: str) -> str:
    """Return why a header is refused."""
    with pytest.raises(Unauthenticated) as caught:
        await tokens.caller_of(authorization)
    return caught.value.message


async def test_a_user_is_known_by_the_token_issued_with_all_roles_of_this_moment(world: World, tokens: Tokens):
    north, south = await world.nation("north"), await world.nation("south")
    user_id = await user_of(north, Role.MEMBER)
    issued = tokens.issue(user_id)
    caller = await tokens.caller_of(f"Bearer {issued.token}")
    assert caller == Caller(user_id=user_id, roles={north.id: Role.MEMBER}, expires_at=issued.expires_at)
    assert timedelta(0) < LIFETIME - (issued.expires_at - datetime.now(UTC)) < timedelta(seconds=5)
    await Membership.create(user_id=user_id, nation_id=south.id, role=Role.ADMIN)
    await Membership.filter(user_id=user_id, nation_id=north.id).delete()
    assert (await tokens.caller_of(f"Bearer {issued.token}")).roles == {south.id: Role.ADMIN}
    assert (await tokens.renewed(caller)).roles == {south.id: Role.ADMIN}


async def test_a_program_is_known_by_the_token_of_its_nation(world: World, tokens: Tokens):
    north = await world.nation("north")
    token = await token_of(north, Role.MEMBER)
    assert token.startswith("comity_")
    stored = await ApiToken.get(nation_id=north.id)
    assert token not in str(stored.__dict__)
    caller = await tokens.caller_of(f"bearer  {token} ")
    assert caller == Caller(token_id=stored.id, roles={north.id: Role.MEMBER})


@pytest.mark.parametrize("header", [None, "", "  "])
async def test_whoever_sends_no_token_is_a_passer_by(tokens: Tokens, header: str | None):
    assert await tokens.caller_of(header) == ANONYMOUS
    assert await tokens.renewed(ANONYMOUS) == ANONYMOUS


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic abc", "token", "Bearer ünïcode", f"Bearer {'x' * 5000}", "Bearer\tabc"],
)
async def test_a_malformed_header_is_refused(database: None, tokens: Tokens, header: str):
    assert "Bearer" in await refusal(tokens, header)


def unsigned(user_id: UUID) -> str:
    """Return a token of the algorithm “none”."""
    parts = ({"alg": "none", "typ": "JWT"}, {"sub": str(user_id), "typ": "user", "jti": "1", "iat": 1, "exp": 9e9})
    return ".".join(base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # of the token in another algorithm
async def test_a_forged_token_is_refused(world: World, tokens: Tokens):
    north = await world.nation("north")
    user_id = await user_of(north)
    good = tokens.issue(user_id).token
    head, body, signature = good.split(".")
    mine = {"sub": str(user_id)}
    forged = {
        "another secret": Tokens("another secret, which is also long enough").issue(user_id).token,
        "the secret itself, not the derived key": signed(mine, SECRET.encode()),
        "a key for another purpose": signed(mine, derived(SECRET, "cursor")),
        "no signature": unsigned(user_id),
        "signature cut": f"{head}.{body}.{signature[:-2]}",
        "body of another": f"{head}.{signed({}).split('.')[1]}.{signature}",
        "another algorithm": signed(mine, algorithm="HS512"),
        "another kind": signed({**mine, "typ": "invitation"}),
        "no kind": signed({**mine, "typ": None}),
        "never expires": signed({**mine, "exp": None}),
        "expires at no time": signed({**mine, "exp": "soon"}),
        "expires beyond the calendar": signed({**mine, "exp": 10**18}),
        "from the future": signed({**mine, "iat": datetime.now(UTC) + timedelta(hours=1)}),
        "no user": signed({"sub": None}),
        "a user who is no uuid": signed({"sub": "1 OR 1=1"}),
        "a user who does not exist": signed({}),
        "not a token at all": "a.b.c",
        "a token of no nation": "comity_" + "x" * 43,
    }
    assert await tokens.caller_of(f"Bearer {good}")
    for what, token in forged.items():
        assert "not valid" in await refusal(tokens, f"Bearer {token}"), what


async def test_a_token_runs_out(world: World, tokens: Tokens):
    north = await world.nation("north")
    user_id = await user_of(north)
    now = datetime.now(UTC)
    past = signed({"sub": str(user_id), "iat": now - timedelta(hours=2), "exp": now - timedelta(seconds=1)})
    assert "expired" in await refusal(tokens, f"Bearer {past}")
    assert "expired" in await refusal(tokens, f"Bearer {await token_of(north, expires_at=now)}")
    soon = now + timedelta(seconds=0.4)
    caller = await tokens.caller_of(f"Bearer {await token_of(north, expires_at=soon)}")
    assert caller.expires_at == soon
    await asyncio.sleep(0.5)
    with pytest.raises(Unauthenticated, match="expired"):
        await tokens.renewed(caller)


async def test_a_revoked_token_and_a_disabled_user_are_refused_at_once(world: World, tokens: Tokens):
    north = await world.nation("north")
    user_id, token = await user_of(north), await token_of(north)
    callers = [await tokens.caller_of(f"Bearer {one}") for one in (token, tokens.issue(user_id).token)]
    await ApiToken.filter(nation_id=north.id).update(revoked_at=datetime.now(UTC))
    await User.filter(id=user_id).update(disabled_at=datetime.now(UTC))
    assert "not valid" in await refusal(tokens, f"Bearer {token}")
    assert "not valid" in await refusal(tokens, f"Bearer {tokens.issue(user_id).token}")
    for caller in callers:
        with pytest.raises(Unauthenticated):
            await tokens.renewed(caller)


async def test_callers_that_ask_at_one_time_each_get_their_own_rights(world: World, tokens: Tokens):
    nations = [await world.nation("one"), await world.nation("two"), await world.nation("three")]
    issued = [tokens.issue(await user_of(nation)).token for nation in nations]
    callers = await asyncio.gather(*(tokens.caller_of(f"Bearer {token}") for token in issued * 5))
    assert [caller.nations for caller in callers] == [frozenset({nation.id}) for nation in nations] * 5


async def test_requests_given_up_hold_nobody_up(world: World, tokens: Tokens):
    """Clients that go away while their rights are read leave nothing behind that others would wait for."""
    user = await user_of(await world.nation("north"))
    header = f"Bearer {tokens.issue(user).token}"
    for pause in range(20):
        asking = [asyncio.ensure_future(tokens.caller_of(header)) for _ in range(5)]
        await asyncio.sleep(pause / 10_000)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
    async with asyncio.timeout(10):
        assert (await tokens.caller_of(header)).user_id == user


def test_a_key_for_one_purpose_is_not_the_key_for_another():
    assert derived(SECRET, "token") != derived(SECRET, "cursor") != hashlib.sha256(SECRET.encode()).digest()
    assert hmac.compare_digest(derived(SECRET, "token"), derived(SECRET, "token"))
