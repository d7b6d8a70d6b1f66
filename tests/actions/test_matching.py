"""Who is linked with whom: each stage, each doubt, and when it is tried again."""

from uuid import UUID

import pytest

from models.match import Match
from sharing.fields import UNIQUE_IDS
from sharing.kinds import Group
from sharing.states import AmbiguityReason, MatchStage, MatchState
from tests.couples import ANN, BEN, CLEO
from tests.world import Nation, SharedTag, World

IDS = (Group.UNIQUE_IDS,)
MULTIPLE, ID_CONFLICT = AmbiguityReason.MULTIPLE_CANDIDATES, AmbiguityReason.ID_CONFLICT
CONTRADICTED, LINKED_ALREADY = AmbiguityReason.CONTRADICTED, AmbiguityReason.ALREADY_LINKED
MATCHED = {"synced": 1}


async def shared(sender: Nation, receiver: Nation, *people: UUID, groups=(), **settings) -> SharedTag:
    share = await sender.share(await sender.tag(f"board {len(people)}", people), receiver, *groups, **settings)
    await share.accept()
    await sender.world.work()
    return share


async def outcome(share: SharedTag, person: UUID) -> tuple[MatchState, MatchStage | None, AmbiguityReason | None]:
    match = await share.match_of(person)
    return match.state, match.stage, match.ambiguity


async def doubt(share: SharedTag, person: UUID) -> AmbiguityReason | None:
    state, _, ambiguity = await outcome(share, person)
    assert (state is MatchState.AMBIGUOUS) == (ambiguity is not None)
    return ambiguity


async def candidates(share: SharedTag, person: UUID) -> list[UUID]:
    return [UUID(candidate["profile"]) for candidate in (await share.match_of(person)).candidates]


STAGES = [
    ({"voter_guid": "G-1"}, (), MatchStage.VOTER_GUID),
    ({"voter_guid": "G-1", "van_id": "7", "emails": ["x@example.org"]}, IDS, MatchStage.VOTER_GUID),
    ({"twitter_id": "77"}, (), MatchStage.UNIQUE_ID),
    ({"twitter_login": "@Ann"}, (), MatchStage.UNIQUE_ID),
    ({"facebook_uid": "9"}, (Group.FACEBOOK_UID,), MatchStage.UNIQUE_ID),
    ({"van_id": "7", "emails": ["x@example.org"]}, (*IDS, Group.EMAILS), MatchStage.UNIQUE_ID),
    ({"emails": ["x@example.org"]}, (Group.EMAILS,), MatchStage.EMAIL),
    ({**ANN, "emails": ["x@example.org"]}, (), MatchStage.HEURISTIC),
]


@pytest.mark.parametrize(("known", "groups", "stage"), STAGES)
async def test_the_first_step_with_a_hit_names_the_stage(world: World, known, groups, stage) -> None:
    """Unique ids together, the voter guid first; then emails, if chosen; then the heuristic."""
    family = await world.network()
    north, south = await world.nations("north", "south", voters=True, network_slug=family)
    ours, theirs = await north.person(**{"last_name": "Oduya", **known}), await south.person(**known)
    share = await shared(north, south, ours, groups=groups)
    match = await share.match_of(ours)
    assert (match.stage, match.receiver_profile_id, match.ambiguity) == (stage, theirs, None)
    assert await share.boxes() == MATCHED


async def test_any_email_of_one_meets_any_of_the_other(world: World) -> None:
    north, south = await world.nations("north", "south")
    ours = await north.person(first_name="Ann", emails=["a@example.org", "b@example.org"])
    await south.person(first_name="Ann", emails=["c@example.org", "b@example.org"])
    share = await shared(north, south, ours, groups=[Group.EMAILS])
    assert (await share.match_of(ours)).stage is MatchStage.EMAIL


PLACE = {"registered_address": {"state": "NY", "county": "Kings"}}


