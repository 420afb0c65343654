"""Rows: lines of JSON and the table for spreadsheets."""

from __future__ import annotations

import csv
import io
import json

from shared import IDS, KEY_ID, TAKEN_BACK_ON, make_package, make_ring, make_selector, make_template

from linkage.sharing.model import Scheme
from linkage.sharing.rows import SELECTOR_COLUMNS
from linkage.sharing.stix import make_parts
from linkage.sharing.views import view_named


def lines_of(package, name):
    """Write a package as lines and read one of the files again."""
    content = view_named("jsonl").write(package, IDS)[f"{name}.jsonl"]
    return [json.loads(line) for line in content.splitlines()]


def table_of(package):
    """Write a package as a table and read it again."""
    content = view_named("csv").write(package, IDS)["selectors.csv"]
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_every_selector_of_a_standing_ring_is_a_line():
    selectors = lines_of(make_package(), "selectors")

    assert len(selectors) == 50
    assert {each["ring"] for each in selectors} == {"R-7K2M9Q", "R-B4TT3R"}
    assert not any(each["revoked"] for each in selectors)


def test_a_line_says_all_there_is_to_a_selector():
    package = make_package(make_ring(selectors=(make_selector("payment", Scheme.oprf, "mzxw6"),)))

    (line,) = lines_of(package, "selectors")

    assert line.pop("id").startswith("indicator--")
    assert line == {
        "ring": "R-7K2M9Q", "kind": "payment", "scheme": "oprf", "key_id": KEY_ID, "token": "mzxw6",
        "valid_from": "2026-09-03T01:00:00Z", "valid_until": "2026-10-03T01:00:00Z",
        "confidence": 85, "accounts": 5, "action": "log", "revoked": False,
    }  # fmt: skip


def test_only_a_template_has_bands():
    template = make_template("one")
    package = make_package(make_ring(selectors=(template, make_selector("ip", Scheme.raw, "198.51.100.7"))))

    found = {line["kind"]: line for line in lines_of(package, "selectors")}

    assert found["template"]["bands"] == sorted(template.bands)
    assert found["template"]["token"] == template.value
    assert "bands" not in found["ip"]


def test_a_selector_that_many_share_is_for_a_look():
    package = make_package(
        make_ring(selectors=(make_selector("ip", Scheme.raw, "203.0.113.0/24", soft=True),))
    )

    assert [line["action"] for line in lines_of(package, "selectors")] == ["look"]


def test_lines_and_bundles_say_the_same():
    shared = make_selector("payment", Scheme.oprf, "mzxw6", confidence=60, accounts=2)
    package = make_package(
        make_ring("R-7K2M9Q", selectors=(shared,)),
        make_ring(
            "R-B4TT3R",
            selectors=(make_selector("payment", Scheme.oprf, "mzxw6", confidence=90, accounts=20),),
        ),
    )
    indicators = {
        each["id"]: each
        for part in make_parts(package, IDS)
        for each in part.objects
        if each["type"] == "indicator"
    }

    lines = lines_of(package, "selectors")

    assert len(lines) == 2
    assert {(line["id"], line["confidence"], line["accounts"]) for line in lines} == {
        (name, each["confidence"], 20) for name, each in indicators.items()
    }


def test_every_ring_is_a_line_with_its_members_surest_first():
    found = {line["ring"]: line for line in lines_of(make_package(), "rings")}

    assert list(found) == ["R-7K2M9Q", "R-B4TT3R", "R-G0NE22"]
    ring = found["R-7K2M9Q"]
    assert (ring["accounts"], ring["selectors"], ring["reviewed"], ring["score"]) == (60, 25, True, 0.93)
    confidence = [member["confidence"] for member in ring["members"]]
    assert confidence == sorted(confidence, reverse=True)
    assert all(member["token"].startswith("a1_") for member in ring["members"])
    assert (found["R-B4TT3R"]["reviewed"], found["R-B4TT3R"]["extraction"]) == (False, None)


def test_of_a_ring_that_is_taken_back_neither_members_nor_why_are_said():
    package = make_package(make_ring(revoked=True, modified=TAKEN_BACK_ON))

    (ring,) = lines_of(package, "rings")

    assert (ring["revoked"], ring["modified"]) == (True, "2026-09-12T01:00:00Z")
    assert (ring["members"], ring["networks"], ring["summary"]) == ([], [], [])
    assert (ring["accounts"], ring["selectors"]) == (0, 0)
    assert lines_of(package, "selectors") == []


def test_the_table_has_the_same_columns_and_rows_as_the_lines():
    package = make_package()
    table, lines = table_of(package), lines_of(package, "selectors")

    assert tuple(table[0]) == SELECTOR_COLUMNS
    assert [row["id"] for row in table] == [line["id"] for line in lines]
    assert [row["token"] for row in table] == [line["token"] for line in lines]
    assert {row["revoked"] for row in table} == {"false"}
    templates = [
        (row["bands"], line["bands"]) for row, line in zip(table, lines, strict=True) if "bands" in line
    ]
    assert [cell.split() for cell, _ in templates] == [bands for _, bands in templates]


def test_no_cell_is_taken_for_a_formula():
    nasty = ("=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "\t=1", "-2+3")
    package = make_package(
        make_ring(selectors=tuple(make_selector("device", Scheme.raw, text) for text in nasty))
    )

    tokens = [row["token"] for row in table_of(package)]

    assert len(tokens) == len(nasty)
    assert not [token for token in tokens if token.startswith(("=", "+", "@", "-", "\t"))]
