"""Who is whom, said through the API: a candidate chosen or all turned down, a link undone, duplicates merged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from models.match import Match
from sharing.customs import CustomKind
from sharing.states import MatchState
from tests.couples import ANN, BEN, couple, shared_people, under_way
from tests.resolvers.asking import ERROR, Api, gid
from tests.world import World

MATCH = (
    "match { id state stage ambiguity receiverProfile { id } candidates { profile { id } } share { stats { synced } } }"
)
CHOOSE = f"""
mutation ($input: ChooseCandidateInput!) {{
  chooseCandidate(input: $input) {{ __typename ... on MatchPayload {{ cursor {MATCH} }} {ERROR} }}
}}
"""
REJECT = f"""
mutation ($input: MatchActionInput!) {{
  rejectCandidates(input: $input) {{ __typename ... on MatchPayload {{ cursor {MATCH} }} {ERROR} }}
}}
"""
UNLINK = f"""
mutation ($input: MatchActionInput!) {{
  unlinkMatch(input: $input) {{
    __typename ... on UnlinkMatchPayload {{ cursor {MATCH} renewed {{ id state senderProfile {{ id }} }} }} {ERROR}
  }}
}}
"""
MERGE = f"""
mutation ($input: MergeProfilesInput!) {{
  mergeProfiles(input: $input) {{
    __typename
    ... on MergeProfilesPayload {{
      cursor deletedProfileIds dropped {{ field customField value }}
      profile {{ id version firstName employer isSupporter emails {{ address }} tags {{ edges {{ node {{ name }} }} }} }}
    }}
    {ERROR}
    ... on StaleVersionError {{ current }}
  }}
}}
"""


def given(match: Match, person: UUID | None = None) -> dict[str, Any]:
    """Return what names a match, and a profile."""
    return {"matchId": gid("Match", match.id), **({"profileId": gid("Profile", person)} if person else {})}


async def test_the_receiver_chooses_a_candidate(api: Api, world: World):
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    data = await api.ask(CHOOSE, share.receiver.admin, input=given(match, two))
    answer = data["chooseCandidate"]
    assert answer.pop("cursor")
    assert answer == {
        "__typename": "MatchPayload",
        "match": {
            "id": gid("Match", match.id),
            "state": "SYNCED",
            "stage": "CHOSEN",
            "ambiguity": None,
            "receiverProfile": {"id": gid("Profile", two)},
            "candidates": [{"profile": {"id": gid("Profile", one)}}],
            "share": {"stats": {"synced": 1}},
        },
    }


async def test_the_receiver_turns_all_candidates_down(api: Api, world: World):
    share, (ann,), _ = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    data = await api.ask(REJECT, share.receiver.admin, input=given(match))
    answer = data["rejectCandidates"]
    assert (answer["cursor"] is None, answer["match"]["id"]) == (False, gid("Match", match.id))
    assert (answer["match"]["state"], answer["match"]["candidates"]) == ("NOT_FOUND", [])


@pytest.mark.parametrize("by", ["sender", "receiver"])
async def test_either_side_undoes_a_wrong_link(api: Api, world: World, by: str):
    pair = await couple(world, {}, {})
    match, nation = await pair.match(), getattr(pair, by)
    answer = (await api.ask(UNLINK, nation.admin, input=given(match)))["unlinkMatch"]
    assert answer["cursor"]
    assert (answer["match"]["id"], answer["match"]["state"]) == (gid("Match", match.id), "ENDED")
    renewed = await pair.match()
    own = {"id": gid("Profile", pair.ours)} if by == "sender" else None
    assert answer["renewed"] == {"id": gid("Match", renewed.id), "state": "NOT_FOUND", "senderProfile": own}


async def test_while_a_run_is_matching_the_match_is_renewed_after_it(api: Api, world: World):
    pair = await couple(world, {}, {})
    match = await pair.match()
    await under_way(pair.share, "SETTLING")
    answer = (await api.ask(UNLINK, pair.sender.admin, input=given(match)))["unlinkMatch"]
    assert (answer["match"]["state"], answer["renewed"]) == ("ENDED", None)
    await world.work()
    assert (await pair.match()).state is MatchState.NOT_FOUND


async def test_a_refusal_says_what_to_do(api: Api, world: World):
    share, (ann, ben), (one, _) = await shared_people(world, [ANN, BEN], [ANN, ANN])
    doubted, missing, south = await share.match_of(ann), await share.match_of(ben), share.receiver
    known = given(doubted, one)
    cases = [
        (CHOOSE, south.member, known, "ForbiddenError", None),
        (CHOOSE, share.sender.admin, known, "NotFoundError", ["profileId"]),
        (CHOOSE, south.admin, {**known, "matchId": gid("Match", ann)}, "NotFoundError", ["matchId"]),
        (CHOOSE, south.admin, {**known, "profileId": gid("Profile", ann)}, "NotFoundError", ["profileId"]),
        (CHOOSE, south.admin, {**known, "profileId": "?"}, "InvalidInputError", ["profileId"]),
        (CHOOSE, south.admin, given(missing, one), "InvalidInputError", ["matchId"]),
        (REJECT, south.member, given(doubted), "ForbiddenError", None),
        (REJECT, share.sender.admin, given(doubted), "ForbiddenError", None),
        (REJECT, south.admin, given(missing), "InvalidInputError", ["matchId"]),
        (REJECT, south.admin, {"matchId": gid("Profile", one)}, "NotFoundError", ["matchId"]),
        (UNLINK, share.sender.member, given(doubted), "ForbiddenError", None),
        (UNLINK, share.sender.admin, given(doubted), "InvalidInputError", ["matchId"]),
    ]
    for text, caller, put, kind, path in cases:
        (answer,) = (await api.ask(text, caller, input=put)).values()
        assert (answer["__typename"], answer["path"]) == (kind, path), (text, answer)
        assert answer["message"]
    assert await share.boxes() == {"ambiguous": 1, "not_found": 1}


async def test_duplicates_are_merged(api: Api, world: World):
    north = await world.nation("north")
    await north.define("shirt", CustomKind.TEXT)
    one = await north.person(first_name="Ann", emails=["a@example.org"], **{"custom:shirt": "M"})
    two = await north.person(first_name="Anna", employer="Mill", emails=["b@example.org"], is_supporter=True)
    three = await north.person(**{"custom:shirt": "L"})
    await north.tag("label", [two])
    ids = [gid("Profile", person) for person in (one, two, three)]
    data = await api.ask(
        MERGE, north.member, input={"profileId": ids[0], "duplicateIds": ids[1:], "expectedVersion": 1}
    )
    answer = data["mergeProfiles"]
    assert answer.pop("cursor")
    assert answer.pop("profile") == {
        "id": ids[0],
        "version": 3,
        "firstName": "Ann",
        "employer": "Mill",
        "isSupporter": True,
        "emails": [{"address": "a@example.org"}, {"address": "b@example.org"}],
        "tags": {"edges": [{"node": {"name": "label"}}]},
    }
    assert answer == {
        "__typename": "MergeProfilesPayload",
        "deletedProfileIds": ids[1:],
        "dropped": [
            {"field": "FIRST_NAME", "customField": None, "value": "Anna"},
            {"field": "CUSTOM_FIELDS", "customField": "shirt", "value": "L"},
        ],
    }
    assert [person.id for person in await north.people()] == [one]


async def test_a_refused_merge_names_what_is_at_fault(api: Api, world: World):
    north, south = await world.nations("north", "south")
    one, two, theirs = await north.person(**ANN), await north.person(**ANN), await south.person(**ANN)
    mine, other = gid("Profile", one), gid("Profile", two)
    cases = [
        ({"profileId": mine, "duplicateIds": []}, "InvalidInputError", ["duplicateIds"]),
        ({"profileId": mine, "duplicateIds": [mine]}, "InvalidInputError", ["duplicateIds", "0"]),
        ({"profileId": mine, "duplicateIds": [gid("Profile", theirs)]}, "InvalidInputError", ["duplicateIds", "0"]),
        ({"profileId": mine, "duplicateIds": [other, "?"]}, "InvalidInputError", ["duplicateIds", "1"]),
        ({"profileId": gid("Profile", theirs), "duplicateIds": [other]}, "NotFoundError", ["profileId"]),
        ({"profileId": mine, "duplicateIds": [other], "expectedVersion": 7}, "StaleVersionError", ["expectedVersion"]),
    ]
    for put, kind, path in cases:
        answer = (await api.ask(MERGE, north.member, input=put))["mergeProfiles"]
        assert (answer["__typename"], answer["path"]) == (kind, path), answer
    assert answer["current"] == 1
    assert len(await north.people()) == 2
