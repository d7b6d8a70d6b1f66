"""HTTP connections as uvicorn keeps them, but for streams without an end and for clients that do not read."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from server.streams import ENDLESS

STALL_SECONDS = 60.0


class Connection(H11Protocol):
    """A connection that ends its stream when the server ends, and itself when the client takes nothing any more.

    uvicorn would wait for a stream at its end until it loses patience, and for a client that does not read for ever.
    """

    stall_seconds = STALL_SECONDS
    _stalled: asyncio.TimerHandle | None = None

    def shutdown(self) -> None:
        """End once what is being answered is answered; at once where it has no end."""
        super().shutdown()
        cycle: Any = self.cycle  # None before the first request
        if cycle is not None and not cycle.response_complete and ENDLESS in cycle.scope:
            if self.transport.get_write_buffer_size():
                self.transport.abort()
            else:
                self.transport.close()

    def pause_writing(self) -> None:
        """Let the answer wait until the client has taken what is on its way."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
