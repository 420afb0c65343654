"""Who may talk to the page: this person's browser, from the page itself, and nobody else on or off this machine."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)
LARGEST = 1_000_000
"""Bytes of a request."""


class Guard:
    """Lets through what the page itself asks, and answers everything else with a sentence.

    Args:
        app: what is guarded.
        port: where the page is served; it is part of the cookie's name, as cookies are shared across ports.
        token: opens the page, once.
    """

    def __init__(self, app: ASGIApp, *, port: int, token: str) -> None:
        self.app = app
        self.cookie = f"linkage-{port}"
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.session = secrets.token_urlsafe(24)
        self.csrf = secrets.token_urlsafe(24)
        self._token: str | None = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return  # no socket is served, and nothing is started or ended

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [pair for pair in message["headers"] if pair[0] != b"server"]
                message["headers"] = given + [(name.encode(), value.encode()) for name, value in HEADERS]
            await send(message)

        heard = _Heard(scope)
        refusal = self._refusal(heard)
        opened = refusal is None and heard.method == "GET" and heard.path == "/" and heard.token is not None
        if refusal is None and opened:
            await self._open(heard, with_headers)
        elif refusal is None and not self._known(heard):
            await _answer(
                with_headers,
                403,
                "this page opens with the address that 'linkage serve' printed; each opens it once",
            )
        elif refusal is not None:
            await _answer(with_headers, *refusal)
        else:
            await self.app(scope, _bounded(receive), with_headers)

    def _refusal(self, heard: _Heard) -> tuple[int, str] | None:
        """Find what is wrong with a request, whoever sends it."""
        if heard.hosts not in [[host] for host in self.hosts]:
            return 400, "this page is served under 127.0.0.1 and localhost only"
        foreign = heard.site not in {None, "same-origin", "none"}
        if foreign and not (heard.method == "GET" and heard.path == "/" and heard.mode == "navigate"):
            return 403, "another site asked for this"
        return None if heard.method in {"GET", "HEAD"} else self._refusal_to_write(heard)

    def _refusal_to_write(self, heard: _Heard) -> tuple[int, str] | None:
        """Find what is wrong with a request that would change something."""
        if heard.method != "POST":
            return 405, "only GET and POST are answered"
        # A strict cookie comes along from another port of this machine, too: that is the same site to a browser.
        if heard.origin != f"http://{heard.hosts[0]}" or heard.site not in {None, "same-origin"}:
            return 403, "another site asked for this"
        if not hmac.compare_digest(heard.csrf.encode(), self.csrf.encode()):
            return 403, "the page is older than the program that serves it: load it again"
        if heard.content != "application/json" or heard.length > LARGEST:
            return 415, "only JSON of up to a megabyte is taken"
        return None

    def _known(self, heard: _Heard) -> bool:
        given = [value for name, value in heard.cookies if name == self.cookie]
        return any(hmac.compare_digest(value.encode(), self.session.encode()) for value in given)

    async def _open(self, heard: _Heard, send: Send) -> None:
        """Swap the token, once, for a cookie that no other site is sent along with."""
        right = self._token is not None and hmac.compare_digest(
            (heard.token or "").encode(), self._token.encode()
        )
        if not right and not self._known(heard):
            await _answer(
                send, 403, "this address was used already, or is another start's: start 'linkage serve' again"
            )
            return
        cookie = f"{self.cookie}={self.session}; Path=/; HttpOnly; SameSite=Strict"
        headers = [("location", "/"), *([("set-cookie", cookie)] if right else [])]
        if right:
            self._token = None
        await _answer(send, 303, "", headers)


class _Heard:
    """What a request says of itself."""

    def __init__(self, scope: Scope) -> None:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        one = dict(headers)
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.hosts = [value.lower() for name, value in headers if name == "host"]
        self.site = one.get("sec-fetch-site")
        self.mode = one.get("sec-fetch-mode", "navigate")
        self.origin = one.get("origin")
        self.csrf = one.get("x-csrf", "")
        self.content = one.get("content-type", "").partition(";")[0].strip().lower()
        length = one.get("content-length", "")
        self.length = (
            int(length) if length.isascii() and length.isdigit() and len(length) < 10 else LARGEST + 1
        )
        self.token = next(iter(parse_qs(scope["query_string"].decode("latin-1")).get("token", [])), None)
        self.cookies = [
            (name.strip(), value.strip())
            for header, text in headers
            if header == "cookie"
            for name, _, value in [piece.partition("=") for piece in text.split(";")]
        ]


def _bounded(receive: Receive) -> Receive:
    """Stop listening to a body that is longer than it said it would be."""
    heard = 0

    async def bounded() -> Message:
        nonlocal heard
        message = await receive()
        heard += len(message.get("body", b""))
        return {"type": "http.disconnect"} if heard > LARGEST else message

    return bounded


async def _answer(send: Send, status: int, sentence: str, headers: Iterable[tuple[str, str]] = ()) -> None:
    from starlette.responses import Response  # noqa: PLC0415 - an optional part

    body = f"{sentence}\n" if sentence else ""
    response = Response(body, status, media_type="text/plain", headers=dict(headers))
    await send({"type": "http.response.start", "status": status, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body})
