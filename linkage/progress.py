"""Say where long work is; silent unless somebody listens."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Listener(Protocol):
    """Somebody who wants to hear where the work is."""

    def step(self, what: str) -> None:
        """Hear that the work has reached ``what``."""


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def at(what: str) -> None:
    """Say that the work has reached ``what``.

    >>> at("reading events")  # nobody listens, nothing happens
    """
    listener = _listener.get()
    if listener is not None:
        listener.step(what)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear the steps of the work inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
