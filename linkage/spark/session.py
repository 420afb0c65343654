"""Apache Spark, opened for one run: which one, and how it must be set so that its rows are DuckDB's."""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.errors import DataError, MissingPartError, SettingsError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

_LOCAL = re.compile(r"local(\[(\d+|\*)\])?")
_ENGINE = re.compile(r"local(\[(\d+|\*)\])?|spark://\S+|k8s://\S+|yarn")
_MEMORY = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT])i?B")
_MEGABYTES = {"K": 1 / 1024, "M": 1, "G": 1024, "T": 1024 * 1024}
DRIVER_MEMORY = "4g"
"""What the program beside the tables may take where nothing else is said: Spark's own 1g is too little for prompts."""
OURS = {
    "spark.sql.session.timeZone": "UTC",
    # Times without a zone are read as they stand, those of nanoseconds as the numbers they are.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",
    "spark.driver.maxResultSize": "0",  # signatures and evidence are fetched, and may be large
}
"""What a result depends on, whatever the cluster says."""


def open_spark(engine: str, *, memory: str | None = None) -> SparkSession:
    """Start or join an Apache Spark.

    Args:
        engine: its master: ``local[*]``, ``local[2]``, ``spark://HOST:PORT``, ``yarn``, ``k8s://…``.
        memory: what the driver may take, such as ``8GB``; where all is local, that is all there is.

    Raises:
        SettingsError: such an engine is unknown.
        MissingPartError: PySpark or Java is not installed.
    """
    check_engine(engine)
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else None
    if not (java.is_file() if java else shutil.which("java")):
        raise MissingPartError(
            "--engine needs Java 17, which is not found: install openjdk-17-jre-headless, or set JAVA_HOME"
        )
    try:
        # Nothing here goes through pandas.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        import sqlglot  # noqa: F401, PLC0415 - said here, before long work is begun
        from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with PySpark
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional part
        from pyspark.sql import SparkSession  # noqa: PLC0415 - as above
    except ImportError:
        raise MissingPartError(
            "--engine needs PySpark and SQLGlot: pip install 'linkage-rings[spark]'"
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    building = SparkSession.builder.master(engine).appName("linkage")
    for name, value in (OURS | _beside(engine, memory)).items():
        building = building.config(name, value)
    try:
        session = building.getOrCreate()
    except (Py4JError, PySparkException):
        raise SettingsError(
            f"--engine: Spark could not be started or reached as {inert(engine)}: is the address right, and is this"
            " Java 17 or later? What Spark says stands above"
        ) from None
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def explained() -> Iterator[None]:
    """Say what a person can mend of what goes wrong on Spark."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with PySpark
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional part

    try:
        yield
    except (Py4JError, PySparkException) as error:
        said = str(error)
        if "ModuleNotFoundError" in said or "No module named" in said:
            raise MissingPartError(
                "executors of Spark lack a package that they need: give them this environment, as"
                " docs/how-to/run-on-spark.md says"
            ) from None
        if "OutOfMemoryError" in said:
            raise SettingsError(
                "Spark needs more memory than it may take: give more with --memory, such as --memory 12GB"
            ) from None
        if "No space left" in said:
            raise DataError("a disk of Spark is full: make room in its folders for temporary files") from None
        raise


def check_engine(engine: str) -> None:
    """Refuse what is no master of Spark.

    >>> check_engine("local[2]")

    Raises:
        SettingsError: such an engine is unknown.
    """
    if not _ENGINE.fullmatch(engine):
        raise SettingsError(
            "--engine: there is no such engine; write local[*], spark://HOST:PORT, yarn or k8s://…"
        )


def is_local(engine: str) -> bool:
    """Say whether an engine is this machine alone.

    >>> is_local("local[*]"), is_local("spark://master:7077")
    (True, False)
    """
    return _LOCAL.fullmatch(engine) is not None


def _beside(engine: str, memory: str | None) -> dict[str, str]:
    """Say what depends on where it runs; nobody else's machine is told how to be reached."""
    given = _MEMORY.fullmatch(memory or "")
    size = f"{int(float(given[1]) * _MEGABYTES[given[2]])}m" if given else DRIVER_MEMORY
    beside = {"spark.driver.memory": size}
    local = _LOCAL.fullmatch(engine)
    if local is None:
        return beside
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    cores = os.cpu_count() or 1 if local[2] == "*" else int(local[2] or 1)
    return beside | {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(max(8, 2 * cores)),
    }
