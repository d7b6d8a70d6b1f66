"""Webhooks sent: one job in each worker has some on their way at a time, so that no slow receiver holds others up."""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import httpcore

from actions.deliveries import AT_ONCE_OF_A_NATION, Attempt, Due, claim_deliveries, note_attempt
from actions.destinations import HostRefused, addresses_of
from actions.firing import DELIVER, EVERYBODY
from actions.post import Job, Post
from actions.unit import unit_of_work
from sharing.errors import InvalidInput
from sharing.webhooks import read_url

AT_ONCE = 32
CONNECT_SECONDS = 5.0
ATTEMPT_SECONDS = 15.0  # all of it: look-up, connection, answer
LOOK_SECONDS = 0.5  # so often it is asked what is due, as long as any are on their way
TURN_SECONDS = 120.0
EXCERPT_BYTES = 200  # of an answer that refuses, kept with the delivery
NOWHERE = Attempt(error="The automation has no webhook URL any more.", is_last=True)


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to no others: a host that leads elsewhere by then is not asked."""

    def __init__(self, *, anywhere: bool) -> None:
        self._anywhere = anywhere
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library asks
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers."""
        lost: Exception = httpcore.ConnectError("it has no address")
        for address in await addresses_of(host, port, anywhere=self._anywhere):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                lost = error
        raise lost

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library asks
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """No webhook goes there."""
        raise HostRefused("No webhook goes to a socket of this machine.")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Deliverer:
    """Sends what is due: the job of that name.

    Args:
        anywhere: whether webhooks may go by http, and to private addresses.
    """

    def __init__(self, *, anywhere: bool) -> None:
        self._anywhere = anywhere

    async def __call__(self, post: Post, _: UUID) -> None:
        """Send until nothing is due, or the turn is over. Whatever breaks off is sent again by whoever comes next."""
        until = time.monotonic() + TURN_SECONDS
        under_way: dict[asyncio.Task[None], int] = {}
        async with self._client() as client:
            try:
                while True:
                    if time.monotonic() < until:
                        for due in await self._claim(post, under_way):
                            task = asyncio.create_task(self._deliver(post, client, due))
                            under_way[task] = due.nation_id
                    if not under_way:
                        break
                    done, _pending = await asyncio.wait(
                        under_way, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in done:
                        del under_way[task]
                        task.result()
            finally:
                for task in under_way:
                    task.cancel()
                await asyncio.gather(*under_way, return_exceptions=True)
        if time.monotonic() >= until:
            await post.send([Job(DELIVER, str(EVERYBODY))], ())

    def _client(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=_trust(),
            max_connections=AT_ONCE,
            max_keepalive_connections=0,
            network_backend=_Pinned(anywhere=self._anywhere),
        )

    async def _claim(self, post: Post, under_way: dict[asyncio.Task[None], int]) -> list[Due]:
        room = AT_ONCE - len(under_way)
        if not room:
            return []
        busy = [nation for nation, number in Counter(under_way.values()).items() if number >= AT_ONCE_OF_A_NATION]
        async with unit_of_work(post) as unit:
            return await claim_deliveries(unit, room, busy)

    async def _deliver(self, post: Post, client: httpcore.AsyncConnectionPool, due: Due) -> None:
        attempt = await self._attempt(client, due)
        async with unit_of_work(post) as unit:
            await note_attempt(unit, due, attempt)

    async def _attempt(self, client: httpcore.AsyncConnectionPool, due: Due) -> Attempt:
        """Send once; whatever goes wrong is told in a sentence."""
        if due.url is None:
            return NOWHERE
        try:
            url = read_url(due.url, anywhere=self._anywhere)
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await _send(client, url, due)
        except (HostRefused, InvalidInput) as refused:
            return Attempt(error=str(refused))
        except (httpcore.TimeoutException, TimeoutError):
            return Attempt(error=f"There was no answer within {ATTEMPT_SECONDS:.0f} seconds.")
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as fault:
            return Attempt(error=f"It could not be reached: {_plain(str(fault)) or type(fault).__name__}.")


async def _send(client: httpcore.AsyncConnectionPool, url: str, due: Due) -> Attempt:
    """Send, and read no more of the answer than is kept. No redirect is followed: it is a refusal like others."""
    limits = {"connect": CONNECT_SECONDS, "read": ATTEMPT_SECONDS, "write": ATTEMPT_SECONDS, "pool": ATTEMPT_SECONDS}
    headers = list(due.headers(datetime.now(UTC)).items())
    asked = client.stream("POST", url, headers=headers, content=due.body, extensions={"timeout": limits})
    async with asked as response:
        if 200 <= response.status < 300:
            return Attempt(response.status)
        begun = b""
        async for piece in response.aiter_stream():
            begun += piece
            if len(begun) >= EXCERPT_BYTES:
                break
    excerpt = _plain(begun[:EXCERPT_BYTES].decode(errors="replace"))
    return Attempt(response.status, f"It answered {response.status}{': ' if excerpt else ''}{excerpt}")


def _plain(text: str) -> str:
    """Text in one line, with nothing that cannot be printed."""
    return "".join(character if character.isprintable() else " " for character in text).strip()


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are trusted: it takes a while to read them."""
    return httpcore.default_ssl_context()


deliver_webhooks = Deliverer(anywhere=False)
