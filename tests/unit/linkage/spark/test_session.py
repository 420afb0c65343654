import sys

import pytest

from linkage.errors import MissingPartError, SettingsError
from linkage.spark.session import check_engine, open_spark


@pytest.mark.parametrize(
    "engine", ["local", "local[2]", "local[*]", "spark://master:7077", "yarn", "k8s://https://host"]
)
def test_masters_of_spark_are_engines(engine):
    check_engine(engine)


@pytest.mark.parametrize("engine", ["", "duckdb", "local[x]", "local[2] --conf x=y", "spark://a b"])
def test_anything_else_is_refused_with_what_would_be_right(engine):
    with pytest.raises(SettingsError, match=r"local\[\*\]"):
        check_engine(engine)


def test_where_java_is_missing_it_is_said_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(MissingPartError, match="openjdk-17"):
        open_spark("local[1]")


def test_where_pyspark_is_missing_it_is_said_how_to_get_it(monkeypatch, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[spark\]"):
        open_spark("local[1]")
