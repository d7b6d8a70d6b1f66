"""Who is in a segment of five clauses, counted, beside the same question written by hand."""

import time
from statistics import median
from typing import Any

import asyncpg

from actions.segments import create_segment, members_of
from actions.unit import unit_of_work
from benchmarks.figures import Figure
from benchmarks.made_up import MAKE_PEOPLE, MAKE_TAG
from benchmarks.stage import services
from models.nation import Nation
from server.database import open_database
from server.migrate import migrate
from server.post import open_post
from sharing.visibility import Caller, Role

ROUNDS = 5


def criteria(tag: str) -> dict[str, Any]:
    """Five clauses: a name, a place, an age, a consent or a tag."""
    return {
        "all": [
            _clause("STARTS_WITH", "m", field="last_name"),
            _clause("EQUALS", "Riverton", field="home_address", component="city"),
            _clause("LESS", "1985-01-01", field="birthdate"),
            {"any": [_clause("EQUALS", "true", field="email_opt_in"), _clause("EQUALS", tag, attribute="TAG")]},
        ]
    }


def _clause(operator: str, value: str, **about: str) -> dict[str, Any]:
    return {"clause": {**about, "operator": operator, "values": [value]}}


BY_HAND = """
SELECT count(*) FROM profiles p WHERE nation_id = $1 AND last_name ILIKE 'm%'
AND lower(home_address ->> 'city') = 'riverton' AND birthdate < '1985-01-01'
AND (email_opt_in OR EXISTS (SELECT FROM taggings t WHERE t.profile_id = p.id AND t.tag_id = $2))
"""


async def measure(people: int) -> list[Figure]:
    """Count, in turns; both answers are the same."""
    with services() as settings:
        await migrate(settings.database_url)
        pg = await asyncpg.connect(settings.database_url)
        try:
            nation_id = await pg.fetchval(
                "INSERT INTO nations (slug, name, plan, voters_enabled, auto_districting, country, created_at) "
                "VALUES ('source', 'Source', 'NETWORK', false, false, 'US', now()) RETURNING id"
            )
            await pg.execute(MAKE_PEOPLE, nation_id, people)
            tag_id = await pg.fetchval(MAKE_TAG, nation_id, 10)
            await pg.execute("VACUUM ANALYZE")
            async with open_database(settings.database_url), open_post(settings.redis_url) as post:
                caller = Caller(roles={nation_id: Role.ADMIN})
                async with unit_of_work(post, caller) as unit:
                    await create_segment(unit, nation_id, "five clauses", criteria(str(tag_id)))
                    now = await unit.now()
                members = await members_of(await Nation.get(id=nation_id), criteria(str(tag_id)), now)
            compiled, arguments = members.counting()
            ours, theirs = [], []
            for _ in range(ROUNDS):
                seconds, found = await _timed(pg, compiled, *arguments)
                ours.append(seconds)
                seconds, expected = await _timed(pg, BY_HAND, nation_id, tag_id)
                theirs.append(seconds)
                assert found == expected > 0, (found, expected)
        finally:
            await pg.close()
    ratio = median(ours) / median(theirs)
    told = f"{median(ours) * 1000:.0f} ms, {found:,} in it"
    by_hand = f"by hand {median(theirs) * 1000:.0f} ms, x {ratio:.2f}"
    return [Figure(f"five clauses counted over {people:,} profiles, median of {ROUNDS}", told, by_hand)]


async def _timed(pg: asyncpg.Connection, text: str, *arguments: object) -> tuple[float, int]:
    start = time.perf_counter()
    number = await pg.fetchval(text, *arguments)
    return time.perf_counter() - start, number
