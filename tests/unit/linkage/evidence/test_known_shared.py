"""Which identifiers are on the list of known shared values."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.evidence.kinds import KINDS
from linkage.evidence.shared import known_identifiers
from linkage.tables import from_arrow, open_database

SEEN = [
    ("ip", 0, "198.51.100.7"),
    ("ip", 1, "198.51.100.0/24"),
    ("ip", 0, "203.0.113.9"),
    ("ip", 0, "2001:db8:1:2::/64"),
    ("ip", 1, "2001:db8:1::/48"),
    ("asn", 0, "AS64500"),
    ("payment", 0, "fp_1"),
    ("prompt", 1, "template 0a1b2c3d4e"),
]


def known(*listed):
    database = open_database()
    sightings = pa.Table.from_pylist(
        [dict(zip(("kind", "level", "identifier"), row, strict=True)) for row in SEEN]
    )
    schema = pa.schema([(name, pa.string()) for name in ("kind", "value", "why")])
    shared = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in listed], schema)
    found = known_identifiers(from_arrow(database, sightings), from_arrow(database, shared), KINDS)
    return {(level, value): why for _, level, value, why in found.rows()}


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("ip", " 198.51.100.7 ", {"198.51.100.7"}),
        ("network", "198.51.100.7:443", {"198.51.100.7"}),
        ("ip", "198.51.100.0/24", {"198.51.100.7", "198.51.100.0/24"}),
        ("network", "198.51.0.0/16", {"198.51.100.7", "198.51.100.0/24"}),
        ("ip", "198.51.100.4/30", {"198.51.100.7"}),
        ("ip", "2001:db8::/32", {"2001:db8:1:2::/64", "2001:db8:1::/48"}),
        ("ip", "2001:db8:1:2::/64", {"2001:db8:1:2::/64"}),
        ("ip", "2001:db8:1:2::9", {"2001:db8:1:2::/64"}),
        ("ip", "2001:db8:1:2::9/128", {"2001:db8:1:2::/64"}),
        ("ip", "::ffff:198.51.100.7", {"198.51.100.7"}),
        ("ip", "::ffff:198.51.100.0/120", {"198.51.100.7", "198.51.100.0/24"}),
        ("asn", "64500", {"AS64500"}),
        ("payment", "fp_1", {"fp_1"}),
        ("template", "template 0a1b2c3d4e", {"template 0a1b2c3d4e"}),
        ("ip", "192.0.2.0/24", set()),
        ("ip", "nonsense", set()),
        ("device", "fp_1", set()),
    ],
)
def test_a_listed_value_or_range_covers_what_lies_inside(kind, value, found):
    assert {value for _, value in known((kind, value, ""))} == found


def test_the_reason_is_told():
    assert known(("asn", "64500", "a carrier"))[0, "AS64500"] == "known to be shared: a carrier"
    assert known(("asn", "64500", None))[0, "AS64500"] == "known to be shared: listed"


def test_ranges_may_nest_and_repeat():
    found = known(
        ("ip", "198.51.100.0/30", "small"), ("ip", "198.51.0.0/16", "wide"), ("ip", "198.51.0.0/16", "wide")
    )

    assert found[0, "198.51.100.7"] == "known to be shared: wide"


def test_the_whole_internet_is_a_range():
    assert len(known(("ip", "0.0.0.0/0", ""), ("ip", "::/0", ""))) == 5
