"""Audiences: the rules of a source, its targets, and what became of each contact."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tortoise.expressions import Q

from actions.audiences.rules import plan_audience
from models.audience import Audience as AudienceRow
from models.audience import AudienceSegment
from models.match import Match as MatchRow
from models.nation import Nation as NationRow
from models.run import SyncRun as RunRow
from models.segment import Segment as SegmentRow
from models.share import Share as ShareRow
from resolvers import audience_rows, criteria, present
from resolvers.audience_input import rules_of
from resolvers.keyset import Ordering, Row, connect, read_slice
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.audience_rules import AudienceDifference, AudienceRulesInput, AudienceTargetChange
from schema.audiences import Audience, AudienceMatch, AudienceRun, AudienceShare, AudienceTarget
from schema.cards import NationCard
from schema.context import Info as ReadInfo
from schema.enums import ProfileField
from schema.groups import Group
from schema.nations import Nation
from schema.paging import Connection, Page
from schema.segment_enums import TargetFilter
from schema.segments import Segment
from sharing.audiences.difference import TargetChange
from sharing.audiences.rules import AudienceRules, rules_from_json
from sharing.fields import CUSTOM_PREFIX
from sharing.lifecycle import RECEIVER_SEES, ShareStatus
from sharing.states import MatchState

SHARES = Ordering("audience shares", descending=True)
MATCHES = Ordering("audience matches")
RUNS = Ordering("audience runs", descending=True)
BY_SLUG = Ordering("targets of an audience", (("slug", str),))


class AudienceReads(Reading):
    """Audiences."""

    async def audience_of_nation(self, nation: Nation) -> Audience | None:
        """The rules by which a nation shares its audience."""
        rows = await AudienceRow.of(self.caller).filter(nation_id=nation.number).values("id")
        return await self.loaders.audience_row(rows[0]["id"]) if rows else None

    async def audience_targets(
        self, info: ReadInfo, audience: Audience, page: Page, filter: TargetFilter
    ) -> Connection[AudienceTarget]:
        """The nations that an audience may be shared with, by slug."""
        selection = Selection.below(info)
        rules = rules_from_json(audience.rules)
        ruled = [rule.nation_id for rule in rules.targets]
        source = NationRow.filter(network_id__in=await self._network(audience.nation_id)).exclude(id=audience.nation_id)
        if filter is TargetFilter.WITH_RULES:
            source = source.filter(id__in=ruled)
        elif filter is TargetFilter.WITHOUT_RULES:
            source = source.exclude(id__in=ruled) if ruled else source
        part = self.window(page, BY_SLUG, f"{audience.nation_id} {filter}")
        found = await read_slice(source, part, ("id", *present.CARD_COLUMNS), selection)

        async def shown(rows: Sequence[Row], selection: Selection) -> list[AudienceTarget]:
            return [_target(row, audience.nation_id, rules) for row in rows]

        return await connect(found, part, selection, selection, shown)

    async def _network(self, nation_id: int) -> list[int]:
        """The network of a nation of the caller's, if it is in one."""
        rows = await NationRow.of(self.caller).filter(id=nation_id).values("network_id")
        return [row["network_id"] for row in rows if row["network_id"] is not None]

    async def audience_difference(self, audience: Audience, rules: AudienceRulesInput) -> AudienceDifference:
        """What changing the rules of an audience would change."""
        wanted = await rules_of(audience.nation_id, rules)
        found = await plan_audience(self.caller, audience.row_id, wanted)
        numbers = [change.nation_id for change in found.targets]
        rows = await NationRow.filter(id__in=numbers).values("id", *present.CARD_COLUMNS)
        cards = {row["id"]: present.card(row) for row in rows}
        return AudienceDifference(
            is_empty=found.is_empty,
            old_group_name=found.old_group_name,
            fires_automations=found.fires_automations,
            changes=[_change(change, cards[change.nation_id]) for change in found.targets if change.nation_id in cards],
        )

    async def audience_share(self, info: ReadInfo, share_id: UUID) -> AudienceShare | None:
        """An audience share that the caller may see."""
        return await self.loaders.audience_share_row(share_id)

    async def share_with_target(self, target: AudienceTarget) -> AudienceShare | None:
        """The live share by which a target is given an audience."""
        found = ShareRow.audiences_of(self.caller).filter(sender_id=target.source_id, receiver_id=target.number)
        rows = await found.filter(status=ShareStatus.APPROVED).values("id")
        return await self.loaders.audience_share_row(rows[0]["id"]) if rows else None

    async def audience_shares(self, info: ReadInfo, nation: Nation, page: Page) -> Connection[AudienceShare]:
        """The audience shares that a nation sends or receives, the latest first."""
        selection = Selection.below(info)
        part = self.window(page, SHARES, nation.number)
        received = Q(receiver_id=nation.number, status__in=list(RECEIVER_SEES))
        source = ShareRow.audiences_of(self.caller).filter(Q(sender_id=nation.number) | received)
        found = await read_slice(source, part, audience_rows.SHARE_COLUMNS, selection)

        async def shown(rows: Sequence[Row], selection: Selection) -> list[AudienceShare]:
            return await self.loaders.present_audience_shares(list(rows))

        return await connect(found, part, selection, selection, shown)

    async def group_of_audience(self, share: AudienceShare) -> Group | None:
        """The target's group of an audience share, for whoever sees it."""
        return await self.loaders.group_row(share.group_id) if share.group_id else None

    async def segments_of_audience(self, share: AudienceShare) -> list[Segment]:
        """The segments that an audience share carries, by name: the source's for the source, else the target's."""
        column = "segment_id" if share.sender_id in self.caller.nations else "twin_id"
        rows = await AudienceSegment.of(self.caller).filter(share_id=share.row_id).values(column)
        return await self.segments_by_id([row[column] for row in rows])

    async def segments_by_id(self, segment_ids: Iterable[UUID]) -> list[Segment]:
        """Segments that the caller may see, of those with these ids, by name."""
        found = SegmentRow.of(self.caller).filter(id__in=list(segment_ids)).order_by("name", "id")
        return [criteria.segment(row) for row in await found.values(*present.SEGMENT_COLUMNS)]

    async def audience_matches(
        self, info: ReadInfo, share: AudienceShare, page: Page, state: list[MatchState] | None
    ) -> Connection[AudienceMatch]:
        """The matches of an audience share; those that have ended only where they are asked for."""
        selection = Selection.below(info)
        part = self.window(page, MATCHES, share.row_id)
        source = MatchRow.of_audiences(self.caller).filter(share_id=share.row_id)
        source = source.exclude(state=MatchState.ENDED) if state is None else source.filter(state__in=state)
        found = await read_slice(source, part, audience_rows.MATCH_COLUMNS, selection)
        return await connect(found, part, selection, selection, _matches)

    async def audience_runs(self, info: ReadInfo, share: AudienceShare, page: Page) -> Connection[AudienceRun]:
        """The runs of an audience share, the latest first."""
        selection = Selection.below(info)
        part = self.window(page, RUNS, share.row_id)
        source = RunRow.of_audiences(self.caller).filter(share_id=share.row_id)
        found = await read_slice(source, part, audience_rows.RUN_COLUMNS, selection)
        return await connect(found, part, selection, selection, _runs)


