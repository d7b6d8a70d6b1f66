"""People by upload: what is taken, what is refused and in which words, and that a refused file leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from models.profile import Profile
from models.run import ImportPiece, ImportRun
from resolvers.ids import encode
from sharing.states import RunState
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.world import Nation, World
from workers.jobs import run_import


async def _upload(
    site: Site, nation: Nation, body: bytes | AsyncIterator[bytes], kind: str = "text/csv"
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {await token_of(nation)}", "Content-Type": kind}
    async with httpx.AsyncClient(base_url=site.url, timeout=60) as client:
        return await client.post(f"/import/{nation.slug}", content=body, headers=headers)


async def test_a_file_is_taken_and_answers_with_its_import(site: Site, world: World):
    """The answer bears the id of the import, and names the columns that say nothing."""
    north = await world.nation("north")
    answer = await _upload(site, north, b"first_name,shoe_size,tag_list\nAda,36,board\nBo,43,\n")
    assert answer.status_code == 202
    run = await ImportRun.get(nation_id=north.id)
    assert answer.json() == {"id": encode("ImportRun", run.id), "ignoredHeaders": ["shoe_size"]}
    await run_import(world.post, run.id)
    await run.refresh_from_db()
    assert (run.state, run.created, run.rejected) == (RunState.SUCCEEDED, 2, 0)
    assert await Profile.filter(nation_id=north.id).count() == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"first_name\n", "header and no rows"),
        (b"shoe_size\n36\n", "No column of the header is known"),
        (b"first_name,first_name\nAda,Ada\n", "rename or remove one"),
        (b"first_name\nAd\xe9le\n", "UTF-8"),
        (b"first_name\nAda\n" * 900 + b"B\x00o\n", "NUL"),
        (b'first_name\n"Ada\n', "quote"),
    ],
    ids=["empty", "header alone", "unknown header", "repeated header", "wrong encoding", "NUL", "open quote"],
)
async def test_a_file_that_cannot_be_read_is_refused_and_nothing_of_it_is_taken(
    site: Site, world: World, body: bytes, words: str
):
    """The answer says what is wrong; no row waits, no person is made."""
    north = await world.nation("north")
    answer = await _upload(site, north, body)
    assert answer.status_code == 422
    assert words.lower() in answer.json()["error"]["message"].lower()
    assert answer.json()["error"]["code"] == "INVALID_FILE"
    runs = await ImportRun.filter(nation_id=north.id)
    assert all(run.state is RunState.FAILED for run in runs)
    assert await ImportPiece.filter(run_id__in=[run.id for run in runs]).count() == 0
    assert await Profile.filter(nation_id=north.id).count() == 0


async def test_a_hundred_megabytes_in_one_line_are_refused_at_the_first(site: Site, world: World):
    """The file is refused without being read to its end."""
    north = await world.nation("north")
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b"first_name\n"
        for _ in range(1_600):
            sent += 1 << 16
            yield b"x" * (1 << 16)

    answer = None
    with suppress(httpx.WriteError, httpx.RemoteProtocolError):
        answer = await _upload(site, north, endless())
    if answer is not None:
        assert answer.status_code == 422
        assert answer.json()["error"]["message"].startswith("Line 2 is longer")
    assert await Profile.filter(nation_id=north.id).count() == 0
    assert await ImportRun.filter(nation_id=north.id, state=RunState.SUCCEEDED).count() == 0


async def test_another_media_type_is_refused(site: Site, world: World):
    """Only text/csv is taken."""
    north = await world.nation("north")
    answer = await _upload(site, north, b"first_name\nAda\n", "application/json")
    assert (answer.status_code, answer.headers["accept-post"]) == (415, "text/csv")
    assert await ImportRun.filter(nation_id=north.id).count() == 0


async def test_an_upload_that_breaks_off_is_abandoned(site: Site, world: World):
    """Nothing of half a file is taken in."""
    north = await world.nation("north")

    async def broken() -> AsyncIterator[bytes]:
        yield b"first_name\n" + b"Ada\n" * 2_000
        raise ConnectionError("the line went dead")

    with pytest.raises(ConnectionError):
        await _upload(site, north, broken())
    for _ in range(100):
        runs = await ImportRun.filter(nation_id=north.id)
        if all(run.state is RunState.FAILED for run in runs):
            break
        await asyncio.sleep(0.05)
    assert await ImportPiece.filter(run_id__in=[run.id for run in runs]).count() == 0
    assert await Profile.filter(nation_id=north.id).count() == 0
