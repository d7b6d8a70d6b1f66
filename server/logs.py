"""Logs: lines for a person in a terminal, JSON elsewhere; no personal data and no secrets in either."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

REMOVED = "[removed]"

# Fields whose values are never logged: secrets, what people ask, and who they are.
PRIVATE_FIELDS = frozenset(
    {"password", "secret", "token", "authorization", "cookie", "query", "variables", "email", "emails", "phone", "url"}
)

# What is cut out of text, wherever it stands. Errors of libraries quote values, so their text is cleaned as well.
PRIVATE_TEXT = (
    (re.compile(r"^\s*DETAIL:.*$", re.MULTILINE), ""),  # PostgreSQL quotes the values of the row
    (re.compile(r"\n\nGraphQL request:.*", re.DOTALL), ""),  # graphql-core quotes the document
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), REMOVED),  # addresses of people
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), REMOVED),  # signed tokens
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), rf"\1 {REMOVED}"),  # an Authorization header
    (re.compile(r"://[^\s/@:]*:[^\s/@]+@"), f"://{REMOVED}@"),  # a password in an address
)

# Libraries that say at "info" what nobody needs to know in daily use, and the least level that is heard of them.
QUIETER = {"tortoise": logging.WARNING, "asyncpg": logging.WARNING, "websockets": logging.WARNING}


def configure(level: str = "info", *, stream: TextIO | None = None) -> None:
    """Send all logs, ours and those of libraries, through one formatter.

    Args:
        level: the least level that is logged: debug, info, warning or error.
        stream: where to; standard error unless told.
    """
    stream = stream or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # as text, without the values of variables
        clean,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    render: Processor = structlog.processors.JSONRenderer(sort_keys=True)
    if stream.isatty():
        render = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[*before, structlog.stdlib.ProcessorFormatter.remove_processors_meta, render]
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(level.upper())
    for name, least in QUIETER.items():
        logging.getLogger(name).setLevel(max(least, logging.root.level))
    access = logging.getLogger("uvicorn.access")
    access.filters = [_access]


def clean(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove secrets and personal data from a log entry."""
    return {name: _cleaned(name, value) for name, value in event.items()}


def scrub(text: str) -> str:
    """Cut out of a text what may not be logged."""
    for pattern, replacement in PRIVATE_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _cleaned(name: str, value: Any) -> Any:
    if name.startswith("_"):  # structlog's own
        return value
    if name.lower() in PRIVATE_FIELDS:
        return REMOVED
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned("", inner) for inner in value]
    return value if isinstance(value, int | float | None) else scrub(str(value))


def _access(record: logging.LogRecord) -> bool:
    """Leave out of an access log who asked, and what for: it reads `GET /graphql 200`."""
    if isinstance(record.args, tuple) and len(record.args) == 5:
        _, method, path, _, status = record.args
        record.msg, record.args = "%s %s %s", (method, str(path).partition("?")[0], status)
    return True
