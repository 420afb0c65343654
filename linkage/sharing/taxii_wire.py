"""The TAXII client, bounded: it reads whatever a server sends, and trusts wherever one sends it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkage.errors import DataError, MissingPartError
from linkage.inert import inert
from linkage.sharing import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Object = dict[str, object]

MOST_BYTES = 512 << 20
"""Of all answers of one visit."""
_PAGE = 500
_CHUNK = 1 << 16
_TIMEOUT = (10, 120)
"""Seconds to reach the server, and between two bytes of it: medallion needs a minute for 4,000 objects."""
_LAST = "X-TAXII-Date-Added-Last"
_SAID = {
    401: "does not know this user and password; give those of the collection",
    403: "does not let this user do that; ask its keeper",
    404: "has no such collection; look at its address",
    406: "does not speak TAXII 2.1; ask its keeper",
    413: "finds the objects too large; ask its keeper what it takes",
    415: "does not speak TAXII 2.1; ask its keeper",
    429: "is asked too often; wait and try again",
}


@dataclass(frozen=True)
class Page:
    """One answer.

    Args:
        objects: what it holds.
        more: whether there is another.
        following: how the server calls it, if it does.
        added_last: when the server had the last of these.
    """

    objects: list[Object]
    more: bool
    following: str | None
    added_last: str | None


@dataclass(frozen=True)
class Added:
    """What a server says it did.

    Args:
        new: how many it took in.
        failed: how many it did not.
        pending: how many it has not come to.
        failures: the ids of those it did not take in, where it names them.
    """

    new: int
    failed: int
    pending: int
    failures: frozenset[str]


class Wire:
    """An open collection.

    Args:
        collection: of the client.
        most_bytes: how much all its answers may come to.
    """

    def __init__(self, collection: Any, most_bytes: int) -> None:  # noqa: ANN401 - the client has no types
        self._collection = collection
        self._left = most_bytes
        self._headers: dict[str, str] = {}

    def objects(self, *, added_after: str | None, following: str | None, limit: int) -> Page:
        """Ask for a page; a server that pages wants the same question with each."""
        asked: dict[str, object] = {"version": "all", "limit": limit}
        if added_after is not None:
            asked["added_after"] = added_after
        if following is not None:
            asked["next"] = following
        envelope = self._collection.get_objects(**asked)
        following = envelope.get("next")
        return Page(
            objects=[each for each in envelope.get("objects") or [] if isinstance(each, dict)],
            more=envelope.get("more") is True,
            following=following if isinstance(following, str) and following else None,
            added_last=self._headers.get(_LAST.lower()),
        )

    def versions(self, ids: list[str]) -> dict[str, frozenset[str]]:
        """Ask which versions of some objects there are."""
        found: dict[str, set[str]] = {}
        # A server that pages may break where no limit is named.
        asked: dict[str, object] = {"id": ids, "version": "all", "limit": _PAGE}
        for _ in range(1000):
            answer = self._collection.get_manifest(**asked)
            for each in answer.get("objects") or []:
                found.setdefault(str(each["id"]), set()).add(str(each["version"]))
            if answer.get("more") is not True or not answer.get("next"):
                break
            asked["next"] = str(answer["next"])
        return {name: frozenset(versions) for name, versions in found.items()}

    def add(self, objects: Sequence[Object]) -> Added:
        """Bring objects, and wait for a minute until the server has dealt with them."""
        status = self._collection.add_objects({"objects": list(objects)})
        failures = frozenset(str(each["id"]) for each in status.failures)
        return Added(
            int(status.success_count), int(status.failure_count), int(status.pending_count), failures
        )

    def read(self, response: Any, **_: object) -> None:  # noqa: ANN401 - the client has no types
        """Read an answer to its end, or to ours; it is called before anything else looks at it."""
        content = bytearray()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > self._left:
                response.close()
                raise DataError(
                    "the server sends more than fits; ask from a later time or for a smaller collection"
                )
        self._left -= len(content)
        if 200 <= response.status_code < 300:
            # Read here once so that nothing deep, endless or said twice gets any further.
            bounded.load(bytes(content))
        # This is where requests looks for what was read.
        response._content = bytes(content)  # noqa: SLF001 - there is no other way to bound what it reads
        self._headers = {str(name).lower(): str(value) for name, value in response.headers.items()}


@contextmanager
def connected(
    url: str, *, user: str | None, password: str | None, most_bytes: int = MOST_BYTES
) -> Iterator[Wire]:
    """Open a collection, and say in a sentence what goes wrong with it.

    Args:
        url: of the collection.
        user: who asks.
        password: and the secret; both or neither.
        most_bytes: how much all answers may come to.

    Yields:
        The collection.

    Raises:
        DataError: the server cannot be reached, does not let us, or answers with something else.
        MissingPartError: the client is not installed.
    """
    if (user is None) != (password is None):
        raise DataError("a user without a password, or the other way round; give both or neither")
    try:
        from requests.exceptions import (  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - optional
            HTTPError,
            RequestException,
        )
        from taxii2client.exceptions import (  # type: ignore[import-untyped]  # noqa: PLC0415 - optional
            AccessError,
            TAXIIServiceException,
        )
        from taxii2client.v21 import (  # type: ignore[import-untyped]  # noqa: PLC0415 - optional
            Collection,
        )
    except ImportError:
        raise MissingPartError(
            "the TAXII client is not installed; run: pip install 'linkage-rings[taxii]'"
        ) from None
    host = inert(urlsplit(url).hostname or "")
    collection = Collection(url, user=user, password=password)
    wire = Wire(collection, most_bytes)
    _bind(collection._conn.session, wire)  # noqa: SLF001 - the client shows its session nowhere else
    try:
        yield wire
    except HTTPError as error:
        raise DataError(
            f"{host} {_sentence(0 if error.response is None else error.response.status_code)}"
        ) from None
    except RequestException as error:
        raise DataError(f"{host} cannot be reached safely: {_kind(error)}") from None
    except AccessError:
        raise DataError(
            f"{host} does not let this user read or write the collection; ask its keeper"
        ) from None
    except (TAXIIServiceException, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise DataError(f"{host} answers with something other than TAXII 2.1; look at the address") from None
    finally:
        collection.close()


def _bind(session: Any, wire: Wire) -> None:  # noqa: ANN401 - as above
    # A server that sends us elsewhere would have our password go there.
    session.max_redirects = 0
    session.stream = True
    session.hooks["response"] = [wire.read]
    session.request = partial(session.request, timeout=_TIMEOUT)


def _sentence(status: int) -> str:
    if status in _SAID:
        return _SAID[status]
    return (
        f"is broken (it answers {status}); try later or tell its keeper"
        if status >= 500
        else f"answers {status}"
    )


def _kind(error: Exception) -> str:
    names = {
        "SSLError": "its certificate is not one to trust",
        "TooManyRedirects": "it sends us elsewhere; name the place where the collection is",
        "ConnectTimeout": "it does not answer",
        "ReadTimeout": "it does not answer",
        "ConnectionError": "nothing answers there",
    }
    return names.get(type(error).__name__, "the connection broke")
