"""Stories of further columns: a kind of evidence by configuration alone."""

from __future__ import annotations

import pytest

from linkage.errors import SettingsError
from linkage.settings import load_settings

EIGHT = [f"ring_{number}" for number in range(8)]
DEVICE = '[evidence.device]\ncolumn = "device_id"\n'


@pytest.fixture
def phones(town):
    """Eight accounts on one device behind one address; every other account has a device of its own."""
    for row in town.events:
        row["extra"] = {"device_id": f"d-{row['account_id']}"}
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number, address="198.51.100.7", network="AS64496")
    for row in town.events[-4 * len(EIGHT) :]:
        row["extra"] = {"device_id": " d-17  "}
    return town


def told(tmp_path, text):
    path = tmp_path / "linkage.toml"
    path.write_text(text)
    return load_settings(path, environment={}).settings


def test_a_column_named_in_linkage_toml_is_a_kind(phones, tmp_path):
    found = phones.find(**{"evidence.device.column": "device_id"})

    assert told(tmp_path, DEVICE).evidence["device"].column == "device_id"
    assert [sorted(member.account_id for member in ring.members) for ring in found.rings] == [EIGHT]
    assert "1 device ties 8 accounts" in [reason.sentence for reason in found.rings[0].evidence]


def test_a_column_that_nobody_named_ties_nobody(phones):
    assert phones.rings() == []


def test_a_declared_kind_alone_creates_no_ring(phones):
    for number, row in enumerate(phones.events[-4 * len(EIGHT) :]):
        row.update(ip=None, asn=f"AS{64500 + number % 7}")

    assert phones.rings(**{"evidence.device.column": "device_id"}) == []


def test_a_column_that_is_not_there_is_said_to_be_skipped(phones):
    found = phones.find(**{"evidence.till.column": "till"})

    assert "till: nothing in the column 'till' of events that could link anybody" in found.evidence.skipped


def test_a_column_of_accounts_is_a_kind_too(town):
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number, address="198.51.100.7", network="AS64496")
    for row in town.accounts[-len(EIGHT) :]:
        row["extra"] = {"referral": "FRIEND-17"}

    settings = {"evidence.referral.column": "referral", "evidence.referral.table": "accounts"}

    assert town.rings(**settings) == [EIGHT]


def test_a_new_kind_without_a_column_is_an_error_that_says_what_to_write(town):
    with pytest.raises(SettingsError, match='declare another with column = "its column"'):
        town.find(evidence__device__cap=5)
