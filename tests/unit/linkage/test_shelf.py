"""The shelf: what is too large for memory lies in a file, and reads like any other table."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.shelf import empty_shelf, let_go, set_up_shelf, shelve, shelve_in_parts, writing_plainly
from linkage.tables import derive, fetch, from_arrow, open_database


@pytest.fixture
def database(tmp_path):
    opened = open_database(tmp_path / "scratch.duckdb")
    set_up_shelf(opened, tmp_path)
    yield opened
    opened.close()


def compression_of(database):
    return database.execute("select current_setting('force_compression')").fetchone()[0].lower()


def test_what_is_shelved_is_what_would_be_derived(database):
    numbers = from_arrow(database, pa.table({"n": list(range(1_000))}))
    query = "select n * ? as n from numbers where n % 3 = 0"

    assert shelve(query, [2], numbers=numbers).rows() == derive(query, [2], numbers=numbers).rows()


def test_it_lies_in_the_file_and_not_among_temporary_tables(database, tmp_path):
    numbers = from_arrow(database, pa.table({"n": [1]}))

    assert shelve("from numbers", numbers=numbers).name.startswith("shelf.")
    assert (tmp_path / "shelf.duckdb").exists()


def test_rows_keep_the_order_they_were_made_in(database):
    numbers = from_arrow(database, pa.table({"n": list(range(300_000))}))
    shelved = shelve(
        "select row_number() over () as row, n from (from numbers order by n desc)", numbers=numbers
    )

    assert shelved.one(f"select count(*) from {shelved.name} where row + n <> 300000") == (0,)


def test_parts_are_shelved_as_the_whole_would_be(database):
    numbers = from_arrow(database, pa.table({"n": list(range(10_000))}))
    parts = [
        derive("from numbers where n between ? and ?", span, numbers=numbers)
        for span in ((0, 4_000), (4_001, 4_001), (4_002, 9_999))
    ]
    query = "select n, row_number() over () as row from (select n from {} where n % ? = 0 order by n)"
    whole = shelve(query.format("numbers"), [3], numbers=numbers)
    shelved = shelve_in_parts(query.format("part"), [3], parts=parts, number="row")

    assert shelved.arrow() == whole.arrow()
    assert shelved.name.startswith("shelf.")
    assert compression_of(database) == "auto"


def test_a_shelved_table_can_be_let_go(database):
    shelved = shelve("from numbers", numbers=from_arrow(database, pa.table({"n": [1]})))
    shelved.drop()

    assert database.execute("from duckdb_tables() where database_name = 'shelf'").fetchall() == []


def test_the_file_grows_smaller_when_the_last_table_in_it_is_let_go(database, tmp_path):
    file = tmp_path / "shelf.duckdb"
    first = shelve("select range as n from range(100000)", numbers=from_arrow(database, pa.table({"n": [1]})))
    database.execute("checkpoint shelf")
    small = file.stat().st_size
    last = shelve("select range as n from range(3000000)", numbers=first)
    database.execute("checkpoint shelf")
    large = file.stat().st_size
    let_go(last)

    assert small <= file.stat().st_size < large / 4
    assert len(first) == 100_000


def test_it_goes_by_its_name_while_another_database_is_in_use(database, tmp_path):
    shelved = shelve("from numbers", numbers=from_arrow(database, pa.table({"n": [1]})))
    database.execute(f"attach '{tmp_path / 'other.duckdb'}' as other")
    database.execute("use other")

    assert shelved.rows() == [(1,)]


def test_without_a_file_tables_are_derived():
    database = open_database()
    numbers = from_arrow(database, pa.table({"n": [1]}))

    assert shelve("from numbers", numbers=numbers).rows() == [(1,)]
    assert empty_shelf(database, "made", "n integer").rows() == []


def test_only_what_is_shelved_is_written_plainly(database):
    before = compression_of(database)
    with writing_plainly(database):
        assert compression_of(database) == "uncompressed"

    assert compression_of(database) == before != "uncompressed"


def test_rows_are_fetched_without_being_kept(database):
    numbers = from_arrow(database, pa.table({"n": [3, 1, 2]}))
    kept = database.execute("select count(*) from duckdb_tables()").fetchall()

    assert fetch("select n from numbers where n < ? order by n", [3], numbers=numbers)["n"].to_pylist() == [
        1,
        2,
    ]
    assert database.execute("select count(*) from duckdb_tables()").fetchall() == kept
