"""What the rows of a file make of a nation's people: who each row means, and what it changes."""

from datetime import date

import pytest

from models.profile import Profile
from models.tag import Tag, Tagging
from sharing.customs import CustomKind
from sharing.events import EventKind, Noun
from tests.imports import imported, refusals
from tests.tables import events, holdings, position
from tests.world import Nation, World


async def known(nation: Nation) -> dict[str, dict]:
    """Return what the nation knows of its people, by first name."""
    people = [await nation.values(person.id) for person in await nation.people()]
    return {person.pop("first_name"): person for person in people}


async def test_a_row_makes_a_person_of_what_it_says(world: World) -> None:
    """Catalogue names, dates in either form, blank cells that say nothing."""
    north = await world.nation("north")
    run = await imported(
        north,
        """
        first_name,last_name,birthdate,phone,email1,email2,home_address1,home_zip,is_deceased,support_level
        Ann,Okonkwo,02/03/1980,(415) 555-0101,ANN@example.org,a@example.org,1 Mill Lane,10001-1234,no,2
        Ben,,1971-11-30,,,,,,,
        """,
    )
    assert (run.created, run.updated, run.rejected, run.done, run.total) == (2, 0, 0, 2, 2)
    assert await known(north) == {
        "Ann": {
            "last_name": "Okonkwo",
            "birthdate": date(1980, 2, 3),
            "phone": "+14155550101",
            "emails": ("ann@example.org", "a@example.org"),
            "home_address": {"address1": "1 Mill Lane", "zip5": "10001", "zip4": "1234"},
            "is_deceased": False,
            "support_level": 2,
        },
        "Ben": {"birthdate": date(1971, 11, 30)},
    }


async def test_headers_of_nationbuilders_export_are_known(world: World) -> None:
    """Its API v1 and v2 names."""
    north = await world.nation("north")
    await north.define("shift", CustomKind.CHOICE, ["Early", "Late"])
    await imported(
        north,
        """
        first_name,born_at,phone_number,mobile_number,email,primary_address1,primary_city,primary_state,primary_zip,primary_country_code,registered_state,twitter_login,nbec_guid,federal_donotcall,is_prospect,shift,tag_list
        Ann,1980-02-03,4155550101,4155550102,ann@example.org,1 Mill Lane,Albany,NY,12201,US,NY,@ann,G-1,true,true,late,"board, Volunteers"
        """,
    )
    (ann,) = await north.people()
    held = (await known(north))["Ann"]
    assert held == {
        "birthdate": date(1980, 2, 3),
        "phone": "+14155550101",
        "mobile": "+14155550102",
        "emails": ("ann@example.org",),
        "home_address": {
            "address1": "1 Mill Lane",
            "city": "Albany",
            "state": "NY",
            "zip5": "12201",
            "country_code": "US",
        },
        "registered_address": {"state": "NY"},
        "twitter_login": "ann",
        "voter_guid": "G-1",
        "federal_do_not_call": True,
        "custom:shift": "Late",
    }
    assert (ann.is_prospect, ann.is_supporter) == (True, False)
    assert {tag.name for tag in await Tag.filter(nation_id=north.id)} == {"board", "Volunteers"}


@pytest.mark.parametrize(
    ("known_by", "header", "row"),
    [
        ({"van_id": "7"}, "van_id", "7"),
        ({"external_id": "A-7"}, "external_id", "a-7"),
        ({"twitter_login": "ann"}, "twitter_login", "@ANN"),
        ({"emails": ["x@example.org", "ann@example.org"]}, "email", "ANN@example.org"),
        ({"state_file_id": "5", "registered_address": {"state": "NY"}}, "registered_state,state_file_id", "NY,5"),
    ],
)
async def test_a_row_changes_the_person_whom_its_unique_ids_and_emails_find(world, known_by, header, row) -> None:
    """What the row says is written, with a new time for what changes; what it leaves blank stays."""
    north = await world.nation("north")
    ann = await north.person(first_name="Ann", employer="Mill", church="St Ann", **known_by)
    run = await imported(north, f"{header},first_name,employer,church\n{row},Ann,Shop,\n")
    assert (run.created, run.updated, run.rejected) == (0, 1, 0)
    record = await north.record(ann)
    assert (record.value("employer"), record.value("church")) == ("Shop", "St Ann")
    assert "employer" in record.times
    assert "church" not in record.times.keys() | record.cleared


