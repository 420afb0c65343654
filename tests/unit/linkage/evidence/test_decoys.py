"""In a decoy who holds what is as common as before; that two families go together is chance."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from given import make_logs

from linkage.evidence.collect import collect_evidence
from linkage.evidence.decoys import shuffled
from linkage.evidence.kinds import chosen_kinds
from linkage.tables import derive

DAY, LATER = datetime(2026, 8, 1), datetime(2026, 9, 3, 10)  # noqa: DTZ001 - UTC, as the checked tables keep it


@pytest.fixture(scope="module")
def evidence():
    """Three hundred accounts of one network, in thirties that share an address, a card and an hour of signing up."""
    names = [f"acct_{n:03}" for n in range(300)]
    logs = make_logs(
        accounts=[
            {"account_id": name, "created_at": DAY + timedelta(days=n // 30, minutes=n % 30)}
            for n, name in enumerate(names)
        ],
        events=[
            {
                "account_id": name,
                "happened_at": LATER,
                "ip": f"198.51.100.{n // 30}",
                "asn": "AS64500",
            }
            for n, name in enumerate(names)
        ],
        payments=[
            {"account_id": name, "fingerprint": f"card {n // 30}", "happened_at": LATER}
            for n, name in enumerate(names)
        ],
    )
    return collect_evidence(logs, *chosen_kinds({}))


def held(evidence, kind):
    rows = derive(
        "select account, identifier from holdings join identifiers using (identifier) where kind = ? and level = 0",
        [kind],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    return dict(rows.rows())


def test_every_identifier_has_as_many_holders_as_before(evidence):
    decoy = shuffled(evidence, seed=1)

    for kind in ("ip", "payment", "asn"):
        before, after = held(evidence, kind), held(decoy, kind)
        assert Counter(after.values()) == Counter(before.values())


def test_addresses_stay_and_cards_are_dealt_out_anew(evidence):
    decoy = shuffled(evidence, seed=1)

    assert held(decoy, "ip") == held(evidence, "ip")
    assert held(decoy, "payment") != held(evidence, "payment")


def test_card_and_address_no_longer_go_together(evidence):
    decoy = shuffled(evidence, seed=1)
    ip, card = held(decoy, "ip"), held(decoy, "payment")
    together = Counter((ip[account], card[account]) for account in ip)

    assert max(together.values()) < 15


def test_sign_up_times_are_dealt_out_too_each_once(evidence):
    decoy = shuffled(evidence, seed=1)
    before, after = (
        [
            row[0]
            for row in derive("select created_at, account from people", people=each.people).rows("account")
        ]
        for each in (evidence, decoy)
    )

    assert sorted(after) == sorted(before)
    assert after != before


def test_the_same_seed_gives_the_same_decoy(evidence):
    assert held(shuffled(evidence, seed=4), "payment") == held(shuffled(evidence, seed=4), "payment")
    assert held(shuffled(evidence, seed=4), "payment") != held(shuffled(evidence, seed=5), "payment")


def test_nobody_is_quoted_in_a_decoy(evidence):
    assert {
        row[0] for row in derive("select example from held", held=shuffled(evidence, seed=1).holdings).rows()
    } == {None}
