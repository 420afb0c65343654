"""Spark gives the rows that DuckDB gives: statement by statement, row check by row check, evidence and rings."""

import datetime as dt
import json
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sparks import ENGINE, differing, need_spark, spark

from linkage.events import examine_source
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.opening import open_case
from linkage.pipeline import logs_of, read
from linkage.settings import Settings
from linkage.simulation import simulate
from linkage.spark.reading import SparkReader
from linkage.tables import derive, from_arrow, open_database

# PySpark leaves sockets and subprocesses to the end of the program.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    # Nothing goes through pandas.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
MAY = dt.datetime(2026, 5, 1)  # noqa: DTZ001 - UTC, as the logs say


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    need_spark()
    with spark(tmp_path_factory.mktemp("tables")) as database:
        yield database


@pytest.fixture(scope="module")
def here():
    database = open_database()
    yield database
    database.close()


@pytest.fixture(scope="module")
def oddities():
    """Numbers that round badly, texts in any order, times with parts of seconds, and nulls among all of them."""
    dice = random.Random(5)  # noqa: S311 - a world, no secret
    texts = [
        "a",
        "A",
        "é",
        "e\u0301",
        "z",
        "ß",
        "💥",
        "",
        " a ",
        "\u00a0a",
        "a\nb",
        "İ",
        "10",
        "9",
        "'\\",
        None,
    ]
    rows = 4000
    return pa.table(
        {
            "n": pa.array([dice.choice([None, *range(1, 50)]) for _ in range(rows)], pa.int64()),
            "x": [
                dice.choice([dice.random() * 30, dice.randrange(1, 4000) / 2e6, None]) for _ in range(rows)
            ],
            "word": [dice.choice(texts) for _ in range(rows)],
            "seen_at": pa.array(
                [MAY + dt.timedelta(microseconds=dice.randrange(10**13)) for _ in range(rows)],
                pa.timestamp("us"),
            ),
        }
    )


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("select n, round(x, 6) as a, round(x * n / 7, 6) as b, round(x)::bigint as c from rows", ()),
        ("select round(-log2(least(1, (n + 0.5) / (50 + 1))), 6) as bits from rows where n is not null", ()),
        ("select epoch(seen_at)::bigint as moment, epoch(seen_at)::bigint // 3600 as hour from rows", ()),
        ("select (n / 4)::bigint as quarter, (x * 100)::int as part, n // 4 as whole from rows", ()),
        (
            "select word, min(seen_at) as first_seen, max(seen_at) as last_seen, count(*) as count from rows group by all",
            (),
        ),
        ("select word, n, row_number() over (order by word, n desc, seen_at, x) - 1 as place from rows", ()),
        (
            "select distinct lower(word) as a, trim(word) as b, upper(word) as c, length(word) as d from rows",
            (),
        ),
        ("select word from rows where regexp_matches(word, ?)", [r"(?i)^\s*[aé]|^\d+$"]),
        ("select word, left(sha256(word), 10) as name, strlen(word) as letters from rows", ()),
        ("select min(word) as least, max(word) as most, count(distinct word) as words from rows", ()),
        ("select n, count(*) filter (x > ?) as many, any_value(n) as same from rows group by n", [15.0]),
        (
            "select n, word from rows where n is not null qualify row_number() over (partition by n order by word, seen_at) = 1",
            (),
        ),
        ("select word, unnest([word, 'x']) as each from rows", ()),
        ("select n from rows where word = ?", ["'\\"]),
        (
            "select greatest(n, 3) as a, least(n, x) as b, coalesce(n, 0) as c, nullif(word, '') as d from rows",
            (),
        ),
        (
            "select hour(seen_at) as hour, minute(seen_at) as minute, seen_at::varchar as written from rows",
            (),
        ),
    ],
)
def test_a_statement_gives_the_same_rows(there, here, oddities, query, parameters):
    found = [
        derive(query, parameters, rows=from_arrow(database, oddities)).arrow() for database in (here, there)
    ]

    first, second = (table.cast(_wide(table.schema)) for table in found)
    assert len(first) == len(second)
    assert differing(first, second) == []


def _wide(schema):
    """Take whole numbers for whole numbers, of whatever width."""
    return pa.schema(
        [(each.name, pa.int64() if pa.types.is_integer(each.type) else each.type) for each in schema]
    )


def test_odd_rows_are_checked_alike_and_set_aside_alike(there, tmp_path):
    folder = tmp_path / "events"
    folder.mkdir()
    rows = 60
    pq.write_table(
        pa.table(
            {
                "user_id": [f" a{number % 7}" if number % 5 else None for number in range(rows)],
                "ts": [
                    f"2026-09-{number % 28 + 1:02}T01:12:09+02:00" if number % 9 else "soon"
                    for number in range(rows)
                ],
                "ip": ["198.51.100.7"] * rows,
                "prompt": [f"é prompt {number % 10}" for number in range(rows)],
                "device": [{"a": number % 3} for number in range(rows)],
                "output_tokens": [number % 4 - 0.5 * (number % 2) for number in range(rows)],
            }
        ),
        folder / "part 1.parquet",
    )
    for name, zone in (("part-2.parquet", None), ("part-3.parquet", "UTC")):
        at = [MAY + dt.timedelta(seconds=number % 20) for number in range(rows)]
        table = {
            "account_id": [f"b{number % 7}" for number in range(rows)],
            "timestamp": pa.array(at, pa.timestamp("us", zone)),
        }
        pq.write_table(pa.table(table), folder / name)
    (tmp_path / "accounts.csv").write_text("account_id,created_at\na1,2026-09-01\nb1,2026-09-02\n")

    database, beside = open_database(), open_database()
    here = examine_source(database, [tmp_path])
    there_too = examine_source(beside, [tmp_path], afar=SparkReader(there, beside))

    assert here.notices == there_too.notices
    assert here.files == there_too.files
    assert here.quarantine.rows() == there_too.quarantine.rows() != []
    for name, table in here.tables.items():
        assert sorted(map(repr, table.arrow().to_pylist())) == sorted(
            map(repr, there_too[name].arrow().to_pylist())
        )


