"""Laws of evidence, whoever paid with what and came from where."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise

from given import make_logs
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.links import link_accounts
from linkage.settings import EvidenceSettings, LinkSettings

few = settings(deadline=None, max_examples=6)
AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
QUICK = {"prompt": EvidenceSettings(on=False), "signup": EvidenceSettings(on=False)}
holdings = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 5)), min_size=1, max_size=40)


def collect(cards, addresses=()):
    """Collect evidence from (account, card) and (account, address), each a number, amid sixty who do nothing."""
    payments = [{"account_id": f"acct_{account:02}", "fingerprint": f"fp_{card}"} for account, card in cards]
    events = [
        {"account_id": f"acct_{account:02}", "happened_at": AT, "ip": f"198.51.{address}.7"}
        for account, address in addresses
    ]
    accounts = [{"account_id": f"idle_{number:02}"} for number in range(60)]
    return evidence_of(accounts=accounts, payments=payments, events=events)


def evidence_of(**rows):
    return collect_evidence(make_logs(**rows), *chosen_kinds(QUICK))


def holders(evidence):
    """Give each identifier the ids of its holders, and its worth."""
    names = {row[0]: row[1] for row in evidence.people.rows()}
    rows = evidence.identifiers.arrow("identifier").to_pylist()
    held = {row["identifier"]: set() for row in rows}
    for row in evidence.holdings.arrow("account, identifier").to_pylist():
        held[row["identifier"]].add(names[row["account"]])
    return {
        (row["kind"], row["level"], row["value"]): (frozenset(held[row["identifier"]]), row["bits"])
        for row in rows
    }


@few
@given(holdings)
def test_an_identifier_seen_with_one_account_adds_nothing_and_every_shared_one_is_evidence(cards):
    counts = Counter(card for _, card in set(cards))

    found = holders(collect(cards))

    assert {value for _, _, value in found} == {f"fp_{card}" for card, count in counts.items() if count > 1}


@few
@given(holdings)
def test_every_holding_is_something_that_was_seen(cards):
    found = holders(collect(cards))

    said = {(f"acct_{account:02}", f"fp_{card}") for account, card in cards}
    assert {(name, value) for (_, _, value), (names, _) in found.items() for name in names} <= said


@few
@given(holdings)
def test_the_more_accounts_share_an_identifier_the_less_it_weighs(cards):
    found = sorted((len(names), bits) for names, bits in holders(collect(cards)).values())

    for (fewer, more_bits), (more, less_bits) in pairwise(found):
        assert (fewer < more) == (more_bits > less_bits)


@few
@given(holdings, holdings, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(cards, addresses, dice):
    shuffled_cards, shuffled_addresses = (
        dice.sample(cards, len(cards)),
        dice.sample(addresses, len(addresses)),
    )

    one, other = collect(cards, addresses), collect(shuffled_cards, shuffled_addresses)

    for name in ("people", "identifiers", "holdings"):
        assert getattr(one, name).rows() == getattr(other, name).rows()


@few
@given(holdings, st.integers(1, 4))
def test_a_stranger_changes_no_existing_link(cards, visits):
    """Who shares nothing with anybody is one more account that does not hold what others share."""
    before, stranger = collect(cards), [(99, 100 + visit) for visit in range(visits)]
    after = collect([*cards, *stranger])
    found, again = holders(before), holders(after)

    assert found.keys() == again.keys()
    assert all(again[key][0] == names and again[key][1] > bits for key, (names, bits) in found.items())
    assert ties(before) == ties(after)


def ties(evidence):
    """Say who is tied by which single identifiers, when every one of them may tie."""
    links = link_accounts(evidence, LinkSettings(least_worth=0.0))
    names = {row[0]: row[1] for row in evidence.people.rows()}
    values = {row["identifier"]: row["value"] for row in evidence.identifiers.arrow().to_pylist()}
    firsts = {
        row["centre"]: values[row["first"]]
        for row in links.centres.arrow().to_pylist()
        if row["second"] is None
    }
    return {
        (names[row["account"]], firsts[row["centre"]])
        for row in links.spokes.arrow().to_pylist()
        if row["centre"] in firsts
    }


@few
@given(holdings)
def test_there_is_a_spoke_for_each_holding_and_never_one_for_a_pair_of_holders(cards):
    evidence = collect(cards)

    assert len(link_accounts(evidence, LinkSettings(least_worth=0.0, least_bits=1e6)).spokes) <= len(
        evidence.holdings
    )
