"""A share between two nations with people that can be told apart by any word, and all that either is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from tortoise.connection import get_connection

from actions.terms import load_terms
from models.match import Match
from models.profile import Profile
from resolvers.positions import cursor_at
from sharing.fields import CUSTOM_PREFIX, FIELDS
from sharing.kinds import Kind
from sharing.modes import SyncMode
from sharing.states import MatchState
from sharing.values import text
from sharing.visibility import Caller
from tests.resolvers.asking import SEAL, gid, node_id_text
from tests.resolvers.neighbours import Asker, Camp, ids_in, settle
from tests.resolvers.walking import arguments, document, places
from tests.resolvers.whole import ASKING, GRAPH, ROOTS, selected
from tests.world import Nation, SharedTag, World

PLACES = places()
BORNE = {"first_name": "Ada", "last_name": "King", "birthdate": "1980-02-03", "twitter_id": "1"}
BO = {"first_name": "Bo", "last_name": "Diaz", "birthdate": "1971-11-30", "mobile": "+14155550177"}
# What takes part in matching, and so has to be alike in both.
ALIKE = {*BORNE, "twitter_login", "voter_guid"}
NEVER_TOLD = ("id", "nation_id", "created_at", "updated_at", "times", "cleared")


def marked(mark: str, number: int) -> dict[str, Any]:
    """Return a person that can be told from all others by any field that holds words."""
    values: dict[str, Any] = {}
    for place, (key, known) in enumerate(FIELDS.items()):
        match known.kind:
            case Kind.TEXT | Kind.LONG_TEXT | Kind.IDENTIFIER:
                values[key] = f"{mark}-{key}"
            case Kind.URL:
                values[key] = f"https://{mark}.example/{key}"
            case Kind.PHONE:
                values[key] = f"+1415{number}55{place:04}"
            case Kind.ADDRESS:
                values[key] = {"address1": f"{mark}-{key}", "city": f"{mark}-{key}-city"}
            case Kind.EMAILS:
                values[key] = [f"{mark}@{mark}.example"]
    return {key: value for key, value in values.items() if key not in ALIKE and key != "custom_fields"}


@dataclass
class Scene:
    """Two nations, a share between them, and who is in it."""

    world: World
    north: Camp
    south: Camp
    ada: UUID
    hers: UUID
    share: SharedTag
    tag: UUID
    ids: set[str] = field(default_factory=set)

    async def accept(self) -> None:
        """Have the share accepted, and at rest."""
        await self.share.accept(SyncMode.ALWAYS_REVIEW)
        await self.world.work()
        await self.look()

    async def look(self) -> None:
        """Keep in mind what there is to ask for."""
        nations = [self.north.nation.id, self.south.nation.id]
        dealt = {"Match": "matches", "Conflict": "conflicts", "SyncRun": "sync_runs"}
        sorts = {"Nation": "nations", "Profile": "profiles", "Tag": "tags", "ImportRun": "import_runs", **dealt}
        sorts |= {"CustomField": "custom_fields", "TagShare": "shares", "Segment": "segments", "Group": "tags"}
        sorts |= {"Automation": "automations", "WebhookDelivery": "webhook_deliveries"}
        for sort, table in sorts.items():
            column = {"Nation": "id", "TagShare": "sender_id"}.get(sort, "share_id" if sort in dealt else "nation_id")
            wanted = [self.share.id] if sort in dealt else nations
            rows = get_connection("default").execute_query_dict
            found = await rows(f"SELECT id FROM {table} WHERE {column} = ANY($1)", [wanted])
            self.ids |= {gid(sort, row["id"]) for row in found}


async def asked_for(world: World) -> Scene:
    """Return a share that is asked for: of one whom the receiver knows, one of whom it knows two, and one whom it does not."""
    north = await settle(world, "north", await world.network())
    south = await settle(world, "south", await world.network())
    for camp in (north, south):
        await camp.nation.become(voters_enabled=True)
    ada = await north.nation.person(**BORNE, **marked("arctic", 2))
    hers = await south.nation.person(**BORNE, **marked("tropic", 3))
    bo = await north.nation.person(**BO, employer="arctic docks")
    for number in range(2):
        await south.nation.person(**BO, employer=f"tropic docks {number}")
    cy = await north.nation.person(**marked("polar", 4))
    await south.nation.person(**marked("desert", 5))
    tag = await north.nation.tag("board", [ada, bo, cy])
    for camp in (north, south):
        await camp.nation.tag(f"hush of {camp.nation.slug}")
    return Scene(world, north, south, ada, hers, await north.nation.share(tag, south.nation), tag)


async def held(nation: Nation) -> set[str]:
    """Return all words that a nation holds of its people."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT to_jsonb(p)::text AS row FROM profiles p WHERE nation_id = $1 "
        "UNION ALL SELECT jsonb_build_object('e', address)::text FROM profile_emails WHERE nation_id = $1",
        [nation.id],
    )
    found = [{key: cell for key, cell in orjson.loads(row["row"]).items() if key not in NEVER_TOLD} for row in rows]
    return {word for word in _words(found) if len(word) > 4}


