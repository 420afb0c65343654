"""What reading from databases of every kind has in common: a way in that is closed again, and text that is mended."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, TypeVar

from linkage.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Column = TypeVar("Column")


class Connection:
    """A connection of a library, and how many cells of its text were mended; one class a kind of database reads over it.

    Args:
        connection: the library's own.
    """

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - each library has its own
        self._connection = connection
        self._mended = 0

    @classmethod
    def over(cls, connection: Any, *known: Any) -> Self:  # noqa: ANN401 - as above
        """Begin to read over a connection that was just opened; it is closed where that fails."""
        try:
            return cls(connection, *known)
        except BaseException:
            connection.close()
            raise

    def notices(self) -> Sequence[str]:
        """Say whether text had to be mended, and forget it."""
        mended, self._mended = self._mended, 0
        return (
            [f"{mended:,} cells hold text that is not UTF-8; the bytes at fault were replaced by U+FFFD"]
            if mended
            else []
        )

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()

    def _decoded(self, text: bytes) -> str:
        try:
            return text.decode()
        except UnicodeDecodeError:
            self._mended += 1
            return text.decode(errors="replace")


def library(module: str, *, server: str, extra: str) -> Any:  # noqa: ANN401 - they have no types
    """Load the library that speaks with a server.

    Raises:
        MissingPartError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingPartError(
            f"reading from {server} needs an optional part: pip install 'linkage-rings[{extra}]'"
        ) from error


def by_table(
    listed: Iterable[tuple[str, str, bool, Column]],
) -> list[tuple[str, str, bool, list[Column]]]:
    """Gather the columns that a catalogue lists one by one, in the order of the list.

    Args:
        listed: schema, table, whether it is a view, and what is said of a column.

    >>> by_table([("logs", "events", False, "ip"), ("logs", "events", False, "asn"), ("logs", "seen", True, "ip")])
    [('logs', 'events', False, ['ip', 'asn']), ('logs', 'seen', True, ['ip'])]
    """
    found: dict[tuple[str, str, bool], list[Column]] = {}
    for schema, table, view, column in listed:
        found.setdefault((schema, table, view), []).append(column)
    return [(*table, columns) for table, columns in found.items()]
