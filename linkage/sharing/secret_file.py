"""Files that only their owner may read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes: no file of keys is larger."""
_LONGEST_NAME = 300


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, whole or not at all.

    Raises:
        DataError: it is there already, or the folder cannot be written.
    """
    name = inert(str(path), limit=_LONGEST_NAME)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise DataError(f"{name} is there already: keys never replace a file; name another") from None
    except OSError as error:
        raise DataError(
            f"{name} cannot be written: {error.strerror}; name a file in a folder that can be"
        ) from None


def read_secret(path: Path) -> bytes:
    """Read a file of keys.

    Raises:
        DataError: it cannot be read, or is no file of keys.
    """
    name = inert(str(path), limit=_LONGEST_NAME)
    try:
        # A pipe that nobody writes to would hold us before we see what it is.
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{name} is no plain file; name the one that 'linkage keys' wrote")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise DataError(f"{name} is too large for a file of keys")
    return content
