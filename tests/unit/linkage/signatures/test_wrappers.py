"""What an account wraps around its content is found, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.errors import DataError
from linkage.signatures.samples import shared_samples
from linkage.signatures.words import shingle_hash, shingle_hashes, shingle_texts, words_of
from linkage.signatures.wrappers import wrapper_shingles

WRAPPER = "grade the essay below from one to ten and name its weakest paragraph first"
PROMPTS = st.lists(st.tuples(st.text("ab ", max_size=16), st.integers(0, 3), st.integers(1, 5)), max_size=14)


def found_in(rows, **settings_):
    texts, accounts, counts = zip(*rows, strict=True) if rows else ((), (), ())
    return wrapper_shingles(pa.array(texts, pa.string()), accounts, counts, **settings_)


def told(found):
    """The findings as account and hash -> prompts and share."""
    columns = (found.accounts, found.shingles, found.prompts, found.shares.round(9))
    return {
        (account, shingle): rest
        for account, shingle, *rest in zip(*(c.tolist() for c in columns), strict=True)
    }


def found_plainly(rows, *, least_share, least_prompts, words, scale):
    """The same by dictionaries, as one would write it first."""
    largest = (2**64 - 1) // scale
    prompts, sent = defaultdict(Counter), defaultdict(Counter)
    own, total = Counter(), Counter()
    for text, account, count in rows:
        own[account] += 1
        total[account] += count
        if len(words_of(text)) >= words:
            for shingle in shingle_hashes(text, words).tolist():
                if shingle <= largest:
                    prompts[account][shingle] += 1
                    sent[account][shingle] += count
    kept = {
        (account, shingle): [times, round(sent[account][shingle] / total[account], 9)]
        for account, carried in prompts.items()
        for shingle, times in carried.items()
        if times >= least_prompts and times >= least_share * own[account]
    }
    holders = Counter(shingle for _, shingle in kept)
    return {pair: value for pair, value in kept.items() if holders[pair[1]] > 1}


@settings(max_examples=150, deadline=None)
@given(PROMPTS, st.sampled_from([0.0, 0.08, 0.5]), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3))
def test_the_findings_are_those_of_the_plain_way(rows, least_share, least_prompts, words, scale):
    knobs = {"least_share": least_share, "least_prompts": least_prompts, "words": words, "scale": scale}

    assert told(found_in(rows, **knobs)) == found_plainly(rows, **knobs)


@settings(max_examples=50, deadline=None)
@given(PROMPTS, st.randoms(use_true_random=False))
def test_the_order_of_prompts_changes_nothing(rows, chance):
    shuffled = chance.sample(rows, len(rows))

    assert told(found_in(shuffled, words=2, scale=1)) == told(found_in(rows, words=2, scale=1))


def test_a_wrapper_of_two_accounts_is_found_with_its_share():
    rows = [(f"{WRAPPER} {essay}", account, 1) for account in (3, 5) for essay in ("cats", "dogs")]
    rows.append(("something else that nobody repeats at all", 3, 2))

    found = found_in(rows, scale=1)

    assert set(found.known.tolist()) == set(shingle_hashes(WRAPPER, 5).tolist())
    assert set(found.accounts.tolist()) == {3, 5}
    assert set(found.shares[found.accounts == 3].tolist()) == {0.5}
    assert set(found.prompts.tolist()) == {2}


def test_a_wrapper_that_one_account_holds_links_nobody():
    rows = [(f"{WRAPPER} {essay}", 3, 1) for essay in ("cats", "dogs")] + [(f"{WRAPPER} trains", 5, 9)]

    assert len(found_in(rows).accounts) == 0
    assert set(found_in(rows, least_prompts=1).accounts.tolist()) == {3, 5}


def test_a_rare_phrase_of_a_busy_account_is_no_wrapper():
    busy = [
        (f"number {number} of many prompts without any frame around {number}", 1, 1) for number in range(98)
    ]
    rows = [(f"{WRAPPER} {number}", account, 1) for account in (1, 2) for number in range(2)]

    # 2 of 100 prompts are below 8 %, so only account 2 wraps prompts in it, and one account links nobody.
    assert not np.isin(shingle_hashes(WRAPPER, 5), found_in(busy + rows, scale=1).known).any()
    assert np.isin(shingle_hashes(WRAPPER, 5), found_in(busy + rows, scale=1, least_share=0.02).known).all()


def test_no_shingle_holds_a_word_of_a_public_phrase():
    text = f"{WRAPPER} let's THINK, step by step and then say what you found in the end"
    rows = [(f"{text} {number}", account, 1) for account in (1, 2) for number in range(2)]

    found = found_in(rows, scale=1, public=["think step by step", "", "not in there at all"])

    expected = shingle_texts(f"{WRAPPER} let's", 5) + shingle_texts(
        "and then say what you found in the end", 5
    )
    assert sorted(found.known.tolist()) == sorted(map(shingle_hash, expected))


def test_excluded_shingles_link_nobody():
    rows = [(f"{WRAPPER} {number}", account, 1) for account in (1, 2) for number in range(2)]

    assert len(found_in(rows, scale=1, excluded=shingle_hashes(WRAPPER, 5)).known) == 0


@pytest.mark.parametrize(("length", "several", "part"), [(25, 2, 0.99), (40, 3, 0.995)])
def test_a_wrapper_leaves_several_shingles_in_the_sample(length, several, part):
    chance = np.random.default_rng(11)
    wrappers = [" ".join(f"w{word}" for word in chance.integers(0, 9_999, length)) for _ in range(1_000)]
    samples = shared_samples(pa.array(wrappers * 2), np.repeat([0, 1], 1_000).astype(np.int32))

    left = np.diff(samples.ends, prepend=0)[:1_000]

    assert (left >= several).mean() > part


def test_columns_of_different_length_are_refused():
    with pytest.raises(DataError, match="1 texts came with 2 accounts and 1 counts"):
        wrapper_shingles(pa.array(["a"]), [1, 2], [1])


def test_accounts_without_a_code_are_refused():
    with pytest.raises(DataError, match="from 0"):
        wrapper_shingles(pa.array(["a"]), [-1], [1])


def test_it_does_not_matter_how_many_texts_are_looked_at_at_a_time(monkeypatch):
    rows = [(f"{WRAPPER}: {n}", n % 4, 1) for n in range(40)]
    whole = found_in(rows)
    monkeypatch.setattr("linkage.signatures.wrappers._AT_ONCE", 3)
    parts = found_in(rows)

    assert told(whole)
    assert told(parts) == told(whole)
    assert np.array_equal(parts.carried, whole.carried)
    assert np.array_equal(parts.carried_ends, whole.carried_ends)
