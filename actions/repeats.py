"""Writes that a client may ask for again: what is done under a key is done once, and answered alike ever after."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, get_type_hints
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from actions.post import Post
from actions.unit import Unit, unit_of_work
from models.queries import query
from sharing.errors import KeyReused
from sharing.visibility import Caller

P = ParamSpec("P")
# What an action may give: ids, numbers and moments, nothing of people, since it is kept.
T = TypeVar("T", bound="UUID | list[UUID] | int | datetime | None")


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may come again.

    Attributes:
        key: what the client calls it.
        mutation: what it asks for.
        digest: a hash of all that it says.
    """

    key: str
    mutation: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A write that is committed, now or earlier.

    Attributes:
        result: what the action gave.
        positions: by nation, where its log stood afterwards; a nation that was told nothing is missing.
    """

    result: T
    positions: Mapping[int, int]


async def do_once(
    post: Post,
    caller: Caller,
    again: Repeatable | None,
    action: Callable[Concatenate[Unit, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Done[T]:
    """Carry out an action in a unit of its own; where the same was done under its key, only tell what came of it.

    The key is kept by the transaction that writes: both are there, or neither. What is refused leaves no key. Two
    requests under one key at the same time: the second waits for the first.

    Args:
        post: carries what follows once all is committed.
        caller: on whose behalf; keys of others are others'.
        again: the key; None where the client gave none.
        action: what to do. What it gives is kept under the key: ids and numbers.
        args: what it takes besides the unit.
        kwargs: likewise.

    Raises:
        KeyReused: under that key something else was done.
        ComityError: from the action.
    """
    async with unit_of_work(post, caller) as unit:
        holder = caller.known_by
        if again is None or holder is None:
            return Done(await action(unit, *args, **kwargs), unit.positions)
        kept = _adapter(get_type_hints(action)["return"])
        if (known := await _known(unit, holder, again)) is not None:
            return Done(kept.validate_json(known["result"]), _positions(known["positions"]))
        result = await action(unit, *args, **kwargs)
        unit.last = lambda: _keep(unit, holder, again, kept.dump_json(result))
        return Done(result, unit.positions)


@cache
def _adapter(given: Any) -> TypeAdapter[Any]:
    return TypeAdapter(given)


async def _known(unit: Unit, holder: UUID, again: Repeatable) -> Mapping[str, Any] | None:
    while not await unit.pg.fetchval(query("claim_key"), holder, again.key, again.mutation, again.digest):
        row = await unit.pg.fetchrow(query("used_key"), holder, again.key)
        if row is None:
            continue  # forgotten in between
        if (row["mutation"], row["digest"]) != (again.mutation, again.digest):
            raise KeyReused
        return dict(row)
    return None


async def _keep(unit: Unit, holder: UUID, again: Repeatable, result: bytes) -> None:
    positions = orjson.dumps({str(nation): place for nation, place in unit.positions.items()}).decode()
    await unit.pg.execute(query("keep_result"), holder, again.key, result.decode(), positions)


def _positions(kept: str) -> dict[int, int]:
    return {int(nation): place for nation, place in orjson.loads(kept).items()}
