"""Rows as the types of the API. The hot path: a row becomes the attributes of an instance, nothing is copied."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from resolvers.bounds import held_by, limits
from resolvers.ids import encode
from schema.audiences import AudienceSharing
from schema.cards import NationCard
from schema.conflicts import Conflict
from schema.custom_fields import CustomField
from schema.enums import OptionalGroup, ProfileField
from schema.matches import EmailNote, Evidence, Match
from schema.nations import Nation
from schema.networks import Network
from schema.profiles import Address, CustomValue, Profile, ProfileEmail
from schema.runs import ImportRun, Progress, SyncRun
from schema.shares import ShareStats, TagShare
from schema.tags import Tag
from sharing.coverage import Pairing, Settings, covered, overwrites_districts
from sharing.fields import ADDRESSES, CUSTOM_PREFIX
from sharing.kinds import Group
from sharing.mailboxes import EmailHindrance
from sharing.modes import SyncMode
from sharing.records import Value
from sharing.values import text
from sharing.writes import Side

Row = dict[str, Any]
Type = TypeVar("Type")

BOXES = ("matched", "not_found", "ambiguous", "synced", "unreviewed_changes")
# Columns of a share, of what it joins, and the names under which they are read.
SHARE_COLUMNS = {
    name: name
    for name in (
        "id", "status", "sender_id", "receiver_id", "tag_id", "sync_profiles", "optional_groups", "optional_fields",
        "custom_fields", "offer_new_profiles", "sync_mode", "create_new_profiles", "import_as_prospects", "version",
        "requested_at", "decided_at", "stopped_at", "stopped_by_id", "last_sync_at", "next_sync_at", "limits",
    )
} | {
    "sender_slug": "sender__slug",
    "sender_name": "sender__name",
    "receiver_slug": "receiver__slug",
    "receiver_name": "receiver__name",
    "tag_name": "tag__name",
    **{box: f"stats__{box}" for box in BOXES},
}  # fmt: skip
MATCH_COLUMNS = (
    "id", "share_id", "sender_profile_id", "receiver_profile_id", "state", "stage", "score", "ambiguity", "evidence",
    "candidates", "out_of_step", "notes", "created_at", "tried_at", "first_synced_at", "ended_at",
)  # fmt: skip
CONFLICT_COLUMNS = (
    "id", "match_id", "share_id", "field", "state", "sender_value", "receiver_value", "sender_changed_at",
    "receiver_changed_at", "opened_at", "closed_at",
)  # fmt: skip
SYNC_RUN_COLUMNS = (
    "id", "share_id", "trigger", "state", "phase", "done", "total", "held_by", "error", "queued_at", "started_at",
    "finished_at",
)  # fmt: skip
IMPORT_RUN_COLUMNS = (
    "id", "nation_id", "state", "phase", "done", "total", "created", "updated", "rejected", "error", "queued_at",
    "started_at", "finished_at",
)  # fmt: skip
NATION_COLUMNS = ("id", "slug", "name", "plan", "voters_enabled", "auto_districting", "country", "network_id")
CARD_COLUMNS = ("slug", "name")
NETWORK_COLUMNS = (
    "id", "slug", "name", "hq_id", "shares_custom_fields", "audience_source_id", "audience_enabled_at",
)  # fmt: skip
CUSTOM_FIELD_COLUMNS = ("id", "nation_id", "slug", "label", "kind", "options", "archived_at", "locked_by_id")
SEGMENT_COLUMNS = (
    "id", "nation_id", "name", "criteria", "version", "created_at", "updated_at", "archived_at", "locked_by_id",
)  # fmt: skip
TAG_COLUMNS = ("id", "name", "share_id", "taggings", "created_at")


def filled(kind: type[Type], row: Row) -> Type:
    """An instance whose attributes are the row's columns; the row is taken over, not copied."""
    made = object.__new__(kind)
    made.__dict__ = row
    return made


