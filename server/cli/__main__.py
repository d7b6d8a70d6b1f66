"""`python -m server.cli`, which is `comity` wherever that is not on PATH."""

from server.cli import main

main()
