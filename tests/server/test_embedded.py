"""Comity's own PostgreSQL and Redis, real ones."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest
from redis import Redis as Client

from server import embedded
from server.embedded import EmbeddedError
from server.embedded import redis as embedded_redis
from server.settings import Settings

HOLD = """
import json, sys, time
from pathlib import Path
from server import embedded
from server.settings import Settings
with embedded.start(Settings(data=Path(sys.argv[1]))) as services:
    pids = [service.process.pid for service in services.own]
    print(json.dumps([services.settings.database_url, services.settings.redis_url, pids]), flush=True)
    time.sleep(600)
"""

USE = """
import asyncio, os
from arq.connections import RedisSettings, create_pool
from tortoise import Tortoise, connections

async def use():
    await Tortoise.init(db_url=os.environ["DATABASE_URL"], modules={"models": ["os"]})
    rows = await connections.get("default").execute_query_dict("SELECT current_user AS name")
    await Tortoise.close_connections()
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    print(rows[0]["name"], await pool.ping())
    await pool.aclose()

asyncio.run(use())
"""


@pytest.fixture
def settings():
    """A folder with a path that is short enough for a socket below it, which tmp_path does not promise."""
    with tempfile.TemporaryDirectory(prefix="comity-") as folder:
        yield Settings(data=Path(folder, "data"))


def query(url, statement):
    async def ask():
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(ask())


def client(url):
    return Client.from_url(url, decode_responses=True)


def hold(settings):
    """Start the services in a process of their own; return it, both addresses and the services' processes."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, settings.data], stdout=subprocess.PIPE, text=True)
    database_url, redis_url, pids = json.loads(holder.stdout.readline())
    holder.stdout.close()
    return holder, database_url, redis_url, pids


def lives(pid):
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def await_end(pids, seconds=20):
    deadline = time.monotonic() + seconds
    while any(map(lives, pids)):
        assert time.monotonic() < deadline, "a service outlived its Comity"
        time.sleep(0.05)


def test_what_was_written_is_there_at_the_next_start_which_takes_seconds(settings):
    with embedded.start(settings) as services:
        query(services.settings.database_url, "CREATE TABLE kept AS SELECT 42 AS value")
        with client(services.settings.redis_url) as redis:
            redis.set("kept", "43")
        secret = services.settings.secret
    started = time.monotonic()
    with embedded.start(settings) as services:
        assert time.monotonic() - started < 10
        assert query(services.settings.database_url, "SELECT value FROM kept") == 42
        with client(services.settings.redis_url) as redis:
            assert redis.get("kept") == "43"
        assert services.settings.secret == secret


def test_the_addresses_are_understood_by_tortoise_and_arq(settings):
    with embedded.start(settings) as services:
        use = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", USE],  # Tortoise warns of a module without models
            env=services.settings.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert use.returncode == 0, use.stderr
    assert use.stdout.split() == ["comity", "True"]


def test_the_role_is_no_superuser_and_makes_the_extensions_of_matching(settings):
    with embedded.start(settings) as services:
        url = services.settings.database_url
        assert query(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        for extension in ("pg_trgm", "fuzzystrmatch", "unaccent", "btree_gin"):
            query(url, f"CREATE EXTENSION {extension}")


def test_nothing_listens_on_the_network(settings):
    with embedded.start(settings) as services:
        assert query(services.settings.database_url, "SHOW listen_addresses") == ""
        with client(services.settings.redis_url) as redis:
            assert redis.config_get("port") == {"port": "0"}
        assert not [c for s in services.own for c in psutil.Process(s.process.pid).net_connections("inet")]


def test_nothing_in_the_data_folder_is_for_other_eyes(settings):
    """As root, PostgreSQL's account passes through folders, and reads none."""
    with embedded.start(settings) as services:
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.data.iterdir()}
        assert modes["secret"] == modes["lock"] == 0o600
        assert modes["logs"] == modes["postgres"] == modes["redis"] == 0o700
        assert modes["run"] in ({0o711} if os.geteuid() == 0 else {0o700})
        assert len(services.settings.secret.get_secret_value()) >= 32
        assert services.settings.secret.get_secret_value() == (settings.data / "secret").read_text()


def test_a_second_comity_on_the_same_data_is_refused_in_a_sentence(settings):
    with embedded.start(settings):
        with pytest.raises(EmbeddedError, match="Comity already runs on the data folder") as refused:  # noqa: SIM117
            with embedded.start(settings):
                pytest.fail("two ran at once")
        assert f"process {os.getpid()}" in str(refused.value)


def test_another_command_joins_the_services_that_run(settings):
    holder, database_url, redis_url, pids = hold(settings)
    try:
        with embedded.join(settings) as joined:
            assert (joined.database_url, joined.redis_url) == (database_url, redis_url)
            assert query(joined.database_url, "SELECT 1") == 1
        assert all(psutil.pid_exists(pid) for pid in pids)
    finally:
        holder.terminate()
        holder.wait()
        await_end(pids)


