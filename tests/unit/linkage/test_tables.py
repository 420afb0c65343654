"""Tables: rows kept by DuckDB, reached by name."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from linkage.errors import DataError, SettingsError
from linkage.tables import derive, from_arrow, leaving_room, mendable, open_database


@pytest.fixture
def numbers():
    return from_arrow(open_database(), pa.table({"n": [3, 1, 2]}))


def test_rows_come_back_in_the_order_asked_for(numbers):
    assert numbers.rows() == [(1,), (2,), (3,)]
    assert numbers.rows("n desc") == [(3,), (2,), (1,)]


def test_columns_and_length_are_known(numbers):
    assert numbers.columns == ("n",)
    assert len(numbers) == 3


def test_a_table_becomes_arrow_batches_and_a_frame(numbers):
    # Warnings are errors here: none of these may copy the rows once more than needed.
    assert numbers.arrow("n").to_pydict() == {"n": [1, 2, 3]}
    assert [batch.to_pydict() for batch in numbers.batches("n", rows=2)] == [{"n": [1, 2]}, {"n": [3]}]
    assert numbers.frame("n")["n"].tolist() == [1, 2, 3]


def test_deriving_binds_values_and_leaves_its_sources_alone(numbers):
    named = derive("select n, ? as name from numbers where n > ?", ["x'; drop table t", 1], numbers=numbers)

    assert named.rows() == [(2, "x'; drop table t"), (3, "x'; drop table t")]
    assert numbers.rows() == [(1,), (2,), (3,)]


def test_a_derived_table_does_not_follow_its_source(numbers):
    kept = derive("from numbers", numbers=numbers)
    numbers.drop()

    assert len(kept) == 3


def test_one_row_is_exactly_one(numbers):
    assert numbers.one(f"select sum(n) from {numbers.name} where n > ?", [1]) == (5,)
    with pytest.raises(ValueError, match="unpack"):
        numbers.one(f"from {numbers.name}")


def test_times_are_utc_whatever_the_machine_says():
    assert open_database().execute(
        "select '2026-09-03 01:12:09+02'::timestamptz::timestamp::varchar"
    ).fetchone() == ("2026-09-02 23:12:09",)


def test_a_limit_on_memory_is_kept_and_running_out_of_it_can_be_mended():
    database = open_database(memory="20MB")

    with pytest.raises(duckdb.OutOfMemoryException) as caught:
        database.execute("set temp_directory = ''; select list(range) from range(10_000_000)").fetchall()

    assert isinstance(mendable(caught.value), SettingsError)


@pytest.mark.parametrize("memory", ["2GB", "500MB", None])
def test_arrays_take_their_room_from_the_tables_and_give_all_of_it_back(memory):
    database = open_database(memory=memory)
    limit = "select parse_formatted_bytes(current_setting('memory_limit'))"
    (before,) = database.execute(limit).fetchone()
    with leaving_room(database, before // 2):
        (half,) = database.execute(limit).fetchone()
        with leaving_room(database, 100 * before):
            (least,) = database.execute(limit).fetchone()
        again = database.execute(limit).fetchone()

    assert again == (half,)
    assert half == pytest.approx(before / 2, rel=0.1)
    assert least == pytest.approx(half / 4, rel=0.1)
    assert database.execute(limit).fetchone() == (before,)


def test_a_full_disk_can_be_mended_and_a_mistake_of_ours_cannot():
    assert isinstance(mendable(duckdb.IOException("IO Error: No space left on device")), DataError)
    assert isinstance(
        mendable(duckdb.TransactionException("Failed to commit: No space left on device")), DataError
    )
    assert isinstance(mendable(OSError(errno.ENOSPC, "no room")), DataError)
    assert mendable(OSError(errno.EACCES, "not yours")) is None
    assert mendable(duckdb.ParserException("select is misspelt")) is None
    assert mendable(KeyError("x")) is None


def test_a_database_opens_in_jupyter_without_its_widgets():
    # DuckDB takes a program without a file, and a shell of IPython's, for Jupyter.
    code = """
import sys, types
shell = types.SimpleNamespace(config={"IPKernelApp": {}})
sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: shell)
sys.modules["ipywidgets"] = None
from linkage.tables import open_database
print(open_database().execute("select current_setting('enable_progress_bar')").fetchall())
"""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )

    assert (done.stdout, done.stderr) == ("[(False,)]\n", "")
