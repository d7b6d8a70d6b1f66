"""An audience between two nations, and what of it there is to name."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from models.audience import Audience as AudienceRow
from models.match import Match
from models.network import Network
from models.run import SyncRun
from sharing.audiences.rules import AudienceRules
from sharing.states import AudienceState
from tests.audience import Audience
from tests.resolvers.asking import gid
from tests.world import Nation


async def audience_between(source: Nation, target: Nation, segment_id: UUID) -> Audience:
    """Have one nation share its audience with another of its network."""
    network = await Network.get(nations__id=source.id)
    audience = Audience(source.world, network.id, source, [target])
    await audience.enable()
    await audience.begin(audience.rules(segment_id, fields=["is_deceased"]))
    return audience


async def draft_of(nation: Nation) -> AudienceRow:
    """Leave rules with a nation that may share nothing."""
    rules = AudienceRules("A group").as_json()
    now = datetime.now(UTC)
    draft = {"id": uuid7(), "nation_id": nation.id, "state": AudienceState.DRAFT, "rules": rules}
    return await AudienceRow.create(**draft, created_at=now, updated_at=now)


async def carried_by(audience: Audience, target: Nation) -> dict[str, str]:
    share = await audience.share(target)
    match, run = await Match.filter(share_id=share.id).first(), await SyncRun.filter(share_id=share.id).first()
    assert match is not None
    assert run is not None
    rows = {"AudienceShare": share, "AudienceMatch": match, "AudienceRun": run}
    return {name: gid(name, row.id) for name, row in rows.items()}
