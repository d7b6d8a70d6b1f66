"""Whether the named queries are well kept, and fit the tables."""

import re

import asyncpg
import pytest

from models.queries import all_queries, query


@pytest.fixture(scope="module")
async def pg(database_url: str):
    """Return a connection to migrated tables."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", sorted(all_queries()))
async def test_a_query_fits_the_tables_and_takes_as_many_arguments_as_it_names(pg: asyncpg.Connection, name: str):
    statement = await pg.prepare(query(name))
    named = {int(number) for number in re.findall(r"\$(\d+)", _code(query(name)))}
    assert sorted(named) == list(range(1, len(statement.get_parameters()) + 1))


@pytest.mark.parametrize("name", sorted(all_queries()))
def test_a_query_is_described(name: str):
    """What it takes and gives stands under its name."""
    assert query(name).startswith("-- ")


def test_an_unknown_name_is_an_error():
    with pytest.raises(KeyError):
        query("no_such_query")


def _code(text: str) -> str:
    return re.sub(r"--.*", "", text)
