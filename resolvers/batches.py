"""Reading in batches: one query for all that one level of an operation needs, each row read once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader
from tortoise.connection import get_connection

from models.queries import query
from resolvers.seal import Seal
from sharing.visibility import Caller

Row = dict[str, Any]
Key = TypeVar("Key")
Found = TypeVar("Found")


class Batches:
    """What one operation has read so far, and how it reads more. It lives no longer, lest it answer with what was.

    Args:
        caller: who asks: nothing else is ever read.
        seal: what seals cursors.
    """

    def __init__(self, caller: Caller, seal: Seal) -> None:
        self.caller = caller
        self.seal = seal
        self._loaders: dict[object, DataLoader[Any, Any]] = {}

    def load(
        self, name: object, key: Key, read: Callable[[list[Key]], Awaitable[Mapping[Key, Found]]]
    ) -> Awaitable[Found | None]:
        """One thing by its key, read together with whatever else is asked for under the same name at the time."""
        loader = self._loaders.get(name)
        if loader is None:

            async def read_in_order(keys: list[Key]) -> Sequence[Found | None]:
                found = await read(keys)
                return [found.get(key) for key in keys]

            loader = self._loaders[name] = DataLoader(read_in_order)
        return loader.load(key)


async def fetch(name: str, *arguments: object) -> list[Row]:
    """The rows that a named query gives. Whoever asks sees to it that the caller may see them."""
    return await get_connection("default").execute_query_dict(query(name), list(arguments))
