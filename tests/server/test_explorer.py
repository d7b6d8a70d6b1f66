"""GraphiQL's page and its files: whole, shut off from other hosts, cached as they may be, and built from the sources."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from server.explorer import BUNDLE, asks_for_page, content_security_policy, explorer_assets, explorer_page

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "graphiql"
SDL = ROOT / "schema" / "schema.graphql"
ASSETS = sorted(path.name for path in (BUNDLE / "assets").iterdir())
HASHED_NAME = re.compile(r"[\w.-]+-[\w-]{8}\.(?:css|js|svg|ttf|woff2)")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def browser(path_prefix: str = "") -> AsyncClient:
    app = Starlette(routes=[explorer_assets(), Route("/graphql", explorer_page)])
    transport = ASGITransport(app, root_path=path_prefix)
    return AsyncClient(transport=transport, base_url="http://comity.test:8000", headers={"accept": BROWSER})


def request(method: str = "GET", query: str = "", **headers: str) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {"type": "http", "method": method, "path": "/graphql", "query_string": query.encode(), "headers": raw}
    )


def text_of(name: str) -> str:
    return (BUNDLE / "assets" / name).read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    return set(HASHED_NAME.findall(text))


class TestWhoGetsThePage:
    """A browser that opens the address of the API gets the page; a client that sends an operation gets its answer."""

    @pytest.mark.parametrize("accept", [BROWSER, "text/html", "TEXT/HTML;charset=utf-8", "application/json, text/html"])
    def test_whoever_accepts_html(self, accept: str):
        assert asks_for_page(request(accept=accept))

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"accept": "*/*"},
            {"accept": "application/json"},
            {"accept": "text/event-stream"},
            {"accept": "text/htmlx"},
        ],
    )
    def test_nobody_else(self, headers: Mapping[str, str]):
        assert not asks_for_page(request(**headers))

    @pytest.mark.parametrize("query", ["query={viewer{__typename}}", "documentId=sha256:ab", "extensions={}"])
    def test_nobody_whose_address_holds_an_operation(self, query: str):
        assert not asks_for_page(request(query=query, accept=BROWSER))

    def test_a_parameter_that_is_no_operation_does_not_matter(self):
        assert asks_for_page(request(query="utm_source=x", accept=BROWSER))

    def test_no_post(self):
        assert not asks_for_page(request("POST", accept=BROWSER))

    def test_head_as_get(self):
        assert asks_for_page(request("HEAD", accept=BROWSER))


class TestPage:
    """The page is asked for afresh each time, may not be framed, and may load from its own host alone."""

    async def test_answers_the_built_page(self):
        async with browser() as client:
            response = await client.get("/graphql")
        assert response.status_code == 200
        assert response.text == (BUNDLE / "index.html").read_text(encoding="utf-8")

    async def test_headers(self):
        async with browser() as client:
            headers = (await client.get("/graphql")).headers
        assert {
            name: headers[name] for name in headers if name not in {"content-length", "content-security-policy"}
        } == {
            "cache-control": "no-cache",
            "content-type": "text/html; charset=utf-8",
            "referrer-policy": "no-referrer",
            "vary": "Accept",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
        }

    async def test_content_security_policy_names_its_own_host_only(self):
        async with browser() as client:
            policy = (await client.get("/graphql")).headers["content-security-policy"]
        assert policy.split("; ") == [
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self' ws://comity.test:8000 wss://comity.test:8000",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]

    @pytest.mark.parametrize(
        "host", ["", "evil.test; script-src *", "evil.test *", "a,b", "evil.test\nX-Y: z", "[::1]:8000"]
    )
    def test_host_that_is_no_plain_name_is_not_quoted(self, host: str):
        assert "connect-src 'self';" in content_security_policy(host)

    def test_refers_to_its_own_files_only(self):
        """Relative addresses, so that it works behind a path prefix too; no script or style stands in the page itself."""
        page = (BUNDLE / "index.html").read_text(encoding="utf-8")
        references = re.findall(r"""\b(?:src|href)\s*=\s*["']([^"']*)""", page)
        assert references
        assert all(re.fullmatch(r"graphiql/assets/[\w.-]+", reference) for reference in references)
        assert "//" not in page
        assert "<style" not in page
        assert re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL) == [""]

    @pytest.mark.parametrize("prefix", ["", "/behind/a/proxy"])
    async def test_every_reference_is_served(self, prefix: str):
        async with browser(prefix) as client:
            page = await client.get(f"{prefix}/graphql")
            addresses = [page.url.join(found) for found in re.findall(r'(?:src|href)="([^"]+)"', page.text)]
            assert [(await client.get(address)).status_code for address in addresses] == [200] * len(addresses)


