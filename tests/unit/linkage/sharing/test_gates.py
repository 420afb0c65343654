"""What may leave the house, and where each value that may not is stopped."""

from __future__ import annotations

from dataclasses import fields

import pytest
from given import make_logs
from labs import ADDRESS, CARD, DEVICE, DEVICES, WRAPPER, Rows, a_ring, strangers

from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.sharing.gates import NEVER, networks, shareable
from linkage.sharing.warninglists import WarningLists

LISTS = WarningLists(examples=True)


def gated(rows, members, *, lists=LISTS):
    """Let the values of rings through the gates: what passed by kind and value, and what was held by reason."""
    kinds, settings = chosen_kinds(DEVICES)
    evidence = collect_evidence(make_logs(**vars(rows)), kinds, settings)
    rings = members if isinstance(members, dict) else {"R-1": dict.fromkeys(members, 0.98)}
    passed, held = shareable(rings, evidence, lists)
    return passed, held


def values(passed, kind):
    return {each.value for each in passed if each.kind == kind}


def reasons(held, kind):
    return {each.reason: each.values for each in held if each.kind == kind}


@pytest.fixture
def rows():
    told = Rows()
    strangers(told)
    return told


def test_what_members_alone_share_passes_with_how_many_hold_it(rows):
    passed, held = gated(rows, a_ring(rows))

    assert values(passed, "ip") == {ADDRESS}
    assert values(passed, "payment") == {CARD}
    assert values(passed, "device") == {DEVICE}
    assert values(passed, "prompt")
    assert {each.accounts for each in passed} == {6}
    assert {(each.ring, each.soft, each.confidence) for each in passed} == {("R-1", False, 0.98)}
    assert held == []


def test_what_passes_comes_in_one_order_whatever_the_order_of_members(rows):
    ring = a_ring(rows)

    assert gated(rows, ring) == gated(rows, ring[::-1])
    passed, _ = gated(rows, ring)
    assert [(each.ring, each.kind, each.value) for each in passed] == sorted(
        (each.ring, each.kind, each.value) for each in passed
    )


def test_what_one_stranger_has_too_is_held(rows):
    ring = a_ring(rows)
    rows.live("customer", ip=ADDRESS, card=CARD, device=DEVICE)

    passed, held = gated(rows, ring)

    assert {each.kind for each in passed} == {"prompt"}
    for kind in ("ip", "payment", "device"):
        assert reasons(held, kind) == {"accounts outside these rings have it too": 1}


def test_a_prompt_in_the_wrapper_by_a_stranger_holds_the_template(rows):
    ring = a_ring(rows)
    rows.live("customer")
    rows.wrapped("customer")

    passed, held = gated(rows, ring)

    assert values(passed, "prompt") == set()
    assert reasons(held, "prompt")["accounts outside these rings have it too"] >= 1


def test_what_only_one_member_has_is_held(rows):
    """A member that is not blocked counts as a stranger, so of two holders one is left."""
    ring = a_ring(rows, count=6)
    rows.ask(ring[0], ip="203.0.113.9")
    rows.ask(ring[1], ip="203.0.113.9")

    _, held = gated(rows, ring[:1] + ring[2:])

    assert reasons(held, "ip") == {
        "only one member has it": 1,
        "accounts outside these rings have it too": 1,
    }


def test_a_value_of_two_rings_that_go_out_together_is_nobody_elses(rows):
    ring = a_ring(rows, count=8)
    two = {"R-1": dict.fromkeys(ring[:4], 0.9), "R-2": dict.fromkeys(ring[4:], 0.8)}

    passed, held = gated(rows, two)

    assert [(each.ring, each.accounts, each.confidence) for each in passed if each.kind == "ip"] == [
        ("R-1", 4, 0.9),
        ("R-2", 4, 0.8),
    ]
    assert held == []


def test_a_value_of_a_ring_that_stays_is_a_strangers(rows):
    ring = a_ring(rows, count=8)

    passed, _ = gated(rows, ring[:4])

    assert passed == []


def test_what_a_customer_of_an_earlier_period_had_is_held(rows):
    ring = a_ring(rows)
    rows.ask("customer_of_spring", before=True, ip=ADDRESS)

    passed, held = gated(rows, ring)

    assert values(passed, "ip") == set()
    assert reasons(held, "ip") == {"accounts outside these rings have it too": 1}
    assert values(passed, "payment") == {CARD}


