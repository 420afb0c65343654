"""Stories of networks: strangers share addresses, so addresses tie only in company."""

from __future__ import annotations

import pytest

EIGHT = [f"ring_{number}" for number in range(8)]


def come_from(story, names, *addresses, visits=3, network="AS64496"):
    """Let accounts that have nothing else in common visit from each of the addresses; ``{}`` is their number."""
    for number, name in enumerate(names):
        story.lives(name, 500 + number, network=f"AS{64510 + number}")
        for nth in range(visits):
            for address in addresses:
                at = 24 * nth + 9 + 8 * story.dice.random()
                story.asks(
                    name,
                    story.words(),
                    hour=at,
                    ip=address.format(number + 1),
                    asn=network,
                    response_tokens=300,
                )


def test_office_nat_everybody_behind_one_address_is_no_ring(town):
    office = [f"clerk_{number:02}" for number in range(40)]
    for number, name in enumerate(office):
        town.lives(name, 500 + number, address="198.51.100.7", network="AS64496")

    assert town.rings() == []


def test_two_addresses_that_eight_accounts_share_are_a_ring(town):
    come_from(town, EIGHT, "198.51.100.7", "203.0.113.9")

    assert town.rings() == [EIGHT]


@pytest.mark.parametrize("listed", ["198.51.100.0/24", "198.51.100.7", "198.51.100.7:443"])
def test_an_address_known_to_be_shared_is_half_of_no_pair(town, listed):
    come_from(town, EIGHT, "198.51.100.7", "203.0.113.9")
    town.known_shared.append({"kind": "network", "value": listed, "why": "a VPN exit"})

    assert town.rings() == []


def test_addresses_in_one_64_are_one_ipv6_address(town):
    """Every visit has an address of its own; only the two /64 come back."""
    come_from(town, EIGHT, "2001:db8:ffff:1::{}", "2001:DB8:FFFF:2:0:0:7:{}")

    assert town.rings() == [EIGHT]


def test_addresses_in_different_64_of_one_block_tie_nobody(town):
    come_from(town, EIGHT, "2001:db8:ffff:{}1::1", "2001:db8:ffff:{}2::1")

    assert town.rings() == []


NOWHERE = (
    ("unknown", "-"),
    ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - addresses to leave out, not to listen on
    ("10.1.2.3", "192.168.1.1"),
    ("100.64.1.1", "169.254.1.1"),
    ("::1", "fe80::1%eth0"),
    ("fd00::1", "::ffff:10.0.0.1"),
)


def test_addresses_that_mean_nothing_tie_nobody(town):
    """Each pair of them is shared by eight; the pair of real ones beside them shows what it would be worth."""
    for nth, nowhere in enumerate(NOWHERE):
        come_from(town, [f"from_{nth}_{number}" for number in range(8)], *nowhere, network=f"AS{64400 + nth}")
    come_from(town, EIGHT, "198.51.100.7", "203.0.113.9")

    assert town.rings() == [EIGHT]


def test_a_network_operator_in_common_ties_nobody(town):
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number, network="AS64999")

    assert town.rings() == []


def test_neighbours_behind_two_carrier_addresses_are_no_ring(town):
    """A carrier hands its 90 customers two addresses in turn: holding both is what it explains."""
    customers = [f"customer_{number:02}" for number in range(90)]
    come_from(town, customers, "198.51.100.7", "198.51.100.8")
    town.known_shared.append({"kind": "ip", "value": "198.51.100.0/28", "why": "a carrier's NAT"})

    assert town.rings() == []
