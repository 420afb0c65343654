import duckdb
import pyarrow as pa

from linkage.spark.texts import by_duckdb, select


def test_an_expression_gives_what_duckdb_gives():
    texts = ["Ünder  score", None, "", "a\nb", "1. Step-by-step"]
    sql = r"regexp_replace(trim(c0), '\s+', $put, 'g')"

    found = by_duckdb(sql, {"put": "_"})(pa.array(texts)).to_pylist()

    rows = pa.table({"c0": texts})  # noqa: F841 - the select reads it by its name
    assert found == [row[0] for row in duckdb.execute(f"select {sql} from rows", {"put": "_"}).fetchall()]


def test_no_rows_give_no_rows():
    assert len(by_duckdb("upper(c0)", {})(pa.array([], pa.string()))) == 0


def test_one_select_leaves_nothing_to_the_next():
    assert select("select count(*) as n from batch", pa.table({"n": [1, 2]}))["n"].to_pylist() == [2]
    assert select("select count(*) as n from batch", pa.table({"n": [1]}))["n"].to_pylist() == [1]
