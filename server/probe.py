"""`python -m server.probe web` and `... worker`: is this process well? For the health checks of containers."""

from __future__ import annotations

import http.client
import socket
import sys

from redis import Redis
from redis.exceptions import RedisError

from server.refusal import Refusal
from server.settings import Settings

SECONDS = 3.0
# How often a worker tells Redis that it lives; what it told is forgotten a second later.
HEARTBEAT_SECONDS = 15


def worker_key() -> str:
    """Return the key under which the worker of this machine (of this container) tells Redis that it lives."""
    return f"comity:worker:{socket.gethostname()}"


def web_is_well(settings: Settings) -> bool:
    """Say whether the web process of this machine answers, and finds itself healthy."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - asked, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def worker_is_well(settings: Settings) -> bool:
    """Say whether the worker of this machine told Redis of late that it lives."""
    with Redis.from_url(settings.redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as redis:
        try:
            return bool(redis.exists(worker_key()))
        except RedisError:
            return False


def main() -> None:
    """Exit with 0 when the process named on the command line is well."""
    probes = {"web": web_is_well, "worker": worker_is_well}
    try:
        well = probes[sys.argv[1]](Settings.load())
    except Refusal as refusal:
        sys.exit(str(refusal))
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