async def test_each_of_the_twelve_ids_matches_only_when_chosen(world: World) -> None:
    """The two that the state and county files give are unique only together with those of the registered address."""
    assert len(UNIQUE_IDS) == 12
    north, south = await world.nations("north", "south")
    people = {key: await north.person(**{key: f"{key}-1"}, **PLACE) for key in UNIQUE_IDS}
    for key in UNIQUE_IDS:
        await south.person(**{key: f"{key}-1"}, **PLACE)
    share = await north.share(await north.tag("board", people.values()), south, fields=("van_id", "state_file_id"))
    await share.accept()
    await world.work()
    linked = {
        key
        for key, person in people.items()
        if await outcome(share, person) == (MatchState.SYNCED, MatchStage.UNIQUE_ID, None)
    }
    assert linked == {"van_id", "state_file_id"}
    await share.stop(north)
    await share.update(*IDS)
    await share.request()
    await share.accept()
    await world.work()
    assert await share.boxes() == {"synced": 12}


@pytest.mark.parametrize(
    ("key", "ours", "theirs", "same"),
    [
        ("state_file_id", {"state": "NY"}, {"state": "ny", "county": "Kings"}, True),
        ("state_file_id", {"state": "NY"}, {"state": "NJ"}, False),
        ("state_file_id", {"state": "NY"}, None, False),
        ("county_file_id", {"state": "NY", "county": "Kings"}, {"state": "NY", "county": "kings"}, True),
        ("county_file_id", {"state": "NY", "county": "Kings"}, {"state": "NY", "county": "Queens"}, False),
        ("county_file_id", {"state": "NY"}, {"state": "NY"}, False),
    ],
)
async def test_file_ids_are_unique_within_their_place_only(world: World, key, ours, theirs, same) -> None:
    north, south = await world.nations("north", "south")
    person = await north.person(**{key: "5"}, registered_address=ours)
    await south.person(**{key: "5"}, registered_address=theirs)
    share = await shared(north, south, person, groups=IDS)
    assert await share.boxes() == (MATCHED if same else {"not_found": 1})


async def test_the_evidence_of_a_match_is_kept_with_it(world: World) -> None:
    """Every match says how it was made: stage, fields that agreed, fields that did not, score."""
    north, south = await world.nations("north", "south")
    ours = await north.person(**ANN, sex="F", employer="Mill", van_id="7")
    await south.person(**{**ANN, "last_name": "Okonkwo-Diaz"}, sex="O", employer="Shop", van_id="7")
    share = await shared(north, south, ours, groups=IDS)
    match = await share.match_of(ours)
    assert match.stage is MatchStage.UNIQUE_ID
    assert {item["field"]: item["agrees"] for item in match.evidence} == {
        "first_name": True, "last_name": True, "birthdate": True, "sex": False, "phone": True, "van_id": True,
    }  # fmt: skip
    assert 0.9 < match.score <= 1
    assert match.tried_at >= match.created_at


async def test_two_whom_a_step_hits_are_too_many(world: World) -> None:
    """MULTIPLE_CANDIDATES: also whoever stands twice in one nation."""
    north, south = await world.nations("north", "south")
    by_id, by_likeness = await north.person(last_name="Oduya", van_id="7"), await north.person(**BEN)
    twice = [await south.person(last_name=name, van_id="7") for name in ("Oduya", "Odua")]
    likely = [await south.person(**BEN) for _ in range(2)]
    share = await shared(north, south, by_id, by_likeness, groups=IDS)
    assert [await doubt(share, person) for person in (by_id, by_likeness)] == [MULTIPLE, MULTIPLE]
    assert set(await candidates(share, by_id)) == set(twice)
    assert set(await candidates(share, by_likeness)) == set(likely)
    assert (await share.tagged(), await share.boxes()) == (set(), {"ambiguous": 2})


async def test_the_one_candidate_holds_another_value_in_an_id_that_takes_part(world: World) -> None:
    """ID_CONFLICT, both not blank; an id that was not chosen does not count."""
    north, south = await world.nations("north", "south")
    ours = await north.person(**ANN, van_id="7", ngp_id="1")
    theirs = await south.person(**ANN, van_id="8", ngp_id="2")
    share = await shared(north, south, ours, fields=["van_id"])
    assert (await doubt(share, ours), await candidates(share, ours)) == (ID_CONFLICT, [theirs])
    other = await north.share(await north.tag("other", [ours]), south)
    await other.accept()
    await world.work()
    assert await other.boxes() == MATCHED


