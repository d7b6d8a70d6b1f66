"""How often, and how much at once: rates in Redis, which all processes share, and counts of this process."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil

from schema.rates import RateLimit
from server.reception import Unfit
from server.store import Store
from sharing.visibility import Caller

PREFIX = "comity:points:"
BURST_SECONDS = 10  # of messages that may come at once

# A bucket of points that fills again with time. Redis has the clock, so that processes need not agree on one.
TAKE = """
local time = redis.call('TIME')
local now, rate, burst = time[1] + time[2] / 1000000, tonumber(ARGV[1]), tonumber(ARGV[2])
local held = redis.call('HMGET', KEYS[1], 'points', 'at')
local points = math.min(burst, (held[1] or burst) + math.max(0, now - (held[2] or now)) * rate)
local wanted, taken = math.min(tonumber(ARGV[3]), burst), 0
if points >= wanted then points, taken = points - wanted, 1 end
redis.call('HSET', KEYS[1], 'points', points, 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
return {taken, math.floor(points)}
"""


def principal_of(caller: Caller, address: str) -> str:
    """Who it is that is counted: a user, a token, or whoever comes from an address without one."""
    if caller.user_id is not None:
        return f"user:{caller.user_id}"
    return f"token:{caller.token_id}" if caller.token_id is not None else f"address:{address}"


class Rates:
    """Points that each has, for all that it asks for.

    Args:
        store: where they are kept.
        rate: points that come back each second; 0 where nobody is limited.
        burst: the most that one has at once.
    """

    def __init__(self, store: Store, rate: int, burst: int) -> None:
        self._store = store
        self._rate = rate
        self._burst = burst
        self._take = store.script(TAKE)

    async def charge(self, principal: str, cost: int) -> RateLimit | None:
        """Take the points of an operation; what is left then. None where nobody is limited, or Redis is away.

        Raises:
            Unfit: there are too few.
        """
        if not self._rate:
            return None
        found = await self._store.run(self._take, [PREFIX + principal], [self._rate, self._burst, cost])
        if found is None:
            return None
        taken, left = found
        full = datetime.now(UTC) + timedelta(seconds=(self._burst - left) / self._rate)
        limit = RateLimit(limit=self._burst, remaining=left, per_second=self._rate, cost=cost, reset_at=full)
        if taken:
            return limit
        seconds = max(1, ceil((min(cost, self._burst) - left) / self._rate))
        message = f"The operation costs {cost:,} points, and {left:,} are left: try again in {seconds:,} seconds."
        headers = {**headers_of(limit), "Retry-After": str(seconds)}
        raise Unfit(429, message, "RATE_LIMITED", headers, {"retryAfter": seconds})


def headers_of(limit: RateLimit | None) -> dict[str, str]:
    """What an HTTP answer says of the points that are left."""
    if limit is None:
        return {}
    reset = max(0, ceil((limit.reset_at - datetime.now(UTC)).total_seconds()))
    return {
        "RateLimit-Limit": str(limit.limit),
        "RateLimit-Remaining": str(limit.remaining),
        "RateLimit-Reset": str(reset),
    }


class Places:
    """Places that each may take so many of, in this process.

    Args:
        most: how many.
        what: what they are, for the message.
        code: the same for a program.
        retry: seconds after which trying again makes sense.
    """

    def __init__(self, most: int, what: str, code: str, retry: int = 10) -> None:
        self._most = most
        self._what = what
        self._code = code
        self._retry = retry
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, principal: str) -> Iterator[None]:
        """Take a place until the block ends.

        Raises:
            Unfit: all are taken.
        """
        if self._taken[principal] >= self._most:
            message = f"There are {self._most:,} {self._what} of yours already: end one before you begin another."
            raise Unfit(429, message, self._code, {"Retry-After": str(self._retry)})
        self._taken[principal] += 1
        try:
            yield
        finally:
            self._taken[principal] -= 1
            if not self._taken[principal]:
                del self._taken[principal]


class Pace:
    """How fast messages may come: so many a second, and as many at once as may come in ten.

    Args:
        rate: messages a second.
        clock: seconds, from whenever.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left = float(rate * BURST_SECONDS)
        self._at = clock()

    def allows(self) -> bool:
        """Whether one more may come now."""
        now = self._clock()
        self._left = min(self._rate * BURST_SECONDS, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
