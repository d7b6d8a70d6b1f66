"""The demonstration: put in once, by actions alone, with somebody to sign in as and a share to accept."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from server.demo.seed import FIRST_QUERY, NATIONS, NOTES, PEOPLE, Login, sign_in
from tests.server.site import ROOT, SECRET, Site


def demo(database_url: str, redis_url: str, folder: Path) -> str:
    """Run `comity demo`, and return what it prints."""
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "COMITY_SECRET": SECRET}
    ran = subprocess.run(
        [sys.executable, "-m", "server.cli", "demo"],
        env={**os.environ, **settings, "COMITY_DATA": str(folder), "PYTHONWARNINGS": "error"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


async def test_a_demonstration_is_put_in_once_and_works(
    fresh_database: Callable[[], Awaitable[str]], redis_url: str, tmp_path: Path
):
    url = await fresh_database()
    printed = demo(url, redis_url, tmp_path)
    connection = await asyncpg.connect(url)
    counts = "SELECT count(*) FROM profiles GROUP BY nation_id ORDER BY nation_id"
    held = [row["count"] for row in await connection.fetch(counts)]
    assert held == [PEOPLE] * len(NATIONS)
    share = await connection.fetchrow("SELECT status, sync_profiles, offer_new_profiles FROM shares")
    assert tuple(share) == ("PENDING", True, True)
    assert stat.S_IMODE((tmp_path / NOTES).stat().st_mode) == 0o600
    logins = [Login(**row) for row in json.loads((tmp_path / NOTES).read_text())]
    assert {(login.nation, login.role) for login in logins} == {
        (slug, role) for slug, _, _ in NATIONS for role in ("ADMIN", "MEMBER")
    }
    for login in logins:
        assert login.email in printed
        assert login.password in printed
    again = demo(url, redis_url, tmp_path)
    assert "nothing was put in" in again
    assert logins[0].password in again
    assert [row["count"] for row in await connection.fetch(counts)] == held
    with Site(url, redis_url).running() as site:
        login = next(login for login in logins if (login.nation, login.role) == (NATIONS[1][0], "ADMIN"))
        assert sign_in(login) in printed
        token = (await site.post(sign_in(login))).json()["data"]["signIn"]["token"]
        nation = (await site.post(FIRST_QUERY, token)).json()["data"]["nation"]
    assert nation["profiles"]["totalCount"] == PEOPLE
    assert [edge["node"]["status"] for edge in nation["shares"]["edges"]] == ["PENDING"]
    await connection.close()
