"""An export that is being written: beside its place first, and in it when all of it is on the disk."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.sharing.directory import read_directory, system_errors
from linkage.sharing.manifest import MANIFEST, SIGNATURE, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Staged:
    """An export beside its place.

    Args:
        to: its place.
        beside: a folder of its own on the same disk.

    Attributes:
        digests: the SHA-256 of each file so far, by its path inside the export.
        size: their bytes.
    """

    def __init__(self, to: Path, beside: Path) -> None:
        self.digests: dict[str, str] = {}
        self.size = 0
        self._to = to
        self._beside = beside
        self._new = beside / "new"
        self._new.mkdir()

    def add(self, path: str, content: bytes) -> None:
        """Write a file.

        Args:
            path: its path inside the export, with forward slashes.
            content: all of it.

        Raises:
            DataError: there is one of that path already, or it cannot be written.
        """
        if path in self.digests:
            raise DataError(f"two files of the export would both be {path}; rename one of the two")
        self._fill(path, content)
        self.digests[path] = hashlib.sha256(content).hexdigest()
        self.size += len(content)

    def publish(self, manifest_bytes: bytes, signature_bytes: bytes) -> None:
        """Put the export in its place.

        Where an older one is replaced, there is for a moment none; there is never half of one.

        Args:
            manifest_bytes: the manifest that names exactly the files that were added.
            signature_bytes: its signature file.

        Raises:
            DataError: the manifest names other files, the place holds anything but an export from the same producer
                for the same recipient, or it cannot be written; then nothing there was touched.
        """
        manifest = Manifest.of(manifest_bytes)
        if dict(manifest.files) != self.digests:
            raise DataError(
                "the manifest does not name exactly the files of the export; make it of these files"
            )
        with system_errors(self._to, "written"):
            _check_place(self._to, manifest)
            self._fill(MANIFEST, manifest_bytes)
            self._fill(SIGNATURE, signature_bytes)
            # Several at once: a disk takes thirty files together almost as quickly as one.
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(_sync, (self._new / name for name in (*self.digests, MANIFEST, SIGNATURE))))
            for folder in (self._new, *(path for path in self._new.rglob("*") if path.is_dir())):
                folder.chmod(0o750)
                _sync(folder)
            _swap(self._to, self._beside)

    def _fill(self, name: str, content: bytes) -> None:
        with system_errors(self._to, "written"):
            path = self._new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o640)


@contextmanager
def staged(to: Path) -> Iterator[Staged]:
    """Begin an export; what was not published at the end of the block is gone.

    Args:
        to: its place: a folder that does not exist, is empty, or holds the export before it.

    Raises:
        DataError: nothing can be written beside it.

    >>> with tempfile.TemporaryDirectory() as folder, staged(Path(folder, "list")) as export:
    ...     export.add("selectors.csv", b"id,ring")
    ...     sorted(export.digests), export.size
    (['selectors.csv'], 7)
    """
    with system_errors(to, "written"):
        beside = Path(tempfile.mkdtemp(dir=to.parent, prefix=".export-"))
    try:
        yield Staged(to, beside)
    finally:
        # An older export that could not be put back is kept where it is.
        if to.exists() or not (beside / "old").exists():
            shutil.rmtree(beside, ignore_errors=True)


def write_directory(
    to: Path, files: Mapping[str, bytes], manifest_bytes: bytes, signature_bytes: bytes
) -> None:
    """Write an export of few files whole or not at all.

    Args:
        to: the folder; it does not exist, is empty, or holds an export from the same producer for the same recipient.
        files: the content of each file by its path.
        manifest_bytes: the manifest that names exactly these.
        signature_bytes: its signature file.

    Raises:
        DataError: as ``Staged.publish``.
    """
    with staged(to) as export:
        for path, content in sorted(files.items()):
            export.add(path, content)
        export.publish(manifest_bytes, signature_bytes)


def _check_place(to: Path, manifest: Manifest) -> None:
    """Let an export replace nothing but the one before it."""
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise DataError(f"{to} is not a folder; name one that is empty or does not exist")
    if not to.exists() or not any(to.iterdir()):
        return
    try:
        there = read_directory(to).manifest
    except DataError:
        raise DataError(
            f"{to} holds something that is not a whole export of ours, and was left as it is; name another folder"
        ) from None
    if (there.producer, there.recipient) != (manifest.producer, manifest.recipient):
        raise DataError(
            f"{to} holds an export from {there.producer} for {there.recipient}, not from {manifest.producer} for "
            f"{manifest.recipient}, and was left as it is; name another folder"
        )


def _swap(to: Path, beside: Path) -> None:
    """Put the new folder in the place of the old one, and the old one back if that fails."""
    old = beside / "old"
    replaced = to.exists()
    if replaced:
        to.rename(old)
    try:
        (beside / "new").rename(to)
    except BaseException:
        if replaced:
            old.rename(to)
        raise
    _sync(to.parent)


def _sync(path: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # a system that cannot open folders, or sync what it only reads
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
