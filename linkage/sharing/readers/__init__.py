"""The forms in which partners' lists come in, in the order in which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.readers.jsonl import JsonLines
from linkage.sharing.readers.misp import Misp
from linkage.sharing.readers.stix import Stix

if TYPE_CHECKING:
    from linkage.sharing.readers.reader import Reader

STIX = Stix()
JSONL = JsonLines()
MISP = Misp()
READERS: tuple[Reader, ...] = (STIX, JSONL, MISP)
