"""Two labs learn which values both hold, with three files and no hub: ECDH private set intersection.

One lab, the server, sends a setup; the other, the client, sends a request, gets an answer, and learns which of its
own values the server holds. The server learns how many values the client asked for. Both are taken to follow the
protocol: a client may still ask for values it does not hold, which is why the server caps the request.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from linkage.errors import DataError, MissingPartError
from linkage.inert import inert
from linkage.sharing.tokens import framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

MOST_SERVED = 2_000_000
"""How many values a server may hold: some minutes of its core, and 70 MB of setup."""
MOST_ASKED = 20_000
"""How many values a client may ask for, unless the server allows it more."""
_POINT = 33  # a compressed point of P-256
_OVERHEAD = 4096
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class ServerState:
    """What the server keeps until it has answered; whoever has it can go through the setup.

    Args:
        key: of this exchange alone.
        kind: of the values.
        most_asked: how many values the client may ask for.
    """

    key: bytes = field(repr=False)
    kind: str
    most_asked: int


@dataclass(frozen=True)
class ClientState:
    """What the client keeps until it has read the answer.

    Args:
        key: of this exchange alone.
        kind: of the values.
        values: as it asked for them.
    """

    key: bytes = field(repr=False)
    kind: str
    values: tuple[str, ...] = field(repr=False)


def new_key() -> bytes:
    """Make the key of one exchange; it is never used for a second one."""
    key: bytes = _library().client.CreateWithNewKey(True).GetPrivateKeyBytes()
    return key


def server_setup(
    values: Iterable[str], *, kind: str, key: bytes, most_asked: int = MOST_ASKED
) -> tuple[ServerState, bytes]:
    """Begin as the lab that answers.

    Args:
        values: as the kind cleans them; spaces around them are taken off here.
        kind: of the values; both labs must say the same.
        key: from ``new_key``.
        most_asked: how many values the client may ask for.

    Returns:
        What to keep, and what to send.

    Raises:
        DataError: there are no values or too many, or the key is none.
        MissingPartError: ``openmined-psi`` is not installed.
    """
    own = _cleaned(values, MOST_SERVED)
    psi = _library()
    server = _party(psi.server, key)
    # Only the raw structure: the compressed ones are inexact, and a hostile one ends the process that reads it.
    setup = server.CreateSetupMessage(1e-9, most_asked, _hidden(own, kind), psi.DataStructure.RAW)
    return ServerState(key, kind, most_asked), _packed(
        "setup", kind, setup.SerializeToString(deterministic=True)
    )


def client_request(
    values: Iterable[str], *, kind: str, key: bytes, most_asked: int = MOST_ASKED
) -> tuple[ClientState, bytes]:
    """Ask as the lab that learns.

    Args:
        values: as the kind cleans them; spaces around them are taken off here.
        kind: of the values; both labs must say the same.
        key: from ``new_key``.
        most_asked: how many the server allows.

    Returns:
        What to keep, and what to send.

    Raises:
        DataError: there are no values or too many, or the key is none.
        MissingPartError: ``openmined-psi`` is not installed.
    """
    own = _cleaned(values, most_asked)
    request = _party(_library().client, key).CreateRequest(_hidden(own, kind))
    return ClientState(key, kind, own), _packed(
        "request", kind, request.SerializeToString(deterministic=True)
    )


def server_response(state: ServerState, request: bytes) -> bytes:
    """Answer a request; answer only one with a state, or the cap is none.

    Raises:
        DataError: it is no request for this kind, or asks for too many values.
    """
    psi = _library()
    message = psi.Request()
    _parse(message, _unpacked("request", state.kind, request, state.most_asked))
    asked = list(message.encrypted_elements)
    if not asked or len(asked) > state.most_asked:
        raise DataError(f"the request asks for {len(asked):,} values; 1 to {state.most_asked:,} are allowed")
    _check_points(asked)
    if not message.reveal_intersection or len(set(asked)) != len(asked):
        raise DataError("the request is not as ours are made; let the partner make it anew")
    try:
        response = _party(psi.server, state.key).ProcessRequest(message)
    except RuntimeError:
        raise DataError(
            "the request holds what is no point of the curve; let the partner make it anew"
        ) from None
    return _packed("response", state.kind, response.SerializeToString(deterministic=True))


def client_intersection(state: ClientState, setup: bytes, response: bytes) -> list[str]:
    """Read which of our values the server holds too.

    Returns:
        They, sorted.

    Raises:
        DataError: the files are no setup and response for this kind, or not to this request.
    """
    psi = _library()
    held, answered = psi.ServerSetup(), psi.Response()
    _parse(held, _unpacked("setup", state.kind, setup, MOST_SERVED))
    _parse(answered, _unpacked("response", state.kind, response, len(state.values)))
    if held.WhichOneof("data_structure") != "raw":
        raise DataError("the setup is not written point by point, which is the only way we read")
    _check_points(held.raw.encrypted_elements)
    _check_points(answered.encrypted_elements)
    if len(answered.encrypted_elements) != len(state.values):
        raise DataError("the response does not answer this request; ask for it again")
    try:
        found: list[int] = _party(psi.client, state.key).GetIntersection(held, answered)
    except RuntimeError:
        raise DataError("the response holds what is no point of the curve; ask for it again") from None
    return [state.values[place] for place in sorted(set(found))]


def _cleaned(values: Iterable[str], most: int) -> tuple[str, ...]:
    # Sorted, so that the order of points says nothing of the order of rows.
    own = tuple(sorted({value.strip() for value in values} - {""}))
    if not 1 <= len(own) <= most:
        raise DataError(f"there are {len(own):,} different values; 1 to {most:,} can be compared at a time")
    return own


def _hidden(values: Sequence[str], kind: str) -> list[str]:
    # The same value of another kind must be another one.
    return [
        hashlib.sha256(
            framed(b"linkage psi 1", kind.encode(), value.encode("utf-8", "surrogatepass"))
        ).hexdigest()
        for value in values
    ]


def _party(side: Any, key: bytes) -> Any:  # noqa: ANN401 - the library has no types
    try:
        return side.CreateFromKey(key, True)
    except RuntimeError:
        raise DataError("this is no key of an exchange; make one with new_key") from None


def _packed(role: str, kind: str, content: bytes) -> bytes:
    return _head(role, kind) + content


def _unpacked(role: str, kind: str, packed: bytes, most: int) -> bytes:
    head = _head(role, kind)
    if not packed.startswith(head):
        raise DataError(
            f"this is no {role} of an exchange of kind '{inert(kind)}'; look whether it is another file"
        )
    # Before anything is parsed: a point and its frame take 35 bytes.
    if len(packed) > len(head) + most * (_POINT + 2) + _OVERHEAD:
        raise DataError(f"the {role} is too large for {most:,} values; nothing of it was read")
    return packed[len(head) :]


def _head(role: str, kind: str) -> bytes:
    if _KIND.fullmatch(kind) is None:
        raise DataError(f"'{inert(kind)}' is no kind: write lower case letters, digits, - and _")
    return f"linkage psi 1 {role} {kind}\n".encode()


def _parse(message: Any, content: bytes) -> None:  # noqa: ANN401 - the library has no types
    try:
        message.ParseFromString(content)
    except Exception:  # noqa: BLE001 - protobuf's own error, from a module that is there only with the library
        raise DataError("the file is damaged; ask for it again") from None


def _check_points(points: Iterable[bytes]) -> None:
    if any(len(point) != _POINT or point[0] not in {2, 3} for point in points):
        raise DataError("the file holds what is no point of the curve; ask for it again")


def _library() -> ModuleType:
    try:
        library: ModuleType = import_module("private_set_intersection.python")
    except ImportError:
        raise MissingPartError(
            "private set intersection needs openmined-psi, an optional part: pip install 'linkage-rings[psi]'"
        ) from None
    return library
