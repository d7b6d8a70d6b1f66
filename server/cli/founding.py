"""Nations, networks, users and tokens: made and unmade by whoever runs Comity."""

import sys
from typing import Annotated

import typer

from actions.accounts import MIN_PASSWORD, create_api_token, create_user
from actions.nations import create_nation, create_network, network_named
from actions.network_managers import dismiss_manager, name_manager
from actions.networks import join_network, leave_network
from actions.removal import delete_nation
from actions.unit import unit_of_work
from models.nation import Nation
from models.network import Network
from server.cli.opened import nation_of, with_database
from server.post import RedisPost
from sharing.slugs import as_slug
from sharing.visibility import Caller, Plan, Role

nation = typer.Typer(no_args_is_help=True, help="Nations: the tenants.")
network = typer.Typer(no_args_is_help=True, help="Networks: families of nations.")
manager = typer.Typer(no_args_is_help=True, help="Managers of networks: users of their nations.")
user = typer.Typer(no_args_is_help=True, help="Users: people who sign in.")
token = typer.Typer(no_args_is_help=True, help="Tokens: for programs that act for a nation.")
network.add_typer(manager, name="manager")

NationSlug = Annotated[str, typer.Option("--nation", metavar="SLUG", help="The nation, by its slug.")]
NetworkSlug = Annotated[str, typer.Argument(help="The network, by its slug.")]
ManagerEmail = Annotated[str, typer.Argument(help="The address that the manager signs in with.")]
RoleOption = Annotated[Role, typer.Option("--role", case_sensitive=False, help="What it may do there.")]


@nation.command("create")
def nation_create(
    slug: Annotated[str, typer.Argument(help="What others call it by: lower-case letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="What it calls itself.")],
    plan: Annotated[Plan, typer.Option(case_sensitive=False, help="What it may do.")],
    network: Annotated[str | None, typer.Option(metavar="SLUG", help="The network that it belongs to.")] = None,
    voters: Annotated[bool, typer.Option("--voters", help="It has voters enabled.")] = False,
    country: Annotated[str, typer.Option(help="Where phones and postcodes without a country are from.")] = "US",
) -> None:
    """Found a nation. A network that is not there yet is founded with it, and the first nation of one is its HQ."""

    async def create(post: RedisPost) -> None:
        async with unit_of_work(post) as unit:
            if network is not None and not (as_slug(network) and await Network.exists(slug=as_slug(network))):
                await create_network(unit, network, network)
            await create_nation(unit, slug, name, plan, network, voters, country)

    with_database(create)
    typer.echo(f"Created the nation {slug}.")


@nation.command("delete")
def nation_delete(
    slug: Annotated[str, typer.Argument(help="The nation, by its slug.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
) -> None:
    """Delete a nation with its people, tags, shares and tokens. Live shares are stopped first; others keep theirs."""
    if not yes:
        typer.confirm(f"Delete the nation {slug} and everything in it, for good?", abort=True)

    async def delete(post: RedisPost) -> None:
        place = await nation_of(slug)
        async with unit_of_work(post, _for(place)) as unit:
            await delete_nation(unit, place.id)

    with_database(delete)
    typer.echo(f"Deleted the nation {slug}.")


@network.command("join")
def network_join(
    slug: NetworkSlug,
    nation: NationSlug,
) -> None:
    """Put a nation into a network. The first one there is its HQ; a later one gets the custom fields that HQ shares."""

    async def join(post: RedisPost) -> None:
        place = await nation_of(nation)
        async with unit_of_work(post) as unit:
            await join_network(unit, place.id, slug)

    with_database(join)
    typer.echo(f"{nation} is in the network {slug}.")


@network.command("leave")
def network_leave(nation: NationSlug) -> None:
    """Take a nation out of its network: custom fields and Facebook user ids no longer travel on its shares."""

    async def leave(post: RedisPost) -> None:
        place = await nation_of(nation)
        async with unit_of_work(post, _for(place)) as unit:
            await leave_network(unit, place.id)

    with_database(leave)
    typer.echo(f"{nation} is in no network.")


def _for(place: Nation) -> Caller:
    """Whoever runs Comity, in the place of a nation's admin."""
    return Caller(roles={place.id: Role.ADMIN})


@network.command("create")
def network_create(
    slug: Annotated[str, typer.Argument(help="What others call it by: lower-case letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="What it calls itself.")],
) -> None:
    """Found a network."""

    async def create(post: RedisPost) -> None:
        async with unit_of_work(post) as unit:
            await create_network(unit, slug, name)

    with_database(create)
    typer.echo(f"Created the network {slug}.")


@manager.command("add")
def manager_add(slug: NetworkSlug, email: ManagerEmail) -> None:
    """Make a user of one of its nations a manager of a network."""

    async def add(post: RedisPost) -> None:
        place = await network_named(slug)
        async with unit_of_work(post, _over(place)) as unit:
            await name_manager(unit, place.id, email)

    with_database(add)
    typer.echo(f"{email} manages the network {slug}.")


@manager.command("remove")
def manager_remove(slug: NetworkSlug, email: ManagerEmail) -> None:
    """Let a user manage a network no longer. It may sign in as before, to the nations that it belongs to."""

    async def remove(post: RedisPost) -> None:
        place = await network_named(slug)
        async with unit_of_work(post, _over(place)) as unit:
            await dismiss_manager(unit, place.id, email)

    with_database(remove)
    typer.echo(f"{email} does not manage the network {slug}.")


def _over(place: Network) -> Caller:
    """Whoever runs Comity, in the place of a network's manager."""
    return Caller(networks=frozenset({place.id}))


@user.command("create")
def user_create(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    nation: NationSlug,
    role: RoleOption,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
) -> None:
    """Make a user. Asks for the password, or reads it from standard input where that is no terminal."""
    password = _password()

    async def create(post: RedisPost) -> None:
        place = await nation_of(nation)
        async with unit_of_work(post) as unit:
            await create_user(unit, email, password, name, place.id, role)

    with_database(create)
    typer.echo(f"Created the user {email}, {role.value.lower()} of {nation}.")


@token.command("create")
def token_create(
    nation: NationSlug,
    role: RoleOption,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make a token, and print it alone on the last line. It is not kept: nobody can be told it again."""

    async def create(post: RedisPost) -> str:
        place = await nation_of(nation)
        async with unit_of_work(post) as unit:
            return await create_api_token(unit, place.id, role, name)

    made = with_database(create)
    typer.echo(f"Send it as “Authorization: Bearer ...”; it acts as {role.value.lower()} of {nation}.")
    typer.echo(made)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    question = f"Password, at least {MIN_PASSWORD} characters"
    return str(typer.prompt(question, hide_input=True, confirmation_prompt=True))
