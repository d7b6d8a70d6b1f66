"""The rules of an audience: made up, activated, edited, paused, and deleted with all that they put up."""

from uuid import UUID

from uuid_utils.compat import uuid7

from actions.audiences import targets
from actions.audiences.checking import checked
from actions.rights import require_in
from actions.unit import Unit
from models.audience import Audience
from models.nation import Nation
from models.network import Network
from models.queries import query
from sharing.audiences.difference import Difference, difference
from sharing.audiences.rules import TERMS_VERSION, AudienceRules, rules_from_json
from sharing.errors import InvalidInput, NotFound, StaleVersion
from sharing.events import Noun
from sharing.states import AudienceState
from sharing.visibility import Caller, Deed

NO_AUDIENCE = "There is no such audience."
NOT_ENABLED = (
    "Audience sharing is not enabled with this nation as its source: ask a manager of the network to enable it."
)


async def create_audience(unit: Unit, nation_id: int, rules: AudienceRules) -> UUID:
    """Make up the rules of a source. Nothing happens before they are activated.

    Raises:
        NotFound: the caller does not belong to the nation.
        Forbidden: only an admin shares the audience.
        InvalidInput: audience sharing is not enabled with this nation as its source, or it has rules already.
        InvalidInputs: rules that cannot be; every fault is named.
    """
    await require_in(unit.caller, nation_id, Deed.SHARE_AUDIENCE)
    network = await _network_of(nation_id)
    if network is not None:
        await unit.pg.fetchrow(query("hold_network"), network.id)
        network = await _network_of(nation_id)
    if network is None or network.audience_source_id != nation_id:
        raise InvalidInput(NOT_ENABLED, "nationId")
    rules = await checked(nation_id, rules)
    if await Audience.exists(nation_id=nation_id):
        raise InvalidInput("The nation has rules already: change those, or delete them first.", "nationId")
    now = await unit.now()
    audience = Audience(
        id=uuid7(),
        nation_id=nation_id,
        state=AudienceState.DRAFT,
        rules=rules.as_json(),
        created_at=now,
        updated_at=now,
    )
    await audience.save(force_create=True)
    unit.changed(nation_id, Noun.AUDIENCE, [audience.id])
    return audience.id


async def plan_audience(caller: Caller, audience_id: UUID, rules: AudienceRules) -> Difference:
    """What changing the rules of an audience would change in its targets; nothing is changed.

    For one that is yet to be activated that is all that activating it would do.

    Raises:
        NotFound, Forbidden, InvalidInputs: as for ``update_audience``.
    """
    audience = await Audience.of(caller).get_or_none(id=audience_id)
    if audience is None:
        raise NotFound(NO_AUDIENCE, "audienceId")
    await require_in(caller, audience.nation_id, Deed.SHARE_AUDIENCE)
    rules = await checked(audience.nation_id, rules)
    return difference(_applied(audience), rules)


async def update_audience(
    unit: Unit, audience_id: UUID, rules: AudienceRules, *, expected_version: int | None = None
) -> UUID:
    """Change the rules of an audience as a whole; where they are active, what that changes is done.

    Raises:
        NotFound: there is no such audience, or the caller may not know of it.
        Forbidden: only an admin shares the audience.
        StaleVersion: somebody changed it since the caller read it.
        InvalidInputs: rules that cannot be; every fault is named.
    """
    audience = await _held(unit, audience_id)
    if expected_version is not None and expected_version != audience.version:
        message = "The rules have changed since you read them: read them again and repeat the edit."
        raise StaleVersion(message, "expectedVersion", current=audience.version)
    rules = await checked(audience.nation_id, rules)
    await _apply(unit, audience, _applied(audience), rules)
    return audience.id


async def activate_audience(unit: Unit, audience_id: UUID, terms_version: str) -> UUID:
    """Begin to share by the rules: the first sync is due within minutes.

    Args:
        unit: the open transaction.
        audience_id: the audience.
        terms_version: the version of the terms that the caller accepts.

    Raises:
        NotFound, Forbidden: as for ``update_audience``.
        InvalidInput: the terms are not accepted in the version that stands, or the rules are active already.
        InvalidInputs: the rules cannot be any more; every fault is named.
    """
    audience = await _held(unit, audience_id)
    if audience.state is not AudienceState.DRAFT:
        raise InvalidInput("The rules are active already.", "audienceId")
    if terms_version != TERMS_VERSION:
        raise InvalidInput(
            f"Contacts are shared under the terms of version {TERMS_VERSION}: accept those.", "acceptedTerms"
        )
    rules = await checked(audience.nation_id, rules_from_json(audience.rules))
    audience.state = AudienceState.ACTIVE
    audience.terms_version = terms_version
    audience.terms_accepted_at = await unit.now()
    audience.terms_accepted_by = unit.caller.known_by
    await _apply(unit, audience, None, rules)
    return audience.id


async def pause_audience(unit: Unit, audience_id: UUID) -> UUID:
    """Sync no more for now. A run under way is given up; what it did stands. Pausing again changes nothing.

    Raises:
        NotFound, Forbidden: as for ``update_audience``.
        InvalidInput: the rules are not active.
    """
    return await _set_paused(unit, audience_id, paused=True)


