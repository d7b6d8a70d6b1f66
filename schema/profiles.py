"""Profiles: the people of a nation."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from schema.catalogue import column_inputs, columns, components
from schema.context import Info
from schema.nodes import Node, still_there
from schema.paging import After, Before, Connection, First, Last, Page
from schema.tags import Tag
from sharing.customs import CustomKind

if TYPE_CHECKING:
    from schema.groups import Group
    from schema.nations import Nation


@strawberry.type(description="A postal address, whole. Blank components are null.")
@components
class Address:
    """A postal address of twenty-two components."""


@strawberry.input(description="A postal address, whole: what is left out is blank.")
@components
class AddressInput:
    """A postal address of twenty-two components."""


@strawberry.type(description="An email address of a profile. Within a nation an address belongs to one profile.")
class ProfileEmail:
    """An email address of a profile."""

    address: str = strawberry.field(description="The address, in lower case.")
    is_bad: bool = strawberry.field(description="Whether mail to it came back.")
    is_primary: bool = strawberry.field(description="Whether it is the one to write to.")


@strawberry.type(description="What a profile holds in a custom field of its nation.")
class CustomValue:
    """A custom field of the nation, and what the profile holds in it."""

    slug: str = strawberry.field(description="The field's slug.")
    label: str = strawberry.field(description="The field's name for people.")
    kind: CustomKind = strawberry.field(description="What the field holds.")
    value: str | None = strawberry.field(description="The value as text; null where blank.")


@strawberry.type(description="One person (or organisation) in one nation.")
@columns(Address)
class Profile(Node):
    """One person in one nation. Only what is selected is filled."""

    row_id: strawberry.Private[UUID]
    nation_id: strawberry.Private[int]
    version: int = strawberry.field(description="How many writes made it what it is: give it as `expectedVersion`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last written.")
    archived_at: datetime | None = strawberry.field(
        description="When it was archived; null where it is not. It can be restored for eighteen months."
    )
    is_supporter: bool = strawberry.field(description="Whether the person counts as a supporter of this nation.")
    is_prospect: bool = strawberry.field(description="Whether the person is a prospect of this nation.")
    emails: list[ProfileEmail] = strawberry.field(description="Email addresses, in order; at most four.")
    custom_fields: list[CustomValue] = strawberry.field(
        description="Every custom field of the nation by slug, with what the profile holds in it."
    )

    @strawberry.field(description="The nation whose profile it is.")
    async def nation(self, info: Info) -> Annotated["Nation", strawberry.lazy("schema.nations")]:
        """The nation whose profile it is."""
        return still_there(await info.context.reads.nation(info, self.nation_id))

    @strawberry.field(description="The tags that it bears, by name.")
    async def tags(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Tag]:
        """The tags that it bears."""
        return await info.context.reads.tags_of_profile(info, self, Page(first, after, last, before))

    @strawberry.field(description="The groups that it is in, by name, those that are archived left out.")
    async def groups(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Annotated["Group", strawberry.lazy("schema.groups")]]:
        """The groups that it is in."""
        return await info.context.reads.groups_of_profile(info, self, Page(first, after, last, before))


@strawberry.input(description="Which profiles to list: those to which all of it applies.")
class ProfileFilter:
    """Which profiles to list."""

    tag: strawberry.ID | None = strawberry.field(default=None, description="Only those that bear this tag.")
    search: str | None = strawberry.field(
        default=None,
        description="Only those whose first or last name begins so, whatever the case; of several words, each one.",
    )
    email: str | None = strawberry.field(default=None, description="Only the one that has this email address.")
    is_supporter: bool | None = strawberry.field(default=None, description="Only supporters, or only others.")
    is_prospect: bool | None = strawberry.field(default=None, description="Only prospects, or only others.")
    updated_since: datetime | None = strawberry.field(
        default=None, description="Only those written at this moment or later."
    )


@strawberry.input(description="What a profile is to hold in a custom field.")
class CustomValueInput:
    """What a profile is to hold in a custom field."""

    slug: str = strawberry.field(description="The field's slug.")
    value: str | None = strawberry.field(default=None, description="The value as text; null blanks it.")


@strawberry.input(description="Fields of a profile. What is left out stays as it is; null blanks.")
@column_inputs(AddressInput)
class ProfileInput:
    """Fields of a profile to be written: unset ones stay, None blanks."""

    emails: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="All its email addresses, the first one to write to; at most four. Null removes them.",
    )
    custom_fields: list[CustomValueInput] | None = strawberry.field(
        default=strawberry.UNSET, description="Custom fields to write; those left out stay as they are."
    )
    is_supporter: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the person counts as a supporter; cannot be blank."
    )
    is_prospect: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the person is a prospect; cannot be blank."
    )
