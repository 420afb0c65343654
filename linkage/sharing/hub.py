"""A small neutral hub for tokens: it evaluates what it cannot read, and counts for whom.

It speaks plain HTTP on loopback; for others than this machine, a server that speaks TLS goes before it. A wrong
answer of the hub is caught by the proof in it (see ``oprf``); what the hub itself guards is how much anybody asks.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import threading
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from linkage.errors import DataError, LinkageError, SettingsError
from linkage.exports.file import write_whole
from linkage.inert import inert
from linkage.sharing.hub_client import LARGEST_BODY, bytes_of, in_base64
from linkage.sharing.oprf import ELEMENT, MOST_VALUES, HubKey
from linkage.sharing.tokens import epoch_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket

    Connection = socket | tuple[bytes, socket]  # as the library declares it

MOST_CONNECTIONS = 64
_LOG = logging.getLogger("linkage.hub")
_MOST_DAYS = 400  # of counts that are kept
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEX32 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class HubMember:
    """A lab that may ask.

    Args:
        token_sha256: of the secret it sends with each request, in hexadecimal digits.
        quota: how many values it may ask for in a day.
    """

    token_sha256: str = field(repr=False)
    quota: int


@dataclass(frozen=True)
class HubConfig:
    """All a hub is told.

    Args:
        members: by name.
        keys: by quarter.
        state_file: where counts are kept.
    """

    members: Mapping[str, HubMember]
    keys: Mapping[str, HubKey]
    state_file: Path

    @classmethod
    def of(cls, path: Path) -> HubConfig:
        """Read the hub's settings, and its keys from the file they name.

        The file is TOML: ``secret_file`` with a line ``2026q4 = "64 hexadecimal digits"`` for each quarter,
        ``state_file``, and for each member ``[members.NAME]`` with ``token_sha256`` and ``quota``. Paths are seen from
        the file. Deleting a quarter's line deletes its key.

        Raises:
            SettingsError: a file cannot be read, others may read the keys, or something in them is not as above.
        """
        told = _toml(path)
        unknown = sorted(set(told) - {"secret_file", "state_file", "members"})
        secret_file, state_file, members = (
            told.get(name) for name in ("secret_file", "state_file", "members")
        )
        if unknown or not (
            isinstance(secret_file, str) and isinstance(state_file, str) and isinstance(members, dict)
        ):
            raise SettingsError(
                f"{path}: a hub has secret_file, state_file and [members.NAME], and nothing else"
            )
        secrets = path.parent / secret_file
        keys = _toml(secrets)
        if secrets.stat().st_mode & 0o077:
            raise SettingsError(f"{secrets} can be read by others than its owner: chmod 600 it")
        return cls(
            {name: _member(path, name, member) for name, member in sorted(members.items())},
            {epoch: _key(secrets, epoch, secret) for epoch, secret in sorted(keys.items())},
            path.parent / state_file,
        )


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """What the hub will not do, with the HTTP status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Hub:
    """The hub without its wires.

    Args:
        config: what it is told.
        clock: the time now, naive UTC.
        log: receives a line for each answer: the day, the member and the count.

    Raises:
        SettingsError: its state cannot be read, or is of other keys.
    """

    def __init__(
        self, config: HubConfig, *, clock: Callable[[], datetime], log: Callable[[str], None]
    ) -> None:
        self._config, self._clock, self._log = config, clock, log
        self._lock = threading.Lock()
        self._public = {epoch: in_base64(key.public_key) for epoch, key in config.keys.items()}
        self._counts = _read_state(config.state_file, self._public)

    def public_key(self, epoch: str | None) -> dict[str, str]:
        """Tell the public key of a quarter, or of this one."""
        epoch = epoch or epoch_of(self._clock())
        if epoch not in self._public:
            raise Refused(404, "there is no key of this quarter")
        return {"epoch": epoch, "key": self._public[epoch]}

    def evaluate(self, bearer: str, request: bytes) -> dict[str, str]:
        """Answer a request, or raise ``Refused``; what it asks for is counted before it is answered."""
        asked = _asked(request)
        member = self._member(asked, bearer)
        key = self._config.keys.get(str(asked.get("epoch")))
        if key is None or asked.get("key") != self._public[key.epoch]:
            raise Refused(
                409, "this is not the hub's key of that quarter: compare what is pinned with GET /key"
            )
        blinded = _elements(asked.get("blinded"))
        self._count(member, len(blinded))
        try:
            evaluation = key.evaluate(blinded)
        except DataError as error:
            raise Refused(400, str(error)) from None
        return {"epoch": key.epoch, "key": self._public[key.epoch], "evaluation": in_base64(evaluation)}

    def _member(self, asked: Mapping[str, object], bearer: str) -> str:
        name = asked.get("member")
        known = self._config.members.get(name) if isinstance(name, str) else None
        # Somebody unknown is compared too, so that the time taken does not tell who is a member.
        expected = known.token_sha256 if known else "0" * 64
        given = hashlib.sha256(bearer.encode("utf-8", "surrogatepass")).hexdigest()
        if not hmac.compare_digest(expected, given) or not known:
            raise Refused(401, "no member has this name and this token")
        return str(name)

    def _count(self, member: str, values: int) -> None:
        day = self._clock().date().isoformat()
        with self._lock:
            today = self._counts.setdefault(day, {})
            total = today.get(member, 0) + values
            if total > self._config.members[member].quota:
                raise Refused(429, "the quota of today would be exceeded: ask for less, or tomorrow")
            today[member] = total
            for old in sorted(self._counts)[:-_MOST_DAYS]:
                del self._counts[old]
            state = {"counts": self._counts, "keys": self._public}
            write_whole(self._config.state_file, orjson.dumps(state, option=orjson.OPT_SORT_KEYS))
        self._log(f"{day} {member} {values}")


