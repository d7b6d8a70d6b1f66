"""Websockets of which many can be told the same at once: ready messages, written without a wait."""

import asyncio
import struct
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

EXTENSION = "comity.frames"  # under which a socket's scope has its frames

TEXT = 0x81  # a whole message of text, from a server: unmasked (RFC 6455, 5.2)
SHORT = 126
MEDIUM = 1 << 16


class Frames(Protocol):
    """Writes messages to one socket."""

    @property
    def writable(self) -> asyncio.Event:
        """Set while the other side takes what it is sent, and once it is gone."""
        ...

    def write_text(self, *parts: bytes) -> bool:
        """Send a message of text, in parts. Whether more may be sent before ``writable`` is set again."""
        ...


class FramedProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, whose scope lets the application write messages at once, past what is made for one."""

    def handle_connect(self, event: Request) -> None:
        """Begin a connection."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def write_text(self, *parts: bytes) -> bool:
        """Send a message of text, in parts. Whether more may be sent; to whoever is gone nothing is, and all may be."""
        if self.conn.state is not State.OPEN or self.close_sent or self.disconnected:
            return True
        self.transport.write(b"".join((header(sum(map(len, parts))), *parts)))
        return self.writable.is_set()


def header(length: int) -> bytes:
    """The header of a message of text of so many bytes."""
    if length < SHORT:
        return bytes((TEXT, length))
    if length < MEDIUM:
        return struct.pack("!BBH", TEXT, SHORT, length)
    return struct.pack("!BBQ", TEXT, SHORT + 1, length)
