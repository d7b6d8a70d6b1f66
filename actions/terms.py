"""What a share means today: its settings, and what the two nations are to each other at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from models.audience import Audience
from models.queries import query
from models.share import Share
from sharing.audiences.fields import carried
from sharing.brakes import Amounts, amounts_from_json
from sharing.coverage import Pairing, Settings, covered, matches_on_emails, matching_ids
from sharing.errors import NotFound
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.matching.quality import Quality
from sharing.matching.rules import MatchRules
from sharing.modes import SyncMode
from sharing.modes import Terms as SyncTerms
from sharing.visibility import ShareKind


@dataclass(frozen=True, slots=True)
class ShareTerms:
    """A share as matching and syncing need it.

    Attributes:
        id: the share.
        kind: what it carries.
        status: where it stands.
        sender_id: the sending nation.
        receiver_id: the receiving nation.
        tag_id: the sender's tag; for an audience, a hidden one of everybody in the segments that are shared.
        receiver_tag_id: the tag's twin in the receiver, None until accepted; for an audience, the locked group.
        settings: what the sender asked for.
        mode: the sync mode that the receiver chose, None where no profiles are synced.
        create_new_profiles: whether the receiver takes people whom it lacks.
        import_as_prospects: whether those become prospects.
        overwrite_districts: whether either nation has auto-districting on.
        rules: what takes part in matching.
        quality: how carefully the two nations keep their profiles, as the last run learnt it.
        fields: what travels.
        began: since when each field travels, in microseconds since 1970; None where that was never noted.
        limits: how much may be written before somebody has to say so.
        fires_automations: whether what it writes into the receiver fires the automations there; never for a tag.
    """

    id: UUID
    kind: ShareKind
    status: ShareStatus
    sender_id: int
    receiver_id: int
    tag_id: UUID
    receiver_tag_id: UUID | None
    settings: Settings
    mode: SyncMode | None
    create_new_profiles: bool
    import_as_prospects: bool
    overwrite_districts: bool
    rules: MatchRules
    quality: Quality
    fields: tuple[str, ...]
    began: Mapping[str, int] | None
    limits: Amounts
    fires_automations: bool = False

    @property
    def nations(self) -> tuple[int, int]:
        """Both nations, the sender first."""
        return self.sender_id, self.receiver_id

    @property
    def one_way(self) -> bool:
        """Whether nothing ever flows back to the sender, and nothing flows but in a run."""
        return self.kind is ShareKind.AUDIENCE

    @property
    def sync(self) -> SyncTerms:
        """What it syncs and how, as the rules of syncing take it; a share without profiles syncs no field."""
        return SyncTerms(self.fields, self.mode or SyncMode.ALWAYS_REVIEW)


async def load_pairing(pg: asyncpg.Connection, sender_id: int, receiver_id: int) -> Pairing:
    """What two nations are to each other now."""
    row = await pg.fetchrow(query("pairing"), sender_id, receiver_id)
    if row is None:
        raise NotFound("There is no such nation.")
    return Pairing(
        row["one_network"], row["hq_shares_customs"], row["both_voters"], tuple(row["customs"]), row["auto_districting"]
    )


def settings_as_saved(share: Share) -> Settings:
    """The sender's settings, as they stand in the share."""
    return Settings(
        share.sync_profiles,
        tuple(Group(group) for group in share.optional_groups),
        tuple(share.optional_fields),
        tuple(share.custom_fields),
        share.offer_new_profiles,
    )


async def load_terms(pg: asyncpg.Connection, share_id: UUID, *, hold: bool = False) -> ShareTerms | None:
    """A share's terms at this moment; None where there is no such share.

    Args:
        pg: the connection.
        share_id: the share.
        hold: whether its status stays as it is until the transaction ends: whoever stops it meanwhile waits.
    """
    if hold and await pg.fetchval("SELECT id FROM shares WHERE id = $1 FOR KEY SHARE", share_id) is None:
        return None
    share = await Share.get_or_none(id=share_id)
    if share is None or share.tag_id is None:
        return None
    settings = settings_as_saved(share)
    pairing = await load_pairing(pg, share.sender_id, share.receiver_id)
    kind = ShareKind(share.kind)
    twin = await pg.fetchval("SELECT id FROM tags WHERE share_id = $1", share_id)
    return ShareTerms(
        id=share.id,
        kind=kind,
        status=ShareStatus(share.status),
        sender_id=share.sender_id,
        receiver_id=share.receiver_id,
        tag_id=share.tag_id,
        receiver_tag_id=twin,
        settings=settings,
        mode=share.sync_mode,
        create_new_profiles=bool(share.create_new_profiles),
        import_as_prospects=bool(share.import_as_prospects),
        overwrite_districts=pairing.auto_districting,
        quality=Quality.from_json(share.match_quality),
        rules=MatchRules(matching_ids(settings, pairing), kind is ShareKind.AUDIENCE or matches_on_emails(settings)),
        fields=_fields(kind, settings, pairing),
        began=share.carried,
        limits=amounts_from_json(share.limits),
        fires_automations=kind is ShareKind.AUDIENCE and await _fires(share.sender_id),
    )


async def _fires(source_id: int) -> bool:
    """Whether the rules of a source say that a sync may fire the automations of targets."""
    audience = await Audience.get_or_none(nation_id=source_id)
    return audience is not None and bool(audience.rules["firesAutomations"])


def _fields(kind: ShareKind, settings: Settings, pairing: Pairing) -> tuple[str, ...]:
    if kind is ShareKind.TAG:
        return covered(settings, pairing)
    return carried(settings.fields, settings.customs, both_voters=pairing.both_voters)
