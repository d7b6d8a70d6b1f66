"""Custom fields: listed, made, changed, archived and restored."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from actions.custom_fields import (
    archive_custom_field,
    create_custom_field,
    restore_custom_field,
    update_custom_field,
)
from actions.repeats import Done
from resolvers.context import Info
from resolvers.ids import new_uuid, number_of, uuid_of
from resolvers.reading import Reading
from schema.context import Info as ReadInfo
from schema.custom_fields import CustomField
from schema.inputs import CreateCustomFieldInput, CustomFieldActionInput, UpdateCustomFieldInput
from schema.nations import Nation
from schema.payloads import CustomFieldPayload, CustomFieldResult


class CustomFieldReads(Reading):
    """Custom fields."""

    async def custom_fields(self, info: ReadInfo, nation: Nation, archived: bool) -> list[CustomField]:
        """The custom fields of a nation, by slug."""
        return await self.loaders.custom_fields_of(nation.number, archived=archived)


async def _payload(info: Info, done: Done[Any], field_id: UUID) -> CustomFieldPayload:
    field = await info.context.loaders.custom_field_row(field_id)
    numbers = [field.nation_id] if field else []
    return CustomFieldPayload(custom_field=field, cursor=info.context.cursor(done, *numbers))


@strawberry.type
class CustomFieldMutations:
    """Edits of custom fields."""

    @strawberry.mutation(
        description="Make a custom field. Where HQ shares its settings, HQ's comes to every nation of the network."
    )
    async def create_custom_field(
        self, info: Info, input: Annotated[CreateCustomFieldInput, strawberry.argument(description="What to make.")]
    ) -> CustomFieldResult:
        """Make a custom field."""
        nation_id = number_of("Nation", input.nation_id, "nationId")
        chosen = new_uuid("CustomField", input.id, "id")
        said = (nation_id, input.slug, input.label, input.kind, input.options or ())
        done = await info.context.write(create_custom_field, *said, field_id=chosen)
        field_id = done.result
        return await _payload(info, done, field_id)

    @strawberry.mutation(description="Change the label or the options of a custom field. What profiles hold stays.")
    async def update_custom_field(
        self, info: Info, input: Annotated[UpdateCustomFieldInput, strawberry.argument(description="Which, and how.")]
    ) -> CustomFieldResult:
        """Change a custom field."""
        field_id = uuid_of("CustomField", input.custom_field_id, "customFieldId")
        done = await info.context.write(update_custom_field, field_id, label=input.label, options=input.options)
        return await _payload(info, done, field_id)

    @strawberry.mutation(
        description="Archive a custom field: it takes no new values, and what profiles hold stays, out of sight. It "
        "can be restored for 18 months."
    )
    async def archive_custom_field(
        self, info: Info, input: Annotated[CustomFieldActionInput, strawberry.argument(description="Which.")]
    ) -> CustomFieldResult:
        """Archive a custom field."""
        field_id = uuid_of("CustomField", input.custom_field_id, "customFieldId")
        done = await info.context.write(archive_custom_field, field_id)
        return await _payload(info, done, field_id)

    @strawberry.mutation(description="Bring an archived custom field back, with what profiles held in it.")
    async def restore_custom_field(
        self, info: Info, input: Annotated[CustomFieldActionInput, strawberry.argument(description="Which.")]
    ) -> CustomFieldResult:
        """Restore a custom field."""
        field_id = uuid_of("CustomField", input.custom_field_id, "customFieldId")
        done = await info.context.write(restore_custom_field, field_id)
        return await _payload(info, done, field_id)
