"""The way into a DuckDB file that several programs share, and out of it again: in turn, and never with an outdated look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from linkage.errors import DataError
from linkage.locking import DOOR, BusyError, hold, in_turn, is_held, is_open_here, let_go, release
from linkage.tables import mendable, open_database

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

_MAGIC = b"DUCK"
_SMALLEST = 3 * 4096
"""Bytes of the headers, which a new file gets first: a smaller one is a file whose making was cut short."""
_ATTACHED = "linkage_case"


class Door:
    """The way into a case file and out of it again."""

    database: duckdb.DuckDBPyConnection
    fresh = False
    file: BinaryIO | None = None

    def __init__(
        self,
        path: Path,
        inputs: Mapping[str, Mapping[str, str]] | None,
        memory: str | None,
        *,
        reading: bool = False,
        within: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self._path, self._inputs, self._memory, self._reading, self._within = (
            path, inputs, memory, reading, within,
        )  # fmt: skip
        self._before = ""

    def open(self, wait: float) -> None:
        """Open the file when it is our turn."""
        try:
            in_turn(self._try, wait=wait, name=f"the case {self._path}")
        except BusyError:
            raise DataError(
                f"the case {self._path} cannot be opened: another program had it open for {wait:g} seconds; "
                "wait for it to end, or give it longer with the setting wait"
            ) from None

    def close(self) -> None:
        """Leave the file.

        Raises:
            DataError: what was stored stands, but not yet in the file itself: the disk is full.
        """
        with DOOR:
            try:
                if self._within is not None:
                    self._within.execute(f'use "{self._before}"')
                self._leave()
            except duckdb.IOException as error:
                if mendable(error) is None:
                    raise
                raise DataError(
                    f"the disk is full: all was stored, but stands in {self._path}.wal beside the case until there "
                    "is room; make room, and leave that file where it is"
                ) from None
            finally:
                release(self._path, self.file)

    def _try(self) -> None:
        with DOOR:
            self.fresh = not is_open_here(self._path) and self._is_fresh()
            self.file = None if self.fresh else self._path.open("rb", buffering=0)
            try:
                self._take()
            except BaseException as error:
                let_go(self._path, self.file)
                if (
                    self.fresh
                    and isinstance(error, DataError)
                    and is_fresh(self._path)
                    and not is_held(self._path)
                ):
                    remove(self._path)  # there was no room to make it
                raise
            hold(self._path)
            if self._within is not None:
                self._before = str(self._within.execute("select current_database()").fetchall()[0][0])
                self._within.execute(f"use {_ATTACHED}")

    def _take(self) -> None:
        """Open it, unless somebody stored something between our look and our lock.

        DuckDB (2.0) reads the headers, and only then takes the lock: what was stored in between it would not know, and
        overwrite.
        """
        before = self._headers()
        self.database = _opened(self._path, self._memory, reading=self._reading, within=self._within)
        if self._headers() != before:
            self._leave()
            raise BusyError

    def _leave(self) -> None:
        if self._within is None:
            self.database.close()
        else:
            self._within.execute(f"detach {_ATTACHED}")

    def _headers(self) -> bytes:
        """Read the headers, which change with every store; nothing of a file that is not there yet.

        It stays open: whoever closes a file loses DuckDB's lock on it.
        """
        if self.file is None:
            return b""
        self.file.seek(0)
        return self.file.read(_SMALLEST)

    def _is_fresh(self) -> bool:
        fresh = is_fresh(self._path)
        if fresh and self._path.exists():
            if is_held(self._path):  # somebody is making it
                raise BusyError
            if self._inputs is not None:
                remove(self._path)
        if fresh and self._inputs is None:
            raise DataError(
                f"there is no case at {self._path}: make one with 'linkage ingest SOURCE --case {self._path}'"
            )
        return fresh


def is_fresh(path: Path) -> bool:
    """Say whether nothing is there but, at most, a file whose making was cut short; refuse what is no DuckDB file.

    We look ourselves, because DuckDB would fetch extensions from the network for files of other databases.
    """
    try:
        if not path.exists():
            return True
        with path.open("rb") as file:
            start = file.read(_SMALLEST)
    except OSError as error:
        raise DataError(f"the case {path} cannot be opened: {error.strerror}") from None
    if not start or (len(start) < _SMALLEST and start[8:12] == _MAGIC):
        return True
    if start[8:12] != _MAGIC:
        raise DataError(f"the case {path} cannot be opened: it is no DuckDB file; name another --case")
    return False


def remove(path: Path) -> None:
    """Take away a file, and what DuckDB wrote beside it."""
    for name in (path, Path(f"{path}.wal")):
        name.unlink(missing_ok=True)


def _opened(
    path: Path, memory: str | None, *, reading: bool, within: duckdb.DuckDBPyConnection | None
) -> duckdb.DuckDBPyConnection:
    try:
        if within is None:
            return open_database(path.absolute(), memory=memory, reading=reading)
        quoted = str(path.absolute()).replace("'", "''")
        within.execute(f"attach '{quoted}' as {_ATTACHED} (type duckdb)")
    except duckdb.Error as error:
        # DuckDB's sentence names the path, which may hold any word.
        said = str(error).replace(str(path.absolute()), "").lower()
        if any(words in said for words in _LOCKED):
            raise BusyError from None
        full = mendable(error)
        if full is not None:
            raise full from None
        if "no such file" in said:
            why = "its folder is not there; make it first"
        elif "permission denied" in said or "read-only" in said:
            why = "writing there is not permitted; name another --case"
        else:
            why = "it is damaged, or of another version of DuckDB; name another --case"
        raise DataError(f"the case {path} cannot be opened: {why}") from None
    return within


_LOCKED = ("conflicting lock", "could not set lock", "different configuration", "unique file handle")
"""What DuckDB says where another program has the file, or another thread of ours."""
