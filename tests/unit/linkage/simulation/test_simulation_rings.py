"""What each ring shares, and what it does not."""

from __future__ import annotations

import ipaddress
from collections import Counter
from functools import reduce

import pandas as pd
import pytest

from linkage.simulation.blanks import PLACEHOLDERS


@pytest.fixture(scope="module")
def ring(hydra):
    truth = hydra["truth"].to_pandas().set_index("account_id")["ring"]

    def rows(name, table):
        frame = hydra[table].to_pandas()
        return frame[frame["account_id"].map(truth) == f"{name}-1"]

    return rows


def test_cards_behind_homes_hangs_together_by_members_with_two_cards(ring):
    held = ring("cards_behind_homes", "payments")[["account_id", "fingerprint"]].drop_duplicates()

    assert held.groupby("fingerprint").size().between(5, 25).all()
    assert len(_joined(held)) == 1


def test_cards_behind_homes_shares_no_address(ring):
    assert _most_sharing(ring("cards_behind_homes", "events")) <= 2


def test_cards_behind_homes_pays_from_a_bin_that_honest_accounts_use_too(hydra, ring):
    (usual,) = ring("cards_behind_homes", "payments")["bin"].mode()
    payments = hydra["payments"].to_pandas()
    honest = payments[~payments["account_id"].isin(ring("cards_behind_homes", "payments")["account_id"])]

    assert (honest["bin"] == usual).sum() > 20


def test_wrapper_alone_says_the_same_before_every_question(ring):
    prompts = ring("wrapper_alone", "events")["prompt"]
    words = Counter(word for prompt in prompts for word in set(prompt.split()))
    usual = sum(count > 0.7 * len(prompts) for count in words.values())

    assert usual >= 15
    assert len(reduce(set.union, (set(prompt.split()) for prompt in prompts))) > 500


def test_wrapper_alone_shares_neither_card_nor_home(ring):
    payments = ring("wrapper_alone", "payments")[["account_id", "fingerprint"]].drop_duplicates()
    events = ring("wrapper_alone", "events")

    assert payments["fingerprint"].is_unique
    # Phones and lent homes are pools that strangers meet in; homes are rented for one account.
    assert _sharing(events[events["ip"].str.contains(":", na=False)]).median() == 1


def test_wrapper_alone_signs_up_over_weeks(ring):
    created = ring("wrapper_alone", "accounts")["created_at"].dropna()

    assert created.quantile(0.95) - created.quantile(0.2) > pd.Timedelta(days=25)


def test_shifts_never_overlap(ring):
    events = ring("shifts_from_hosting", "events")
    turns = (events["timestamp"].dt.hour // 4).groupby(events["account_id"]).nunique()

    assert (turns == 1).all()
    assert set(events["timestamp"].dt.hour // 4) == set(range(6))


def test_shifts_come_from_a_network_where_honest_accounts_are_too(hydra, ring):
    events = ring("shifts_from_hosting", "events")
    theirs = set(events["ip"].dropna()) - set(PLACEHOLDERS["ip"])
    everybody = hydra["events"].to_pandas()
    honest = everybody[~everybody["account_id"].isin(events["account_id"])]

    assert all(ipaddress.ip_address(address) in ipaddress.ip_network("203.0.113.0/24") for address in theirs)
    assert honest["ip"].str.startswith("203.0.113.", na=False).sum() > len(events)
    assert honest["ip"].isin(theirs).any()


def test_the_reseller_shares_few_cards_and_addresses(ring):
    payments, events = (ring("mixed_reseller", table) for table in ("payments", "events"))

    assert payments["fingerprint"].nunique() <= payments["account_id"].nunique() / 4
    assert _networks(events).nunique() <= 8


def test_micro_volume_signs_up_within_hours_and_asks_little(ring):
    created = ring("micro_volume", "accounts")["created_at"].dropna()

    assert created.max() - created.min() < pd.Timedelta(hours=9)
    assert ring("micro_volume", "events").groupby("account_id").size().between(4, 6).all()


@pytest.mark.parametrize(
    "name", ["cards_behind_homes", "wrapper_alone", "shifts_from_hosting", "micro_volume"]
)
def test_a_ring_never_sleeps_although_each_member_asks_little(ring, name):
    events = ring(name, "events")

    assert set(events["timestamp"].dt.hour) == set(range(24))
    assert events.groupby("account_id").size().max() < 40


def _networks(events):
    known = events[~events["ip"].isin(PLACEHOLDERS["ip"])]
    return known["ip"].str.split("::").str[0]


def _sharing(events):
    return events.assign(network=_networks(events)).groupby("network")["account_id"].nunique()


def _most_sharing(events):
    return int(_sharing(events).max())


def _joined(held):
    groups: list[set[str]] = []
    for _, cards in held.groupby("account_id")["fingerprint"]:
        touching = [group for group in groups if group & set(cards)]
        groups = [group for group in groups if group not in touching] + [set(cards).union(*touching)]
    return groups
