"""Explanations through the API: of links, doubts and people who were not found, and what neither side is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.visibility import Caller, Role
from tests.couples import ANN, BEN, CLEO, shared_people
from tests.resolvers.asking import Api, gid
from tests.shared_tag import SharedTag
from tests.tables import holdings, position
from tests.world import World

ASK = """
query ($match: ID!, $profile: ID) {
  explainMatch(match: $match, receiverProfile: $profile) {
    ruling sentence match { id state } rival { id senderProfile { id } }
    steps { step finding }
    account {
      probability against priorBits receiverProfile { id } features { feature finding bits reason }
      keys { kind isCrowded } evidence { field agrees score }
    }
  }
}
"""


async def told(api: Api, share: SharedTag, caller: Caller, ours: UUID, theirs: UUID | None = None) -> Any:
    match = gid("Match", (await share.match_of(ours)).id)
    given = {"match": match, "profile": gid("Profile", theirs) if theirs else None}
    found = (await api.ask(ASK, caller, **given))["explainMatch"]
    assert found is None or found["match"]["id"] == match
    return found


def both(share: SharedTag) -> Caller:
    return Caller(token_id=uuid4(), roles={share.sender.id: Role.MEMBER, share.receiver.id: Role.MEMBER})


async def test_a_link_is_explained_to_both_nations_alike_each_seeing_its_own_profile(api: Api, world: World):
    share, (ours,), (theirs,) = await shared_people(world, [ANN], [{**ANN, "first_name": "Anne"}])
    sent = await told(api, share, share.sender.member, ours)
    received = await told(api, share, share.receiver.member, ours)
    assert (sent["ruling"], sent["rival"]) == ("LINKED", None)
    assert [one["finding"] for one in sent["steps"]] == ["BLANK", "LEFT_OUT", "HIT"]
    assert sent["account"].pop("receiverProfile") is None
    assert received["account"].pop("receiverProfile") == {"id": gid("Profile", theirs)}
    assert sent == received
    account = sent["account"]
    assert account["probability"] > 0.99
    assert {one["feature"] for one in account["features"]} == {"FIRST", "LAST", "BIRTHDAY", "PHONE"}
    assert sum(one["bits"] for one in account["features"]) + account["priorBits"] > 6
    assert "PHONE" in {key["kind"] for key in account["keys"]}
    assert not any(key["isCrowded"] for key in account["keys"])
    assert {"field": "BIRTHDATE", "agrees": True, "score": 1.0} in account["evidence"]


async def test_a_doubt_is_explained_by_its_likeliest_candidate_and_to_the_receiver_by_each(api: Api, world: World):
    share, (ours,), theirs = await shared_people(world, [ANN], [ANN, ANN])
    for caller in (share.sender.member, share.receiver.member):
        found = await told(api, share, caller, ours)
        assert (found["ruling"], found["match"]["state"]) == ("SEVERAL_FIT", "AMBIGUOUS")
        assert found["account"]["probability"] > 0.9
    for profile in theirs:
        found = await told(api, share, share.receiver.member, ours, profile)
        assert (found["ruling"], found["account"]["receiverProfile"]) == (
            "SEVERAL_FIT",
            {"id": gid("Profile", profile)},
        )
    assert await told(api, share, share.sender.member, ours, theirs[0]) is None


async def test_what_an_id_forbids_and_what_a_person_said_are_given_as_the_reason(api: Api, world: World):
    ours = [{**ANN, "external_id": "7"}, BEN]
    share, (ann, ben), (_, his) = await shared_people(world, ours, [{**ANN, "external_id": "8"}, BEN], Group.UNIQUE_IDS)
    found = await told(api, share, share.sender.member, ann)
    assert (found["ruling"], found["match"]["state"]) == ("ID_CONFLICT", "AMBIGUOUS")
    assert [one["finding"] for one in found["steps"]] == ["NO_HIT", "LEFT_OUT", "HIT"]
    assert {"field": "EXTERNAL_ID", "agrees": False, "score": 0.0} in found["account"]["evidence"]
    await share.unlink(ben)
    await world.work()
    assert (await told(api, share, both(share), ben, his))["ruling"] == "TOLD_APART"
    assert (await told(api, share, both(share), ann, his))["ruling"] == "NO_KEY"


async def test_whoever_lost_is_told_to_whom_as_far_as_each_side_sees_it(api: Api, world: World):
    """Here to one by an id, which is surer than likeness."""
    ours = [{**ANN, "external_id": "7"}, {**ANN, "bio": "Paints."}]
    share, (winner, loser), (theirs,) = await shared_people(
        world, ours, [{**ANN, "external_id": "7"}], Group.UNIQUE_IDS
    )
    rival = gid("Match", (await share.match_of(winner)).id)
    found = await told(api, share, share.sender.member, loser)
    assert found["ruling"] == "LOST_TO_ANOTHER"
    assert found["rival"] == {"id": rival, "senderProfile": {"id": gid("Profile", winner)}}
    assert (await told(api, share, share.sender.member, winner))["ruling"] == "LINKED"
    found = await told(api, share, share.receiver.member, loser)
    assert (found["ruling"], found["rival"]) == ("LOST_TO_ANOTHER", {"id": rival, "senderProfile": None})
    assert found["account"]["receiverProfile"] == {"id": gid("Profile", theirs)}


async def test_of_two_equals_each_is_told_that_it_lost_to_the_other(api: Api, world: World):
    share, ours, _ = await shared_people(world, [CLEO, CLEO], [CLEO])
    for one, other in (ours, reversed(ours)):
        found = await told(api, share, share.sender.member, one)
        assert (found["ruling"], found["match"]["state"]) == ("LOST_TO_ANOTHER", "AMBIGUOUS")
        assert found["rival"]["senderProfile"] == {"id": gid("Profile", other)}


async def test_a_shared_landline_is_told_as_the_only_thing_in_common_that_too_many_have(api: Api, world: World):
    """Who was not found for it is told so where both profiles are one's own to see."""
    desk = {"phone": "+14155550999"}
    crowd = [{"first_name": f"Clerk{number}", "last_name": f"Desk{number}", **desk} for number in range(51)]
    share, (ours,), theirs = await shared_people(world, [{"first_name": "Olga", "last_name": "Quist", **desk}], crowd)
    found = await told(api, share, both(share), ours, theirs[0])
    assert found["ruling"] == "ONLY_CROWDED_KEYS"
    assert found["account"]["keys"] == [{"kind": "PHONE", "isCrowded": True}]


