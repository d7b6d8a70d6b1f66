"""``python -m benchmarks``: run all of them, or those named."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from benchmarks import edits, fan_out, first_sync, imports
from benchmarks.figures import Figure, show

BENCHMARKS: dict[str, Callable[[argparse.Namespace], Awaitable[list[Figure]]]] = {
    "imports": lambda size: imports.measure(size.people),
    "first-sync": lambda size: first_sync.measure(size.people),
    "first-sync-filled": lambda size: first_sync.measure_filled(size.people),
    "edits": lambda size: edits.measure(size.people),
    "fan-out": lambda size: fan_out.measure(size.subscribers or fan_out.SIZES),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--people", type=int, default=100_000, help="profiles of each nation (default: 100,000)")
    parser.add_argument(
        "--subscribers", type=int, nargs="+", help=f"how many listen to one event (default: {fan_out.SIZES})"
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - BENCHMARKS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(BENCHMARKS)}")
    for name in chosen.names or BENCHMARKS:
        show(name, asyncio.run(BENCHMARKS[name](chosen)))


main()
