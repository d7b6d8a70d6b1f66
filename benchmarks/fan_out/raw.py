"""A bare websocket server that sends everybody the same text: no GraphQL, no rights, no log, no framework."""

import time
from typing import Any

import orjson

BODY = {
    "cursor": "00000000000000000000001", "at": "2026-11-26T00:00:00.000000+00:00", "topic": "SHARES",
    "change": {
        "__typename": "StatsChanged", "shareId": "VGFnU2hhcmU6MDE5YWJjZGUtZjAxMi03MzQ1LTg5YWItY2RlZjAxMjM0NTY3",
        "stats": {"matched": 1, "notFound": 0, "ambiguous": 0, "synced": 0, "unreviewedChanges": 0, "total": 1},
    },
}  # fmt: skip

sends: set[Any] = set()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Take websockets, and tell them all what is published."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        sends.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        sends.discard(send)
    elif scope["type"] == "http":
        began = time.monotonic_ns()
        text = orjson.dumps({"id": "1", "type": "next", "payload": {"data": {"share": BODY}}}).decode()
        for each in list(sends):
            await each({"type": "websocket.send", "text": text})
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": orjson.dumps({"at": began})})
