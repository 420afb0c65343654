"""Logs that one machine does not hold: read and weighed on Spark, and handed to a case as evidence."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING

from linkage import handed, progress
from linkage.errors import SettingsError
from linkage.events import examine_source
from linkage.events.afar import FAR
from linkage.events.contract import TABLES
from linkage.events.staging import empty_table
from linkage.evidence.ageing import end_of, recent
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.handed import Handed
from linkage.opening import check_place, open_case
from linkage.pipeline import INPUTS, group
from linkage.scores.observe import add_up
from linkage.spark.reading import SparkReader
from linkage.spark.session import check_engine, explained, is_local, open_spark
from linkage.tables import Logs, Table, derive, from_arrow, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb
    from pyspark.sql import SparkSession

    from linkage.events import Reading
    from linkage.settings import Settings
    from linkage.spark.database import SparkDatabase

SCRATCH = "spark.linkage.scratch"
"""Where Spark is told in which folder, that all its machines reach, tables are kept while they are needed."""


def ingest_elsewhere(
    sources: Sequence[str],
    path: Path,
    settings: Settings,
    *,
    engine: str,
    tell: Callable[[Reading], None] | None = None,
) -> tuple[int, int, int]:
    """Read sources on Spark, and hand what accounts share to a case; all of it or nothing.

    The sources are the whole of the logs: what was handed over before is replaced. The events of accounts in rings come
    along, so that the rings can be shown; all others stay at their source.

    Args:
        sources: folders, files, patterns, URLs; events and the reference as Parquet.
        path: the case file; made where there is none.
        settings: every knob.
        engine: the Spark, such as ``local[*]`` or ``spark://HOST:PORT``.
        tell: called with what was read, before anything is stored or refused.

    Returns:
        How many accounts and events there are, and how many of these came along.

    Raises:
        DataError: naming every file that cannot be used; the case is as it was before.
        MissingPartError: PySpark or Java is not installed.
    """
    check_engine(engine)
    check_place(path, wait=settings.wait, elsewhere=True)
    with (
        tempfile.TemporaryDirectory(prefix="linkage-") as folder,
        _databases(Path(folder), engine, settings) as (
            there,
            here,
        ),
    ):
        reader = SparkReader(there, here)
        reading = examine_source(here, sources, settings.columns, afar=reader)
        if tell is not None:
            tell(reading)
        reading.or_raise()
        small = {name: table for name, table in reading.tables.items() if name not in FAR}
        files = [astuple(file) for file in reading.files]
        none = {name: empty_table(here, TABLES[name]) for name in FAR}
        given, own = _worked_out(
            recent(
                _all_logs(path, Path(folder), there, here, reading, small | none, settings),
                settings.expire_days,
            ),
            settings,
            here,
        )
        progress.at("storing")
        with open_case(path, INPUTS, wait=settings.wait, within=here) as case, case.changing():
            case.add_within(small | own, reading.quarantine, files)
            handed.keep(case, given, settings)
        return len(given.evidence.people), given.events, given.brought


@contextmanager
def _databases(
    folder: Path, engine: str, settings: Settings
) -> Iterator[tuple[SparkDatabase, duckdb.DuckDBPyConnection]]:
    """Open Spark, and a database of this program, until all is done."""
    session = open_spark(engine, memory=settings.memory)
    from linkage.spark.database import SparkDatabase  # noqa: PLC0415 - needs what was just found to be there

    here = open_database(folder / "scratch.duckdb", memory=settings.memory)
    there = SparkDatabase(session, _scratch(session, engine, folder))
    try:
        with explained():
            yield there, here
    finally:
        there.close()
        here.close()


def _scratch(session: SparkSession, engine: str, folder: Path) -> str:
    """Name the folder for tables; on one machine any will do."""
    named = session.conf.get(SCRATCH, None)
    if named is None and not is_local(engine):
        raise SettingsError(
            f"--engine: name a folder that all machines of Spark reach, as {SCRATCH} in spark-defaults.conf,"
            " such as hdfs:///tmp/linkage or s3a://bucket/scratch"
        )
    return f"{named.rstrip('/')}/{folder.name}" if named else f"file://{folder}/tables"


def _all_logs(  # noqa: PLR0913, PLR0917 - what is known comes from three sides
    path: Path,
    folder: Path,
    there: SparkDatabase,
    here: duckdb.DuckDBPyConnection,
    reading: Reading,
    small: Mapping[str, Table],
    settings: Settings,
) -> Logs:
    """Put beside the events what the case knows of accounts already, as it will once this is added to it."""
    draft = folder / "draft.duckdb"
    if path.exists():
        with open_case(path, INPUTS, wait=settings.wait):
            pass  # one whose making was cut short gets its tables
        with open_case(path, wait=settings.wait, reading=True) as case:
            case.copy_to(draft)
    with open_case(draft, INPUTS, within=here) as case:
        case.add(small, reading.quarantine, ())
        known = {
            name: from_arrow(there, getattr(case.logs, name).arrow()) for name in small if name not in FAR
        }
    draft.unlink()
    return Logs(**known, **{name: reading[name] for name in FAR})


def _worked_out(
    logs: Logs, settings: Settings, here: duckdb.DuckDBPyConnection
) -> tuple[Handed, dict[str, Table]]:
    """Weigh what accounts share, and fetch the events of those that it puts into rings."""
    kinds, effective = chosen_kinds(settings.evidence)
    evidence = collect_evidence(logs, kinds, effective)
    progress.at("measuring behaviour")
    activity = add_up(logs, evidence.people)
    progress.at("handing over")
    given = Handed(evidence, activity, end_of(logs), len(logs.events)).brought_here(here)
    members = derive(
        "select distinct account_id from people semi join members using (account)",
        people=given.evidence.people,
        members=group(given.evidence, settings).members,
    )
    wanted = from_arrow(logs.events.database, members.arrow())
    own = {
        name: from_arrow(
            here,
            derive(
                "select * from logs semi join wanted using (account_id)", logs=table, wanted=wanted
            ).arrow(),
        )
        for name, table in (("events", logs.events), ("reference", logs.reference))
    }
    return replace(given, brought=len(own["events"])), own