class TestAssets:
    """The files are complete, name no other host to load from, and are cached for good."""

    def test_every_file_is_reached_from_the_page_and_every_name_is_a_file(self):
        page = (BUNDLE / "index.html").read_text(encoding="utf-8")
        reached: set[str] = set()
        ahead = names_in(page)
        while ahead:
            reached |= ahead
            texts = [text_of(name) for name in ahead if name.endswith((".css", ".js"))]
            ahead = {name for text in texts for name in names_in(text)} - reached
        assert sorted(reached) == ASSETS

    @pytest.mark.parametrize("name", [name for name in ASSETS if name.endswith(".css")])
    def test_styles_load_from_nowhere_else(self, name: str):
        targets = re.findall(r"""url\(\s*["']?([^"')]*)""", text_of(name))
        assert [target for target in targets if not re.fullmatch(r"data:image/.*|[\w./-]+|#[\w-]+", target)] == []
        assert "@import" not in text_of(name)

    @pytest.mark.parametrize("name", [name for name in ASSETS if name.endswith(".js")])
    def test_scripts_load_from_nowhere_else(self, name: str):
        text = text_of(name)
        assert not re.search(
            r"""(?:import\s*\(|\bfrom|importScripts\s*\(|new Worker\s*\()\s*["'`](?:https?:)?//""", text
        )
        assert "sourceMappingURL=" not in text

    @pytest.mark.parametrize(
        ("suffix", "media_type"),
        [
            (".css", "text/css; charset=utf-8"),
            (".js", "text/javascript; charset=utf-8"),
            (".svg", "image/svg+xml"),
            (".ttf", "font/ttf"),
            (".woff2", "font/woff2"),
        ],
    )
    async def test_headers(self, suffix: str, media_type: str):
        name = next(name for name in ASSETS if name.endswith(suffix))
        async with browser() as client:
            response = await client.get(f"/graphiql/assets/{name}", headers={"accept-encoding": "identity"})
        assert response.status_code == 200
        assert response.content == (BUNDLE / "assets" / name).read_bytes()
        assert response.headers["content-type"] == media_type
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"] == "default-src 'none'; script-src 'self'"

    def test_every_suffix_has_its_media_type(self):
        assert {Path(name).suffix for name in ASSETS} == {".css", ".js", ".svg", ".ttf", ".woff2"}

    async def test_scripts_are_compressed_on_their_way(self):
        name = max((name for name in ASSETS if name.endswith(".js")), key=lambda name: len(text_of(name)))
        async with browser() as client:
            response = await client.get(f"/graphiql/assets/{name}", headers={"accept-encoding": "gzip"})
        assert response.headers["content-encoding"] == "gzip"
        assert response.text == text_of(name)

    async def test_a_file_that_the_browser_has_is_not_sent_again(self):
        address = f"/graphiql/assets/{ASSETS[0]}"
        async with browser() as client:
            first = await client.get(address)
            again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "public, max-age=31536000, immutable"

    @pytest.mark.parametrize(
        "path", ["gone-12345678.js", "", "../index.html", "%2e%2e/index.html", "../../../explorer.py"]
    )
    async def test_nothing_else_is_served_or_cached(self, path: str):
        async with browser() as client:
            response = await client.get(f"/graphiql/assets/{path}")
        assert response.status_code == 404
        assert "cache-control" not in response.headers


class TestSources:
    """What is committed as built is what the committed sources build, and asks what the schema answers."""

    def test_bundle_is_built_from_these_sources(self):
        """On failure: `npm ci && npm run build` in graphiql/. The digest is made the same way in vite.config.ts."""
        fixed = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"]
        inside = [path.relative_to(SOURCES).as_posix() for path in (SOURCES / "src").rglob("*") if path.is_file()]
        digest = hashlib.sha256()
        for path in sorted(fixed + inside):
            digest.update(path.encode() + b"\0" + (SOURCES / path).read_bytes() + b"\0")
        assert (BUNDLE / "sources.sha256").read_text(encoding="utf-8").strip() == digest.hexdigest()

    def test_lock_holds_no_address_of_a_registry(self):
        assert '"resolved"' not in (SOURCES / "package-lock.json").read_text(encoding="utf-8")

    @pytest.mark.parametrize("path", sorted((SOURCES / "src").rglob("*.graphql")), ids=lambda path: path.stem)
    def test_operations_fit_the_schema(self, path: Path):
        schema = build_schema(SDL.read_text(encoding="utf-8"))
        assert validate(schema, parse(path.read_text(encoding="utf-8"))) == []
