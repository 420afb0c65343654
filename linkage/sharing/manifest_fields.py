"""The fields of a manifest that somebody else wrote: each of the type it should be, or an error that says which is not."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.model import Tlp

FORMAT = "linkage-export/1"
TIME = "%Y-%m-%dT%H:%M:%SZ"
LARGEST_MANIFEST = 10_000_000
"""Bytes: room for a hundred thousand files."""

_NAMES = frozenset(
    {"created", "expires", "files", "format", "previous", "producer", "recipient", "sequence", "tlp"}
)


@dataclass(frozen=True)
class Fields:
    """What a manifest says, by name; the methods raise DataError where a field is of another type."""

    values: Mapping[str, object]

    @classmethod
    def of(cls, content: bytes) -> Fields:
        """Read an object of exactly the fields that there are.

        Raises:
            DataError: it is too large, no JSON object, of another version, or has other fields.
        """
        if len(content) > LARGEST_MANIFEST:
            raise unusable(f"it has more than {LARGEST_MANIFEST:,} bytes")
        try:
            values = orjson.loads(content)
        except orjson.JSONDecodeError:
            raise unusable("it is not JSON") from None
        if not isinstance(values, dict):
            raise unusable("it is not a JSON object")
        if values.get("format") != FORMAT:
            raise unusable(
                f"it is not of the format {FORMAT}, the only one known here; a newer linkage may know it"
            )
        if values.keys() != _NAMES:
            raise unusable(f"its fields are not exactly {', '.join(sorted(_NAMES))}")
        return cls(values)

    def text(self, name: str) -> str:
        """Give a text."""
        value = self.values[name]
        if not isinstance(value, str):
            raise unusable(f"{name} is not text")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Give a text, or None where it is null."""
        return None if self.values[name] is None else self.text(name)

    def whole(self, name: str) -> int:
        """Give a whole number."""
        value = self.values[name]
        # True is an int to Python.
        if not isinstance(value, int) or isinstance(value, bool):
            raise unusable(f"{name} is not a whole number")
        return value

    def time(self, name: str) -> datetime:
        """Give a time, naive UTC.

        >>> Fields({"created": "2026-09-03T01:12:09Z"}).time("created")
        datetime.datetime(2026, 9, 3, 1, 12, 9)
        """
        text = self.text(name)
        try:
            return datetime.strptime(text, TIME)  # noqa: DTZ007 - naive UTC is the rule here
        except ValueError:
            raise unusable(
                f"{name} is {inert(text)!r}, and not a time such as 2026-09-03T01:12:09Z"
            ) from None

    def tlp(self, name: str) -> Tlp:
        """Give how far it may be passed on; what nobody knows, nobody could keep."""
        text = self.text(name)
        letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", text).casefold()))
        if letters.removeprefix("tlp") == "red":
            raise unusable("it is marked TLP:RED, which is for the people it is told to and never for a file")
        try:
            return Tlp(text)
        except ValueError:
            raise unusable(f"its TLP {inert(text)!r} is not one of {', '.join(Tlp)}") from None

    def texts(self, name: str) -> dict[str, str]:
        """Give an object of texts."""
        value = self.values[name]
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise unusable(f"{name} is not an object of texts")
        return value


def unusable(problem: str) -> DataError:
    """Say what is wrong with a manifest."""
    return DataError(f"the manifest cannot be used: {problem}")
