"""The command line: `comity`."""

from server.cli.program import main

__all__ = ["main"]