def _words(value: Any) -> set[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return set().union(*map(_words, inner))
    return {value} if isinstance(value, str) else set()


async def allowed(scene: Scene, other: Nation) -> set[tuple[str, str]]:
    """Return the fields and values of the other nation that conflicts may show: the covered ones of linked profiles."""
    async with scene.world.unit(Caller()) as unit:
        terms = await load_terms(unit.pg, scene.share.id)
    row = await scene.share.row()
    if terms is None or row.status != "APPROVED":
        return set()
    linked = (MatchState.MATCHED, MatchState.SYNCED, MatchState.CONFLICTED)
    side = "sender_profile_id" if other.id == row.sender_id else "receiver_profile_id"
    ids = await Match.filter(share_id=scene.share.id, state__in=linked).values_list(side, flat=True)
    pairs = set()
    for profile in await Profile.filter(id__in=list(ids)):
        values = await other.values(profile.id)
        pairs |= {(key.upper(), text(values[key]) or "") for key in terms.fields if key in values}
    return {(name, value) for name, value in pairs if not name.startswith(CUSTOM_PREFIX.upper())}


async def walk(asker: Asker, token: str | None, camp: Camp, ids: set[str]) -> list[tuple[str, Any]]:
    """Return all that somebody is answered: at every root, and of every thing that there is or that an answer names."""
    answers: list[tuple[str, Any]] = []
    hearings: list[tuple[str, Awaitable[list[str]]]] = []
    own, asking = camp.own, {"asking": camp.own["Nation"]}
    for name in ("Query", "Subscription"):
        for key, known in GRAPH.type_map[name].fields.items():  # type: ignore[attr-defined]
            for place in [one for one in PLACES if (one.owner, one.field) == (name, key)]:
                start = cursor_at(SEAL, camp.nation.id, 0)
                values = {place.path: start} if place.names == "event cursor" else {}
                about_shares = place.names in ("event cursor", "TagShare") and name == "Subscription"
                sort = "TagShare" if about_shares else "Match" if key == "explainMatch" else ""
                subjects = [one for one in sorted(ids) if sort and node_id_text(one).startswith(f"{sort}:")]
                for subject in subjects if sort else [""]:
                    given = arguments(place, values, {**own, sort: subject, "any node": own["Nation"]})
                    asked, given = document(place, given), {**given, **asking}
                    if name == "Subscription":
                        hearings.append((f"{place}", asker.hear(asked, token, given)))
                    else:
                        answers.append((f"{place}", orjson.loads(await asker.answer(asked, token, given))))
            if not known.args:
                asked = f"{ROOTS[name]}({ASKING}) {{ {key} {selected(known.type)} }}"
                answers.append((key, orjson.loads(await asker.answer(asked, token, asking))))
    for (told, _), heard in zip(hearings, await asyncio.gather(*(hearing for _, hearing in hearings)), strict=True):
        answers += [(told, orjson.loads(one)) for one in heard]
    waiting, seen = set(ids), set()
    while waiting - seen:
        node = (waiting - seen).pop()
        seen.add(node)
        sort = node_id_text(node).partition(":")[0]
        whole = selected(GRAPH.type_map[sort], 2)
        asked = f"query({ASKING} $id: ID!) {{ node(id: $id) {{ ... on {sort} {whole} }} }}"
        answer = orjson.loads(await asker.answer(asked, token, {**asking, "id": node}))
        assert not answer["errors"] or "INTERNAL" not in str(answer["errors"]), answer["errors"]
        answers.append((node_id_text(node), answer["data"]))
        waiting |= ids_in(answer["data"])
    return answers


def teller(secrets: set[str]) -> Callable[[str], bool]:
    """Return what says whether words tell one of some secrets."""
    hidden = [secret.lower() for secret in secrets]
    return cache(lambda words: any(secret in words.lower() for secret in hidden))


def leaks(
    value: Any, tells: Callable[[str], bool], fine: set[tuple[str, str]], other: str, shown: set[str], at: str = ""
) -> list[str]:
    """Return where secrets show; what may show is kept in mind instead.

    Args:
        value: an answer, or a part of it.
        tells: whether words tell a secret.
        fine: the fields and values that conflicts may show, as ``other``.
        other: where conflicts show the other nation's value.
        shown: takes the fields of which conflicts showed it.
        at: where the part stands.
    """
    if isinstance(value, dict):
        rest = dict(value)
        if (pair := (value.get("Conflict_field"), value.get(other))) in fine:
            shown.add(str(pair[0]))
            del rest[other]
        return [found for key, item in rest.items() for found in leaks(item, tells, fine, other, shown, f"{at}.{key}")]
    if isinstance(value, list):
        return [found for item in value for found in leaks(item, tells, fine, other, shown, at)]
    return [f"{at}: {value}"] if isinstance(value, str) and tells(value) else []
