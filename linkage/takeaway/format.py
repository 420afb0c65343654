"""What a file format for graphs promises: whatever strangers wrote, other programs can open it."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkage.takeaway.graph import RingGraph


class GraphFormat(ABC):
    """A way to write a ring as a graph. The same ring gives the same bytes, and no text in it acts or hides."""

    suffix: str
    """What its files end with, or its folder."""
    several: bool = False
    """Whether it is a folder of several files."""

    @abstractmethod
    def write(self, graph: RingGraph) -> dict[str, bytes]:
        """Write the graph: the names of files to what they hold. One file has no name of its own: it is empty."""


def shown(text: str) -> str:
    r"""Write text so that nothing in it hides, acts, or is no character of XML; nothing is cut off.

    >>> shown("acct\x1b[2J\n\ufffe")
    'acct\\x1b[2J\\n\\ufffe'
    """
    return inert(text, limit=10 * len(text))


def name_of(node: str) -> str:
    r"""Write the name of a node, as ``shown``; a digest keeps apart what would look the same.

    >>> name_of("account:acct_1")
    'account:acct_1'
    >>> name_of("account:a\x1b"), name_of("account:a\\x1b")
    ('account:a\\x1b~02c624f8', 'account:a\\x1b')
    """
    # igraph reads an ampersand in the name of a node as its number, and every other text as it is.
    text = shown(node).replace("&", r"\x26")
    if text == node:
        return text
    return f"{text}~{hashlib.sha256(node.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def types_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, type]:
    """Say of which type each attribute is, in the order in which they first appear.

    >>> types_of([{"cell": "C1"}, {"cell": "C2", "bits": 8.5}])
    {'cell': <class 'str'>, 'bits': <class 'float'>}
    """
    found: dict[str, type] = {}
    for row in rows:
        for name, value in row.items():
            found.setdefault(name, type(value))
    return found


def written(value: object) -> str:
    """Write a value as text that other programs read.

    >>> [written(value) for value in (True, 3, 0.1, "acct")]
    ['true', '3', '0.1', 'acct']
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return shown(value) if isinstance(value, str) else repr(value)