async def _matches(rows: Sequence[Row], selection: Selection) -> list[AudienceMatch]:
    return [audience_rows.audience_match(row) for row in rows]


async def _runs(rows: Sequence[Row], selection: Selection) -> list[AudienceRun]:
    return [audience_rows.audience_run(row) for row in rows]


def _target(row: Row, source_id: int, rules: AudienceRules) -> AudienceTarget:
    rule = rules.of(row["id"])
    return AudienceTarget(
        number=row["id"],
        source_id=source_id,
        segment_ids=list(rule.segments) if rule else [],
        nation=present.card(row),
        has_rules=rule is not None,
        covered_fields=[ProfileField(key) for key in rule.fields] if rule else [],
        custom_field_slugs=list(rule.customs) if rule else [],
    )


def _change(change: TargetChange, card: NationCard) -> AudienceTargetChange:
    return AudienceTargetChange(
        added_ids=list(change.added_segments),
        removed_ids=list(change.removed_segments),
        nation=card,
        is_new=change.is_new,
        is_removed=change.is_removed,
        added_fields=_fields(change.added_fields),
        removed_fields=_fields(change.removed_fields),
        added_custom_fields=_customs(change.added_fields),
        removed_custom_fields=_customs(change.removed_fields),
    )


def _fields(keys: Iterable[str]) -> list[ProfileField]:
    return [ProfileField(key) for key in keys if not key.startswith(CUSTOM_PREFIX)]


def _customs(keys: Iterable[str]) -> list[str]:
    return [key.removeprefix(CUSTOM_PREFIX) for key in keys if key.startswith(CUSTOM_PREFIX)]
