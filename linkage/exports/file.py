"""Write a file whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write through a temporary file beside it, so that nobody ever reads half a blocklist.

    Args:
        path: the file.
        content: all of it.
        private: whether only its owner may read it, whoever could read the one it replaces.

    Raises:
        DataError: the folder is not there or cannot be written.
    """
    try:
        _replace(path, content, private=private)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written: {error.strerror}; name a file in a folder that can be"
        ) from None


def keep_apart(path: Path, read: Iterable[str | Path], *, option: str = "--to") -> None:
    """Refuse to write over what is being read, or over a file in a folder that is.

    Args:
        path: the file to be written.
        read: the files and folders that are read.
        option: where the user names the file.

    Raises:
        DataError: it is one of these.
    """
    if path.exists() and any(
        Path(each).resolve() in {path.resolve(), *path.resolve().parents} for each in read
    ):
        raise DataError(f"{path} is what is being read: name another {option}")


def _replace(path: Path, content: bytes, *, private: bool) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".blocklist-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp lets only the owner read; a blocklist may be read by whoever may read the one it replaces.
        if not private:
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
