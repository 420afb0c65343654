"""Fragments of one operation are joined; a bait account joins nobody."""

from __future__ import annotations

import pytest

from linkage.rings.join import follow_majority, join_at_home, join_fragments

ONE, OTHER = range(10), range(10, 20)
ADDRESS = {"kind": "ip", "family": "network", "habit": True, "creates": False}


@pytest.fixture
def joined(make_evidence, group):
    """Join two fragments of ten amid a thousand; say which accounts end up together."""

    def joined(*identifiers, size=1000):
        evidence = make_evidence(size, {"held": ONE}, {"held": OTHER}, *identifiers)
        rows = join_fragments(group(evidence, ONE, OTHER, word="community"), evidence)
        return members(rows)

    return joined


def members(communities):
    found = {}
    for row in communities.arrow("account").to_pylist():
        found.setdefault(row["community"], []).append(row["account"])
    return sorted(found.values())


def test_two_accounts_that_hold_a_card_at_home_in_the_other_join_the_fragments(joined):
    """Expected by chance are 10 x 0.5 / 1,001 = 0.005: 2 log2(2 / 0.005) - 2 / ln 2 is 14 bits, above 12."""
    assert joined({"held": [*range(4), 10, 11]}) == [list(range(20))]


def test_one_bait_account_joins_nobody(joined):
    assert joined({"held": [*range(4), 10]}, {"held": [*range(4, 8), 10]}) == [list(ONE), list(OTHER)]


def test_a_card_that_strangers_hold_too_joins_nobody(joined):
    """Four hundred others hold it: of ten, four would by chance."""
    assert joined({"held": [*range(4), 10, 11, *range(100, 500)]}) == [list(ONE), list(OTHER)]


def test_an_address_or_a_template_is_nobodys_own_and_joins_nobody(joined):
    template = {"held": [*range(4), 10, 11], "habit": True}
    hub = {"held": [*range(4), 10, 11], "creates": False}

    assert joined(template, hub) == [list(ONE), list(OTHER)]


def test_two_of_a_hundred_are_too_small_a_part(make_evidence, group):
    large, other = range(100), range(100, 200)
    evidence = make_evidence(9000, {"held": large}, {"held": other}, {"held": [*range(4), 100, 101]})

    assert len(members(join_fragments(group(evidence, large, other, word="community"), evidence))) == 2


def test_what_is_joined_reaches_further(make_evidence, group):
    """The first and the second are joined by two cards; only together do they hold two accounts of the third's."""
    third = range(20, 30)
    evidence = make_evidence(
        3000, {"held": [*range(4), 10, 11]}, {"held": [*third, 0]}, {"held": [*third, 10]}
    )

    found = members(join_fragments(group(evidence, ONE, OTHER, third, word="community"), evidence))

    assert found == [list(range(30))]


@pytest.fixture
def chained(make_evidence, group):
    """Join four fragments of ten that single accounts tie: pairs of an account and the fragment it reaches."""

    def chained(*bridges):
        parts = [range(start, start + 10) for start in range(0, 40, 10)]
        cards = [{"held": part} for part in parts]
        tied = [{"held": [*range(10 * home, 10 * home + 4), account]} for account, home in bridges]
        evidence = make_evidence(3000, *cards, *tied)
        return members(join_fragments(group(evidence, *parts, word="community"), evidence))

    return chained


def test_a_chain_of_single_bait_accounts_joins_nobody(chained):
    assert len(chained((0, 1), (11, 2), (22, 3))) == 4


def test_a_round_of_single_accounts_joins_all_it_passes(chained):
    """Take any one account away, and the others still hold all four together."""
    assert chained((0, 1), (11, 2), (22, 3), (33, 0)) == [list(range(40))]


def test_one_account_with_cards_of_all_joins_nobody(chained):
    assert len(chained((0, 1), (0, 2), (0, 3))) == 4


def test_an_account_that_nobody_could_place_closes_a_round(make_evidence, group):
    """Account 30 holds the cards of both ends of a chain of single accounts, and is in no community."""
    third = range(20, 30)
    chain = {"held": [*range(10, 14), 0]}, {"held": [*range(20, 24), 11]}
    ends = {"held": [*ONE, 30]}, {"held": [*third, 30]}
    found = []
    for cards in (({"held": ONE}, {"held": third}), ends):
        evidence = make_evidence(3000, {"held": OTHER}, *chain, *cards)
        found.append(members(join_fragments(group(evidence, ONE, OTHER, third, word="community"), evidence)))

    assert [len(communities) for communities in found] == [3, 1]


