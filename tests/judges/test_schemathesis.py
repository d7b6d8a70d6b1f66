"""Operations that schemathesis makes up from the schema, some hundreds in the suite, and as many as are asked for."""

import os
import sys
from pathlib import Path

import orjson

from models.conflict import Conflict
from models.match import Match
from models.profile import Profile
from sharing.modes import SyncMode
from tests.couples import ANN, BEN, shared_people
from tests.judges.packages import said
from tests.resolvers.asking import gid
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.shared_tag import SharedTag
from tests.world import World

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("COMITY_EXAMPLES", "8")
COMMAND = ("--max-examples", EXAMPLES, "--checks", "in_order", "--no-color", "--continue-on-failure")
CACHE = ("--generation-database", "none")
PATIENCE = 3_600.0


async def ids_of(share: SharedTag) -> list[str]:
    """Return ids of all that the sender sees, and of things that it does not."""
    found = [gid("TagShare", share.id), *(gid("Nation", nation.id) for nation in (share.sender, share.receiver))]
    for kind, rows in (
        ("Match", Match.filter(share_id=share.id)),
        ("Conflict", Conflict.filter(share_id=share.id)),
        ("Profile", Profile.filter(nation_id__in=[share.sender.id, share.receiver.id])),
    ):
        found += [gid(kind, row.id) for row in await rows]
    return [*found, gid("Tag", (await share.row()).tag_id), gid("Profile", share.id)]


async def test_whatever_is_made_up_from_the_schema_is_answered_in_order(
    world: World, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    """No 500, no fault of the server's own, no traceback in its log, which the site looks for when it ends."""
    people = [ANN, BEN]
    share, *_ = await shared_people(
        world, [{**who, "employer": "Mill"} for who in people], people, mode=SyncMode.ALWAYS_REVIEW
    )
    token = await token_of(share.sender)
    environment = {
        "COMITY_KNOWN_IDS": orjson.dumps(await ids_of(share)).decode(),
        "SCHEMATHESIS_HOOKS": "made_up",
        "PYTHONPATH": str(HERE),
    }
    with Site(database_url, redis_url, {"COMITY_RATE": "0"}).running() as site:
        call = (f"{site.url}/graphql", "--header", f"Authorization: Bearer {token}", *COMMAND, *CACHE)
        program = (sys.executable, "-m", "schemathesis.cli", "run")
        told = await said(*program, *call, folder=tmp_path, environment=environment, patience=PATIENCE)
    assert "Failures:" not in told.decode(), told.decode()
    assert " generated, " in told.decode(), told.decode()