def test_a_folder_elsewhere_is_read_as_its_files_are_here(there, tmp_path):
    folder = tmp_path / "events"
    folder.mkdir()
    for part in range(2):
        rows = {
            "account_id": [f"a{number % 7}" for number in range(30)],
            "timestamp": pa.array([MAY] * 30, pa.timestamp("us", "UTC")),
            "ip": [f"198.51.100.{number + 7 * part}" for number in range(30)],
        }
        pq.write_table(pa.table(rows), folder / f"{part}.parquet")

    database, beside = open_database(), open_database()
    here = examine_source(database, [folder])
    there_too = examine_source(beside, [f"file://{folder}"], afar=SparkReader(there, beside))

    assert [(file.rows_read, file.accepted, file.seen_before) for file in there_too.files] == [(60, 60, 23)]
    assert differing(here["events"].arrow(), there_too["events"].arrow()) == []


def test_nothing_at_an_address_is_a_problem_of_that_address(there, tmp_path):
    beside = open_database()

    reading = examine_source(beside, [f"file://{tmp_path}/events/"], afar=SparkReader(there, beside))

    (problem,) = reading.problems
    assert "there is nothing" in str(problem)


def test_events_that_are_no_parquet_are_refused_with_what_would_be_right(there, tmp_path):
    (tmp_path / "events.csv").write_text("account_id,timestamp\na,2026-09-03T01:12:09Z\n")
    beside = open_database()

    reading = examine_source(beside, [tmp_path], afar=SparkReader(there, beside))

    assert [str(problem) for problem in reading.problems] == [
        "events.csv: is no Parquet; with --engine events are read from Parquet alone: write it anew, or ingest it without"
    ]


def test_rings_are_the_same_by_way_of_spark(tmp_path, monkeypatch):
    need_spark()
    monkeypatch.setenv("LINKAGE_EXPIRE_DAYS", "20")  # of the month that the world lasts
    monkeypatch.delenv("LINKAGE_CASE", raising=False)
    _write(tmp_path / "world", accounts=1200, events_per_account=1.0)

    ingest(tmp_path / "world", tmp_path / "there.duckdb", "--engine", ENGINE)
    ingest(tmp_path / "world", tmp_path / "here.duckdb")

    there, here = (rings(tmp_path / f"{name}.duckdb") for name in ("there", "here"))
    assert there.stdout == here.stdout
    assert json.loads(there.stdout)
    assert "the others stay at their source" in there.stderr
    refused = run("ingest", str(tmp_path / "world"), "--case", str(tmp_path / "there.duckdb"))
    assert refused.returncode == 3
    assert "worked out on Spark" in refused.stderr


def test_spark_and_duckdb_give_the_same_evidence_row_for_row_of_two_million_events(tmp_path):
    """Some 2,000,000 events with prompts of 100,000 accounts."""
    need_spark()
    _write(tmp_path / "world", accounts=100_000, events_per_account=3.3)
    assert pq.read_metadata(tmp_path / "world" / "events.parquet").num_rows >= 2_000_000

    ingest(tmp_path / "world", tmp_path / "there.duckdb", "--engine", ENGINE)
    kinds, effective = chosen_kinds(Settings().evidence)
    with read([str(tmp_path / "world")], Settings()) as reading:
        evidence = collect_evidence(logs_of(reading), kinds, effective)
        with open_case(tmp_path / "there.duckdb", reading=True) as case:
            for name, handed in case.handed(
                ["people", "identifiers", "holdings", "earlier_holdings"]
            ).items():
                expected = getattr(evidence, name).arrow()
                assert len(expected) == len(handed)
                assert differing(expected, handed.arrow()) == []


def _write(folder: Path, *, accounts: int, events_per_account: float) -> None:
    folder.mkdir()
    world = simulate("hydra", seed=11, accounts=accounts, events_per_account=events_per_account)
    for name in ("accounts", "events", "payments", "reference"):
        pq.write_table(world[name], folder / f"{name}.parquet", compression="zstd")


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "linkage", *words], capture_output=True, text=True, check=False
    )


def ingest(world, case, *words):
    done = run("ingest", str(world), "--case", str(case), *words)
    assert done.returncode == 0, done.stderr[-2000:]


def rings(case):
    done = run("rings", "--case", str(case), "--format", "json", "--members", "--min-score", "0")
    assert done.returncode == 0, done.stderr[-2000:]
    return done
