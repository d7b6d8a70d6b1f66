"""Live: subscriptions to a nation's log, to a share and to its figures, and the query that pulls the same."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from models.share import Share as ShareRow
from resolvers import present
from resolvers.context import Context, Info
from resolvers.ids import number_of, uuid_of
from resolvers.listeners import Place
from resolvers.log import Happening, Log, Page, read_page
from resolvers.positions import cursor_at, position_of
from resolvers.selection import Selection
from resolvers.telling import SharedLoaders, tell
from schema.enums import ResetReason
from schema.live import ChangeBatch, ChangeEvent, StreamReset
from schema.scalars import EventCursor
from schema.shares import ShareStats
from sharing.errors import InvalidInput, NotFound, Unauthenticated
from sharing.events import Topic

BATCH = 100  # events told at once, their things read together
FRESH_SECONDS = 1.0  # what was read for a batch is told no later than this, and read again then
STATS_SECONDS = 0.1
MOST = 1_000
MOST_BEHIND = 10_000  # events; who has fallen back further is not told them any more
BEYOND = 2**63 - 1  # no log comes so far: a page from there holds no rows
USUAL = 100

EXPIRED = "The token has expired: sign in again."

Nation: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The nation whose log it is, by its id.")]
ShareId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The share, by its id.")]
After: TypeAlias = Annotated[
    EventCursor | None,
    strawberry.argument(description="The cursor of the last event seen: what happened since follows. Null is now."),
]
Topics: TypeAlias = Annotated[
    list[Topic] | None, strawberry.argument(description="What to hear about; null for everything.")
]
First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many events to give at most, up to 1000; 100 if null.")
]

Wanted: TypeAlias = Callable[[Happening], bool]


@strawberry.type
class LiveQueries:
    """Where an operation may begin."""

    @strawberry.field(
        description="The next events of a nation's log: what the subscription tells, for whoever would rather ask."
    )
    async def changes(self, info: Info, nation: Nation, after: After = None, first: First = None) -> ChangeBatch:
        """The next events of a nation's log."""
        context = info.context
        number = await _own_nation(context, nation)
        wanted = USUAL if first is None else first
        if not 1 <= wanted <= MOST:
            raise InvalidInput(f"“first” must be from 1 to {MOST:,}.", "first")
        position = None if after is None else position_of(context.seal, number, after, "after")
        page = await read_page(number, BEYOND if position is None else position)
        if position is None:
            return ChangeBatch(events=[], cursor=cursor_at(context.seal, number, page.head), has_more=False)
        if not page.continues(position):
            reason = ResetReason.RETENTION if position < page.pruned else ResetReason.EPOCH
            reset = _reset(context, number, reason, page, Topic.SHARES)
            return ChangeBatch(events=[reset], cursor=reset.cursor, has_more=False)
        found = list(islice(page.happenings(position), wanted))
        end = found[-1].position if found else position
        told = await tell(context, number, found, Selection.below(info).under("events"))
        return ChangeBatch(events=told, cursor=cursor_at(context.seal, number, end), has_more=end < page.head)


@strawberry.type(description="What a client can be told as it happens.")
class Subscription:
    """What a client can be told as it happens."""

    @strawberry.subscription(
        description="Everything that happens in a nation, in order and without gaps. Each event has a cursor; whoever "
        "comes back gives the last one as `after` and has missed nothing."
    )
    async def changes(
        self, info: Info, nation: Nation, after: After = None, topics: Topics = None
    ) -> AsyncGenerator[ChangeEvent, None]:
        """Everything that happens in a nation."""
        number = await _own_nation(info.context, nation)
        after = info.context.resumed(after)
        position = None if after is None else position_of(info.context.seal, number, after, "after")
        place = await _begin(info.context, number, position)
        chosen = frozenset(Topic if topics is None else topics)
        return _follow(info, place, lambda happening: happening.topic in chosen, topics or [Topic.SHARES])

    @strawberry.subscription(
        description="Everything that happens to one share, its matches, conflicts and runs, as `changes` tells it."
    )
    async def share(self, info: Info, id: ShareId, after: After = None) -> AsyncGenerator[ChangeEvent, None]:
        """Everything that happens to one share."""
        share_id = uuid_of("TagShare", id, "id")
        place = await _begin(info.context, *await _where(info.context, share_id, info.context.resumed(after)))
        return _follow(info, place, lambda happening: happening.share_id == share_id, [Topic.SHARES])

    @strawberry.subscription(
        description="The figures of a share: now, and whenever they have changed, at most ten times a second."
    )
    async def share_stats(self, info: Info, id: ShareId) -> AsyncGenerator[ShareStats, None]:
        """The figures of a share."""
        share_id = uuid_of("TagShare", id, "id")
        number, _ = await _where(info.context, share_id, None)
        info.context.place = Place(number)
        return _figures(info.context, info.context.place, share_id)


async def _own_nation(context: Context, nation: str) -> int:
    number = number_of("Nation", nation, "nation")
    if number not in context.caller.nations:
        raise NotFound("There is no such nation.", "nation")
    return number


async def _where(context: Context, share_id: UUID, after: EventCursor | None) -> tuple[int, int | None]:
    """In which log a share is followed, and from where: the sender's where the caller belongs to both."""
    rows = await ShareRow.of(context.caller).filter(id=share_id).values("sender_id", "receiver_id")
    if not rows:
        raise NotFound("There is no such share.", "id")
    sides = [number for number in rows[0].values() if number in context.caller.nations]
    if context.place is not None and context.place.nation_id in sides:
        return context.place.nation_id, None
    if after is None:
        return sides[0], None
    for number in sides[:-1]:
        try:
            return number, position_of(context.seal, number, after, "after")
        except InvalidInput:
            continue
    return sides[-1], position_of(context.seal, sides[-1], after, "after")


