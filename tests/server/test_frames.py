"""Ready messages arrive as they were given, whatever their length, and a reader that stops reading holds nobody up."""

import asyncio
import socket

import psutil
import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from server.frames import header
from server.post import RedisPost
from tests.resolvers.asking import gid
from tests.resolvers.watching import Hinting, north_of
from tests.server.site import Site
from tests.world import World

LONG = 2_000  # letters
PEOPLE = 600
BIOS = " ".join(f"b{number}: bio" for number in range(25))
LARGE = f"""subscription($nation: ID!) {{ changes(nation: $nation, topics: [PROFILES]) {{
  cursor change {{ ... on NodeChanged {{ node {{ id ... on Profile {{ {BIOS} }} }} }} }} }} }}"""


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
def test_a_header_is_read_as_what_it_stands_for(length: int):
    reader = StreamReader()
    body = b"x" * length
    reader.feed_data(header(length) + body)
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as caught:
        next(parsing)
    frame = caught.value.value
    assert (frame.opcode, bytes(frame.data), frame.fin) == (Opcode.TEXT, body, True)


def memory(site: Site) -> int:
    """Return the bytes that a site holds of its own."""
    assert site.process is not None
    found = psutil.Process(site.process.pid).memory_info()
    return int(found.rss - found.shared)


async def test_a_client_that_stops_reading_holds_nobody_up_and_is_told_all_once_it_reads(
    site: Site, database: None, post: RedisPost
):
    """Some thirty megabytes go past it, of which only what the buffers hold is kept for it."""
    world = World(Hinting(post))
    north, token = await north_of(world)
    people = [await north.person(first_name="Ada", bio="x" * LONG) for _ in range(PEOPLE)]
    async with site.line(token) as quick, site.line(token) as slow:
        for line in (quick, slow):
            await line.subscribe(LARGE, nation=gid("Nation", north.id))
        slow.socket.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        await asyncio.sleep(0.5)
        before = memory(site)
        for part in range(3):
            await north.tag(f"tag{part}", people[part::3])
        told = [await quick.socket.recv() for _ in range(PEOPLE)]
        assert min(map(len, told)) > 25 * LONG
        assert memory(site) - before < sum(map(len, told)) / 2
        await north.edit(people[0], first_name="Bo")
        told.append(await quick.socket.recv())
        assert [await asyncio.wait_for(slow.socket.recv(), 20) for _ in told] == told
