"""Near-duplicates find each other; chains and crowds do no harm."""

from __future__ import annotations

import random
import time
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.errors import SettingsError
from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.minhash import sign
from linkage.signatures.words import shingle_texts


def signed(*texts: str) -> np.ndarray:
    return sign(pa.array(texts, pa.string()))


def revisions(seed: int, families: int = 60) -> list[str]:
    """Families of texts, each text its family's with some words exchanged; distinct and sorted."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    words = [f"w{number}" for number in range(3_000)]
    texts = set()
    for _ in range(families):
        base = chance.choices(words, k=chance.randint(20, 120))
        rate = chance.choice((0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12))
        for _ in range(chance.randint(2, 8)):
            texts.add(" ".join(chance.choice(words) if chance.random() < rate else word for word in base))
    return sorted(texts)


def jaccards(texts: list[str]) -> dict[tuple[int, int], float]:
    sets = [set(shingle_texts(text)) for text in texts]
    return {
        (one, other): len(sets[one] & sets[other]) / len(sets[one] | sets[other])
        for one, other in combinations(range(len(texts)), 2)
    }


def test_a_text_and_its_retouched_copy_are_a_group_named_by_the_first_row():
    labels = group_near_duplicates(
        signed("cooking rice takes time", "Think step by step", "think, step by step!")
    )

    assert labels.tolist() == [-1, 1, 1]


def test_texts_without_words_are_nobodys_duplicates():
    assert group_near_duplicates(signed("", "...", "", "a b c", "a b c")).tolist() == [-1, -1, -1, 3, 3]


def test_no_texts_make_no_groups():
    assert group_near_duplicates(signed()).tolist() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_similar_pairs_are_found_and_dissimilar_ones_kept_apart(seed):
    texts = revisions(seed)
    labels = group_near_duplicates(signed(*texts))
    pairs = jaccards(texts)

    def together(least: float, below: float) -> float:
        chosen = [pair for pair, jaccard in pairs.items() if least <= jaccard < below]
        return float(np.mean([labels[one] == labels[other] != -1 for one, other in chosen]))

    assert together(0.8, 1.1) == 1.0
    assert together(0.6, 1.1) >= 0.99
    assert together(0.0, 0.2) < 0.0005


def test_a_chain_of_small_changes_does_not_tie_its_ends_together():
    words = [f"w{number}" for number in range(400)]
    links = [
        " ".join(words[start : start + 60]) for start in range(0, 340, 6)
    ]  # each shares 52 of 64 with the next
    labels = group_near_duplicates(signed(*links))
    pairs = jaccards(links)

    assert (labels >= 0).mean() > 0.9
    for (one, other), jaccard in pairs.items():
        if jaccard < 0.05:
            assert labels[one] != labels[other]


def test_everybody_resembles_the_first_of_the_group():
    signatures = signed(*revisions(3))
    labels = group_near_duplicates(signatures, similarity=0.6)
    for row in np.flatnonzero(labels >= 0):
        assert (signatures[row] == signatures[labels[row]]).mean() >= 0.3


def test_a_bucket_made_to_burst_costs_no_more_than_others():
    chance = np.random.default_rng(5)
    signatures = chance.integers(0, 1 << 32, (40_000, 64), dtype=np.uint32)
    group_near_duplicates(signatures[:10])

    started = time.process_time()
    group_near_duplicates(signatures)
    usual = time.process_time() - started
    signatures[:, ::4] = 7
    signatures[:, :32] = (
        7  # eight bands in which all rows meet, and half of all values: under every threshold
    )
    signatures[:, 30:] = chance.integers(0, 1 << 32, (40_000, 34), dtype=np.uint32)
    started = time.process_time()
    labels = group_near_duplicates(signatures)

    assert (labels == -1).all()
    assert time.process_time() - started < 10 * usual + 0.5


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("abc ", min_size=1, max_size=12), max_size=12))
def test_rows_and_labels_agree(texts):
    labels = group_near_duplicates(signed(*texts)).tolist()

    for row, label in enumerate(labels):
        assert label <= row
        if label >= 0:
            assert labels[label] == label
            assert labels.count(label) > 1
    for one, other in combinations(range(len(texts)), 2):
        if texts[one].split() == texts[other].split() != []:
            assert labels[one] == labels[other] >= 0


def test_the_same_rows_give_the_same_groups():
    signatures = signed(*revisions(4, families=30))

    np.testing.assert_array_equal(group_near_duplicates(signatures), group_near_duplicates(signatures.copy()))


def test_bands_that_cannot_be_cut_are_refused_with_the_reason():
    with pytest.raises(SettingsError, match="1 to 64"):
        group_near_duplicates(signed("a"), bands=65)
