"""A ring keeps its name from run to run."""

from __future__ import annotations

import re

from linkage.rings.identity import name_rings

ABC, XYZ = ["a", "b", "c"], ["x", "y", "z"]


def once(*rings, **earlier):
    return list(
        name_rings(dict(enumerate(rings)), earlier={k: frozenset(v) for k, v in earlier.items()}).values()
    )


def test_a_name_is_r_and_six_letters_that_nobody_mixes_up():
    (name,) = once(ABC)

    assert re.fullmatch(r"R-[0-9A-HJKMNP-TV-Z]{6}", name)


def test_a_ring_that_grows_keeps_its_name_without_any_memory():
    assert once([*ABC, "d", "e"]) == once([*ABC, "d", "e", "f"])


def test_a_ring_keeps_its_name_when_an_older_member_is_found():
    assert once(["older", *ABC], known=ABC) == ["known"]


def test_a_ring_keeps_its_name_when_most_of_it_is_gone():
    assert once(["c", "d"], known=["a", "b", "c", "d", "e"]) == ["known"]


def test_half_of_the_smaller_ring_is_not_enough():
    (name,) = once(["c", "d", "e", "f"], known=["a", "b", "c", "d"])

    assert name != "known"


def test_of_two_halves_the_one_that_shares_more_keeps_the_name():
    found = name_rings({0: ["a", "n"], 1: ["b", "c", "d", "e"]}, earlier={"known": frozenset("abcde")})

    assert found[1] == "known"
    assert found[0] != "known"


def test_of_two_rings_that_merged_the_one_that_was_taken_in_whole_gives_the_name():
    assert once([*ABC, *XYZ], first=[*ABC, "p", "q", "r"][:3], second=[*XYZ, "s", "t"]) == ["first"]


def test_a_name_in_use_is_given_to_no_other_ring():
    (name,) = once(ABC)

    (other,) = once(["a", "p", "q", "r"], **{name: ["a", "b", "c", "d"]})

    assert other != name


def test_every_ring_has_a_name_of_its_own_whatever_their_order():
    rings = {number: [f"acct_{number}"] for number in range(500)}
    names = name_rings(rings)

    assert len(set(names.values())) == 500
    assert name_rings(dict(reversed(rings.items()))) == names
    assert list(names) == sorted(names)
