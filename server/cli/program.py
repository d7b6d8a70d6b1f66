"""The commands, and how their errors are told."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from actions.firing import DELIVER
from server import embedded, logs, supervisor
from server.cli import founding
from server.cli.importing import import_file
from server.cli.opened import check, opened, with_database, with_services
from server.demo import seed as demonstration
from server.migrate import migrate as migrate_database
from server.refusal import Refusal
from server.settings import Settings
from server.timetable import TIMETABLE
from server.worker import JobFunction, work
from sharing.errors import ComityError
from workers.jobs import JOBS
from workers.webhooks import Deliverer

INTERRUPTED = 130

app = typer.Typer(
    name="comity",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Nations that share people, matched and kept in step.",
    epilog="Settings are read from the environment: COMITY_DATA, COMITY_HOST, COMITY_PORT, COMITY_SECRET, "
    "DATABASE_URL, REDIS_URL, COMITY_WEB_WORKERS, COMITY_WORKERS, COMITY_LOG, COMITY_ALLOWED_ORIGINS, and bounds to "
    "what clients may do. The README explains them.",
)
app.add_typer(founding.nation, name="nation")
app.add_typer(founding.network, name="network")
app.add_typer(founding.user, name="user")
app.add_typer(founding.token, name="token")


@app.command()
def run() -> None:
    """Run all of Comity until Ctrl-C: its own PostgreSQL and Redis where none are named, web and workers."""
    settings = Settings.load()
    logs.configure(settings.log)

    async def seed(complete: Settings) -> None:
        async with opened(complete) as post:
            await demonstration.seed_first(post, complete.data)

    async def bring_up_to_date(complete: Settings) -> None:
        await migrate_database(complete.database_url)

    supervisor.run(settings, migrate=bring_up_to_date, seed=seed, announce=demonstration.announce)


@app.command()
def serve() -> None:
    """Serve the web: GraphQL, GraphiQL, uploads."""
    from server.serve import serve as serve_web  # noqa: PLC0415 - GraphQL doubles the time that a command needs to start

    def run_web(settings: Settings) -> None:
        logs.configure(settings.log)
        asyncio.run(check(settings))
        if not serve_web(settings):
            raise typer.Exit(1)

    with_services(run_web)


def jobs_of(settings: Settings) -> dict[str, JobFunction]:
    """The jobs as workers with these settings do them."""
    return {**JOBS, DELIVER: Deliverer(anywhere=settings.webhooks_anywhere)}


@app.command()
def worker() -> None:
    """Do background jobs: matching, syncing, imports."""

    def run_worker(settings: Settings) -> None:
        logs.configure(settings.log)
        asyncio.run(check(settings))
        uvloop.run(work(settings, jobs_of(settings), TIMETABLE))

    with_services(run_worker)


@app.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    settings = Settings.load()
    with embedded.join(settings) as complete:
        applied = asyncio.run(migrate_database(complete.database_url))
    typer.echo(f"Applied {', '.join(applied)}." if applied else "There is nothing to do: the database is up to date.")


@app.command()
def demo() -> None:
    """Put three nations of made-up people in, where there are none yet, and tell how to sign in."""

    def put_in(settings: Settings) -> None:
        async def seed() -> None:
            async with opened(settings) as post:
                if not await demonstration.seed_first(post, settings.data):
                    typer.echo("There are nations already: nothing was put in.")

        asyncio.run(seed())
        demonstration.tell(settings)

    with_services(put_in)


@app.command()
def schema() -> None:
    """Print the API's schema in GraphQL's own language, sorted."""
    from resolvers.roots import print_sdl  # noqa: PLC0415 - as above

    typer.echo(print_sdl(), nl=False)


@app.command("import")
def import_people(
    slug: Annotated[str, typer.Argument(help="The nation, by its slug.")],
    file: Annotated[Path, typer.Argument(help="A CSV file, its first line the names of the columns.")],
    report: Annotated[Path | None, typer.Option(help="Where to write the lines that cannot be taken, as CSV.")] = None,
) -> None:
    """Take the people of a CSV file into a nation. Lines that cannot be taken are listed; the rest goes in."""
    with_database(lambda post: import_file(post, slug, file, report))


def main() -> None:
    """Run a command. What goes wrong is told in a sentence or two."""
    try:
        app()
    except (Refusal, ComityError) as refusal:
        _fail(str(refusal))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as fault:
        if Settings.load().log == "debug":
            raise
        _fail(f"Something went wrong inside Comity ({type(fault).__name__}). COMITY_LOG=debug shows where.")


def _fail(message: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False)
    sys.exit(1)
