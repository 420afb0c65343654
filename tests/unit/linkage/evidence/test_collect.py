"""What a shared identifier is worth: log2 of one over the chance that a stranger holds it too."""

from __future__ import annotations

from datetime import datetime
from math import log2

import pytest

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


def holders(count, **what):
    return [{"account_id": f"acct_{number:03}", "happened_at": AT, **what} for number in range(count)]


def bystanders(first, last, **what):
    return [{"account_id": f"acct_{number:03}", "happened_at": AT, **what} for number in range(first, last)]


def cards(count, total):
    own = [
        {"account_id": f"acct_{number:03}", "fingerprint": f"fp {number}"} for number in range(count, total)
    ]
    return [{"account_id": f"acct_{number:03}", "fingerprint": "fp_1"} for number in range(count)] + own


def test_five_holders_among_ninety_nine_are_worth_log2_of_100_over_5_and_a_half(collect, worth):
    found = worth(collect(payments=cards(5, 99)))

    assert set(found) == {"fp_1"}
    assert found["fp_1"]["accounts"] == 5
    assert found["fp_1"]["bits"] == round(log2(100 / 5.5), 6) == 4.184425
    assert found["fp_1"]["creates"]
    assert found["fp_1"]["why"] is None


def test_what_one_account_holds_is_no_evidence(collect):
    found = collect(payments=cards(1, 9))

    assert (len(found.identifiers), len(found.holdings)) == (0, 0)


def test_holders_that_are_only_in_the_reference_are_no_evidence(collect):
    found = collect(events=bystanders(0, 1, ip="198.51.100.7"), reference=bystanders(1, 9, ip="198.51.100.7"))

    assert len(found.identifiers) == 0


def test_frequencies_come_from_the_reference_where_a_ring_is_common_in_the_window(collect, worth):
    """15 of 31 hold the address now: 15.5 / 32. None of 63 held it before: 0.5 / 64, which is 7 bits."""
    window = holders(15, ip="198.51.100.7") + bystanders(15, 31, ip=None)
    found = worth(collect(events=window, reference=bystanders(100, 163, ip="2001:db8::1")))

    assert found["198.51.100.7"]["earlier"] == 0
    assert found["198.51.100.7"]["bits"] == 7.0


def test_frequencies_of_a_published_list_count_as_a_reference(collect, worth):
    """10 of 1,000 in the list are rarer than 5 of 99 in the window, 200 of 1,000 are not."""
    rare = {"kind": "payment", "identifier": "fp_1", "accounts": 10, "total": 1000}
    common = rare | {"accounts": 200}

    assert worth(collect(payments=cards(5, 99), reference_frequencies=[rare]))["fp_1"]["bits"] == round(
        log2(1001 / 10.5), 6
    )
    assert worth(collect(payments=cards(5, 99), reference_frequencies=[common]))["fp_1"]["bits"] == 4.184425


def test_holders_of_an_address_are_counted_among_the_accounts_of_its_network(collect, worth):
    """299 accounts come through AS64500, 400 through AS64501; ten of the first share an address."""
    events = [
        *holders(10, ip="198.51.100.7", asn="AS64500"),
        *bystanders(10, 299, asn="64500"),
        *bystanders(299, 699, asn="64501"),
    ]

    found = worth(collect(events=events))

    assert found["198.51.100.7"]["population"] == 299
    assert found["198.51.100.7"]["bits"] == round(log2(300 / 10.5), 6)


def test_a_network_of_few_accounts_is_taken_for_one_of_250_so_that_a_ring_cannot_explain_itself(
    collect, worth
):
    events = [*holders(10, ip="198.51.100.7", asn="AS64500"), *bystanders(10, 699, asn="64501")]

    assert worth(collect(events=events))["198.51.100.7"]["bits"] == round(log2(251 / 10.5), 6)


def test_other_kinds_are_counted_among_everybody(collect, worth):
    events = [*holders(10, asn="AS64500", extra=[("device_id", "d-1")]), *bystanders(10, 699, asn="64501")]

    found = worth(collect({"device": {"column": "device_id"}}, events=events))

    assert found["d-1"]["population"] == 699
    assert found["d-1"]["bits"] == round(log2(700 / 10.5), 6)


def test_a_hub_says_so_and_creates_nothing(collect, worth):
    found = worth(collect({"payment": {"largest": 4}}, payments=cards(5, 99)))["fp_1"]

    assert (found["why"], found["creates"]) == ("a hub: 5 holders", False)
    assert found["bits"] == 4.184425


def test_a_value_known_to_be_shared_says_why_and_creates_nothing(collect, worth):
    listed = [{"kind": "payment", "value": "fp_1", "why": "a test card"}]

    found = worth(collect(payments=cards(5, 99), known_shared=listed))["fp_1"]

    assert (found["why"], found["creates"]) == ("known to be shared: a test card", False)


def test_holdings_carry_the_share_of_an_accounts_own_use(collect):
    """The first comes once from the shared address and three times from elsewhere."""
    elsewhere = [
        {"account_id": "acct_000", "happened_at": AT, "ip": f"2001:db8:{nth}::1"} for nth in (1, 2, 3)
    ]

    found = collect(events=[*holders(2, ip="198.51.100.7"), *elsewhere]).holdings.arrow().to_pylist()
    shares = {row["account"]: row["share"] for row in found if row["example"] == "198.51.100.7"}

    assert sorted(shares.values()) == [0.25, 1.0]


def test_accounts_that_held_an_identifier_before_are_remembered(collect):
    before = bystanders(1, 2, ip="198.51.100.7")

    found = collect(events=holders(3, ip="198.51.100.7"), reference=before)
    names = {row[0]: row[1] for row in found.people.rows() if not row[2]}

    assert {names[account] for account, _ in found.earlier_holdings.rows()} == {"acct_001"}


def test_kinds_that_find_no_column_are_said_to_be_skipped(collect):
    skipped = collect(payments=cards(5, 9)).skipped

    assert [sentence.partition(":")[0] for sentence in skipped] == ["ip", "asn", "prompt", "signup", "agent"]


def test_no_evidence_at_all_is_no_error(collect):
    found = collect()

    assert (len(found.people), len(found.identifiers), len(found.holdings)) == (0, 0, 0)


@pytest.mark.parametrize("cap", [0.0, 3.0])
def test_a_cap_of_the_settings_goes_with_each_identifier(collect, worth, cap):
    assert worth(collect({"payment": {"cap": cap}}, payments=cards(5, 99)))["fp_1"]["cap"] == cap


def test_where_strangers_share_many_rare_things_each_says_as_little_as_that(collect, worth):
    """Each of 200 shares six programs with one other each: 1,199 other pairs, each two ways, of 200 x 199."""
    events = [
        {"account_id": f"acct_{holder % 200:03}", "happened_at": AT, "user_agent": f"build {number}-{apart}"}
        for number in range(200)
        for apart in (1, 3, 7, 12, 20, 31)
        for holder in (number, number + apart)
    ]
    found = worth(collect(events=events))

    assert len(found) == 1200
    assert {row["bits"] for row in found.values()} == {round(-log2((2 * 1199 + 1) / (200 * 199)), 6)}
    assert log2(200 * 199 / 2399) < log2(201 / 2.5)
