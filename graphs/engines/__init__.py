"""The graph libraries we can work with; each is imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from graphs.engine import Engine

# The first is the default. A new engine is a file here with its ENGINE, and one more name.
ENGINES = ("igraph", "leidenalg", "networkx")


class UnknownEngineError(LookupError):
    """No engine has this name; the message says which there are."""


def load_engine(name: str) -> Engine:
    """Find an engine by name and import its library.

    >>> load_engine("igraph").name
    'igraph'
    >>> load_engine("graph")
    Traceback (most recent call last):
    graphs.engines.UnknownEngineError: there is no engine 'graph'; choose igraph, leidenalg or networkx
    """
    if name not in ENGINES:
        choices = f"{', '.join(ENGINES[:-1])} or {ENGINES[-1]}"
        raise UnknownEngineError(f"there is no engine {name!r}; choose {choices}")
    return cast("Engine", import_module(f"graphs.engines.{name}").ENGINE)
