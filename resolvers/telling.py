"""What happened, as the API tells it: each event beside the thing as it is now, as far as the viewer may see it now."""

import asyncio
from asyncio import gather
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from resolvers import present
from resolvers.automation_rows import named_field
from resolvers.batches import Found, Key
from resolvers.context import Context
from resolvers.ids import encode
from resolvers.loaders import Loaders
from resolvers.log import Happening
from resolvers.nodes import read_node
from resolvers.positions import cursor_at
from resolvers.selection import Selection
from schema.live import (
    AutomationFired,
    Change,
    ChangeEvent,
    NodeChanged,
    NodeDeleted,
    RunProgressed,
    ShareStatusChanged,
    StatsChanged,
)
from schema.nodes import Node
from sharing.events import EventKind, Noun
from sharing.lifecycle import ShareStatus

# The field under which a change shows the thing itself.
_SHOWN = {
    EventKind.CHANGED: "node",
    EventKind.STATUS: "share",
    EventKind.STATS: "share",
    EventKind.PROGRESS: "run",
    EventKind.FIRED: "profile",
}


class SharedLoaders(Loaders):
    """What is read for several operations at once, whose callers have the same rights."""

    def load(
        self, name: object, key: Key, read: Callable[[list[Key]], Awaitable[Mapping[Key, Found]]]
    ) -> Awaitable[Found | None]:
        """One thing by its key. Whoever goes away does not take it from the others."""
        return asyncio.shield(super().load(name, key, read))


async def tell(
    context: Context, nation_id: int, happenings: Sequence[Happening], selection: Selection
) -> list[ChangeEvent]:
    """Some events of a nation's log, told.

    The things are read in one query a kind, into the context, where whoever selects them finds them.

    Args:
        context: on whose behalf it is told; what it has read is of this moment.
        nation_id: whose log it is.
        happenings: the events.
        selection: what is selected below each event.
    """
    shown = await gather(*(_shown(context, happening, selection.under("change")) for happening in happenings))
    return [
        ChangeEvent(
            cursor=cursor_at(context.seal, nation_id, happening.position),
            at=happening.at,
            topic=happening.topic,
            change=_change(happening, node is not None),
        )
        for happening, node in zip(happenings, shown, strict=True)
    ]


def _shown(context: Context, happening: Happening, selection: Selection) -> Awaitable[Node | None]:
    if happening.kind is EventKind.DELETED:
        return _nothing()
    below = selection.under(_SHOWN[happening.kind])
    return read_node(context.loaders, happening.noun, happening.subject, below)


async def _nothing() -> None:
    return None


def _change(happening: Happening, is_visible: bool) -> Change:
    noun, subject = happening.noun, happening.subject
    told_id = encode(noun, subject)
    if not is_visible:
        return NodeDeleted(deleted_id=told_id)
    detail: dict[str, Any] = happening.detail or {}
    match happening.kind:
        case EventKind.STATUS:
            before = detail.get("from")
            return ShareStatusChanged(
                subject=subject,
                share_id=told_id,
                from_=ShareStatus(before) if before else None,
                to=ShareStatus(detail["to"]),
            )
        case EventKind.STATS:
            return StatsChanged(subject=subject, share_id=told_id, stats=present.stats(detail))
        case EventKind.FIRED:
            field, custom_field = named_field(detail["field"])
            fired = encode(Noun.AUTOMATION, detail["automation"])
            return AutomationFired(
                subject=subject, automation_id=fired, profile_id=told_id, field=field, custom_field=custom_field
            )
        case EventKind.PROGRESS:
            return RunProgressed(noun=noun, subject=subject, run_id=told_id)
    return NodeChanged(noun=noun, subject=subject)
