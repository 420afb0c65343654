"""One wrapper is one identifier; two wrappers are two."""

from __future__ import annotations

import random
import time
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest

from linkage.signatures.templates import join_templates
from linkage.signatures.words import shingle_hashes
from linkage.signatures.wrappers import wrapper_shingles

chance = random.Random(23)  # noqa: S311 - no secret


def text(words: int) -> str:
    return " ".join(f"w{chance.randrange(50_000)}" for _ in range(words))


def ring(accounts, prompts, wrappers):
    """Rows of so many accounts' prompts, each in one of the wrappers, around ever-new content."""
    return [
        (f"{wrappers[number % len(wrappers)]} {text(30)}", account, 1)
        for account in accounts
        for number in range(prompts)
    ]


def held_in(rows, **settings):
    texts, accounts, counts = zip(*rows, strict=True)
    templates = join_templates(wrapper_shingles(pa.array(texts), accounts, counts, **settings))
    holders = defaultdict(set)
    for account, template in zip(templates.accounts.tolist(), templates.templates.tolist(), strict=True):
        holders[template].add(account)
    return templates, holders


@pytest.mark.parametrize("scale", [1, 3])
def test_one_wrapper_is_one_identifier_named_by_its_least_hash(scale):
    wrapper = text(40)
    templates, holders = held_in(ring(range(20), 5, [wrapper]), scale=scale)
    sampled = [shingle for shingle in shingle_hashes(wrapper, 5) if int(shingle) <= (2**64 - 1) // scale]

    assert holders == {int(min(sampled)): set(range(20))}
    assert templates.shingles.tolist() == sorted(map(int, sampled))
    assert set(templates.shares.tolist()) == {1.0}


def test_the_edge_where_a_wrapper_meets_usual_beginnings_is_no_template_of_its_own():
    wrapper, beginnings = (
        text(40),
        [f"what is the {text(1)}", "how do i", "please tell me", "write a poem about"],
    )
    rows = [
        (f"{wrapper} {beginnings[(account + number) % 4]} {text(30)}", account, 1)
        for account in range(30)
        for number in range(8)
    ]

    _, holders = held_in(rows)

    assert list(holders.values()) == [set(range(30))]


def test_two_wrappers_of_one_ring_are_two_identifiers():
    _, holders = held_in(ring(range(20), 10, [text(40), text(40)]))

    assert list(holders.values()) == [set(range(20))] * 2


def test_a_public_sentence_does_not_join_the_wrappers_around_it():
    sentence = text(15)
    rows = ring(range(20), 6, [f"{text(15)} {sentence} {text(15)}"])
    rows += ring(range(20, 40), 6, [f"{text(15)} {sentence} {text(15)}"])

    _, holders = held_in(rows, scale=1)

    assert sorted(map(len, holders.values())) == [20, 20, 40]


def test_a_template_revised_eight_times_still_joins_all_its_holders():
    base = text(40).split()
    revised = [" ".join([*base[: 4 * part], text(1), *base[4 * part + 1 :]]) for part in range(2, 10)]
    rows = [row for account in range(64) for row in ring([account], 6, [revised[account % 8]])]

    _, holders = held_in(rows)

    assert max(map(len, holders.values())) == 64


def test_accounts_of_four_prompts_are_held_together_by_their_wrapper():
    wrapper = text(30)
    rows = [
        row for account in range(12) for row in ring([account], 2, [wrapper]) + ring([account], 2, [text(5)])
    ]

    templates, holders = held_in(rows)

    assert list(holders.values()) == [set(range(12))]
    assert set(templates.shares.tolist()) == {0.5}


def test_an_account_with_a_small_part_of_a_template_does_not_hold_it():
    wrapper = text(60)
    rows = ring(range(10), 4, [wrapper]) + ring([10], 4, [" ".join(wrapper.split()[:20])])

    _, holders = held_in(rows, scale=1)

    assert max(holders.values(), key=len) == set(range(10))


def test_the_order_of_prompts_changes_no_template():
    rows = ring(range(15), 6, [text(30), text(25)]) + ring(range(10, 30), 4, [text(35)])
    shuffled = random.Random(1).sample(rows, len(rows))  # noqa: S311 - no secret

    first, second = held_in(rows)[0], held_in(shuffled)[0]

    for name in ("accounts", "templates", "shares", "shingles", "shingle_templates"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_twenty_thousand_holders_cost_no_more_each_than_two_thousand():
    wrapper = text(40)
    few = [
        (f"{wrapper} {account} {number} end", account, 1) for account in range(2_000) for number in range(2)
    ]
    many = [
        (f"{wrapper} {account} {number} end", account, 1) for account in range(20_000) for number in range(2)
    ]
    held_in(few)
    seconds = []
    for rows in (few, many):
        started = time.process_time()
        _, holders = held_in(rows)
        seconds.append(time.process_time() - started)
        assert max(map(len, holders.values())) == len(rows) // 2

    assert seconds[1] < 30 * seconds[0] + 0.5


def test_nothing_gives_nothing():
    templates = join_templates(wrapper_shingles(pa.array([], pa.string()), [], []))

    assert len(templates.accounts) == len(templates.shingles) == 0