async def test_an_id_or_email_agrees_but_name_and_birthday_say_another_person(world: World) -> None:
    """CONTRADICTED: a spouse's email, a mistyped id."""
    north, south = await world.nations("north", "south")
    ann, ben = await north.person(**ANN, emails=["us@example.org"]), await north.person(**BEN, van_id="7")
    spouse = await south.person(**{**CLEO, "last_name": "Okonkwo"}, emails=["us@example.org"])
    mistyped = await south.person(**CLEO, van_id="7")
    share = await shared(north, south, ann, ben, groups=[*IDS, Group.EMAILS])
    assert [await doubt(share, person) for person in (ann, ben)] == [CONTRADICTED, CONTRADICTED]
    assert [await candidates(share, person) for person in (ann, ben)] == [[spouse], [mistyped]]
    assert [(await share.match_of(person)).stage for person in (ann, ben)] == [MatchStage.EMAIL, MatchStage.UNIQUE_ID]


async def test_two_who_match_one_as_surely_both_stay_ambiguous(world: World) -> None:
    """ALREADY_LINKED; the profile that both would have is shown as their candidate."""
    north, south = await world.nations("north", "south")
    one, two = await north.person(**ANN), await north.person(**ANN)
    theirs = await south.person(**ANN)
    share = await shared(north, south, one, two)
    assert [await doubt(share, person) for person in (one, two)] == [LINKED_ALREADY, LINKED_ALREADY]
    assert [await candidates(share, person) for person in (one, two)] == [[theirs], [theirs]]
    await share.sync()
    assert [await candidates(share, person) for person in (one, two)] == [[theirs], [theirs]]


async def test_the_surer_of_two_wins_it_and_takes_the_link_of_one_who_came_before(world: World) -> None:
    """An email is surer than a likeness: the link, its conflicts and what was known of its step go; the tag stays."""
    north, south = await world.nations("north", "south")
    full = [[f"{name}{number}@example.org" for number in range(4)] for name in ("ours", "theirs")]  # nothing is copied
    first = await north.person(**ANN, employer="Mill", emails=full[0])
    theirs = await south.person(**ANN, emails=full[1], employer="Shop")
    share = await shared(north, south, first, groups=[Group.EMAILS])
    assert (await share.boxes(), await share.tagged()) == (MATCHED, {theirs})
    surer = await north.person(last_name="Okonkwo", emails=full[1][:1])
    await north.put_on((await share.row()).tag_id, surer)
    await world.work()
    assert await doubt(share, first) is LINKED_ALREADY
    assert await outcome(share, surer) == (MatchState.SYNCED, MatchStage.EMAIL, None)
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1, "ambiguous": 1}, {theirs})
    loser = await share.match_of(first)
    assert (loser.receiver_profile_id, loser.first_synced_at, loser.out_of_step) == (None, None, [])
    await north.edit(first, church="St Ann")
    await world.work()
    assert await south.value(theirs, "church") is None


async def test_a_profile_is_linked_once_in_a_share_and_as_often_as_there_are_shares(world: World) -> None:
    north, south = await world.nations("north", "south")
    ours, theirs = await north.person(**ANN), await south.person(**ANN)
    shares = [await shared(north, south, ours), await shared(north, south, ours, await north.person(**BEN))]
    assert [await share.tagged() for share in shares] == [{theirs}, {theirs}]
    assert await Match.filter(receiver_profile_id=theirs).count() == 2


async def test_an_untagged_profile_matches_nobody(world: World) -> None:
    north, south = await world.nations("north", "south")
    await north.person(**ANN)
    await south.person(**ANN)
    share = await shared(north, south)
    assert (await share.matches(), await share.boxes()) == ([], {})


async def test_another_tenant_is_never_matched(world: World) -> None:
    north, south, west = await world.nations("north", "south", "west")
    ours = await north.person(**ANN, twitter_id="7")
    await west.person(**ANN, twitter_id="7")
    await north.person(**ANN, twitter_id="7")
    share = await shared(north, south, ours)
    assert await share.boxes() == {"not_found": 1}
