"""Small sources to read."""

from __future__ import annotations

import pytest

from linkage.events import examine_source
from linkage.tables import open_database


class Desk:
    """A folder to write files in, and a way to read it."""

    def __init__(self, folder, database):
        self.folder = folder
        self.database = database

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, *sources, columns=None):
        return examine_source(self.database, sources or [self.folder], columns)

    def read_one(self, name, content, columns=None):
        return self.read(self.write(name, content), columns=columns)


@pytest.fixture(scope="session")
def database_of_all_tests():
    return open_database()


@pytest.fixture
def desk(tmp_path, database_of_all_tests):
    folder = tmp_path / "data"
    folder.mkdir()
    return Desk(folder, database_of_all_tests)
