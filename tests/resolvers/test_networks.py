"""Networks through the API: shown to the members of their nations and to their managers, and to nobody else."""

from models.user import NetworkMembership
from sharing.visibility import ANONYMOUS, Caller, NetworkRole, Role
from tests.actions.networking import define, family, share_fields
from tests.resolvers.asking import Api, gid
from tests.world import World

NETWORK = "id slug name sharesCustomFields hq { slug } nations { edges { node { slug name } } }"
OF_NATION = f"query ($slug: String!) {{ nation(slug: $slug) {{ network {{ {NETWORK} }} }} }}"
BY_SLUG = f"query ($slug: String!) {{ network(slug: $slug) {{ {NETWORK} }} }}"
BY_ID = f"query ($id: ID!) {{ node(id: $id) {{ ... on Network {{ {NETWORK} }} }} }}"
ANSWER = "__typename ... on NetworkPayload { cursor network { sharesCustomFields } } ... on UserError { code message }"
SHARE = f"mutation ($input: NetworkActionInput!) {{ shareCustomFields(input: $input) {{ {ANSWER} }} }}"
STOP = f"mutation ($input: NetworkActionInput!) {{ stopSharingCustomFields(input: $input) {{ {ANSWER} }} }}"
LEAVE = """
mutation ($input: NationActionInput!) {
  leaveNetwork(input: $input) {
    __typename ... on NationPayload { nation { network { slug } } } ... on UserError { code message }
  }
}
"""

MANAGED = """
    __typename
    ... on NetworkPayload { cursor network { slug managers { email name } } }
    ... on UserError { code message path }
"""
NAME = f"mutation ($input: NetworkManagerInput!) {{ nameNetworkManager(input: $input) {{ {MANAGED} }} }}"
DISMISS = f"mutation ($input: NetworkManagerInput!) {{ dismissNetworkManager(input: $input) {{ {MANAGED} }} }}"
MANAGERS = "query ($id: ID!) { node(id: $id) { ... on Network { managers { email } } } }"
VIEWER = "{ viewer { managedNetworks { slug managers { email } } } }"


async def test_a_network_is_shown_to_members_and_managers(api: Api, world: World):
    number, (hq, north) = await family(world, "hq", "north")
    found = (await api.ask(OF_NATION, north.member, slug=north.slug))["nation"]["network"]
    assert found == {
        "id": gid("Network", number),
        "slug": found["slug"],
        "name": "A network",
        "sharesCustomFields": False,
        "hq": {"slug": hq.slug},
        "nations": {
            "edges": [{"node": {"slug": hq.slug, "name": "hq"}}, {"node": {"slug": north.slug, "name": "north"}}]
        },
    }
    for caller in (hq.member, north.admin, Caller(networks=frozenset({number}))):
        assert await api.ask(BY_SLUG, caller, slug=found["slug"].upper()) == {"network": found}
        assert await api.ask(BY_ID, caller, id=found["id"]) == {"node": found}


async def test_its_nations_come_in_pages(api: Api, world: World):
    number, nations = await family(world, "c", "a", "b")
    query = """
    query ($id: ID!, $after: String) {
      node(id: $id) {
        ... on Network { nations(first: 2, after: $after) { totalCount pageInfo { endCursor } edges { node { slug } } } }
      }
    }
    """
    slugs = sorted(nation.slug for nation in nations)
    page = (await api.ask(query, nations[0].member, id=gid("Network", number)))["node"]["nations"]
    assert (page["totalCount"], [edge["node"]["slug"] for edge in page["edges"]]) == (3, slugs[:2])
    end = page["pageInfo"]["endCursor"]
    page = (await api.ask(query, nations[0].member, id=gid("Network", number), after=end))["node"]["nations"]
    assert [edge["node"]["slug"] for edge in page["edges"]] == slugs[2:]


async def test_it_is_null_for_others_as_if_it_did_not_exist(api: Api, world: World):
    number, (_, north) = await family(world, "hq", "north")
    other, _ = await family(world, "other")
    alone = await world.nation("alone")
    slug = (await api.ask(OF_NATION, north.member, slug=north.slug))["nation"]["network"]["slug"]
    for caller in (alone.admin, Caller(networks=frozenset({other})), ANONYMOUS):
        for given in (slug, "nothing", "", "a\0b"):
            assert await api.ask(BY_SLUG, caller, slug=given) == {"network": None}
        for given in (number, 10**8):
            assert await api.ask(BY_ID, caller, id=gid("Network", given)) == {"node": None}
    assert await api.ask(OF_NATION, alone.member, slug=alone.slug) == {"nation": {"network": None}}


