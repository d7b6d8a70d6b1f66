"""What a source and its network do about audience sharing."""

from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from actions.audiences.networks import disable_audience_sharing, enable_audience_sharing
from actions.audiences.rules import (
    activate_audience,
    create_audience,
    delete_audience,
    pause_audience,
    resume_audience,
    sync_audience_now,
    update_audience,
)
from actions.repeats import Done
from actions.unit import Unit
from models.audience import Audience as AudienceRow
from resolvers.audience_input import rules_of
from resolvers.context import Info
from resolvers.ids import number_of, uuid_of
from schema.audience_payloads import AudiencePayload, AudienceResult, DeleteAudiencePayload, DeleteAudienceResult
from schema.audience_rules import (
    ActivateAudienceInput,
    AudienceActionInput,
    CreateAudienceInput,
    EnableAudienceSharingInput,
    UpdateAudienceInput,
)
from schema.inputs import NetworkActionInput
from schema.payloads import NetworkPayload, NetworkResult
from sharing.errors import NotFound

Action: TypeAlias = Annotated[AudienceActionInput, strawberry.argument(description="Which audience.")]


async def _payload(info: Info, done: Done[UUID]) -> AudiencePayload:
    audience = await info.context.loaders.audience_row(done.result)
    return AudiencePayload(audience=audience, cursor=info.context.cursor(done, *done.positions))


async def _network(info: Info, number: int, done: Done[None]) -> NetworkPayload:
    network = await info.context.loaders.network_row(number)
    return NetworkPayload(network=network, cursor=info.context.cursor(done, *done.positions))


@strawberry.type
class AudienceMutations:
    """What a source and its network do about audience sharing."""

    @strawberry.mutation(
        description="Let one nation of a network share its audience with the others. For the network's managers and "
        "the admins of its HQ."
    )
    async def enable_audience_sharing(
        self, info: Info, input: Annotated[EnableAudienceSharingInput, strawberry.argument(description="Where, who.")]
    ) -> NetworkResult:
        """Let one nation of a network share its audience."""
        number = number_of("Network", input.network_id, "networkId")
        done = await info.context.write(enable_audience_sharing, number, input.source_slug)
        return await _network(info, number, done)

    @strawberry.mutation(
        description="End audience sharing in a network: the source's rules are deleted, and what they made in the "
        "targets is archived."
    )
    async def disable_audience_sharing(
        self, info: Info, input: Annotated[NetworkActionInput, strawberry.argument(description="Which network.")]
    ) -> NetworkResult:
        """End audience sharing in a network."""
        number = number_of("Network", input.network_id, "networkId")
        done = await info.context.write(disable_audience_sharing, number)
        return await _network(info, number, done)

    @strawberry.mutation(description="Make up the rules of a source. Nothing is shared before they are activated.")
    async def create_audience(
        self, info: Info, input: Annotated[CreateAudienceInput, strawberry.argument(description="What to share.")]
    ) -> AudienceResult:
        """Make up the rules of a source."""
        nation_id = number_of("Nation", input.nation_id, "nationId")

        async def create(unit: Unit) -> UUID:
            _belongs(unit, nation_id)
            return await create_audience(unit, nation_id, await rules_of(nation_id, input.rules))

        return await _payload(info, await info.context.write(create))

    @strawberry.mutation(
        description="Change the rules of an audience as a whole; where they are active, what that changes is done: see "
        "`Audience.difference`."
    )
    async def update_audience(
        self, info: Info, input: Annotated[UpdateAudienceInput, strawberry.argument(description="Which, and how.")]
    ) -> AudienceResult:
        """Change the rules of an audience."""
        audience_id = uuid_of("Audience", input.audience_id, "audienceId")

        async def update(unit: Unit) -> UUID:
            audience = await AudienceRow.of(unit.caller).get_or_none(id=audience_id)
            if audience is None:
                raise NotFound("There is no such audience.", "audienceId")
            rules = await rules_of(audience.nation_id, input.rules)
            return await update_audience(unit, audience_id, rules, expected_version=input.expected_version)

        return await _payload(info, await info.context.write(update))

    @strawberry.mutation(
        description="Begin to share by the rules, under the terms. The first sync is due within minutes; see "
        "`syncAudienceNow`."
    )
    async def activate_audience(
        self, info: Info, input: Annotated[ActivateAudienceInput, strawberry.argument(description="Which, and terms.")]
    ) -> AudienceResult:
        """Begin to share by the rules."""
        audience_id = uuid_of("Audience", input.audience_id, "audienceId")
        return await _payload(info, await info.context.write(activate_audience, audience_id, input.accepted_terms))

    @strawberry.mutation(description="Sync nothing for now. A run under way is given up; what it did stands.")
    async def pause_audience(self, info: Info, input: Action) -> AudienceResult:
        """Sync nothing for now."""
        audience_id = uuid_of("Audience", input.audience_id, "audienceId")
        return await _payload(info, await info.context.write(pause_audience, audience_id))

    @strawberry.mutation(description="Sync again: what changed meanwhile comes across at once.")
    async def resume_audience(self, info: Info, input: Action) -> AudienceResult:
        """Sync again."""
        audience_id = uuid_of("Audience", input.audience_id, "audienceId")
        return await _payload(info, await info.context.write(resume_audience, audience_id))

    @strawberry.mutation(description="Sync every target now, rather than when it is due.")
    async def sync_audience_now(self, info: Info, input: Action) -> AudienceResult:
        """Sync every target now."""
        audience_id = uuid_of("Audience", input.audience_id, "audienceId")
        return await _payload(info, await info.context.write(sync_audience_now, audience_id))

    @strawberry.mutation(
        description="Delete the rules for good: contacts, groups, segments and fields that the sharing made in the "
        "targets are archived; who was there before stays."
    )
    async def delete_audience(self, info: Info, input: Action) -> DeleteAudienceResult:
        """Delete the rules."""
        audience_id = uuid_of("Audience", input.audience_id, "audienceId")
        done = await info.context.write(delete_audience, audience_id)
        return DeleteAudiencePayload(
            deleted_audience_id=input.audience_id, cursor=info.context.cursor(done, *done.positions)
        )


def _belongs(unit: Unit, nation_id: int) -> None:
    """Which nations there are in a network is not for strangers to learn by trying slugs."""
    if nation_id not in unit.caller.nations:
        raise NotFound("There is no such nation.", "nationId")
