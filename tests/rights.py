"""A stage on which every deed can be done and every step of a share taken, again and again, since all is undone.

Whoever adds a deed or an action adds how it is done to ``tests/actions/test_rights.py`` and ``tests/resolvers/test_rights.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from actions.accounts import create_user
from actions.brakes import set_share_limits
from models.network import Network
from models.run import SyncRun
from sharing.brakes import Limit
from sharing.errors import Forbidden, IllegalTransition, InvalidInput, NotFound
from sharing.lifecycle import RECEIVER_SEES, Party, ShareAction, ShareStatus, next_status
from sharing.modes import SyncMode
from sharing.states import RunState
from sharing.visibility import ANONYMOUS, BY_NETWORK_ROLE, BY_PLAN, BY_ROLE, Caller, Deed, NetworkRole, Plan, Role
from tests.couples import ANN, BEN
from tests.world import Nation, SharedTag, World

Error = type[Forbidden | NotFound | IllegalTransition]
WHO = (
    "an admin",
    "a member",
    "an admin elsewhere",
    "a manager",
    "a manager who is a member",
    "a manager of another network",
    "nobody",
)
# Done for all of a network, by its managers too.
NETWORK_WIDE: frozenset[Deed] = frozenset().union(*BY_NETWORK_ROLE.values())


class Undone(InvalidInput):
    """What was asked for was done, and is undone."""

    code = "UNDONE"


@dataclass
class Stage:
    """A nation, alone in its network, that shares with another.

    Attributes:
        own: the nation in which deeds are done; the sender of the shares.
        other: the nation that it shares with; the sender of what is received.
        callers: who may want to do something, by the words for it.
        network: the network.
        email: the address of a user of the nation.
        free: a tag of the nation that it shares with nobody.
        match: a link of the approved share.
        conflict: an open conflict of it.
        run: a run of another share of the nation's, which a limit of the nation holds.
        received: a share that the nation is asked to accept.
        shares: a share of the nation's in each status.
    """

    world: World
    own: Nation
    other: Nation
    callers: Mapping[str, Caller]
    network: int
    email: str
    free: UUID
    match: UUID
    conflict: UUID
    run: UUID
    received: SharedTag
    shares: Mapping[ShareStatus, SharedTag]


async def set_stage(world: World) -> Stage:
    """Set up the stage."""
    slug = await world.network()
    own, other = await world.nation("own", network_slug=slug), await world.nation("other")
    elsewhere, strange = await world.nation("elsewhere"), await world.network()
    network, another = (await Network.get(slug=slug)).id, (await Network.get(slug=strange)).id
    await Network.filter(id=network).update(audience_source_id=own.id)
    email = f"{uuid4().hex}@example.org"
    async with world.unit(Caller()) as unit:
        await create_user(unit, email, "correct horse battery staple", "", own.id, Role.MEMBER)
    ann = await own.person(**ANN, employer="Mill")
    await other.person(**ANN, employer="Shop")
    shares = {status: await own.share(await own.tag(status.value, [ann]), other) for status in ShareStatus}
    await shares[ShareStatus.APPROVED].accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    await shares[ShareStatus.DENIED].reject()
    await shares[ShareStatus.STOPPED].stop(own)
    return Stage(
        world, own, other,
        callers=_callers(own, elsewhere, network, another),
        network=network, email=email,
        free=await own.tag("free"),
        match=(await shares[ShareStatus.APPROVED].match_of(ann)).id,
        conflict=(await shares[ShareStatus.APPROVED].conflict("employer")).id,
        run=await _held_run(own, other),
        received=await other.share(await other.tag("theirs"), own),
        shares=shares,
    )  # fmt: skip


async def _held_run(own: Nation, other: Nation) -> UUID:
    """Return a run that a nation's limit holds before it overwrites what the other has edited."""
    ben, theirs = await own.person(**BEN, employer="Mill"), await other.person(**BEN)
    share = await (await own.share(await own.tag("held", [ben]), other)).accept()
    await own.world.work()
    async with own.world.unit(own.admin) as unit:
        await set_share_limits(unit, share.id, own.id, {Limit.OVERWRITTEN_VALUES: 0})
    await other.edit(theirs, employer="Shop")
    await own.world.work()
    return (await SyncRun.get(share_id=share.id, state=RunState.HELD)).id


def _callers(own: Nation, elsewhere: Nation, network: int, another: int) -> dict[str, Caller]:
    callers = (
        own.admin,
        own.member,
        elsewhere.admin,
        Caller(user_id=uuid4(), networks=frozenset({network})),
        Caller(user_id=uuid4(), roles={own.id: Role.MEMBER}, networks=frozenset({network})),
        Caller(user_id=uuid4(), networks=frozenset({another})),
        ANONYMOUS,
    )
    return dict(zip(WHO, callers, strict=True))


def refusal(stage: Stage, caller: Caller, plan: Plan, deed: Deed) -> Error | None:
    """Return how a deed is refused, by the tables; None where it is allowed."""
    if stage.network in caller.networks and deed in BY_NETWORK_ROLE[NetworkRole.MANAGER]:
        return None
    role = caller.roles.get(stage.own.id)
    if role is None:
        return NotFound
    return None if deed in BY_ROLE[role] and deed in BY_PLAN[plan] else Forbidden


def refusal_of_step(party: Party, action: ShareAction, status: ShareStatus) -> Error | None:
    """Return how a step of a share is refused to an admin of one side, by the tables; None where it is allowed."""
    if party is Party.RECEIVER and status not in RECEIVER_SEES:
        return NotFound
    try:
        next_status(status, action, party)
    except IllegalTransition:
        return IllegalTransition
    return None
