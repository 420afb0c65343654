"""A file is written whole, or not at all."""

from __future__ import annotations

import pytest

from linkage.errors import DataError
from linkage.exports.file import keep_apart, write_whole


def test_a_file_is_written_and_nothing_else_is_left(tmp_path):
    write_whole(tmp_path / "list.csv", b"one\n")

    assert (tmp_path / "list.csv").read_bytes() == b"one\n"
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


def test_an_older_file_is_replaced_and_keeps_who_may_read_it(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"old")
    path.chmod(0o604)

    write_whole(path, b"new")

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_new_list_is_not_for_everybody(tmp_path):
    write_whole(tmp_path / "list.csv", b"x")

    assert (tmp_path / "list.csv").stat().st_mode & 0o007 == 0


def test_a_writing_that_fails_leaves_the_older_file_and_no_half(tmp_path):
    path = tmp_path / "list.csv"
    path.mkdir()

    with pytest.raises(DataError, match="cannot be written"):
        write_whole(path, b"new")

    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="No such file or directory"):
        write_whole(tmp_path / "none" / "list.csv", b"x")


def test_what_is_read_is_never_written_over(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    events = logs / "events.csv"
    events.touch()

    for read in (events, logs, str(logs)):
        with pytest.raises(DataError, match="is what is being read: name another --out"):
            keep_apart(logs / ".." / "logs" / "events.csv", [tmp_path / "case.duckdb", read], option="--out")
    keep_apart(logs / "new.csv", [logs])
    keep_apart(events, [tmp_path / "logs.csv", "https://example.com/events.csv"])
