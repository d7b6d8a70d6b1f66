"""A web process as users meet it: started, asked over HTTP and websockets, killed."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.request import urlopen

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the tests, thirty-two letters long"
START_SECONDS = 30.0
PROTOCOL = "graphql-transport-ws"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """One web process.

    Attributes:
        database_url: its database.
        redis_url: its Redis.
        options: settings besides.
    """

    database_url: str
    redis_url: str
    options: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    said: IO[bytes] = field(default_factory=TemporaryFile)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[Site]:
        """Run it until the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start it, and return when it answers."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "COMITY_SECRET": SECRET,
            "COMITY_PORT": str(self.port),
            "COMITY_LOG": "warning",
            "PYTHONWARNINGS": "error",
            **self.options,
        }
        command = [sys.executable, "-m", "server.cli", "serve"]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=self.said)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, "the web process ended"
            assert time.monotonic() < deadline, "the web process does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz") as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """End it in order. It never had to tell of a mistake of its own."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(20) == 0
        self.said.seek(0)
        said = self.said.read().decode()
        self.said.close()
        assert "Traceback" not in said, said
        assert '"level": "error"' not in said, said

    def kill(self) -> None:
        """End it as a crash does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    async def post(self, query: str, token: str | None = None, **variables: Any) -> httpx.Response:
        """Send one operation."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient() as client:
            return await client.post(
                f"{self.url}/graphql", json={"query": query, "variables": variables}, headers=headers
            )

    @asynccontextmanager
    async def line(self, token: str | None = None, *, protocols: tuple[str, ...] = (PROTOCOL,)) -> AsyncIterator[Line]:
        """Open a websocket, and say who is there unless ``token`` is empty."""
        address = f"ws://127.0.0.1:{self.port}/graphql"
        async with connect(address, subprotocols=protocols or None, proxy=None) as socket_:  # type: ignore[arg-type]
            line = Line(socket_)
            if token != "":
                await line.send({"type": "connection_init", "payload": _credentials(token)})
                assert await line.receive() == {"type": "connection_ack"}
            yield line


def _credentials(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


@dataclass
class Line:
    """A websocket that speaks graphql-transport-ws."""

    socket: ClientConnection
    opened: int = 0

    async def send(self, message: object) -> None:
        """Send a message."""
        await self.socket.send(message if isinstance(message, str | bytes) else orjson.dumps(message).decode())

    async def receive(self, seconds: float = 10.0) -> dict[str, Any]:
        """Return the next message."""
        message: dict[str, Any] = orjson.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        return message

    async def subscribe(self, query: str, **variables: Any) -> str:
        """Begin an operation; return its id."""
        self.opened += 1
        operation_id = str(self.opened)
        payload = {"query": query, "variables": variables}
        await self.send({"id": operation_id, "type": "subscribe", "payload": payload})
        return operation_id

    async def next(self, seconds: float = 10.0) -> dict[str, Any]:
        """Return the data of the next result."""
        message = await self.receive(seconds)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        data: dict[str, Any] = message["payload"]["data"]
        return data

    async def closed(self, seconds: float = 10.0) -> tuple[int, str]:
        """Return how the other side closed the socket, whatever it says before."""

        async def drain() -> None:
            with suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()

        await asyncio.wait_for(drain(), seconds)
        assert self.socket.close_code is not None
        return self.socket.close_code, self.socket.close_reason or ""
