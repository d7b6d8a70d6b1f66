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
}
# Values that hold, or may hold, a password: named in errors, never shown.
PRIVATE = {"COMITY_SECRET", "DATABASE_URL", "REDIS_URL"}


class SettingsError(Refusal):
    """One or more settings hold a value that cannot be used."""


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
        return dict(os.environ) | {
            "COMITY_DATA": str(self.data),
            "COMITY_HOST": self.host,
            "COMITY_PORT": str(self.port),
            "COMITY_SECRET": self.secret.get_secret_value(),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "COMITY_WEB_WORKERS": str(self.web_workers),
            "COMITY_WORKERS": str(self.workers),
            "COMITY_LOG": self.log,
            "COMITY_ALLOWED_ORIGINS": ",".join(self.allowed_origins),
        }

    @field_validator("data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
            raise ValueError("host")
        return value

    @field_validator("log", mode="before")
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
