"""Slugs that nothing can be called by: answered as one that nothing is called by."""

from __future__ import annotations

import httpx
import pytest

from models.share import Share
from tests.resolvers.asking import Api, gid
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.world import World

IMPOSSIBLE = ["", "   ", "a" * 64, "ω" * 92, "a\0b", "-a", "north pole", "ǆ"]


@pytest.mark.parametrize("slug", IMPOSSIBLE)
async def test_no_nation_and_no_network_has_it(api: Api, world: World, slug: str) -> None:
    north = await world.nation("north")
    text = "query ($slug: String!) { nation(slug: $slug) { id } network(slug: $slug) { id } }"
    assert await api.ask(text, north.admin, slug=slug) == {"nation": None, "network": None}


@pytest.mark.parametrize("slug", IMPOSSIBLE)
async def test_nothing_is_shared_with_it(api: Api, world: World, slug: str) -> None:
    north = await world.nation("north")
    given = {"tagId": gid("Tag", await north.tag("members")), "receiverSlugs": [slug]}
    text = (
        "mutation ($input: CreateTagSharesInput!) "
        "{ createTagShares(input: $input) { __typename ... on UserError { message path } } }"
    )
    found = (await api.ask(text, north.admin, input=given))["createTagShares"]
    assert (found["__typename"], found["path"]) == ("InvalidInputError", ["receiverSlugs", "0"])
    assert "There is no nation" in found["message"]
    assert await Share.filter(sender_id=north.id).count() == 0


@pytest.mark.parametrize("slug", ["a" * 64, "%00", "north%20pole", "%CF%89"])
async def test_nothing_is_imported_into_it(site: Site, world: World, slug: str) -> None:
    token = await token_of(await world.nation("north"))
    async with httpx.AsyncClient() as client:
        headers = {"authorization": f"Bearer {token}", "content-type": "text/csv"}
        answer = await client.post(f"{site.url}/import/{slug}", content=b"first_name\nAda\n", headers=headers)
    assert answer.status_code == 404


async def test_a_slug_is_known_in_whatever_case_and_with_white_space_around_it(api: Api, world: World) -> None:
    north = await world.nation("north")
    text = "query ($slug: String!) { nation(slug: $slug) { slug } }"
    assert await api.ask(text, north.admin, slug=f" {north.slug.upper()} ") == {"nation": {"slug": north.slug}}
