"""People by upload: a CSV file as the body of a request, read as it comes and never held whole."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import islice
from uuid import UUID

from anyio import from_thread, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from actions.importing import PIECE_ROWS, abandon_upload, add_rows, begin_import, finish_upload
from actions.post import Post
from actions.unit import unit_of_work
from models.nation import Nation
from resolvers.ids import encode
from sharing.csv_rows import CsvRows, Row, RowError
from sharing.errors import ComityError, Forbidden, InvalidFile, NotFound, Unauthenticated
from sharing.slugs import as_slug
from sharing.visibility import Caller

MEDIA_TYPES = ("text/csv", "application/csv")
STATUS = {Unauthenticated: 401, Forbidden: 403, NotFound: 404, InvalidFile: 422}
SEND_CSV = "Send the file with the content type text/csv."
NO_NATION = "There is no such nation, or you do not belong to it."
BROKEN_OFF = "The upload broke off before its end: nothing of it was taken in. Send the file again."

CallerOf = Callable[[str | None], Awaitable[Caller]]


class Uploads:
    """The endpoint ``POST /import/{slug}``.

    It answers 202 with the import's id once the file is all there; a worker takes its rows in. What cannot be read is
    refused with a sentence that says where and why, and nothing of the file is taken in.

    Args:
        caller_of: who bears an Authorization header.
        post: carries the hint to the workers.
    """

    def __init__(self, caller_of: CallerOf, post: Post) -> None:
        self._caller_of = caller_of
        self._post = post

    async def __call__(self, request: Request) -> Response:
        """Answer a request."""
        try:
            caller = await self._caller_of(request.headers.get("authorization"))
            if not caller.is_known:
                raise Unauthenticated("Say who you are: send an Authorization header with a Bearer token.")
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in MEDIA_TYPES:
                return _refusal(415, "UNSUPPORTED_MEDIA_TYPE", SEND_CSV, {"Accept-Post": "text/csv"})
            slug = as_slug(request.path_params["slug"])
            nation = await Nation.of(caller).get_or_none(slug=slug) if slug else None
            if nation is None:
                raise NotFound(NO_NATION)
            return await self._receive(request, caller, nation.id)
        except ComityError as error:
            status = next((status for kind_, status in STATUS.items() if isinstance(error, kind_)), 422)
            headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
            return _refusal(status, error.code, error.message, headers)

    async def _receive(self, request: Request, caller: Caller, nation_id: int) -> Response:
        receipt = _Receipt(self._post, caller, nation_id)
        body = aiter(request.stream())
        try:
            await to_thread.run_sync(_read, receipt, lambda: from_thread.run(_next_chunk, body))
        except ClientDisconnect:
            await receipt.abandon(BROKEN_OFF)
            raise
        except ComityError as error:
            await receipt.abandon(error.message)
            raise
        run_id = await receipt.finish()
        return JSONResponse(
            {"id": encode("ImportRun", run_id), "ignoredHeaders": list(receipt.ignored)}, status_code=202
        )


class _Receipt:
    """A file on its way in: what the database has of it."""

    def __init__(self, post: Post, caller: Caller, nation_id: int) -> None:
        self._post = post
        self._caller = caller
        self._nation_id = nation_id
        self._pieces = 0
        self._run_id: UUID | None = None
        self.ignored: tuple[str, ...] = ()

    async def begin(self, header: Row) -> None:
        """Take the header."""
        async with unit_of_work(self._post, self._caller) as unit:
            self._run_id, self.ignored = await begin_import(unit, self._nation_id, header)

    async def add(self, rows: list[Row | RowError]) -> None:
        """Take some rows."""
        async with unit_of_work(self._post, self._caller) as unit:
            await add_rows(unit, self.run_id, self._pieces, rows)
        self._pieces += 1

    async def finish(self) -> UUID:
        """The file is all there."""
        async with unit_of_work(self._post, self._caller) as unit:
            await finish_upload(unit, self.run_id)
        return self.run_id

    async def abandon(self, reason: str) -> None:
        """Nothing more will come."""
        if self._run_id is not None:
            async with unit_of_work(self._post, self._caller) as unit:
                await abandon_upload(unit, self._run_id, reason)

    @property
    def run_id(self) -> UUID:
        """The import, once it has begun."""
        if self._run_id is None:
            raise LookupError("the import has not begun")
        return self._run_id


async def _next_chunk(body: object) -> bytes:
    return await anext(body, b"")  # type: ignore[call-overload, no-any-return]


def _chunks(receive: Callable[[], bytes]) -> Iterator[bytes]:
    while chunk := receive():
        yield chunk


def _read(receipt: _Receipt, receive: Callable[[], bytes]) -> None:
    """Decode the file in a thread, which waits for the network and the database by turns."""
    rows = CsvRows(_chunks(receive))
    from_thread.run(receipt.begin, rows.header)
    source = iter(rows)
    while batch := list(islice(source, PIECE_ROWS)):
        from_thread.run(receipt.add, batch)


def _refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)
