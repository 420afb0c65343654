import pytest

pytest.importorskip("sqlglot")

from linkage.spark.dialect import translated


def said(query, parameters=()):
    return translated(query, parameters).sql()


def test_values_are_bound_and_never_part_of_the_statement():
    hostile = "'); drop table events; --"

    statement = translated("select a from t where b = ? and c > ?", [hostile, 2])

    assert hostile not in statement.sql()
    assert statement.values == {"bound_0": hostile, "bound_1": 2}


def test_values_keep_their_places_wherever_the_statement_is_turned_around():
    statement = translated("select ? as a from t where b = ? group by all having count(*) > ?", [1, 2, 3])

    assert statement.sql().index(":bound_0") < statement.sql().index(":bound_1")
    assert statement.values == {"bound_0": 1, "bound_1": 2, "bound_2": 3}


def test_nulls_come_last_as_in_duckdb():
    assert "NULLS LAST" in said("select row_number() over (order by a) as n from t")


def test_numbers_with_a_point_are_no_exact_decimals():
    assert "CAST('0.5' AS DOUBLE)" in said("select a + 0.5 from t")


def test_whole_numbers_are_rounded_to_and_not_cut():
    assert "CAST(RINT(" in said("select (a / b)::bigint from t")


def test_what_takes_text_apart_is_left_to_duckdb():
    statement = translated(
        "select account, coalesce(regexp_extract(lower(ip), ?, 1), asn) as operator, count(*) from doings group by all",
        ["^a.*"],
    )

    (text,) = statement.texts.values()

    assert "REGEXP" not in statement.sql().upper()
    assert set(text.columns) == {("ip", None), ("asn", None)}
    assert text.values == {"bound_0": "^a.*"}
    assert text.type == "string"


def test_the_same_expression_has_one_name():
    first = translated("select lower(a) from t").texts
    again = translated("select lower(b) as c from u").texts

    assert list(first) == list(again)


def test_names_that_a_lambda_gives_are_no_columns():
    statement = translated(
        "select list_filter(regexp_extract_all(text, ?), lambda each: length(each) > ?) from t", ["a", 2]
    )

    (text,) = statement.texts.values()

    assert text.columns == (("text", None),)
    assert text.type == "array<string>"


def test_what_stands_inside_of_what_is_changed_is_changed_too():
    sql = said("select round(epoch(a)::bigint / 0.5, 6) as n from t")

    assert "CAST(RINT((UNIX_MICROS(a) / CAST('1e6' AS DOUBLE))) AS BIGINT) / CAST('0.5' AS DOUBLE)" in sql