@pytest.mark.parametrize(
    ("addresses", "guests", "changed", "communities"),
    [
        (3, 5, {}, 1),
        (2, 5, {}, 2),
        (3, 4, {}, 2),
        (3, 5, {"bits": 5.9}, 2),
        (3, 5, {"why": "known to be shared: a VPN exit"}, 2),
    ],
    ids=["half of them", "too few addresses", "too few of them", "addresses of many", "known exits"],
)
def test_half_of_a_community_that_works_from_three_of_anothers_rare_addresses_joins_it(
    joined, addresses, guests, changed, communities
):
    address = ADDRESS | {"held": [*ONE, *range(10, 10 + guests)]} | changed

    assert len(joined(*[address] * addresses)) == communities


def test_nothing_to_join_changes_nothing(joined):
    assert joined() == [list(ONE), list(OTHER)]


def test_parts_are_put_together_that_the_guide_holds_together(make_evidence, group):
    evidence = make_evidence(30)
    parts = group(evidence, range(5), range(5, 10), range(20, 25), word="community")
    guide = group(evidence, [0, 1, 2, 5, 6, 7], word="community")

    assert members(follow_majority(parts, guide)) == [list(range(10)), list(range(20, 25))]


def test_a_part_follows_only_a_majority_of_its_members(make_evidence, group):
    evidence = make_evidence(30)
    parts = group(evidence, range(4), range(4, 8), word="community")
    guide = group(evidence, [0, 1, 4, 5, 6], word="community")

    assert members(follow_majority(parts, guide)) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_an_account_between_two_parts_of_a_chain_is_put_where_they_are(make_evidence, group):
    """No run could decide to which of them account 5 belongs; the guide need not."""
    evidence = make_evidence(30)
    parts = group(evidence, range(5), range(6, 11), word="community")
    guide = group(evidence, range(11), range(20, 25), word="community")

    assert members(follow_majority(parts, guide)) == [list(range(11))]


def test_no_communities_are_no_error(make_evidence, group):
    evidence = make_evidence(30)
    nobody = group(evidence, word="community")

    assert len(follow_majority(nobody, join_fragments(nobody, evidence))) == 0


WRAPPER = {"kind": "prompt", "family": "prompt", "habit": True, "creates": True}


@pytest.fixture
def at_home(make_evidence, group):
    """Join two parts of ten amid a thousand by a wrapper; accounts 0 to 19 sign up in turn, or when ``born`` says."""

    def at_home(held, born=None, **said):
        turns = {account: float(account * 7 % 20) for account in range(20)}
        evidence = make_evidence(1000, WRAPPER | {"held": held} | said, born=born or turns)
        return members(join_at_home(group(evidence, ONE, OTHER, word="community"), evidence))

    return at_home


def test_parts_with_a_wrapper_that_nobody_else_has_are_joined(at_home):
    assert at_home(range(20)) == [list(range(20))]
    assert at_home([*range(5), *range(10, 15)]) == [list(range(20))]


def test_a_wrapper_that_most_of_a_part_do_without_joins_nothing(at_home):
    assert at_home([*range(10), *range(10, 14)]) == [list(ONE), list(OTHER)]
    assert at_home({account: 1.0 if account < 10 else 0.2 for account in range(20)}) == [
        list(ONE),
        list(OTHER),
    ]


def test_a_wrapper_that_strangers_hold_too_joins_nothing(at_home):
    """Twenty of twenty-five holders are four in five; of twenty-six they are not."""
    assert at_home(range(25)) == [list(range(20))]
    assert at_home(range(26)) == [list(ONE), list(OTHER)]
    assert at_home(range(20), earlier=6) == [list(ONE), list(OTHER)]


def test_a_wrapper_that_looks_public_joins_nothing(at_home):
    assert at_home(range(20), publicity=0.5) == [list(ONE), list(OTHER)]


def test_parts_that_signed_up_in_other_weeks_stay_apart(at_home):
    """Ten in one week and ten in another: honest people who use what the operation uses."""
    weeks = {account: float(account if account < 10 else account + 30) for account in range(20)}

    assert at_home(range(20), born=weeks) == [list(ONE), list(OTHER)]


def test_where_sign_ups_are_unknown_nothing_is_joined(at_home):
    assert at_home(range(20), born={0: 1.0}) == [list(ONE), list(OTHER)]


def test_two_users_of_one_sentence_who_each_have_words_of_their_own_stay_apart(make_evidence, group):
    """As two enterprises with an assistant each, or an enterprise and an operation."""

    def parts(*held, family="prompt"):
        turns = {account: float(account * 7 % 20) for account in range(20)}
        said = [
            WRAPPER | {"held": each} | ({"family": family} if number else {})
            for number, each in enumerate(held)
        ]
        evidence = make_evidence(1000, *said, born=turns)
        return members(join_at_home(group(evidence, ONE, OTHER, word="community"), evidence))

    assert parts(range(20), ONE, OTHER) == [list(ONE), list(OTHER)]
    assert parts(range(20), ONE) == [list(range(20))]  # one says more than the other: still one operation
    assert parts(range(20), ONE, OTHER, family="ip") == [
        list(range(20))
    ]  # each from an address of its own, too
