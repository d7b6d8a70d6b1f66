"""People and matched pairs for the tests of syncing, and what carrying out a plan makes of them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from sharing.conflicts import KnownConflict
from sharing.mailboxes import EmailChange, emails_of
from sharing.modes import SyncMode
from sharing.records import Record, Value
from sharing.syncing import Pair, PairPlan, Planner
from sharing.writes import Write

NOBODY = UUID(int=0)


def person(
    values: Mapping[str, Value], at: int = 0, times: Mapping[str, int] | None = None, cleared: Collection[str] = ()
) -> Record:
    """A profile whose values all came about at one time, but for those that times names."""
    return Record(NOBODY, values, at, times or {}, frozenset(cleared))


def one_planner(key: str, mode: SyncMode, overwrite_districts: bool = False) -> Planner:
    """A planner of a single field."""
    return Planner((key,), {key: mode}, overwrite_districts)


def carried_out(pair: Pair, plan: PairPlan) -> Pair:
    """The pair as the next sync meets it."""
    conflicts = dict(pair.conflicts)
    for change in plan.conflicts:
        conflicts[change.key] = KnownConflict(change.state, change.sender_text, change.receiver_text)
    return pair._replace(
        sender=written(pair.sender, plan.sender_writes, plan.sender_emails),
        receiver=written(pair.receiver, plan.receiver_writes, plan.receiver_emails),
        first=False,
        out_of_step=plan.out_of_step,
        email_base=plan.email_base,
        conflicts=conflicts,
    )


def written(record: Record, writes: Mapping[str, Write], emails: EmailChange = EmailChange()) -> Record:  # noqa: B008
    """The profile with the writes in it."""
    values = {**record.values, **{key: write.value for key, write in writes.items()}}
    if emails:
        values["emails"] = emails.applied_to(emails_of(record)) or None
    times = {**record.times, **{key: write.time for key, write in writes.items()}}
    blanked = {key for key, write in writes.items() if write.value is None}
    return replace(record, values=values, times=times, cleared=(record.cleared - writes.keys()) | blanked)
