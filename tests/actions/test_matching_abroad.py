"""People who do not live in the United States: their names, numbers and postcodes match, travel and are imported as they are."""

from uuid import UUID

import pytest

from models.tag import Tag
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import MatchStage
from tests.couples import ANN, couple
from tests.imports import imported, refusals
from tests.world import Nation, SharedTag, World


async def of_countries(world: World, *countries: str) -> list[Nation]:
    return [await world.nation(f"in-{country.lower()}", country=country) for country in countries]


async def shared(sender: Nation, receiver: Nation, *people: UUID, groups=(), **settings) -> SharedTag:
    share = await sender.share(await sender.tag("board", people), receiver, *groups, **settings)
    await share.accept()
    await sender.world.work()
    return share


@pytest.mark.parametrize(
    ("here", "there", "ours", "theirs"),
    [
        pytest.param("GB", "US", "07700 900123", "+44 7700 900123", id="a British mobile"),
        pytest.param("DE", "FR", "030 12345678", "+49 30 12345678", id="a German landline"),
        pytest.param("IT", "US", "02 1234567", "011 39 02 1234567", id="Italy keeps its zero"),
        pytest.param("AU", "NZ", "(02) 5550 1234", "+61 2 5550 1234", id="an Australian number"),
        pytest.param("US", "MX", "(415) 555-0123", "+1 415 555 0123", id="an American number seen from abroad"),
    ],
)
async def test_a_number_dialled_at_home_and_one_dialled_from_abroad_are_one(world, here, there, ours, theirs) -> None:
    """Each nation writes as its people dial; name and number together tell the person."""
    north, south = await of_countries(world, here, there)
    who = {"first_name": "Ngozi", "last_name": "Okonkwo"}
    mine, hers = await north.person(**who, mobile=ours), await south.person(**who, mobile=theirs)
    assert await north.value(mine, "mobile") == await south.value(hers, "mobile")
    share = await shared(north, south, mine)
    match = await share.match_of(mine)
    assert (match.receiver_profile_id, match.stage) == (hers, MatchStage.HEURISTIC)
    assert {"mobile": True}.items() <= {item["field"]: item["agrees"] for item in match.evidence}.items()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(("José Luis", "Muñoz"), ("Jose Luis", "Munoz"), id="accents left out"),
        pytest.param(("Наталья", "Иванова"), ("Natalya", "Ivanova"), id="another script"),
        pytest.param(("Zoë", "Müller"), ("ZOE", "MUELLER"), id="an umlaut written out"),
        pytest.param(("李", "小龙"), ("李", "小龙"), id="no Latin letters on either side"),
        pytest.param(("Σοφία", "Παπαδοπούλου"), ("Sofia", "Papadopoulou"), id="Greek"),
        pytest.param(("María", "García Pérez"), ("Maria", "Garcia"), id="two family names, one left out"),
    ],
)
async def test_a_name_matches_however_it_was_brought_to_letters_and_stays_as_it_is(world: World, ours, theirs) -> None:
    """Where only blanks are accepted each nation keeps its own way of writing."""
    told = {"birthdate": "1980-02-03", "phone": "+442079460123"}
    here, there = ({"first_name": first, "last_name": last} for first, last in (ours, theirs))
    pair = await couple(world, {**here, **told}, {**there, **told}, SyncMode.ACCEPT_BLANK_ONLY)
    assert (await pair.match()).receiver_profile_id == pair.theirs
    assert await pair.both("first_name") == (ours[0], theirs[0])
    assert await pair.both("last_name") == (ours[1], theirs[1])


ABROAD = {
    "first_name": "Σοφία",
    "last_name": "Παπαδοπούλου",
    "mobile": "+302101234567",
    "work_phone": "+447700900123 x12",
    "fax": "+390612345678",
    "home_address": {"address1": "10 Downing St", "city": "London", "zip5": "SW1A 2AA", "country_code": "GB"},
    "mailing_address": {"city": "Sydney", "state": "NSW", "zip5": "0800", "country_code": "AU"},
    "work_address": {"city": "Ottawa", "zip5": "K1A 0B1"},
}


@pytest.mark.parametrize("creates", [False, True])
async def test_foreign_names_numbers_and_postcodes_travel_as_they_are(world: World, creates: bool) -> None:
    """No U.S. form is forced on them: into blanks, over other values, and into a new profile."""
    north, south = await of_countries(world, "GB", "US")
    ours = await north.person(**ABROAD, twitter_id="7")
    if not creates:
        old = {"city": "Salem", "state": "OR", "zip5": "97301"}
        await south.person(twitter_id="7", mobile="+14155550101", home_address=old, last_name="Papa")
    share = await north.share(await north.tag("board", [ours]), south, offer_new_profiles=True)
    await share.accept(create=creates)
    await world.work()
    (theirs,) = await share.tagged()
    assert await south.values(theirs) | ABROAD == await south.values(theirs)
    assert await north.values(ours) == {**ABROAD, "twitter_id": "7"}
    await share.sync()
    assert await south.values(theirs) | ABROAD == await south.values(theirs)


