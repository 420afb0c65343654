"""Write a ring's graph where somebody can take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.exports.file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from linkage.takeaway.format import GraphFormat
    from linkage.takeaway.graph import RingGraph


def write_graph(graph: RingGraph, to: Path, format_: GraphFormat) -> int:
    """Write the graph of a ring; only its owner may read it.

    Args:
        graph: the ring.
        to: the file, or the folder where the format has several; it is made where there is none.
        format_: how.

    Returns:
        How many bytes it has.

    Raises:
        DataError: it cannot be written.
    """
    files = format_.write(graph)
    if format_.several:
        try:
            to.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise DataError(f"the folder {to} cannot be made: {error.strerror}; name another") from None
    for name, content in files.items():
        write_whole(to / name if name else to, content, private=True)
    return sum(map(len, files.values()))
