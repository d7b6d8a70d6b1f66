"""What runs by the clock: work whose hint was lost is asked for again, and every share syncs when it is due."""

from datetime import timedelta

from actions.deliveries import KEEP_DELIVERIES
from actions.firing import DELIVER, EVERYBODY
from actions.importing import abandon_upload
from actions.post import Job, Post
from actions.purging import PURGES
from actions.runs import begin_run
from actions.unit import unit_of_work
from models.queries import query
from models.share import Share
from sharing.lifecycle import ShareStatus
from sharing.states import RunTrigger
from sharing.visibility import ShareKind

# Work younger than this has most likely a job on its way.
PATIENCE = timedelta(seconds=5)
SHARES_AT_ONCE = 100
KEEP_RIGHTS_CHANGES = timedelta(days=1)
KEEP_KEYS = timedelta(days=1)
KEEP_EVENTS = timedelta(days=7)
UPLOAD_PATIENCE = timedelta(hours=1)
UPLOAD_LOST = "The upload broke off before its end: nothing of it was taken in. Send the file again."


async def sweep(post: Post) -> None:
    """Ask again for all work that waits: changes, sync runs, imports and webhooks whose job was lost or killed."""
    async with unit_of_work(post) as unit:
        shares = await unit.pg.fetch(query("shares_with_changes"), PATIENCE)
        runs = await unit.pg.fetch(query("unfinished_runs"))
        ended = await unit.pg.fetch(query("ended_audiences"))
        imports = await unit.pg.fetch(query("unfinished_imports"))
        webhooks_due = await unit.pg.fetchval(query("webhooks_due"))
    jobs = [Job("advance_share", str(row["share_id"])) for row in shares]
    jobs += [Job("run_sync", str(row["id"])) for row in runs]
    jobs += [Job("end_audience", str(row["id"])) for row in ended]
    jobs += [Job("run_import", str(row["id"])) for row in imports]
    jobs += [Job(DELIVER, str(EVERYBODY))] if webhooks_due else []
    await post.send(jobs, ())


async def rematch(post: Post) -> None:
    """Begin the run of every share that is due: of a tag daily, and who was not found or ambiguous is tried again."""
    async with unit_of_work(post) as unit:
        due = await unit.pg.fetch(query("shares_due"), SHARES_AT_ONCE)
        ids = [row["id"] for row in due]
        # Asked again once a share is held: one that was paused meanwhile is due no more.
        live = Share.filter(id__in=ids, status=ShareStatus.APPROVED, next_sync_at__lt=await unit.now()).order_by("id")
        for share in await live.select_for_update(no_key=True):
            await begin_run(unit, share, RunTrigger.DAILY if share.kind is ShareKind.TAG else RunTrigger.SCHEDULED)


async def prune(post: Post) -> None:
    """Forget what is kept for a time: events (whoever asks for them is told to start over), keys, archives, uploads."""
    async with unit_of_work(post) as unit:
        now = await unit.now()
        await unit.pg.execute(query("prune_events"), now - KEEP_EVENTS)
        await unit.pg.execute(query("prune_rights_changes"), now - KEEP_RIGHTS_CHANGES)
        await unit.pg.execute(query("prune_keys"), now - KEEP_KEYS)
        await unit.pg.execute(query("prune_deliveries"), now - KEEP_DELIVERIES)
        for row in await unit.pg.fetch(query("stale_uploads"), UPLOAD_PATIENCE):
            await abandon_upload(unit, row["id"], UPLOAD_LOST)
    for purge in PURGES:
        more = True
        while more:
            async with unit_of_work(post) as unit:
                more = await purge(unit)
