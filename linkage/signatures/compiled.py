"""Compile a kernel once for all runs; the only other file that knows numba is the kernels'."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Kernel = TypeVar("Kernel", bound="Callable[..., object]")


def compiled(kernel: Kernel) -> Kernel:
    """Compile ``kernel``, without the interpreter's lock, keeping the machine code where a place for it is found.

    Beside the package, or in the user's cache where the package is read-only. Where neither can be written numba
    refuses to cache at all, and the kernel is compiled anew in every run instead.

    numba notices that a kernel's own file changed, not that a kernel it calls did: kernels that call each other
    live in one file. The exception is how words are read: what their hashes are may never change, so that machine
    code from before is right, if slower.
    """
    try:
        made: Kernel = numba.njit(kernel, cache=True, nogil=True)
    except RuntimeError:
        made = numba.njit(kernel, nogil=True)
    return made
