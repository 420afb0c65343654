"""Laws of rings: every member has a reason, and reasons add up."""

from __future__ import annotations

import math
import time
from datetime import datetime

import pyarrow as pa
import pytest
from given import make_logs
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import pipeline
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.rings.find import find_rings
from linkage.rings.membership import weigh_members
from linkage.scores.parts import PARTS, by_hand
from linkage.settings import EvidenceSettings, RingSettings, Settings
from linkage.tables import derive, from_arrow

few = settings(deadline=None, max_examples=6)
AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
QUICK = {"prompt": EvidenceSettings(on=False), "signup": EvidenceSettings(on=False)}
PEOPLE = 80
cards = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 4)), min_size=8, max_size=60)
addresses = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 4)), max_size=40)
groups = st.lists(st.integers(0, 2), min_size=20, max_size=20)


def logs_of(paid, seen, people=PEOPLE):
    """Eighty accounts; the first twenty pay with and come from what is told, by number."""
    accounts = [{"account_id": f"acct_{n:05}"} for n in range(people)]
    payments = [{"account_id": f"acct_{account:05}", "fingerprint": f"fp_{card}"} for account, card in paid]
    events = [
        {"account_id": f"acct_{account:05}", "happened_at": AT, "ip": f"198.51.{address}.7"}
        for account, address in seen
    ]
    return make_logs(accounts=accounts, payments=payments, events=events)


def collect(paid, seen):
    return collect_evidence(logs_of(paid, seen), *chosen_kinds(QUICK))


def grouped(evidence, labels, word):
    """Put account ids 0 to 19 into groups by label."""
    numbers = {row[1]: row[0] for row in evidence.people.rows()}
    rows = [{word: label, "account": numbers[f"acct_{n:05}"]} for n, label in enumerate(labels)]
    schema = pa.schema([(word, pa.int64()), ("account", pa.int64())])
    return from_arrow(evidence.people.database, pa.Table.from_pylist(rows, schema))


def bits_by_account(membership, evidence):
    names = {row[0]: row[1] for row in evidence.people.rows()}
    return {names[row["account"]]: row["bits"] for row in membership.members.arrow().to_pylist()}


@few
@given(cards, addresses, groups)
def test_a_members_bits_are_the_sum_of_its_parts_and_no_part_is_above_its_cap(paid, seen, labels):
    evidence = collect(paid, seen)
    found = weigh_members(grouped(evidence, labels, "ring"), evidence, selection=2.0)
    caps = {row["family"]: row["cap"] for row in evidence.identifiers.arrow("cap").to_pylist()}
    sums = {}
    for row in found.parts.arrow().to_pylist():
        assert 0 < row["bits"] <= caps[row["family"]] + 1e-6
        sums[row["ring"], row["account"]] = sums.get((row["ring"], row["account"]), 0.0) + row["bits"]

    for row in found.members.arrow().to_pylist():
        assert row["bits"] == pytest.approx(sums.get((row["ring"], row["account"]), 0.0), abs=1e-5)
        assert row["confidence"] == pytest.approx(1 / (1 + 2 ** (row["prior"] - row["bits"])), abs=1e-5)


@few
@given(cards, groups)
def test_the_more_accounts_outside_share_what_members_share_the_less_it_weighs(paid, labels):
    evidence = collect(paid, ())
    wider = collect(paid + [(20 + n, card) for n in range(5) for card in range(5)], ())

    before = bits_by_account(
        weigh_members(grouped(evidence, labels, "ring"), evidence, selection=2.0), evidence
    )
    after = bits_by_account(weigh_members(grouped(wider, labels, "ring"), wider, selection=2.0), wider)

    assert all(after[name] < bits or after[name] == bits == 0 or bits >= 22 for name, bits in before.items())


@few
@given(cards, groups)
def test_what_one_member_holds_alone_adds_nothing(paid, labels):
    evidence = collect(paid, ())
    more = collect(paid + [(n, 100 + n) for n in range(20)], ())

    before = bits_by_account(
        weigh_members(grouped(evidence, labels, "ring"), evidence, selection=2.0), evidence
    )
    after = bits_by_account(weigh_members(grouped(more, labels, "ring"), more, selection=2.0), more)

    assert all(after[name] <= bits + 1e-6 for name, bits in before.items())


@few
@given(cards, addresses, groups)
def test_every_member_of_a_ring_has_a_reason_and_nobody_is_in_two(paid, seen, labels):
    evidence = collect(paid, seen)
    nobody = grouped(evidence, (), "community")

    found = find_rings(
        grouped(evidence, labels, "community"), nobody, evidence, RingSettings(smallest_ring=2)
    )

    rows = found.members.arrow().to_pylist()
    reasons = {(row["ring"], row["account"]) for row in found.parts.arrow().to_pylist() if row["bits"] > 0}
    assert {(row["ring"], row["account"]) for row in rows} <= reasons
    assert len({row["account"] for row in rows}) == len(rows)
    sizes = [sum(row["ring"] == ring for row in rows) for ring in {row["ring"] for row in rows}]
    assert all(size >= 2 for size in sizes)


@few
@given(cards, addresses, groups)
def test_every_reason_leads_to_something_that_at_least_two_members_were_seen_with(paid, seen, labels):
    evidence = collect(paid, seen)
    found = weigh_members(grouped(evidence, labels, "ring"), evidence, selection=2.0)

    counted = derive(
        """
        select ring, identifier, count(*) as holders
        from members join holdings using (account)
        group by all having holders >= 2
        """,
        members=found.members,
        holdings=evidence.holdings,
    )

    shared = found.shared.arrow().to_pylist()
    assert sorted((row["ring"], row["identifier"], row["holders"]) for row in shared) == counted.rows()


@given(st.dictionaries(st.sampled_from([part.name for part in PARTS]), st.floats(-1, 1), min_size=1))
def test_parts_add_up_to_the_log_odds_as_far_as_the_caps_of_their_families(parts):
    told = []
    for made in by_hand().readings:
        own = [part for part in PARTS if part.reading == made.name]
        known = {part.name: part.weight * parts[part.name] for part in own if part.name in parts}
        lifted = sum(part.doubt for part in own if part.name not in parts)
        families = {part.family: 0.0 for part in own}
        for part in own:
            families[part.family] += known.get(part.name, 0.0)
        counted = sum(min(made.caps.get(family, math.inf), added) for family, added in families.items())
        if known:
            told.append(made.prior + counted + lifted)

    assert by_hand().odds(parts) == (pytest.approx(max(told)) if told else None)


@given(
    st.dictionaries(st.sampled_from([part.name for part in PARTS]), st.floats(-1, 1), min_size=1),
    st.sampled_from([part.name for part in PARTS]),
    st.floats(0, 1),
)
def test_more_of_a_part_never_lowers_the_log_odds(parts, name, more):
    less = parts | {name: parts.get(name, 0.0)}
    before, after = by_hand().odds(less), by_hand().odds(less | {name: less[name] + more})

    assert (before is None and after is None) or before <= after + 1e-9


def test_twenty_thousand_accounts_with_one_card_and_one_address_are_weighed_in_no_time():
    """A clique of them would be two hundred million links."""
    everyone = [(number, 0) for number in range(20_000)]
    logs = logs_of(everyone, everyone, people=20_001)
    given_settings = Settings(
        evidence=QUICK | {"payment": EvidenceSettings(largest=50_000)}, links={"least_worth": 0.0}
    )
    begun = time.perf_counter()

    found = pipeline.find(logs, given_settings)

    assert len(found.evidence.holdings) == 3 * 20_000
    assert time.perf_counter() - begun < 20
