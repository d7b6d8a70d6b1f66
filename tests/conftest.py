"""What every test may ask for. Services start when the first test asks, or once for all processes of a parallel run."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from server.database import open_database
from server.post import RedisPost, open_post
from server.settings import RULES
from tests.server.site import Site
from tests.services import Databases, PrivateRedis, Shared, shared_services
from tests.world import World

SERVICES = pytest.StashKey[ExitStack]()
SHARED = "shared services"


# How fast the machine is at the moment is no property of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how long the random stories are that are told to the database and to the model, and from where they start."""
    parser.addoption("--story-steps", type=int, default=600, help="steps of the random stories, all together")
    parser.addoption("--story-seed", type=int, default=1, help="where the stories start from; 0 takes a new one")


def pytest_configure(config: pytest.Config) -> None:
    """Let no setting of the person who runs the tests reach them."""
    for name in RULES:
        os.environ.pop(name, None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start the services in the process that starts the others, and tell those where they are."""
    stash = node.config.stash
    if SERVICES not in stash:
        stash[SERVICES] = ExitStack()
        node.config.comity_shared = stash[SERVICES].enter_context(shared_services()).dump()
    node.workerinput[SHARED] = node.config.comity_shared


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them when all is over."""
    if SERVICES in config.stash:
        config.stash[SERVICES].close()


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Iterator[Shared]:
    """Return where PostgreSQL and Redis are."""
    told = getattr(request.config, "workerinput", {}).get(SHARED)
    if told:
        yield Shared.load(told)
        return
    with shared_services() as started:
        yield started


@pytest.fixture(scope="session")
def process(request: pytest.FixtureRequest) -> str:
    """Return the name of this process of the test run: main, or gw0, gw1 and so on."""
    name: str = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return name


@pytest.fixture(scope="session")
def databases(shared: Shared, process: str) -> Databases:
    """Return what makes migrated databases."""
    return Databases(shared, process)


@pytest.fixture(scope="session")
async def database_url(databases: Databases) -> str:
    """Return a migrated database of this process, which all its tests share."""
    return await databases.make()


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[None]:
    """Open that database for models and units of work, as a process of the server does."""
    async with open_database(database_url, pool=5):
        yield


@pytest.fixture
async def fresh_database(databases: Databases) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """Return a function that makes a migrated, empty database for this test alone."""
    made: list[str] = []

    async def make() -> str:
        made.append(await databases.make())
        return made[-1]

    yield make
    for url in made:
        await databases.drop(url)


@pytest.fixture(scope="session")
def redis_url(shared: Shared, process: str) -> str:
    """Return the Redis database of this process."""
    number = int(process.removeprefix("gw")) + 1 if process.startswith("gw") else 0
    return f"unix://{shared.redis}?db={number}"


@pytest.fixture
def private_redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    """Return a Redis of this test's own, running."""
    redis = PrivateRedis(tmp_path / "redis")
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def world(database: None) -> World:
    """Return a world without nations, on the database of this process."""
    return World()


@pytest.fixture(scope="session")
def site(database_url: str, redis_url: str) -> Iterator[Site]:
    """Return a web process on the database and the Redis of this process, which all its tests share."""
    with Site(database_url, redis_url).running() as running:
        yield running


@pytest.fixture
async def post(redis_url: str) -> AsyncIterator[RedisPost]:
    """Return the post of that web process."""
    async with open_post(redis_url) as opened:
        yield opened