@pytest.mark.parametrize("key", ["first_name", "phone", "birthdate"])
async def test_a_likeness_finds_nobody_in_an_import(world: World, key: str) -> None:
    """Only unique ids and emails do; the same row twice makes two people."""
    north = await world.nation("north")
    who = {"first_name": "Ann", "phone": "+14155550101", "birthdate": "1980-02-03"}
    await north.person(**who)
    run = await imported(north, f"{','.join(who)}\n{','.join(who.values())}\n")
    assert (run.created, len(await north.people())) == (1, 2)


async def test_another_nations_people_are_never_found(world: World) -> None:
    north, south = await world.nations("north", "south")
    theirs = await south.person(first_name="Ann", van_id="7", emails=["ann@example.org"])
    before = await holdings([south.id])
    run = await imported(north, "first_name,van_id,email\nBo,7,ann@example.org\n")
    assert (run.created, await holdings([south.id])) == (1, before)
    assert await south.value(theirs, "first_name") == "Ann"


async def test_a_row_that_means_two_people_is_refused(world: World) -> None:
    """Its ids point at two; so may its emails, or one of each."""
    north = await world.nation("north")
    await north.person(first_name="Ann", van_id="7", emails=["ann@example.org"])
    await north.person(first_name="Ben", ngp_id="8", emails=["ben@example.org"])
    before = await holdings([north.id])
    run = await imported(
        north,
        """
        van_id,ngp_id,email1,email2
        7,8,,
        ,,ann@example.org,ben@example.org
        7,,ben@example.org,
        """,
    )
    assert (run.created, run.updated, run.rejected) == (0, 0, 3)
    assert list(await refusals(run)) == [2, 3, 4]
    assert set((await refusals(run)).values()) == {
        "Its ids and emails belong to 2 different people of the nation: merge or mend them."
    }
    assert await holdings([north.id]) == before


async def test_a_row_whose_person_holds_another_value_in_an_id_is_refused(world: World) -> None:
    north = await world.nation("north")
    await north.person(first_name="Ann", van_id="7", ngp_id="1", emails=["ann@example.org"])
    before = await holdings([north.id])
    run = await imported(
        north, "first_name,van_id,ngp_id,email\nAnn,8,,ann@example.org\nAnn,7,2,\nAnn,7,1,ann@example.org\n"
    )
    assert (run.updated, run.rejected) == (1, 2)
    assert await refusals(run) == {
        2: "The person it means holds another VAN ID: correct one of the two.",
        3: "The person it means holds another NGP ID: correct one of the two.",
    }
    assert await holdings([north.id]) == before


async def test_an_id_in_another_mix_of_cases_is_the_same_id(world: World) -> None:
    """Save Salesforce's, whose ids differ by case alone."""
    north = await world.nation("north")
    await north.person(first_name="Ann", external_id="AB-7", salesforce_id="00ABcd")
    run = await imported(north, "first_name,external_id,salesforce_id\nAnna,ab-7,\nBen,,00abCD\n")
    assert (run.created, run.updated, await refusals(run)) == (1, 1, {})
    assert set(await known(north)) == {"Anna", "Ben"}


