"""Families: a coarser identifier holds the finer one."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from linkage.evidence.kinds import KINDS
from linkage.evidence.kinds.ip import SharedIp
from linkage.evidence.kinds.payment import _BankNumber


@given(st.ip_addresses())
def test_every_address_lies_in_its_own_identifier_and_that_in_its_block(address):
    identifier = SharedIp().clean(str(address))
    if identifier is None or getattr(address, "ipv4_mapped", None):
        return
    fine, coarse = ipaddress.ip_network(identifier), ipaddress.ip_network(SharedIp().coarser(identifier))

    assert address in fine
    assert fine.subnet_of(coarse)
    assert (fine.prefixlen, coarse.prefixlen) == ((32, 24) if address.version == 4 else (64, 48))


def test_bank_numbers_are_six_to_eight_digits():
    raws = ("40000", "400000", " 40000012 ", "400000123", "4000 00", "⁴00000")

    assert [_BankNumber().clean(raw) for raw in raws] == [None, "400000", "40000012", None, None, None]


def test_addresses_their_blocks_and_operators_are_one_family_and_every_other_kind_its_own():
    assert {kind.name: kind.family for kind in KINDS} == {
        "ip": "network",
        "asn": "network",
        "payment": "payment",
        "prompt": "prompt",
        "signup": "signup",
        "agent": "agent",
        "partner": "partner",
    }


def test_a_card_is_shown_by_its_last_six_characters():
    payment = next(kind for kind in KINDS if kind.name == "payment")

    assert [payment.caption(card) for card in ("fp_0123456789", "fp_1")] == ["…456789", "fp_1"]
