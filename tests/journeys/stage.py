"""The whole of Comity on a stage: web and worker as processes of their own, spoken to as a client speaks to them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60.0
SECRET = "a secret of the tests, long enough to sign with"

SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    __typename ... on SignInPayload { token viewer { memberships { role nation { id slug } } } }
    ... on UserError { code message }
  }
}
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stage:
    """Web and worker on a database and a Redis of their own."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        self.database_url, self.redis_url = database_url, redis_url
        self.port, self.second_port = _free_port(), _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "COMITY_SECRET": SECRET,
            "COMITY_PORT": str(self.port),
            "COMITY_LOG": "warning",
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.http = httpx.AsyncClient(base_url=self.url, timeout=PATIENCE)

    def start(self, command_name: str, name: str = "", port: int | None = None) -> None:
        """Start ``serve`` or ``worker``, under a name of its own where there are several, and at a port of its own."""
        command = [sys.executable, "-m", "server.cli", command_name]
        environment = self._environment | {"COMITY_PORT": str(port or self.port)}
        self._processes[name or command_name] = subprocess.Popen(command, env=environment)

    def number_of(self, name: str) -> int:
        """Return the number that the system knows a process by."""
        return self._processes[name].pid

    def kill(self, name: str) -> None:
        """End a process as a crash does."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    async def ready(self, port: int | None = None) -> None:
        """Wait until the web answers."""
        address = f"http://127.0.0.1:{port or self.port}/readyz"
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if (await self.http.get(address)).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)

    async def close(self) -> None:
        """End everything."""
        await self.http.aclose()
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def comity(self, *arguments: str, typed: str = "") -> str:
        """Run a command, give it what is typed, and return what it prints."""
        command = [sys.executable, "-m", "server.cli", *arguments]
        done = subprocess.run(
            command, env=self._environment, input=typed.encode(), capture_output=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    async def sign_in(self, email: str, password: str) -> Client:
        """Sign a user in; the client acts for the first nation that the user belongs to."""
        signed = (await Client(self, "").ask(SIGN_IN, email=email, password=password))["signIn"]
        nation = signed["viewer"]["memberships"][0]["nation"]
        return Client(self, signed["token"], nation["id"], nation["slug"])

    async def founded(self, slug: str, *options: str) -> Client:
        """Found a nation with an admin; returns the admin, signed in."""
        email, password = f"admin-{uuid4().hex[:8]}@example.org", "a long enough password"
        self.comity("nation", "create", slug, "--name", slug.title(), "--plan", "NETWORK", *options)
        self.comity("user", "create", email, "--nation", slug, "--role", "ADMIN", typed=password + "\n")
        return await self.sign_in(email, password)


@dataclass
class Client:
    """Somebody who is signed in."""

    stage: Stage
    token: str
    nation: str = ""
    slug: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    port: int | None = None  # of the web process that it speaks to; None for the first

    @property
    def headers(self) -> dict[str, str]:
        """What says who this is."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Run an operation that must not fail; returns its data."""
        body = {"query": document, "variables": variables}
        answer = (await self.stage.http.post("/graphql", json=body, headers=self.headers)).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def upload(self, rows: bytes) -> str:
        """Send a CSV file; returns the id of its import."""
        headers = {**self.headers, "Content-Type": "text/csv"}
        answer = await self.stage.http.post(f"/import/{self.slug}", content=rows, headers=headers)
        assert answer.status_code == 202, answer.text
        run_id: str = answer.json()["id"]
        return run_id

    async def until(self, document: str, done: Any, *, patience: float = 300.0, **variables: Any) -> dict[str, Any]:
        """Ask again and again until the answer satisfies."""
        async with asyncio.timeout(patience):
            while True:
                data = await self.ask(document, **variables)
                if done(data):
                    return data
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def subscribed(self, document: str, **variables: Any) -> AsyncIterator[ClientConnection]:
        """Watch over a websocket, by graphql-transport-ws."""
        address = f"ws://127.0.0.1:{self.port or self.stage.port}/graphql"
        async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
            await socket.send(
                json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}})
            )
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            payload = {"query": document, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            yield socket

    @asynccontextmanager
    async def streamed(self, document: str, last: str, **variables: Any) -> AsyncIterator[AsyncIterator[str]]:
        """Watch by server-sent events from the last one heard; gives their lines."""
        address = f"http://127.0.0.1:{self.port or self.stage.port}/graphql"
        headers = {**self.headers, "Accept": "text/event-stream", "Last-Event-ID": last}
        body = {"query": document, "variables": variables}
        async with (
            httpx.AsyncClient(timeout=PATIENCE) as http,
            http.stream("POST", address, json=body, headers=headers) as answer,
        ):
            yield answer.aiter_lines()


async def next_event(lines: AsyncIterator[str], patience: float = PATIENCE) -> dict[str, Any]:
    """Return the next thing that a stream of server-sent events tells."""
    async with asyncio.timeout(patience):
        async for line in lines:
            if line.startswith("data: {"):
                told = json.loads(line.removeprefix("data: "))
                assert "errors" not in told, told
                data: dict[str, Any] = told["data"]
                return data
    raise ConnectionError("The stream is over.")


async def next_data(socket: ClientConnection, patience: float = PATIENCE) -> dict[str, Any]:
    """Return the next thing that a subscription tells."""
    async with asyncio.timeout(patience):
        while True:
            message = json.loads(await socket.recv())
            if message["type"] == "ping":
                await socket.send(json.dumps({"type": "pong"}))
                continue
            assert message["type"] == "next", message
            assert "errors" not in message["payload"], message
            data: dict[str, Any] = message["payload"]["data"]
            return data
