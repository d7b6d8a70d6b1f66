"""Operations as a client sends them, run on the schema itself."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from actions.accounts import create_user
from resolvers.context import Context
from resolvers.log import Log
from resolvers.roots import TYPES, Mutation, Query, Reads, Subscription
from resolvers.seal import Seal
from schema.scalars import SCALARS
from server.api import ServedSchema
from server.auth import Tokens
from sharing.visibility import ANONYMOUS, Caller, Role
from tests.world import World

SCHEMA = ServedSchema(Query, Mutation, Subscription, TYPES, SCALARS)
SEAL = Seal(b"tests")
TOKENS = Tokens("a secret of the tests, thirty-two letters long")

ERROR = "... on UserError { __typename message code path }"


def gid(kind: str, row: object) -> str:
    """Return the global id of a row."""
    return b64encode(f"{kind}:{row}".encode()).decode()


def uuid_in(node_id: str) -> UUID:
    """Return the row that a global id names."""
    return UUID(node_id_text(node_id).partition(":")[2])


def node_id_text(node_id: str) -> str:
    """Return what a global id hides."""
    return b64decode(node_id).decode()


class NoBells:
    """Bells that nobody hears."""


@dataclass
class Api:
    """The schema, asked by whomever.

    Attributes:
        world: whose nations are asked about.
        statements: what the last operation asked of the database.
    """

    world: World
    statements: list[str] = field(default_factory=list)

    def context(self, caller: Caller) -> Context:
        """Return what an operation of a caller carries with it."""
        return Context(caller, self.world.post, TOKENS, SEAL, Log(NoBells()), Reads)

    async def answer(self, document: str, caller: Caller = ANONYMOUS, **variables: Any) -> Any:
        """Return the whole outcome of an operation."""
        with self._counted():
            return await SCHEMA.execute(document, variable_values=variables, context_value=self.context(caller))

    async def ask(self, document: str, caller: Caller = ANONYMOUS, **variables: Any) -> Any:
        """Return the data of an operation, which goes well."""
        result = await self.answer(document, caller, **variables)
        assert result.errors is None, result.errors
        return result.data

    async def refused(self, document: str, caller: Caller = ANONYMOUS, **variables: Any) -> list[tuple[str, str]]:
        """Return the codes and messages of an operation that fails."""
        result = await self.answer(document, caller, **variables)
        assert result.errors
        return [(error.extensions["code"], error.message) for error in result.errors]

    @contextmanager
    def _counted(self) -> Iterator[None]:
        client = get_connection("default")
        self.statements = statements = []

        def counting(run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            def counted(query: str, values: list[Any] | None = None) -> Awaitable[Any]:
                statements.append(query)
                return run(query, values)

            return counted

        ways = ("execute_query", "execute_query_dict")
        for way in ways:
            setattr(client, way, counting(getattr(client, way)))
        try:
            yield
        finally:
            for way in ways:
                delattr(client, way)

    async def user(self, email: str, nation_id: int, role: Role = Role.ADMIN) -> UUID:
        """Make a user with the password of all users."""
        async with self.world.unit(Caller()) as unit:
            return await create_user(unit, email, PASSWORD, "Somebody", nation_id, role)


PASSWORD = "correct horse battery staple"
