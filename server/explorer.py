"""GraphiQL for browsers: its page, at the address of the API itself, and the files the page is made of.

The files under `static/graphiql` are built from `/graphiql` (see the README there) and hold all that the page needs:
it asks no other host for anything, and its Content-Security-Policy forbids it to.
"""

import os
import re
from functools import cache
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

BUNDLE = Path(__file__).parent / "static" / "graphiql"
ASSETS_PATH = "/graphiql/assets"

# With these in the address, a GET is an operation and not somebody opening the page.
OPERATION_PARAMETERS = frozenset({"query", "documentId", "extensions"})

HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")

# Systems differ in what they think of these suffixes, and browsers run no script that is called plain text.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}

SHARED_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
ASSET_HEADERS = {
    **SHARED_HEADERS,
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def asks_for_page(request: Request) -> bool:
    """Whether a browser opens the address of the API, rather than a client sending an operation by GET."""
    if request.method not in {"GET", "HEAD"} or OPERATION_PARAMETERS & request.query_params.keys():
        return False
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(kind.partition(";")[0].strip() == "text/html" for kind in accepted)


def explorer_page(request: Request) -> Response:
    """The page itself. It must be answered at `…/graphql`, since it sends its operations to where it came from."""
    headers = {
        **SHARED_HEADERS,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": content_security_policy(request.headers.get("host", "")),
        "Vary": "Accept",
        "X-Frame-Options": "DENY",
    }
    return HTMLResponse(_index(), headers=headers)


def explorer_assets() -> Mount:
    """The page's scripts, styles and fonts. Their names change with their content, so they may be cached for good."""
    files = _HashedFiles(directory=BUNDLE / "assets")
    return Mount(ASSETS_PATH, files, name="graphiql", middleware=[Middleware(GZipMiddleware, compresslevel=6)])


def content_security_policy(host: str) -> str:
    """What the page may load: files of its own host and nothing else.

    Monaco makes style elements as it goes and draws with data images. `'self'` covers websockets of the same host only
    in newer browsers, so they are named where the host header can be quoted safely.
    """
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class _HashedFiles(StaticFiles):
    """Files whose names carry a hash of their content."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(ASSET_HEADERS)
        media_type = MEDIA_TYPES.get(Path(full_path).suffix)
        if media_type and "content-type" in response.headers:
            response.headers["content-type"] = media_type
        return response


@cache
def _index() -> str:
    return (BUNDLE / "index.html").read_text(encoding="utf-8")
