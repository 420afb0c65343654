"""The kinds of databases that we read."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.events.addresses import FILES
from linkage.events.databases.duckdb import open_duckdb
from linkage.events.databases.mysql import open_mysql
from linkage.events.databases.postgres import open_postgres
from linkage.events.databases.sqlite import open_sqlite
from linkage.events.reading import UnusableFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkage.events.database import Database

__all__ = ["DATABASES", "Opened"]

DATABASES: Mapping[str, Callable[[str], Database]] = {
    "duckdb": open_duckdb,
    "mysql": open_mysql,
    "postgres": open_postgres,
    "sqlite": open_sqlite,
}


class Opened(contextlib.ExitStack):
    """Databases that are being read, each opened once: all tables of one are read as of one moment."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[str, Database] = {}

    def database(self, kind: str, address: str) -> Database:
        """Give a database, opened when it is first asked for and closed with all others.

        Raises:
            UnusableFileError: there is no way to it.
            MissingPartError: it takes an optional part that is not installed.
        """
        if address not in self._open:
            if kind in FILES and not Path(address).is_file():
                raise UnusableFileError("there is no such file; check the path")
            database = DATABASES[kind](address)
            self.callback(database.close)
            self._open[address] = database
        return self._open[address]