async def test_an_import_reads_numbers_and_postcodes_as_of_its_nations_country_and_they_travel_on(world: World) -> None:
    """A row is read as it would be dialled and addressed at home."""
    north, south = await of_countries(world, "AU", "US")
    hers = await south.person(first_name="Zoë", last_name="Müller", birthdate="1980-02-03", mobile="+61 412 345 678")
    text = """
        first_name,last_name,birthdate,mobile,home_city,home_zip,tags
        Zoe,Mueller,1980-02-03,0412 345 678,Darwin,0800,board
        """
    run = await imported(north, text)
    assert (run.created, await refusals(run)) == (1, {})
    (mine,) = await north.people()
    assert (mine.mobile, mine.home_address) == ("+61412345678", {"city": "Darwin", "zip5": "0800"})
    share = await north.share((await Tag.get(nation_id=north.id, name="board")).id, south)
    await share.accept(SyncMode.ACCEPT_BLANK_ONLY)
    await world.work()
    assert await share.tagged() == {hers}
    assert await south.value(hers, "home_address") == {"city": "Darwin", "zip5": "0800"}
    assert await south.value(hers, "first_name") == "Zoë"


async def test_an_id_of_a_state_or_county_file_counts_within_its_registered_place_only(world: World) -> None:
    """The same number of another state, or of a place that is not known, is another person's."""
    north, south = await world.nations("north", "south")
    texas = {"state": "TX", "county": "Travis"}
    ours = [
        await north.person(last_name="Oduya", state_file_id="5", registered_address=texas),
        await north.person(last_name="Quist", county_file_id="5", registered_address=texas),
        await north.person(last_name="Sand", state_file_id="6", home_address=texas),
    ]
    theirs = [
        await south.person(first_name="Ola", state_file_id="5", registered_address={"state": "tx"}),
        await south.person(
            first_name="Ruth", county_file_id="5", registered_address={"state": "TX", "county": "TRAVIS"}
        ),
        await south.person(first_name="Eve", state_file_id="6", home_address=texas),
    ]
    await south.person(first_name="Ulf", state_file_id="5", registered_address={"state": "UT"})
    await south.person(first_name="Val", county_file_id="5", registered_address={"state": "TX", "county": "Harris"})
    share = await shared(north, south, *ours, groups=[Group.UNIQUE_IDS])
    assert await share.tagged() == set(theirs[:2])
    assert await share.boxes() == {"synced": 2, "not_found": 1}


@pytest.mark.parametrize(
    ("known", "groups", "change"),
    [
        pytest.param({"facebook_uid": "9"}, [Group.FACEBOOK_UID], {"network_id": None}, id="Facebook's id"),
        pytest.param({"voter_guid": "G-1"}, [], {"voters_enabled": False}, id="the voter key"),
    ],
)
async def test_an_id_that_may_not_be_shared_any_more_matches_nobody_from_then_on(world, known, groups, change) -> None:
    """Checked at every run, not only when the share was made; links that are there stay."""
    network = await world.network()
    north, south = await world.nations("north", "south", voters=True, network_slug=network)
    pair = await couple(world, {}, {}, SyncMode.ACCEPT_ALL, *groups, sender=north, receiver=south)
    ours, theirs = await north.person(last_name="Oduya", **known), await south.person(first_name="Ola", **known)
    await south.become(**change)
    await north.put_on(pair.tag, ours)
    await world.work()
    await pair.share.sync()
    assert (await pair.share.tagged(), await pair.share.boxes()) == ({pair.theirs}, {"synced": 1, "not_found": 1})
    assert await south.values(theirs) == {"first_name": "Ola", **known}


async def test_nobody_is_matched_on_a_name_alone_nor_on_a_fax(world: World) -> None:
    north, south = await world.nations("north", "south")
    who = {"first_name": "Zbigniew", "last_name": "Brzeczyszczykiewicz", "fax": "+12175550143"}
    ours = await north.person(**who)
    await south.person(**who)
    assert await (await shared(north, south, ours)).boxes() == {"not_found": 1}


@pytest.mark.parametrize("missing", [("phone",), ("birthdate",)])
async def test_name_with_birthday_or_with_phone_is_enough(world: World, missing) -> None:
    """The last step combines phones, names and birthday."""
    north, south = await world.nations("north", "south")
    known = {key: value for key, value in ANN.items() if key not in missing}
    ours, theirs = await north.person(**known), await south.person(**known)
    assert await (await shared(north, south, ours)).tagged() == {theirs}


async def test_any_phone_meets_any_other(world: World) -> None:
    """Home, work and mobile numbers are compared with each other."""
    north, south = await world.nations("north", "south")
    names = {"first_name": "Ann", "last_name": "Okonkwo"}
    ours = await north.person(**names, work_phone="415-555-0101", phone="415-555-0199")
    theirs = await south.person(**names, mobile="+14155550101")
    assert await (await shared(north, south, ours)).tagged() == {theirs}
