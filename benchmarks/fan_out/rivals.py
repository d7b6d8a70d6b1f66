"""The servers that Comity is measured beside, each a process of its own."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

HERE = Path(__file__).parent
START_SECONDS = 120.0
UVICORN = ("--ws", "websockets-sansio", "--log-level", "warning", "--ws-per-message-deflate", "False")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def plain(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """Run plain Strawberry; gives its port and the number of its process."""
    async with _python("benchmarks.fan_out.plain:app") as running:
        yield running


@asynccontextmanager
async def raw(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """Run the bare websocket server."""
    async with _python("benchmarks.fan_out.raw:app") as running:
        yield running


@asynccontextmanager
async def node(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """Run Node's graphql-ws, which must have been installed in the folder."""
    port = free_port()
    async with _running([str(shutil.which("node")), str(folder / "server.mjs"), str(port)], port) as number:
        yield port, number


def install_node(folder: Path) -> str | None:
    """Install graphql-ws and ws into a folder; returns why not where that cannot be."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "Node is not installed: graphql-ws was left out."
    shutil.copy(HERE / "server.mjs", folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "graphql-ws@6", "ws@8", "graphql@16"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        return "npm could not install graphql-ws and ws: they were left out."
    return None


@asynccontextmanager
async def _python(application: str) -> AsyncIterator[tuple[int, int]]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), *UVICORN]
    async with _running(command, port) as number:
        yield port, number


@asynccontextmanager
async def _running(command: Sequence[str], port: int) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, "NODE_ENV": "production"})
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await _answers(port):
                assert process.returncode is None, f"{command[1]} ended"
                await asyncio.sleep(0.1)
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def publish(client: httpx.AsyncClient, port: int, number: int) -> int:
    """Have a rival tell everybody; returns when it began to, by the monotonic clock, in nanoseconds."""
    answer = await client.post(f"http://127.0.0.1:{port}/publish?number={number}")
    at: int = answer.json()["at"]
    return at
