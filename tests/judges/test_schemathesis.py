"""Operations that schemathesis makes up from the schema, some hundreds in the suite, and as many as are asked for."""

import asyncio
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import pytest
from graphql import build_schema, introspection_from_schema

from actions.segments import create_segment
from models.conflict import Conflict
from models.custom_field import CustomField
from models.match import Match
from models.profile import Profile
from models.run import SyncRun
from models.segment import Segment
from models.tag import Tag, TagKind
from sharing.modes import SyncMode
from tests.couples import shared_people
from tests.crowd import somebody
from tests.judges.packages import said
from tests.resolvers.asking import gid
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.shared_tag import SharedTag
from tests.tables import events, position
from tests.world import World

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("COMITY_EXAMPLES", "8")
COMMAND = ("--max-examples", EXAMPLES, "--checks", "in_order", "--no-color", "--continue-on-failure")
CACHE = ("--generation-database", "none")
PATIENCE = 3_600.0
MANY, FEW = 100, 4


PROGRAM = (sys.executable, "-m", "schemathesis.cli", "run")
PEOPLE = 10


async def known_of(share: SharedTag) -> dict[str, list[str]]:
    """Return what the sender sees, by the name of the argument that takes it, and some of what it does not see."""
    nation = share.sender.id
    found = {
        "nationId": [gid("Nation", nation)] * 9 + [gid("Nation", share.receiver.id)],
        "shareId": [gid("TagShare", share.id)],
        "tagId": [gid("Tag", row.id) for row in await Tag.filter(nation_id=nation, kind=TagKind.TAG)],
        "matchId": [gid("Match", row.id) for row in await Match.filter(share_id=share.id)],
        "conflictId": [gid("Conflict", row.id) for row in await Conflict.filter(share_id=share.id)],
        "profileId": [gid("Profile", row.id) for row in await Profile.filter(nation_id=nation)],
        "customFieldId": [gid("CustomField", row.id) for row in await CustomField.filter(nation_id=nation)],
        "segmentId": [gid("Segment", row.id) for row in await Segment.filter(nation_id=nation)],
        "groupId": [gid("Group", row.id) for row in await Tag.filter(nation_id=nation, kind=TagKind.GROUP)],
        "runId": [gid("SyncRun", row.id) for row in await SyncRun.filter(share_id=share.id)],
    }
    found["nation"], found["tag"], found["match"] = found["nationId"], found["tagId"], found["matchId"]
    found |= {f"{key[:-2]}Ids": found[key] for key in ("profileId", "matchId", "conflictId")}
    found["duplicateIds"] = found["profileId"]
    found["ids"] = found["id"] = [value for key in found if key.endswith("Id") for value in found[key]]
    return {**found, "slug": [share.sender.slug], "receiverSlugs": [share.receiver.slug]}


async def judged(address: str, folder: Path, known: dict[str, list[str]], *options: str) -> str:
    """What schemathesis says of a server; an error where it found anything."""
    environment = {
        "COMITY_KNOWN": orjson.dumps(known).decode(),
        "SCHEMATHESIS_HOOKS": "made_up",
        "PYTHONPATH": str(HERE),
    }
    call = (*PROGRAM, address, *COMMAND, *CACHE, *options)
    told = (await said(*call, folder=folder, environment=environment, patience=PATIENCE)).decode()
    assert "Failures:" not in told, told
    assert " generated, " in told, told
    return told


async def test_whatever_is_made_up_from_the_schema_is_answered_in_order(
    world: World, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    """No 500, no fault of the server's own, no traceback in its log, which the site looks for when it ends."""
    people = [somebody(number) for number in range(PEOPLE)]
    ours = [{**who, "employer": "Mill"} for who in people]
    theirs = [{**who, "employer": "Shop"} for who in people]
    share, *_ = await shared_people(world, ours, theirs, mode=SyncMode.ALWAYS_REVIEW)
    for number in range(3):
        await share.sender.tag(f"tag {number}")
        await share.sender.group(f"group {number}")
        await share.sender.define(f"field_{number}")
        async with world.unit(share.sender.admin) as unit:
            criteria = {"clause": {"field": "last_name", "operator": "IS_BLANK"}}
            await create_segment(unit, share.sender.id, f"segment {number}", criteria)
    token, start = await token_of(share.sender), await position(share.sender.id)
    with Site(database_url, redis_url, {"COMITY_RATE": "0"}).running() as site:
        header = ("--header", f"Authorization: Bearer {token}")
        await judged(f"{site.url}/graphql", tmp_path, await known_of(share), *header)
    nouns = {"Profile", "Tag", "Match", "Conflict", "CustomField", "Segment", "Group"}
    done = nouns & {event["noun"] for event in await events(share.sender.id, start)}
    # Of a few examples some kinds may all be refused; of many, none.
    assert len(done) >= (len(nouns) if int(EXAMPLES) >= MANY else FEW), f"Hardly anything was done, only to {done}."


class _Failing(BaseHTTPRequestHandler):
    """Answers the schema to whoever asks for it, and a fault of its own to all else."""

    def do_POST(self) -> None:
        """Answer."""
        asked = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
        if "__schema" in asked["query"]:
            answer = {"data": introspection_from_schema(build_schema("type Query { it: Int }"))}
        else:
            answer = {"data": None, "errors": [{"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}
        body = orjson.dumps(answer)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


async def test_a_server_with_a_fault_of_its_own_is_found_out(tmp_path: Path) -> None:
    """Silence means that there is none."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Failing) as server:
        serving = asyncio.create_task(asyncio.to_thread(server.serve_forever))
        try:
            with pytest.raises(AssertionError, match="INTERNAL_SERVER_ERROR"):
                await judged(f"http://127.0.0.1:{server.server_port}/graphql", tmp_path, {})
        finally:
            server.shutdown()
            await serving
