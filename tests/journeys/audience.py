"""A network whose source shares its audience, spoken to over HTTP: what each of its people asks and does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from actions.accounts import create_user
from actions.nations import create_nation, create_network
from actions.unit import unit_of_work
from server.database import open_database
from sharing.visibility import Plan, Role
from tests.journeys.stage import Client, Stage
from tests.world import Basket

PASSWORD = "a long enough password"
NUMBERS = count()
WRITE = """mutation ($input: %(input)s!) { done: %(name)s(input: $input) {
  __typename ... on %(payload)s { %(fields)s } ... on UserError { code message path }
} }"""
NETWORK = """query ($slug: String!) { nation(slug: $slug) { network {
  id audienceSharing { isEnabled enabledAt source { slug } }
} } }"""
AUDIENCE = "audience { id rulesState currentTerms }"
SHARE = """query ($slug: String!) { nation(slug: $slug) { audienceShares(first: 5) { edges { node {
  id status lastSyncAt nextSyncAt
  group { name members isLocked } sharedSegments { name isLocked archivedAt }
  audienceRuns(first: 5) { edges { node { runState trigger contactsCreated contactsSynced startedAt queuedAt } } }
} } } } }"""
PEOPLE = """query ($slug: String!, $archived: Boolean!) { nation(slug: $slug) {
  profiles(first: 50, archived: $archived) { edges { node { id firstName lastName employer occupation } } }
} }"""
PLACES = """query ($slug: String!, $archived: Boolean!) { nation(slug: $slug) {
  groups(first: 9, archived: $archived) { edges { node { name } } }
  segments(first: 9, archived: $archived) { edges { node { name } } }
  customFields(archived: $archived) { label isArchived }
} }"""


@dataclass
class Party:
    """A source and a target of a network of their own, each by its admin."""

    stage: Stage
    source: Client
    target: Client
    audience: str = ""
    segments: dict[str, str] = field(default_factory=dict)

    async def write(self, who: Client, mutation: str, payload: str, select: str, **given: Any) -> dict[str, Any]:
        """Do something; returns what it answers, which is no refusal."""
        kind = INPUTS.get(mutation, f"{mutation[0].upper()}{mutation[1:]}Input")
        document = WRITE % {"input": kind, "name": mutation, "payload": payload, "fields": select}
        answer: dict[str, Any] = (await who.ask(document, input=given))["done"]
        assert answer["__typename"] == payload, answer
        return answer

    async def enable(self) -> None:
        """Have the network share the source's audience."""
        network = (await self.network(self.source))["id"]
        await self.write(
            self.source, "enableAudienceSharing", "NetworkPayload", "network { id }",
            networkId=network, sourceSlug=self.source.slug,
        )  # fmt: skip

    async def network(self, who: Client) -> dict[str, Any]:
        """Return the network as one of its nations sees it."""
        found: dict[str, Any] = (await who.ask(NETWORK, slug=who.slug))["nation"]["network"]
        return found

    async def person(self, who: Client, **fields: Any) -> str:
        """Make somebody."""
        made = await self.write(
            who, "createProfile", "CreateProfilePayload", "profile { id }", nationId=who.nation, fields=fields
        )
        profile: str = made["profile"]["id"]
        return profile

    async def edit(self, who: Client, profile: str, **fields: Any) -> None:
        """Edit somebody."""
        await self.write(
            who, "updateProfile", "UpdateProfilePayload", "profile { id }", profileId=profile, fields=fields
        )

    async def people(self, who: Client, *, archived: bool = False) -> dict[str, dict[str, Any]]:
        """Return a nation's people by first name."""
        found = (await who.ask(PEOPLE, slug=who.slug, archived=archived))["nation"]["profiles"]["edges"]
        return {edge["node"]["firstName"]: edge["node"] for edge in found}

    async def places(self, who: Client, *, archived: bool = False) -> tuple[set[str], set[str], set[str]]:
        """Return the names of a nation's groups, segments and custom fields."""
        nation = (await who.ask(PLACES, slug=who.slug, archived=archived))["nation"]
        groups, segments = ({edge["node"]["name"] for edge in nation[kind]["edges"]} for kind in ("groups", "segments"))
        labels = {field["label"] for field in nation["customFields"] if field["isArchived"] == archived}
        return groups, segments, labels

    async def segment(self, name: str, employer: str) -> None:
        """Make a segment of the source: whoever works somewhere."""
        clause = {"field": "EMPLOYER", "operator": "EQUALS", "values": [employer]}
        made = await self.write(
            self.source, "createSegment", "SegmentPayload", "segment { id }",
            nationId=self.source.nation, name=name, criteria={"clause": clause},
        )  # fmt: skip
        self.segments[name] = made["segment"]["id"]

    def rules(self, *segments: str, fields: tuple[str, ...] = ("FIRST_NAME", "EMPLOYER")) -> dict[str, Any]:
        """Return rules that give the target some segments."""
        wanted = [self.segments[name] for name in segments or self.segments]
        target = {"nation": self.target.slug}
        return {"groupName": "Shared", "targets": [target], "segments": wanted, "fields": list(fields)}

    async def set_up(self, *segments: str) -> None:
        """Make rules up and activate them; nothing is synced yet."""
        rules = self.rules(*segments)
        made = await self.write(
            self.source, "createAudience", "AudiencePayload", AUDIENCE, nationId=self.source.nation, rules=rules
        )
        self.audience = made["audience"]["id"]
        terms = made["audience"]["currentTerms"]
        await self.write(
            self.source, "activateAudience", "AudiencePayload", AUDIENCE, audienceId=self.audience, acceptedTerms=terms
        )

    async def act(self, name: str) -> None:
        """Do something about the rules as a whole."""
        await self.write(self.source, name, "AudiencePayload", AUDIENCE, audienceId=self.audience)

    async def change(self, *segments: str) -> None:
        """Share other segments."""
        given = {"audienceId": self.audience, "rules": self.rules(*segments)}
        await self.write(self.source, "updateAudience", "AudiencePayload", AUDIENCE, **given)

    async def share(self, who: Client) -> dict[str, Any]:
        """Return the share as one side sees it."""
        ((share),) = (await who.ask(SHARE, slug=who.slug))["nation"]["audienceShares"]["edges"]
        found: dict[str, Any] = share["node"]
        return found

    async def sync(self) -> dict[str, Any]:
        """Sync now, wait for the end, and return the run."""
        before = len(_runs(await self.share(self.source)))
        await self.act("syncAudienceNow")
        return await self.synced(before + 1)

    async def synced(self, number: int) -> dict[str, Any]:
        """Wait until a number of runs have ended, and return the latest."""

        def over(data: dict[str, Any]) -> bool:
            (edge,) = data["nation"]["audienceShares"]["edges"]
            runs = _runs(edge["node"])
            return len(runs) == number and runs[0]["runState"] not in ("QUEUED", "RUNNING")

        found = await self.source.until(SHARE, over, slug=self.source.slug)
        run = _runs(found["nation"]["audienceShares"]["edges"][0]["node"])[0]
        assert run["runState"] == "SUCCEEDED"
        return run


INPUTS = {
    "pauseAudience": "AudienceActionInput",
    "resumeAudience": "AudienceActionInput",
    "syncAudienceNow": "AudienceActionInput",
    "deleteAudience": "AudienceActionInput",
    "disableAudienceSharing": "NetworkActionInput",
}


def _runs(share: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in share["audienceRuns"]["edges"]]


def moment(text: str) -> datetime:
    """Return a time that the API tells."""
    return datetime.fromisoformat(text)


async def party(stage: Stage) -> Party:
    """Found a network, of which the source is the HQ, and a target in it; their admins sign in."""
    number = next(NUMBERS)
    clients = []
    async with open_database(stage.database_url, everywhere=False), unit_of_work(Basket()) as unit:
        await create_network(unit, f"network-{number}", "Network")
        for name in ("source", "target"):
            slug = f"{name}-{number}"
            nation = await create_nation(unit, slug, slug.title(), Plan.NETWORK, network_slug=f"network-{number}")
            await create_user(unit, f"{slug}@example.org", PASSWORD, "Admin", nation, Role.ADMIN)
            clients.append(f"{slug}@example.org")
    source, target = [await stage.sign_in(email, PASSWORD) for email in clients]
    return Party(stage, source, target)
