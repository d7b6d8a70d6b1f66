"""The web application: health, what it is asked besides GraphQL, and how it starts and ends."""

import asyncio
import os
import signal
import subprocess
import sys

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.resolvers.asking import gid
from tests.resolvers.watching import CHANGES, told, watch
from tests.server.site import ROOT, SECRET, Site, free_port
from tests.server.test_auth import token_of
from tests.services import PrivateRedis
from tests.world import World


async def test_a_site_is_healthy_while_it_runs_and_ready_while_its_services_do(
    database_url: str, private_redis: PrivateRedis
):
    with Site(database_url, private_redis.url).running() as site:
        async with httpx.AsyncClient(base_url=site.url) as client:
            assert (await client.get("/healthz")).json() == {"status": "ok"}
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()) == (200, {"status": "ready", "database": "ok", "redis": "ok"})
            private_redis.kill()
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["redis"]) == (503, "unreachable")
            assert (await client.get("/healthz")).status_code == 200
            assert (await site.post("{ __typename }")).status_code == 200


async def test_pages_of_allowed_origins_may_ask_and_no_others(database_url: str, redis_url: str):
    mine = "https://app.example"
    site = Site(database_url, redis_url, {"COMITY_ALLOWED_ORIGINS": mine})
    with site.running():
        async with httpx.AsyncClient(base_url=site.url) as client:
            for origin, allowed in ((mine, mine), ("https://evil.example", None)):
                asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
                answer = await client.options("/graphql", headers=asked)
                assert answer.headers.get("access-control-allow-origin") == allowed


async def test_an_upload_is_refused_like_any_other_request(site: Site, world: World):
    north = await world.nation("north")
    token = await token_of(north)
    async with httpx.AsyncClient(base_url=site.url) as client:
        for headers, slug, status in (
            ({}, north.slug, 401),
            ({"Authorization": "Bearer x"}, north.slug, 401),
            ({"Authorization": f"Bearer {token}"}, "nowhere", 404),
        ):
            answer = await client.post(
                f"/import/{slug}", content=b"first_name\nAda\n", headers={"Content-Type": "text/csv", **headers}
            )
            assert answer.status_code == status, answer.text
        assert (await client.get(f"/import/{north.slug}")).status_code == 405


async def test_several_processes_serve_one_port_and_hear_of_each_others_writes(
    database_url: str, redis_url: str, world: World
):
    north = await world.nation("north")
    token = await token_of(north)
    with Site(database_url, redis_url, {"COMITY_WEB_WORKERS": "2"}).running() as site:
        lines = [site.line(token) for _ in range(6)]
        opened = [await line.__aenter__() for line in lines]
        for line in opened:
            await watch(line, north)
        mutation = """mutation($id: ID!) {
          createProfile(input: {nationId: $id, fields: {firstName: "Ada"}}) { __typename } }"""
        answer = await site.post(mutation, token, id=gid("Nation", north.id))
        assert answer.json()["data"]["createProfile"]["__typename"] == "CreateProfilePayload"
        for line in opened:
            assert (await told(line))["change"]["node"]["firstName"] == "Ada"
        for line in lines:
            await line.__aexit__(None, None, None)


async def test_a_site_that_ends_closes_its_sockets_in_order(database_url: str, redis_url: str, world: World):
    north = await world.nation("north")
    site = Site(database_url, redis_url)
    site.start()
    async with site.line(await token_of(north)) as line:
        await line.subscribe(CHANGES, nation=gid("Nation", north.id))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(site.stop)
        with pytest.raises(ConnectionClosed):
            await line.receive()
        assert line.socket.close_code in {1001, 1012}


def test_a_database_that_is_not_there_is_told_in_a_sentence():
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://comity:hidden@127.0.0.1:1/comity",
        "REDIS_URL": "unix:///nowhere",
        "COMITY_SECRET": SECRET,
        "COMITY_PORT": str(free_port()),
    }
    for command in ("serve", "worker", "migrate"):
        ran = subprocess.run(
            [sys.executable, "-m", "server.cli", command], env=environment, cwd=ROOT, capture_output=True, check=False
        )
        assert ran.returncode == 1, command
        assert b"DATABASE_URL" in ran.stderr, ran.stderr
        assert b"Traceback" not in ran.stderr
        assert b"hidden" not in ran.stderr


def test_a_worker_ends_on_sigterm(database_url: str, redis_url: str):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "COMITY_SECRET": SECRET,
        "PYTHONWARNINGS": "error",
    }
    command = [sys.executable, "-m", "server.cli", "worker"]
    worker = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(4)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=60)
    assert (worker.returncode, said) == (0, b"")
