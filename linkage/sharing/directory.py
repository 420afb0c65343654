"""The folder that a partner gives us: the files, their manifest, and its signature; read with suspicion."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.manifest import MANIFEST, SIGNATURE, Manifest
from linkage.sharing.manifest_fields import LARGEST_MANIFEST
from linkage.sharing.minisign import LARGEST_SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_FILE = 200_000_000
"""Bytes of one file of a partner's."""
LARGEST_EXPORT = 500_000_000
"""Bytes of all of them."""

_CHUNK = 1 << 20
# Not every system has these. O_NONBLOCK, or a pipe that nobody writes to would hold us before we see what it is.
_CAREFULLY = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True)
class Contents:
    """An export as it lies there: complete and nothing more, but its files not yet compared with their digests.

    Args:
        path: the folder.
        manifest: what it says of itself.
        manifest_bytes: the same as it was signed.
        signature_bytes: the signature file.
        largest: how many bytes a file may have.
    """

    path: Path
    manifest: Manifest
    manifest_bytes: bytes = field(repr=False)
    signature_bytes: bytes = field(repr=False)
    largest: int = LARGEST_FILE

    def read(self, name: str) -> bytes:
        """Read a file, if it is the one that the manifest names.

        Args:
            name: its path inside the export.

        Raises:
            DataError: the manifest names no such file, or it is another one, or cannot be read.
        """
        return b"".join(self._checked(name))

    def check_files(self) -> None:
        """Compare every file with its digest, without holding any of them whole.

        Raises:
            DataError: one is not what the manifest names.
        """
        for name in sorted(self.manifest.files):
            for _ in self._checked(name):
                pass

    def _checked(self, name: str) -> Iterator[bytes]:
        """Give a file in pieces; raises after the last one where it is another file."""
        if name not in self.manifest.files:
            raise DataError(f"the manifest names no file {inert(name)!r}")
        digest = hashlib.sha256()
        for chunk in _chunks(self.path / name, self.largest):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != self.manifest.files[name]:
            raise DataError(
                f"{name} is not the file that was signed: its SHA-256 is another; fetch the export again from the partner"
            )


def read_directory(
    path: Path,
    *,
    check: Callable[[bytes, bytes], object] | None = None,
    largest: int = LARGEST_FILE,
    in_all: int = LARGEST_EXPORT,
) -> Contents:
    """Look at an export that somebody gave us, and refuse what is more, less or other than its manifest says.

    Args:
        path: the folder.
        check: called with the bytes of the manifest and of its signature before anything in them is believed; it
            raises where the signature does not hold. Without it, nothing is known of who wrote the export.
        largest: how many bytes a file may have.
        in_all: how many all of them may have.

    Returns:
        The export; its files are compared with their digests when they are read.

    Raises:
        DataError: the check failed, the manifest cannot be used, a file is missing, too large or not named by the
            manifest, or there is a link or a device.
    """
    with system_errors(path, "read"):
        manifest_bytes = b"".join(_chunks(path / MANIFEST, LARGEST_MANIFEST))
        signature_bytes = b"".join(_chunks(path / SIGNATURE, LARGEST_SIGNATURE))
        if check is not None:
            check(manifest_bytes, signature_bytes)
        manifest = Manifest.of(manifest_bytes)
        sizes = dict(_sizes(path, {MANIFEST, SIGNATURE, *manifest.files}))
    missing = sorted(manifest.files.keys() - sizes.keys())
    if missing:
        raise DataError(
            f"{len(missing)} of the files in the manifest are missing, such as {missing[0]}; fetch the export again"
        )
    for name, size in sizes.items():
        if size > largest:
            raise DataError(f"{name} has {size:,} bytes, and a file may have {largest:,}")
    if sum(sizes.values()) > in_all:
        raise DataError(f"the export has {sum(sizes.values()):,} bytes, and may have {in_all:,}")
    return Contents(path, manifest, manifest_bytes, signature_bytes, largest)


def _sizes(root: Path, names: set[str]) -> Iterator[tuple[str, int]]:
    """Give the size of every file that may be there; stops at the first thing that may not."""
    folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    waiting = [root]
    while waiting:
        for entry in _entries(waiting.pop(), len(names) + len(folders) + 1):
            name = Path(entry.path).relative_to(root).as_posix()
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode) and name in folders:
                waiting.append(Path(entry.path))
            elif not stat.S_ISREG(found.st_mode) and name in names | folders:
                raise _no_file(name)
            elif name not in names:
                raise DataError(f"{inert(name)!r} is in the folder and not in the manifest; take it out")
            else:
                yield name, found.st_size


def _entries(folder: Path, most: int) -> list[os.DirEntry[str]]:
    """List a folder, but no more of it than shows that there is too much; the same fault is told each time."""
    with os.scandir(folder) as entries:
        return sorted(islice(entries, most), key=lambda entry: entry.name)


def _chunks(path: Path, largest: int) -> Iterator[bytes]:
    """Read a plain file in pieces, and no more of it than it may have."""
    with system_errors(path, "read"):
        if path.is_symlink():
            raise _no_file(path.name)
        with os.fdopen(os.open(path, _CAREFULLY), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _no_file(path.name)
            yield from _pieces(file, path.name, largest)


def _pieces(file: BinaryIO, name: str, largest: int) -> Iterator[bytes]:
    left = largest
    while chunk := file.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise DataError(f"{name} has more than the {largest:,} bytes it may have")
        yield chunk


def _no_file(name: str) -> DataError:
    return DataError(f"{name} is not a plain file: links and devices are not followed")


@contextmanager
def system_errors(path: Path, done: str) -> Iterator[None]:
    """Say what the system refuses as an error of the data.

    Args:
        path: what is read or written.
        done: ``read`` or ``written``.

    Raises:
        DataError: the system refused.
    """
    try:
        yield
    except OSError as error:
        raise DataError(f"{path} cannot be {done}: {error.strerror}") from None
