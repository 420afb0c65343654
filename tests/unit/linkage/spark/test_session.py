import subprocess
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


@pytest.mark.parametrize("part", ["pyspark.sql", "sqlglot"])
def test_where_a_part_is_missing_it_is_said_how_to_get_it(monkeypatch, tmp_path, part):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, part, None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[spark\]"):
        open_spark("local[1]")


def test_nothing_of_spark_is_loaded_before_it_is_asked_for():
    asked = "import linkage.elsewhere, linkage.evidence.prompts, sys; print({'sqlglot', 'pyspark'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