async def test_of_whom_was_not_found_each_side_is_told_what_it_holds_itself_and_nothing_of_the_other(
    api: Api, world: World
):
    """Nobody finds out about another nation's people by trying its own against them."""
    share, (ours,), (theirs,) = await shared_people(world, [{**ANN, "external_id": "7"}], [CLEO], Group.UNIQUE_IDS)
    found = await told(api, share, share.sender.member, ours)
    assert (found["ruling"], found["account"]) == ("NOBODY", None)
    assert [one["finding"] for one in found["steps"]] == ["NO_HIT", "LEFT_OUT", "NO_HIT"]
    found = await told(api, share, share.receiver.member, ours)
    assert (found["ruling"], found["account"], found["steps"]) == ("NOBODY", None, [])
    known = ({"birthdate": ANN["birthdate"]}, {"phone": ANN["phone"]}, {"first_name": "Ann"}, {"bio": "A"})
    guesses = [theirs, *[await share.receiver.person(**{"last_name": "Lindqvist", **fields}) for fields in known]]
    answers = [await told(api, share, share.receiver.member, ours, guess) for guess in guesses]
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0]["ruling"], answers[0]["account"], answers[0]["steps"]) == ("WITHHELD", None, [])
    seen = await told(api, share, both(share), ours, theirs)
    assert (seen["ruling"], seen["account"]["probability"] < 0.1) == ("NO_KEY", True)


async def test_who_would_be_linked_as_things_stand_now_is_told_so(api: Api, world: World):
    share, (ours,), _ = await shared_people(world, [ANN], [CLEO])
    late = await share.receiver.person(**ANN)
    assert (await told(api, share, both(share), ours, late))["ruling"] == "WOULD_LINK"
    assert (await told(api, share, share.receiver.member, ours, late))["ruling"] == "WITHHELD"
    await world.work()
    assert (await told(api, share, share.receiver.member, ours))["ruling"] == "LINKED"


async def test_a_match_that_is_over_and_a_share_that_is_stopped_explain_nothing_more(api: Api, world: World):
    share, (ours,), _ = await shared_people(world, [ANN], [ANN])
    match = gid("Match", (await share.match_of(ours)).id)
    await share.stop(share.sender)
    found = (await api.ask(ASK, share.sender.member, match=match))["explainMatch"]
    assert (found["ruling"], found["account"], found["steps"]) == ("ENDED", None, [])
    assert (await api.ask(ASK, share.receiver.member, match=match))["explainMatch"] is None


async def test_what_is_not_ones_own_answers_as_what_is_not_there(api: Api, world: World):
    share, (ours,), (theirs,) = await shared_people(world, [ANN], [ANN], mode=SyncMode.ALWAYS_REVIEW)
    stranger = await world.nation("stranger")
    own = await stranger.person(**ANN)
    match = gid("Match", (await share.match_of(ours)).id)
    for caller, asked in (
        (stranger.admin, {"match": match}),
        (Caller(), {"match": match}),
        (share.receiver.admin, {"match": gid("Match", uuid4())}),
        (share.receiver.admin, {"match": gid("Tag", theirs)}),
        (share.receiver.admin, {"match": match, "profile": gid("Profile", uuid4())}),
        (share.receiver.admin, {"match": match, "profile": gid("Profile", own)}),
        (share.receiver.admin, {"match": match, "profile": gid("Profile", ours)}),
        (share.sender.admin, {"match": match, "profile": gid("Profile", theirs)}),
        (share.sender.admin, {"match": match, "profile": gid("Profile", ours)}),
    ):
        assert await api.ask(ASK, caller, **asked) == {"explainMatch": None}
    (refused,) = await api.refused(ASK, share.sender.admin, match="nonsense")
    assert refused[0] == "BAD_USER_INPUT"


async def test_explaining_changes_nothing(api: Api, world: World):
    share, (ours,), _ = await shared_people(world, [ANN], [ANN])
    nations = [share.sender.id, share.receiver.id]
    before = await holdings(nations), [await position(nation_id) for nation_id in nations]
    await told(api, share, share.sender.member, ours)
    assert (await holdings(nations), [await position(nation_id) for nation_id in nations]) == before
    assert not world.post.jobs