def test_another_command_alone_runs_the_services_for_itself(settings):
    with embedded.join(settings) as joined:
        assert query(joined.database_url, "SELECT 1") == 1
    assert not (settings.data / "services.json").exists()
    with embedded.start(settings):
        pass


def test_after_kill_9_nothing_is_left_and_what_was_committed_is_there(settings):
    holder, database_url, redis_url, pids = hold(settings)
    query(database_url, "CREATE TABLE kept AS SELECT 42 AS value")
    holder.kill()
    holder.wait()
    with embedded.start(settings) as services:  # at once: the former services may be about to end
        await_end(pids)
        assert services.settings.redis_url == redis_url
        assert query(services.settings.database_url, "SELECT value FROM kept") == 42


def test_after_kill_9_of_everything_at_once_it_recovers(settings):
    holder, database_url, _, pids = hold(settings)
    query(database_url, "CREATE TABLE kept AS SELECT 42 AS value")
    for pid in (holder.pid, *pids):
        os.kill(pid, signal.SIGKILL)
    holder.wait()
    assert (settings.data / "postgres" / "postmaster.pid").exists()
    with embedded.start(settings) as services:
        assert query(services.settings.database_url, "SELECT value FROM kept") == 42


def test_a_lock_of_a_dead_server_whose_number_another_process_has_is_forgotten(settings):
    with embedded.start(settings):
        lock = (settings.data / "postgres" / "postmaster.pid").read_text().splitlines()
    account = settings.data.joinpath("postgres").stat().st_uid
    other = subprocess.Popen(["sleep", "60"], user=account)
    try:
        (settings.data / "postgres" / "postmaster.pid").write_text("\n".join([str(other.pid), *lock[1:]]) + "\n")
        with embedded.start(settings) as services:
            assert query(services.settings.database_url, "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()


def test_services_that_end_by_themselves_are_started_again(settings):
    with embedded.start(settings) as services:
        assert services.revive() == []
        for service in services.own:
            os.kill(service.process.pid, signal.SIGKILL)
            service.process.wait()
        assert services.revive() == ["Postgres", "Redis"]
        assert query(services.settings.database_url, "SELECT 1") == 1
        with client(services.settings.redis_url) as redis:
            assert redis.ping()


def test_data_that_redis_cannot_read_is_put_aside(settings):
    """Redis carries hints; without them the sweep finds the work."""
    with embedded.start(settings):
        pass
    (settings.data / "redis" / "appendonly.aof").write_text("*1\r\n$notanumber\r\nfoo\r\n" * 10)
    with embedded.start(settings) as services, client(services.settings.redis_url) as redis:
        assert redis.dbsize() == 0
    assert list((settings.data / "redis").glob("appendonly.aof.damaged-*"))


def test_a_folder_too_deep_for_a_socket_works(tmp_path):
    settings = Settings(data=tmp_path.joinpath(*["a folder deep down"] * 8))
    with embedded.start(settings) as services:
        assert query(services.settings.database_url, "SELECT 1") == 1
        assert str(settings.data) not in services.settings.redis_url


def test_what_the_environment_names_is_left_alone(tmp_path):
    settings = Settings(
        data=tmp_path / "data", database_url="postgres://db/x", redis_url="redis://cache", secret="s" * 32
    )
    with embedded.start(settings) as services, embedded.join(settings) as joined:
        assert services.settings == joined == settings
        assert services.own == ()
    assert not settings.data.exists()


def test_redis_alone_is_run_beside_a_database_that_is_named(tmp_path):
    settings = Settings(data=tmp_path / "data", database_url="postgres://db/x", secret="s" * 32)
    with embedded.start(settings) as services:
        assert services.settings.database_url == "postgres://db/x"
        assert services.settings.redis_url.startswith("unix://")
        assert services.settings.secret == settings.secret


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    settings = Settings(data=tmp_path / "file" / "data")
    with pytest.raises(EmbeddedError, match=r"cannot be used .* Set COMITY_DATA to a folder"), embedded.start(settings):
        pytest.fail("started")


def test_without_a_redis_server_the_way_out_is_named(settings, monkeypatch):
    monkeypatch.setattr(embedded_redis.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(embedded_redis.sys, "prefix", str(settings.data))
    monkeypatch.setenv("PATH", str(settings.data))
    with pytest.raises(EmbeddedError, match=r"there is no redis-server .* or set REDIS_URL"):
        embedded_redis._program()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account run PostgreSQL")
def test_as_root_postgresql_runs_as_another_user_and_reaches_a_private_folder(settings):
    """Below a folder of mode 0700 as well, such as /root, and without changing it."""
    settings.data.parent.chmod(0o700)
    with embedded.start(settings) as services:
        postgres = psutil.Process(services.own[0].process.pid)
        assert 0 not in postgres.uids()
        assert query(services.settings.database_url, "SELECT 1") == 1
    assert stat.S_IMODE(settings.data.parent.stat().st_mode) == 0o700
    assert Path(settings.data, "postgres").stat().st_uid != 0
