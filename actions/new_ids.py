"""Ids that clients make for what they create: each is given once, whoever comes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from uuid_utils.compat import uuid7

from sharing.errors import IdTaken


async def new_id(kind: type[Model], chosen: UUID | None) -> UUID:
    """The id of something to be made: the one that the client made, or a fresh one.

    Raises:
        IdTaken: something of that kind has it.
    """
    if chosen is not None and await kind.exists(id=chosen):
        raise IdTaken
    return chosen or uuid7()


@contextmanager
def given_once(otherwise: Exception) -> Iterator[None]:
    """Say so where somebody has taken the id since it was looked up; raise ``otherwise`` where it is something else."""
    try:
        yield
    except IntegrityError as taken:
        constraint = getattr(taken.args[0], "constraint_name", None) or ""
        raise (IdTaken() if constraint.endswith("_pkey") else otherwise) from None
