"""Laws of the door: nothing is dropped silently, and how data is cut, ordered or packed never matters."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.events import examine_source
from linkage.tables import open_database

DATABASE = open_database()
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))

COLUMNS = ("account_id", "timestamp", "ip", "prompt", "response_tokens", "device")
# A lone carriage return inside a cell, or a surrogate, is no text that a CSV writer would give us back.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "Ä"]),
        st.sampled_from(["2026-09-03T01:12:09Z", "1788397929", "soon"]),
        st.sampled_from(["198.51.100.7", "2001:db8::1", ""]),
        TEXT,
        st.sampled_from(["12", "", "-1"]),
        TEXT,
    ),
    min_size=1,
    max_size=8,
)
MESSY_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"a,1788397929,ok",
                b'a,1788397929,"o""k"',
                b'a,1788397929,"o',
                b'k"',
                b'"',
                b"a,b",
                b",,",
                b"\xff,1,2",
                b"a,1,\x00",
            ]
        ),
        st.binary(max_size=12).map(lambda raw: raw.replace(b"\r", b"")),
    ),
    max_size=12,
)


def read(files):
    """Write the files and read their folder."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        return examine_source(DATABASE, [folder])


def as_csv(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue().encode()


def as_jsonl(rows):
    return "".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) + "\n" for row in rows).encode()


def as_parquet(rows):
    out = io.BytesIO()
    pq.write_table(
        pa.table({name: list(cells) for name, cells in zip(COLUMNS, zip(*rows, strict=True), strict=True)}),
        out,
    )
    return out.getvalue()


def content(reading):
    """Everything that was accepted, and how many rows were set aside for what."""
    aside = reading.quarantine.database.execute(
        f"select column_name, excerpt, reason, count(*) from {reading.quarantine.name} group by all order by all"
    ).fetchall()
    return reading["events"].rows(), aside


@FEW
@given(MESSY_LINES)
def test_rows_read_are_rows_accepted_and_rows_quarantined(lines):
    reading = read({"events.csv": b"account_id,timestamp,prompt\n" + b"\n".join(lines)})

    for file in reading.files:
        assert file.rows_read == file.accepted + file.quarantined
    assert sum(file.quarantined for file in reading.files) == len(reading.quarantine)
    assert sum(file.accepted - file.seen_before for file in reading.files) == len(reading["events"])


@FEW
@given(
    st.lists(
        st.sampled_from(["a,1788397929,x", "a,soon,x", "a,1", ",,", "a,1,2,3", "é,1788397929,"]), max_size=12
    )
)
def test_without_quotes_every_line_is_a_row(lines):
    reading = read({"events.csv": "\n".join(["account_id,timestamp,prompt", *lines]).encode()})

    assert sum(file.rows_read for file in reading.files) == len(lines)
    good = [line for line in lines if line.split(",")[1:] in (["1788397929", "x"], ["1788397929", ""])]
    assert sum(file.accepted for file in reading.files) == len(good)


@FEW
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows, random):
    shuffled = random.sample(rows, len(rows))

    assert content(read({"events.csv": as_csv(shuffled)})) == content(read({"events.csv": as_csv(rows)}))


@FEW
@given(ROWS, st.integers(0, 8))
def test_splitting_a_file_never_matters(rows, place):
    parts = {"events-1.csv": as_csv(rows[:place]), "events-2.csv": as_csv(rows[place:])}

    assert content(read(parts)) == content(read({"events.csv": as_csv(rows)}))


@FEW
@given(ROWS)
def test_the_format_never_matters(rows):
    plain = as_csv(rows)
    expected = content(read({"events.csv": plain}))

    assert content(read({"events.csv.gz": gzip.compress(plain)})) == expected
    assert content(read({"events.csv.zst": pa.compress(plain, codec="zstd", asbytes=True)})) == expected
    assert content(read({"events.jsonl": as_jsonl(rows)})) == expected
    assert content(read({"events.parquet": as_parquet(rows)})) == expected


@FEW
@given(ROWS)
def test_reading_twice_gives_the_same_and_the_same_rows_twice_change_nothing(rows):
    once = read({"events.csv": as_csv(rows)})
    twice = read({"events-1.csv": as_csv(rows), "events-2.parquet": as_parquet(rows)})

    assert content(once) == content(read({"events.csv": as_csv(rows)}))
    assert once["events"].rows() == twice["events"].rows()
