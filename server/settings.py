"""Settings: the only place where the environment is read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from server.refusal import Refusal

SECRET_LENGTH = 32

# What each value must be, for the sentence that refuses another.
RULES = {
    "COMITY_DATA": "a folder that can be created and written to",
    "COMITY_HOST": "an address to listen on, such as 127.0.0.1 or 0.0.0.0",
    "COMITY_PORT": "a whole number from 1 to 65535",
    "COMITY_SECRET": f"at least {SECRET_LENGTH} characters long; `openssl rand -hex 32` makes a good one",
    "DATABASE_URL": "an address such as postgres://user:password@host:5432/comity",
    "REDIS_URL": "an address such as redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/redis.sock?db=0",
    "COMITY_WEB_WORKERS": "a whole number from 1 to 64",
    "COMITY_WORKERS": "a whole number from 0 to 64",
    "COMITY_LOG": "one of debug, info, warning, error",
    "COMITY_ALLOWED_ORIGINS": "origins with commas between, such as https://one.example,https://two.example:8443, or *",
    "COMITY_DOCUMENTS": "one of off, prefer, only",
    "COMITY_DOCUMENTS_FILE": "a file with the documents that clients may name, as JSON",
}
# Whole numbers that bound what clients may do: their variable, the least and the most that it may be, and what 0 means
# where it may be that.
BOUNDS = {
    "COMITY_MAX_BODY": (1_000, 100_000_000, ""),
    "COMITY_MAX_TEXT": (1_000, 1_000_000, ""),
    "COMITY_MAX_TOKENS": (100, 100_000, ""),
    "COMITY_MAX_DEPTH": (3, 100, ""),
    "COMITY_MAX_ALIASES": (0, 10_000, ""),
    "COMITY_MAX_FIELDS": (10, 100_000, ""),
    "COMITY_MAX_REPEATS": (1, 1_000, ""),
    "COMITY_MAX_DIRECTIVES": (0, 10_000, ""),
    "COMITY_MAX_LIST": (1, 1_000_000, ""),
    "COMITY_MAX_COST": (10, 10_000_000, ""),
    "COMITY_MAX_SECONDS": (1, 3_600, ""),
    "COMITY_RATE": (0, 10_000_000, ", 0 for no limit"),
    "COMITY_RATE_BURST": (10, 100_000_000, ""),
    "COMITY_MAX_OPERATIONS": (1, 1_000_000, ""),
    "COMITY_MAX_CONNECTIONS": (1, 1_000_000, ""),
    "COMITY_MAX_SUBSCRIPTIONS": (1, 1_000_000, ""),
    "COMITY_MAX_MESSAGES": (1, 100_000, ""),
}
SWITCHES = ("COMITY_INTROSPECTION", "COMITY_GRAPHIQL", "COMITY_SUGGESTIONS", "COMITY_WEBHOOKS_ANYWHERE")

RULES |= {name: f"a whole number from {least} to {most}{besides}" for name, (least, most, besides) in BOUNDS.items()}
RULES |= dict.fromkeys(SWITCHES, "on or off")

# Values that hold, or may hold, a password: named in errors, never shown.
PRIVATE = {"COMITY_SECRET", "DATABASE_URL", "REDIS_URL"}


class SettingsError(Refusal):
    """One or more settings hold a value that cannot be used."""


def _bound(name: str, default: int, description: str) -> Any:
    least, most, _ = BOUNDS[name]
    return Field(default=default, ge=least, le=most, validation_alias=name, description=description)


def _switch(name: str, default: bool, description: str) -> Any:
    return Field(default=default, validation_alias=name, description=description)


class Settings(BaseSettings):
    """Everything that is configured, read once and never changed.

    An empty ``database_url`` or ``redis_url`` means that Comity runs its own, in ``data``; `server.embedded` returns
    settings in which both are filled, and the secret with them.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    data: Path = Field(default=Path(".comity"), validation_alias="COMITY_DATA", description="where own services lie")
    host: str = Field(default="127.0.0.1", validation_alias="COMITY_HOST", description="address the web listens on")
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="COMITY_PORT", description="port of the web")
    secret: SecretStr = Field(default=SecretStr(""), validation_alias="COMITY_SECRET", description="signs tokens")
    database_url: str = Field(default="", repr=False, validation_alias="DATABASE_URL", description="PostgreSQL")
    redis_url: str = Field(default="", repr=False, validation_alias="REDIS_URL", description="Redis")
    web_workers: int = Field(default=1, ge=1, le=64, validation_alias="COMITY_WEB_WORKERS", description="web processes")
    workers: int = Field(default=2, ge=0, le=64, validation_alias="COMITY_WORKERS", description="job processes")
    log: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias="COMITY_LOG", description="least level that is logged"
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="COMITY_ALLOWED_ORIGINS", description="web pages of other origins that may call"
    )

    documents: Literal["off", "prefer", "only"] = Field(
        default="prefer", validation_alias="COMITY_DOCUMENTS", description="whether clients may name documents, or must"
    )
    documents_file: Path | None = Field(
        default=None, validation_alias="COMITY_DOCUMENTS_FILE", description="documents that clients may name"
    )
    introspection: bool = _switch("COMITY_INTROSPECTION", True, "whether the schema may be asked for")
    graphiql: bool = _switch("COMITY_GRAPHIQL", True, "whether browsers get GraphiQL")
    suggestions: bool = _switch("COMITY_SUGGESTIONS", False, "whether errors name what may have been meant")
    webhooks_anywhere: bool = _switch(
        "COMITY_WEBHOOKS_ANYWHERE", False, "whether webhooks may go by http, and to private addresses"
    )
    max_body: int = _bound("COMITY_MAX_BODY", 1_048_576, "bytes of a request's body")
    max_text: int = _bound("COMITY_MAX_TEXT", 50_000, "characters of a document")
    max_tokens: int = _bound("COMITY_MAX_TOKENS", 2_000, "words and signs of a document")
    max_depth: int = _bound("COMITY_MAX_DEPTH", 15, "fields within fields")
    max_aliases: int = _bound("COMITY_MAX_ALIASES", 30, "renamed fields")
    max_fields: int = _bound("COMITY_MAX_FIELDS", 2_000, "fields, fragments written out")
    max_repeats: int = _bound("COMITY_MAX_REPEATS", 30, "times the same field at one place")
    max_directives: int = _bound("COMITY_MAX_DIRECTIVES", 50, "directives of a document")
    max_list: int = _bound("COMITY_MAX_LIST", 10_000, "items of a list in variables")
    max_cost: int = _bound("COMITY_MAX_COST", 5_000, "points of an operation")
    max_seconds: int = _bound("COMITY_MAX_SECONDS", 30, "seconds of an operation")
    rate: int = _bound("COMITY_RATE", 2_000, "points a second that a token gets back")
    rate_burst: int = _bound("COMITY_RATE_BURST", 60_000, "points that a token has at most")
    max_operations: int = _bound("COMITY_MAX_OPERATIONS", 100, "operations of a token under way in one web process")
    max_connections: int = _bound("COMITY_MAX_CONNECTIONS", 100, "sockets and streams of a token in one web process")
    max_subscriptions: int = _bound("COMITY_MAX_SUBSCRIPTIONS", 1_000, "subscriptions of a token in one web process")
    max_messages: int = _bound("COMITY_MAX_MESSAGES", 50, "messages a second on a socket")

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            SettingsError: with one sentence for each value that cannot be used.
        """
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("\n".join(_sentences(error, os.environ))) from None

    @property
    def own_postgres(self) -> bool:
        """Whether Comity runs its own PostgreSQL."""
        return not self.database_url

    @property
    def own_redis(self) -> bool:
        """Whether Comity runs its own Redis."""
        return not self.redis_url

    def environment(self) -> dict[str, str]:
        """Return the environment of processes that Comity starts: ours, with these settings."""
        values = {str(field.validation_alias): getattr(self, name) for name, field in type(self).model_fields.items()}
        return dict(os.environ) | {name: _written(value) for name, value in values.items()}

    @field_validator("data", "documents_file")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
            raise ValueError("host")
        return value

    @field_validator("log", "documents", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        return _url(value, {"postgres", "postgresql"})

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        return _url(value, {"redis", "rediss", "unix"})

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        origins = tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        if not all(origin == "*" or re.fullmatch(r"https?://[^/\s?#@]+", origin) for origin in origins):
            raise ValueError("origin")
        return origins

    @model_validator(mode="after")
    def _signing(self) -> Self:
        secret = self.secret.get_secret_value()
        if not secret and self.database_url:
            raise SettingsError(
                "COMITY_SECRET is missing: with DATABASE_URL set it must be given, the same to every process, and be "
                f"{RULES['COMITY_SECRET']}."
            )
        if secret and len(secret) < SECRET_LENGTH:
            raise SettingsError(f"COMITY_SECRET is too short: it must be {RULES['COMITY_SECRET']}.")
        return self


def _written(value: Any) -> str:
    """A value as it is read back from the environment."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


def _url(value: str, schemes: set[str]) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in schemes or parts.port == 0):  # asking for the port refuses one that is no number
        raise ValueError("url")
    return value


def _sentences(error: ValidationError, environment: Mapping[str, str]) -> list[str]:
    found = []
    for detail in error.errors(include_input=False, include_url=False):
        name = str(detail["loc"][0]).upper()
        shown = "has a value that cannot be used" if name in PRIVATE else f"is {environment.get(name, '')!r}"
        found.append(f"{name} {shown}: it must be {RULES[name]}.")
    return found
