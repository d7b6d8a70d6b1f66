"""How the tables are reached: one configuration for the server, the workers, migrations and tests."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MODULES = (
    "models.network",
    "models.nation",
    "models.user",
    "models.profile",
    "models.email",
    "models.custom_field",
    "models.tag",
    "models.segment",
    "models.share",
    "models.audience",
    "models.match",
    "models.conflict",
    "models.run",
    "models.ledger",
    "models.automation",
)


def config(database_url: str, *, pool: int = 10, patience: float = 0.0) -> dict[str, Any]:
    """Tortoise's configuration for a database.

    Args:
        database_url: ``postgres://user:password@host:port/database``; ``?host=/directory`` names a Unix socket.
        pool: the most connections one process opens.
        patience: seconds after which a statement is broken off; 0 for never.
    """
    parts = urlsplit(database_url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    credentials: dict[str, Any] = {
        "host": query.get("host") or parts.hostname or "localhost",
        "port": int(query.get("port") or parts.port or 5432),
        "user": unquote(parts.username or query.get("user") or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": pool,
        "server_settings": {"jit": "off", **({"statement_timeout": str(int(patience * 1000))} if patience else {})},
    }
    if "sslmode" in query:
        credentials["ssl"] = query["sslmode"]
    return {
        "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}},
        "apps": {
            "models": {
                "models": list(MODULES),
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }
