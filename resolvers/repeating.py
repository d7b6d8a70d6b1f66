"""Mutations that are asked for again under the same key: recognised by all that they say."""

import dataclasses
import hashlib
from typing import Any

import orjson
import strawberry
from strawberry.extensions.field_extension import AsyncExtensionResolver, FieldExtension

from actions.repeats import Repeatable
from resolvers.context import Context
from schema.repeats import RepeatableInput
from sharing.errors import InvalidInput, Refused
from sharing.texts import line

LONGEST = 255


class DoneOnce(FieldExtension):
    """Has what a mutation writes written once for each key that its input bears."""

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: strawberry.Info, **arguments: Any
    ) -> Any:
        """Resolve the mutation, its key known to whatever it writes."""
        context: Context = info.context
        asked = arguments.get("input")
        context.again = _repeatable(info.field_name, asked) if isinstance(asked, RepeatableInput) else None
        try:
            return await next_(source, info, **arguments)
        finally:
            context.again = None


def _repeatable(mutation: str, asked: RepeatableInput) -> Repeatable | None:
    if asked.idempotency_key is None:
        return None
    try:
        key = line(asked.idempotency_key, LONGEST)
    except Refused as refused:
        raise InvalidInput(f"This is no key: {refused.message}.", "idempotencyKey") from None
    if key is None:
        raise InvalidInput(
            "This is no key: it is blank. Leave it out, or make one up for this write.", "idempotencyKey"
        )
    said = orjson.dumps(_said(asked), default=repr, option=orjson.OPT_SORT_KEYS)
    return Repeatable(key, mutation, hashlib.sha256(said).digest())


def _said(asked: RepeatableInput) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(asked).items() if name != "idempotency_key"}
