"""Comity's own PostgreSQL and Redis, for a machine that has neither: started in a data folder, stopped with Comity.

`start` is for `comity run`; `join` is for every other command, and uses what already runs. Both lead to settings with
`database_url`, `redis_url` and `secret` filled in, and do nothing for a service that the environment names.
"""

from server.embedded.error import EmbeddedError
from server.embedded.services import Services, join, start

__all__ = ["EmbeddedError", "Services", "join", "start"]