async def test_rows_of_one_file_that_mean_one_person_make_one(world: World) -> None:
    """Later rows add to what earlier ones said, also across pieces."""
    north = await world.nation("north")
    text = """
        first_name,van_id,email,employer,tags
        Ann,7,ann@example.org,Mill,board
        ,7,a@example.org,,Board
        ,,A@EXAMPLE.ORG,Shop,choir
        """
    for piece in (500, 1):
        run = await imported(north, text, piece=piece)
        assert run.rejected == 0
        assert await known(north) == {
            "Ann": {"van_id": "7", "emails": ("ann@example.org", "a@example.org"), "employer": "Shop"}
        }
    (ann,) = await north.people()
    assert {tag.name: tag.taggings for tag in await Tag.filter(nation_id=north.id)} == {"board": 1, "choir": 1}
    assert await Tagging.filter(profile_id=ann.id).count() == 2


async def test_more_emails_than_there_is_room_for_are_refused(world: World) -> None:
    north = await world.nation("north")
    ann = await north.person(van_id="7", emails=["a@example.org", "b@example.org", "c@example.org"])
    run = await imported(north, "van_id,email1,email2\n7,d@example.org,e@example.org\n7,d@example.org,a@example.org\n")
    assert await refusals(run) == {2: "The person would have 5 emails: a profile has room for 4."}
    assert await north.value(ann, "emails") == tuple(f"{letter}@example.org" for letter in "abcd")


async def test_rows_that_cannot_be_taken_are_listed_with_line_and_reason_and_the_rest_goes_in(world: World) -> None:
    north = await world.nation("north")
    run = await imported(
        north,
        """
        first_name,birthdate,email,support_level,phone
        Ann,1980-02-30,ann@example.org,1,
        Ben,1971-11-30,nobody,7,call me
        Cleo,,,,

        ,,,,
        Dora,1980-01-01,dora@example.org
        "Eve
        Sand",,,9,
        Fay,,fay@example.org,5,
        """,
    )
    assert list(await known(north)) == ["Cleo", "Fay"]
    said = await refusals(run)
    assert list(said) == [2, 3, 7, 8]
    assert "Birthday" in said[2]
    assert [word in said[3] for word in ("Emails", "Support level", "Phone number")] == [True] * 3
    assert "3 cells" in said[7]
    assert (run.created, run.rejected, run.done, run.total) == (2, 4, 6, 6)


async def test_a_row_that_names_only_tags_says_nothing_about_a_person(world: World) -> None:
    north = await world.nation("north")
    run = await imported(north, "first_name,tags\n,board\nAnn,board\n")
    assert await refusals(run) == {2: "The row says nothing about a person."}
    assert (await Tag.get(nation_id=north.id, name="board")).taggings == 1


async def test_support_follows_from_the_row_unless_it_says_so_itself(world: World) -> None:
    """As for anybody new; an existing person's changes only where the file has the column."""
    north = await world.nation("north")
    await imported(north, "first_name,van_id,support_level,email_opt_in\nAnn,1,1,\nBen,2,4,yes\nCleo,3,,yes\n")
    people = {person.first_name: person for person in await north.people()}
    assert {name: person.is_supporter for name, person in people.items()} == {"Ann": True, "Ben": False, "Cleo": True}
    before = await position(north.id)
    await imported(north, "van_id,support_level,is_supporter,is_prospect\n1,5,,\n2,4,yes,\n3,,no,yes\n")
    people = {person.first_name: person for person in await Profile.filter(nation_id=north.id)}
    assert {name: (p.is_supporter, p.is_prospect) for name, p in people.items()} == {
        "Ann": (True, False),
        "Ben": (True, False),
        "Cleo": (False, True),
    }
    told = [row["subjects"] for row in await events(north.id, before) if row["noun"] == Noun.PROFILE]
    assert {subject for subjects in told for subject in subjects} == {person.id for person in people.values()}


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    north = await world.nation("north")
    text = "first_name,van_id,email,home_city,tags\nAnn,7,ann@example.org,Albany,board\nBen,8,,Troy,\n"
    first = await imported(north, text)
    before, told = await holdings([north.id]), await position(north.id)
    second = await imported(north, text)
    assert ((first.created, first.updated), (second.created, second.updated)) == ((2, 0), (0, 2))
    assert await holdings([north.id]) == before
    assert {row["kind"] for row in await events(north.id, told)} == {EventKind.PROGRESS}