async def resume_audience(unit: Unit, audience_id: UUID) -> UUID:
    """Sync again: what changed meanwhile comes across at once. Resuming again changes nothing.

    Raises:
        NotFound, Forbidden, InvalidInput: as for ``pause_audience``.
    """
    return await _set_paused(unit, audience_id, paused=False)


async def _set_paused(unit: Unit, audience_id: UUID, *, paused: bool) -> UUID:
    audience = await _active(unit, audience_id)
    wanted = AudienceState.PAUSED if paused else AudienceState.ACTIVE
    if audience.state is not wanted:
        audience.state = wanted
        await _save(unit, audience)
        for share in await targets.shares_of(audience.nation_id):
            await targets.set_paused(unit, share, paused)
    return audience.id


async def sync_audience_now(unit: Unit, audience_id: UUID) -> UUID:
    """Sync every target now, rather than when it is due.

    Raises:
        NotFound, Forbidden: as for ``update_audience``.
        InvalidInput: the rules are not active, or are paused.
    """
    audience = await _active(unit, audience_id)
    if audience.state is AudienceState.PAUSED:
        raise InvalidInput("Syncing is paused: resume it first.", "audienceId")
    for share in await targets.shares_of(audience.nation_id):
        await targets.sync_now(unit, share)
    return audience.id


async def delete_audience(unit: Unit, audience_id: UUID) -> None:
    """Delete the rules: what the sharing made in the targets is archived, and who was there before stays.

    Raises:
        NotFound, Forbidden: as for ``update_audience``.
    """
    await end_audience(unit, await _held(unit, audience_id))


async def end_audience(unit: Unit, audience: Audience) -> None:
    """As ``delete_audience``, on whoever's behalf."""
    for share in await targets.shares_of(audience.nation_id):
        await targets.close_target(unit, share)
    await audience.delete()
    unit.deleted(audience.nation_id, Noun.AUDIENCE, [audience.id])


async def drop_target(unit: Unit, source_id: int, nation_id: int) -> None:
    """Leave one target out of the rules of a source, if it is in them, on whoever's behalf."""
    await unit.pg.fetchval(query("hold_audience"), source_id)
    audience = await Audience.get_or_none(nation_id=source_id)
    rules = rules_from_json(audience.rules) if audience is not None else None
    if audience is not None and rules is not None and rules.of(nation_id) is not None:
        await _apply(unit, audience, _applied(audience), rules.without_target(nation_id))


async def _held(unit: Unit, audience_id: UUID) -> Audience:
    """An audience that the caller may change, held until the transaction ends."""
    audience = await Audience.of(unit.caller).get_or_none(id=audience_id)
    if audience is not None:
        await require_in(unit.caller, audience.nation_id, Deed.SHARE_AUDIENCE)
        await unit.pg.fetchval(query("hold_audience"), audience.nation_id)
        audience = await Audience.get_or_none(id=audience_id)
    if audience is None:
        raise NotFound(NO_AUDIENCE, "audienceId")
    return audience


async def _active(unit: Unit, audience_id: UUID) -> Audience:
    audience = await _held(unit, audience_id)
    if audience.state is AudienceState.DRAFT:
        raise InvalidInput("The rules are not active yet: activate them first.", "audienceId")
    return audience


async def _network_of(nation_id: int) -> Network | None:
    nation = await Nation.get(id=nation_id)
    return await Network.get(id=nation.network_id) if nation.network_id is not None else None


def _applied(audience: Audience) -> AudienceRules | None:
    """The rules that have been carried out; None before they were activated."""
    return None if audience.state is AudienceState.DRAFT else rules_from_json(audience.rules)


async def _save(unit: Unit, audience: Audience) -> None:
    audience.version += 1
    audience.updated_at = await unit.now()
    await audience.save()
    unit.changed(audience.nation_id, Noun.AUDIENCE, [audience.id])


async def _apply(unit: Unit, audience: Audience, before: AudienceRules | None, after: AudienceRules) -> None:
    """Keep new rules, and where they are active do what changes by them."""
    audience.rules = after.as_json()
    await _save(unit, audience)
    if audience.state is AudienceState.DRAFT:
        return
    changes = difference(before, after)
    shares = {share.receiver_id: share for share in await targets.shares_of(audience.nation_id)}
    hours = before is not None and before.every_hours != after.every_hours
    concerned = {change.nation_id for change in changes.targets}
    for share in shares.values():
        if hours or changes.old_group_name is not None or share.receiver_id in concerned:
            await targets.hold(unit, share)
    for change in sorted(changes.targets, key=lambda change: change.nation_id):
        rule = after.of(change.nation_id)
        if rule is None:
            await targets.close_target(unit, shares.pop(change.nation_id))
        elif change.is_new:
            share = await targets.open_target(unit, audience.nation_id, after, rule)
            if audience.state is AudienceState.PAUSED:
                await targets.set_paused(unit, share, True)
        else:
            await targets.alter_target(unit, shares[change.nation_id], rule, change)
    for share in shares.values():
        if changes.old_group_name is not None:
            await targets.rename_group(unit, share, after.group_name)
        if hours:
            await targets.sync_sooner(unit, share, after.every_hours)
