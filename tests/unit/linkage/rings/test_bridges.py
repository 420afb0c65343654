"""Who alone holds two parts of a ring together."""

from __future__ import annotations

from linkage.rings.bridges import bridges
from linkage.rings.membership import weigh_members

ADDRESS = {
    "kind": "ip",
    "family": "network",
    "cap": 14.0,
    "creates": False,
    "habit": True,
    "held": range(120),
}


def test_one_who_alone_holds_two_parts_together_is_a_bridge(make_evidence, group):
    """Two cards of six, and one account that has both: without it the two have nothing in common."""
    evidence = make_evidence(308, {"held": range(6)}, {"held": range(5, 11)}, ADDRESS)
    membership = weigh_members(group(evidence, range(11)), evidence, selection=2.0)

    assert bridges(membership, evidence) == {5}


def test_four_accounts_are_no_part_that_could_be_a_ring_of_its_own(make_evidence, group):
    evidence = make_evidence(308, {"held": range(6)}, {"held": range(5, 10)})
    membership = weigh_members(group(evidence, range(10)), evidence, selection=2.0)

    assert not bridges(membership, evidence)