async def test_hq_shares_its_settings_and_stops(api: Api, world: World):
    number, (hq, north) = await family(world, "hq", "north")
    await define(hq, "size")
    named = {"networkId": gid("Network", number)}
    found = (await api.ask(SHARE, hq.admin, input=named))["shareCustomFields"]
    assert found["cursor"]
    assert found["network"] == {"sharesCustomFields": True}
    manager = Caller(networks=frozenset({number}))
    found = (await api.ask(STOP, manager, input=named))["stopSharingCustomFields"]
    assert (found["cursor"], found["network"]) == (None, {"sharesCustomFields": False})
    found = (await api.ask(SHARE, north.admin, input=named))["shareCustomFields"]
    assert (found["__typename"], found["code"]) == ("ForbiddenError", "FORBIDDEN")
    alone = await world.nation("alone")
    answers = [
        (await api.ask(SHARE, alone.admin, input={"networkId": gid("Network", row)}))["shareCustomFields"]
        for row in (number, 10**8)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["message"] == "There is no such network."


async def test_a_nation_leaves_its_network(api: Api, world: World):
    number, (hq, north) = await family(world, "hq", "north")
    await share_fields(world, number, hq.admin)
    found = await api.ask(LEAVE, north.admin, input={"nationId": gid("Nation", north.id)})
    assert found["leaveNetwork"] == {"__typename": "NationPayload", "nation": {"network": None}}
    found = await api.ask(LEAVE, north.admin, input={"nationId": gid("Nation", north.id)})
    assert found["leaveNetwork"]["__typename"] == "InvalidInputError"


async def test_managers_are_named_and_dismissed(api: Api, world: World):
    number, (hq, north) = await family(world, "hq", "north")
    address = f"{north.slug}@example.org"
    user_id = await api.user(address, north.id, Role.MEMBER)
    manager = Caller(user_id=user_id, roles={north.id: Role.MEMBER}, networks=frozenset({number}))
    given = {"networkId": gid("Network", number), "email": address}
    found = (await api.ask(NAME, hq.admin, input=given))["nameNetworkManager"]
    slug = found["network"]["slug"]
    listed = [{"email": address, "name": "Somebody"}]
    assert found == {
        "__typename": "NetworkPayload",
        "cursor": None,
        "network": {"slug": slug, "managers": listed},
    }
    assert (await api.ask(NAME, manager, input=given))["nameNetworkManager"]["network"]["managers"] == listed
    found = await api.ask(VIEWER, manager)
    assert found["viewer"]["managedNetworks"] == [{"slug": slug, "managers": [{"email": address}]}]
    found = (await api.ask(DISMISS, manager, input=given))["dismissNetworkManager"]
    assert found["network"] == {"slug": slug, "managers": None}
    found = (await api.ask(DISMISS, hq.admin, input=given))["dismissNetworkManager"]
    assert found["network"] == {"slug": slug, "managers": []}


async def test_who_dismisses_himself_may_nothing_more_in_the_same_operation(api: Api, world: World):
    number, (_, north) = await family(world, "hq", "north")
    address = f"{north.slug}@example.org"
    user_id = await api.user(address, north.id, Role.MEMBER)
    await NetworkMembership.create(user_id=user_id, network_id=number, role=NetworkRole.MANAGER)
    both = f"""
    mutation ($input: NetworkManagerInput!) {{
      dismissNetworkManager(input: $input) {{ {MANAGED} }}
      nameNetworkManager(input: $input) {{ {MANAGED} }}
    }}
    """
    for roles, kind in (({}, "NotFoundError"), ({north.id: Role.MEMBER}, "ForbiddenError")):
        await NetworkMembership.get_or_create(user_id=user_id, network_id=number, role=NetworkRole.MANAGER)
        manager = Caller(user_id=user_id, roles=roles, networks=frozenset({number}))
        found = await api.ask(both, manager, input={"networkId": gid("Network", number), "email": address})
        assert found["dismissNetworkManager"]["__typename"] == "NetworkPayload"
        assert found["nameNetworkManager"]["__typename"] == kind
        assert not await NetworkMembership.exists(user_id=user_id)


async def test_only_who_may_name_managers_sees_them(api: Api, world: World):
    number, (hq, north) = await family(world, "hq", "north")
    address = f"{north.slug}@example.org"
    user_id = await api.user(address, north.id)
    await NetworkMembership.create(user_id=user_id, network_id=number, role=NetworkRole.MANAGER)
    for caller, managers in (
        (hq.admin, [{"email": address}]),
        (Caller(networks=frozenset({number})), [{"email": address}]),
        (hq.member, None),
        (north.admin, None),
        (north.member, None),
    ):
        assert await api.ask(MANAGERS, caller, id=gid("Network", number)) == {"node": {"managers": managers}}
    alone = await world.nation("alone")
    other, _ = await family(world, "other")
    for caller in (alone.admin, Caller(networks=frozenset({other})), ANONYMOUS):
        assert await api.ask(MANAGERS, caller, id=gid("Network", number)) == {"node": None}


async def test_naming_is_refused_as_data(api: Api, world: World):
    number, (hq, north) = await family(world, "hq", "north")
    _, (elsewhere,) = await family(world, "other")
    await api.user(f"{elsewhere.slug}@example.org", elsewhere.id)
    named = {"networkId": gid("Network", number)}
    for document, field in ((NAME, "nameNetworkManager"), (DISMISS, "dismissNetworkManager")):
        answers = [
            (await api.ask(document, hq.admin, input={**named, "email": address}))[field]
            for address in (f"{elsewhere.slug}@example.org", "nobody@example.org")
        ]
        assert answers[0] == answers[1]
        assert (answers[0]["__typename"], answers[0]["path"]) == ("InvalidInputError", ["email"])
        found = (await api.ask(document, north.admin, input={**named, "email": "nobody@example.org"}))[field]
        assert (found["__typename"], found["code"]) == ("ForbiddenError", "FORBIDDEN")
        answers = [
            (await api.ask(document, elsewhere.admin, input={"networkId": gid("Network", row), "email": "a@b.example"}))
            for row in (number, 10**8)
        ]
        assert answers[0] == answers[1]
        assert answers[0][field]["message"] == "There is no such network."