class HubServer(ThreadingHTTPServer):
    """The hub on a port; a thread for each connection, up to a bound."""

    daemon_threads = True

    def __init__(self, hub: Hub, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.hub = hub
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Connection, client_address: object) -> None:
        """Hang up on whoever comes while all are busy."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Connection, client_address: object) -> None:
        """Serve one connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that broke: what is on the stack is not for a log."""


def serve(config: HubConfig, *, host: str = "127.0.0.1", port: int = 8471) -> None:
    """Run a hub until it is interrupted."""
    with hub_server(config, host=host, port=port) as server:
        server.serve_forever()


def hub_server(
    config: HubConfig,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
    log: Callable[[str], None] = _LOG.info,
) -> HubServer:
    """Make a hub that listens; port 0 is any free one."""
    return HubServer(Hub(config, clock=clock, log=log), (host, port))


class _Handler(BaseHTTPRequestHandler):
    server: HubServer
    timeout = 30  # for each read, so that nobody holds a thread by saying nothing
    server_version = "linkage-hub"
    sys_version = ""

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        epoch = urllib.parse.parse_qs(address.query).get("epoch", [None])[0]
        self._answer("/key", address.path, lambda: self.server.hub.public_key(epoch))

    def do_POST(self) -> None:
        self._answer("/evaluate", self.path, lambda: self.server.hub.evaluate(self._bearer(), self._body()))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: who asked and how much is logged by the hub itself."""

    def _answer(self, expected: str, path: str, make: Callable[[], dict[str, str]]) -> None:
        status, content = 200, {}
        try:
            if path != expected:
                raise Refused(404, "there is GET /key and POST /evaluate")  # noqa: TRY301 - answered below like any other
            content = make()
        except Refused as refused:
            status, content = refused.status, {"error": str(refused)}
        except LinkageError:
            status, content = 500, {"error": "the hub cannot do this now; tell its keepers"}
        body = orjson.dumps(content)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise Refused(411, "say how long the request is")
        if len(length) > 9 or int(length) > LARGEST_BODY:
            raise Refused(413, f"a request has {LARGEST_BODY:,} bytes at most")
        return self.rfile.read(int(length))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise SettingsError(f"{path} is no TOML; see the reference of the hub") from None


def _member(path: Path, name: str, told: object) -> HubMember:
    digest, quota = (told.get("token_sha256"), told.get("quota")) if isinstance(told, dict) else (None, None)
    right = isinstance(digest, str) and _HEX32.fullmatch(digest) and type(quota) is int and quota > 0
    if not right or not _NAME.fullmatch(name):
        raise SettingsError(
            f"{path}: [members.{inert(name)}] needs a name of a-z, 0-9 and -, token_sha256 of 64 hexadecimal digits "
            "and a quota of 1 or more"
        )
    return HubMember(str(digest), int(str(quota)))


def _key(path: Path, epoch: str, secret: object) -> HubKey:
    if not isinstance(secret, str) or not _HEX32.fullmatch(secret):
        raise SettingsError(f"{path}: the key of {inert(epoch)} must be 64 hexadecimal digits")
    return HubKey(bytes.fromhex(secret), epoch)


def _read_state(path: Path, public: Mapping[str, str]) -> dict[str, dict[str, int]]:
    if not path.exists():
        return {}
    try:
        state = orjson.loads(path.read_bytes())
        counts = {
            str(day): {str(name): int(count) for name, count in of_day.items()}
            for day, of_day in state["counts"].items()
        }
        keys = dict(state["keys"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError(
            f"{path} is no state of a hub; with another one, quotas would begin anew"
        ) from None
    changed = sorted(epoch for epoch in keys if public.get(epoch, keys[epoch]) != keys[epoch])
    if changed:
        raise SettingsError(
            f"the key of {inert(changed[0])} is another than before; no token of members would match"
        )
    return counts


def _asked(request: bytes) -> dict[str, object]:
    try:
        asked = orjson.loads(request)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refused(400, "a request is a JSON object with member, key, epoch and blinded")
    return asked


def _elements(blinded: object) -> list[bytes]:
    if not isinstance(blinded, list) or not 1 <= len(blinded) <= MOST_VALUES:
        raise Refused(400, f"blinded is a list of 1 to {MOST_VALUES:,} values")
    elements = [bytes_of(element) for element in blinded]
    if any(len(element) != ELEMENT for element in elements):
        raise Refused(400, f"a blinded value is {ELEMENT} bytes in base64")
    return elements