def nation(row: Row) -> Nation:
    """A nation, from its columns and its ``cursor``."""
    row["number"] = row["id"]
    row["id"] = encode("Nation", row["id"])
    return filled(Nation, row)


def card(row: Row) -> NationCard:
    """What others may see of a nation."""
    return NationCard(slug=row["slug"], name=row["name"])


def network(row: Row, hq: Row | None, source: Row | None) -> Network:
    """A network, from its columns and those of the cards of its HQ and of the source of its audience."""
    row["number"] = row["id"]
    row["id"] = encode("Network", row["id"])
    row["hq"] = card(hq) if hq else None
    row["audience_sharing"] = AudienceSharing(
        is_enabled=source is not None, source=card(source) if source else None, enabled_at=row["audience_enabled_at"]
    )
    return filled(Network, row)


def custom_field(row: Row, *, shared: bool) -> CustomField:
    """A custom field.

    Args:
        row: the columns.
        shared: whether the nation is in a network whose HQ shares its custom field settings.
    """
    row["row_id"] = row["id"]
    row["id"] = encode("CustomField", row["id"])
    row["lock"] = row["locked_by_id"]
    row["is_archived"] = row["archived_at"] is not None
    row["is_shared"] = shared and not row["is_archived"]
    return filled(CustomField, row)


def profile(row: Row, emails: Sequence[Row] | None = None, customs: Sequence[Row] | None = None) -> Profile:
    """A profile, from the columns that were read.

    Args:
        row: the columns.
        emails: its addresses, in order; None where they were not read.
        customs: the nation's custom fields by slug; None where they were not read.
    """
    row["row_id"] = row["id"]
    row["id"] = encode("Profile", row["id"])
    for key in ADDRESSES:
        if row.get(key) is not None:
            row[key] = filled(Address, row[key])
    if emails is not None:
        row["emails"] = [filled(ProfileEmail, email) for email in emails]
    if customs is not None:
        values: Mapping[str, Value] = row["custom_fields"]
        row["custom_fields"] = [
            CustomValue(
                slug=field["slug"], label=field["label"], kind=field["kind"], value=text(values.get(field["slug"]))
            )
            for field in customs
        ]
    return filled(Profile, row)


def tag(row: Row, received: Row | None, sent: Sequence[Row]) -> Tag:
    """A tag, from its columns and its shares.

    Args:
        row: the columns.
        received: the share by which it came here, if any.
        sent: the pending and approved shares by which its nation shares it.
    """
    shares = [received] if received else sent
    row["row_id"] = row["id"]
    row["id"] = encode("Tag", row["id"])
    row["label"] = f"{received['sender_slug']}:{row['name']}" if received else row["name"]
    row["is_shared"] = bool(shares)
    row["shared_by"] = NationCard(slug=received["sender_slug"], name=received["sender_name"]) if received else None
    row["shares_profiles"] = any(share["sync_profiles"] for share in shares)
    row["creates_profiles"] = any(share["create_new_profiles"] for share in shares)
    return filled(Tag, row)


def settings(row: Row) -> Settings:
    """What the sender of a share asks for."""
    return Settings(
        row["sync_profiles"],
        tuple(Group(group) for group in row["optional_groups"]),
        tuple(row["optional_fields"]),
        tuple(row["custom_fields"]),
        row["offer_new_profiles"],
    )


def pairing(row: Row) -> Pairing:
    """What two nations are to each other."""
    return Pairing(
        row["one_network"], row["hq_shares_customs"], row["both_voters"], tuple(row["customs"]), row["auto_districting"]
    )


