"""What the workers do by the clock."""

from collections.abc import Mapping

from server.worker import Cron
from workers.sweep import prune, rematch, sweep

EVERY_TEN_SECONDS = frozenset(range(0, 60, 10))

TIMETABLE: Mapping[str, Cron] = {
    "sweep": Cron(sweep, seconds=EVERY_TEN_SECONDS, at_start=True),
    "rematch": Cron(rematch, seconds=frozenset({5})),  # the shares whose day is over, some of them each minute
    "prune": Cron(prune, seconds=frozenset({7}), minutes=frozenset({41})),
}
