"""Find rings of API accounts that harvest a frontier model's outputs together."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkage.errors import DataError, LinkageError, MissingPartError, SettingsError
    from linkage.pipeline import Finding, find, ingest, logs_of, read
    from linkage.rings.ring import Member, Reason, Ring
    from linkage.settings import Settings, load_settings
    from linkage.takeaway.gather import ring_graph
    from linkage.takeaway.graph import RingGraph

__version__ = "0.1.0"

_HOMES = {
    "DataError": "linkage.errors",
    "Finding": "linkage.pipeline",
    "LinkageError": "linkage.errors",
    "Member": "linkage.rings.ring",
    "MissingPartError": "linkage.errors",
    "Reason": "linkage.rings.ring",
    "Ring": "linkage.rings.ring",
    "RingGraph": "linkage.takeaway.graph",
    "Settings": "linkage.settings",
    "SettingsError": "linkage.errors",
    "find": "linkage.pipeline",
    "ingest": "linkage.pipeline",
    "load_settings": "linkage.settings",
    "logs_of": "linkage.pipeline",
    "read": "linkage.pipeline",
    "ring_graph": "linkage.takeaway.gather",
}
__all__ = [
    "DataError",
    "Finding",
    "LinkageError",
    "Member",
    "MissingPartError",
    "Reason",
    "Ring",
    "RingGraph",
    "Settings",
    "SettingsError",
    "find",
    "ingest",
    "load_settings",
    "logs_of",
    "read",
    "ring_graph",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a public name when it is first used, so that ``linkage --help`` is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'linkage' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