def share(row: Row, between: Pairing | None = None) -> TagShare:
    """A share, from its joined columns.

    Args:
        row: the columns of ``SHARE_COLUMNS``.
        between: what the two nations are to each other; None where nothing that follows from it was asked for.
    """
    if between is not None:
        asked = settings(row)
        row["covered_fields"] = fields(covered(asked, between))
        row["overwrites_districts"] = overwrites_districts(asked, between)
    sender = NationCard(slug=row["sender_slug"], name=row["sender_name"])
    receiver = NationCard(slug=row["receiver_slug"], name=row["receiver_name"])
    sides = {row["sender_id"]: sender, row["receiver_id"]: receiver}
    row["row_id"] = row["id"]
    row["id"] = encode("TagShare", row["id"])
    row["sender"], row["receiver"] = sender, receiver
    row["stopped_by"] = sides.get(row["stopped_by_id"])
    row["tag_label"] = f"{sender.slug}:{row['tag_name']}"
    row["optional_groups"] = [OptionalGroup(group) for group in row["optional_groups"]]
    row["optional_fields"] = [ProfileField(key) for key in row["optional_fields"]]
    row["sync_mode"] = SyncMode(row["sync_mode"]) if row["sync_mode"] else None
    row["stats"] = stats(row)
    row["limits"] = limits(row["limits"])
    return filled(TagShare, row)


def stats(row: Mapping[str, Any]) -> ShareStats:
    """The figures of a share, from its boxes; a share that has none yet has all at 0."""
    boxes = {box: row.get(box) or 0 for box in BOXES}
    return ShareStats(**boxes, total=sum(boxes.values()))


def fields(keys: Collection[str]) -> list[ProfileField]:
    """Catalogue keys as enum values, each once; every custom field counts as CUSTOM_FIELDS."""
    return [ProfileField(key) for key in dict.fromkeys(_whole(key) for key in keys)]


def field_of(key: str) -> Row:
    """A catalogue key as the API names a field: its enum value, and the slug of a custom field."""
    slug = key.removeprefix(CUSTOM_PREFIX) if key.startswith(CUSTOM_PREFIX) else None
    return {"field": ProfileField(_whole(key)), "custom_field": slug}


def _whole(key: str) -> str:
    return "custom_fields" if key.startswith(CUSTOM_PREFIX) else key


def match(row: Row, *, live: bool) -> Match:
    """A match.

    Args:
        row: the columns.
        live: whether its share is approved, so that what a share carries may be told.
    """
    row["row_id"] = row["id"]
    row["id"] = encode("Match", row["id"])
    row["evidence"] = evidence(row["evidence"])
    row["found"] = row.pop("candidates")
    row["out_of_step"] = fields(row["out_of_step"])
    row["email_notes"] = [
        EmailNote(address=note["address"], side=Side(note["side"]), hindrance=EmailHindrance(note["hindrance"]))
        for note in (row["notes"] if live else ())
    ]
    return filled(Match, row)


def evidence(items: Sequence[Row]) -> list[Evidence]:
    """What spoke for and against a match."""
    return [
        Evidence(field=ProfileField(_whole(item["field"])), agrees=item["agrees"], score=item["score"])
        for item in items
    ]


def conflict(row: Row, *, sender: bool, receiver: bool) -> Conflict:
    """A conflict.

    Args:
        row: the columns.
        sender: whether the viewer may see the sender's value.
        receiver: whether the viewer may see the receiver's value.
    """
    key: str = row["field"]
    row["id"] = encode("Conflict", row["id"])
    row |= field_of(key)
    if not sender:
        row["sender_value"] = None
    if not receiver:
        row["receiver_value"] = None
    return filled(Conflict, row)


def sync_run(row: Row) -> SyncRun:
    """A sync run."""
    row["id"] = encode("SyncRun", row["id"])
    row["held_by"] = held_by(row["share_id"], row["held_by"])
    return filled(SyncRun, _run(row))


def import_run(row: Row) -> ImportRun:
    """An import."""
    row["row_id"] = row["id"]
    row["id"] = encode("ImportRun", row["id"])
    return filled(ImportRun, _run(row))


def _run(row: Row) -> Row:
    row["run_state"] = row.pop("state")
    row["progress"] = Progress(phase=row["phase"], done=row["done"], total=row["total"])
    return row
