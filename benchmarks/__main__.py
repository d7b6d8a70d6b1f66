"""``python -m benchmarks``: run all of them, or those named."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from benchmarks import audiences, crossing, edits, fan_out, first_sync, imports, matching, peer, public_sets, segments
from benchmarks.figures import Figure, show

BENCHMARKS: dict[str, Callable[[argparse.Namespace], Awaitable[list[Figure]]]] = {
    "imports": lambda size: imports.measure(size.people),
    "first-sync": lambda size: first_sync.measure(size.people),
    "first-sync-filled": lambda size: first_sync.measure_filled(size.people),
    "crossing": lambda size: crossing.measure(size.people),
    "edits": lambda size: edits.measure(size.people),
    "edits-beside": lambda size: edits.measure_beside(size.people),
    "fan-out": lambda size: fan_out.measure(size.subscribers or fan_out.SIZES),
    "matching": lambda size: matching.measure(size.people),
    "segments": lambda size: segments.measure(size.people),
    "audiences": lambda size: audiences.measure(size.people),
    "public-sets": lambda size: public_sets.measure(size.people),
}
# Those that need nothing beyond what tests need.
USUAL = ("imports", "first-sync", "edits")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(BENCHMARKS)} (default: {', '.join(USUAL)})")
    parser.add_argument("--people", type=int, default=100_000, help="profiles of each nation (default: 100,000)")
    parser.add_argument("--peers", default=peer.python, metavar="PYTHON", help="the interpreter that has the peers")
    parser.add_argument("--rounds", type=int, default=matching.rounds, help="rounds of matching (default: 5)")
    parser.add_argument(
        "--settings", nargs="*", choices=matching.settings, default=matching.settings, help="error rates"
    )
    parser.add_argument("--evidence", nargs="*", choices=("all", "tag"), default=("all", "tag"), help="for matching")
    parser.add_argument(
        "--subscribers", type=int, nargs="+", help=f"how many listen to one event (default: {fan_out.SIZES})"
    )
    chosen = parser.parse_args()
    peer.python = chosen.peers
    matching.rounds, matching.settings = chosen.rounds, chosen.settings
    matching.evidence = [name == "all" for name in chosen.evidence]
    if unknown := set(chosen.names) - BENCHMARKS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(BENCHMARKS)}")
    for name in chosen.names or USUAL:
        show(name, asyncio.run(BENCHMARKS[name](chosen)))


main()
