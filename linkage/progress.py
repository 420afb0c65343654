"""Say where long work is; silent unless somebody listens."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Listener(Protocol):
    """Somebody who wants to hear where the work is."""

    def step(self, what: str) -> None:
        """Hear that the work has reached ``what``."""


class Watch(Protocol):
    """A listener who also has a clock, and can say how long is left."""

    def step(self, what: str) -> None:
        """Hear that the work has reached ``what``."""

    def expect(self, seconds: Mapping[str, float]) -> None:
        """Hear how long each step took when the same was done before."""

    def took(self) -> dict[str, float]:
        """Say how long each step took, in seconds, since ``expect``."""


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_hearer: ContextVar[Callable[[str], None] | None] = ContextVar("hearer", default=None)


def at(what: str, *, done: int | None = None, total: int | None = None) -> None:
    """Say that the work has reached ``what`` and, where that is known, how many of how many parts are done.

    >>> at("reading events", done=0, total=3)  # nobody listens, nothing happens
    """
    listener = _listener.get()
    if listener is not None:
        listener.step(what if done is None or not total else f"{what} ({done + 1:,} of {total:,})")


def tell(sentence: str) -> None:
    """Say what the user should know while the work goes on, such as that it waits for somebody.

    >>> tell("the case is in use")  # nobody listens, nothing happens
    """
    hearer = _hearer.get()
    if hearer is not None:
        hearer(sentence)


def expect(seconds: Mapping[str, float]) -> None:
    """Say how long each step took when the same was done before, to who has a clock."""
    watch = _listener.get()
    if watch is not None and hasattr(watch, "expect"):
        watch.expect(seconds)


def took() -> dict[str, float]:
    """Ask who has a clock how long each step took; nothing where nobody has one.

    >>> took()
    {}
    """
    watch = _listener.get()
    if watch is None or not hasattr(watch, "took"):
        return {}
    return dict(watch.took())


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear the steps of the work inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def telling(hearer: Callable[[str], None]) -> Iterator[None]:
    """Let ``hearer`` hear what the user should know while the work inside the block goes on.

    >>> with telling(print):
    ...     tell("the case is in use")
    the case is in use
    """
    token = _hearer.set(hearer)
    try:
        yield
    finally:
        _hearer.reset(token)
