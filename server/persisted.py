"""Documents that clients name instead of sending: trusted ones out of a file, and those that clients sent before."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import orjson

from server.documents import CACHED_LENGTH
from server.reception import HASH, Asked, Unfit
from server.refusal import Refusal
from server.store import Store

PREFIX = "comity:document:"
INDEX = "comity:documents"
KEPT = 2_000  # in Redis, by all processes together; of those used last
KEPT_HERE = 512
KEPT_SECONDS = 7 * 86_400

KEEP = """
local now = redis.call('TIME')
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
redis.call('ZADD', KEYS[2], now[1] + now[2] / 1000000, ARGV[2])
local over = redis.call('ZCARD', KEYS[2]) - ARGV[4]
if over > 0 then
    local old = redis.call('ZPOPMIN', KEYS[2], over)
    for i = 1, #old, 2 do redis.call('DEL', ARGV[5] .. old[i]) end
end
return 1
"""
FIND = """
local text = redis.call('GET', KEYS[1])
if text then
    local now = redis.call('TIME')
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    redis.call('ZADD', KEYS[2], now[1] + now[2] / 1000000, ARGV[1])
end
return text
"""

Mode = Literal["off", "prefer", "only"]


class ManifestError(Refusal):
    """The file of trusted documents cannot be used."""


class Persisted:
    """Finds the text of an operation that names its document.

    Args:
        mode: whether documents may be named, or must be, and be trusted ones.
        trusted: documents by their ids.
        store: where those that clients send are kept for all processes.
    """

    def __init__(self, mode: Mode, trusted: Mapping[str, str], store: Store) -> None:
        self._mode = mode
        self._trusted = {digest_of(text): text for text in trusted.values()} | dict(trusted)
        self._store = store
        self._keep, self._find = store.script(KEEP), store.script(FIND)
        self._here: OrderedDict[str, str] = OrderedDict()

    async def found(self, asked: Asked) -> Asked:
        """The operation with its text.

        Raises:
            Unfit: it is not known, or may not be sent like this; the code says what to do.
        """
        name = asked.named
        if self._mode == "off":
            if not asked.query:
                raise Unfit(200, "PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
            return replace(asked, named=None)
        if name is None:
            if self._mode == "only":
                message = "Only documents of the list are taken: send the documentId of one, and no query."
                raise Unfit(None, message, "PERSISTED_QUERY_ID_REQUIRED")
            return asked
        text = self._trusted.get(name)
        if text is None and self._mode == "only":
            message = "There is no such document in the list: the operator must add it."
            raise Unfit(None, message, "PERSISTED_QUERY_NOT_IN_LIST")
        if asked.query:
            if asked.query != text and digest_of(asked.query) != name:
                message = "The hash is not the SHA-256 of the query, or its document is another: send the right one."
                raise Unfit(400, message, "PERSISTED_QUERY_HASH_MISMATCH")
            return asked
        text = text or await self._kept(name)
        if text is None:
            raise Unfit(200, "PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        return replace(asked, query=text)

    async def keep(self, asked: Asked) -> None:
        """Keep the text of an operation that is fit to run and named by its hash, for whoever names it next."""
        name, text = asked.named, asked.query
        if name is None or name in self._trusted or name in self._here or len(text) > CACHED_LENGTH:
            return
        self._remember(name, text)
        arguments = [text, name, KEPT_SECONDS, KEPT, PREFIX]
        await self._store.run(self._keep, [PREFIX + name, INDEX], arguments)

    async def _kept(self, name: str) -> str | None:
        if not HASH.fullmatch(name):
            return None
        if name in self._here:
            self._here.move_to_end(name)
            return self._here[name]
        found: Any = await self._store.run(self._find, [PREFIX + name, INDEX], [name, KEPT_SECONDS])
        if found is None or sha256(found).hexdigest() != name:
            return None
        text = found.decode()
        self._remember(name, text)
        return str(text)

    def _remember(self, name: str, text: str) -> None:
        self._here[name] = text
        if len(self._here) > KEPT_HERE:
            self._here.popitem(last=False)


def digest_of(text: str) -> str:
    """The SHA-256 of a text, as clients name it."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def read_manifest(mode: Mode, path: Path | None) -> dict[str, str]:
    """The trusted documents of a file, by their ids.

    The file is what the tools of clients write: Apollo's manifest, or an object with the text for each id (Relay,
    graphql-codegen).

    Raises:
        ManifestError: it cannot be read, holds something else, or an id is a hash of another text.
    """
    if path is None:
        if mode == "only":
            raise ManifestError("COMITY_DOCUMENTS is “only”: name the file that holds them in COMITY_DOCUMENTS_FILE.")
        return {}
    try:
        given = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ManifestError(f"COMITY_DOCUMENTS_FILE cannot be read ({error}): check {path}.") from None
    documents: dict[str, str] = {}
    for name, text in _rows(given):
        if not (isinstance(name, str) and name and isinstance(text, str) and text.strip()):
            raise ManifestError(f"COMITY_DOCUMENTS_FILE must be an object with a text for each id: check {path}.")
        name = name.removeprefix("sha256:")
        if HASH.fullmatch(name) and digest_of(text) != name:
            raise ManifestError(f"COMITY_DOCUMENTS_FILE is wrong: {name} is not the SHA-256 of its document.")
        documents[name] = text
    return documents


def _rows(given: Any) -> list[tuple[Any, Any]]:
    """The ids and texts of a manifest; a row of nothing where it is none."""
    if not isinstance(given, dict):
        return [(None, None)]
    operations = given.get("operations")
    if not isinstance(operations, list):
        return list(given.items())
    return [(row.get("id"), row.get("body")) if isinstance(row, dict) else (None, None) for row in operations]