async def _begin(context: Context, nation_id: int, position: int | None) -> Place:
    """Where a subscription begins: at a position, or at the end of the log; or goes on, where it was broken off."""
    place = context.place
    if place is None:
        if position is None:
            position = (await read_page(nation_id, BEYOND)).head
        place = context.place = Place(nation_id, position, head=position)
    elif place.nation_id != nation_id:
        raise NotFound("There is no such nation.", "nation")
    return place


async def _follow(
    info: Info, place: Place, wanted: Wanted, topics: Sequence[Topic]
) -> AsyncGenerator[ChangeEvent, None]:
    """Tell the events of a log past a position, those that are wanted, for as long as the viewer may hear them."""
    context, log, nation_id = info.context, info.context.log, place.nation_id
    selection = Selection.below(info)
    with log.bells.watching(nation_id):
        while context.listeners.goes_on(place):
            rung, position = log.bells.rung(nation_id), place.position or 0
            page = await log.page(nation_id, position)
            place.head = page.head
            if (reason := _broken(place, position, page)) is None:
                happenings = filter(wanted, page.happenings(position))
                while batch := deque(islice(happenings, BATCH)):
                    async for event in _told(context, place, batch, selection):
                        yield event
                place.position = page.end
            else:
                await _renew(context, nation_id)
                place.telling, place.resets = page.head, True
                yield _reset(context, nation_id, reason, page, topics[0])
                place.position, place.resets = page.head, False
            if not page.is_full:
                place.is_live = True
                place.lagging &= rung != log.bells.rung(nation_id)  # the page may be of long ago
                if not context.listeners.goes_on(place):
                    return
                await _until_rung(context, log, nation_id, rung)


def _broken(place: Place, position: int, page: Page) -> ResetReason | None:
    """Why a log cannot be told on from a position, if it cannot."""
    if position < page.pruned:
        return ResetReason.RETENTION
    if position > page.head:
        return ResetReason.EPOCH
    return ResetReason.LAGGED if place.lagging and page.head - position > MOST_BEHIND else None


async def _told(
    context: Context, place: Place, waiting: deque[Happening], selection: Selection
) -> AsyncGenerator[ChangeEvent, None]:
    """Tell a batch of events, each on the rights and the things of the moment at which it is told."""
    while waiting:
        await _renew(context, place.nation_id)
        await _join(context, place.nation_id, waiting[0].position)
        told = await tell(context, place.nation_id, list(waiting), selection)
        read = time.monotonic()
        for event in told:
            if time.monotonic() - read > FRESH_SECONDS:
                break
            place.telling = waiting.popleft().position
            yield event
            place.position = place.telling


async def _renew(context: Context, nation_id: int) -> None:
    """Go on with the rights that the viewer has now.

    Raises:
        Unauthenticated: it has none any more.
        NotFound: it does not belong to the nation any more.
    """
    context.become(await context.listeners.renewed(context.caller))
    if nation_id not in context.caller.nations:
        raise NotFound("There is no such nation.", "nation")


async def _join(context: Context, nation_id: int, position: int) -> None:
    """Read together with all who stand at one place of a log at one moment, and have the same rights."""
    caller, rung = context.caller, context.log.bells.rung(nation_id)

    async def gather_round() -> SharedLoaders:
        return SharedLoaders(caller, context.seal)

    loaders = await context.log.once(("things", nation_id, position, rung, caller.rights), gather_round)
    context.become(caller, loaders)


async def _until_rung(context: Context, log: Log, nation_id: int, rung: int) -> None:
    """Wait until the log may have grown.

    Raises:
        Unauthenticated: the viewer's token expired meanwhile.
    """
    expires_at = context.caller.expires_at
    left = None if expires_at is None else max(0.0, (expires_at - datetime.now(UTC)).total_seconds())
    try:
        await asyncio.wait_for(log.bells.rings(nation_id, rung), left)
    except TimeoutError:
        raise Unauthenticated(EXPIRED) from None


def _reset(context: Context, nation_id: int, reason: ResetReason, page: Page, topic: Topic) -> ChangeEvent:
    cursor = cursor_at(context.seal, nation_id, page.head)
    return ChangeEvent(
        cursor=cursor, at=page.read_at, topic=topic, change=StreamReset(reason=reason, resume_from=cursor)
    )


async def _figures(context: Context, place: Place, share_id: UUID) -> AsyncGenerator[ShareStats, None]:
    """Tell the figures of a share, and whenever they differ from those told last."""
    log, nation_id = context.log, place.nation_id
    last: ShareStats | None = None
    with log.bells.watching(nation_id):
        while context.listeners.goes_on(place):
            rung = log.bells.rung(nation_id)
            await _renew(context, nation_id)
            key = ("stats", share_id, context.caller.rights, rung)
            stats = await log.once(key, lambda: _read_stats(context, share_id))
            if stats is None:
                raise NotFound("There is no such share.", "id")
            if stats != last:
                last = stats
                yield stats
                await asyncio.sleep(STATS_SECONDS)
            await _until_rung(context, log, nation_id, rung)


async def _read_stats(context: Context, share_id: UUID) -> ShareStats | None:
    boxes = {box: f"stats__{box}" for box in present.BOXES}
    rows = await ShareRow.of(context.caller).filter(id=share_id).values(**boxes)
    return present.stats(rows[0]) if rows else None
