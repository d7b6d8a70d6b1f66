"""Both services together, for one Comity at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from server.embedded.error import EmbeddedError
from server.embedded.folder import Folder
from server.embedded.postgres import Postgres
from server.embedded.redis import Redis
from server.settings import Settings

JOIN_SECONDS = 90.0
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Services:
    """What runs, and the settings that lead there."""

    settings: Settings
    own: tuple[Postgres | Redis, ...] = ()

    def revive(self) -> list[str]:
        """Start again what has ended by itself, and return its names."""
        ended = [service for service in self.own if service.process is not None and service.process.poll() is not None]
        for service in ended:
            service.start()
        return [type(service).__name__ for service in ended]


@contextmanager
def start(settings: Settings) -> Iterator[Services]:
    """Run what the environment does not name, until the block ends; yield it, with the settings complete.

    Raises:
        EmbeddedError: another Comity holds the data folder, or a service does not start.
    """
    if not (settings.own_postgres or settings.own_redis):
        yield Services(settings)
        return
    folder = Folder(settings.data)
    with folder.held() as alone:
        if not alone:
            raise EmbeddedError(
                f"Comity already runs on the data folder {folder.path} ({folder.holder()}). "
                "Stop it first, or set COMITY_DATA to another folder."
            )
        with _services(settings, folder) as services:
            yield services


@contextmanager
def join(settings: Settings) -> Iterator[Settings]:
    """Use the services that a running Comity has in the data folder, or run them until the block ends.

    Raises:
        EmbeddedError: a service does not start, or the other Comity does not get ready.
    """
    if not (settings.own_postgres or settings.own_redis):
        yield settings
        return
    folder = Folder(settings.data)
    deadline = time.monotonic() + JOIN_SECONDS
    while True:
        with folder.held() as alone:
            if alone:
                with _services(settings, folder) as services:
                    yield services.settings
                return
        if running := _running(folder):
            yield _complete(settings, folder, running)
            return
        if time.monotonic() > deadline:
            raise EmbeddedError(f"The data folder {folder.path} is held by {folder.holder()}, not ready yet.")
        time.sleep(POLL_SECONDS)


@contextmanager
def _services(settings: Settings, folder: Folder) -> Iterator[Services]:
    addresses: dict[str, str] = {}
    own: list[Postgres | Redis] = []
    with ExitStack() as stack:
        stack.callback(folder.leave)
        folder.services.unlink(missing_ok=True)  # of a Comity that was killed
        if settings.own_postgres:
            own.append(postgres := Postgres(folder))
            addresses["database_url"] = stack.enter_context(postgres.running())
        if settings.own_redis:
            own.append(redis := Redis(folder))
            addresses["redis_url"] = stack.enter_context(redis.running())
        stack.callback(folder.services.unlink, missing_ok=True)
        new = folder.services.with_suffix(".new")
        new.write_text(json.dumps(addresses))
        new.rename(folder.services)
        yield Services(_complete(settings, folder, addresses), tuple(own))


def _running(folder: Folder) -> dict[str, str] | None:
    try:
        addresses: dict[str, str] = json.loads(folder.services.read_text())
    except FileNotFoundError:
        return None
    return addresses


def _complete(settings: Settings, folder: Folder, addresses: dict[str, str]) -> Settings:
    secret = settings.secret.get_secret_value() or folder.secret()
    missing = {name: value for name, value in addresses.items() if not getattr(settings, name)}
    return settings.model_copy(update={**missing, "secret": SecretStr(secret)})