def test_what_members_themselves_had_in_an_earlier_period_passes(rows):
    ring = a_ring(rows)
    for name in ring[:3]:
        rows.ask(name, before=True, ip=ADDRESS)

    assert values(gated(rows, ring)[0], "ip") == {ADDRESS}


@pytest.mark.parametrize(
    ("kind", "value"), [("ip", ADDRESS), ("ip", "198.51.100.0/24"), ("payment", CARD)], ids=str
)
def test_what_is_known_to_be_shared_is_held_though_only_members_show_it(rows, kind, value):
    ring = a_ring(rows)
    rows.known_shared.append({"kind": kind, "value": value, "why": "a campus"})

    passed, held = gated(rows, ring)

    assert values(passed, kind) == set()
    assert reasons(held, kind) == {"it is known to be shared": 1}


@pytest.mark.parametrize(
    ("address", "name"),
    [("8.8.8.8", "public-dns"), ("104.16.1.1", "cloudflare"), ("2606:4700::1", "cloudflare")],
)
def test_an_address_on_a_hard_list_is_held_and_the_list_named(rows, address, name):
    passed, held = gated(rows, a_ring(rows, ip=address))

    assert values(passed, "ip") == set()
    (reason,) = reasons(held, "ip")
    assert reason.startswith("its network is on a warning list")
    assert name in reason


def test_an_address_reserved_for_examples_is_held_unless_the_world_is_invented(rows):
    ring = a_ring(rows)

    assert values(gated(rows, ring, lists=WarningLists())[0], "ip") == set()
    assert values(gated(rows, ring)[0], "ip") == {ADDRESS}


def test_an_address_of_our_own_is_held(rows):
    lists = WarningLists({"own": ["198.51.100.0/29"]}, examples=True)

    passed, held = gated(rows, a_ring(rows), lists=lists)

    assert values(passed, "ip") == set()
    assert reasons(held, "ip") == {"its network is on a warning list (own)": 1}


def test_an_address_where_many_rent_goes_out_half_as_sure_and_for_a_look_only(rows):
    passed, held = gated(rows, a_ring(rows, ip="52.95.110.1"))

    (address,) = (each for each in passed if each.kind == "ip")
    assert (address.soft, address.confidence) == (True, 0.49)
    assert held == []


@pytest.mark.parametrize("kind", sorted(NEVER))
def test_networks_days_programs_and_words_of_partners_never_go_out(rows, kind):
    ring = a_ring(rows, asn="AS64511", user_agent="ringbot/1.0 (special)")
    for name in ring:
        rows.partner_signals.append({"account_id": name, "signal": "lab-c R-OTHERS"})

    passed, held = gated(rows, ring)

    assert {each.kind for each in passed} == {"device", "ip", "payment", "prompt"}
    assert kind not in {each.kind for each in held}


def test_networks_are_named_as_context_most_first_and_no_more_than_asked(rows):
    ring = a_ring(rows, asn="AS64511")
    for name in ring[:2]:
        rows.ask(name, asn="AS64500", ip=ADDRESS)
    rows.ask(ring[0], asn="AS64501", ip=ADDRESS)
    kinds, settings = chosen_kinds(DEVICES)
    evidence = collect_evidence(make_logs(**vars(rows)), kinds, settings)
    members = {"R-1": dict.fromkeys(ring, 0.98)}

    assert networks(members, evidence) == {"R-1": (64500, 64511)}
    assert networks(members, evidence, most=1) == {"R-1": (64511,)}


def test_accounts_of_an_earlier_period_are_no_members(rows):
    """Who is named like a member there is counted once."""
    ring = a_ring(rows)
    rows.ask(ring[0], before=True, ip=ADDRESS)

    (address,) = (each for each in gated(rows, ring)[0] if each.kind == "ip")

    assert address.accounts == 6


def test_nothing_held_or_passed_without_members(rows):
    a_ring(rows)

    assert gated(rows, {"R-1": {}}) == ([], [])
    assert gated(rows, {}) == ([], [])


def test_what_is_held_says_how_many_and_never_which(rows):
    ring = a_ring(rows)
    rows.live("customer", ip=ADDRESS, card=CARD, device=DEVICE)
    _, held = gated(rows, ring)

    told = " ".join(str(getattr(each, field.name)) for each in held for field in fields(each))

    assert held
    assert not [secret for secret in (ADDRESS, CARD, DEVICE, "customer", WRAPPER[:20]) if secret in told]
