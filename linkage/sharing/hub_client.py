"""A member's end of a hub: values in, tokens out."""

from __future__ import annotations

import base64
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.oprf import MOST_VALUES, blind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_BODY = 2_000_000
"""Bytes of a request or an answer."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class HubClient:
    """A member's end: values in, tokens out.

    Args:
        url: of the hub: https, or http on this machine.
        member: our name at the hub.
        token: our secret there.
        public_key: the hub's key of the quarter, as all members pinned it.
        epoch: the quarter.
        timeout: how many seconds an answer may take.

    Raises:
        DataError: the secret would go over the wire unprotected.
    """

    url: str
    member: str
    token: str = field(repr=False)
    public_key: bytes
    epoch: str
    timeout: float = 60.0

    def __post_init__(self) -> None:
        address = urllib.parse.urlsplit(self.url)
        if address.scheme != "https" and (address.scheme != "http" or address.hostname not in LOOPBACK):
            raise DataError(
                f"'{inert(self.url)}' is no address of a hub: write https://..., or http on this machine"
            )

    def tokens(self, kind: str, values: Sequence[str]) -> list[str]:
        """Make the tokens of values, in their order; equal ones are asked for once.

        Raises:
            DataError: the hub cannot be reached, refuses, or proves to use another key than the pinned one.
            MissingPartError: ``voprf`` is not installed.
        """
        distinct = sorted({value.strip() for value in values})
        made: dict[str, str] = {}
        for start in range(0, len(distinct), MOST_VALUES):
            piece = distinct[start : start + MOST_VALUES]
            made.update(zip(piece, self._ask(kind, piece), strict=True))
        return [made[value.strip()] for value in values]

    def _ask(self, kind: str, values: Sequence[str]) -> list[str]:
        blinding = blind(kind, self.epoch, values)
        key = in_base64(self.public_key)
        answer = self._post(
            {
                "member": self.member,
                "key": key,
                "epoch": self.epoch,
                "blinded": [in_base64(element) for element in blinding.blinded],
            }
        )
        if "evaluation" not in answer:
            raise DataError("what answers at this address is no hub; look at the address")
        if answer.get("key") != key:
            raise DataError("the hub answers with another key than the one pinned; ask the hub's keepers")
        return blinding.tokens(bytes_of(answer.get("evaluation")), self.public_key)

    def _post(self, body: Mapping[str, object]) -> dict[str, object]:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at above
            self.url.rstrip("/") + "/evaluate",
            data=orjson.dumps(body),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with _opener(self.url).open(request, timeout=self.timeout) as response:
                return _answer(response.read(LARGEST_BODY + 1))
        except urllib.error.HTTPError as error:
            raise DataError(f"the hub refuses ({error.code}): {_reason(error)}") from None
        except (OSError, ValueError) as error:
            raise DataError(
                f"the hub gives no answer ({type(error).__name__}); is it up, and is this its address?"
            ) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry our secret somewhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener(url: str) -> urllib.request.OpenerDirector:
    here = urllib.parse.urlsplit(url).hostname in LOOPBACK
    return urllib.request.build_opener(_NoRedirect, *([urllib.request.ProxyHandler({})] if here else []))


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        told = _answer(error.read(LARGEST_BODY)).get("error")
    except OSError:
        told = None
    return inert(str(told or "it does not say why"), limit=200)


def _answer(content: bytes) -> dict[str, object]:
    try:
        answer = orjson.loads(content)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def in_base64(content: bytes) -> str:
    """Write bytes as the wire has them.

    >>> in_base64(b"ring")
    'cmluZw=='
    """
    return base64.b64encode(content).decode()


def bytes_of(text: object) -> bytes:
    """Read base64; what is none is no bytes, which every caller refuses."""
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return b""
