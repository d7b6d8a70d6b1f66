"""A process that opens websockets by the thousand and says when each of them heard something, as cheaply as can be.

It reads one JSON object from the standard input: ``port``, ``path``, ``protocol`` (or null), and ``hellos``, the
messages that each socket says; an answer is awaited after each but the last. Then, for each line ``collect SECONDS``,
it says ``ready``, and prints when each socket heard the first message since: nanoseconds of the monotonic clock.
"""

import json
import os
import select
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

CHUNK = 50  # sockets opened at a time
PATIENCE = 60.0
TEXT, PING, PONG = 0x1, 0x9, 0xA
MASKED = b"\x00\x00\x00\x00"  # by zeros: what is sent stays as it is


def frame(opcode: int, payload: bytes) -> bytes:
    """Return a frame as clients send them."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + MASKED + payload
    return bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big") + MASKED + payload


class Ear:
    """One socket."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._buffer = b""

    def shake_hands(self, path: str, protocol: str | None) -> None:
        """Ask for a websocket."""
        lines = [
            f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]  # fmt: skip
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def is_taken(self) -> None:
        """Wait until the websocket is granted."""
        while b"\r\n\r\n" not in self._buffer:
            self._read()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head

    def say(self, text: str) -> None:
        """Send a message."""
        self.socket.sendall(frame(TEXT, text.encode()))

    def await_answer(self) -> None:
        """Wait for a message."""
        while TEXT not in self.heard():
            self._read()

    def _read(self) -> None:
        data = self.socket.recv(65536)
        assert data, "the server hung up"
        self._buffer += data

    def read(self) -> bool:
        """Read what is there. Whether it holds a message."""
        self._read()
        return TEXT in list(self.heard())

    def heard(self) -> Iterator[int]:
        """Take whole frames from what was read; gives what each is."""
        while len(self._buffer) >= 2:
            opcode, size, start = self._buffer[0] & 0xF, self._buffer[1] & 0x7F, 2
            if size >= 126:
                start = 4 if size == 126 else 10
                size = int.from_bytes(self._buffer[2:start], "big")
            if len(self._buffer) < start + size:
                return
            payload, self._buffer = self._buffer[start : start + size], self._buffer[start + size :]
            if opcode == PING:
                self.socket.sendall(frame(PONG, payload))
            yield opcode


def opened(order: dict[str, Any], poll: select.epoll) -> dict[int, Ear]:
    """Open all sockets, and have each say its hellos; those that are open already answer pings meanwhile."""
    ears: dict[int, Ear] = {}
    hellos: list[list[str]] = order["hellos"]
    for start in range(0, len(hellos), CHUNK):
        chunk = [(Ear(order["port"]), said) for said in hellos[start : start + CHUNK]]
        for ear, _ in chunk:
            ear.shake_hands(order["path"], order["protocol"])
        for ear, _ in chunk:
            ear.is_taken()
        for place in range(max((len(said) for _, said in chunk), default=0)):
            for ear, said in chunk:
                ear.say(said[place])
            if place < len(chunk[0][1]) - 1:
                for ear, _ in chunk:
                    ear.await_answer()
        for ear, _ in chunk:
            ears[ear.socket.fileno()] = ear
            poll.register(ear.socket.fileno(), select.EPOLLIN)
        for number, _ in poll.poll(0):
            ears[number].read()
    return ears


def main() -> None:
    """Listen until the standard input ends."""
    poll = select.epoll()
    ears = opened(json.loads(sys.stdin.readline()), poll)
    for ear in ears.values():
        ear.socket.setblocking(False)
    poll.register(0, select.EPOLLIN)
    print("open", flush=True)
    arrivals: dict[int, int] | None = None
    deadline, orders = 0.0, b""
    while True:
        ready = poll.poll(0.2 if arrivals is not None else None)
        for number, _ in ready:
            if number == 0:
                if not (read := os.read(0, 4096)):
                    return
                orders += read
            elif ears[number].read() and arrivals is not None:
                arrivals.setdefault(number, time.monotonic_ns())
        if b"\n" in orders:
            line, _, orders = orders.partition(b"\n")
            arrivals, deadline = {}, time.monotonic() + float(line.split()[1])
            print("ready", flush=True)
        if arrivals is not None and (len(arrivals) == len(ears) or time.monotonic() > deadline):
            print(json.dumps(list(arrivals.values())), flush=True)
            arrivals = None


if __name__ == "__main__":
    main()
